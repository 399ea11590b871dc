"""What people read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from base import clock
from base.wording import Catalogues, FillError, Translations, Written, fill, placeholders, write_day

NARROW = "\N{NARROW NO-BREAK SPACE}"
FRENCH = Translations("fr")


@dataclass(frozen=True)
class Example:
    """A fact, as far as wording needs to know it."""

    id: str
    value: str | int | date | None
    unit: str | None


EXAMPLES: Mapping[str, Example] = {
    example.id: example
    for example in (
        Example("number.digits", 8, "digits"),
        Example("delay.days", 30, "days"),
        Example("delay.one_day", 1, "days"),
        Example("delay.months", 12, "months"),
        Example("delay.years", 2, "years"),
        Example("delay.hours", 1, "hours"),
        Example("rule.since", date(2026, 1, 1), "date"),
        Example("help.phone", "143", "phone"),
        Example("law.article", "art. 17 al. 2 LACI", "article"),
        Example("screen.label", "« Mes documents »", "label"),
        Example("screen.unstated", None, None),
    )
}


def filled(text: str, translations: Translations = FRENCH, **values: str | int | date | None) -> str:
    return fill(text, translations, EXAMPLES.__getitem__, values).text


def german(folder: Path, *messages: str) -> Catalogues:
    """The catalogues of a folder that holds these German entries."""
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    path = folder / "de" / "LC_MESSAGES" / "cornavin.po"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join((header, *messages)), encoding="utf-8")
    return Catalogues.load(folder)


def test_values_and_facts_are_filled_in_and_the_facts_noted() -> None:
    written = fill(
        "Bonjour {name}, {fact:number.digits}, {fact:law.article}, {fact:number.digits}.",
        FRENCH,
        EXAMPLES.__getitem__,
        {"name": "Ada"},
    )
    assert written == Written(
        "Bonjour Ada, 8 chiffres, art. 17 al. 2 LACI, 8 chiffres.", ("number.digits", "law.article")
    )


def test_text_without_placeholders_states_no_fact() -> None:
    assert fill("Bonjour.", FRENCH, EXAMPLES.__getitem__) == Written("Bonjour.", ())


def test_placeholder_that_nothing_fills_is_refused() -> None:
    with pytest.raises(FillError, match="surname"):
        filled("Bonjour {name} {surname}.", name="Ada")
    with pytest.raises(FillError, match="name"):
        filled("Bonjour {name}.", name=None)
    with pytest.raises(FillError, match="name"):
        fill("Bonjour {name}.", FRENCH, EXAMPLES.__getitem__)


@pytest.mark.parametrize("name", ["Name", "first-name", "name ", "prénom"])
def test_misspelt_placeholder_is_never_shown(name: str) -> None:
    with pytest.raises(FillError):
        filled(f"Bonjour {{{name}}}.", name="Ada")


@pytest.mark.parametrize("language", ["es", "uk", "sq", "tr", "ar", "rm", "pt", "gsw"])
def test_language_that_nobody_writes_for_switzerland_keeps_its_own_manner(language: str) -> None:
    assert Translations(language).locale.language == language


def test_unknown_fact_is_refused() -> None:
    with pytest.raises(KeyError, match=r"lunch\.price"):
        filled("{fact:lunch.price}")


def test_fact_without_a_value_cannot_be_stated() -> None:
    with pytest.raises(FillError, match=r"screen\.unstated"):
        filled("{fact:screen.unstated}")


def test_value_never_stands_in_for_a_fact() -> None:
    with pytest.raises(KeyError):
        filled("{fact:name}", name="Ada")


def test_what_a_value_contains_is_not_filled_in_turn() -> None:
    assert filled("{name}", name="{fact:number.digits}") == "{fact:number.digits}"


def test_zero_is_a_value() -> None:
    assert filled("{count}", count=0) == "0"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 1, 1), "1er janvier 2026"),
        (date(2026, 1, 2), "2 janvier 2026"),
        (date(2026, 1, 11), "11 janvier 2026"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=clock.ZONE), "1er juillet 2026"),
    ],
)
def test_first_of_a_month_is_premier_in_french(value: date, expected: str) -> None:
    assert filled("{day}", day=value) == expected


@pytest.mark.parametrize(
    ("language", "day", "expected"),
    [
        ("fr", date(2026, 3, 11), "mercredi 11 mars 2026"),
        ("fr", date(2026, 6, 1), "lundi 1er juin 2026"),
        ("de", date(2026, 3, 11), "Mittwoch, 11. März 2026"),
    ],
)
def test_day_is_written_with_its_weekday(language: str, day: date, expected: str) -> None:
    assert write_day(day, Translations(language).locale) == expected


def test_first_of_a_month_is_nothing_special_in_german() -> None:
    assert filled("{day}", Translations("de"), day=date(2026, 1, 1)) == "1. Januar 2026"


@pytest.mark.parametrize(
    ("fact_id", "expected"),
    [
        ("number.digits", "8 chiffres"),
        ("delay.days", "30 jours"),
        ("delay.one_day", "1 jour"),
        ("delay.months", "12 mois"),
        ("delay.years", "2 ans"),
        ("delay.hours", "1 heure"),
        ("rule.since", "1er janvier 2026"),
        ("help.phone", "[143](tel:143)"),
        ("law.article", "art. 17 al. 2 LACI"),
        ("screen.label", "« Mes documents »"),
    ],
)
def test_fact_is_written_with_its_unit(fact_id: str, expected: str) -> None:
    assert filled(f"{{fact:{fact_id}}}").replace("\N{NO-BREAK SPACE}", " ") == expected


def test_duration_is_written_in_the_language_of_the_answer() -> None:
    assert filled("{fact:delay.days}, {fact:delay.months}", Translations("de")) == "30 Tage, 12 Monate"


def test_large_number_is_written_with_the_separator_of_the_language() -> None:
    assert filled("{count}", count=20000) == f"20{NARROW}000"
    assert filled("{count}", Translations("de"), count=20000) == "20\N{RIGHT SINGLE QUOTATION MARK}000"


def test_placeholders_of_a_text_are_listed_in_order() -> None:
    assert list(placeholders("{name} {fact:delay.days} {day}")) == [
        (False, "name"),
        (True, "delay.days"),
        (False, "day"),
    ]


def test_text_is_translated_before_it_is_filled(tmp_path: Path) -> None:
    catalogues = german(
        tmp_path,
        'msgid "Votre numéro a {fact:number.digits}."\nmsgstr "Ihre Nummer hat {fact:number.digits}."\n',
        'msgid "{count} chiffres"\nmsgstr "{count} Ziffern"\n',
        'msgid "art. 17 al. 2 LACI"\nmsgstr "Art. 17 Abs. 2 AVIG"\n',
    )
    assert catalogues.languages == ("de", "fr")
    assert filled("Votre numéro a {fact:number.digits}.", catalogues["de"]) == "Ihre Nummer hat 8 Ziffern."
    assert filled("{fact:law.article}", catalogues["de"]) == "Art. 17 Abs. 2 AVIG"
    assert filled("Votre numéro a {fact:number.digits}.", catalogues["fr"]) == "Votre numéro a 8 chiffres."


def test_label_on_a_screen_is_never_translated(tmp_path: Path) -> None:
    catalogues = german(tmp_path, 'msgid "« Mes documents »"\nmsgstr "«Meine Dokumente»"\n')
    assert filled("{fact:screen.label}", catalogues["de"]) == "« Mes documents »"


def test_untranslated_text_stays_french(tmp_path: Path) -> None:
    catalogues = german(
        tmp_path,
        'msgid "Au revoir."\nmsgstr ""\n',
        '#, fuzzy\nmsgid "Bonjour."\nmsgstr "Vielleicht guten Tag."\n',
    )
    for text in ("Au revoir.", "Bonjour.", "Merci.", "", " "):
        assert catalogues["de"].translate(text) == text


def test_unknown_language_is_answered_in_french(tmp_path: Path) -> None:
    assert german(tmp_path)["xx"].language == "fr"


def test_french_needs_no_catalogue(tmp_path: Path) -> None:
    assert Catalogues.load(tmp_path).languages == ("fr",)


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [
        (("fr-CH",), "fr"),
        (("de",), "de"),
        (("de-CH", "fr"), "de"),
        (("de_AT",), "de"),
        (("DE",), "de"),
        (("De-CH",), "de"),
        (("rm", "de"), "de"),
        ((None, "de"), "de"),
        (("rm",), "fr"),
        (("", None), "fr"),
        ((), "fr"),
    ],
)
def test_first_language_that_there_is_a_catalogue_for_wins(preferred: tuple[str | None, ...], expected: str) -> None:
    catalogues = Catalogues({"fr": FRENCH, "de": Translations("de")})
    assert catalogues.match(*preferred) == expected
