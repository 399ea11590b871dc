"""The graph component that understands: linear models over words and parts of words.

TF-IDF of words and of characters within words goes into one-vs-rest linear support vector machines, one for each
intent and one for each topic; a retrieval intent counts once for each of its keys. What the decision values mean is learned in training by
cross-validation and kept in the model:

- a temperature turns them into probabilities (calibration),
- a threshold tells when a message is like nothing that was trained, and is refused as `nlu_fallback`. It acts on the
  best decision value together with the similarity to the nearest examples of that intent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax

from base.tokens import exemplified
from bot.engine.linear_model import (
    CHARACTER_NGRAMS,
    ENOUGH_HELD_OUT,
    FOLDS,
    GROUP_WEIGHT,
    NEIGHBOURS,
    OUT_OF_SCOPE,
    RANKING_LENGTH,
    REFUSED_SHARE,
    REGULARISATION,
    SEED,
    SIMILARITY_WEIGHT,
    WORD_NGRAMS,
    Features,
    Floats,
    Judgement,
    LinearModel,
    judge,
)
from bot.engine.topics import topics

FALLBACK_INTENT = "nlu_fallback"
FULL_RANKING = "full_ranking"
"""Attribute of a message that lists intents by their full names, the likeliest first."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent):  # type: ignore[misc]  # Rasa ships no types
    """Fills the intent, the rankings, and for retrieval intents the response selection."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Spans of words, and of characters within a word.
            WORD_NGRAMS: [1, 2],
            CHARACTER_NGRAMS: [2, 4],
            # Inverse strength of regularisation.
            REGULARISATION: 2.0,
            # Weight of the decision on an intent's topic against that on the intent.
            GROUP_WEIGHT: 1.0,
            # Parts in cross-validation.
            FOLDS: 3,
            # Examples held out after which further parts would teach nothing new.
            ENOUGH_HELD_OUT: 2500,
            # Share of well understood in-scope examples that may be refused as unlike anything trained.
            REFUSED_SHARE: 0.01,
            # Intents whose examples may be refused at no loss.
            OUT_OF_SCOPE: ["out_of_scope"],
            # Weight of the similarity to the nearest examples against the decision value, and how many are nearest.
            SIMILARITY_WEIGHT: 0.5,
            NEIGHBOURS: 3,
            # Length of `intent_ranking`.
            RANKING_LENGTH: 10,
            SEED: 7,
        }

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        labels: Sequence[str] = (),
        model: LinearModel | None = None,
        judgement: Judgement | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._labels = tuple(labels)
        self._model = model
        self._judgement = judgement

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from every example that has an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        intents = [example.get_full_intent() for example in examples]
        self._labels = tuple(sorted(set(intents)))
        if len(self._labels) >= 2:
            texts = [example.get(TEXT) for example in examples]
            index = {label: number for number, label in enumerate(self._labels)}
            labels = np.array([index[intent] for intent in intents], dtype=np.int32)
            in_scope = np.array([intent.partition("/")[0] not in self._config[OUT_OF_SCOPE] for intent in intents])
            groups = topic_groups(self._labels)
            # Judging takes as long as fitting, and a process of its own may have another core.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
                judgement = aside.submit(judge, self._config, texts, labels, groups, in_scope)
                self._model = LinearModel.fit(self._config, texts, labels, groups)
                self._judgement = judgement.result()
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds intent, ranking and response selection to each message."""
        for message in messages:
            ranking, certain = self._rank(exemplified(message.get(TEXT) or ""))
            if certain:
                intent = ranking[0]
            else:
                intent = (FALLBACK_INTENT, 1.0 - ranking[0][1] if ranking else 1.0)
                ranking = [intent, *ranking]
            self._fill(message, intent, ranking)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the examples as they are: nothing after this component learns from its output."""
        return training_data

    def _rank(self, text: str) -> tuple[list[tuple[str, float]], bool]:
        if self._model is None or self._judgement is None:
            return [(label, 1.0) for label in self._labels[:1]], bool(self._labels)
        decisions, nearness = self._model.decide(text, self._config[NEIGHBOURS])
        probabilities = softmax(decisions * self._judgement.temperature)
        order = np.argsort(-probabilities)[: self._config[RANKING_LENGTH]]
        certainty = self._judgement.certainty(decisions.max(), np.float32(nearness))
        return [(self._labels[i], float(probabilities[i])) for i in order], bool(certainty >= self._judgement.threshold)

    def _fill(self, message: Message, intent: tuple[str, float], ranking: list[tuple[str, float]]) -> None:
        retrieval = sorted({label.partition("/")[0] for label in self._labels if "/" in label})
        message.set("intent", _named(*intent), add_to_output=True)
        message.set("intent_ranking", _by_base_name(ranking), add_to_output=True)
        selection: dict[str, Any] = {"all_retrieval_intents": retrieval}
        for base in retrieval:
            keys = [(label, score) for label, score in ranking if label.startswith(f"{base}/")]
            if keys:
                selection[base] = select_response(keys)
        message.set("response_selector", selection, add_to_output=True)
        full = [{"name": label, "confidence": score} for label, score in ranking]
        message.set(FULL_RANKING, full, add_to_output=True)

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            (folder / "labels.json").write_text(json.dumps(self._labels), encoding="utf-8")
            if self._model is None or self._judgement is None:
                return
            parts = self._model.features.to_parts()
            (folder / "judgement.json").write_text(json.dumps(self._judgement.to_json()), encoding="utf-8")
            (folder / "vocabulary.json").write_text(
                json.dumps({name: list(vocabulary) for name, (vocabulary, _) in _ordered(parts).items()}),
                encoding="utf-8",
            )
            np.savez(
                folder / "model.npz",
                coefficients=self._model.coefficients,
                intercepts=self._model.intercepts,
                starts=self._model.starts,
                **{f"idf_{name}": weights for name, (_, weights) in parts.items()},
            )
            sp.save_npz(folder / "examples.npz", self._model.examples, compressed=False)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
            if not (folder / "model.npz").exists():
                return cls(config, model_storage, resource, labels)
            vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
            arrays = np.load(folder / "model.npz", allow_pickle=False)
            idf = {
                name: ({word: i for i, word in enumerate(words)}, arrays[f"idf_{name}"])
                for name, words in vocabulary.items()
            }
            model = LinearModel(
                Features(config, idf),
                arrays["coefficients"],
                arrays["intercepts"],
                sp.load_npz(folder / "examples.npz"),
                arrays["starts"],
            )
            judgement = Judgement.from_json(json.loads((folder / "judgement.json").read_text(encoding="utf-8")))
        return cls(config, model_storage, resource, labels, model, judgement)


def select_response(keys: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """The block that Rasa's retrieval actions read, for keys of one retrieval intent, best first.

    Args:
        keys: Full names such as `faq/personal_number_where` with their confidence, 0 to 1.
    """
    best, confidence = keys[0]
    return {
        "response": {
            "responses": [],
            "confidence": confidence,
            "intent_response_key": best,
            "utter_action": f"utter_{best}",
        },
        "ranking": [{"intent_response_key": key, "confidence": score} for key, score in keys],
    }


def topic_groups(labels: Sequence[str]) -> NDArray[np.int32]:
    """For each intent the index of its topic; an intent that belongs to none is its own."""
    names = [topics().get(label, label) for label in labels]
    index = {name: number for number, name in enumerate(sorted(set(names)))}
    return np.array([index[name] for name in names], dtype=np.int32)


def _named(label: str, confidence: float) -> dict[str, Any]:
    return {"name": label.partition("/")[0], "confidence": confidence}


def _by_base_name(ranking: Sequence[tuple[str, float]]) -> list[dict[str, Any]]:
    """One entry for each intent; the keys of a retrieval intent count together."""
    totals: dict[str, float] = {}
    for label, confidence in ranking:
        base = label.partition("/")[0]
        totals[base] = totals.get(base, 0.0) + confidence
    return [{"name": name, "confidence": min(total, 1.0)} for name, total in totals.items()]


def _ordered(
    parts: dict[str, tuple[dict[str, int], Floats]],
) -> dict[str, tuple[dict[str, int], Floats]]:
    """Vocabularies in the order of their columns."""
    return {name: (dict(sorted(words.items(), key=lambda pair: pair[1])), idf) for name, (words, idf) in parts.items()}
