"""Identifiers are found however they are typed, and nothing else is taken for one."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis
import hypothesis.strategies as st
import phonenumbers
import pytest
import stdnum.iban

from base.identifiers import Kind
from base.spotting import spot
from law.facts import FACTS_FILE, facts

BETWEEN = st.sampled_from(["", " ", ".", "-", " - ", "\u00a0", "\u202f", "/", "\u2011", "·", "’", ", ", "\u200b", "_"])
WORDS = st.sampled_from(
    ["", "mon AVS ", "n°", "no:", "(", "c'est le ", "voici «", "avs", "J'ai 3 enfants, ", "le 5.3.2026 "]
)
AFTERWARDS = st.sampled_from(["", ".", " merci", ")", "»", ", et 2 questions", " ?", "\nmerci", " marche pas"])
COUNTRIES = {
    "CH": "{bank:05}{account:012}",
    "FR": "{bank:05}{bank:05}{account:011}{rib:02}",
    "DE": "{bank:08}{account:010}",
}


def kinds(text: str, expected: Kind | None = None) -> list[Kind]:
    return [one.kind for one in spot(text, expected)]


def avs(number: int) -> str:
    digits = f"756{number:09}"
    return digits + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10)


def iban(country: str, bank: int, account: int) -> str:
    rest = COUNTRIES[country].format(bank=bank, account=account, rib=_rib(bank, account))
    check = 98 - int("".join(str(int(one, 36)) for one in f"{rest}{country}00")) % 97
    return f"{country}{check:02}{rest}"


def _rib(bank: int, account: int) -> int:
    return 97 - (89 * bank + 15 * bank + 3 * account) % 97


def spread(text: str, between: list[str]) -> str:
    """The characters with something between some of them."""
    return "".join(
        character + (between[place % len(between)] if place < len(text) - 1 else "")
        for place, character in enumerate(text)
    )


@hypothesis.given(st.integers(0, 999_999_999), st.lists(BETWEEN, min_size=1, max_size=5), WORDS, AFTERWARDS)
def test_every_avs_number_is_found(number: int, between: list[str], before: str, after: str) -> None:
    typed = spread(avs(number), between)
    (found,) = spot(f"{before}{typed}{after}")
    assert (found.kind, found.value) == (Kind.AVS, avs(number))
    assert f"{before}{typed}{after}"[found.start : found.end] == typed


@hypothesis.given(
    st.sampled_from(sorted(COUNTRIES)),
    st.integers(1, 99_999),
    st.integers(0, 9_999_999_999),
    st.lists(BETWEEN, min_size=1, max_size=5),
    WORDS,
    AFTERWARDS,
    st.booleans(),
)
def test_every_iban_is_found(
    country: str, bank: int, account: int, between: list[str], before: str, after: str, lower: bool
) -> None:
    number = iban(country, bank, account)
    assert stdnum.iban.is_valid(number)
    typed = spread(number.lower() if lower else number, between)
    (found,) = spot(f"{before}{typed}{after}")
    assert (found.kind, found.value) == (Kind.IBAN, number)
    assert f"{before}{typed}{after}"[found.start : found.end] == typed


@hypothesis.given(
    st.sampled_from(["22", "21", "31", "44", "76", "77", "78", "79"]),
    st.integers(2_000_000, 9_999_999),
    st.sampled_from(["0", "+41 ", "+41", "0041", "+41 (0)"]),
    st.sampled_from(["{0}{1}{2}{3}", "{0} {1} {2} {3}", "{0}.{1}.{2}.{3}", "{0} / {1} {2} {3}", "{0}-{1}-{2}-{3}"]),
    AFTERWARDS,
)
def test_every_swiss_phone_number_is_found(area: str, rest: int, prefix: str, form: str, after: str) -> None:
    digits = f"{rest:07}"
    typed = prefix + form.format(area, digits[:3], digits[3:5], digits[5:])
    hypothesis.assume(phonenumbers.is_valid_number(phonenumbers.parse(typed, "CH")))
    (found,) = spot(f"appelez-moi au {typed}{after}")
    assert (found.kind, found.value) == (Kind.PHONE, f"+41{area}{digits}")


@hypothesis.given(
    st.integers(0, 99_999_999),
    st.sampled_from(
        ["{0}{1}{2}{3}", "{0} {1} {2} {3}", "{0}.{1}.{2}.{3}", "{0}-{1}-{2}-{3}", "{0}.{4}.{5}", "{0} {4} {5}"]
    ),
    AFTERWARDS,
)
def test_every_personal_number_is_found(number: int, form: str, after: str) -> None:
    digits = f"{number:08}"
    pairs = [digits[place : place + 2] for place in range(0, 8, 2)]
    typed = form.format(*pairs, digits[2:5], digits[5:])
    (found,) = spot(f"mon numéro personnel est {typed}{after}")
    assert (found.kind, found.value) == (Kind.PERSONAL_NUMBER, digits)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("écrivez à amelie.dupont@example.ch svp", "amelie.dupont@example.ch"),
        ("(Jérôme+orp@mail.example.com)", "jérôme+orp@mail.example.com"),
        ("c'est a_b-c@d-e.swiss.", "a_b-c@d-e.swiss"),
        ("dupont @gmail.com", "dupont@gmail.com"),
        ("mailto:x@y.fr", "x@y.fr"),
    ],
)
def test_email_address_is_found(text: str, value: str) -> None:
    (found,) = spot(text)
    assert (found.kind, found.value) == (Kind.EMAIL, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("je suis né le 12.03.1980 à Genève", "1980-03-12"),
        ("née le 3 avril 79", "1979-04-03"),
        ("Nee le : 03/04/1979", "1979-04-03"),
        ("ma date de naissance c'est le 1er janvier 2001", "2001-01-01"),
        ("date de naissance (jj.mm.aaaa) : 1.1.2001", "2001-01-01"),
        ("Ich bin am 12. März 1980 geboren, geboren am 12.3.1980", "1980-03-12"),
        ("Geburtsdatum: 12.03.1980", "1980-03-12"),
        ("sono nata il 12 marzo 1980", "1980-03-12"),
        ("I was born on March 12, 1980", "1980-03-12"),
        ("date of birth 1980-03-12", "1980-03-12"),
        ("née en 1980", "1980"),
        ("né(e) le 12031980", "1980-03-12"),
    ],
)
def test_birth_date_is_found_when_words_say_so(text: str, value: str) -> None:
    (found,) = spot(text)
    assert (found.kind, found.value) == (Kind.BIRTH_DATE, value)


@pytest.mark.parametrize("text", ["12.3.1980", "le 12 mars 1980", "12/03/80", "12031980", "c'est le 12-03-1980 merci"])
def test_birth_date_that_was_asked_for_is_found(text: str) -> None:
    (found,) = spot(text, Kind.BIRTH_DATE)
    assert (found.kind, found.value) == (Kind.BIRTH_DATE, "1980-03-12")


@pytest.mark.parametrize(
    "text",
    [
        "j'ai reçu la décision le 12.03.2026",
        "20260312",
        "12032026",
        "du 01.02.2026 au 28.02.2026",
        "du 1er au 15 mars 2026, de 08.00 à 12.00 et 13.30-17.30",
        "le formulaire 716.105, l'art. 17 al. 3 LACI et l'art. 30 al. 1 let. c",
        "les articles 26, 27 et 28 OACI",
        "indemnités 2020 2021",
        "les années 2024-2025",
        "un salaire de 12 345 678 francs, 12'345'678.50, CHF 12345678.- ou 12.345.678 CHF",
        "148.50, 3'250.-, 140000 francs, 80 %, 1 234 567.80",
        "le 143, le 117, le 144, le 147 et le 112",
        "0848 000 000 et 0800 800 800",
        "CHE-100.155.212 TVA, CHE 116 281 710",
        "756.1234.5678.98 et CH93 0076 2011 6238 5295 8",
        "R-7F3K-9Q2M-X4TB, R-1234-5678-X4TB, C-00042",
        "je ne le fais pas avant le 12.03.2026",
        "j'ai envoyé l'acte de naissance le 12.03.2026",
        "1207 Genève, rue de Lyon 12, 3e étage, 1201",
        "@ et a@b et @dupont",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "",
    ],
)
def test_nothing_else_is_taken_for_an_identifier(text: str) -> None:
    assert spot(text) == ()


@hypothesis.given(
    st.dates(date(1950, 1, 1), date(2049, 12, 31)),
    st.sampled_from(["%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d", "%Y%m%d", "%d%m%Y", "%-d.%-m.%Y", "%d %m %Y"]),
    WORDS,
)
def test_no_date_is_taken_for_an_identifier(day: date, form: str, before: str) -> None:
    assert spot(f"{before}{day.strftime(form)} et le {(day + timedelta(days=30)).strftime(form)}") == ()


@hypothesis.given(
    st.decimals(0, 99_999_999, places=2),
    st.sampled_from(
        ["{:.2f} francs", "CHF {:.2f}", "{:.0f} fr.", "{:,.2f}", "{:.0f}.-", "Fr. {:.0f}", "{:.1f} %", "EUR {:.0f}"]
    ),
)
def test_no_amount_is_taken_for_an_identifier(amount: float, form: str) -> None:
    assert spot("j'ai reçu " + form.format(amount).replace(",", "'")) == ()


def test_no_number_of_the_facts_is_taken_for_an_identifier() -> None:
    public = {str(fact.value).lower() for fact in facts().values()}
    for fact in facts().values():
        assert spot(f"{fact.says} {fact.value or ''} {fact.article or ''}", public=public) == ()
    text = FACTS_FILE.read_text(encoding="utf-8")
    assert [one.value for one in spot(text, public=public)] == []


@hypothesis.given(st.text() | st.text("0123456789 .-CHE756@⟦+"), st.sampled_from([None, *Kind]))
def test_any_text_is_searched(text: str, expected: Kind | None) -> None:
    end = 0
    for one in spot(text, expected):
        assert end <= one.start < one.end <= len(text)
        end = one.end
