"""The days of an IPA: absences, and the first day of a new job."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from actions.ipa.draft import Away, IpaDraft
from actions.tasks import Unusable
from base.plain import plain
from base.reading import days, impossible_days
from base.spans import ahead, span

_REASONS = (
    (re.compile(r"vacances?|conges?\b"), "Vacances"),
    (re.compile(r"voyag"), "Voyage"),
    (re.compile(r"demenag"), "Déménagement"),
    (re.compile(r"mariage"), "Mariage"),
    (re.compile(r"deuil|enterrement|obseques"), "Deuil"),
)
"""Why somebody was away, as the fund reads it."""
_SEVERAL = re.compile(r"[;,\n]|\bpuis\b|\bet (?=du |le |de |depuis |les )", re.IGNORECASE)


def absences(text: str, draft: IpaDraft, today: date) -> tuple[Away, ...]:
    """The days of absence that a text names.

    Raises:
        Unusable: When they do not lie in the month.
    """
    until = reference(draft, today)
    reason = next((reason for pattern, reason in _REASONS if pattern.search(plain(text))), None)
    found: list[Away] = []
    for part in _SEVERAL.split(text):
        read_span = span(part, until, is_answer=len(part.split()) <= 4)
        first = read_span.first or read_span.alone
        last = read_span.last or (read_span.alone if read_span.first is None else None)
        if read_span.first is None and read_span.alone is None and read_span.last is not None:
            first = last = read_span.last
        if first is not None:
            found.append(_checked(first, last or first, reason, draft))
    if not found and (impossible := impossible_days(text, until)):
        raise Unusable("utter_day_impossible", written=impossible[0])
    return tuple(found)


def _checked(first: date, last: date, reason: str | None, draft: IpaDraft) -> Away:
    """Days of absence, if one of them lies in the month.

    Raises:
        Unusable: When none does, or the last is before the first.
    """
    if last < first:
        raise Unusable("utter_ipa_ends_before", first=first, last=last)
    if draft.period is not None and (last < draft.month.first_day or first > draft.month.last_day):
        raise Unusable("utter_ipa_outside", first=first)
    return Away(first=first, last=last, reason=reason)


def first_day(text: str, draft: IpaDraft, today: date) -> dict[str, Any]:
    """The first day of a new job, which may lie ahead."""
    found = days(text, reference(draft, today))
    if not found:
        return {}
    since = draft.month.first_day if draft.period is not None else today
    return {"new_job_from": ahead(text, found[0], since)}


def reference(draft: IpaDraft, today: date) -> date:
    """The day from which days without a month are counted back: the last one of the month, whether it is over or not."""
    return draft.month.last_day if draft.period is not None else today
