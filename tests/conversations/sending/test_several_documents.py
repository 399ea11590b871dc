"""Several documents in one go: which file is which is asked only where that is not clear."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.engine.assistant import Reply
from conversations.models import Phase
from tests.casework.files import samples
from tests.support.conversing import Talk, text_of
from tests.support.sending import Counter

BOTH = "voici mon cv et mes diplômes pour ma conseillère, je veux les envoyer"
PHOTO = "IMG_2041.jpg"
PDF = samples.pdf()


async def send(counter: Counter, talk: Talk, *names: str) -> Reply:
    return await talk.send(*[await counter.file(talk, name=name, content=PDF) for name in names])


async def received(counter: Counter) -> list[tuple[str, str]]:
    return [(entry["request"]["type"], entry["request"]["name"]) for entry in await counter.received()]


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        (("cv_2026.pdf", "diplome infirmière.pdf"), ["- **CV** : fichier 1", "- **Diplôme** : fichier 2"]),
        (("Master.pdf", "cv.pdf", "CFC-scan.pdf"), ["- **CV** : fichier 2", "- **Diplôme** : fichiers 1, 3"]),
        (("Mon CV.pdf", PHOTO, PHOTO), ["- **CV** : fichier 1", "- **Diplôme** : fichiers 2, 3"]),
    ],
    ids=["by name", "in any order", "the rest"],
)
async def test_clear_names_sort_the_files(
    counter: Counter, talk: Talk, names: Sequence[str], lines: Sequence[str]
) -> None:
    asked = await talk.say(BOTH)
    assert "Noté : CV, Diplôme." in text_of(asked)
    shown = await send(counter, talk, *names)
    assert shown.state.phase is Phase.AWAITING_CONFIRMATION
    for line in lines:
        assert line in text_of(shown).splitlines()
    answer = await talk.say("oui")
    assert answer.state.phase is Phase.SUBMITTED
    first, second = await counter.submissions(talk)
    assert first.number in answer.messages[0].text
    assert second.number in answer.messages[0].text
    await counter.settled()
    assert sorted(await received(counter)) == [("cv", "CV.pdf"), ("diploma", "Diplôme.pdf")]


async def test_what_is_not_clear_is_asked_once(counter: Counter, talk: Talk) -> None:
    await talk.say(BOTH)
    asked = await send(counter, talk, PHOTO, PHOTO)
    assert "Quel document est votre fichier 1 sur 2 ?" in text_of(asked)
    assert asked.state.slot == "which"
    shown = await talk.tap("Diplôme")
    assert "- **CV** : fichier 2" in text_of(shown), "only one document is left"
    assert "- **Diplôme** : fichier 1" in text_of(shown)


async def test_all_can_be_named_in_their_order(counter: Counter, talk: Talk) -> None:
    await talk.say(BOTH)
    await send(counter, talk, PHOTO, PHOTO)
    shown = await talk.say("le diplôme puis le cv")
    assert "- **Diplôme** : fichier 1" in text_of(shown)


async def test_file_that_is_something_else_becomes_that(counter: Counter, talk: Talk) -> None:
    await talk.say(BOTH)
    await send(counter, talk, "cv.pdf", "diplome.pdf", PHOTO)
    shown = await talk.say("un certificat de travail")
    assert "- **Certificat de travail** : fichier 3" in text_of(shown)


async def test_files_that_came_before_are_sorted_too(counter: Counter, talk: Talk) -> None:
    await send(counter, talk, "cv.pdf", "diplome.pdf")
    assert "- **CV** : fichier 1" in text_of(await talk.say(BOTH))


async def test_names_alone_are_enough(counter: Counter, talk: Talk) -> None:
    await talk.say("je dois transmettre un document à l'orp")
    shown = await send(counter, talk, "CV Camille.pdf", "certificat_de_travail.pdf")
    assert "- **CV** : fichier 1" in text_of(shown)
    assert "- **Certificat de travail** : fichier 2" in text_of(shown)


async def test_document_without_file_is_told_and_the_others_go(counter: Counter, talk: Talk) -> None:
    await talk.say(BOTH)
    shown = await send(counter, talk, "cv.pdf")
    assert "Sans fichier, donc pas envoyé : Diplôme." in text_of(shown)
    complete = await send(counter, talk, "diplome.pdf")
    assert "Sans fichier" not in text_of(complete)
    await talk.tap("Changer le fichier")
    alone = await send(counter, talk, "cv.pdf")
    assert "Sans fichier" in text_of(alone)
    await talk.say("oui")
    assert await received(counter) == [("cv", "CV.pdf")]


async def test_further_document_is_added_on_the_way(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux envoyer mon cv à ma conseillère")
    assert "Noté : CV, Diplôme." in text_of(await talk.say("et aussi mon diplôme"))


async def test_one_file_is_corrected_by_its_place(counter: Counter, talk: Talk) -> None:
    await talk.say(BOTH)
    await send(counter, talk, "cv.pdf", "diplome.pdf")
    shown = await talk.say("le fichier 2 c'est un certificat de travail")
    assert "- **CV** : fichier 1" in text_of(shown)
    assert "- **Certificat de travail** : fichier 2" in text_of(shown)
    await talk.say("oui")
    await counter.settled()
    assert sorted(await received(counter)) == [("cv", "CV.pdf"), ("work_certificate", "Certificat de travail.pdf")]


async def test_who_does_not_agree_with_the_sorting_is_asked_file_by_file(counter: Counter, talk: Talk) -> None:
    await talk.say(BOTH)
    await send(counter, talk, "cv.pdf", "diplome.pdf")
    asked = await talk.tap("Ce n'est pas le bon type")
    assert "fichier 1 sur 2" in text_of(asked)
    assert "fichier 2 sur 2" in text_of(await talk.tap("Diplôme"))
    shown = await talk.tap("CV")
    assert "- **CV** : fichier 2" in text_of(shown)
    assert "- **Diplôme** : fichier 1" in text_of(shown)


async def test_one_that_is_refused_does_not_hold_back_the_other(counter: Counter, talk: Talk) -> None:
    await talk.say(BOTH)
    await send(counter, talk, "cv.pdf", "diplome.pdf")
    await counter.fault("409", reason="too-many-versions")
    await talk.say("oui")
    await counter.settled()
    assert len(await received(counter)) == 1
    told = text_of(await talk.say("c'est arrivé ?"))
    assert "**refusé par Job-Room**" in told
    assert "**reçu par Job-Room**" in told


async def test_file_that_is_gone_sends_nothing_of_the_rest(counter: Counter, talk: Talk) -> None:
    await talk.say(BOTH)
    kept, gone = [await counter.file(talk, name=name, content=PDF) for name in ("cv.pdf", "diplome.pdf")]
    await talk.send(kept, gone)
    async with counter.program.database.unit_of_work() as work:
        await counter.program.files.store.delete(work, gone)
    answer = await talk.say("oui")
    assert "**Rien n'est parti.**" in text_of(answer)
    assert "Sans fichier, donc pas envoyé : Diplôme." in text_of(answer)
    assert await counter.submissions(talk) == ()
    assert (await talk.say("oui")).state.phase is Phase.SUBMITTED
    assert await received(counter) == [("cv", "CV.pdf")]
