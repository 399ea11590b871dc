"""«Je suis malade» as whole conversations, down to the sandbox's journal."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from base import clock
from base.settings import Settings
from bot.engine.dialogue import Dialogue
from casework.files.store import KEPT_UNSENT
from casework.submissions import State
from conversations.models import FileId, Phase
from eservices.reasons import Reason
from tests.casework.files import samples
from tests.conftest import ORDINARY_DAY
from tests.support.conversing import Talk, text_of, transcript
from tests.support.sending import Counter, opened

SUMMARY = "Est-ce que je l'envoie ?"
ALL = "malade depuis lundi jusqu'à vendredi, arrêt à 100 %, je veux l'annoncer"


async def told(counter: Counter, talk: Talk, *said: str) -> str:
    """What is answered to the last of these; `FILE` sends a certificate, `[label]` taps a choice."""
    for one in said:
        if one == "FILE":
            reply = await talk.send(await counter.file(talk))
        else:
            reply = await (talk.tap(one.strip("[]")) if one.startswith("[") else talk.say(one))
    return text_of(reply)


def asked(talk: Talk) -> str | None:
    """The question that is open."""
    assert talk.reply is not None
    return talk.reply.state.slot


async def received(counter: Counter, operation: str = "announce_incapacity") -> list[dict[str, Any]]:
    """What the sandbox has taken, without the certificates' names."""
    entries = (await counter.gateway.get("/sandbox/journal")).json()
    requests = [entry["request"] for entry in entries if entry["operation"] == operation]
    return [{name: value for name, value in one.items() if name != "certificates"} for one in requests]


# From the first sentence to the receipt.


async def test_everything_in_the_first_sentence_leaves_only_the_certificate(counter: Counter, talk: Talk) -> None:
    answer = await told(counter, talk, ALL)
    assert "Noté : maladie, dès le lundi 9 mars 2026, jusqu'au vendredi 13 mars 2026, incapacité de 100 %." in answer
    assert asked(talk) == "files"
    shown = await told(counter, talk, "FILE")
    assert "Incapacité de travail : **du lundi 9 mars 2026 au vendredi 13 mars 2026**" in shown
    assert "Vous êtes dans les temps : le délai pour l'annoncer court jusqu'au dimanche 15 mars 2026." in shown
    assert SUMMARY in shown
    assert await received(counter) == []
    done = await told(counter, talk, "oui")
    assert talk.reply is not None
    assert talk.reply.state.phase is Phase.SUBMITTED
    assert "Reçu par Job-Room le 11 mars 2026 à 10 h 15** : Annonce d'incapacité de travail, pour votre ORP." in done
    assert "indiquez l'incapacité dans votre IPA de mars 2026" in done
    assert "Si cela dure" not in done, "five days are no matter for the cantonal benefits"
    assert await received(counter) == [
        {"start_date": "2026-03-09", "end_date": "2026-03-13", "cause": "illness", "degree": 100}
    ]
    assert [effect["op"] for effect in talk.reply.debug.effects] == ["submit_incapacity"]


async def test_what_was_not_said_is_asked_one_after_the_other(counter: Counter, talk: Talk) -> None:
    slots = []
    for said in (
        "je veux annoncer une incapacité",
        "[Depuis hier]",
        "[Accident]",
        "[À moitié]",
        "[Je ne sais pas encore]",
    ):
        await told(counter, talk, said)
        slots.append(asked(talk))
    assert slots == ["start_date", "cause", "degree", "end_date", "files"]
    shown = await told(counter, talk, "FILE")
    assert "dès le mardi 10 mars 2026, fin pas encore connue" in shown
    await told(counter, talk, "oui")
    assert await received(counter) == [{"start_date": "2026-03-10", "cause": "accident", "degree": 50}]


@pytest.mark.parametrize(
    ("said", "start", "end", "cause", "degree"),
    [
        ("incapacité 100 % du 2 au 22 mars, accident, certificat joint", "2026-03-02", "2026-03-22", "accident", 100),
        ("g un arret maladie de 2 semaine depuis lundi, 80 pourcent, a declarer", "2026-03-09", "2026-03-22", "illness", 80),
        ("accident de vélo hier, je suis arrêté deux semaines complètement, je veux le déclarer", "2026-03-10", "2026-03-23", "accident", None),
        ("je suis tombée dans l'escalier samedi, arrêt à 60% jusqu'au 20, je veux l'annoncer", "2026-03-07", "2026-03-20", "accident", 60),
        ("grippe depuis dimanche, 100 pour cent jusqu'à samedi, voici le certificat à annoncer", "2026-03-08", "2026-03-14", "illness", 100),
    ],
)  # fmt: skip
async def test_facts_of_the_first_sentence_are_understood(
    counter: Counter, talk: Talk, said: str, start: str, end: str, cause: str, degree: int | None
) -> None:
    await told(counter, talk, said)
    if degree is None:
        assert asked(talk) == "degree"
        await told(counter, talk, "[Je ne peux pas travailler du tout]")
    await told(counter, talk, "FILE", "oui")
    assert await received(counter) == [{"start_date": start, "end_date": end, "cause": cause, "degree": degree or 100}]


async def test_files_that_were_there_before_are_the_certificate(counter: Counter, talk: Talk) -> None:
    answer = await told(counter, talk, "FILE", ALL)
    assert "Je prends ce que vous m'avez déjà envoyé ici." in answer
    assert SUMMARY in answer


async def test_photos_become_one_certificate(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL)
    taken = [
        await counter.program.files.take(talk.session.id, f"p{n}.jpg", samples.jpeg(samples.picture())) for n in "12"
    ]
    shown = await talk.send(*(FileId(file.id) for file in taken))
    assert "2 fichiers, 2 pages" in text_of(shown)
    await talk.say("oui")
    (submission,) = await counter.submissions(talk)
    assert [file.pages for file in submission.files] == [2]


async def test_login_is_asked_before_the_certificate(counter: Counter) -> None:
    async with counter.talking(person=None) as talk:
        await told(counter, talk, ALL)
        assert asked(talk) == "is_linked"
        await counter.link(talk)
        await told(counter, talk, "c'est fait", "FILE", "oui")
        assert len(await received(counter)) == 1


async def test_consent_comes_first_and_what_was_said_is_not_asked_again(counter: Counter) -> None:
    async with counter.talking(has_consented=False) as talk:
        await told(counter, talk, ALL)
        assert asked(talk) == "has_consented"
        await told(counter, talk, "d'accord")
        assert asked(talk) == "files"


# Answers that cannot be right, corrections, and something else in between.


@pytest.mark.parametrize(
    ("before", "said", "answer", "slot"),
    [
        ("je veux annoncer une incapacité", "demain", "Ce jour est encore à venir", "start_date"),
        ("je veux annoncer une incapacité", "le 31.2.", "ce jour n'existe pas", "start_date"),
        ("je veux annoncer une incapacité", "le 3 mars 2024", "c'est il y a longtemps", "start_date"),
        ("je veux annoncer une incapacité", "bof", "Je n'ai pas compris de date", "start_date"),
        ("malade depuis lundi, je veux l'annoncer", "150 %", "ne peut pas dépasser le plein temps", "degree"),
        ("malade depuis lundi, je veux l'annoncer", "0 %", "il n'y a rien à annoncer", "degree"),
        ("malade depuis lundi, je veux l'annoncer", "beaucoup", "Je n'ai pas compris de taux", "degree"),
        ("malade depuis lundi à 100%, je veux l'annoncer", "jusqu'au 3 mars", "serait avant le premier", "end_date"),
        ("arrêt maladie du 10 mars au 3 mars à annoncer", "euh", "Je n'ai pas compris de date", "start_date"),
    ],
)
async def test_what_cannot_be_is_explained_and_asked_again(
    counter: Counter, talk: Talk, before: str, said: str, answer: str, slot: str
) -> None:
    assert answer in await told(counter, talk, before, said)
    assert asked(talk) == slot


async def test_operation_that_is_planned_cannot_be_announced_yet(counter: Counter, talk: Talk) -> None:
    assert "Ce jour est encore à venir" in await told(counter, talk, "opération prévue le 20, arrêt à annoncer")
    assert asked(talk) == "start_date"


async def test_day_since_which_somebody_is_well_is_not_the_first_of_an_incapacity(counter: Counter, talk: Talk) -> None:
    noted = await told(counter, talk, "malade depuis lundi, je veux l'annoncer", "je suis guérie depuis ce matin")
    assert "jusqu'au mardi 10 mars 2026" in noted
    assert "dès le" not in noted


@pytest.mark.parametrize("said", ["pas encore", "on verra", "je sais pas"])
async def test_end_that_nobody_knows_yet_is_left_open(counter: Counter, talk: Talk, said: str) -> None:
    await told(counter, talk, "malade depuis lundi, 100 %, je veux l'annoncer")
    assert asked(talk) == "end_date"
    await told(counter, talk, said)
    assert asked(talk) == "files"


async def test_capacity_is_not_taken_for_incapacity(counter: Counter, talk: Talk) -> None:
    answer = await told(counter, talk, "malade depuis lundi, je veux l'annoncer", "je peux travailler à 40 %")
    assert "incapacité de 60 %" in answer


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("oui mais 50 %", "Taux : **50 %**"),
        ("en fait 50 %", "Taux : **50 %**"),
        ("non, depuis mardi", "du mardi 10 mars 2026 au vendredi 13 mars 2026"),
        ("non, jusqu'au 25", "au mercredi 25 mars 2026"),
        ("en fait c'était un accident", "Cause : **accident**"),
        ("je reprends jeudi", "au mercredi 11 mars 2026"),
    ],
)
async def test_correction_at_the_summary_changes_it_and_sends_nothing(
    counter: Counter, talk: Talk, said: str, shown: str
) -> None:
    answer = await told(counter, talk, ALL, "FILE", said)
    assert shown in answer
    assert SUMMARY in answer
    assert await counter.submissions(talk) == ()


@pytest.mark.parametrize(
    ("label", "slot"), [("Le premier jour", "start_date"), ("Le taux", "degree"), ("Le certificat", "files")]
)
async def test_what_is_to_change_can_be_tapped(counter: Counter, talk: Talk, label: str, slot: str) -> None:
    await told(counter, talk, ALL, "FILE", "[Changer quelque chose]", f"[{label}]")
    assert asked(talk) == slot


async def test_question_in_the_middle_is_answered_and_the_form_goes_on(counter: Counter, talk: Talk) -> None:
    answer = await told(counter, talk, "malade depuis lundi, je veux l'annoncer", "c'est quoi une IPA ?")
    assert "Indications de la personne assurée" in answer
    assert asked(talk) == "degree"


async def test_cancelling_sends_nothing_and_erases_the_certificate(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL)
    file = await counter.file(talk)
    await talk.send(file)
    assert "rien n'a été envoyé" in await told(counter, talk, "annuler")
    assert not await counter.kept(talk, file)
    assert await counter.submissions(talk) == ()


# The time limits.


async def test_late_announcement_is_taken_without_fear(counter: Counter, talk: Talk) -> None:
    shown = await told(counter, talk, "malade du 2 au 10 mars à 100 %, je veux l'annoncer", "FILE")
    assert "Le délai pour l'annoncer est passé depuis le dimanche 8 mars 2026. Annoncez-la quand même" in shown
    assert "Reçu par Job-Room" in await told(counter, talk, "oui")


async def test_long_incapacity_names_the_cantonal_benefits_and_their_date(counter: Counter, talk: Talk) -> None:
    done = await told(
        counter, talk, "malade depuis lundi à 100%, je veux l'annoncer", "je ne sais pas encore", "FILE", "oui"
    )
    assert "au plus jusqu'au **mardi 7 avril 2026**" in done
    assert "au plus tard le **mardi 14 avril 2026**" in done
    assert talk.reply is not None
    assert {"art. 14 al. 1 LMC"} <= {source.article for message in talk.reply.messages for source in message.sources}


# The certificate later.


async def test_certificate_that_is_to_follow_is_waited_for_and_reminded_of(slow: Counter) -> None:
    async with slow.talking() as talk:
        waits = await told(
            slow, talk, "malade depuis lundi à 100 % jusqu'à vendredi, je veux l'annoncer", "[plus tard]"
        )
        assert "elle n'est pas encore partie" in waits
        assert "au plus tard le **vendredi 13 mars 2026**" in waits
        assert asked(talk) is None
        assert "8 chiffres" in await told(slow, talk, "c'est quoi le numéro personnel ?")
        assert asked(talk) is None, "nobody is asked for it at each turn"
        clock.freeze(ORDINARY_DAY + timedelta(days=2))
        await slow.work()
        assert "certificat" in (await slow.last(talk)).text.lower()
        again = await told(slow, talk, "voici mon certificat médical")
        assert asked(talk) == "files", again
        assert "du lundi 9 mars 2026 au vendredi 13 mars 2026" in await told(slow, talk, "FILE")
        await told(slow, talk, "oui")
        said = len(await transcript(slow.program.database, talk.session))
        clock.freeze(ORDINARY_DAY + timedelta(days=9))
        await slow.work()
        news = (await transcript(slow.program.database, talk.session))[said:]
        assert not [one for one in news if "Rappel" in one.text], "what is there is not reminded of"


@pytest.mark.parametrize("said", ["pas encore reçu le certificat", "je l'ai pas encore, demain", "plus tard"])
async def test_later_can_be_said(counter: Counter, talk: Talk, said: str) -> None:
    assert "elle n'est pas encore partie" in await told(counter, talk, ALL, said)


async def test_other_incapacity_does_not_take_over_what_waited(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL, "plus tard")
    await told(counter, talk, "accident hier, incapacité dès le 10 à annoncer")
    assert asked(talk) == "degree"


# What was announced before.


async def test_overlap_is_asked_about_and_an_extension_goes_on_from_it(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL, "FILE", "oui")
    again = await told(counter, talk, "malade depuis mardi à 100 % jusqu'au 20, je veux l'annoncer")
    assert "Vous avez déjà annoncé ici une incapacité du lundi 9 mars 2026 au vendredi 13 mars 2026" in again
    await told(counter, talk, "[Annoncer une prolongation]", "FILE", "oui")
    assert len(await received(counter)) == 2


async def test_extension_begins_the_day_after(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL, "FILE", "oui")
    answer = await told(counter, talk, "mon arrêt est prolongé à 100 % jusqu'au 20, j'ai un nouveau certificat")
    assert "maladie" in answer
    assert "dès le samedi 14 mars 2026" in answer


async def test_return_to_health_ends_what_was_announced(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, "malade depuis lundi à 100 %, je veux l'annoncer", "je ne sais pas encore", "FILE", "oui")
    shown = await told(counter, talk, "je suis de nouveau apte, je veux le signaler", "je reprends vendredi")
    assert "dernier jour **jeudi 12 mars 2026**" in shown
    done = await told(counter, talk, "oui")
    assert "Fin d'incapacité de travail" in done
    assert await received(counter, "end_incapacity") == [{"end_date": "2026-03-12"}]


async def later(counter: Counter, talk: Talk) -> None:
    """Three months go by, and the person logs in again."""
    clock.freeze(ORDINARY_DAY + timedelta(days=91))
    await counter.link(talk)


async def test_return_to_health_does_not_lengthen_what_ended_before(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL, "FILE", "oui")
    await later(counter, talk)
    answer = await told(counter, talk, "je suis de nouveau apte, je veux le signaler", "depuis hier")
    assert "Je n'ai trouvé ici aucune annonce" in answer
    assert await received(counter, "end_incapacity") == []


async def test_incapacity_that_was_ended_neither_ends_again_nor_overlaps(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, "malade depuis lundi à 100 %, je veux l'annoncer", "je ne sais pas encore", "FILE", "oui")
    await told(counter, talk, "je suis de nouveau apte, je veux le signaler", "je reprends vendredi", "oui")
    await later(counter, talk)
    await told(counter, talk, "malade depuis hier à 100 % jusqu'à vendredi, je veux l'annoncer")
    assert asked(talk) == "files", "nothing overlaps"
    await told(counter, talk, "annuler")
    answer = await told(counter, talk, "je suis de nouveau apte, je veux le signaler", "depuis hier")
    assert "Je n'ai trouvé ici aucune annonce" in answer
    assert len(await received(counter, "end_incapacity")) == 1


async def test_return_to_health_that_was_announced_elsewhere_is_told_elsewhere(counter: Counter, talk: Talk) -> None:
    answer = await told(counter, talk, "fin de mon arrêt, je reprends lundi, je veux l'annoncer")
    assert "Je n'ai trouvé ici aucune annonce" in answer
    assert asked(talk) is None


# Faults.


async def test_second_yes_sends_nothing_more(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL, "FILE")
    shown = talk.reply
    await talk.tap("Oui, envoyer")
    talk.reply = shown
    assert "je n'envoie rien de plus" in text_of(await talk.tap("Oui, envoyer"))
    assert len(await received(counter)) == 1


async def test_two_devices_at_once_send_once(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL, "FILE")
    await asyncio.gather(talk.say("oui"), talk.say("oui"))
    await counter.settled()
    assert len(await received(counter)) == 1


@pytest.mark.parametrize("kind", ["down", "lost"])
async def test_gateway_that_fails_gets_it_once_when_it_works_again(slow: Counter, kind: str) -> None:
    async with slow.talking() as talk:
        await slow.fault(kind, count=3, path="/v1/persons/*/incapacities")
        done = await told(slow, talk, ALL, "FILE", "oui")
        assert "**Enregistré ici, transmission en cours.**" in done
        await slow.work()
        await slow.mended()
        for hours in (1, 2, 3):
            clock.freeze(ORDINARY_DAY + timedelta(hours=hours))
            await slow.work()
        assert "**Reçu par Job-Room" in (await slow.last(talk)).text
        assert len(await received(slow)) == 1


async def test_refusal_says_so_with_another_way(counter: Counter, talk: Talk) -> None:
    await counter.fault("409", path="/v1/persons/*/incapacities", reason=Reason.FILE_INFECTED)
    answer = await told(counter, talk, ALL, "FILE", "oui")
    (submission,) = await counter.submissions(talk)
    assert submission.state is State.REFUSED
    assert "antivirus" in answer
    again = await told(counter, talk, "[Envoyer à nouveau]")
    assert "Je reprends votre annonce qui n'a pas été prise" in again
    assert asked(talk) == "files"
    assert "du lundi 9 mars 2026 au vendredi 13 mars 2026" in await told(counter, talk, "FILE")


async def test_restart_and_a_week_later_the_form_goes_on_where_it_was(settings: Settings, dialogue: Dialogue) -> None:
    async with opened(settings, dialogue, is_worked=False) as before, before.talking() as talk:
        await told(before, talk, "malade depuis lundi, je veux l'annoncer")
    clock.freeze(ORDINARY_DAY + KEPT_UNSENT)
    async with opened(settings, dialogue, is_worked=True) as after:
        resumed = Talk(after.program.assistant, talk.session)
        await after.link(resumed)
        await told(after, resumed, "100 %")
        assert asked(resumed) == "end_date"
        assert "dès le lundi 9 mars 2026" in await told(after, resumed, "je ne sais pas encore", "FILE")
