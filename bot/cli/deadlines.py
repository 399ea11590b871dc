"""`cornavin deadline`: when a time limit ends, for one decision or for a file of them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from rich.console import Console
from rich.table import Table

from actions.explaining import explained
from base.errors import OperatorError
from base.wording import SOURCE_LANGUAGE, Translations, write_day
from conversations.sources import sources_of
from law.deadlines import Act, Benefit, Deadline, DeadlineError, Delivery, deadline

_SWISS_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


class CaseError(OperatorError):
    """What was given does not allow a count."""


class Case(BaseModel):
    """One decision that is to be contested."""

    model_config = ConfigDict(extra="ignore")

    act: Act
    notified: date | None = None
    first_attempt: date | None = None
    delivery: Delivery | None = None
    benefit: Benefit | None = None

    @field_validator("notified", "first_attempt", mode="before")
    @classmethod
    def _read_date(cls, value: Any) -> Any:
        """Reads `2026-02-05` and `5.2.2026`; nothing else that pydantic would take for a date."""
        if value is None or isinstance(value, date):
            return value
        text = str(value).strip()
        swiss = _SWISS_DATE.fullmatch(text)
        try:
            return date(int(swiss[3]), int(swiss[2]), int(swiss[1])) if swiss else date.fromisoformat(text)
        except ValueError:
            raise ValueError("expected a day such as 2026-02-05") from None

    def count(self) -> Deadline:
        """The result.

        Raises:
            DeadlineError: When the days do not allow it.
        """
        return deadline(self.act, self.notified, self.first_attempt, self.delivery, self.benefit)


def show_one(given: dict[str, Any], as_json: bool) -> None:
    """Prints the result for one decision: a table with the count explained, or JSON.

    Raises:
        CaseError: Naming what is wrong.
    """
    try:
        result = Case.model_validate(given).count()
    except (ValidationError, DeadlineError) as error:
        raise CaseError(cause=_reason(error), remedy="correct it; see 'cornavin deadline --help'") from None
    if as_json:
        print(json.dumps(as_dict(result), ensure_ascii=False))
    else:
        _print_table(result)


def show_file(path: Path) -> None:
    """Prints one JSON line for each line of a file, in their order; a line that cannot be counted gets its `error`.

    Raises:
        CaseError: When the file cannot be read.
    """
    if str(path) == "-":
        _print_lines(sys.stdin)
        return
    try:
        with path.open(encoding="utf-8") as lines:
            _print_lines(lines)
    except (FileNotFoundError, IsADirectoryError, PermissionError, UnicodeDecodeError) as error:
        raise CaseError(cause=f"{path} cannot be read", remedy="give a file of UTF-8 text") from error


def as_dict(result: Deadline) -> dict[str, Any]:
    """A result as the contract of the command line names its parts; days in ISO 8601."""
    sentences = explained(result, _french())
    return {
        "deadline": result.deadline.isoformat(),
        "safe": result.safe.isoformat(),
        "possible": result.possible.isoformat(),
        "day1": result.day1.isoformat(),
        "day30": result.day30.isoformat(),
        "uncertain": result.uncertain,
        "steps": [
            {
                "rule": step.rule,
                "dates": {name: day.isoformat() for name, day in step.dates.items()},
                "article": step.article,
                "text": text,
            }
            for step, text in zip(result.steps, sentences, strict=True)
        ],
        "sources": [source.model_dump(mode="json") for source in sources_of(_facts(result), _french())],
    }


def _facts(result: Deadline) -> Iterator[str]:
    return (fact_id for step in result.steps for fact_id in step.facts)


@cache
def _french() -> Translations:
    return Translations(SOURCE_LANGUAGE)


def _print_lines(lines: TextIO) -> None:
    for line in lines:
        if line.strip():
            try:
                answer = as_dict(Case.model_validate_json(line).count())
            except (ValidationError, DeadlineError) as error:
                answer = {"error": _reason(error)}
            print(json.dumps(answer, ensure_ascii=False))


def _reason(error: ValidationError | DeadlineError) -> str:
    if isinstance(error, DeadlineError):
        return str(error)
    first = error.errors()[0]
    reason = first["msg"].removeprefix("Value error, ")
    return f"{first['loc'][0]}: {reason}" if first["loc"] else reason


def _print_table(result: Deadline) -> None:
    """In French: agents read it."""
    locale = _french().locale
    console = Console()
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("Date sûre", f"[bold]{write_day(result.safe, locale)}[/bold]")
    table.add_row("Dernier jour", write_day(result.deadline, locale))
    if result.possible > result.deadline:
        table.add_row("Discutable", f"{write_day(result.possible, locale)} (n'y comptez pas)")
    table.add_row("Incertain", "oui" if result.uncertain else "non")
    console.print(table)
    console.print()
    for number, (step, text) in enumerate(zip(result.steps, explained(result, _french()), strict=True), start=1):
        console.print(f"{number}. {text}" + (f" [dim]({step.article})[/dim]" if step.article else ""), highlight=False)
    console.print()
    for source in sources_of(_facts(result), _french()):
        article = f", {source.article}" if source.article else ""
        console.print(f"[dim]Source : {source.title}{article} ({source.as_of})[/dim]", highlight=False)
