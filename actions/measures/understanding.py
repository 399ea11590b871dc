"""What a message says of somebody's situation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from actions.measures import questions as asked
from actions.measures.answers import answered
from actions.measures.choices import SLOTS, anew, tapped
from actions.measures.circumstances import of_contract, of_entitlement, of_history, of_sickness
from actions.measures.days import told_days
from actions.measures.draft import ALL, Entitlement, MeasuresDraft, Told
from actions.measures.residence import of_residence
from actions.measures.wishes import wants_kept
from actions.tasks import CORRECTION, FIELD, Question, Said, Unusable
from base.plain import plain
from law.measures import Measure

_EVERYTHING = re.compile(
    r"\b(?:toutes?|tous|les quatre|tout)\b(?! de suite)|\bmesures? (?:cantonales?|du canton|genevoises?)|\b(?:prestations?|aides?) (?:cantonales?|du canton|genevoises?)|"
    r"\bdroits? (?:a|à) (?:quoi|koi|quelle|quel)\w*|\b(?:a|à) (?:quoi|koi|quelles? (?:mesures?|aides?)) .*\bdroits?|\bprogrammes? cantona\w*"
)
_NAMED: Mapping[Measure, re.Pattern[str]] = MappingProxyType(
    {
        Measure.PCM: re.compile(r"\bpcm\b|\bmaladie\b|\bmalade\b|\baccident"),
        Measure.ARE: re.compile(r"\bare\b|\blare\b|\bretour en emploi|\bl?'?allocation\b"),
        Measure.TRAINING_PROGRAMME: re.compile(r"\bpef\b|\bstages?\b|\brequalif\w*|\bprogramme"),
        Measure.SOLIDARITY_JOBS: re.compile(r"\beds\b|\bsolidarite\b"),
    }
)
"""What is enough to name a measure once that was asked."""
_TO_CORRECT: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        asked.MEASURE.slot: re.compile(r"\bmesures?\b(?! d'avant)|\bautre aide"),
        asked.ENTITLEMENT.slot: re.compile(r"\bfin\b|\bdroit|\bindemnit|\bdate|\bchomage"),
        asked.DOMICILE.slot: re.compile(r"\bdomicil|\badresse|\bhabit|\bgeneve"),
        asked.FREE_MOVEMENT.slot: re.compile(r"\bpermis|\bnational"),
        asked.SUSPENSION.slot: re.compile(r"\bsuspens|\bpenalit|\bsanction"),
        asked.HAD_MEASURE.slot: re.compile(r"\bd'avant|\bdeja eu"),
        asked.CONTRACT.slot: re.compile(r"\bcontrat|\bemployeur|\bpatron"),
        asked.UNFIT.slot: re.compile(r"\bmalad|\baccident|\barret"),
    }
)
"""The words that say what is to change, once that was asked."""


def read(said: Said, draft: MeasuresDraft, pending: Question | None) -> Mapping[str, Any]:
    """What a message says for the draft, by field; None takes an answer back.

    Raises:
        Unusable: When it names a day that cannot be meant.
    """
    if said.tapped:
        return _settled(tapped(said), draft, said.today)
    values: dict[str, Any] = {"is_kept": True} if draft.measure is not None and wants_kept(said) else {}
    if "date" in said.values(FIELD):
        values |= anew(asked.ENTITLEMENT.slot)
    if pending is CORRECTION:
        values |= _taken_back(said)
    told = dict(_told(said, draft, pending))
    try:
        told |= told_days(said, pending, draft)
    except Unusable as problem:
        problem.kept = _settled(told, draft, said.today)
        raise
    takes_back = said.corrects and any(getattr(draft, name) not in {None, value} for name, value in told.items())
    if pending is not None and pending.slot in SLOTS and pending.slot not in told and not takes_back:
        told |= answered(said, pending)
    if pending is not None and pending.slot in told and not said.corrects:
        told = {name: value for name, value in told.items() if name == pending.slot or getattr(draft, name) is None}
    return _settled(values | told, draft, said.today)


def _taken_back(said: Said) -> dict[str, Any]:
    written = plain(said.text)
    found = next((slot for slot, pattern in _TO_CORRECT.items() if pattern.search(written)), None)
    return anew(found) if found else {}


def _told(said: Said, draft: MeasuresDraft, pending: Question | None) -> Iterator[tuple[str, Any]]:
    """What a message says of itself, whatever was asked."""
    written = plain(said.text)
    measure = _measure(said, written, pending)
    if measure is not None and measure != draft.measure:
        yield asked.MEASURE.slot, measure
    yield from of_entitlement(written)
    yield from of_sickness(written, is_asked=pending is asked.UNFIT, is_sick=draft.is_unfit is Told.YES)
    yield from of_residence(said, written, pending)
    yield from of_history(said, written, pending)
    yield from of_contract(written, pending)


def _measure(said: Said, written: str, pending: Question | None) -> Measure | str | None:
    """Which measure is meant; one that was had before is named in the middle without being meant."""
    if pending is asked.MEASURE:
        found = {measure for measure, pattern in _NAMED.items() if pattern.search(written)}
        if len(found) == 1:
            return found.pop()
        return ALL if found or _EVERYTHING.search(written) else None
    if pending is not None and not (said.corrects or said.asks):
        return None
    named = {Measure(value) for value in said.values("benefit") if value in set(Measure)}
    if pending is None and re.search(r"\blare\b", written):
        named.add(Measure.ARE)
    if len(named) == 1:
        return named.pop()
    return ALL if named or (pending is None and _EVERYTHING.search(written)) else None


def _settled(values: Mapping[str, Any], draft: MeasuresDraft, today: date) -> dict[str, Any]:
    """What follows from what was said."""
    settled = dict(values)
    entitlement, end = (
        settled.get("entitlement", draft.entitlement),
        settled.get("entitlement_end", draft.entitlement_end),
    )
    if "entitlement" in values and "entitlement_end" not in values and isinstance(end, date):
        fits = entitlement is (Entitlement.ENDED if end < today else Entitlement.DRAWING)
        if not fits:
            settled["entitlement_end"] = None
    if "contract" in values and "handed_in" not in values:
        settled["handed_in"] = None
    if settled.get("is_unfit") is Told.NO:
        settled |= {"sick_since": None, "sick_pay_used_up": None}
    return {name: value for name, value in settled.items() if value is not None or getattr(draft, name) is not None}
