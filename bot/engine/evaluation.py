"""How well questions are understood: figures for the test split, and for the training examples by cross-validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import yaml
from scipy.special import softmax

from bot.engine.classifier import FALLBACK_INTENT, FULL_RANKING, LinearIntentClassifier, topic_groups
from bot.engine.dialogue import Dialogue
from bot.engine.linear_model import ENOUGH_HELD_OUT, fit_temperature, held_out
from bot.engine.topics import OUT_OF_SCOPE, topic_of

BINS = 10
TOP = 3


@dataclass(frozen=True)
class Question:
    """One example.

    Args:
        text: What is asked.
        intent: What it means, by its full name.
    """

    text: str
    intent: str


@dataclass(frozen=True)
class Judged:
    """What a question was taken for.

    Args:
        question: What was asked.
        intent: What it was taken for; `nlu_fallback` when it was refused.
        confidence: Probability of that, 0 to 1.
        ranking: The likeliest intents, best first.
    """

    question: Question
    intent: str
    confidence: float
    ranking: tuple[str, ...]

    @property
    def expected(self) -> str:
        """The topic that was meant."""
        return topic_of(self.question.intent)

    @property
    def understood(self) -> str:
        """The topic that was understood; what is refused counts as out of scope."""
        return topic_of(self.intent)

    @property
    def right(self) -> bool:
        return self.expected == self.understood


@dataclass(frozen=True)
class Report:
    """Figures over judged questions; all are shares from 0 to 1."""

    judged: tuple[Judged, ...]

    @property
    def topics_right(self) -> float:
        return _share(one.right for one in self.judged)

    @property
    def intents_right(self) -> float:
        return _share(one.question.intent == one.intent for one in self.judged)

    @property
    def among_the_best(self) -> float:
        """Questions whose topic is among those of the three likeliest topics."""
        return _share(one.expected in _first_topics(one.ranking) for one in self.judged)

    @property
    def out_of_scope_recognised(self) -> float:
        return self.recall(OUT_OF_SCOPE)

    @property
    def in_scope_refused(self) -> float:
        return _share(one.understood == OUT_OF_SCOPE for one in self.judged if one.expected != OUT_OF_SCOPE)

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: how far confidence and the share of right intents lie apart, over ten bins."""
        return sum(share * abs(confidence - accuracy) for share, confidence, accuracy in self.reliability if share)

    @cached_property
    def reliability(self) -> tuple[tuple[float, float, float], ...]:
        """For each bin of confidence: share of the questions, mean confidence, share of right intents."""
        kept = [one for one in self.judged if one.intent != FALLBACK_INTENT]
        confidence = np.array([one.confidence for one in kept])
        right = np.array([one.question.intent == one.intent for one in kept], dtype=float)
        bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
        return tuple(
            (
                float((bins == number).mean()),
                float(confidence[bins == number].mean()) if (bins == number).any() else 0.0,
                float(right[bins == number].mean()) if (bins == number).any() else 0.0,
            )
            for number in range(BINS)
        )

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted({one.expected for one in self.judged}))

    def recall(self, topic: str) -> float:
        """Questions on a topic that were taken for it."""
        return _share(one.right for one in self.judged if one.expected == topic)

    def precision(self, topic: str) -> float:
        """Questions taken for a topic that were on it."""
        return _share(one.right for one in self.judged if one.understood == topic)

    def count(self, topic: str) -> int:
        """Questions on a topic."""
        return sum(one.expected == topic for one in self.judged)

    def confusions(self, topic: str) -> list[tuple[str, int]]:
        """What a topic's questions were wrongly taken for, the most frequent first."""
        wrong = Counter(one.understood for one in self.judged if one.expected == topic and not one.right)
        return wrong.most_common()


def read(paths: Iterable[Path]) -> list[Question]:
    """The examples of Rasa's training files."""
    return [
        Question(line.removeprefix("- ").strip(), entry["intent"])
        for path in sorted(paths)
        for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]
        if "intent" in entry
        for line in entry["examples"].splitlines()
    ]


async def evaluate(dialogue: Dialogue, questions: Sequence[Question]) -> Report:
    """Puts questions to a loaded model."""
    judged = []
    for question in questions:
        understood = await dialogue.understand(question.text)
        ranking = tuple(one["name"] for one in understood.parsed[FULL_RANKING] if one["name"] != FALLBACK_INTENT)
        judged.append(Judged(question, understood.intent, understood.confidence, ranking))
    return Report(tuple(judged))


def cross_validate(questions: Sequence[Question], progress: Callable[[int, int], None]) -> Report:
    """Judges each example by a model that has not seen it; nothing is refused.

    Args:
        progress: Told how many folds of how many are done.
    """
    config = {**LinearIntentClassifier.get_default_config(), ENOUGH_HELD_OUT: len(questions)}
    names = sorted({question.intent for question in questions})
    index = {name: number for number, name in enumerate(names)}
    labels = np.array([index[question.intent] for question in questions], dtype=np.int32)
    texts = [question.text for question in questions]
    decisions, _, _ = held_out(config, texts, labels, topic_groups(names), progress)
    probabilities = softmax(decisions * fit_temperature(decisions, labels), axis=1)
    order = np.argsort(-decisions, axis=1)
    return Report(
        tuple(
            Judged(
                question, names[best[0]], float(row[best[0]]), tuple(names[i] for i in best[: config["ranking_length"]])
            )
            for question, row, best in zip(questions, probabilities, order, strict=True)
        )
    )


def _first_topics(ranking: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(topic_of(intent) for intent in ranking))[:TOP]


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found) if found else 0.0
