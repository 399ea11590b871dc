"""What names nothing by itself settled by what is still missing around it: an employer, a post, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.job_search.spans import HARD, Reading, Span, in_order
from base.plain import plain

_EMPLOYERS = frozenset({"company", "described"})
_AND = re.compile(r"(?:et|puis) (?:chez |a |au )?(?=[a-z])")
_AND_BEFORE = re.compile(r"\b(?:et|puis) (?:chez |a |au )?$")
_OPENING = re.compile(r" ?\(")
_KIN = re.compile(r"Cie|Co|Fils|Filles?|Associés|Frères|Sœurs?|Soeurs?")
"""Belongs to the name before: «Barro et Cie»."""
_TITLE = re.compile(r"(?:[Mm]aître|Me|[Dd]r\.?|[Dd]octeur|[Mm]\.|[Mm]me|[Mm]onsieur|[Mm]adame) ")
_ENDS = re.compile(r"[;\n]|[.!?](?=\s|$)| / ")
_IN_ROW = re.compile(r"\s*,\s*(?:l[ae]s? |l')?")
_SAME_POST = re.compile(
    r"[ ,(:]*(?:(?:pour )?(?:le |la )?meme (?:poste|travail|metier|fonction|place|job|chose)|idem)\b"
)
_ROW, _LONGEST_ROW = 3, 30
_FARTHEST = 20
"""How many things may be said between something and what tells what it is."""
_DEFINITE = re.compile(r"\b(?:l'|la |le |du |au |de l')$")
_ARTICLE = re.compile(r"\b(?:une?|l'|l[ae]s?|au|du|chez|d[ae]ns) ?$")
_ABOUT = frozenset({"apply_date", "channels", "results", "workload"})


@dataclass
class _Known:
    """What the effort that is being read has so far."""

    employer: bool = False
    post: bool = False
    more: bool = False
    day: bool = False
    """Whether the day of another one was said last."""
    result: bool = False
    """Whether it was said what came of it."""
    city: bool = False
    leads: bool = False
    """Whether the day of the first stands before it."""
    row: frozenset[str] = frozenset()
    """Names in a row, and nothing between them but commas."""
    names: frozenset[str] = frozenset()
    """Employers that were named in the line."""


def settled(reading: Reading) -> list[Span]:
    """What was found, in its order, with what nothing recognised as the employer or the post that is missing."""
    spans: list[Span] = []
    ordered = in_order(reading)
    known = _Known(row=_row(reading, ordered))
    for number, found in enumerate(ordered):
        following = _following(reading, found, ordered[number + 1 :])
        if found.field == "occupation" and "occupation" in following and _is_persons(reading, spans, found):
            continue  # «Maître Rochat, notaire, pour secrétaire»
        if found.field == "described" and known.employer and _is_beside(reading, spans, found):
            continue
        is_alone = len(ordered) == 1 and not reading.is_capital(found.start)
        kind = _meant(reading, found, known, following) if not is_alone or found.field != "unknown" else None
        if kind is None:
            continue
        if kind in _EMPLOYERS:
            is_next = known.employer and found.field == "unknown"
            post = known.post and not known.employer and not is_next
            leads = known.leads or (not known.employer and bool(spans) and spans[-1].field == "apply_date")
            known = _Known(employer=True, post=post, names=known.names | {found.value}, leads=leads, row=known.row)
        known.post |= kind == "occupation"
        leads = known.leads and _is_next(reading, found)
        known.day = kind == "apply_date" and ((known.more and _opens(reading, found)) or leads)
        known.more |= kind in _ABOUT
        known.result |= kind == "results"
        known.city |= kind == "city"
        spans.append(replace(found, field=kind))
    return spans


def _meant(reading: Reading, found: Span, known: _Known, following: Sequence[str]) -> str | None:
    """The field of something; None when nothing is missing that it could be."""
    if found.field != "unknown":
        return found.field
    if not known.employer:
        others = ("unknown", "occupation") if found.value[:1].isupper() else ("unknown",)
        return None if _comes_first(following, _EMPLOYERS, *others) else "company"
    if _is_again(found, known) or _is_another(reading, found, known, following):
        return "company"
    return None if known.post or _comes_first(following, {"occupation"}, *_EMPLOYERS) else "occupation"


def _is_again(found: Span, known: _Known) -> bool:
    """Whether something is the name, or a part of the name, of an employer before."""
    words = set(plain(found.value).split())
    return any(words <= set(plain(name).split()) for name in known.names)


def _is_another(reading: Reading, found: Span, known: _Known, following: Sequence[str]) -> bool:
    """Whether something is another employer than the one before."""
    if _repeats(reading, found, known, following) or _SAME_POST.match(reading.plain, found.end):
        return True
    is_new = known.more and (known.day or not {"occupation", "apply_date"}.isdisjoint(following))
    if not found.value[:1].isupper() or _KIN.fullmatch(found.value):
        return is_new and (
            known.day
            or following[:1] == ["apply_date"]
            or (known.post and following[:1] in (["occupation"], ["channels"]) and _opens(reading, found))
        )
    is_joined = _AND_BEFORE.search(reading.plain, 0, found.start) or _AND.match(reading.plain, found.start)
    is_listed = not known.more and following[:1] == ["company"]  # «Ramada, Eden, Edelweiss»
    is_listed |= (
        not known.more
        and not known.post
        and following[:1] in (["unknown"], ["occupation"])
        and found.value in known.row
    )
    has_own_post = known.post and following[:1] == ["occupation"] and _OPENING.match(reading.plain, found.end)
    return bool(is_joined or is_new or is_listed or has_own_post)


def _row(reading: Reading, ordered: Sequence[Span]) -> frozenset[str]:
    """Names in a row, and nothing between them but commas, where more is said: «Ramada, Eden, Edelweiss, serveur»."""
    if not any(span.field in _ABOUT or span.field == "occupation" for span in ordered):
        return frozenset()
    rows: list[list[Span]] = [[]]
    for span in ordered:
        is_name = span.field in {"company", "unknown"} and reading.is_capital(span.start)
        if not is_name or (rows[-1] and not _IN_ROW.fullmatch(reading.plain, rows[-1][-1].end, span.start)):
            rows.append([])
        if is_name:
            rows[-1].append(span)
    return frozenset(span.value for row in rows if _ROW <= len(row) <= _LONGEST_ROW for span in row)


def _repeats(reading: Reading, found: Span, known: _Known, following: Sequence[str]) -> bool:
    """Whether an entry begins like the one before: «A refus, B entretien», «A Meyrin, B Lancy», «lundi A, mardi B»."""
    if known.day and known.leads:
        return True
    first = following[:1]
    return _is_next(reading, found) and ((known.result and first == ["results"]) or (known.city and first == ["city"]))


def _is_next(reading: Reading, found: Span) -> bool:
    """Whether something stands right behind a comma or an «et»."""
    before = reading.plain[: found.start].rstrip()
    return before.endswith((",", ";", " et", " puis"))


def _opens(reading: Reading, found: Span) -> bool:
    """Whether something is the first of a sentence or of an entry of a list."""
    ends = [match.end() for match in _ENDS.finditer(reading.plain, 0, found.start)]
    return bool(ends) and not reading.plain[ends[-1] : found.start].strip()


def _following(reading: Reading, found: Span, later: Sequence[Span]) -> Sequence[str]:
    """What is said of the same effort after something: up to the end of a sentence, or to where all was said."""
    ends = _ENDS.search(reading.plain, found.end)
    fields: list[str] = []
    lacking = {"apply_date", "occupation"}
    for one in later[:_FARTHEST]:
        if (ends and one.start >= ends.start()) or not lacking:
            break
        lacking.discard(one.field)
        is_bare = one.field == "described" and reading.is_capital(found.start)
        if not is_bare or _ARTICLE.search(reading.plain, 0, one.start):
            fields.append(one.field)
    return fields


def _comes_first(following: Sequence[str], wanted: frozenset[str] | set[str], *others: str) -> bool:
    """Whether one of the wanted fields comes before any of the others."""
    first = next((kind for kind in following if kind in wanted or kind in others), None)
    return first in wanted


def _is_persons(reading: Reading, spans: Sequence[Span], found: Span) -> bool:
    """Whether a post is that of the person named just before."""
    one = spans[-1] if spans else None
    is_person = one is not None and (one.field == "contact_person" or _TITLE.match(str(one.value)) is not None)
    return one is not None and is_person and reading.plain[one.end : found.start].strip() in {",", "("}


def _is_beside(reading: Reading, spans: Sequence[Span], found: Span) -> bool:
    """Whether a place such as «au bureau» only says more of the employer before it."""
    last = max(index for index, one in enumerate(spans) if one.field in _EMPLOYERS)
    first = min(index for index, one in enumerate(spans) if one.field in _EMPLOYERS)
    since = [one.field for one in spans[last:]]
    leads = any(one.field == "apply_date" for one in spans[:first])
    if since.count("apply_date") <= (not leads) and _DEFINITE.search(reading.plain, 0, found.start):
        return True
    if HARD.search(reading.plain, spans[last].end, found.start):
        return _ARTICLE.search(reading.plain, 0, found.start) is None
    return "channels" not in since
