"""Entities by pattern, on the patterns of the project."""

import pytest

from bot.engine.dialogue import Dialogue


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("mon statut c'est Demande non finalisée", "draft"),
        ("DEMANDE NON FINALISEE", "draft"),
        ("jai pas encore transmis", "draft"),
        ("droit en cours d'examen", "under_review"),
        ("c marqué droit en cour d examen", "under_review"),
        ("mon droit a été étudié", "decided"),
        ("la caisse a déjà traité mon dossier", "decided"),
        ("ma demande est acceptée depuis lundi", "decided"),
    ],
)
async def test_status_is_recognised_however_it_is_written(dialogue: Dialogue, text: str, status: str) -> None:
    found = (await dialogue.understand(text)).parsed["entities"]
    assert [(entity["entity"], entity["value"]) for entity in found] == [("application_status", status)]


async def test_positions_are_those_of_the_text_as_typed(dialogue: Dialogue) -> None:
    text = "Été : statut « Demande non finalisée » svp"
    (entity,) = (await dialogue.understand(text)).parsed["entities"]
    assert text[entity["start"] : entity["end"]] == "Demande non finalisée"


async def test_ordinary_sentences_have_no_status(dialogue: Dialogue) -> None:
    assert (await dialogue.understand("où est mon numéro personnel")).parsed["entities"] == []
