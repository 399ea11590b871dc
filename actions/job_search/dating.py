"""The days that a line names, and on which of them somebody applied."""

from __future__ import annotations

import re
from datetime import date, timedelta

from actions.job_search.spans import HARD, SOFT, Reading, Span
from base.reading import NUMBERS, WEEKDAYS, days

_DAY_IN_WORDS = re.compile(
    rf"\ble (?P<number>{'|'.join(sorted(NUMBERS[1:], key=len, reverse=True))})\b(?= (?:j'?ai|c'|c'etait|pour|comme|chez|je|a|au)\b| ?:)"
)
_PART_OF_DAY = re.compile(
    r"(?: (?:(?:au|le|en fin de|dans la|dans l') ?)?(?:matin|soir|midi|apres-midi|matinee|soiree|journee|dernier|courant)\b)"
)
_BEFORE_DAY = re.compile(rf"\b(?:(?:depuis|date|du|le|au)\s*:?\s*)?(?:(?:{'|'.join(WEEKDAYS)}),? )?(?:le )?$")
_HABIT = re.compile(rf"\ble (?:{'|'.join(WEEKDAYS)})")
"""When work is done, where another day is named: «vendeuse le samedi, postulé le 6»."""
_WAY = r"(?:(?:par |sur |via |en )?(?:e?-?mail|courriel|tel|telephone|job-?up|indeed|linkedin|site|lettre|courrier|internet|web|online|en ligne|ligne|sur place|place|formulaire))"
_BARE_DAY = re.compile(
    rf"(?:(?<=[,;|(\t])|(?<=[,;|(\t] ))(?:[12]?\d|3[01])(?=\s*(?:[;|)\t]|$|,(?! (?:rue|av|ch|route|bd|bvd|place|quai)\b)))|"
    rf"(?<=[a-z] )(?:[12]?\d|3[01])(?= {_WAY}\b)|(?:(?<=mail )|(?<=tel )|(?<=jobup )|(?<=site )|(?<=ligne )|(?<=place ))(?:[12]?\d|3[01])(?=\s*(?:$|[,;.)/]|non\b|refus|pas de |en attente|ils?\b|elles?\b))"
)
"""A number that stands for a day where no day is named: «Coop, vendeuse, 12, mail»."""
_LAST_WEEK = re.compile(r"\bsemaine (?:passee|derniere|d'avant|precedente)\b(?!.*\b(?:hier|cette semaine)\b)")
_SHARE = re.compile(r"\b\d{1,3} ?%")
"""Is no part of a day: «le 5 100%»."""
_TOLD = re.compile(r"\b(?:postule?\w*|(?:candidature|postulation|dossier|cv) (?:du|envoyee?|deposee?)) $")
"""Says of a day that it is that of an application."""
_LEADING_DAY = re.compile(r"(?:^|(?<=[:,;\n/] ))(?:[12]?\d|3[01])(?= [^\W\d_a-zà-ÿ])")
"""A number before each name: «Novembre : 3 Axa, 5 Bâloise»."""
_CORRECTED = re.compile(
    r"(?:\W|\b(?:de la semaine (?:d'avant|passee|derniere)|mais|ah|euh|enfin|ou|c'est|c'etait|le|desolee?)\b)*\b(?:non|pardon|en fait|plutot|donc|soit|je veux dire|je me trompe|erreur)\b"
    r"(?:\W|\b(?:mais|non|en fait|plutot|c'est|c'etait|pour)\b)*"
)
"""Between a day and the one that is meant: «le 11, pardon, le 12»."""
_EVENT = re.compile(
    r"\b(?:entretien|rendez-?vous|rdv|refus|negati|reponse|(?<!j'ai )(?<!jai )repond|des le|a partir du|fixe|recue?\b|rappel|essai\b|signe\b|commence|assigne\w*|delai|jusqu|limite|echeance|debut\w* |engage|non\b)"
)
_EVENT_FOLLOWS = re.compile(
    r"[ ,:]+(?:(?:j'ai|jai|g|on a) )?(?:(?:eu|recu|passe|fait) )?(?:(?:un|une|le|mon) )?(?:entretien|rdv|rendez-?vous|essai|refus|reponse|negati)"
)
"""«le 17 j'ai eu un entretien chez Coop, postulé le 2»."""
_OPENS = re.compile(r"(?:^|[.;!\n])\s*(?:le )?$")
_THEIR_DOING = re.compile(
    r"(?:(?!j'|\bje |jai |\bpostul|\bcandidat)[^,;:.()\n])*\bm'(?:a|ont|avait) (?:re)?(?:ap+el|contact|pondu|ecri|convoqu|refus|propos|engag|tel)"
)
"""«ce matin la régie m'a appelé, j'avais postulé le 3»."""
_APPLIES = re.compile(r"\b(?:postul|candidat|envoy|appel[e ]|telephon|ecrit|depos|passee? (?:chez|a)|fait|inscri)")


def recognise_days(reading: Reading) -> None:
    simple = reading.plain
    found = [
        (one.start, one.end, date.fromisoformat(one.value), one.approximate)
        for one in days(_SHARE.sub(lambda share: " " * len(share[0]), reading.text), reading.today)
    ]
    for match in _DAY_IN_WORDS.finditer(simple):
        number = next(index for index, word in enumerate(NUMBERS) if re.fullmatch(word, match["number"]))
        found += [
            (match.start(), match.end(), date.fromisoformat(one.value), False)
            for one in days(f"le {number}", reading.today)
        ]
    found = [(start, end, _of_week(reading, start, end, day), rough) for start, end, day, rough in found]
    found.sort()
    found = [one for one in found if len(found) == 1 or not _HABIT.fullmatch(simple, max(one[0] - 3, 0), one[1])]
    meant = [
        one
        for number, one in enumerate(found)
        if number + 1 == len(found) or not _CORRECTED.fullmatch(simple, one[1], found[number + 1][0])
    ]
    if not found:
        meant = [
            (*match.span(), day, False)
            for match in (*_BARE_DAY.finditer(simple), *_leading_days(reading.text))
            if (day := _last_day(int(match[0]), reading.today))
        ]
    for number, (start, end, day, rough) in enumerate(meant):
        is_event = day > reading.today or _is_event(simple, start, end, is_first=number == 0 and len(meant) > 1)
        part = _PART_OF_DAY.match(simple, end)
        before = _BEFORE_DAY.search(simple, 0, start)
        reading.add(
            Span(
                before.start() if before else start,
                part.end() if part else end,
                "noise" if is_event else "apply_date",
                day,
                rough,
                is_told=_TOLD.search(simple, 0, before.start() if before else start) is not None,
            )
        )


def _is_event(simple: str, start: int, end: int, *, is_first: bool) -> bool:
    """Whether something else happened on a day than that somebody applied.

    Args:
        is_first: Whether it is the first of several days.
    """
    breaks = (*HARD.finditer(simple, 0, start), *SOFT.finditer(simple, 0, start))
    clause = simple[max((match.end() for match in breaks if match.end() <= start), default=0) : start]
    events = [match.start() for match in _EVENT.finditer(clause)]
    applies = [match.start() for match in _APPLIES.finditer(clause)]
    if events and events[-1] > max(applies, default=-1):
        return True
    follows = _EVENT_FOLLOWS.match(simple, end) or _THEIR_DOING.match(simple, end)
    return is_first and follows is not None and _OPENS.search(simple, 0, start) is not None


def _leading_days(text: str) -> tuple[re.Match[str], ...]:
    """Numbers before names that are days: several, in their order, and no count from one."""
    found = tuple(_LEADING_DAY.finditer(text))
    numbers = [int(match[0]) for match in found]
    are_days = len(numbers) > 1 and numbers == sorted(numbers) and numbers != list(range(1, len(numbers) + 1))
    return found if are_days else ()


def _of_week(reading: Reading, start: int, end: int, day: date) -> date:
    """The day that a weekday alone means, behind «la semaine passée»."""
    is_weekday = re.fullmatch("|".join(WEEKDAYS), reading.plain[start:end].strip()) is not None
    monday = reading.today - timedelta(days=reading.today.weekday())
    is_before = is_weekday and day >= monday and _LAST_WEEK.search(reading.plain, 0, start) is not None
    return day - timedelta(days=7) if is_before else day


def _last_day(number: int, today: date) -> date | None:
    """The last day of a month with that number."""
    found = days(f"le {number}", today)
    return date.fromisoformat(found[0].value) if found else None
