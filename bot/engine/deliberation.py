"""What is done with a message that does not say one clear thing: close calls, and two requests in one message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.tasks import CORRECT, SURE, begins_a_correction
from bot.engine.classifier import FULL_RANKING, select_response
from bot.engine.topics import topic_of

CLOSE_CALL, NOT_UNDERSTOOD = "close_call", "nlu_fallback"

UNSURE_BELOW = 0.45
"""Probability of the best intent above which nothing is asked."""
CLOSE_ABOVE = 0.6
"""Probability of the second intent, as a share of the best one's, from which both may be meant."""
FAINT_BELOW = 0.12
"""Probability below which an intent is not worth offering."""
MOST_OPTIONS = 3

CRISIS = "crisis"
CRISIS_ABOVE = 0.5
"""Probability from which one sentence of distress counts, whatever else the message is about."""

HUMAN = "human_handover"

CLEAR_ABOVE = 0.6
"""Probability from which a part of a message is a request of its own."""
LEAST_WORDS = 3
LEAST_WORDS_GREETED = 2
"""With fewer, a greeting is what the message says."""
MOST_WORDS_OF_A_CORRECTION = 5
"""A longer message that begins with «non» tells something of its own."""

_BREAK = re.compile(
    r"(?<=[.?!;\n])\s+|,?\s+(?=(?:et (?:aussi|puis|sinon|autre chose|en plus|est-ce|comment|combien|où|ou|quand|je|j'|qui|"
    r"c'est|quel\w*)|puis|aussi|sinon|par ailleurs|autre question|deuxième question|en plus)\b)|"
    r",\s+(?=(?:je|j'|est-ce|comment|combien|où|quand|c'est quoi|pouvez-vous)\b)",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\s*(?:(?:re)?(?:bonjour|bonsoir|bjr|bsr|salut|slt|hello|hey|coucou|cc|hi|hallo|ciao|madame|mme|monsieur|mr|messieurs|mesdames|à tous|"
    r"tout le monde|cher\w*|bonne journée)\b[\s,.!:;👋🙂😊-]*)+",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\?|\b(?:comment|combien|quand|où|qui|quel(?:le)?s?|pourquoi|est-ce|c'est quoi|-(?:je|on|il|elle|vous|t-il|t-on)\b|"
    r"je (?:veux|voudrais|souhaite\w*|dois|peux)|j'aimerais|il faut|faut il|merci de|pouvez-vous|dites-moi)\b",
    re.IGNORECASE,
)
"""What makes a sentence a request; without it, it tells what the request is about."""


@dataclass(frozen=True)
class Understanding:
    """What a message is taken for.

    Args:
        parsed: What Rasa's turn begins with.
        intent: Full name of the intent that is most likely meant.
        confidence: Its probability, 0 to 1.
        options: Full names of intents to offer besides the answer, the likeliest first.
    """

    parsed: dict[str, Any]
    intent: str
    confidence: float
    options: tuple[str, ...] = ()

    @classmethod
    def of(cls, parsed: dict[str, Any]) -> Understanding:
        """Takes a message for what is likeliest."""
        return cls(parsed, *_best(parsed))


def deliberate(
    parsed: dict[str, Any], parts: Mapping[str, dict[str, Any]], can_be_offered: Callable[[str], bool]
) -> Understanding:
    """Decides what to answer, what to ask, and what to offer.

    Args:
        parsed: What Rasa makes of the whole message.
        parts: What it makes of each of its parts, in their order.
        can_be_offered: Whether an intent, by its full name, has a name that people can read.
    """
    whole = Understanding.of(parsed)
    in_danger = next((found for found in map(_best, parts.values()) if found[0] == CRISIS), None)
    if in_danger is not None and in_danger[1] >= CRISIS_ABOVE:
        return Understanding(_taken_for(parsed, in_danger), *in_danger)
    is_short = len(parsed["text"].split()) <= MOST_WORDS_OF_A_CORRECTION
    if whole.confidence < CLEAR_ABOVE and is_short and parsed.get("entities") and begins_a_correction(parsed["text"]):
        return Understanding(_taken_for(parsed, (CORRECT, whole.confidence)), CORRECT, whole.confidence)
    asked = {part: taken for part, taken in parts.items() if is_request(part)}
    human = next((found for found in map(_best, asked.values()) if found[0] == HUMAN), None)
    if human is not None and human[1] >= SURE and whole.intent != HUMAN:
        offered = (whole.intent,) if whole.confidence >= CLEAR_ABOVE and can_be_offered(whole.intent) else ()
        return Understanding(_taken_for(parsed, human), *human, options=offered)
    requests = _requests(whole.intent, asked.values(), can_be_offered)
    if len(requests) > 1:
        first, second = requests[:2]
        return Understanding(_taken_for(parsed, first), *first, options=(second[0],))
    options = _close(parsed[FULL_RANKING], can_be_offered)
    if not options:
        return whole
    unclear = {**parsed, "intent": {"name": CLOSE_CALL, "confidence": whole.confidence}}
    return replace(whole, parsed=unclear, options=options)


def taken_for(understood: Understanding, intent: str) -> Understanding:
    """A message as if it were nothing but this request; what was close to it is no choice any more."""
    request = (intent, max(understood.confidence, SURE))
    return Understanding(_taken_for(understood.parsed, request), *request)


def parts_of(text: str) -> list[str]:
    """The sentences of a message, and the parts that begin like another request; none when there is only one."""
    parts = [part for part in _BREAK.split(text) if len(part.split()) >= LEAST_WORDS]
    return parts if len(parts) > 1 else []


def begins_after_greeting(text: str) -> int:
    """Where a text says what it is about: after «Bonjour Madame,», unless that is nearly all of it."""
    greeting = _GREETING.match(text)
    says_more = greeting is not None and len(text[greeting.end() :].split()) >= LEAST_WORDS_GREETED
    return greeting.end() if greeting is not None and says_more else 0


def is_request(text: str) -> bool:
    """Whether a text asks for something, and does not only tell."""
    return _REQUEST.search(text) is not None


def _best(parsed: Mapping[str, Any]) -> tuple[str, float]:
    """The full name of the intent and its probability."""
    base = parsed["intent"]["name"]
    selected = parsed.get("response_selector", {}).get(base)
    if selected:
        return str(selected["response"]["intent_response_key"]), float(selected["response"]["confidence"])
    return str(base), float(parsed["intent"]["confidence"])


def _close(ranking: Sequence[Mapping[str, Any]], can_be_offered: Callable[[str], bool]) -> tuple[str, ...]:
    """The intents to choose from when two or more may be meant; none when one is clear enough."""
    if len(ranking) < 2 or ranking[0]["confidence"] >= UNSURE_BELOW:
        return ()
    best = ranking[0]["confidence"]
    rivals = [one for one in ranking if one["confidence"] >= max(CLOSE_ABOVE * best, FAINT_BELOW)]
    if len(rivals) < 2 or not all(can_be_offered(one["name"]) for one in rivals[:2]):
        return ()
    return tuple(one["name"] for one in rivals if can_be_offered(one["name"]))[:MOST_OPTIONS]


def _requests(
    whole: str, parts: Iterable[Mapping[str, Any]], can_be_offered: Callable[[str], bool]
) -> list[tuple[str, float]]:
    """The clear requests on different topics, in their order, if the whole message is taken for one of them."""
    clear = [request for request in map(_best, parts) if request[1] >= CLEAR_ABOVE and can_be_offered(request[0])]
    first_of_topic: dict[str, tuple[str, float]] = {}
    for request in clear:
        first_of_topic.setdefault(topic_of(request[0]), request)
    requests = list(first_of_topic.values())
    return requests if whole in {intent for intent, _ in requests} else []


def _taken_for(parsed: Mapping[str, Any], request: tuple[str, float]) -> dict[str, Any]:
    """The message, as if it were nothing but this request."""
    intent, confidence = request
    base = intent.partition("/")[0]
    selector = dict(parsed.get("response_selector", {}))
    if base != intent:
        selector[base] = select_response([(intent, confidence)])
    return {**parsed, "intent": {"name": base, "confidence": confidence}, "response_selector": selector}
