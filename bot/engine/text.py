"""How text is made comparable before anything looks at it."""

import unicodedata

_JOINERS = "\u200c\u200d"
"""Invisible, but part of Persian words and of emoji."""
_KEPT = f"{_JOINERS}\n\t"


def normalise(text: str) -> str:
    """Lower case without accents, and of the same length, so that positions in it are positions in the text.

    People on phones leave accents out, and so does this.
    """
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    if character == "’":
        return "'"
    if character in "\n\t":
        return " "
    lowered = unicodedata.normalize("NFD", character.lower())
    return lowered[0]


def printable(text: str) -> str:
    """The text without control characters and invisible formatting, which no keyboard types on purpose.

    Line breaks and tabs stay: people paste lists and tables.
    """
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in kept if character in _KEPT or not _is_unseen(character))


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in any script."""
    return any(character.isalnum() for character in text)
