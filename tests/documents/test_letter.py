"""What letters say, in both formats."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.wording import Translations
from bot.documents import Details, Unprintable, render
from bot.documents.letter import Blank, compose
from conversations.documents import Format, Letter, LetterKind, Recipient
from law.facts import fact
from tests.documents.reading import FRENCH, text

DETAILS = Details(
    name="Zoë Müller",
    address="Rue de la Servette 12\n1201 Genève",
    decided=date(2026, 3, 3),
    number="2026/1234-A",
    request="que la décision soit annulée",
    reasons="J'ai envoyé mes recherches le 4.\nLa quittance est jointe.",
    ended=date(2026, 3, 10),
)
both_formats = pytest.mark.parametrize("file_format", Format)
every_kind = pytest.mark.parametrize("kind", LetterKind)


def letter(
    kind: LetterKind = LetterKind.OBJECTION,
    file_format: Format = Format.PDF,
    recipient: Recipient | None = None,
    received: date | None = None,
) -> Letter:
    return Letter(letter=kind, format=file_format, recipient=recipient, received=received)


@both_formats
def test_objection_holds_what_was_given(file_format: Format) -> None:
    written = text(letter(file_format=file_format, recipient=Recipient.OCE, received=date(2026, 3, 11)), DETAILS)
    for expected in (
        "Zoë Müller",
        "Rue de la Servette 12",
        "1201 Genève",
        "Opposition contre la décision du 3 mars 2026",
        "Décision du : 3 mars 2026",
        "Numéro de la décision ou du dossier : 2026/1234-A",
        "Reçue le : 11 mars 2026",
        "Je forme opposition contre cette décision et demande : que la décision soit annulée",
        "Motifs J'ai envoyé mes recherches le 4. La quittance est jointe.",
        "Lieu et date :",
        "Signature :",
        "Annexes",
        "Copie de la décision",
    ):
        assert expected in written


@both_formats
@every_kind
def test_what_is_missing_is_a_visible_blank(kind: LetterKind, file_format: Format) -> None:
    written = text(letter(kind, file_format))
    assert "prénom et nom" in written
    assert "rue et numéro, code postal et localité" in written
    assert "None" not in written
    if file_format is Format.DOCX:
        assert "Reçue le : [à compléter : date]" in written


@both_formats
def test_blank_is_gone_once_it_is_filled(file_format: Format) -> None:
    written = text(letter(file_format=file_format, recipient=Recipient.OCE, received=date(2026, 3, 11)), DETAILS)
    for hint in ("prénom et nom", "ce que vous demandez", "vos raisons", "autorité qui a pris la décision"):
        assert hint not in written


@both_formats
@every_kind
def test_office_and_court_are_addressed_as_the_facts_say(kind: LetterKind, file_format: Format) -> None:
    def lines(fact_id: str) -> list[str]:
        return str(fact(fact_id).value).lower().split(", ")

    to_office = text(letter(kind, file_format, Recipient.OCE)).lower()
    to_court = text(letter(kind, file_format, Recipient.COURT)).lower()
    assert all(line in to_office for line in lines("objection.office_address"))
    assert all(line in to_court for line in lines("court_appeal.post_address"))
    assert str(fact("court_appeal.court").value).lower() in to_court


def test_address_of_the_fund_is_left_to_its_decision() -> None:
    (recipient,) = compose(letter(recipient=Recipient.FUND), DETAILS, FRENCH).recipient
    assert isinstance(recipient, Blank)
    assert "adresse indiquée sur la décision" in recipient.hint


def test_appeal_goes_to_the_court_and_an_objection_to_nobody_while_that_is_not_known() -> None:
    court = compose(letter(LetterKind.APPEAL, recipient=Recipient.COURT), DETAILS, FRENCH).recipient
    assert compose(letter(LetterKind.APPEAL), DETAILS, FRENCH).recipient == court
    (unknown,) = compose(letter(LetterKind.OBJECTION), DETAILS, FRENCH).recipient
    assert isinstance(unknown, Blank)


@both_formats
def test_appeal_contests_the_decision_on_objection(file_format: Format) -> None:
    written = text(letter(LetterKind.APPEAL, file_format), DETAILS)
    assert "Recours contre la décision sur opposition du 3 mars 2026" in written
    assert "Décision sur opposition du : 3 mars 2026" in written
    assert "Copie de la décision sur opposition" in written


@both_formats
@pytest.mark.parametrize(
    ("recipient", "act", "enclosed"),
    [
        (Recipient.OCE, "mon opposition signée est jointe", "Opposition signée"),
        (Recipient.FUND, "mon opposition signée est jointe", "Opposition signée"),
        (Recipient.COURT, "mon recours signé est joint", "Recours signé"),
        (None, "l'opposition ou le recours, signé, est joint", "Opposition signée, ou recours signé"),
    ],
)
def test_restitution_asks_for_the_time_limit_and_comes_with_the_missed_act(
    file_format: Format,
    recipient: Recipient | None,
    act: str,
    enclosed: str,
) -> None:
    written = text(letter(LetterKind.RESTITUTION, file_format, recipient))
    assert "Je demande la restitution du délai" in written
    assert "J'accomplis en même temps l'acte manqué" in written
    assert act in written
    assert enclosed in written
    for place in ("Motif de l'empêchement", "Fin de l'empêchement", "Preuves"):
        assert place in written


def test_restitution_says_what_prevented_and_until_when() -> None:
    written = text(letter(LetterKind.RESTITUTION), DETAILS)
    assert "Motif de l'empêchement J'ai envoyé mes recherches le 4. La quittance est jointe." in written
    assert "Fin de l'empêchement 10 mars 2026" in written


HOSTILE = (
    '#let x = 1; #import "x" $a^2$ *gras* _ital_ `code` \\ \\u{41} <b>html</b> &amp; @ref <label> [x] {hint} {fact:x}',
    "= titre",
    "- liste // commentaire /* bloc */ --- ~ https://example.ch/#x",
    "%s {0} ${x} '; DROP TABLE",
)


@both_formats
@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_comes_out_as_it_was_typed(file_format: Format, hostile: str) -> None:
    details = Details(name=hostile, address=hostile, number=hostile, request=hostile, reasons=hostile)
    written = text(letter(file_format=file_format), details)
    assert written.replace(" ", "").count(hostile.replace(" ", "")) >= 5


@both_formats
def test_invisible_characters_cannot_turn_the_text_around(file_format: Format) -> None:
    details = Details(name="abc\u202edef\u202c\u2066\x00\x07\ufeff\ufffe ghi", reasons="un\x0bdeux\u2028trois")
    written = text(letter(file_format=file_format), details)
    assert "abcdef ghi" in written
    assert "un deux trois" in written


@both_formats
@pytest.mark.parametrize("long", ["mot " * 1250, "A" * 5000, "a\n" * 2500], ids=["words", "one word", "lines"])
def test_five_thousand_characters_are_all_there(file_format: Format, long: str) -> None:
    written = text(letter(file_format=file_format), Details(reasons=long)).replace(" ", "")
    assert written.count(long[0]) >= len(long.replace(" ", "").replace("\n", "")) / len(set(long.strip()) - {" ", "\n"})


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_any_text_makes_a_letter_or_is_named_as_unprintable(typed: str) -> None:
    details = Details(name=typed, address=typed, number=typed, request=typed, reasons=typed)
    assert render(letter(file_format=Format.DOCX), FRENCH, details)
    with suppress(Unprintable):
        assert render(letter(file_format=Format.PDF), FRENCH, details)


@pytest.mark.parametrize("sign", ["张", "😀", "❤️\u200d🔥", "ተ"])
def test_pdf_refuses_what_its_fonts_lack_and_word_takes_it(sign: str) -> None:
    with pytest.raises(Unprintable) as caught:
        render(letter(file_format=Format.PDF), FRENCH, Details(reasons=f"secret {sign}"))
    assert "secret" not in str(caught.value)
    assert sign in text(letter(file_format=Format.DOCX), Details(reasons=sign))


@pytest.mark.parametrize("name", ["Nguyễn Đức", "Ҙөһрә Хәйруллина", "Şükrü İpekçioğlu", "Łukasz Žďár", "Αθηνά"])
def test_pdf_writes_names_of_europe_and_vietnam(name: str) -> None:
    assert name in text(letter(), Details(name=name))


def test_details_do_not_show_in_logs() -> None:
    assert repr(DETAILS) == "Details()"


@every_kind
def test_letter_is_written_through_the_catalogue(kind: LetterKind) -> None:
    class Shouting(Translations):
        def translate(self, text: str) -> str:
            return f"⟦{text}⟧"

    shouted = compose(letter(kind), Details(), Shouting("de"))
    assert shouted.language == "de-CH"
    for written in (shouted.subject, shouted.salutation, shouted.request[0], shouted.closing, shouted.signature):
        assert isinstance(written, str)
        assert written.startswith("⟦")


def test_files_have_a_name_and_a_type() -> None:
    assert letter(LetterKind.RESTITUTION).name == "Demande de restitution de délai.pdf"
    assert letter(file_format=Format.DOCX).name == "Opposition.docx"
    assert letter().mime == "application/pdf"
    assert letter(file_format=Format.DOCX).mime.endswith("wordprocessingml.document")
