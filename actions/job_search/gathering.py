"""What was recognised, put together to one effort."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from actions.job_search.effort import Effort
from actions.job_search.spans import Span
from eservices.models import Result

EMPLOYERS = frozenset({"company", "described"})
"""What an effort is put together around."""


def put_together(spans: Iterable[Span]) -> Effort:
    """The effort that recognised things make together."""
    return reduce(_with, spans, Effort())


def _with(effort: Effort, span: Span) -> Effort:
    """An effort with one more thing known."""
    name, value = span.field, span.value
    if name not in Effort.model_fields:
        return effort
    if name == "channels":
        value = tuple(dict.fromkeys((*effort.channels, value)))
    elif name == "results":
        value = results_with(effort.results, value)
    elif name in {"occupation", "apply_date"} and span.is_told:
        pass  # «ingénieurs-conseils, pour un emploi de dessinateur»
    elif name not in {"rejection_reason", "assigned_by_orp", "workload"} and getattr(effort, name) is not None:
        return effort  # what was said first stands: «le 3 …, refus le 11»
    assumed = effort.assumed | ({name} if span.assumed else frozenset())
    return effort.model_copy(update={name: value, "assumed": assumed})


def results_with(known: tuple[Result, ...], result: Result) -> tuple[Result, ...]:
    """What came of it, with one result more: only an interview goes with others."""
    kept = [one for one in known if one is Result.INTERVIEW or result is Result.INTERVIEW]
    if result is Result.PENDING and any(one in {Result.REJECTED, Result.EMPLOYED} for one in known):
        return known
    return tuple(dict.fromkeys((*kept, result)))


def anchors_of(spans: Sequence[Span]) -> list[Span]:
    return [span for span in spans if span.field in EMPLOYERS]
