"""What is said of something that happened, in answer to what was asked of it."""

from __future__ import annotations

from typing import Any

from actions.ipa.answers import forgotten, others, says_all, says_no
from actions.ipa.clauses import said_of, told
from actions.ipa.days import absences, first_day
from actions.ipa.draft import IpaDraft
from actions.ipa.questions import ASKS, DETAILS
from actions.ipa.topics import Topic
from actions.tasks import CORRECT, LIKELY, SURE, Said
from base.plain import plain

_OTHERS = frozenset(
    {"cancel", "human_handover", "crisis", "log_out", "stop_reminder", "my_deadlines", "tx_delete_data"}
)
"""Intents of messages that tell nothing of a month."""
_MINE = frozenset({"tx_ipa", "tx_incapacity", CORRECT})
"""Intents of messages that may answer what was asked, although they ask for something."""


def details(said: Said, draft: IpaDraft, topic: Topic) -> dict[str, Any]:
    """An answer to what was asked of something that happened.

    Raises:
        Unusable: When it names days that cannot be meant.
    """
    if draft.offers_announced(topic) and (said.agrees or says_no(said.text)):
        return {DETAILS.slot: True, "takes_announced": said.agrees}
    if said.agrees or _is_other(said, topic):
        return {}
    if says_all(said.text):
        return _of(topic, "", said, draft)
    facts = told(said.text)
    if topic in facts.no or says_no(said.text):
        return {topic.value: False, DETAILS.slot: True, **forgotten(topic, draft)}
    more = others(facts, topic, said, draft)
    return more | _of(topic, facts.yes.get(topic) or said.text.strip(), said, draft.model_copy(update=more))


def _is_other(said: Said, topic: Topic) -> bool:
    """Whether a message is about something else, or about nothing."""
    if said.intent in _OTHERS or ASKS.search(plain(said.text)) is not None:
        return True
    if said.intent.startswith("tx_") and said.confidence >= LIKELY and not said_of(topic, said.text):
        return said.intent not in _MINE  # «mes recherches»
    return said.confidence >= SURE and (said.asks or said.intent == "smalltalk") and said.intent not in _MINE


def _of(topic: Topic, words: str, said: Said, draft: IpaDraft) -> dict[str, Any]:
    """What is said of one topic.

    Raises:
        Unusable: When it names days that cannot be meant.
    """
    if topic is Topic.ABSENCE:
        away = absences(said.text, draft, said.today)
        return {DETAILS.slot: True, "absences": away} if away else {}
    if topic is Topic.NEW_JOB and (found := first_day(said.text, draft, said.today)):
        return {DETAILS.slot: True, **found}
    if topic is Topic.NEW_JOB and not said.unsure:
        return {}
    values = {DETAILS.slot: True, "told": {**draft.told, topic: "" if said.unsure else words}}
    return values | ({"takes_announced": False} if topic is Topic.INCAPACITY else {})
