"""The examples, rules and answers of the project: what holds for every one of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest

from actions.deadline.titles import TITLES
from base.paths import PROJECT
from base.wording import Translations, fill, placeholders
from base.wording.filling import without_placeholders
from bot.engine.computed import Question, compute
from bot.engine.dialogue import Dialogue, title_of
from bot.engine.generator import ANY, INFORMATION, asked_for, facts_of
from bot.engine.payloads import as_parse_data, parse_payload
from bot.engine.topics import topic_of, topics
from bot.program import Program
from casework.desk import staffed
from conversations.sources import sources_of
from law.facts import fact, facts
from tests.support.conversing import Talk, talking
from tests.support.project import TEST_SPLIT, comparable, examples, read, responses

LEAST_EXAMPLES = 40
LEAST_TESTED = 8
LONGEST_ANSWER = 900
LONGEST_TITLE = 48
TRAINING = examples(PROJECT / "data" / "nlu")
SPLIT = examples(TEST_SPLIT)
TOPICS = {
    "registration",
    "jobroom_overview",
    "jobroom_enrolment",
    "personal_number",
    "jobroom_login",
    "job_search_rules",
    "orp_documents",
    "incapacity_rules",
    "ipa_rules",
    "ipa_attachments",
    "benefit_application",
    "docs_by_status",
    "objection",
    "court_appeal",
    "sanctions",
    "repayment",
    "duty_to_inform",
    "followup_timeline",
    "cantonal_overview",
    "are",
    "training_programme",
    "solidarity_jobs",
    "pcm",
    "pcm_contribution",
    "public_holidays",
    "data_protection",
    "employer_charter",
    "employer_vacancy",
    "employer_jobroom_account",
    "employer_support",
    "tx_job_search",
    "tx_incapacity",
    "tx_ipa",
    "tx_documents",
    "tx_status",
    "tx_deadline",
    "tx_reminder",
    "human_handover",
    "tx_measures_check",
    "tx_my_data",
    "account_link",
    "tx_delete_data",
    "smalltalk",
    "language",
    "correct_or_cancel",
    "not_covered",
    "out_of_scope",
    "crisis",
}
"""The names of all topics, as the list of topics spells them."""

PATTERNS = {
    entry["regex"]
    for path in (PROJECT / "data" / "nlu").glob("*/entities.yml")
    for entry in read(path)["nlu"]
    if "regex" in entry
}
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


def test_every_topic_is_tested_often_enough() -> None:
    counts = Counter(topic_of(intent) for _, intent in SPLIT)
    assert {topic: counts[topic] for topic in TOPICS if counts[topic] < LEAST_TESTED} == {}


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


def test_digits_come_only_from_placeholders() -> None:
    shown = [
        (name, text)
        for name, response in RESPONSES
        for text in (response["text"], *(button["title"] for button in response.get("buttons", [])))
    ]
    # The numbers of a list are not facts.
    lines = [(name, line.lstrip().lstrip("123456789.")) for name, text in shown for line in text.splitlines()]
    assert [(name, line) for name, line in lines if any(c.isdigit() for c in without_placeholders(line))] == []


def test_every_fact_that_is_named_exists() -> None:
    named = {(name, fact_id) for name, response in RESPONSES for fact_id in facts_of(response)}
    assert {(name, fact_id) for name, fact_id in named if fact_id not in facts()} == set()


def test_every_fact_that_is_shown_has_a_value() -> None:
    shown = {
        (name, fact_id)
        for name, response in RESPONSES
        for is_fact, fact_id in placeholders(response["text"])
        if is_fact
    }
    assert {(name, fact_id) for name, fact_id in shown if fact(fact_id).value is None} == set()


def test_information_has_a_source_and_what_states_no_fact_is_not_information(dialogue: Dialogue) -> None:
    kinds = [(name, (response.get("metadata") or {}).get("kind"), response) for name, response in RESPONSES]
    assert {kind for _, kind, _ in kinds} == {INFORMATION, None}
    informing = ("utter_faq/", "utter_docs_by_status_")
    assert [name for name, kind, _ in kinds if name.startswith(informing) and kind != INFORMATION] == []
    french = dialogue.translations("fr")
    information = [(name, response) for name, kind, response in kinds if kind == INFORMATION]
    assert [name for name, response in information if not sources_of(facts_of(response), french)] == []


def test_every_fact_is_used_by_an_answer() -> None:
    used = {fact_id for _, response in RESPONSES for fact_id in facts_of(response)}
    used |= {name for _, button in BUTTONS for is_fact, name in placeholders(button["title"]) if is_fact}
    assert facts().keys() - used == ALLOWED_TO_WAIT


ALLOWED_TO_WAIT: set[str] = set()
"""Facts that no answer needs yet."""


def test_answers_are_short_enough_to_read() -> None:
    french, lengths = Translations("fr"), {}
    for _, response in RESPONSES:
        values = {placeholder: "…" for is_fact, placeholder in placeholders(response["text"]) if not is_fact}
        lengths[response["text"]] = len(fill(response["text"], french, fact, values).text)
    assert [text for text, length in lengths.items() if length > LONGEST_ANSWER] == []


async def test_every_choice_leads_to_an_answer(program: Program) -> None:
    astray = {}
    for payload, title in {button["payload"]: button["title"] for _, button in BUTTONS}.items():
        intent, _ = parse_payload(payload)
        async with talking(program.assistant, program.database) as talk:
            topic, text = await _tap(talk, program, payload, title)
        if intent not in topics() or topic != topic_of(intent) or any(sign in text for sign in SIGNS_OF_TROUBLE):
            astray[payload] = topic, text
    assert astray == {}


SIGNS_OF_TROUBLE = ("problème technique", "pas sûr de comprendre")


ASKED = [(name, response) for name, response in RESPONSES if asked_for(response)]


@pytest.mark.parametrize(("name", "response"), ASKED, ids=[f"{name} {asked_for(response)}" for name, response in ASKED])
def test_variation_is_for_something_that_is_recognised(name: str, response: dict[str, Any]) -> None:
    assert response is not responses()[name][0], "the first variation is the general one"
    for entity, value in asked_for(response).items():
        assert f"{entity}.{value}" in PATTERNS or (entity in {"day", "month", "duration"} and value == ANY)


COMPUTED = [response for _, response in RESPONSES if "computes" in (response.get("metadata") or {})]


@pytest.mark.parametrize(
    "response", COMPUTED, ids=[f"{response['metadata']['computes']} {asked_for(response)}" for response in COMPUTED]
)
def test_computed_answer_has_what_it_computes_from_and_shows_it(response: dict[str, Any]) -> None:
    named = {"day": {"2026-03-02"}, "duration": {"4 months"}, "month": {"2026-03"}}
    assert set(asked_for(response).values()) == {ANY}
    computed = compute(
        response["metadata"]["computes"], Question({kind: named[kind] for kind in asked_for(response)}, "depuis")
    )
    assert computed is not None
    values, due = computed.values(Translations("fr")), computed.as_due()
    assert due is None or due["matter"] in TITLES
    shown = {placeholder for is_fact, placeholder in placeholders(response["text"]) if not is_fact}
    assert shown
    assert shown <= values.keys()


def test_variations_differ_in_what_they_are_for() -> None:
    for name, variations in responses().items():
        wanted = [tuple(asked_for(variation).items()) for variation in variations]
        assert len(wanted) == len(set(wanted)), name


TITLED = {intent for _, intent in TRAINING if not intent.startswith(("smalltalk/", "out_of_scope/"))} - {
    "cancel",
    "correct",
    "crisis",
}
"""Intents that can be offered to choose from."""


def test_what_can_be_offered_has_a_short_name_of_its_own() -> None:
    titles = {intent: responses()[title_of(intent)][0]["text"] for intent in TITLED}
    assert {title for title in titles.values() if len(title) > LONGEST_TITLE} == set()
    assert [title for title, count in Counter(titles.values()).items() if count > 1] == []
    named = {name for name in responses() if name.startswith("utter_title_")}
    assert named == {title_of(intent) for intent in TITLED}


async def _tap(talk: Talk, program: Program, payload: str, title: str) -> tuple[str | None, str]:
    """Takes the turn that a choice stands for, wherever it is offered; gives the topic and the answer."""
    async with program.database.unit_of_work():
        with staffed(program.desk):
            outcome = await program.dialogue.choose(talk.session.id, payload, title, "fr")
    return topic_of(outcome.intent), " ".join(utterance.text for utterance in outcome.utterances)


def test_a_choice_reads_like_typed_text_that_was_understood() -> None:
    parsed = as_parse_data('/ask_docs_by_status{"application_status": "draft"}', "Label")
    assert parsed["text"] == "Label"
    assert parsed["intent"] == {"name": "ask_docs_by_status", "confidence": 1.0}
    assert parsed["entities"] == [{"entity": "application_status", "value": "draft"}]
