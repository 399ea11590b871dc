"""The translations of the French texts, read from gettext catalogues."""

import gettext
import io
from collections.abc import Mapping
from pathlib import Path

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from base.paths import LOCALES

SOURCE_LANGUAGE = "fr"
DOMAIN = "cornavin"


def mark(text: str) -> str:
    """Marks a text for extraction where it is written but not yet shown."""
    return text


class Translations:
    """One language.

    Args:
        language: A language tag such as `fr` or `de`.
        catalogue: Its messages; none for French, the source language.
    """

    def __init__(self, language: str, catalogue: gettext.NullTranslations | None = None) -> None:
        self.language = language
        self.locale = _locale(language)
        self._catalogue = catalogue or gettext.NullTranslations()

    def translate(self, text: str) -> str:
        """The text in this language, or the French text while it has not been translated."""
        return self._catalogue.gettext(text) if text.strip() else text


def _locale(language: str) -> Locale:
    """How Switzerland writes dates and numbers in this language, where Babel knows it."""
    try:
        return Locale.parse(f"{language}_CH")
    except UnknownLocaleError:
        return Locale.parse(language)


class Catalogues:
    """All languages that answers can be given in.

    Args:
        languages: Translations by language tag; must hold French.
    """

    def __init__(self, languages: Mapping[str, Translations]) -> None:
        self._languages = dict(languages)

    @classmethod
    def load(cls, folder: Path = LOCALES) -> "Catalogues":
        """Reads `<folder>/<language>/LC_MESSAGES/cornavin.po`; French needs no file."""
        found = {path.parts[-3]: _read(path) for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")}
        languages = {language: Translations(language, catalogue) for language, catalogue in found.items()}
        return cls({SOURCE_LANGUAGE: Translations(SOURCE_LANGUAGE), **languages})

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self._languages))

    def match(self, *preferred: str | None) -> str:
        """The first of the preferred language tags that there is a catalogue for, else French."""
        wanted = [tag.replace("-", "_").lower() for tag in preferred if tag]
        return negotiate_locale(wanted, self.languages) or SOURCE_LANGUAGE

    def __getitem__(self, language: str) -> Translations:
        return self._languages.get(language) or self._languages[SOURCE_LANGUAGE]


def _read(path: Path) -> gettext.GNUTranslations:
    """Compiles a catalogue in memory, so that there are no compiled files to forget."""
    with path.open("rb") as source:
        catalogue = read_po(source)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
