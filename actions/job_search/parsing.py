"""Job searches as people tell them: one or several, in sentences, in catchwords, as a list or a table.

By rules alone: what was not said is not filled. First everything that can be recognised by itself is found (days, ways
to apply, results, …); what is left between that names employers and posts; then what belongs to one effort is put
together around its employer.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from itertools import pairwise

from actions.job_search.effort import Effort
from actions.job_search.naming import name_employers
from actions.job_search.recognising import recognise
from actions.job_search.settling import settled
from actions.job_search.spans import HARD, SOFT, Reading, Span
from actions.job_search.tables import lines_of
from base.plain import plain
from eservices.models import Result

_FOR_ALL = re.compile(
    r"\b(?:tou(?:t|s|te|tes)|les (?:deux|trois|quatre|cinq|six|[2-6])|[^,;.\n]*(?= les (?:deux|[2-6])\s*$)|toujours|(?:a )?chaque fois|[^,;.\n]*(?= (?:partout|a chaque fois|dans (?:les|tous les) (?:(?:deux|trois|quatre|[2-6]) )?cas|(?:des|aux|pour les) (?:deux|trois|quatre|[2-6])\b)))\b(?! (?:pas|rien|en attente|en cours|sans))"
)
_HEADING = re.compile(
    r"^[^:]*\b(?:postulations?|candidatures?|recherches?|offres?|demarches?)\b(?! \d+ ?:)[^:]*:|"
    r"^\s*(?:deux|trois|quatre|cinq|six) [a-z]+s\b[^:]*:|"
    r"^\s*(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre) ?:"
)
_OTHERWISE = re.compile(r"^\W*(?:\w+ )?je (?:travaille|bosse|commence)\b")
"""Tells of work, and not of looking for it."""
_EMPLOYERS = frozenset({"company", "described"})
_WHERE = _EMPLOYERS | {"city"}
_PART = re.compile(r"\s*(?:[-:(]|, ?(?=[a-z]+ (?:de |d')))\s*")
_PAIR, _NEAR = 2, 4
_AND = re.compile(
    r"\)?\s*(?:,|et|puis|&|\+|/|ou)? ?(?:et |puis )?(?:chez |a la |a l'|au |aux |a |dans )?(?:la |le |les |l')?"
)
_OF = re.compile(r" (?:de la part de|de|chez|par|pour|avec|a|au|du|d')? ?(?:la |le |l')?")
_THE_FIRST = re.compile(
    r"\b(?:(?:pour )?(?:le|la|au|du) )(?P<number>premiere?|1ere?|1er|deuxieme|2e(?:me)?|seconde?|troisieme|3e(?:me)?|derniere?)\b(?! (?:truc|novembre|lundi|mardi|mercredi|jeudi|vendredi|offre|postulation))"
)
"""One of the employers that were named, by its number."""
_IN_TURN = re.compile(r"\brespectivement\b")
_NTH = {"pre": 0, "1er": 0, "deu": 1, "2e": 1, "2em": 1, "sec": 1, "tro": 2, "3e": 2, "3em": 2, "der": -1}
_LED = re.compile(r"\b(?:chez|a|a la|a l'|au|aux|dans (?:le|la)) ?$")
"""Leads to an employer."""
_COLON, _END = re.compile(":"), re.compile(r"[.;](?=\s|$)")
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


def put_together(spans: Iterable[Span]) -> Effort:
    """The effort that recognised things make together."""
    return reduce(_with, spans, Effort())


def _line(text: str, today: date) -> tuple[list[Effort], Effort]:
    """The efforts of a line, and what it says of all that follow."""
    reading = Reading(text, today)
    recognise(reading)
    name_employers(reading)
    spans = list(_without_parts(reading, settled(reading)))
    begins = _HEADING.match(reading.plain) or _introduction(reading, spans)
    heading, start = Effort(), 0
    if begins and not any(span.field in _EMPLOYERS and span.end <= begins.end() for span in spans):
        heading = put_together(span for span in spans if span.end <= begins.end())
        spans = [span for span in spans if span.start >= begins.end()]
        start = begins.end()
    anchors = _anchors(spans)
    if not anchors:
        effort = put_together(spans)
        is_one = effort.occupation and (effort.apply_date or effort.channels) and len(effort.said) > 1
        return ([effort.completed_by(heading)] if is_one else []), heading
    spans, one_each = _said_of_one(reading, spans, anchors)
    common, taken = _said_of_all(reading, spans, anchors)
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
        for effort in _spread(reading, _joined(reading, efforts, anchors, spans), anchors, spans)
        if effort.company or effort.described
    ], heading


def _said_of_all(reading: Reading, spans: Sequence[Span], anchors: Sequence[Span]) -> tuple[Effort, Sequence[Span]]:
    """What is said of all employers after the last of them, and where: «…, tous par mail», «… : poseur, par tél.»."""
    news = [anchor for index, anchor in enumerate(anchors) if not _is_again(spans, anchors[: index + 1])]
    again = next((anchor.start for anchor in anchors if anchor.start > news[-1].start), None)
    begin = _FOR_ALL.search(reading.plain, news[-1].end)
    if begin is None and reading.plain.count(":") == 1:
        begin = _COLON.search(reading.plain, news[-1].end)
    if begin is None or len(news) < 2 or (again is not None and again < begin.start()):  # one has no others
        return Effort(), ()
    end = _END.search(reading.plain, begin.end()) if again is not None else None
    taken = [span for span in spans if begin.start() <= span.start < (end.start() if end else len(reading.text) + 1)]
    return put_together(taken), taken


def _said_of_one(
    reading: Reading, spans: Sequence[Span], anchors: Sequence[Span]
) -> tuple[list[Span], Sequence[tuple[int, Effort]]]:
    """What is said of one employer by its number: «… Le premier c'est non.», and the rest."""
    begins = list(_THE_FIRST.finditer(reading.plain, anchors[-1].end)) if len(anchors) > 1 else []
    if not begins:
        return list(spans), ()
    ends = [match.start() for match in begins[1:]] + [len(reading.text) + 1]
    each = [
        (_NTH[match["number"][:3]], put_together(span for span in spans if match.end() <= span.start < end))
        for match, end in zip(begins, ends, strict=True)
    ]
    return [span for span in spans if span.start < begins[0].start()], each


def _is_again(spans: Sequence[Span], anchors: Sequence[Span]) -> bool:
    """Whether the last of the employers was named before, and no day follows that would make it another search."""
    *before, last = anchors
    words = set(plain(last.value).split())
    following = next(
        (span.field for span in spans if span.start > last.start and span.field in {"apply_date", "company"}), None
    )
    return following != "apply_date" and any(words <= set(plain(one.value).split()) for one in before)


def _introduction(reading: Reading, spans: Sequence[Span]) -> re.Match[str] | None:
    """What stands before a colon and is said of all that follows: «lundi : A, B et C»."""
    match = re.match(
        r"[^:]*:|(?:alors |bonjour,? )?(?:je suis|je cherche (?:comme|une? place de|du travail (?:de|comme))|comme|en tant que|pour (?:le|un|des) postes? de)[^.:;\n]*\.(?=\s)",
        reading.plain,
    )
    later = [span for span in _anchors(spans) if match and span.start >= match.end()]
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


def _joined(
    reading: Reading, efforts: Sequence[Effort], anchors: Sequence[Span], spans: Sequence[Span]
) -> list[Effort]:
    """«A et B le 10 par mail»: what is said after both is said of both."""
    joined = list(efforts)
    if len(efforts) != len(anchors):
        return joined
    joins = [_joins(reading, one, other, spans) for one, other in pairwise(anchors)]
    for index in reversed(range(len(joins))):
        if joins[index]:
            joined[index] = joined[index].completed_by(_shared(joined[index + 1]))
    first = _shared(put_together(span for span in spans if span.end <= anchors[0].start))
    for index in itertools.takewhile(joins.__getitem__, range(len(joins))):
        joined[index + 1] = joined[index + 1].completed_by(first)
    if _IN_TURN.search(reading.plain):
        days = [span.value for span in spans if span.field == "apply_date"]
        if len(days) == len(joined):
            joined = [effort.model_copy(update={"apply_date": day}) for effort, day in zip(joined, days, strict=True)]
    return joined


def _spread(
    reading: Reading, efforts: Sequence[Effort], anchors: Sequence[Span], spans: Sequence[Span]
) -> Sequence[Effort]:
    """«A le 4 et B le 5 comme vendeuse par mail», «vendeuse chez A le 4 et chez B le 5»: said once of all in a sentence.

    Where one says more than where and when, and it is the first or the last, the rest of it is said of the others, too.
    """
    more = [{"occupation", "channels", "workload"} & set(effort.said) for effort in efforts]
    end = reading.plain[anchors[0].start : anchors[-1].start]
    if len(efforts) < 2 or len(efforts) != len(anchors) or _END.search(end) or ";" in end or "\n" in end:
        return efforts
    is_said_once = bool(efforts[0].occupation) and not any(one.occupation for one in efforts[1:])
    if is_said_once and _leads(spans, anchors) and all(_LED.search(reading.plain, 0, one.start) for one in anchors):
        said = Effort(occupation=efforts[0].occupation)
        return [effort.completed_by(said) for effort in efforts]  # «peintre chez A (refus) et chez B»
    if any(effort.results or effort.rejection_reason for effort in efforts[:-1]):
        return efforts
    lead = put_together(span for span in spans if span.field == "apply_date" and span.end <= anchors[0].start)
    if lead.apply_date and lead.apply_date == efforts[0].apply_date and not any(one.apply_date for one in efforts[1:]):
        return [effort.completed_by(lead) for effort in efforts]  # «hier j'ai appelé A et écrit à B»
    if is_said_once and _leads(spans, anchors):
        said = Effort(occupation=efforts[0].occupation)
        return [effort.completed_by(said) for effort in efforts]  # «comme peintre à A le 6 et à B le 16»
    source = efforts[-1] if not any(more[:-1]) else None
    if source is None or not source.occupation or not all(effort.apply_date for effort in efforts):
        return efforts
    said = Effort(**{name: value for name, value in source.said.items() if name in more[-1]})
    return [effort.completed_by(said) for effort in efforts]


def _leads(spans: Sequence[Span], anchors: Sequence[Span]) -> bool:
    """Whether the post stands before the first employer."""
    return any(span.field == "occupation" and span.end <= anchors[0].start for span in spans)


def _joins(reading: Reading, one: Span, other: Span, spans: Sequence[Span]) -> bool:
    """Whether nothing but its town stands between an employer and the next one."""
    end = next((span.end for span in spans if span.field == "city" and span.start >= one.end), one.end)
    end = end if end <= other.start and not reading.plain[one.end : end].count(",") else one.end
    return _AND.fullmatch(reading.plain, end, other.start) is not None


def _shared(effort: Effort) -> Effort:
    """What may be said of several employers at once."""
    return Effort(**{name: value for name, value in effort.said.items() if name not in _WHERE})


def _anchors(spans: Sequence[Span]) -> list[Span]:
    return [span for span in spans if span.field in _EMPLOYERS]


def _without_parts(reading: Reading, spans: Sequence[Span]) -> Sequence[Span]:
    """What was found without employers that say more of the one before: «EPFL - Laboratoire LASA», «maternité (GHOL)»."""
    joined = [
        (one, other)
        for one, other in pairwise(span for span in spans if span.field != "city")
        if one.field in _EMPLOYERS
        and other.field in _EMPLOYERS
        and _PART.fullmatch(reading.plain, _end(spans, one), other.start)
    ]
    if len(joined) != 1 or len(_anchors(spans)) != _PAIR:
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


def _with(effort: Effort, span: Span) -> Effort:
    """An effort with one more thing known."""
    name, value = span.field, span.value
    if name not in Effort.model_fields:
        return effort
    if name == "channels":
        value = tuple(dict.fromkeys((*effort.channels, value)))
    elif name == "results":
        value = results_with(effort.results, value)
    elif name == "occupation" and span.is_told:
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
