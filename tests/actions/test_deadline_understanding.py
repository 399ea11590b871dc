"""How answers to the questions about a time limit are understood, against answers that were written apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from actions.deadline import task as questions
from actions.deadline.draft import ActSaid, Authority, DeadlineDraft, DeliverySaid, Kind
from actions.deadline.task import DeadlineTask
from actions.tasks import Entity, Question, Said, Unusable
from base import clock
from base.paths import PROJECT
from bot.engine.payloads import parse_payload
from tests.support.project import responses
from tests.support.saying import typed

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


def understood(question: str, text: str) -> str | None:
    """The value that an answer is taken for, as the answers name it."""
    draft, pending = OPEN[question]
    try:
        values = TASK.read(typed(text), draft, pending)
    except Unusable as problem:
        day = problem.values.get("day")
        return str(day) if day else None
    if question == "matter" and values.get("kind") is Kind.DECISION:
        return {ActSaid.OBJECTION: "objection", ActSaid.APPEAL: "appeal"}.get(values.get("act", ""))
    value = values.get(pending.slot)
    return None if value is None else str(value)


@pytest.mark.parametrize("question", list(ANSWERS))
def test_answers_are_understood(question: str) -> None:
    answers: list[dict[str, Any]] = ANSWERS[question]
    taken = [(one.get("value", one.get("iso")), understood(question, one["text"])) for one in answers]
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
def test_what_is_denied_is_not_understood(text: str, field: str, value: object) -> None:
    assert TASK.read(typed(text), DeadlineDraft(), None)[field] is value


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
def test_days_are_told_apart(text: str, expected: dict[str, str]) -> None:
    values = TASK.read(typed(text), DeadlineDraft(kind=Kind.DECISION), None)
    assert {name: str(value) for name, value in values.items() if name.endswith("date") and value} == expected


@pytest.mark.parametrize("text", ["c'est l'OCE ?", "OCE?", "la caisse?"])
def test_question_mark_is_no_doubt(text: str) -> None:
    assert TASK.read(typed(text), OPEN["authority"][0], questions.AUTHORITY)["authority"] != "unknown"


def test_corrected_day_leaves_what_it_is_about() -> None:
    sick = DeadlineDraft(kind=Kind.INCAPACITY)
    values = TASK.read(typed("non, d'après la lettre du médecin c'est depuis le 9"), sick, None)
    assert str(values["start_date"]) == "2026-03-09"
    assert "kind" not in values


def payloads() -> list[tuple[str, dict[str, Any]]]:
    """What the buttons of the task mean."""
    found = []
    for name, variations in responses().items():
        for button in variations[0].get("buttons", []):
            intent, entities = parse_payload(button["payload"])
            if intent == "tx_deadline" and entities and name.startswith("utter_ask_deadline_form_"):
                found.append((name.removeprefix("utter_ask_deadline_form_"), entities))
    return found


@pytest.mark.parametrize(("slot", "entities"), payloads())
def test_every_button_answers_its_question(slot: str, entities: dict[str, Any]) -> None:
    question = Question(slot, "choice")
    kind = Kind.JOB_SEARCHES if slot == "month" else None if slot == "kind" else Kind.DECISION
    draft = DeadlineDraft(kind=kind, delivery=DeliverySaid.REGISTERED if slot == "notice_date" else None)
    tapped = Said("", "tx_deadline", 1.0, tuple(Entity(*one) for one in entities.items()), clock.today(), tapped=True)
    values = TASK.read(tapped, draft, question)
    assert values[slot] is not None
    DeadlineDraft.model_validate(draft.model_dump() | dict(values))


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("mon conseiller m'a dit hier que la sanction reçue le 2 mars compte", "2026-03-02"),
        ("entretien hier à la caisse, sanction reçue le 2 mars", "2026-03-02"),
        ("j'ai fait opposition par mail le 5 mars contre une sanction reçue le 2 mars", "2026-03-02"),
        ("je suis rentré de vacances le 8 et elle est arrivée le 3", "2026-03-03"),
        ("décision de la caisse du 20 janvier, reçue hier", "2026-03-10"),
        ("sanction dès le 1er février de l'OCE reçue hier", "2026-03-10"),
        ("lettre de la caisse du 2 mars reçue le 5", "2026-03-05"),
        ("la décision est du 2 mais reçue le 5", "2026-03-05"),
        ("la lettre est du 2, je l'ai eue le 5", "2026-03-05"),
        ("en vacances du 3 au 8 mars, reçue le 9", "2026-03-09"),
        ("j'ai fait opposition le 10 février et reçu la décision sur opposition le 5 mars", "2026-03-05"),
        ("j'ai reçu une sanction datée du 20 février", None),
        ("j'ai reçu la décision du 5 mars", None),
        ("le 3 et le 5", None),
    ],
)
def test_day_that_counts_is_the_one_of_receipt(text: str, received: str | None) -> None:
    values = TASK.read(typed(text), DeadlineDraft(kind=Kind.DECISION), None)
    day = values.get("notification_date")
    assert (str(day) if day else None) == received


@pytest.mark.parametrize("text", ["l'avis disait jusqu'au 12 mars", "à retirer jusqu'au 9 mars"])
def test_last_day_to_fetch_is_not_the_day_of_the_notice(text: str) -> None:
    waiting = DECISION.model_copy(update={"delivery": DeliverySaid.NOT_COLLECTED})
    assert "notice_date" not in TASK.read(typed(text), waiting, questions.NOTICE_DATE)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("j'ai reçu une pénalité de l'orp, je veux faire recours", None),
        ("ma caisse a confirmé la sanction malgré mon opposition", "recours"),
        ("j'ai fait opposition et l'oce a répondu non", None),
        ("ils ont rejeté ma contestation", "recours"),
        ("décision sur opposition de la caisse", "recours"),
        ("sanction de l'orp", "opposition"),
    ],
)
def test_which_letter_it_is_is_asked_where_words_leave_it_open(text: str, act: str | None) -> None:
    assert TASK.read(typed(text), DeadlineDraft(), None).get("act") == act


@pytest.mark.parametrize(
    ("text", "benefit"),
    [
        ("décision pcm de ma caisse", "cantonal"),
        ("décision de la caisse cantonale genevoise de chômage", "federal"),
        ("décision de l'office cantonal de l'emploi", None),
    ],
)
def test_what_it_is_about_is_not_read_from_a_name(text: str, benefit: str | None) -> None:
    assert TASK.read(typed(text), DeadlineDraft(), None).get("benefit") == benefit


@pytest.mark.parametrize(
    "text",
    [
        "j'ai retiré la lettre de la caisse le 10 mars",
        "j'ai signé pour la lettre de la caisse à la porte",
        "sanction de l'orp pour absence à un entretien",
        "le courrier a été reçu",
    ],
)
def test_way_of_delivery_is_not_guessed(text: str) -> None:
    delivery = TASK.read(typed(text), DeadlineDraft(), None).get("delivery")
    assert delivery in {None, DeliverySaid.REGISTERED}
