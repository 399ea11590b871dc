"""What a receipt says of a submission, as a value: what was sent, where it is now, and how to verify that.

It says «reçu par Job-Room» only when Job-Room said so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from babel.units import format_unit

from base import clock
from base.wording import Translations, fill, mark, write_moment
from base.wording.filling import Value
from bot.documents.letter import Labelled
from bot.documents.qr import qr_code
from bot.engine.text import printable
from casework.document_names import name_of
from casework.files.limits import MEBIBYTE
from casework.submissions import SentFile, State, Submission
from law.documents import Recipient
from law.facts import fact

VERIFICATION_PATH = "/recu"
FINGERPRINT_DIGITS = 16
"""Digits of a file's SHA-256 that are shown: enough that nobody makes another file with the same."""

SANDBOX = mark("Bac à sable – aucune valeur")
SANDBOX_MEANING = mark("Cet envoi est un essai : rien n'a été transmis au vrai Job-Room.")


@dataclass(frozen=True)
class Sent:
    """What a receipt is made from.

    Args:
        submission: As it stands now.
        names: Of its files; empty for one that is deleted.
        public_url: Address of the program, for the verification.
        with_sandbox: Whether it went to the sandbox, and so nowhere.
    """

    submission: Submission
    names: tuple[str, ...]
    public_url: str
    with_sandbox: bool


@dataclass(frozen=True)
class Status:
    """Where a submission is.

    Args:
        is_received: Whether Job-Room has it.
        headline: In a few words; `{moment}` stands for when Job-Room received it.
        meaning: What follows for the person.
    """

    is_received: bool
    headline: str
    meaning: str


@dataclass(frozen=True)
class FileRow:
    """A file that was sent, as it is shown."""

    name: str
    pages: str
    size: str
    fingerprint: str


@dataclass(frozen=True)
class ReceiptText:
    """A receipt, finished but for its looks.

    Args:
        language: Language tag with the country, e.g. `fr-CH`.
        title: Also of the file.
        sandbox: What is said of the sandbox, in large and small; empty for what counts.
        is_received: Whether Job-Room has it.
        status: Where it is.
        meaning: What follows for the person.
        facts: What was sent, to whom, when, and the numbers.
        files_heading: Above the files.
        columns: What is said of each file.
        files: The files.
        verification: How to verify the receipt.
        address: Of the page that verifies it.
        qr_code: The same as SVG.
        qr_text: The same for those who do not see it.
        note: What the fingerprints are.
    """

    language: str
    title: str
    sandbox: tuple[str, ...]
    is_received: bool
    status: str
    meaning: str
    facts: tuple[Labelled, ...]
    files_heading: str
    columns: tuple[str, str, str, str]
    files: tuple[FileRow, ...]
    verification: str
    address: str
    qr_code: str
    qr_text: str
    note: str


RECEIVED = Status(
    True,
    mark("Reçu par Job-Room le {moment}"),
    mark("Job-Room a confirmé la réception. Gardez ce reçu."),
)
UNDER_WAY = Status(
    False,
    mark("Enregistré ici, transmission en cours"),
    mark(
        "Job-Room n'a pas encore confirmé la réception. La page de vérification ci-dessous dit toujours où en est "
        "votre envoi. Ce reçu aussi, si vous le téléchargez de nouveau."
    ),
)
_ENDED: Mapping[State, Status] = MappingProxyType(
    {
        State.REFUSED: Status(
            False,
            mark("Refusé par Job-Room"),
            mark("Cet envoi ne compte pas comme remis. Corrigez-le et envoyez-le de nouveau."),
        ),
        State.GIVEN_UP: Status(
            False,
            mark("Non transmis"),
            mark("Job-Room n'a pas confirmé cet envoi. Ne comptez pas dessus : déposez-le directement dans Job-Room."),
        ),
    }
)
_UNSENDABLE = Status(
    False,
    mark("Non transmis"),
    mark("Les fichiers n'ont pas pu être réunis pour Job-Room : rien n'est parti. Envoyez-les en plusieurs fois."),
)
RECIPIENTS: Mapping[Recipient, str] = MappingProxyType(
    {
        Recipient.ORP: mark("Office régional de placement (ORP)"),
        Recipient.FUND: mark("Caisse de chômage"),
    }
)


def status_of(submission: Submission) -> Status:
    """Where a submission is; a reception without a time is none."""
    if submission.state is State.RECEIVED and submission.received_at is not None:
        return RECEIVED
    if submission.is_unsendable:
        return _UNSENDABLE
    return _ENDED.get(submission.state, UNDER_WAY)


def title(submission: Submission, translations: Translations) -> str:
    """What was sent, as people call it."""
    return translations.translate(name_of(submission.title))


def headline(submission: Submission, translations: Translations) -> str:
    """Where a submission is, in a few words."""
    received = submission.received_at
    moment = None if received is None else write_moment(received, translations)
    return fill(status_of(submission).headline, translations, fact, {"moment": moment}).text


def fingerprint(file: SentFile) -> str:
    """The first digits of a file's SHA-256, in groups that can be compared."""
    digits = file.sha256[:FINGERPRINT_DIGITS]
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def compose(sent: Sent, translations: Translations) -> ReceiptText:
    """Writes the receipt in one language."""

    def write(text: str, **values: Value) -> str:
        return fill(text, translations, fact, values).text

    submission = sent.submission
    address = f"{sent.public_url}{VERIFICATION_PATH}/{submission.number}"
    return ReceiptText(
        language=str(translations.locale).replace("_", "-"),
        title=write(mark("Reçu d'envoi")),
        sandbox=(write(SANDBOX), write(SANDBOX_MEANING)) if sent.with_sandbox else (),
        is_received=status_of(submission).is_received,
        status=headline(submission, translations),
        meaning=write(status_of(submission).meaning),
        facts=_facts(submission, translations),
        files_heading=write(mark("Fichiers envoyés")),
        columns=(
            write(mark("Fichier")),
            write(mark("Pages")),
            write(mark("Taille")),
            write(mark("Empreinte")),
        ),
        files=tuple(
            _row(file, name, number, translations)
            for number, (file, name) in enumerate(zip(submission.files, sent.names, strict=True), 1)
        ),
        verification=write(mark("Vérifier ce reçu")),
        address=address,
        qr_code=qr_code(address),
        qr_text=write(mark("Code QR qui mène à {address}"), address=address),
        note=write(
            mark(
                "L'empreinte est le début de la somme SHA-256 du fichier : un fichier modifié en a une autre. "
                "La page de vérification la montre, sans aucun nom."
            )
        ),
    )


def _facts(submission: Submission, translations: Translations) -> tuple[Labelled, ...]:
    def moment(label: str, value: str) -> Labelled:
        return Labelled(translations.translate(label), value)

    recipient, received = submission.recipient, submission.received_at
    found = [moment(mark("Envoi"), title(submission, translations))]
    if recipient is not None:
        found.append(moment(mark("Destinataire"), translations.translate(RECIPIENTS[recipient])))
    found.append(moment(mark("Enregistré ici le"), write_moment(submission.recorded_at, translations)))
    if status_of(submission).is_received and received is not None:
        found.append(moment(mark("Reçu par Job-Room le"), write_moment(received, translations)))
        if submission.receipt_number:
            found.append(moment(mark("Numéro de Job-Room"), submission.receipt_number))
    found.append(moment(mark("Notre numéro"), submission.number))
    found.append(moment(mark("Reçu établi le"), write_moment(clock.now(), translations)))
    return tuple(found)


def _row(file: SentFile, given: str, number: int, translations: Translations) -> FileRow:
    """A file; one whose name was deleted with it is numbered."""
    unnamed = fill(mark("Fichier {number}"), translations, fact, {"number": number}).text
    name = unicodedata.normalize("NFC", printable(given)).strip() or unnamed
    return FileRow(name, str(file.pages), write_size(file.size, translations), fingerprint(file))


def write_size(size: int, translations: Translations) -> str:
    """A size as people read it: «245 Ko», «1,2 Mo»."""
    unit, value = ("megabyte", round(size / MEBIBYTE, 1)) if size >= MEBIBYTE else ("kilobyte", max(1, size // 1024))
    return format_unit(value, f"digital-{unit}", length="short", locale=translations.locale)
