"""Identifiers that people type: checked by their rules, written in one way, and masked when shown.

Check digits are left to python-stdnum, phone numbers to phonenumbers. `base.spotting` finds identifiers in a text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
import stdnum.ch.ssn
import stdnum.ch.uid
import stdnum.iban
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from base import birth_dates

PERSONAL_NUMBER_DIGITS = 8
HOME = "CH"
"""Where phone numbers without a country code belong."""
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"'⟦⟧]{1,64} ?@ ?(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,5}[^\W\d_]{2,24}")
MASK = "•"
SHOWN = 4
"""How many characters at the end stay readable when an identifier is masked."""


class Kind(StrEnum):
    """What an identifier identifies."""

    PERSONAL_NUMBER = "personal_number"
    """Numéro personnel: 8 digits, given at registration with the ORP."""
    AVS = "avs"
    """Numéro AVS: 13 digits that begin with 756, with a check digit."""
    UID = "uid"
    """Numéro IDE of a company: CHE and 9 digits, with a check digit."""
    IBAN = "iban"
    """International bank account number, with check digits."""
    PHONE = "phone"
    """Phone number of somebody, Swiss or with its country code."""
    EMAIL = "email"
    """E-mail address."""
    BIRTH_DATE = "birth_date"
    """Date of birth, or its year alone."""


class Fault(StrEnum):
    """Why something is no identifier of its kind."""

    LENGTH = "length"
    """Too many or too few digits."""
    FORMAT = "format"
    """Characters that do not belong there, or a wrong beginning."""
    CHECK_DIGIT = "check_digit"
    """A digit is wrong or two are exchanged."""


class InvalidIdentifier(ValueError):
    """Something is no identifier of the kind that was asked for. The message never holds what was typed.

    Args:
        kind: What was asked for.
        fault: What is wrong.
        other: What it is instead, where it can be told.
    """

    def __init__(self, kind: Kind, fault: Fault, other: Kind | None = None) -> None:
        super().__init__(f"no valid {kind}: {fault}")
        self.kind = kind
        self.fault = fault
        self.other = other


@dataclass(frozen=True)
class _Form:
    """How identifiers of one kind are read and written."""

    validate: Callable[[str], str]
    """Gives the identifier without separators, or raises stdnum's ValidationError."""
    write: Callable[[str], str]


def read(kind: Kind, text: str) -> str:
    """The identifier that someone typed, without separators.

    Args:
        kind: What is expected.
        text: With or without spaces, dots and hyphens.

    Raises:
        InvalidIdentifier: When it is none; it names what the text is instead, if that can be told.
    """
    try:
        return _FORMS[kind].validate(_ascii(text))
    except ValidationError as error:
        raise InvalidIdentifier(kind, _fault(error), _recognised(text, kind)) from None


def write(kind: Kind, text: str) -> str:
    """The identifier as it is printed, e.g. `756.1234.5678.97` or `CHE-100.155.212`.

    Raises:
        InvalidIdentifier: When it is none.
    """
    return _FORMS[kind].write(read(kind, text))


def mask(kind: Kind, text: str) -> str:
    """What may be shown of an identifier: `•••• 5678`, and nothing of one that is too short to hide."""
    if kind is Kind.EMAIL:
        return f"{MASK * 4}@{MASK * 4}"
    if kind is Kind.BIRTH_DATE:
        return f"{MASK * 2}.{MASK * 2}.{MASK * 4}"
    kept = "".join(character for character in text if character.isalnum())
    return f"{MASK * 4} {kept[-SHOWN:]}" if len(kept) >= 2 * SHOWN else MASK * 4


def recognise(text: str) -> Kind | None:
    """The kind of a text that is nothing but one identifier; eight digits that are no date count as a personal number."""
    return _recognised(text, None)


def _recognised(text: str, but: Kind | None) -> Kind | None:
    for kind, form in _FORMS.items():
        if kind is not but:
            try:
                form.validate(_ascii(text))
            except ValidationError:
                continue
            return kind
    return None


def _ascii(text: str) -> str:
    """Phones write hyphens and spaces of many kinds."""
    return re.sub(r"[\s\u00ad\u200b]+", " ", re.sub(r"[\u2010-\u2015\u2212]", "-", text)).strip()


def _validate_personal_number(text: str) -> str:
    digits = re.sub(r"[ .'’-]", "", text)
    if not re.fullmatch(r"[0-9]*", digits):
        raise InvalidFormat
    if len(digits) != PERSONAL_NUMBER_DIGITS:
        raise InvalidLength
    return digits


def _validate_avs(text: str) -> str:
    number = stdnum.ch.ssn.validate(text)
    if not number.startswith("756"):
        raise InvalidComponent
    return str(number)


def _validate_uid(text: str) -> str:
    """The number alone, with CHE; what firms print after it (TVA, MWST, RC) is left out."""
    bare = re.sub(r"[ .-]*(TVA|MWST|IVA|RC|HR)\.?$", "", text, flags=re.IGNORECASE)
    return str(stdnum.ch.uid.validate(bare))


def _validate_iban(text: str) -> str:
    return str(stdnum.iban.validate(text))


def _validate_phone(text: str) -> str:
    """With its country code, as in `+41221234567`."""
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        raise InvalidFormat from None
    if not phonenumbers.is_valid_number(number):
        raise InvalidComponent
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _write_phone(number: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _validate_email(text: str) -> str:
    if not EMAIL.fullmatch(text):
        raise InvalidFormat
    return text.replace(" ", "").lower()


def _validate_birth_date(text: str) -> str:
    """In ISO 8601."""
    day = birth_dates.read(text)
    if day is None:
        raise InvalidFormat
    return day


def _fault(error: ValidationError) -> Fault:
    if isinstance(error, InvalidLength):
        return Fault.LENGTH
    return Fault.CHECK_DIGIT if isinstance(error, InvalidChecksum) else Fault.FORMAT


_FORMS = {
    Kind.AVS: _Form(_validate_avs, stdnum.ch.ssn.format),
    Kind.UID: _Form(_validate_uid, stdnum.ch.uid.format),
    Kind.IBAN: _Form(_validate_iban, stdnum.iban.format),
    Kind.EMAIL: _Form(_validate_email, str),
    Kind.PHONE: _Form(_validate_phone, _write_phone),
    Kind.BIRTH_DATE: _Form(_validate_birth_date, str),
    Kind.PERSONAL_NUMBER: _Form(_validate_personal_number, str),
}
