"""The classifier, on data of its own."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.classifier import FALLBACK_INTENT, LinearIntentClassifier
from bot.engine.linear_model import CHARACTER_NGRAMS, WORD_NGRAMS, Features

WEATHER = ["il fait beau", "quel temps demain", "va-t-il pleuvoir", "météo à Genève", "neige ce soir", "il fait froid"]
BREAD = [
    "du pain svp",
    "où acheter du pain",
    "une baguette fraîche",
    "pain complet ou blanc",
    "la boulangerie",
    "pain noir",
]
MILK = [
    "du lait entier",
    "lait de vache",
    "un litre de lait",
    "le lait est tourné",
    "lait sans lactose",
    "boire du lait",
]


def examples(**intents: list[str]) -> TrainingData:
    return TrainingData(
        [Message.build(text=text, intent=name.replace("__", "/")) for name, texts in intents.items() for text in texts]
    )


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


def trained(storage: LocalModelStorage, data: TrainingData) -> LinearIntentClassifier:
    context = ExecutionContext(GraphSchema({}))
    config = LinearIntentClassifier.get_default_config()
    resource = Resource("classifier")
    LinearIntentClassifier.create(config, storage, resource, context).train(data)
    return LinearIntentClassifier.load(config, storage, resource, context)


def understood(classifier: LinearIntentClassifier, text: str) -> Message:
    return classifier.process([Message(data={"text": text})])[0]


def test_plain_intents_need_no_retrieval_keys(storage: LocalModelStorage) -> None:
    classifier = trained(storage, examples(weather=WEATHER, bread=BREAD))
    message = understood(classifier, "il va pleuvoir à Genève demain")
    assert message.get("intent")["name"] == "weather"
    assert [entry["name"] for entry in message.get("intent_ranking")] == ["weather", "bread"]
    assert message.get("response_selector") == {"all_retrieval_intents": []}


def test_keys_of_a_retrieval_intent_fill_the_response_selection(storage: LocalModelStorage) -> None:
    classifier = trained(storage, examples(shop__bread=BREAD, shop__milk=MILK, weather=WEATHER))
    message = understood(classifier, "un peu de lait de vache")
    assert message.get("intent")["name"] == "shop"
    selected = message.get("response_selector")["shop"]["response"]
    assert selected["intent_response_key"] == "shop/milk"
    assert selected["utter_action"] == "utter_shop/milk"


def test_probabilities_of_the_ranking_sum_to_one(storage: LocalModelStorage) -> None:
    classifier = trained(storage, examples(shop__bread=BREAD, shop__milk=MILK, weather=WEATHER))
    ranking = understood(classifier, "du pain").get("intent_ranking")
    assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1.0)


def test_what_is_like_nothing_trained_is_refused(storage: LocalModelStorage) -> None:
    classifier = trained(storage, examples(weather=WEATHER, bread=BREAD, milk=MILK))
    assert understood(classifier, "xylophone zigzag").get("intent")["name"] == FALLBACK_INTENT


def test_one_intent_alone_is_always_meant(storage: LocalModelStorage) -> None:
    assert understood(trained(storage, examples(weather=WEATHER)), "n'importe quoi").get("intent")["name"] == "weather"


def test_no_examples_at_all_mean_nothing_is_understood(storage: LocalModelStorage) -> None:
    assert understood(trained(storage, TrainingData([])), "bonjour").get("intent")["name"] == FALLBACK_INTENT


@pytest.mark.long
def test_training_twice_makes_the_same_model(tmp_path: Path) -> None:
    data = examples(weather=WEATHER, bread=BREAD, milk=MILK)
    rankings = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        rankings.append(understood(trained(LocalModelStorage.create(folder), data), "pain").get("intent_ranking"))
    assert rankings[0] == rankings[1]


def test_features_of_one_text_are_those_of_scikit_learn() -> None:
    config = LinearIntentClassifier.get_default_config()
    features = Features(config)
    matrix = features.fit([*WEATHER, *BREAD, *MILK]).toarray()
    for row, text in zip(matrix, [*WEATHER, *BREAD, *MILK], strict=True):
        columns, values = features.of(text)
        dense = np.zeros_like(row)
        dense[columns] = values
        assert dense == pytest.approx(row, abs=1e-6)
    assert {WORD_NGRAMS, CHARACTER_NGRAMS} == features.to_parts().keys()


def test_text_without_any_known_part_has_no_features() -> None:
    features = Features(LinearIntentClassifier.get_default_config())
    features.fit(WEATHER)
    assert features.of("你好")[0].size == 0


@pytest.mark.long
def test_150_intents_with_15000_examples_train(storage: LocalModelStorage) -> None:
    chance = np.random.default_rng(1)
    parts = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "ou", "er")]
    words = ["".join(chance.choice(parts, chance.integers(1, 4))) for _ in range(6000)]
    intents = {}
    for number in range(150):
        own = chance.choice(words, 40)
        intents[f"intent_{number}"] = [
            " ".join(chance.choice(own if chance.random() < 0.6 else words) for _ in range(chance.integers(3, 14)))
            for _ in range(100)
        ]
    classifier = trained(storage, examples(**intents))
    hits = sum(
        understood(classifier, text).get("intent_ranking")[0]["name"] in {name, FALLBACK_INTENT}
        for name, texts in intents.items()
        for text in texts[:2]
    )
    assert hits >= 0.95 * 300
