"""What choices mean that are tapped, and which answers are asked anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from actions.measures import questions as asked
from actions.measures.draft import ALL, Contract, Entitlement, HandedIn, Permit, Told
from actions.measures.wishes import CORRECT_IT, ITEM, KEEP
from actions.tasks import UNKNOWN, Question, Said
from law.measures import Measure

_WITH: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        asked.ENTITLEMENT.slot: (asked.END.slot,),
        asked.UNFIT.slot: (asked.SICK_SINCE.slot, asked.SICK_PAY.slot),
        asked.FREE_MOVEMENT.slot: (asked.PERMIT.slot, asked.TWO_YEARS.slot, asked.ONE_YEAR.slot),
        asked.CONTRACT.slot: (asked.HANDED_IN.slot,),
    }
)
"""What is asked anew along with an answer that is taken back."""
_KINDS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        asked.MEASURE.slot: lambda value: ALL if value == ALL else Measure(value),
        asked.ENTITLEMENT.slot: Entitlement,
        asked.PERMIT.slot: Permit,
        asked.CONTRACT.slot: Contract,
        asked.HANDED_IN.slot: HandedIn,
        asked.END.slot: str,
        asked.SICK_SINCE.slot: str,
    }
)
"""What the values of choices are; all others are plain answers."""
SLOTS = frozenset(one.slot for one in asked.ORDER)


def tapped(said: Said) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in said.values(ITEM):
        slot, _, value = one.partition(":")
        if slot == "again":
            values |= anew(value)
        elif slot in SLOTS:
            values[slot] = _KINDS.get(slot, Told)(value)
        elif slot == KEEP:
            values["is_kept"] = True
        elif slot == CORRECT_IT:
            values["is_questioned"] = True
    named = {Measure(value) for value in said.values("benefit") if value in set(Measure)}
    if len(named) == 1:
        values.setdefault(asked.MEASURE.slot, named.pop())
    return values


def anew(slot: str) -> dict[str, Any]:
    """What asks a question again, and what follows from it."""
    return {**dict.fromkeys((slot, *_WITH.get(slot, ()))), "again": (slot,)}


def unknown(pending: Question) -> Any:
    if pending is asked.MEASURE:
        return ALL
    return _KINDS.get(pending.slot, Told)(UNKNOWN)
