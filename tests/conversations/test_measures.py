"""«Est-ce que j'ai droit à une mesure ?» as whole conversations, and what becomes of what is said in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from base import clock
from bot.channels.telegram.markup import blocks
from bot.engine.dialogue import Dialogue
from bot.engine.tracker_store import trackers
from bot.program import Program, assembled
from bot.retention import next_night
from casework import drafts
from conversations.models import Phase
from conversations.store import KEPT_PASSING
from tests.conftest import ORDINARY_DAY
from tests.support.conversing import Talk, still_asked, talking, text_of, transcript

CONDITIONS_OF_ARE = 12
FULL = "j'ai le permis C, fin de droit le 15 février, j'habite Carouge depuis 10 ans, est-ce que j'ai droit à une ARE ?"


@pytest.fixture
async def talk(program: Program) -> AsyncIterator[Talk]:
    """Of somebody who has agreed to nothing, on Wednesday 11 March 2026."""
    async with talking(program.assistant, program.database) as conversation:
        yield conversation


async def answered(talk: Talk, *answers: str) -> str:
    """Says or taps one answer after the other; gives what the last one is answered with."""
    for answer in answers:
        await (talk.tap(answer[1:]) if answer.startswith(">") else talk.say(answer))
    assert talk.reply is not None
    return text_of(talk.reply)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=clock.ZONE)


def rows(shown: str) -> dict[str, str]:
    """What a table says of each thing in its first column."""
    cells = [
        [cell.strip() for cell in line.strip("| ").split("|")] for line in shown.splitlines() if line.startswith("|")
    ]
    return {first: rest[0] for first, *rest in cells[2:]}


async def test_whole_check_of_one_measure(talk: Talk) -> None:
    begun = await talk.say("est-ce que j'ai droit à une ARE ?")
    assert (begun.state.form, begun.state.slot, begun.debug.topic) == (
        "measures_form",
        "entitlement",
        "tx_measures_check",
    )
    assert "s'effacent après la conversation" in text_of(begun)
    shown = await answered(
        talk, ">épuisées", "le 20 février", "oui j'habite Carouge", "un CDI", "pas encore commencé", "non jamais", "oui",
        "non", "non", "permis B", "oui"
    )  # fmt: skip
    found = rows(shown)
    assert len(found) == CONDITIONS_OF_ARE
    assert found["Domicile dans le canton"] == "✅ remplie, selon vous"
    assert found["Employeur actif dans le canton"] == "❔ je ne peux pas le dire"
    assert found["Inscription dans le délai de 1 mois"] == "❔ à faire jusqu'au vendredi 20 mars 2026"
    assert found["Contrat à durée indéterminée, remis avant le premier jour"] == "❔ à faire avant le premier jour"
    assert "art. 31 al. 1 LMC, état 2008" in shown
    assert "art. 30 al. 1 LMC, état 2008 : a changé depuis" in shown
    assert "au plus tard le vendredi 20 mars 2026" in shown
    assert "Qui décide" in shown
    assert "À apporter" in shown
    assert talk.reply is not None
    assert talk.reply.state.phase is Phase.IDLE
    assert [file.name for message in talk.reply.messages for file in message.attachments] == ["2026-03-20.ics"]
    assert {source.article for message in talk.reply.messages for source in message.sources} >= {"art. 32 al. 1 LMC"}


@pytest.mark.parametrize("answers", [(">Oui, encore", ">Je ne sais pas"), (">épuisées", "hier", ">hors du canton")])
async def test_check_ends_with_the_first_condition_that_is_not_met(talk: Talk, answers: tuple[str, ...]) -> None:
    await talk.say("est-ce que j'ai droit à une ARE ?")
    shown = await answered(talk, *answers)
    assert "une condition n'est pas remplie aujourd'hui" in shown
    assert list(rows(shown).values()).count("❌ pas remplie, selon vous") == 1
    assert "l'autorité seule décide" in shown


async def test_no_answer_promises_a_right_or_an_amount(talk: Talk) -> None:
    shown = await answered(talk, FULL, "CDI", ">pas encore commencé", "non", "oui", "non")
    assert "rien dans vos réponses ne l'exclut" in shown
    for promise in ("vous avez droit", "vous y avez droit", "francs", "CHF", "vous recevrez"):
        assert promise.lower() not in shown.lower()


async def test_what_the_first_sentence_says_is_not_asked(talk: Talk) -> None:
    asked = await talk.say(FULL)
    assert asked.state.slot == "contract"
    assert "domicile à Genève, à Genève depuis assez longtemps, permis C" in text_of(asked)
    assert "fin des indemnités le dimanche 15 février 2026" in text_of(asked)


async def test_all_four_are_shown_in_a_line_each_and_one_by_a_tap(talk: Talk) -> None:
    await talk.say("j'ai épuisé mes indemnités, j'ai droit à quoi")
    shown = await answered(talk, "le 20 février", "à Vernier", "non", "non", "oui", "non", "oui, des cours", "oui")
    found = rows(shown)
    assert len(found) == 4
    assert found["PCM, prestations en cas de maladie"].startswith("❌ il manque : Droit aux indemnités fédérales")
    assert found["ARE, allocation de retour en emploi"].startswith("❔")
    detail = await answered(talk, ">Détail : ARE")
    assert len(rows(detail)) == CONDITIONS_OF_ARE
    assert talk.reply is not None
    assert "Détail" not in "".join(choice.label for message in talk.reply.messages for choice in message.choices)


async def test_day_of_a_contract_is_not_taken_for_the_end_of_the_allowances(talk: Talk) -> None:
    shown = await answered(
        talk, "est-ce que j'ai droit à une ARE ?", "oui encore", "je commence chez Uniqlo en CDI dès le 1er avril"
    )
    assert "contrat à durée indéterminée" in shown
    assert "fin des indemnités" not in shown
    assert talk.reply is not None
    assert talk.reply.state.slot == "entitlement_end"


async def test_end_that_lies_ahead_is_planned_for(talk: Talk) -> None:
    asked = await talk.say("mon chômage finit le 30 avril, est-ce que j'ai droit à une ARE ?")
    assert asked.state.slot == "lives_in_geneva"
    shown = await answered(talk, ">j'y habite", ">Pas encore d'employeur", "non", "oui", "non", ">Oui")
    assert rows(shown)["Indemnités fédérales épuisées"] == "❔ pas encore : dès le vendredi 1er mai 2026"
    assert "au plus tard le vendredi 29 mai 2026" in shown


async def test_late_registration_is_said_with_what_the_act_reserves(talk: Talk) -> None:
    await talk.say("est-ce que j'ai droit au stage de requalification ?")
    shown = await answered(talk, ">épuisées", "le 5 janvier 2026", ">j'y habite", "non", "oui", "non", ">Oui")
    assert "Le délai d'inscription a fini le jeudi 5 février 2026" in shown
    assert "cas de rigueur" in shown
    assert rows(shown)["Inscription dans le délai de 1 mois"] == "❔ c'était jusqu'au jeudi 5 février 2026"


async def test_sickness_benefits_have_their_own_questions_and_date(talk: Talk) -> None:
    await talk.say("est-ce que j'ai droit aux PCM, je suis malade depuis le 16 février")
    shown = await answered(talk, ">Oui, encore", ">j'y habite", ">ne paie plus", ">Oui", ">Non")
    assert "Demandez les PCM par écrit" in shown or "demandez les PCM par écrit" in shown
    assert "certificat" in shown
    await talk.say("est-ce que j'ai droit aux PCM ? recommencer")
    early = await answered(
        talk, ">Oui, encore", ">j'y habite", ">en incapacité", "depuis le 16 février", ">paie encore"
    )
    assert rows(early)["Indemnités de maladie du chômage épuisées"].startswith("❌")
    assert rows(early)["Demande dans les 5 jours ouvrables"] == "❔ à faire jusqu'au mardi 24 mars 2026"


@pytest.mark.parametrize(
    ("correction", "condition", "expected"),
    [
        ("en fait permis L", "Suisse, UE, AELE", "❌"),
        ("non, j'habite à Nyon", "Domicile dans le canton", "❌"),
        ("en fait le contrat c'est un CDD", "Contrat à durée", "❌"),
    ],
)
async def test_answer_is_corrected_after_the_result(talk: Talk, correction: str, condition: str, expected: str) -> None:
    await answered(
        talk, FULL.replace("depuis 10 ans, ", ", "), "CDI", ">pas encore commencé", "non", "oui", "non", "non"
    )
    await talk.tap("Oui")
    shown = await answered(talk, correction)
    found = next(value for name, value in rows(shown).items() if name.startswith(condition))
    assert found.startswith(expected)


async def test_answer_is_corrected_in_the_middle_and_by_a_button_at_the_end(talk: Talk) -> None:
    await answered(talk, "est-ce que j'ai droit à une ARE ?", ">épuisées", "le 20 février")
    again = await talk.say("non, pardon, le 27 février")
    assert "27 février" in text_of(again)
    assert again.state.slot == "lives_in_geneva"
    shown = await answered(talk, ">hors du canton")
    assert "Domicile dans le canton | ❌" in shown
    asked = await answered(talk, ">Corriger", ">La fin de mes indemnités")
    assert "Touchez-vous encore" in asked


async def test_question_in_the_middle_is_answered_and_the_check_goes_on(talk: Talk) -> None:
    await answered(talk, "est-ce que j'ai droit à une ARE ?", ">épuisées", "hier", ">j'y habite", ">Pas encore", "non")
    before = talk.reply
    assert before is not None
    between = await talk.say("c'est quoi l'aptitude au placement ?")
    assert still_asked(between).slot == still_asked(before).slot == "is_fit"
    assert (await talk.say("oui")).state.slot == "long_suspension"


async def test_old_button_answers_its_own_question(talk: Talk) -> None:
    await talk.say("est-ce que j'ai droit à une ARE ?")
    first = talk.reply
    await answered(talk, ">épuisées", "hier", ">j'y habite")
    talk.reply = first
    again = await talk.tap("Oui, encore")
    assert again.state.slot == "entitlement_end", "the day does not fit any more"


async def test_what_nobody_knows_is_left_open(talk: Talk) -> None:
    await talk.say("est-ce que j'ai droit à une ARE ?")
    for _ in range(12):
        reply = await talk.say("je ne sais pas")
        if reply.state.form is None:
            break
    assert set(rows(text_of(reply)).values()) == {"❔ je ne peux pas le dire"}
    assert "au plus tard 1 mois après la fin du droit" in text_of(reply)


async def test_check_survives_a_restart(talk: Talk, program: Program, dialogue: Dialogue) -> None:
    await answered(talk, "est-ce que j'ai droit à une ARE ?", ">épuisées")
    async with assembled(program.settings, dialogue) as again:
        later = Talk(again.assistant, talk.session)
        assert (await later.say("le 20 février")).state.slot == "lives_in_geneva"


# What is kept of it.


async def all_said(program: Program, talk: Talk) -> str:
    return " ".join(message.text for message in await transcript(program.database, talk.session))


async def is_drafted(program: Program, talk: Talk) -> bool:
    async with program.database.reading() as connection:
        return await drafts.latest(connection, talk.session.id, "measures") is not None


async def run_nights(program: Program, until: datetime) -> None:
    await program.retention.arm()
    clock.freeze(until)
    while await program.worker.tick(until):
        pass


async def test_answers_are_forgotten_once_the_conversation_pauses(talk: Talk, program: Program) -> None:
    await talk.say("merci")
    await answered(talk, FULL, "CDI", ">pas encore commencé")
    soon = ORDINARY_DAY + KEPT_PASSING - timedelta(minutes=1)
    async with program.database.reading() as connection:
        tracked = (await connection.execute(trackers.select())).all()
    assert "Carouge" in await all_said(program, talk)
    assert tracked
    await run_nights(program, next_night(soon))
    assert not await is_drafted(program, talk)
    assert "Carouge" not in await all_said(program, talk)
    assert "merci" in await all_said(program, talk)
    async with program.database.reading() as connection:
        tracked = (await connection.execute(trackers.select())).all()
    assert tracked == []
    assert (await talk.say("c'est quoi l'ARE ?")).debug.topic == "are"


async def test_answers_are_forgotten_at_once_when_the_person_says_so(talk: Talk, program: Program) -> None:
    await answered(talk, "est-ce que j'ai droit à une ARE ?", ">épuisées", "hier", ">hors du canton", ">Effacer")
    assert not await is_drafted(program, talk)
    assert "elles sont épuisées" not in await all_said(program, talk)
    assert "C'est effacé" in await all_said(program, talk)


@pytest.mark.parametrize(
    "said", ["efface mes réponses", "oublie ce que j'ai dit", "supprimez ce que je vous ai dit svp"]
)
async def test_answers_are_forgotten_when_that_is_said_after_the_check(talk: Talk, program: Program, said: str) -> None:
    await answered(talk, "est-ce que j'ai droit à une ARE ?", ">épuisées", "hier", ">hors du canton", "merci")
    forgotten = await talk.say(said)
    assert "C'est effacé" in text_of(forgotten)
    assert [choice.label for choice in forgotten.messages[-1].choices] == ["Effacer toute la conversation"]
    assert not await is_drafted(program, talk)
    assert "elles sont épuisées" not in await all_said(program, talk)
    assert "merci" in await all_said(program, talk)
    assert (await talk.tap("Effacer toute")).state.form == "delete_data_form"


async def test_without_a_check_erasing_means_the_conversation(talk: Talk) -> None:
    assert (await talk.say("efface ce que j'ai dit")).state.form == "delete_data_form"


@pytest.mark.parametrize("said", ["garde-le", "garde mes réponses", "oublie mes réponses"])
async def test_nothing_to_keep_or_forget_is_said_and_begins_nothing(talk: Talk, program: Program, said: str) -> None:
    reply = await talk.say(said)
    assert "Je n'ai ici aucune réponse d'une vérification" in text_of(reply)
    assert "Je passe les conditions en revue" not in text_of(reply)
    assert reply.state.form is None
    assert not await is_drafted(program, talk)


async def test_answers_are_kept_when_that_is_said_after_the_check(talk: Talk) -> None:
    await answered(talk, "est-ce que j'ai droit à une ARE ?", ">épuisées", "hier", ">hors du canton", "merci")
    assert (await talk.say("garde-les stp")).state.slot == "has_consented"


async def test_cancelling_forgets_them_as_well(talk: Talk, program: Program) -> None:
    await answered(talk, FULL, "annule")
    assert not await is_drafted(program, talk)
    assert "Carouge" not in await all_said(program, talk)


async def test_answers_are_kept_when_the_person_wants_it_and_agrees(talk: Talk, program: Program) -> None:
    await answered(talk, "est-ce que j'ai droit à une ARE ?", ">épuisées", "hier", ">hors du canton")
    assert (await talk.tap("Garder")).state.slot == "has_consented"
    assert "C'est gardé" in text_of(await talk.tap("D'accord"))
    await run_nights(program, at("2026-03-20T04:00"))
    assert await is_drafted(program, talk)
    assert "elles sont épuisées" in await all_said(program, talk)
    again = await talk.say("vérifier mes conditions")
    assert "Je reprends vos réponses" in text_of(again)
    shown = await answered(talk, ">ARE")
    assert "Domicile dans le canton | ❌" in shown


async def test_open_case_holds_what_the_human_has_to_read(talk: Talk, program: Program) -> None:
    await answered(talk, FULL, "je veux parler à une personne")
    await run_nights(program, at("2026-03-20T04:00"))
    assert "Carouge" in await all_said(program, talk)


async def test_result_is_a_list_where_there_are_no_tables(talk: Talk) -> None:
    shown = await answered(talk, "est-ce que j'ai droit à une ARE ?", ">épuisées", "hier", ">hors du canton")
    table = next(block for block in blocks(shown) if "Domicile" in block)
    assert (
        "• <b>Domicile dans le canton</b>\n   Ce que je vois : ❌ pas remplie, selon vous\n   Base : art. 31" in table
    )
    assert "|" not in table


# The follow-up.


@pytest.mark.parametrize(
    ("said", "month", "coming"),
    [
        ("ça fait quatre mois que je suis inscrit, il vient quoi maintenant à l'orp", 5, "10 mai 2026"),
        ("je me suis inscrite le 3 août, c'est quoi la suite du suivi ?", 8, "2 mai 2026"),
        ("inscrit depuis 2 mois, prochaine étape du suivi orp ?", 3, "10 avril 2026"),
        ("inscrite depuis janvier, où j'en suis dans le suivi", 3, "31 mars 2026"),
    ],
)
async def test_follow_up_is_counted_from_the_registration(talk: Talk, said: str, month: int, coming: str) -> None:
    reply = await talk.say(said)
    assert reply.debug.topic == "followup_timeline"
    assert f"Vous êtes dans le mois {month} du suivi" in text_of(reply)
    assert f"au plus tard le {coming}" in text_of(reply).replace("dimanche ", "").replace("samedi ", "").replace(
        "vendredi ", ""
    ).replace("mardi ", "")
    assert "dans les 12 mois ; d'après la presse" in text_of(reply)


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("non, cinq mois", 6),
        ("en fait depuis janvier", 3),
        ("ah non ça fait 5 mois", 6),
        ("je me suis trompé, c'est 5 mois", 6),
        ("non, pas quatre mois, cinq mois", 6),
        ("depuis janvier plutôt", 3),
        ("non, le 3 août", 8),
    ],
)
async def test_registration_is_corrected_and_counted_anew(talk: Talk, said: str, month: int) -> None:
    await talk.say("ça fait quatre mois que je suis inscrit, il vient quoi maintenant à l'orp")
    reply = await talk.say(said)
    assert f"Vous êtes dans le mois {month} du suivi" in text_of(reply)
    assert reply.debug.topic == "followup_timeline"


async def test_day_of_registration_may_follow_the_whole_timeline(talk: Talk) -> None:
    await talk.say("quelles sont les étapes du suivi orp")
    assert "Vous êtes dans le mois 5 du suivi" in text_of(await talk.say("4 mois"))


async def test_time_means_nothing_by_itself_and_nothing_after_something_else(talk: Talk) -> None:
    await talk.say("quelles sont les étapes du suivi orp")
    await talk.say("merci")
    for said in ("en fait depuis janvier", "non, cinq mois"):
        assert "du suivi" not in text_of(await talk.say(said))


@pytest.mark.parametrize(
    "said",
    [
        "quelles sont les étapes du suivi orp",
        "apres le 1er entretien il se passe koi dans le suivi",
        "inscrit depuis 2019, les étapes du suivi ?",
    ],
)
async def test_without_a_day_of_registration_the_whole_timeline_is_shown(talk: Talk, said: str) -> None:
    reply = await talk.say(said)
    assert reply.debug.topic == "followup_timeline"
    assert "Le suivi a quatre étapes" in text_of(reply)
    assert "Vous voulez vos dates" in text_of(reply)
