"""One dialogue of each kind on Telegram, as people have them."""

from __future__ import annotations

from casework.cases import open_cases
from conversations import store, telegram
from conversations.models import Phase, State
from tests.casework.files import samples
from tests.support.bot_api import BotApi, Phone
from tests.support.conversing import Talk, talking
from tests.support.sending import ELODIE
from tests.support.telegram import Line


async def state(line: Line, phone: Phone) -> State:
    async with line.program.database.reading() as connection:
        return await store.last_state(connection, (await line.session(phone)).id)


async def talk_of(line: Line, phone: Phone) -> Talk:
    return Talk(line.program.assistant, await line.session(phone))


async def test_questions_get_their_answers_with_their_sources(line: Line, phone: Phone) -> None:
    phone.types("le numéro personnel c'est mon avs ?")
    phone.types("jusqu'à quand je peux m'inscrire au chomage")
    await line.carry()
    first, second = phone.shown
    assert "8 chiffres" in first.text
    assert "<b>" in first.html
    assert "premier jour" in second.text
    assert "art. 17 al. 2 LACI" in second.text.partition("Sources")[2]


async def test_answers_are_those_of_the_chat_api(line: Line, phone: Phone) -> None:
    async with talking(line.program.assistant, line.program.database) as talk:
        for typed in ("bonjour", "c'est où qu'on s'inscrit", "j'en peux plus je veux mourir", "quel temps fait-il ?"):
            said = await talk.say(typed)
            phone.types(typed)
            await line.carry()
            told = [message.text for message in (await line.transcript(phone))[-len(said.messages) :]]
            expected = [message.text for message in said.messages]
            assert (told[0], len(told)) == (expected[0], len(expected))  # where two cases stand in the queue differs


async def test_choice_is_answered_at_once_and_marked(line: Line, api: BotApi, phone: Phone) -> None:
    phone.types("puis-je envoyer des documents pour ma demande d'indemnité ?")
    await line.carry()
    asked = phone.last
    phone.taps("Demande non finalisée")
    await line.carry()
    assert phone.last.text.startswith("Non, pas encore.")
    assert [label for label, _ in asked.buttons] == ["✓ « Demande non finalisée »"]
    assert api.toasts == [""]
    methods = [call.method for call in api.calls]
    assert methods.index("answerCallbackQuery") < methods.index("editMessageReplyMarkup")
    phone.taps("✓")
    await line.carry()
    assert api.toasts[1:] == ["C'est déjà noté."]
    assert len(phone.shown) == 2


async def test_old_choice_is_told_kindly_and_does_nothing(line: Line, api: BotApi, phone: Phone) -> None:
    phone.types("bonjour")
    await line.carry()
    known = phone.last.buttons
    phone.taps_data("00000000-0000-4000-8000-000000000000.1.0", phone.last.id)
    await line.carry()
    assert "n'est plus valable" in api.toasts[0]
    assert phone.last.buttons == []
    assert known
    assert len(phone.shown) == 1


async def test_cv_is_sent_with_one_yes_and_its_receipt_comes_as_a_file(line: Line, phone: Phone) -> None:
    phone.types("je veux envoyer mon cv à ma conseillère")
    await line.carry()
    phone.taps("D'accord, continuer")
    await line.carry()
    assert "/login/" in phone.last.html
    talk = await talk_of(line, phone)
    await line.counter.link(talk)
    await line.program.on_linked(talk.session.id)
    await line.work()
    assert "fichier" in phone.last.text  # the login is told of its own accord
    phone.sends(samples.pdf(pages=2), "mon cv.pdf")
    await line.carry()
    assert "2 pages" in phone.last.text
    assert (await state(line, phone)).phase is Phase.AWAITING_CONFIRMATION
    phone.types("oui")
    await line.carry()
    (submission,) = await line.counter.submissions(talk)
    receipts = [shown for shown in phone.shown if shown.name is not None]
    assert any(submission.number in shown.text for shown in phone.shown)
    assert {shown.name for shown in receipts} == {"Reçu d'envoi.pdf"}
    assert receipts[-1].content.startswith(b"%PDF")
    assert len(await line.counter.received()) == 1


async def test_what_became_of_a_submission_arrives_by_itself(line: Line, phone: Phone) -> None:
    phone.types("bonjour")
    await line.carry()
    talk = await talk_of(line, phone)
    await line.counter.link(talk, ELODIE)
    phone.types("je veux envoyer mon cv à ma conseillère")
    await line.carry()
    phone.taps("D'accord, continuer")
    phone.sends(samples.pdf())
    await line.carry()
    await line.counter.fault("5xx", count=10)
    phone.types("oui")
    await line.carry()
    assert not any("reçu par job-room" in shown.text.lower() for shown in phone.shown)
    before = len(phone.shown)
    await line.counter.mended()
    await line.later(minutes=5)
    assert any(submission.number in phone.shown[before].text for submission in await line.counter.submissions(talk))


async def test_deadline_comes_with_its_date_and_a_calendar_entry(line: Line, phone: Phone) -> None:
    phone.types("/delai")
    await line.carry()
    assert (await state(line, phone)).form == "deadline_form"
    phone.types("c'est une opposition, j'ai reçu la décision le 2 mars 2026 par recommandé")
    await line.carry()
    for _ in range(3):
        if (await state(line, phone)).form is None:
            break
        phone.taps_first()
        await line.carry()
    files = [shown for shown in phone.shown if shown.name]
    assert any((shown.name or "").endswith(".ics") for shown in files)
    assert all(shown.content for shown in files)


async def test_human_gets_a_case(line: Line, phone: Phone) -> None:
    phone.types("/humain")
    await line.carry()
    async with line.program.database.reading() as connection:
        (case,) = await open_cases(connection)
    assert case.number in phone.last.text


async def test_erasing_leaves_nothing_and_says_so(line: Line, phone: Phone) -> None:
    phone.types("bonjour")
    await line.carry()
    session = await line.session(phone)
    phone.types("/effacer")
    await line.carry()
    phone.types("oui")
    await line.carry()
    assert "effacé" in phone.last.text
    async with line.program.database.reading() as connection:
        assert await telegram.chat(connection, phone.chat) is None
        assert not await store.session_exists(connection, session.id)
    phone.types("bonjour")
    await line.carry()
    assert (await line.session(phone)).id != session.id


async def test_copy_of_the_data_does_not_go_through_telegram(line: Line, phone: Phone) -> None:
    phone.types("télécharger mes données")
    await line.carry()
    assert "ne passe pas par Telegram" in phone.last.text
    assert not [shown for shown in phone.shown if shown.name]


async def test_edited_message_corrects_what_was_said_in_a_task(line: Line, phone: Phone) -> None:
    phone.types("je veux envoyer mon cv à ma conseillère")
    await line.carry()
    phone.taps("D'accord, continuer")
    await line.carry()
    phone.edits("je veux envoyer mon diplôme à ma conseillère")
    await line.carry()
    assert phone.last.text.startswith("Noté : Diplôme.")
    assert (await state(line, phone)).form == "documents_form"


async def test_edited_question_is_answered_anew(line: Line, phone: Phone) -> None:
    phone.types("c'est quoi la LACI")
    await line.carry()
    phone.edits("il est où mon numéro personnel")
    await line.carry()
    assert "confirmation d'inscription" in phone.last.text
