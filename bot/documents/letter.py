"""What a letter says, as a value from which both formats are made.

It asks and refers; it argues nothing. What the person has not said stays a visible blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from base.wording import Translations, fill, filling, mark
from bot.engine.text import printable
from conversations.documents import Letter, LetterKind, Recipient
from law.facts import fact
from law.offices import DESKS, Matter


@dataclass(frozen=True)
class Details:
    """What a person typed for a letter. It lives as long as the request; its values stay out of `repr` and so of logs.

    Args:
        name: First name and family name.
        address: In several lines.
        decided: Date that the decision bears.
        number: Of the decision or the file.
        request: What is asked for.
        reasons: Why; for a restitution, what prevented the person.
        ended: Day on which the obstacle ended, for a restitution.
    """

    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    decided: date | None = field(default=None, repr=False)
    number: str = field(default="", repr=False)
    request: str = field(default="", repr=False)
    reasons: str = field(default="", repr=False)
    ended: date | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Blank:
    """A place to complete by hand.

    Args:
        hint: What belongs there.
        lines: How much room it needs.
    """

    hint: str
    lines: int = 1


Part = str | Blank
"""A paragraph or line, or the place for it."""


@dataclass(frozen=True)
class Labelled:
    """A value with what it is."""

    label: str
    value: Part


@dataclass(frozen=True)
class Section:
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class LetterText:
    """A letter, finished but for its looks.

    Args:
        language: Language tag with the country, e.g. `fr-CH`.
        blank: How a blank is written where it is to be typed over; `{hint}` stands for its hint.
        sender: Name and address, by line.
        recipient: Name and address, by line.
        place_and_date: Of the signature.
        subject: Also the title of the file.
        references: Which decision it is about.
        salutation: The greeting.
        request: What the letter asks.
        sections: Reasons and the like.
        enclosures: What goes with it, below their heading.
        closing: The greeting at the end.
        signature: Label of the line to sign on.
        signatory: Name below that line; empty when it is not known.
    """

    language: str
    blank: str
    sender: tuple[Part, ...]
    recipient: tuple[Part, ...]
    place_and_date: Labelled
    subject: str
    references: tuple[Labelled, ...]
    salutation: str
    request: tuple[Part, ...]
    sections: tuple[Section, ...]
    enclosures: Section
    closing: str
    signature: str
    signatory: str


NAMES: Mapping[LetterKind, str] = MappingProxyType(
    {
        LetterKind.OBJECTION: mark("Opposition"),
        LetterKind.APPEAL: mark("Recours"),
        LetterKind.RESTITUTION: mark("Demande de restitution de délai"),
    }
)

_SUBJECTS: Mapping[LetterKind, tuple[str, str]] = MappingProxyType(
    {
        LetterKind.OBJECTION: (mark("Opposition"), mark("Opposition contre la décision du {day}")),
        LetterKind.APPEAL: (mark("Recours"), mark("Recours contre la décision sur opposition du {day}")),
        LetterKind.RESTITUTION: (
            mark("Demande de restitution de délai"),
            mark("Demande de restitution de délai, décision du {day}"),
        ),
    }
)

_REQUESTS: Mapping[LetterKind, str] = MappingProxyType(
    {
        LetterKind.OBJECTION: mark("Je forme opposition contre cette décision et demande :"),
        LetterKind.APPEAL: mark("Je forme recours contre cette décision sur opposition et demande :"),
        LetterKind.RESTITUTION: mark("Je demande la restitution du délai pour contester cette décision."),
    }
)

_MISSED_ACTS: Mapping[Recipient | None, tuple[str, str]] = MappingProxyType(
    {
        Recipient.OCE: (
            mark("J'accomplis en même temps l'acte manqué : mon opposition signée est jointe à cette lettre."),
            mark("Opposition signée"),
        ),
        Recipient.COURT: (
            mark("J'accomplis en même temps l'acte manqué : mon recours signé est joint à cette lettre."),
            mark("Recours signé"),
        ),
        None: (
            mark(
                "J'accomplis en même temps l'acte manqué : l'opposition ou le recours, signé, est joint à cette lettre."
            ),
            mark("Opposition signée, ou recours signé"),
        ),
    }
)
"""What is said of the act that was missed, and how it is listed among the enclosures."""

REASON_LINES = 7


def name(kind: LetterKind, translations: Translations) -> str:
    """What such a letter is called."""
    return translations.translate(NAMES[kind])


def compose(recipe: Letter, details: Details, translations: Translations) -> LetterText:
    """Writes the letter.

    Args:
        recipe: What it asks for, of whom, and when the decision was received.
        details: What the person typed; read without control characters, which no format can hold.
        translations: The language to write in.
    """
    write = _Writer(translations)
    kind, appeal = recipe.letter, recipe.letter is LetterKind.APPEAL
    signatory = _line(details.name)
    return LetterText(
        language=str(translations.locale).replace("_", "-"),
        blank=write(mark("[à compléter : {hint}]"), hint="{hint}"),
        sender=(
            signatory or Blank(write(mark("prénom et nom"))),
            *(_lines(details.address) or (Blank(write(mark("rue et numéro, code postal et localité")), lines=2),)),
        ),
        recipient=_recipient(recipe, write),
        place_and_date=Labelled(write(mark("Lieu et date")), Blank(write(mark("lieu et date")))),
        subject=write(_SUBJECTS[kind][details.decided is not None], day=details.decided),
        references=(
            Labelled(
                write(mark("Décision sur opposition du") if appeal else mark("Décision du")),
                write.day(details.decided),
            ),
            Labelled(
                write(mark("Numéro de la décision ou du dossier")),
                _line(details.number) or Blank(write(mark("numéro, s'il y en a un"))),
            ),
            Labelled(write(mark("Reçue le")), write.day(recipe.received)),
        ),
        salutation=write(mark("Madame, Monsieur,")),
        request=_request(recipe, details, write),
        sections=_sections(kind, details, write),
        enclosures=_enclosures(recipe, write),
        closing=write(mark("Veuillez agréer, Madame, Monsieur, mes salutations distinguées.")),
        signature=write(mark("Signature")),
        signatory=signatory,
    )


class _Writer:
    """Writes in one language."""

    def __init__(self, translations: Translations) -> None:
        self._translations = translations

    def __call__(self, text: str, **values: filling.Value) -> str:
        return fill(text, self._translations, fact, values).text

    def day(self, day: date | None) -> Part:
        return Blank(self(mark("date"))) if day is None else filling.write(day, self._translations.locale)


def _line(text: str) -> str:
    return printable(text).strip()


def _lines(text: str) -> tuple[str, ...]:
    """The lines that say something."""
    return tuple(line for line in map(_line, text.splitlines()) if line)


def _recipient(recipe: Letter, write: _Writer) -> tuple[Part, ...]:
    """Name and address. The fund's is on its decision; of the others the address is a fact."""
    appeal = recipe.letter is LetterKind.APPEAL
    office: tuple[str, ...]
    match recipe.recipient or (Recipient.COURT if appeal else None):
        case Recipient.OCE:
            office, matter = (mark("Office cantonal de l'emploi"), mark("Service juridique")), Matter.OBJECTION_TO_OCE
        case Recipient.COURT:
            office, matter = ("{fact:court_appeal.court}",), Matter.APPEAL
        case Recipient.FUND:
            return (
                Blank(write(mark("nom de votre caisse de chômage, et son adresse indiquée sur la décision")), lines=3),
            )
        case None:
            return (
                Blank(write(mark("autorité qui a pris la décision, et son adresse indiquée sur la décision")), lines=3),
            )
    address = write(f"{{fact:{DESKS[matter].contact.address}}}").split(", ")
    return tuple(line[:1].upper() + line[1:] for line in (*map(write, office), *address))


def _request(recipe: Letter, details: Details, write: _Writer) -> tuple[Part, ...]:
    opening = write(_REQUESTS[recipe.letter])
    if recipe.letter is LetterKind.RESTITUTION:
        return (opening, write(_missed_act(recipe)[0]))
    hint = write(mark("ce que vous demandez, par exemple annuler ou modifier la décision"))
    return (opening, *(_lines(details.request) or (Blank(hint, lines=2),)))


def _missed_act(recipe: Letter) -> tuple[str, str]:
    # An objection goes to the fund as it goes to the OCE.
    return _MISSED_ACTS[Recipient.OCE if recipe.recipient is Recipient.FUND else recipe.recipient]


def _sections(kind: LetterKind, details: Details, write: _Writer) -> tuple[Section, ...]:
    reasons = _lines(details.reasons)
    if kind is not LetterKind.RESTITUTION:
        hint = write(mark("vos raisons : les faits, dans l'ordre, avec vos mots"))
        return (Section(write(mark("Motifs")), reasons or (Blank(hint, REASON_LINES),)),)
    return (
        Section(
            write(mark("Motif de l'empêchement")),
            reasons or (Blank(write(mark("ce qui vous empêchait d'agir, et depuis quand")), lines=5),),
        ),
        Section(write(mark("Fin de l'empêchement")), (write.day(details.ended),)),
        Section(write(mark("Preuves")), (Blank(write(mark("les preuves que vous joignez")), lines=2),)),
    )


def _enclosures(recipe: Letter, write: _Writer) -> Section:
    heading = write(mark("Annexes"))
    if recipe.letter is LetterKind.RESTITUTION:  # its proof has a section of its own
        return Section(heading, (write(_missed_act(recipe)[1]), write(mark("Copie de la décision"))))
    appeal = recipe.letter is LetterKind.APPEAL
    decision = write(mark("Copie de la décision sur opposition") if appeal else mark("Copie de la décision"))
    return Section(heading, (decision, Blank(write(mark("autres pièces, si vous en avez")))))
