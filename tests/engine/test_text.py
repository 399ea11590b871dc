"""Making text comparable."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.text import has_words, normalise, printable


@given(st.text())
def test_normalised_text_keeps_every_position(text: str) -> None:
    assert len(normalise(text)) == len(text)


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_accents_capitals_and_curly_apostrophes_do_not_matter() -> None:
    assert normalise("Où est l’OCE, ÉTÉ ?") == "ou est l'oce, ete ?"


@given(st.text())
def test_printable_text_has_no_control_characters(text: str) -> None:
    kept = printable(text).replace("\n", "").replace("\t", "")
    assert not {unicodedata.category(character) for character in kept} & {"Cc", "Cs", "Co", "Cn"}


def test_lines_stay_and_invisible_marks_disappear() -> None:
    assert printable("a\r\nb\u202ec\u200b\x00d\te") == "a\nbcd\te"


def test_joined_emoji_and_persian_stay_whole() -> None:
    assert printable("👩\u200d🔧 می\u200cخواهم") == "👩\u200d🔧 می\u200cخواهم"


def test_emoji_and_punctuation_are_not_words() -> None:
    assert not has_words("😀 ... ?!")
    assert has_words("ça")
    assert has_words("你好")
