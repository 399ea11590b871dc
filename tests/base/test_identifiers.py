"""Identifiers: what is accepted, why something is not, and what is shown."""

import contextlib

import hypothesis
import hypothesis.strategies as st
import pytest

from base.identifiers import Fault, InvalidIdentifier, Kind, mask, read, recognise, write

AVS = "756.1234.5678.97"
UID = "CHE-100.155.212"


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (Kind.AVS, AVS, "7561234567897"),
        (Kind.AVS, "7561234567897", "7561234567897"),
        (Kind.AVS, " 756 1234 5678 97 ", "7561234567897"),
        (Kind.AVS, "756\u00a01234\u00a05678\u00a097", "7561234567897"),
        (Kind.UID, UID, "CHE100155212"),
        (Kind.UID, "che 100 155 212", "CHE100155212"),
        (Kind.UID, "CHE\u2011116.281.710 TVA", "CHE116281710"),
        (Kind.UID, "CHE-107.787.577 MWST", "CHE107787577"),
        (Kind.UID, "CHE109322551", "CHE109322551"),
        (Kind.IBAN, "CH93 0076 2011 6238 5295 7", "CH9300762011623852957"),
        (Kind.IBAN, "ch9300762011623852957", "CH9300762011623852957"),
        (Kind.PERSONAL_NUMBER, "12345678", "12345678"),
        (Kind.PERSONAL_NUMBER, "12 345 678", "12345678"),
        (Kind.PERSONAL_NUMBER, "12.345.678", "12345678"),
        (Kind.PERSONAL_NUMBER, "00000000", "00000000"),
        (Kind.PHONE, "022 318 72 34", "+41223187234"),
        (Kind.PHONE, "+41 (0)22 318 72 34", "+41223187234"),
        (Kind.PHONE, "0033 4 50 12 34 56", "+33450123456"),
        (Kind.EMAIL, "Amelie.Dupont@Example.CH", "amelie.dupont@example.ch"),
        (Kind.BIRTH_DATE, "12.3.80", "1980-03-12"),
        (Kind.BIRTH_DATE, "12 mars 1980", "1980-03-12"),
        (Kind.BIRTH_DATE, "1er août 2001", "2001-08-01"),
        (Kind.BIRTH_DATE, "12. März 1980", "1980-03-12"),
        (Kind.BIRTH_DATE, "March 12, 1980", "1980-03-12"),
        (Kind.BIRTH_DATE, "1980-03-12", "1980-03-12"),
        (Kind.BIRTH_DATE, "12031980", "1980-03-12"),
    ],
)
def test_identifier_is_read_however_it_is_spaced(kind: Kind, typed: str, expected: str) -> None:
    assert read(kind, typed) == expected
    assert recognise(typed) is kind


@pytest.mark.parametrize(
    ("kind", "typed", "fault", "other"),
    [
        (Kind.AVS, "756.1234.5678.98", Fault.CHECK_DIGIT, None),
        (Kind.AVS, "756.2134.5678.97", Fault.CHECK_DIGIT, None),
        (Kind.AVS, "756.1234.5678.9", Fault.LENGTH, None),
        (Kind.AVS, "757.1234.5678.97", Fault.FORMAT, None),
        (Kind.AVS, "12345678", Fault.LENGTH, Kind.PERSONAL_NUMBER),
        (Kind.AVS, "", Fault.LENGTH, None),
        (Kind.UID, "CHE-100.155.211", Fault.CHECK_DIGIT, None),
        (Kind.UID, "DEU-100.155.212", Fault.FORMAT, None),
        (Kind.UID, AVS, Fault.LENGTH, Kind.AVS),
        (Kind.IBAN, "CH93 0076 2011 6238 5295 8", Fault.CHECK_DIGIT, None),
        (Kind.IBAN, "CH93 0076", Fault.CHECK_DIGIT, None),
        (Kind.PERSONAL_NUMBER, "1234567", Fault.LENGTH, None),
        (Kind.PERSONAL_NUMBER, "123456789", Fault.LENGTH, None),
        (Kind.PERSONAL_NUMBER, "1234567a", Fault.FORMAT, None),
        (Kind.PERSONAL_NUMBER, "١٢٣٤٥٦٧٨", Fault.FORMAT, None),
        (Kind.PERSONAL_NUMBER, AVS, Fault.LENGTH, Kind.AVS),
        (Kind.PERSONAL_NUMBER, "022 318 72 34", Fault.LENGTH, Kind.PHONE),
        (Kind.PERSONAL_NUMBER, "12.3.1980", Fault.LENGTH, Kind.BIRTH_DATE),
        (Kind.PHONE, "143", Fault.FORMAT, None),
        (Kind.EMAIL, "amelie.dupont", Fault.FORMAT, None),
        (Kind.BIRTH_DATE, "31.2.1980", Fault.FORMAT, None),
        (Kind.BIRTH_DATE, "12.3.2026", Fault.FORMAT, None),
    ],
)
def test_wrong_identifier_is_refused_with_its_fault(kind: Kind, typed: str, fault: Fault, other: Kind | None) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        read(kind, typed)
    assert (refused.value.kind, refused.value.fault, refused.value.other) == (kind, fault, other)
    assert not typed or typed not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "typed", "printed"),
    [
        (Kind.AVS, "7561234567897", AVS),
        (Kind.UID, "CHE100155212", UID),
        (Kind.IBAN, "CH9300762011623852957", "CH93 0076 2011 6238 5295 7"),
        (Kind.PERSONAL_NUMBER, "12 345 678", "12345678"),
    ],
)
def test_identifier_is_written_as_it_is_printed(kind: Kind, typed: str, printed: str) -> None:
    assert write(kind, typed) == printed


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (Kind.AVS, "756.1234.5678.97", "•••• 7897"),
        (Kind.PERSONAL_NUMBER, "12345678", "•••• 5678"),
        (Kind.PERSONAL_NUMBER, "1234567", "••••"),
        (Kind.PHONE, "+41223187234", "•••• 7234"),
        (Kind.EMAIL, "amelie.dupont@example.ch", "••••@••••"),
        (Kind.BIRTH_DATE, "1980-03-12", "••.••.••••"),
        (Kind.AVS, "", "••••"),
    ],
)
def test_masked_identifier_shows_its_end_at_most(kind: Kind, text: str, shown: str) -> None:
    assert mask(kind, text) == shown


@hypothesis.given(st.text() | st.text("0123456789 .-CHE756"))
def test_any_text_is_read_or_refused(text: str) -> None:
    for kind in Kind:
        with contextlib.suppress(InvalidIdentifier):
            found = read(kind, text)
            assert read(kind, found) == found
            assert found.isalnum() or kind in {Kind.PHONE, Kind.EMAIL, Kind.BIRTH_DATE}


@hypothesis.given(st.integers(0, 999_999_999))
def test_one_wrong_digit_of_an_avs_number_is_noticed(number: int) -> None:
    digits = f"756{number:09}"
    check = -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    assert read(Kind.AVS, f"{digits}{check}") == f"{digits}{check}"
    for wrong in range(10):
        if wrong != check:
            with pytest.raises(InvalidIdentifier, match="check_digit"):
                read(Kind.AVS, f"{digits}{wrong}")
