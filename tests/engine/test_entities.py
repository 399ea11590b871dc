"""Entities by pattern, on the patterns of the project."""

from datetime import datetime

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
    assert [entity["value"] for entity in found if entity["entity"] == "application_status"] == [status]


async def test_positions_are_those_of_the_text_as_typed(dialogue: Dialogue) -> None:
    text = "Été : statut « Demande non finalisée » svp"
    found = (await dialogue.understand(text)).parsed["entities"]
    (entity,) = [one for one in found if one["entity"] == "application_status"]
    assert text[entity["start"] : entity["end"]] == "Demande non finalisée"


async def test_ordinary_sentences_have_no_status(dialogue: Dialogue) -> None:
    assert (await dialogue.understand("où est mon numéro personnel")).parsed["entities"] == []


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("j'envoie mon CV", "document", "cv"),
        ("ma fiche de paie", "document", "payslip"),
        ("le certificat du médecin", "document", "medical_certificate"),
        ("l'ARE c'est quoi", "benefit", "are"),
        ("stage de requalification", "benefit", "training_programme"),
        ("ma caisse Unia", "office", "fund"),
        ("l'ORP", "office", "oce"),
        ("j'ai 52 ans", "age", "from_50"),
        ("j'ai 28 ans", "age", "under_50"),
        ("permis B", "permit", "b"),
        ("je suis frontalière", "permit", "g"),
        ("reçu en recommandé", "delivery", "registered"),
        ("par mail", "delivery", "email"),
        ("le 1er mai", "holiday", "may_1"),
        ("jeune genevois", "holiday", "jeune_genevois"),
        ("depuis 6 mois", "duration", "6 months"),
    ],
)
async def test_what_is_named_is_recognised(dialogue: Dialogue, text: str, entity: str, value: str) -> None:
    found = (await dialogue.understand(text)).parsed["entities"]
    assert (entity, value) in [(one["entity"], one["value"]) for one in found]


@pytest.mark.parametrize("text", ["je pars demain", "le cvg", "il mare", "agir vite", "1er avril"])
async def test_words_that_only_look_alike_are_left_alone(dialogue: Dialogue, text: str) -> None:
    found = (await dialogue.understand(text)).parsed["entities"]
    assert [one for one in found if one["entity"] not in {"day", "month", "duration"}] == []


async def test_days_are_read_as_of_the_day_of_the_message(dialogue: Dialogue, frozen_clock: datetime) -> None:
    found = (await dialogue.understand("reçu lundi, pour les recherches de janvier")).parsed["entities"]
    read = [(one["entity"], one["value"]) for one in found if one["entity"] in {"day", "month"}]
    assert read == [("day", "2026-03-09"), ("month", "2026-01")]
