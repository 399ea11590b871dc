"""Text in its plainest writing, so that patterns find what people mean by it, whatever their keyboard made of it."""

import unicodedata
from functools import lru_cache

_MARKS = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "·": ".", "•": ".", "−": "-"}


def plain(text: str) -> str:
    """Lower case without accents, digits 0 to 9, and plain spaces, hyphens and apostrophes.

    Of the same length, so that positions in it are positions in the text.
    """
    return "".join(map(_plain, text))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character in _MARKS:
        return _MARKS[character]
    first = unicodedata.normalize("NFKD", character.lower())[0]
    category = unicodedata.category(first)
    if category == "Nd":
        return str(unicodedata.decimal(first))
    if category == "Pd":
        return "-"
    return " " if category[0] in "ZCM" else first
