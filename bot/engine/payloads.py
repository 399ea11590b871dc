"""What a choice means: Rasa's payloads, written in the domain and never taken from the outside."""

import json
import re
from typing import Any

from bot.engine.classifier import select_response

_PAYLOAD = re.compile(r"/(?P<intent>[\w/]+)(?P<entities>\{.*\})?")


class PayloadError(Exception):
    """A button of the domain has a payload that cannot be read."""


def parse_payload(payload: str) -> tuple[str, dict[str, Any]]:
    """The intent, with its key if it is a retrieval intent, and the entities that a payload names.

    Args:
        payload: For example `/faq/personal_number_where` or `/ask_docs_by_status{"application_status": "draft"}`.

    Raises:
        PayloadError: When it is not a payload.
    """
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        raise PayloadError(f"not a payload: {payload}")
    try:
        entities = json.loads(match["entities"] or "{}")
    except json.JSONDecodeError as error:
        raise PayloadError(f"not a payload: {payload}") from error
    return match["intent"], entities


def as_parse_data(payload: str, label: str) -> dict[str, Any]:
    """What Rasa would have understood, had the person typed what the choice means.

    Args:
        payload: What the choice means.
        label: What the person read.
    """
    intent, entities = parse_payload(payload)
    base = intent.partition("/")[0]
    understood = {"name": base, "confidence": 1.0}
    retrieval = {"all_retrieval_intents": [base], base: select_response([(intent, 1.0)])} if base != intent else {}
    return {
        "text": label,
        "intent": understood,
        "intent_ranking": [understood],
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        "response_selector": retrieval,
    }
