"""Understanding does not fall below its floor. The figures themselves are printed by `cornavin evaluate`."""

from __future__ import annotations

import pytest

from bot.engine.evaluation import Judged, Question, Report, cross_validate, evaluate, read
from bot.program import Program
from tests.support.project import TEST_SPLIT

FLOOR_ACCURACY = 0.90
FLOOR_OUT_OF_SCOPE = 0.80
FLOOR_CRISIS = 0.80
FLOOR_TOPIC = 0.60
MOST_REFUSED = 0.05


async def test_understanding_stays_above_its_floor(program: Program) -> None:
    report = await evaluate(program.dialogue, read(TEST_SPLIT.glob("*.yml")))
    assert report.topics_right >= FLOOR_ACCURACY
    assert report.out_of_scope_recognised >= FLOOR_OUT_OF_SCOPE
    assert report.recall("crisis") >= FLOOR_CRISIS
    assert report.in_scope_refused <= MOST_REFUSED
    assert {topic for topic in report.topics if report.recall(topic) < FLOOR_TOPIC} == set()


def test_examples_are_judged_by_models_that_have_not_seen_them() -> None:
    written = {
        "faq/pcm_what": [
            "c'est quoi la pcm",
            "la pcm c'est quoi",
            "que veut dire pcm",
            "pcm définition",
            "pcm quoi ça",
        ],
        "faq/are_what": ["c'est quoi l'are", "l'are c'est quoi", "que veut dire are", "are définition", "are quoi ça"],
        "crisis": ["je veux mourir", "envie de mourir", "je vais mourir", "plus envie de vivre", "marre de vivre"],
    }
    questions = [Question(text, intent) for intent, texts in written.items() for text in texts]
    told: list[tuple[int, int]] = []
    report = cross_validate(questions, lambda done, count: told.append((done, count)))
    assert [one.question for one in report.judged] == questions
    assert report.topics_right > 0.5, "three topics, guessed at, would give a third"
    assert told[-1][0] == told[-1][1] == len(told)


def judged(expected: str, taken_for: str, confidence: float, *others: str) -> Judged:
    return Judged(Question("?", expected), taken_for, confidence, (taken_for, *others))


def test_figures_are_counted_as_they_are_defined() -> None:
    report = Report(
        (
            judged("faq/pcm_what", "faq/pcm_what", 0.95),
            judged("faq/pcm_what", "faq/pcm_request", 0.55),
            judged("faq/pcm_what", "faq/are_what", 0.45, "faq/pcm_what"),
            judged("faq/are_what", "nlu_fallback", 0.85),
            judged("out_of_scope/general", "nlu_fallback", 0.9),
            judged(
                "out_of_scope/general", "faq/are_what", 0.35, "smalltalk/help", "faq/pcm_what", "out_of_scope/general"
            ),
        )
    )
    assert report.topics == ("are", "out_of_scope", "pcm")
    assert report.topics_right == pytest.approx(3 / 6)
    assert report.intents_right == pytest.approx(1 / 6)
    assert report.among_the_best == pytest.approx(4 / 6)
    assert report.out_of_scope_recognised == pytest.approx(1 / 2)
    assert report.in_scope_refused == pytest.approx(1 / 4)
    assert (report.recall("pcm"), report.precision("pcm")) == (pytest.approx(2 / 3), 1.0)
    assert (report.count("pcm"), report.confusions("pcm")) == (3, [("are", 1)])
    # Four questions were not refused, each in a bin of its own: 0.05, 0.55, 0.45 and 0.35 apart.
    assert report.calibration_error == pytest.approx((0.05 + 0.55 + 0.45 + 0.35) / 4)
