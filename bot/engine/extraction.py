"""How well job searches are read from what people write: figures for each field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from actions.job_search.effort import Effort
from actions.job_search.parsing import read
from base.plain import plain

Fields = Mapping[str, Any]
"""What is known of one effort, by field of `Effort`, in a form that can be compared."""

_WORDS = {
    "channels": {"electronic": "ELECTRONIC", "mail": "MAIL", "personal": "PERSONAL", "phone": "PHONE"},
    "results": {"pending": "PENDING", "interview": "INTERVIEW", "employed": "EMPLOYED", "rejected": "REJECTED"},
    "workload": {"full": "FULLTIME", "part": "PARTTIME"},
}
_NAMES = {
    "date": "apply_date",
    "channel": "channels",
    "result": "results",
    "assigned": "assigned_by_orp",
    "reason": "rejection_reason",
    "contact": "contact_person",
    "url": "form_url",
}
"""Fields that the examples name in a shorter way."""


@dataclass(frozen=True)
class Example:
    """Something that was written, and what a careful reader takes from it.

    Args:
        text: As written.
        today: The day it was written on.
        efforts: What it says, one for each effort.
    """

    text: str
    today: date
    efforts: tuple[Fields, ...]


@dataclass(frozen=True)
class FieldFigures:
    """How a field was read.

    Args:
        right: How often it was said and read as said.
        invented: How often something was read that was not said.
        missed: How often it was said and not read as said.
    """

    right: int
    invented: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.invented) if self.right + self.invented else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def share_right(self) -> float:
        """Of all that was said or read; what was read as something else counts once."""
        return self.right / (self.right + max(self.invented, self.missed)) if self.right or self.missed else 1.0

    def __add__(self, other: FieldFigures) -> FieldFigures:
        return FieldFigures(self.right + other.right, self.invented + other.invented, self.missed + other.missed)


def examples(path: Path) -> tuple[Example, ...]:
    """The examples of a file of `tests/actions/job_search`."""
    content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    today = content["today"]
    return tuple(
        Example(line["say"], today, tuple(_expected(effort, today) for effort in line["are"]))
        for line in content["lines"]
    )


def judge(examples: Iterable[Example]) -> Mapping[str, FieldFigures]:
    """Figures for each field, read from examples."""
    right, invented, missed = Counter[str](), Counter[str](), Counter[str]()
    for example in examples:
        found = [_comparable(effort) for effort in read(example.text, example.today)]
        for expected, given in _paired(example.efforts, found):
            for name in expected.keys() | given.keys():
                if name in expected and expected[name] == given.get(name):
                    right[name] += 1
                    continue
                invented[name] += name in given
                missed[name] += name in expected
    names = sorted(right.keys() | invented.keys() | missed.keys())
    return {name: FieldFigures(right[name], invented[name], missed[name]) for name in names}


def _paired(expected: Sequence[Fields], found: Sequence[Fields]) -> Iterator[tuple[Fields, Fields]]:
    """Which effort that was read is which that was said; what has no counterpart is compared with nothing."""
    if len(expected) == len(found):
        yield from zip(expected, found, strict=True)
        return
    left = list(found)
    for one in expected:
        best = max(left, key=lambda other: sum(other.get(name) == value for name, value in one.items()), default=None)
        if best is not None:
            left.remove(best)
        yield one, best or {}
    yield from (({}, one) for one in left)


def _expected(written: Mapping[str, Any], today: date) -> Fields:
    return {_NAMES.get(name, name): _value(_NAMES.get(name, name), value, today) for name, value in written.items()}


def _value(name: str, written: Any, today: date) -> Any:
    if name == "apply_date":
        month, _, day = str(written).rpartition("-")
        return date(today.year, int(month or today.month), int(day))
    if name == "assigned_by_orp":
        return written
    if name in {"channels", "results"}:
        return frozenset(_WORDS[name][word] for word in written.split("+"))
    return _WORDS[name][written] if name in _WORDS else _text(name, str(written))


def _text(name: str, written: str) -> str:
    simple = plain(written)
    return _ARTICLE.sub("", simple) if name == "described" else simple


_ARTICLE = re.compile(r"^(?:une? |1 |l'|la |le )")
"""Says nothing of what an employer is, in one that was not named: «une boulangerie»."""


def _comparable(effort: Effort) -> Fields:
    return {
        name: frozenset(map(str, value))
        if isinstance(value, tuple)
        else _text(name, value)
        if isinstance(value, str) and name != "workload"
        else value
        for name, value in effort.said.items()
    }
