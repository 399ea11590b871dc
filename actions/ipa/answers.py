"""Which topics of an IPA happened, by what a message tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions.ipa.clauses import Told, said_of, told
from actions.ipa.days import absences, first_day, reference
from actions.ipa.draft import IpaDraft
from actions.ipa.questions import ASKS, TOPICS
from actions.ipa.topics import Topic
from actions.sending import CONFIRMED
from actions.tasks import CORRECTION, Question, Said
from base.plain import plain
from base.reading import days

_YES = re.compile(r"\s*(?:ou+i+|ouais?|ouep|si|yes|ja|exact\w*|tout a fait|bien sur|d'accord|ok)\b")
_NO = re.compile(
    r"\s*(?:no+n+|nan|nn|nope|nein|pas(?! (?:maintenant|tout de suite|compris|sure?)\b)|aucune?|jamais|rien|du tout|zero)\b"
)
_JUST_NO = re.compile(r"\s*(?:non|nan|nn|no|nope|nein)(?:[\s,]+merci)?[\s.!]*")
_ALL_SAID = re.compile(
    r"[\s.!,]*(?:voila|(?:non )?(?:c'?est tout|rien d'autre|rien de plus)|tout est (?:la|dit))(?: merci)?[\s.!]*"
)
_ADDRESS = re.compile(
    r"\b(?:rue|avenue|av|chemin|ch|route|rte|boulevard|bd|quai|place|impasse|passage)\b\.? [^,;]{2,40}\d|\b[1-9]\d{3} [a-z]{3,}"
)
_NEEDS_MORE = re.compile(r"\b(?:adresse|demenag\w*|compte|iban|banque)\b")
"""Says what has changed, and not how."""
_TAKES_BACK = re.compile(
    r"\b(?:en fait|finalement|oups|pardon|erreur|trompe|oublie\w*|plutot|corrig\w*|chang\w*|enlev\w+|retir\w+|supprim\w+)\b"
)


def says_no(text: str) -> bool:
    """Whether a text is a no, and neither «stop» nor «plus tard»."""
    return _JUST_NO.fullmatch(plain(text)) is not None


def says_all(text: str) -> bool:
    """Whether a text says that there is nothing more to say: «c'est tout»."""
    return _ALL_SAID.fullmatch(plain(text)) is not None


def takes_back(text: str) -> bool:
    """Whether a text changes what was said before: «j'ai oublié de dire que …»."""
    return _TAKES_BACK.search(plain(text)) is not None


def topics(said: Said, draft: IpaDraft, pending: Question | None) -> dict[str, Any]:
    """Which topics happened and which did not."""
    asked = next((topic for topic, question in TOPICS.items() if question is pending), None)
    if pending is not None and ASKS.search(plain(said.text)):
        return {}
    facts = told(said.text)
    if asked is not None:
        _answer(asked, facts, said)
    if draft.changed and not (facts.yes or facts.no) and _ADDRESS.search(plain(said.text)):
        facts.yes[Topic.CHANGED], facts.adds = said.text.strip(), True
    is_free = pending in {None, CONFIRMED, CORRECTION} or takes_back(said.text) or said.replaces
    values: dict[str, Any] = {}
    for topic in Topic:
        is_bare = draft.answer(topic) is True and draft.lacks_details(topic)  # «oui», and then «chez Migros»
        is_open = draft.answer(topic) is None or topic is asked or is_free
        if topic in facts.yes and (is_open or is_bare):
            values |= happened(topic, facts.yes[topic], said, draft.model_copy(update=values), adds=facts.adds)
        elif topic in facts.no and is_open and draft.answer(topic) is not False:
            values |= {topic.value: False, **forgotten(topic, draft.model_copy(update=values))}
    if facts.is_all:
        values |= {topic.value: False for topic in draft.unanswered if topic.value not in values}
    return values


def _answer(asked: Topic, facts: Told, said: Said) -> None:
    """Reads a yes or a no, or what only somebody says who means yes, as an answer to what was asked."""
    simple = plain(said.text)
    if asked in facts.yes or asked in facts.no:
        return
    if said.agrees or _YES.match(simple):
        facts.yes[asked] = "" if said.agrees else said_of(asked, said.text)
    elif _NO.match(simple) and not said.unsure:
        facts.no.add(asked)
    elif not facts.yes and not facts.no and not facts.is_all and not said.unsure:
        has_days = bool(days(said.text, said.today)) and asked in {Topic.ABSENCE, Topic.INCAPACITY, Topic.NEW_JOB}
        if has_days or (asked is Topic.WORKED and said_of(asked, said.text)):
            facts.yes[asked] = said_of(asked, said.text)


def happened(topic: Topic, words: str, said: Said, draft: IpaDraft, *, adds: bool) -> dict[str, Any]:
    """That something happened, with what is said of it as far as it is of use."""
    values: dict[str, Any] = {topic.value: True}
    if topic is Topic.ABSENCE:
        away = absences(words or said.text, draft, said.today)
        return values | ({"absences": (*draft.absences, *away) if adds else away} if away else {})
    if topic is Topic.NEW_JOB:
        return values | first_day(words or said.text, draft, said.today)
    if topic is Topic.INCAPACITY and not (words and days(words, reference(draft, said.today))):
        return values
    if not words or (topic is Topic.CHANGED and not _is_enough(words)):
        return values
    if adds and draft.told.get(topic):
        words = f"{draft.told[topic]} ; {words}"
    told_now = {**draft.told, topic: words}
    more = {"takes_announced": False} if topic is Topic.INCAPACITY else {}
    settled = tuple(one for one in draft.settled if one is not topic)
    return values | {"told": told_now, "settled": settled, **more}


def _is_enough(words: str) -> bool:
    """Whether what is said of a change says how: an address or an account has a number, or a token for it."""
    return _NEEDS_MORE.search(plain(words)) is None or re.search(r"\d", words) is not None


def forgotten(topic: Topic, draft: IpaDraft) -> dict[str, Any]:
    """What was said of a topic that did not happen, or is to be asked anew."""
    values: dict[str, Any] = {
        "told": {one: words for one, words in draft.told.items() if one is not topic},
        "settled": tuple(one for one in draft.settled if one is not topic),
        "following": tuple(one for one in draft.following if one is not topic),
    }
    if topic is Topic.ABSENCE:
        values["absences"] = ()
    elif topic is Topic.NEW_JOB:
        values["new_job_from"] = None
    elif topic is Topic.INCAPACITY:
        values["takes_announced"] = None
    return values


def without(draft: IpaDraft, names: Sequence[str]) -> dict[str, Any]:
    """What goes with answers that are taken back."""
    values: dict[str, Any] = {}
    for topic in Topic:
        if topic.value in names:
            values |= forgotten(topic, draft.model_copy(update=values))
    return values


def last_taken_back(draft: IpaDraft) -> dict[str, Any]:
    """The answer before is asked again."""
    answered = [topic for topic in Topic if draft.answer(topic) is not None]
    return {topic.value: None for topic in answered[-1:]} | without(draft, answered[-1:])


def others(facts: Told, topic: Topic, said: Said, draft: IpaDraft, *, is_free: bool = False) -> dict[str, Any]:
    """What an answer tells of other topics, where it is said to be something else.

    Args:
        is_free: Whether it cannot be about the topic itself, so that what is said of others need not say so.
    """
    values = dict[str, Any]()
    is_taken_back = takes_back(said.text)
    is_meant = facts.adds or is_taken_back
    if not (is_meant or is_free):
        return values
    for other, words in facts.yes.items():
        is_changed = is_taken_back and bool(words) and other in draft.told
        is_new = other is not topic and not draft.answer(other) and (is_meant or bool(words))
        if is_changed or is_new:
            values |= happened(other, words, said, draft.model_copy(update=values), adds=False)
        if is_changed:
            values["settled"] = draft.settled  # its papers stay as they are
    for other in facts.no:
        if other is not topic and draft.answer(other):
            values |= {other.value: False, **forgotten(other, draft.model_copy(update=values))}
    return values
