"""A line of job searches while it is read: what was recognised in it, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from base.plain import plain

_QUOTES = str.maketrans(dict.fromkeys('"«»“”„', " "))
_SHORT = "".join(
    rf"(?<!\b{word}\.)"
    for word in (
        "op",
        "niv",
        "cat",
        "cl",
        "max",
        "min",
        "dir",
        "int",
        "dr",
        "st",
        "ste",
        "resp",
        "assist",
        "tech",
        "ing",
        "env",
        "adj",
        "coll",
        "pr",
        "prof",
        "sec",
        "empl",
        "ass",
        "secr",
        "vend",
        "inf",
        "educ",
    )
)
"""Not behind a word that is cut short: «op. de production»."""
HARD = re.compile(
    rf"[,;:()|\n•!?\t]|\.(?=\s|$){_SHORT}(?<!\b[a-z]\.)|(?:(?<=\s)|^)[-–—/*>~](?=\s|$)| / |\s[-–—]\s|->|=>|(?<=\s)[=+](?=\s)"
)
"""Ends what was said before."""
SOFT = re.compile(r"\b(?:et|puis|ensuite|mais|enfin)\b")
"""May end it."""


@dataclass(frozen=True)
class Span:
    """Something recognised in a text; `field` is that of an effort, or `noise`, or `unknown`."""

    start: int
    end: int
    field: str
    value: Any = None
    assumed: bool = False
    is_told: bool = False
    """Whether words say what it is: «poste de vendeuse», «postulé le 5»."""


@dataclass
class Reading:
    """A line while it is read.

    Args:
        text: As written.
        today: The day that it was written on.
        plain: In its plainest writing, of the same length.
        found: What was recognised, in any order.
    """

    text: str
    today: date
    plain: str = ""
    found: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plain = plain(self.text).translate(_QUOTES)

    def add(self, span: Span) -> None:
        """Takes what does not overlap with anything taken before."""
        if self.is_free(span.start, span.end):
            self.found.append(span)

    def is_free(self, start: int, end: int) -> bool:
        """Whether there is something between, and nothing of it was taken."""
        return start < end and all(end <= one.start or start >= one.end for one in self.found)

    def written(self, start: int, end: int) -> str:
        return re.sub(r"\s+", " ", self.text[start:end]).strip(" .,:;-–—'\"«»*")

    def is_capital(self, at: int) -> bool:
        return at < len(self.text) and self.text[at].isupper()


def in_order(reading: Reading) -> list[Span]:
    return sorted((span for span in reading.found if span.field != "noise"), key=lambda span: span.start)
