"""How people say what they want to be reminded of, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

from pydantic import BaseModel

from actions.deadline.titles import FREE
from base import reading
from base.plain import plain
from casework.agenda import Repeats

LONGEST_WORDS = 80
"""Characters of a reminder in the person's own words."""
DATES = "dates"
"""Stands for the matter of whatever date is computed."""
_MATTERS = (
    ("ipa", re.compile(r"\bl?'?i\.?p\.?a\b|\b(?:feuille|papier|formulaire) (?:de |pour )?(?:la )?caisse")),
    ("job_searches", re.compile(r"\b(?:recherches?|rech|postul\w*)\b(?! (?:internet|google))")),
    (
        "certificate",
        re.compile(r"\bcertif(?:icat)?s?\b(?! (?:de )?(?:travail|formation|salaire))|\barret (?:maladie|medical)"),
    ),
    ("objection", re.compile(r"\boppositions?\b")),
    ("appeal", re.compile(r"\brecours\b")),
    (DATES, re.compile(r"\b(?:delais?|echeances?|dates? limites?|la date|ces dates|decisions?)\b")),
)
_REPEATS = (
    (
        Repeats.MONTHLY,
        re.compile(
            r"\b(?:(?:de )?(?:chaque|ts les|tous les|par) (?:(?:debut|fin) (?:de |du )?)?mois|mensuel\w*|tous les (?:\d{1,2}|premiers) du mois|"
            r"du mois,? (?:a chaque fois|toujours))"
        ),
    ),
    (
        Repeats.WEEKLY,
        re.compile(
            rf"\b(?:(?:chaque|par) semaine|toutes les semaines|hebdo\w*|(?:chaque|tous les) (?={'|'.join(reading.WEEKDAYS)}))"
        ),
    ),
)
_HOURS_BEFORE = re.compile(r"\b(?P<hours>24|48|72) ?h(?:eures?)? (?:avant|a l'avance|plus tot)\b")
_BEFORE_ALL = re.compile(r" ?(?:avant|a l'avance|plus tot)\b")
_EVE = re.compile(r"\b(?:la veille|le jour d'avant)\b")
_SAME_DAY = re.compile(r"\ble jour meme\b")
_SOME_DAYS = re.compile(r"\b(?:quelques|qq|plusieurs) jours (?:avant|a l'avance|plus tot)\b")
_SOME = 3
"""Days that are meant by «quelques jours»."""
_BEFORE_THE_DAY = re.compile(r"\bavant (?:le |la |ce )?$")
_DAYS = {"days": 1, "weeks": 7, "months": 30}

_NOT_DONE = (
    r"(?:activ|recevoir|cre|mett|remett|programm|avoir|etre|rappel|avert|prevenir|oubli|lui |notif|parler|annul|quitt|arret|"
    r"m'(?:ecri|envoy|avert)|me (?:rappel|prevenir|faire|dire|relanc))"
)
"""Verbs of asking for a reminder, or for something else than a reminder."""
_INFINITIVE = rf"(?:(?:me|lui|leur|les?|la|y|en|bien) |l'|m')*(?!{_NOT_DONE}\w*)[a-z-]{{2,}}(?:er|ir|re|oir)\b"
_VERB = re.compile(
    rf"(?:\b(?:de|a|que je dois|que jdois|je (?:dois|veux|voudrais|vais|souhaite)|j'aimerais|pour|il faut|faut) |\bd')(?P<words>{_INFINITIVE}.*)"
)
"""What is to be done, in the infinitive: «rappelle-moi d'envoyer mon CV»."""
_NOUN = re.compile(
    r"\b(?:pour|de|concernant) (?P<words>(?:(?:mon|ma|mes|le|la|les|un|une) |l')\w.*)|\bpour (?P<other>(?!pas |que |\d)\w.*)|"
    r"\b(?:rapp?ell?e[rsz]?[- ]moi|n'oublie[sz]? pas) (?:(?:aussi|egalement|encore|bien|stp|svp) )*"
    r"(?P<object>(?:(?:mon|ma|mes|le|la|les|un|une|ce|cette) |l')\w.*)"
)
_OPENING = re.compile(
    r"^(?:(?:ok|oui|non|alors|bonjour|salut|stp|svp|euh|plutot|il faut|je dois|faut|me rappeler|rapp?el\w*(?:[- ]moi)?|"
    r"(?:mets?|cree?|programme|note)(?:[- ]moi)?(?: un| une)?(?: rappel| alarme| alerte)?|previens[- ]moi|de|a|que|pour)\b|d'|"
    r"[\s,.:;!?])+"
)
_CLOSING = re.compile(
    r"(?:[\s,.;:!?]|\b(?:stp|svp|merci|s'il (?:te|vous) plait|a|au|le|la|du|de|des|vers|pour|des|avant|et|chaque|tous les|ce|cette|plutot))+$"
)
_MARKUP = re.compile(r"[*_`\[\]<>#|\\~{}]")
_END = re.compile(r"[.?!\n;](?:\s|$)|(?:,| et) (?:et )?(?:rappelle|merci|stp|svp)")
_AND = re.compile(
    r"\s*(?:,| et| puis)\s+(?:aussi |encore |puis )?(?=(?:une? |l'|le |la |mes |pour |rappel|celui|d'|de |\w+ )?)",
    re.IGNORECASE,
)


class Wish(BaseModel):
    """What somebody wants to be reminded of, as far as it was said.

    Args:
        matter: What it is about; None when that was not said.
        words: It in the person's own words, empty when a name for it is enough.
        day: The first day on which to remind, or the day before which.
        hour: Time of day.
        before: How many days before the day, or before a computed date.
        repeats: How it comes again.
    """

    matter: str | None = None
    words: str = ""
    day: date | None = None
    hour: time | None = None
    before: int | None = None
    repeats: Repeats | None = None


def wishes(text: str, today: date, *, is_matter: bool = False) -> list[Wish]:
    """What a text wants to be reminded of: several things only when each has its own day; never nothing.

    Args:
        text: What was written.
        today: The day it was written on, in Switzerland.
        is_matter: Whether it answers what to remind of, so that it needs no verb.
    """
    parts = [_wish(part, today) for part in _AND.split(text)]
    if len(parts) > 1 and all(wish.day is not None and wish.matter is not None for wish in parts):
        common = parts[-1].repeats  # «… chaque mois» at the end is meant for all of them
        return [part.model_copy(update={"repeats": part.repeats or common}) for part in parts]
    return [_wish(text, today, is_matter=is_matter)]


def _wish(text: str, today: date, *, is_matter: bool = False) -> Wish:
    written, spans = plain(text), list[tuple[int, int]]()
    days, hours = reading.days_ahead(text, today), reading.times(text)
    before = _before(written, spans)
    repeats = None
    for kind, pattern in _REPEATS:
        for match in pattern.finditer(written):
            repeats = repeats or kind
            spans.append(match.span())
    if days and before is None and _BEFORE_THE_DAY.search(written, 0, days[0].start):
        before = 1
    spans += [(found.start, found.end) for found in (*days, *hours)]
    matter = next((name for name, pattern in _MATTERS if pattern.search(written)), None)
    words = _words(text, spans, is_matter=is_matter, needs_noun=matter is None)
    return Wish(
        matter=matter or (FREE if words else None),
        words=words,
        day=date.fromisoformat(days[-1].value) if days else None,
        hour=time.fromisoformat(hours[-1].value) if hours else None,
        before=before,
        repeats=repeats,
    )


def _before(written: str, spans: list[tuple[int, int]]) -> int | None:
    """How many days before something; its places are added to the spans."""
    for found, count in _befores(written):
        spans.append(found)
        return count
    return None


def _befores(written: str) -> Iterator[tuple[tuple[int, int], int]]:
    for match in _HOURS_BEFORE.finditer(written):
        yield match.span(), int(match["hours"]) // 24
    for found in reading.durations(written):
        if after := _BEFORE_ALL.match(written, found.end):
            count, unit = found.value.split()
            yield (found.start, after.end()), int(count) * _DAYS.get(unit, 1)
    for pattern, days in ((_EVE, 1), (_SAME_DAY, 0), (_SOME_DAYS, _SOME)):
        for match in pattern.finditer(written):
            yield match.span(), days


def _words(text: str, spans: list[tuple[int, int]], *, is_matter: bool, needs_noun: bool) -> str:
    """What is to be done, in the person's words, without the day and the like."""
    left = list(text)
    for start, end in spans:
        left[start:end] = " " * (end - start)
    rest = "".join(left)
    written = plain(rest)
    match = _VERB.search(written) or (_NOUN.search(written) if needs_noun else None)
    if match is not None:
        place = next(name for name, words in match.groupdict().items() if words)
        return _tidy(rest[match.start(place) : match.end(place)])
    words = _tidy(rest)
    return words if needs_noun and (is_matter or begins_with_a_verb(words)) else ""


def _tidy(words: str) -> str:
    first = _END.split(_MARKUP.sub("", words), maxsplit=1)[0]
    opening = _OPENING.match(plain(first))
    first = first[opening.end() :] if opening else first
    while (closing := _CLOSING.search(plain(first))) is not None and closing.start() > 0:
        first = first[: closing.start()]
    if _CLOSING.fullmatch(plain(first)):
        return ""
    return " ".join(first.split())[:LONGEST_WORDS].strip()


NUMBER = re.compile(
    r"\b(?:le|les|la|num(?:ero)?|n|nr|no)\s*[°.]?\s*(?P<number>\d{1,2})(?P<more>(?:\s*(?:,|et)\s*(?:le )?\d{1,2})*)\b"
    rf"(?!\s*(?:h\b|heures?|[./:-]\s?\d|du mois|jours?|{'|'.join(reading.MONTHS)}))"
)
"""Names reminders by their place in the list."""


_ORDINALS = (
    ("premiere?", 1),
    ("deuxieme|seconde?", 2),
    ("troisieme", 3),
    ("quatrieme", 4),
    ("cinquieme", 5),
    ("derniere?", -1),
)


def numbers(text: str, most: int) -> list[int]:
    """The places in a list of so many that a text names: «le 2», «les 1 et 3», «le deuxième»; none when one is not there."""
    found = [int(one) for match in NUMBER.finditer(plain(text)) for one in re.findall(r"\d+", match[0])]
    found += [most if place < 0 else place for place in ordinals(text)]
    return [number for number in found if number >= 1] if found and max(found) <= most else []


def ordinals(text: str) -> list[int]:
    """The places that a text names in words; the last one is -1. «Le premier avril» is a day."""
    written = plain(text)
    no_day = rf"(?! (?:du mois|jour|{'|'.join(reading.MONTHS)}))"
    return [place for word, place in _ORDINALS if re.search(rf"\b(?:{word})\b{no_day}", written)]


def begins_with_a_verb(text: str) -> bool:
    """Whether a text says at once what is to be done: «appeler ma conseillère»."""
    return re.match(_INFINITIVE, plain(text).strip()) is not None


def matter_of(text: str) -> str | None:
    """What a text is about, when that has a name."""
    return next((name for name, pattern in _MATTERS if pattern.search(plain(text))), None)


def eve(day: date, before: int | None) -> date:
    """The day that lies so many days before."""
    return day - timedelta(days=before or 0)
