"""How answers to the questions about a time limit are understood, against answers that were written apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from actions.deadline import task as questions
from actions.deadline.draft import ActSaid, Authority, DeadlineDraft, DeliverySaid, Kind
from actions.deadline.task import DeadlineTask
from actions.tasks import Entity, Question, Said, Unusable, is_denied
from base import clock
from base.paths import PROJECT
from base.reading import readings
from bot.engine.deliberation import is_request
from bot.engine.entities import PatternEntityExtractor, _compiled
from tests.support.project import read

ANSWERS = yaml.safe_load((PROJECT / "tests" / "actions" / "deadline_answers_fr.yml").read_text(encoding="utf-8"))
TASK = DeadlineTask()
DECISION = DeadlineDraft(kind=Kind.DECISION, act=ActSaid.OBJECTION, authority=Authority.FUND)
OPEN: Mapping[str, tuple[DeadlineDraft, Question]] = {
    "matter": (DeadlineDraft(), questions.KIND),
    "authority": (DeadlineDraft(kind=Kind.DECISION, act=ActSaid.OBJECTION), questions.AUTHORITY),
    "benefit": (DECISION.model_copy(update={"authority": Authority.OCE}), questions.BENEFIT),
    "delivery": (DECISION, questions.DELIVERY),
    "date": (DECISION.model_copy(update={"delivery": DeliverySaid.ORDINARY}), questions.NOTIFICATION_DATE),
}
"""Where the conversation stands when the question is asked."""

FLOORS = {"matter": 0.84, "authority": 0.76, "benefit": 0.78, "delivery": 0.86, "date": 0.9}
"""Share of answers that must be understood; the others are asked again."""
MOST_WRONG = 0.04
"""Share of answers that may be taken for another value: what was understood is repeated, and can be corrected."""


@pytest.fixture(scope="module")
def extractor() -> PatternEntityExtractor:
    """The patterns as they stand in the training data."""
    extractor = PatternEntityExtractor.__new__(PatternEntityExtractor)
    extractor._patterns = _compiled(
        [
            (entry["regex"], line.removeprefix("- "))
            for entry in read(PROJECT / "data" / "nlu" / "fr" / "entities.yml")["nlu"]
            for line in entry["examples"].splitlines()
        ]
    )
    return extractor


def said(text: str, extractor: PatternEntityExtractor) -> Said:
    """A typed message of which nothing but its words is known."""
    found = [Entity(one["entity"], one["value"], one["start"], one["end"]) for one in extractor.extract(text)]
    found += [Entity(kind, one.value, one.start, one.end) for kind, one in readings(text, clock.today())]
    entities = tuple(entity for entity in found if not is_denied(text, entity.start))
    return Said(text, "nlu_fallback", 0.5, entities, clock.today(), asks=is_request(text))


def understood(question: str, text: str, extractor: PatternEntityExtractor) -> str | None:
    """The value that an answer is taken for, as the answers name it."""
    draft, pending = OPEN[question]
    try:
        values = TASK.read(said(text, extractor), draft, pending)
    except Unusable as problem:
        day = problem.values.get("day")
        return str(day) if day else None
    if question == "matter" and values.get("kind") is Kind.DECISION:
        return {ActSaid.OBJECTION: "objection", ActSaid.APPEAL: "appeal"}.get(values.get("act", ""))
    value = values.get(pending.slot)
    return None if value is None else str(value)


@pytest.mark.parametrize("question", list(ANSWERS))
def test_answers_are_understood(question: str, extractor: PatternEntityExtractor) -> None:
    answers: list[dict[str, Any]] = ANSWERS[question]
    taken = [(one.get("value", one.get("iso")), understood(question, one["text"], extractor)) for one in answers]
    right = sum(wanted == got for wanted, got in taken)
    wrong = sum(got is not None and wanted != got for wanted, got in taken)
    assert right / len(taken) >= FLOORS[question]
    assert wrong / len(taken) <= MOST_WRONG


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("c'était la caisse, pas l'OCE", "authority", Authority.FUND),
        ("ni l'orp, c'est unia", "authority", Authority.FUND),
        ("pas par recommandé, dans la boîte aux lettres", "delivery", DeliverySaid.ORDINARY),
    ],
)
def test_what_is_denied_is_not_understood(
    text: str, field: str, value: object, extractor: PatternEntityExtractor
) -> None:
    assert TASK.read(said(text, extractor), DeadlineDraft(), None)[field] is value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "recommandé: l'avis est du 2, je l'ai retiré le 10",
            {"notice_date": "2026-03-02", "notification_date": "2026-03-10"},
        ),
        ("datée du 2, reçue le 4", {"notification_date": "2026-03-04"}),
        ("le facteur est passé le 3, avis jaune", {"notice_date": "2026-03-03"}),
    ],
)
def test_days_are_told_apart(text: str, expected: dict[str, str], extractor: PatternEntityExtractor) -> None:
    values = TASK.read(said(text, extractor), DeadlineDraft(kind=Kind.DECISION), None)
    assert {name: str(value) for name, value in values.items() if name.endswith("date") and value} == expected


def test_every_answer_of_the_buttons_is_one_of_the_draft() -> None:
    """Buttons and drafts name the same values."""
    for question, draft in (
        (questions.ACT, ActSaid),
        (questions.AUTHORITY, Authority),
        (questions.DELIVERY, DeliverySaid),
    ):
        assert question.slot in DeadlineDraft.model_fields
        assert "unknown" in {*draft}
