"""What a line says once of several efforts: before them, after them, between them, or of one by its number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from itertools import pairwise

from actions.job_search.effort import Effort
from actions.job_search.gathering import EMPLOYERS, put_together
from actions.job_search.spans import Reading, Span
from base.plain import plain

_FOR_ALL = re.compile(
    r"\b(?:tou(?:t|s|te|tes)|les (?:deux|trois|quatre|cinq|six|[2-6])|[^,;.\n]*(?= les (?:deux|[2-6])\s*$)|toujours|(?:a )?chaque fois|[^,;.\n]*(?= (?:partout|a chaque fois|dans (?:les|tous les) (?:(?:deux|trois|quatre|[2-6]) )?cas|(?:des|aux|pour les) (?:deux|trois|quatre|[2-6])\b)))\b(?! (?:pas|rien|en attente|en cours|sans))"
)
_AND = re.compile(
    r"\)?\s*(?:,|et|puis|&|\+|/|ou)? ?(?:et |puis )?(?:chez |a la |a l'|au |aux |a |dans )?(?:la |le |les |l')?"
)
_THE_FIRST = re.compile(
    r"\b(?:(?:pour )?(?:le|la|au|du) )(?P<number>premiere?|1ere?|1er|deuxieme|2e(?:me)?|seconde?|troisieme|3e(?:me)?|derniere?)\b(?! (?:truc|novembre|lundi|mardi|mercredi|jeudi|vendredi|offre|postulation))"
)
"""One of the employers that were named, by its number."""
_IN_TURN = re.compile(r"\brespectivement\b")
_NTH = {"pre": 0, "1er": 0, "deu": 1, "2e": 1, "2em": 1, "sec": 1, "tro": 2, "3e": 2, "3em": 2, "der": -1}
_LED = re.compile(r"\b(?:chez|a|a la|a l'|au|aux|dans (?:le|la)) ?$")
"""Leads to an employer."""
_COLON, _END = re.compile(":"), re.compile(r"\.(?=\s|$)|\n|;")
_WHERE = EMPLOYERS | {"city"}


def said_of_all(reading: Reading, spans: Sequence[Span], anchors: Sequence[Span]) -> tuple[Effort, Sequence[Span]]:
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


def said_of_one(
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


def joined_by_and(
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


def spread(
    reading: Reading, efforts: Sequence[Effort], anchors: Sequence[Span], spans: Sequence[Span]
) -> Sequence[Effort]:
    """«A le 4 et B le 5 comme vendeuse par mail», «vendeuse chez A le 4 et chez B le 5»: said once of all in a sentence.

    Where one says more than where and when, and it is the first or the last, the rest of it is said of the others, too.
    """
    if len(efforts) < 2 or len(efforts) != len(anchors):
        return efforts
    between = reading.plain[anchors[0].start : anchors[-1].start]
    if ends := _END.search(between):
        day = (_said_first(efforts, anchors, spans) or Effort()).apply_date if ends[0] == ";" else None
        return [effort.completed_by(Effort(apply_date=day)) for effort in efforts]  # «le 5, A; B; C»
    are_led = all(_LED.search(reading.plain, 0, one.start) for one in anchors)
    if any(effort.results or effort.rejection_reason for effort in efforts[:-1]) and not are_led:
        return efforts
    said = _said_first(efforts, anchors, spans) or _said_last(efforts)
    return [effort.completed_by(said) for effort in efforts]


def _said_first(efforts: Sequence[Effort], anchors: Sequence[Span], spans: Sequence[Span]) -> Effort | None:
    """What is said before the first employer, and of none again: «hier j'ai appelé A et B», «peintre à A et à B»."""
    leading = put_together(span for span in spans if span.end <= anchors[0].start)
    names = ("apply_date", "occupation")
    once = [name for name in names if name in leading.said and not any(name in other.said for other in efforts[1:])]
    return Effort(**{name: getattr(efforts[0], name) for name in once}) if once else None


def _said_last(efforts: Sequence[Effort]) -> Effort:
    """What only the last says: «A le 4 et B le 5 comme vendeuse par mail»."""
    more = [{"occupation", "channels", "workload"} & set(effort.said) for effort in efforts]
    is_once = not any(more[:-1]) and "occupation" in more[-1] and all(effort.apply_date for effort in efforts)
    return Effort(**{name: efforts[-1].said[name] for name in more[-1]}) if is_once else Effort()


def _joins(reading: Reading, one: Span, other: Span, spans: Sequence[Span]) -> bool:
    """Whether nothing but its town stands between an employer and the next one."""
    end = next((span.end for span in spans if span.field == "city" and span.start >= one.end), one.end)
    end = end if end <= other.start and not reading.plain[one.end : end].count(",") else one.end
    return _AND.fullmatch(reading.plain, end, other.start) is not None


def _shared(effort: Effort) -> Effort:
    """What may be said of several employers at once."""
    return Effort(**{name: value for name, value in effort.said.items() if name not in _WHERE})
