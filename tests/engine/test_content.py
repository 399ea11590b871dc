"""The examples, rules and answers of the project: what holds for every one of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest

from base.paths import PROJECT
from base.wording import placeholders
from base.wording.filling import without_placeholders
from bot.engine.generator import INFORMATION, facts_of
from bot.engine.payloads import as_parse_data, parse_payload
from bot.engine.topics import topic_of, topics
from bot.program import Program
from conversations.sources import sources_of
from law.facts import fact, facts
from tests.support.conversing import Talk, talking
from tests.support.project import TEST_SPLIT, comparable, examples, read, responses

LEAST_EXAMPLES = 30
LONGEST_ANSWER = 900
TRAINING = examples(PROJECT / "data" / "nlu")
SPLIT = examples(TEST_SPLIT)
TOPICS = {
    "registration",
    "personal_number",
    "docs_by_status",
    "smalltalk",
    "out_of_scope",
    "not_covered",
    "crisis",
    "human_handover",
    "correct_or_cancel",
}
"""The names of topics that have examples so far, as the list of topics spells them."""

RESPONSES = [(name, variation) for name, variations in responses().items() for variation in variations]
BUTTONS = [(name, button) for name, variation in RESPONSES for button in variation.get("buttons", [])]


def test_every_intent_has_enough_examples() -> None:
    counts = Counter(intent for _, intent in TRAINING)
    assert {intent: count for intent, count in counts.items() if count < LEAST_EXAMPLES} == {}


def test_no_example_stands_twice_or_in_two_intents() -> None:
    intents = defaultdict(list)
    for text, intent in TRAINING:
        intents[comparable(text)].append(intent)
    assert {text: found for text, found in intents.items() if text and len(found) > 1} == {}


def test_the_test_split_was_never_trained_on() -> None:
    trained = {comparable(text) for text, _ in TRAINING}
    assert [text for text, _ in SPLIT if comparable(text) in trained] == []


def test_the_test_split_has_every_intent() -> None:
    assert {intent for _, intent in SPLIT} == {intent for _, intent in TRAINING}


def test_every_intent_belongs_to_a_known_topic() -> None:
    assert set(topics().values()) - {"entities"} == TOPICS
    assert {intent for _, intent in TRAINING} == topics().keys()


def test_every_retrieval_key_has_an_answer_and_every_answer_a_key() -> None:
    keys = {intent for _, intent in TRAINING if "/" in intent}
    answers = {name.removeprefix("utter_") for name in responses() if "/" in name}
    assert keys == answers


def test_every_plain_intent_has_a_rule_that_begins_with_it() -> None:
    rules = read(PROJECT / "data" / "rules" / "rules.yml")["rules"]
    begun = {rule["steps"][0].get("intent") for rule in rules}
    assert {intent.partition("/")[0] for _, intent in TRAINING} <= begun


@pytest.mark.parametrize(("name", "response"), RESPONSES, ids=[name for name, _ in RESPONSES])
def test_digits_come_only_from_placeholders(name: str, response: dict[str, Any]) -> None:
    shown = [response["text"], *(button["title"] for button in response.get("buttons", []))]
    # The numbers of a list are not facts.
    lines = [line.lstrip().lstrip("123456789.") for text in shown for line in text.splitlines()]
    assert [line for line in lines if any(c.isdigit() for c in without_placeholders(line))] == []


@pytest.mark.parametrize(("name", "response"), RESPONSES, ids=[name for name, _ in RESPONSES])
def test_every_fact_that_is_named_exists(name: str, response: dict[str, Any]) -> None:
    for fact_id in facts_of(response):
        fact(fact_id)
    for is_fact, placeholder in placeholders(response["text"]):
        assert not is_fact or fact(placeholder).value is not None


@pytest.mark.parametrize(("name", "response"), RESPONSES, ids=[name for name, _ in RESPONSES])
def test_information_has_a_source_and_what_states_no_fact_is_not_information(
    name: str, response: dict[str, Any], program: Program
) -> None:
    kind = (response.get("metadata") or {}).get("kind")
    assert kind in {INFORMATION, None}
    if name.startswith(("utter_faq/", "utter_docs_by_status_")):
        assert kind == INFORMATION
    if kind == INFORMATION:
        assert sources_of(facts_of(response), program.dialogue.translations("fr"))


def test_every_fact_is_used_by_an_answer() -> None:
    used = {fact_id for _, response in RESPONSES for fact_id in facts_of(response)}
    used |= {name for _, button in BUTTONS for is_fact, name in placeholders(button["title"]) if is_fact}
    assert facts().keys() - used == ALLOWED_TO_WAIT


ALLOWED_TO_WAIT: set[str] = set()
"""Facts that no answer needs yet."""


@pytest.mark.parametrize(("name", "response"), RESPONSES, ids=[name for name, _ in RESPONSES])
def test_answers_are_short_enough_to_read(name: str, response: dict[str, Any]) -> None:
    assert len(response["text"]) <= LONGEST_ANSWER


@pytest.mark.parametrize(("name", "button"), BUTTONS, ids=[f"{name}: {button['title']}" for name, button in BUTTONS])
async def test_every_choice_leads_to_an_answer(name: str, button: dict[str, str], program: Program) -> None:
    intent, _ = parse_payload(button["payload"])
    assert intent in topics()
    async with talking(program.assistant, program.database) as talk:
        reply = await _tap(talk, program, button)
    assert topic_of(intent) == reply["topic"]
    assert "problème technique" not in reply["text"]
    assert "pas sûr de comprendre" not in reply["text"]


async def _tap(talk: Talk, program: Program, button: dict[str, str]) -> dict[str, str]:
    """Takes the turn that a button stands for, wherever it is offered."""
    async with program.database.unit_of_work():
        outcome = await program.dialogue.choose(talk.session.id, button["payload"], button["title"], "fr")
    return {
        "topic": topic_of(outcome.intent),
        "text": " ".join(utterance.text for utterance in outcome.utterances),
    }


def test_a_choice_reads_like_typed_text_that_was_understood() -> None:
    parsed = as_parse_data('/ask_docs_by_status{"application_status": "draft"}', "Label")
    assert parsed["text"] == "Label"
    assert parsed["intent"] == {"name": "ask_docs_by_status", "confidence": 1.0}
    assert parsed["entities"] == [{"entity": "application_status", "value": "draft"}]
