"""Linear models over words and parts of words, and what cross-validation teaches about their values.

TF-IDF of words and of characters within words goes into one-vs-rest linear support vector machines, one for each label
and one for each group of labels. What a label gets is the sum of both, so that labels of a group help each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.engine.text import normalise

WORD_NGRAMS, CHARACTER_NGRAMS = "word_ngrams", "character_ngrams"
REGULARISATION, FOLDS, REFUSED_SHARE, OUT_OF_SCOPE = "C", "folds", "refused_share", "out_of_scope_intents"
SIMILARITY_WEIGHT, NEIGHBOURS, RANKING_LENGTH, SEED = "similarity_weight", "neighbours", "ranking_length", "random_seed"
ENOUGH_HELD_OUT, GROUP_WEIGHT = "enough_held_out", "group_weight"

TOLERANCE = 0.1
"""Where fitting stops; a hundredth of it takes half as long again and understands no better."""

_WORD = r"\b\w+\b"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Scale:
    """Mean and standard deviation by which a quantity is made comparable with others."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: Floats) -> Scale:
        return cls(float(values.mean()), float(values.std()) or 1.0)

    def __call__(self, values: Any) -> Any:
        return (values - self.mean) / self.deviation


@dataclass(frozen=True)
class Judgement:
    """What cross-validation taught about decision values.

    Args:
        temperature: Factor that makes softmax of decision values probabilities.
        decision: Scale of best decision values.
        similarity: Scale of similarities to the nearest examples.
        similarity_weight: Weight of the similarity against the decision value.
        threshold: Least certainty of a message that is not refused.
    """

    temperature: float
    decision: Scale
    similarity: Scale
    similarity_weight: float
    threshold: float = -np.inf

    def certainty(self, best_decision: Any, nearness: Any) -> Any:
        """How sure it is that a message is like something that was trained; without a unit."""
        return self.decision(best_decision) + self.similarity_weight * self.similarity(nearness)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Judgement:
        scales = {name: Scale(**content[name]) for name in ("decision", "similarity")}
        return cls(**{**content, **scales})


class Features:
    """TF-IDF of words and of characters within words, side by side."""

    def __init__(self, config: dict[str, Any], idf: dict[str, tuple[dict[str, int], Floats]] | None = None) -> None:
        self._vectorizers = {
            WORD_NGRAMS: self._vectorizer(config, WORD_NGRAMS, analyzer="word", token_pattern=_WORD),
            CHARACTER_NGRAMS: self._vectorizer(config, CHARACTER_NGRAMS, analyzer="char_wb"),
        }
        for name, (vocabulary, weights) in (idf or {}).items():
            self._vectorizers[name].vocabulary = vocabulary
            self._vectorizers[name].idf_ = weights

    @staticmethod
    def _vectorizer(config: dict[str, Any], name: str, **kwargs: Any) -> TfidfVectorizer:
        shape = tuple(config[name])
        return TfidfVectorizer(ngram_range=shape, preprocessor=normalise, sublinear_tf=True, dtype=np.float32, **kwargs)

    def fit(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Learns which features there are, and gives those of the texts, one row each, of unit length."""
        blocks = [vectorizer.fit_transform(texts) for vectorizer in self._vectorizers.values()]
        # Each block has unit length; this makes products of whole rows cosines.
        return sp.hstack(blocks, format="csr", dtype=np.float32) * np.float32(np.sqrt(0.5))

    @cached_property
    def _tables(self) -> list[tuple[Callable[[str], list[str]], dict[str, int], Floats, int]]:
        tables, offset = [], 0
        for vectorizer in self._vectorizers.values():
            tables.append((vectorizer.build_analyzer(), vectorizer.vocabulary_, vectorizer.idf_, offset))
            offset += len(vectorizer.vocabulary_)
        return tables

    def of(self, text: str) -> tuple[NDArray[np.int64], Floats]:
        """The features of one text: their columns and values.

        The same as scikit-learn's `transform`, whose checks of its own state take longer than the work.
        """
        columns, values = [], []
        for analyse, vocabulary, idf, offset in self._tables:
            counts = Counter(column for token in analyse(text) if (column := vocabulary.get(token)) is not None)
            known = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
            weights = (1.0 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * idf[known]
            length = np.sqrt(np.dot(weights, weights)) or 1.0
            columns.append(known + offset)
            values.append((weights * (np.sqrt(0.5) / length)).astype(np.float32))
        return np.concatenate(columns), np.concatenate(values)

    def to_parts(self) -> dict[str, tuple[dict[str, int], Floats]]:
        """Vocabulary and weights of each block, to be kept in the model."""
        return {
            name: ({word: int(i) for word, i in vectorizer.vocabulary_.items()}, vectorizer.idf_)
            for name, vectorizer in self._vectorizers.items()
        }


class LinearModel:
    """Fitted features and decision functions.

    Args:
        features: Fitted on the examples.
        coefficients: One column for each label, one row for each feature.
        intercepts: One for each label.
        examples: Features of the examples, one row each, in the order of their labels.
        starts: For each label the row of its first example, and the number of rows at the end.
    """

    def __init__(
        self,
        features: Features,
        coefficients: Floats,
        intercepts: Floats,
        examples: sp.csr_matrix,
        starts: NDArray[np.int64],
    ) -> None:
        self.features = features
        self.coefficients = coefficients
        self.intercepts = intercepts
        self.examples = examples
        self.starts = starts

    @classmethod
    def fit(
        cls, config: dict[str, Any], texts: Sequence[str], labels: NDArray[np.int32], groups: NDArray[np.int32]
    ) -> LinearModel:
        """Fits on texts and the indices of their labels; labels without an example here never win.

        Args:
            groups: For each label the index of its group.
        """
        features = Features(config)
        matrix = features.fit(texts)
        coefficients, intercepts = _one_vs_rest(config, matrix, labels, len(groups))
        if config[GROUP_WEIGHT] and len(np.unique(groups)) > 1:
            of_groups = _one_vs_rest(config, matrix, groups[labels], int(groups.max()) + 1)
            coefficients += config[GROUP_WEIGHT] * of_groups[0][:, groups]
            intercepts += config[GROUP_WEIGHT] * of_groups[1][groups]
        starts = np.searchsorted(np.sort(labels), np.arange(len(groups) + 1))
        return cls(features, coefficients, intercepts, matrix[np.argsort(labels, kind="stable")], starts)

    def decide(self, text: str, neighbours: int) -> tuple[Floats, float]:
        """Decision values for every label, and how near the best label's examples are.

        Returns:
            One value for each label; and the mean cosine similarity, 0 to 1, of the `neighbours` nearest examples of
            the best label.
        """
        columns, values = self.features.of(text)
        decisions: Floats = values @ self.coefficients[columns] + self.intercepts
        best = int(decisions.argmax())
        begin, end = self.starts[best], self.starts[best + 1]
        if begin == end:
            return decisions, 0.0
        dense = np.zeros(len(self.coefficients), dtype=np.float32)
        dense[columns] = values
        similarities = self.examples[begin:end] @ dense
        count = min(neighbours, len(similarities))
        return decisions, float(np.partition(similarities, -count)[-count:].mean())


def _one_vs_rest(
    config: dict[str, Any], matrix: sp.csr_matrix, labels: NDArray[np.int32], classes: int
) -> tuple[Floats, Floats]:
    """Coefficients, one column for each label, and intercepts."""
    # The seed makes training repeatable.
    machine = LinearSVC(C=config[REGULARISATION], tol=TOLERANCE, dual=True, random_state=config[SEED]).fit(
        matrix, labels
    )
    coefficients, intercepts = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # scikit-learn keeps one decision function for two classes
        coefficients = np.vstack([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    all_coefficients = np.zeros((matrix.shape[1], classes), dtype=np.float32)
    all_intercepts = np.full(classes, -2.0, dtype=np.float32)
    all_coefficients[:, machine.classes_] = coefficients.T
    all_intercepts[machine.classes_] = intercepts
    return all_coefficients, all_intercepts


def judge(
    config: dict[str, Any],
    texts: Sequence[str],
    labels: NDArray[np.int32],
    groups: NDArray[np.int32],
    in_scope: NDArray[np.bool_],
) -> Judgement:
    """Learns from cross-validation what decision values mean.

    Args:
        groups: For each label the index of its group.
        in_scope: For each text, whether refusing it would be a mistake.
    """
    decisions, nearness, judged = held_out(config, texts, labels, groups)
    decisions, nearness, labels, in_scope = decisions[judged], nearness[judged], labels[judged], in_scope[judged]

    best = decisions.max(axis=1)
    judgement = Judgement(
        fit_temperature(decisions, labels), Scale.of(best), Scale.of(nearness), config[SIMILARITY_WEIGHT]
    )
    understood = in_scope & (decisions.argmax(axis=1) == labels)
    if not understood.any():
        return judgement
    certainty = judgement.certainty(best, nearness)[understood]
    return replace(judgement, threshold=float(np.quantile(certainty, config[REFUSED_SHARE])))


def held_out(
    config: dict[str, Any],
    texts: Sequence[str],
    labels: NDArray[np.int32],
    groups: NDArray[np.int32],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Judges texts by models that have not seen them, until enough are judged.

    Args:
        groups: For each label the index of its group.
        progress: Told how many folds of how many are done.

    Returns:
        Decision values, one row for each text; how near the best label's examples are; which texts were judged.
    """
    folds = _folds(labels, config[FOLDS], config[SEED])
    decisions = np.zeros((len(texts), len(groups)), dtype=np.float32)
    nearness = np.zeros(len(texts), dtype=np.float32)
    judged = np.zeros(len(texts), dtype=np.bool_)
    for fold in range(config[FOLDS]):  # one after another: liblinear's chance is one for all threads
        if judged.sum() >= config[ENOUGH_HELD_OUT]:
            break
        held, kept = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        model = LinearModel.fit(config, [texts[i] for i in kept], labels[kept], groups)
        for i in held:
            decisions[i], nearness[i] = model.decide(texts[i], config[NEIGHBOURS])
        judged[held] = True
        progress(fold + 1, config[FOLDS])
    return decisions, nearness, judged


def _folds(labels: NDArray[np.int32], count: int, seed: int) -> NDArray[np.int64]:
    """Deals the examples of each label in turn to the folds, so that each fold has its share of every label."""
    order = np.random.default_rng(seed).permutation(len(labels))
    by_label = order[np.argsort(labels[order], kind="stable")]
    folds = np.empty(len(labels), dtype=np.int64)
    folds[by_label] = np.arange(len(labels)) % count
    return folds


def fit_temperature(decisions: Floats, labels: NDArray[np.int32]) -> float:
    """The factor that makes softmax of decision values fit the held-out labels best."""

    def loss(logarithm: float) -> float:
        scores = log_softmax(decisions * np.exp(logarithm), axis=1)
        return float(-scores[np.arange(len(labels)), labels].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x))
