"""What a message says for the IPA of a month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.ipa import choices
from actions.ipa.answers import last_taken_back, topics
from actions.ipa.details import details
from actions.ipa.draft import IpaDraft
from actions.ipa.months import early, month
from actions.ipa.papers import given, pieces, which
from actions.ipa.questions import DETAILS, EARLY, PIECES, WHICH
from actions.tasks import BACK, FIELD, Question, Said, Unusable


def read(said: Said, draft: IpaDraft, pending: Question | None) -> Mapping[str, Any]:
    """What a message says for the draft, by field; None takes an answer back.

    Raises:
        Unusable: When it says something that cannot be right.
    """
    if said.files:
        return given(draft, said.files, pending)
    if said.tapped:
        return {} if said.late else choices.read(said, draft, pending)
    values = month(said, draft, pending)
    try:
        return values | _typed(said, draft.model_copy(update=values), pending)
    except Unusable as problem:
        problem.kept = values
        raise


def _typed(said: Said, draft: IpaDraft, pending: Question | None) -> dict[str, Any]:
    """What is typed, beside the month."""
    if BACK in said.values(FIELD):
        return last_taken_back(draft)
    if pending is EARLY:
        return early(said)
    if pending is WHICH:
        return which(said, draft)
    topic = draft.current
    if topic is not None and pending in {DETAILS, PIECES}:
        return (details if pending is DETAILS else pieces)(said, draft, topic)
    return topics(said, draft, pending)
