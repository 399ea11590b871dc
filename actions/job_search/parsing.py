"""Job searches as people tell them: one or several, in sentences, in catchwords, as a list or a table.

By rules alone: what was not said is not filled. First everything that can be recognised by itself is found (days, ways
to apply, results, …); what is left between that names employers and posts; then what belongs to one effort is put
together around its employer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from actions.job_search.effort import Effort
from actions.job_search.gathering import EMPLOYERS, anchors_of, put_together
from actions.job_search.naming import name_employers
from actions.job_search.recognising import recognise
from actions.job_search.settling import settled
from actions.job_search.sharing import joined_by_and, said_of_all, said_of_one, spread
from actions.job_search.spans import HARD, SOFT, Reading, Span
from actions.job_search.tables import lines_of
from base.plain import plain

_HEADING = re.compile(
    r"^[^:]*\b(?:postulations?|candidatures?|recherches?|offres?|demarches?|postulee?)\b(?! \d+ ?:)[^:]*:(?!//)|"
    r"^\s*(?:deux|trois|quatre|cinq|six) [a-z]+s\b[^:]*:|"
    r"^\s*(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre) ?:"
)
_OTHERWISE = re.compile(r"^\W*(?:\w+ )?je (?:travaille|bosse|commence)\b")
"""Tells of work, and not of looking for it."""
_PART = re.compile(r"\s*(?:[-:(]|, ?(?=[a-z]+ (?:de |d')))\s*")
_PAIR, _NEAR = 2, 4
_OF = re.compile(r" (?:de la part de|de|chez|par|pour|avec|a|au|du|d')? ?(?:la |le |l')?")
_AS_BEFORE = re.compile(r"\b(?:idem|pareil|(?:la )?meme chose|de meme|la meme(?= (?:chez|a|au))|meme metier)\b")
_SAME_DAY = re.compile(r"\bmeme jour\b")
_SAME_POST = re.compile(r"\bmeme (?:poste|travail|metier|fonction|place|job|emploi)\b")


def read(text: str, today: date) -> tuple[Effort, ...]:
    """The efforts that a text tells of, in its order.

    Args:
        text: What was written, possibly many lines.
        today: The day it was written on, in Switzerland; a day without a month is the last one up to it.
    """
    if _OTHERWISE.search(plain(text)):
        return ()
    efforts: list[Effort] = []
    shared, lines = Effort(), tuple(lines_of(text))
    for line in lines:
        found, heading = _line(line, today)
        shared = shared.having(heading)
        efforts += [effort.completed_by(shared) for effort in found]
    if len(lines) > 1 and len(efforts) == 1:  # one effort over several lines
        together, _ = _line(", ".join(lines), today)
        if len(together) == 1:
            return (together[0].completed_by(efforts[0]),)
    return tuple(efforts)


def _line(text: str, today: date) -> tuple[list[Effort], Effort]:
    """The efforts of a line, and what it says of all that follow."""
    reading = Reading(text, today)
    recognise(reading)
    name_employers(reading)
    spans = list(_without_parts(reading, settled(reading)))
    begins = _HEADING.match(reading.plain) or _introduction(reading, spans)
    heading, start = Effort(), 0
    if begins and not any(span.field in EMPLOYERS and span.end <= begins.end() for span in spans):
        heading = put_together(span for span in spans if span.end <= begins.end())
        spans = [span for span in spans if span.start >= begins.end()]
        start = begins.end()
    anchors = anchors_of(spans)
    if not anchors:
        effort = put_together(spans)
        is_one = effort.occupation and (effort.apply_date or effort.channels) and len(effort.said) > 1
        return ([effort.completed_by(heading)] if is_one else []), heading
    spans, one_each = said_of_one(reading, spans, anchors)
    common, taken = said_of_all(reading, spans, anchors)
    spans = [span for span in spans if span not in taken]
    starts = [start, *_boundaries(reading, spans, anchors)]
    efforts: list[Effort] = []
    for number, begin in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(text) + 1
        effort = put_together(span for span in spans if begin <= span.start < end)
        if efforts:
            effort = effort.completed_by(_as_before(reading.plain[begin:end], efforts[-1]))
        known = next((index for index, one in enumerate(efforts) if _same(one, effort)), None)
        if known is not None:
            efforts[known] = efforts[known].having(effort.model_copy(update={"company": efforts[known].company}))
        else:
            efforts.append(effort)
    for number, said in one_each:
        if -len(efforts) <= number < len(efforts):
            efforts[number] = efforts[number].completed_by(said)
    return [
        effort.completed_by(common).completed_by(heading)
        for effort in spread(reading, joined_by_and(reading, efforts, anchors, spans), anchors, spans)
        if effort.company or effort.described
    ], heading


def _introduction(reading: Reading, spans: Sequence[Span]) -> re.Match[str] | None:
    """What stands before a colon and is said of all that follows: «lundi : A, B et C»."""
    match = re.match(
        r"[^:]*:|(?:alors |bonjour,? )?(?:je suis|je cherche (?:comme|une? place de|du travail (?:de|comme))|comme|en tant que|pour (?:le|un|des) postes? de)[^.:;\n]*\.(?=\s)",
        reading.plain,
    )
    later = [span for span in anchors_of(spans) if match and span.start >= match.end()]
    said = {span.field for span in spans if match and span.end <= match.end()} & {
        "apply_date",
        "channels",
        "occupation",
        "workload",
        "assigned_by_orp",
        "results",
    }
    again = any(span.field in said and match and span.start >= match.end() for span in spans)
    return match if match and said and len(later) > 1 and not again else None


def _as_before(said: str, before: Effort) -> Effort:
    """What «idem» or «même poste» repeats of the effort before."""
    day = before.apply_date if _SAME_DAY.search(said) else None
    if _AS_BEFORE.search(said):
        return Effort(occupation=before.occupation, channels=before.channels, workload=before.workload, apply_date=day)
    return Effort(occupation=before.occupation if _SAME_POST.search(said) else None, apply_date=day)


def _same(one: Effort, other: Effort) -> bool:
    """Whether an employer is spoken of again, perhaps by a part of its name: «Menuiserie Barro», then «Barro»."""
    if one.company is None or other.company is None:
        return False
    if one.apply_date and other.apply_date:
        return False
    said = [(getattr(one, name), getattr(other, name)) for name in ("occupation", "city")]
    if any(before and again and plain(before) != plain(again) for before, again in said):
        return False
    return set(plain(other.company).split()) <= set(plain(one.company).split())


def _without_parts(reading: Reading, spans: Sequence[Span]) -> Sequence[Span]:
    """What was found without employers that say more of the one before: «EPFL - Laboratoire LASA», «maternité (GHOL)»."""
    joined = [
        (one, other)
        for one, other in pairwise(span for span in spans if span.field != "city")
        if one.field in EMPLOYERS
        and other.field in EMPLOYERS
        and _PART.fullmatch(reading.plain, _end(spans, one), other.start)
    ]
    if len(joined) != 1 or len(anchors_of(spans)) != _PAIR:
        return spans
    one, other = joined[0]
    needless = one if (one.field, other.field) == ("described", "company") else other
    return [span for span in spans if span is not needless]


def _end(spans: Sequence[Span], employer: Span) -> int:
    """Where an employer ends, with its town."""
    return next(
        (span.end for span in spans if span.field == "city" and 0 <= span.start - employer.end <= _NEAR), employer.end
    )


def _boundaries(reading: Reading, spans: Sequence[Span], anchors: Sequence[Span]) -> Iterator[int]:
    """Where the efforts after the first begin."""
    first = anchors[0]
    lead = [
        span.field
        for span in spans
        if span.end <= first.start and span.field in {"apply_date", "occupation", "channels"}
    ]
    for before, anchor in pairwise(anchors):
        breaks = [
            match.end()
            for pattern in (HARD, SOFT)
            for match in pattern.finditer(reading.plain, before.end, anchor.start)
            if not any(span.start < match.start() < span.end - 1 for span in spans)
        ]
        leaders = [
            span.start
            for span in spans
            if lead and span.field == lead[0] and before.end <= span.start and span.end <= anchor.start
        ]
        if leaders:
            limit = leaders[-1]
            yield max((place for place in breaks if place <= limit), default=limit)
        else:
            yield max(breaks, default=_begins_with_result(reading, spans, anchor))


def _begins_with_result(reading: Reading, spans: Sequence[Span], anchor: Span) -> int:
    """Where what is said of an employer begins: «refus de KPMG»."""
    before = [span for span in spans if span.field == "results" and span.end <= anchor.start]
    leads = before and _OF.fullmatch(reading.plain, before[-1].end, anchor.start)
    return before[-1].start if leads else anchor.start
