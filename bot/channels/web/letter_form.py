"""What is typed into the form for a letter: read, checked, and made into a recipe with its details."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from base import clock, reading
from base.wording import mark
from base.wording.filling import Value
from bot.documents import Details
from conversations.documents import Format, Letter, LetterKind, Recipient

E = TypeVar("E")

OLDEST_YEAR = 2000
"""A year before it is a slip of the finger."""

LONGEST_DATE = 40
"""Characters; longer texts are not even read, which takes more than twice as long for twice the text."""

RECIPIENTS: Mapping[LetterKind, tuple[Recipient, ...]] = MappingProxyType(
    {
        LetterKind.OBJECTION: (Recipient.OCE, Recipient.FUND),
        LetterKind.APPEAL: (),
        LetterKind.RESTITUTION: (Recipient.OCE, Recipient.FUND, Recipient.COURT),
    }
)
"""Who such a letter can go to, where there is a choice: an appeal goes to the court."""


FIELDS = ("name", "address", "recipient", "decided", "number", "received", "request", "reasons", "ended", "format")
"""The order of the fields on the page."""


@dataclass(frozen=True)
class Room:
    """How much a field takes.

    Args:
        characters: Line breaks included.
        lines: Each takes a millisecond to write into a Word file.
    """

    characters: int
    lines: int = 1


ROOM: Mapping[str, Room] = MappingProxyType(
    {
        "name": Room(100),
        "address": Room(300, lines=5),
        "number": Room(60),
        "request": Room(1000, lines=20),
        "reasons": Room(5000, lines=100),
    }
)

DATES: Mapping[LetterKind, tuple[str, ...]] = MappingProxyType(
    {
        LetterKind.OBJECTION: ("decided", "received"),
        LetterKind.APPEAL: ("decided", "received"),
        LetterKind.RESTITUTION: ("decided", "received", "ended"),
    }
)

MESSAGES = {
    "too_long": mark("Ce texte est trop long. Au maximum : {count} caractères, espaces compris."),
    "too_many_lines": mark("Ce texte a trop de lignes. Au maximum : {count}."),
    "no_date": mark("Cette date n'existe pas, ou je ne peux pas la lire. Écrivez-la par exemple ainsi : {example}."),
    "future": mark("Cette date est dans le futur. Vérifiez le jour, le mois et l'année."),
    "before_decision": mark("Cette date est avant celle de la décision. Vérifiez les deux."),
    "unprintable": mark("Le PDF ne peut pas écrire ce signe : {characters}. Enlevez-le, ou choisissez Word."),
}
"""What is wrong with a field."""


@dataclass(frozen=True)
class Fault:
    """Why a field is refused.

    Args:
        message: Key of `MESSAGES`.
        values: What fills it.
    """

    message: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """A form that was read.

    Args:
        recipe: The letter that it asks for.
        details: What was typed for it; of use when there is no fault.
        faults: What is wrong, by the name of the field, in their order on the page.
    """

    recipe: Letter
    details: Details = field(repr=False)
    faults: Mapping[str, Fault]


def read(kind: LetterKind, typed: Mapping[str, str]) -> Form:
    """Reads a form. Every field may be left empty: the letter then has a blank there.

    Args:
        kind: What the letter asks for.
        typed: What was typed, by the name of the field.
    """
    texts = {name: "\n".join(typed.get(name, "").strip().splitlines()) for name in ROOM}
    faults = {name: fault for name, text in texts.items() if (fault := _too_long(text, ROOM[name]))}
    days: dict[str, date | None] = {}
    for name in DATES[kind]:
        try:
            days[name] = read_date(typed.get(name, ""))
        except InvalidDate as error:
            faults[name], days[name] = error.fault, None
    decided, received = days["decided"], days["received"]
    if decided is not None and received is not None and received < decided:
        faults["received"] = Fault("before_decision")
    return Form(
        recipe=Letter(
            letter=kind,
            format=one_of(Format, typed.get("format")) or Format.PDF,
            recipient=recipient_of(kind, typed.get("recipient")),
            received=received,
        ),
        details=Details(**texts, decided=decided, ended=days.get("ended")),
        faults={name: faults[name] for name in FIELDS if name in faults},
    )


class InvalidDate(ValueError):
    """Something is no date that a letter can name. The message never holds what was typed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def read_date(text: str) -> date | None:
    """A day in the past or today, as people write it; None when nothing was typed.

    Raises:
        InvalidDate: When it names no day, or one that is still to come.
    """
    text, today = text.strip(), clock.today()
    if not text:
        return None
    day = _day(text, today) if len(text) <= LONGEST_DATE else None
    if day is None or day.year < OLDEST_YEAR:
        raise InvalidDate(Fault("no_date", {"example": written(today)}))
    if day > today:
        raise InvalidDate(Fault("future"))
    return day


def _day(text: str, today: date) -> date | None:
    """The one day that the text names; none when digits are left over, as those of «31.2.2026 5»."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        found = reading.days(text, today)
    if len(found) != 1:
        return None
    rest = text[: found[0].start] + text[found[0].end :]
    return None if any(character.isdigit() for character in rest) else date.fromisoformat(found[0].value)


def written(day: date) -> str:
    """A day as it is typed into the form."""
    return day.strftime("%d.%m.%Y")


def recipient_of(kind: LetterKind, value: str | None) -> Recipient | None:
    """Who the letter goes to, if that is someone it can go to."""
    found = one_of(Recipient, value)
    return found if found in RECIPIENTS[kind] else None


def one_of(kinds: Callable[[str], E], value: str | None) -> E | None:
    """The member of an enumeration with this value, if there is one."""
    try:
        return kinds(value) if value is not None else None
    except ValueError:
        return None


def _too_long(text: str, room: Room) -> Fault | None:
    if len(text) > room.characters:
        return Fault("too_long", {"count": room.characters})
    if len(text.splitlines()) > room.lines:
        return Fault("too_many_lines", {"count": room.lines})
    return None
