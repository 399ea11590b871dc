"""A day given in answer to the question for one: in few words, or in another language than French.

French is read by `reading`; what it leaves is tried with dateparser, whole.
"""

import re
import warnings
from datetime import date, datetime, time

from base.reading import Found, days

OTHER_LANGUAGES = ("fr", "de", "it", "en", "pt", "es", "sq", "tr")
_LONGEST = 60
"""Characters; a longer text is no mere day, and reading it as one would be a guess."""
_NUMBER_ALONE = re.compile(
    r"\W*(?:(?:c'est|c'etait|c'était|le|donc|euh|bah|ben)\s+)*(?P<number>\d{1,2}|1er)\W*", re.IGNORECASE
)
_FILLER = re.compile(r"^\s*(?:am|on|il|el|le|no dia|em|den|der|il giorno|c'est|c'était)\s+", re.IGNORECASE)
_FRENCH_UNIT = re.compile(r"\b(?:jours?|semaines?|mois|an|ans|heures?|h|page)\b", re.IGNORECASE)
"""What French leaves unread with such a word is no day."""
_HAS_DAY = re.compile(
    r"\d|\b(?:gestern|vorgestern|heute|yesterday|today|ieri|oggi|ontem|hoje|ayer|hoy|dje|dün|bugün)\b|day\b|tag\b",
    re.IGNORECASE,
)


def answered_days(text: str, today: date) -> list[Found]:
    """The days that an answer names, in reading order.

    Args:
        text: What was written.
        today: The day it was written on, in Switzerland.
    """
    found = days(text, today)
    if found:
        return found
    alone = _NUMBER_ALONE.fullmatch(text)
    if alone:
        return [Found(one.value, 0, len(text)) for one in days(f"le {alone['number']}", today)]
    if len(text) > _LONGEST or not _HAS_DAY.search(text) or _FRENCH_UNIT.search(text):
        return []
    read = _with_dateparser(_FILLER.sub("", text), today)
    return [Found(read.isoformat(), 0, len(text))] if read else []


def _with_dateparser(text: str, today: date) -> date | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # dateparser's own
        import dateparser  # slow to import, and seldom needed

        read = dateparser.parse(
            text,
            languages=list(OTHER_LANGUAGES),
            settings={
                "RELATIVE_BASE": datetime.combine(today, time(12)),
                "PREFER_DATES_FROM": "past",
                "DATE_ORDER": "DMY",
                "REQUIRE_PARTS": ["day"],
            },
        )
    return read.date() if read else None
