"""`make i18n`: collects the French texts into `locales/cornavin.pot` and brings the catalogues up to date."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from base.paths import LOCALES, PROJECT
from base.wording.catalogues import DOMAIN
from base.wording.filling import without_placeholders

_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)

TEMPLATE = LOCALES / f"{DOMAIN}.pot"
Found = tuple[int, str | None, str, list[str]]


def extract_responses(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Texts and button titles of Rasa's responses, for Babel; the name of the response is their comment."""
    document = yaml.compose(file, Loader=yaml.SafeLoader)
    for name, variations in _entries(_entry(document, "responses")):
        for variation in variations.value:
            nodes = [node for key, node in _entries(variation) if key == "text"]
            buttons = _entry(variation, "buttons")
            nodes += [
                node
                for button in (buttons.value if buttons else ())
                for key, node in _entries(button)
                if key == "title"
            ]
            for node in nodes:
                if without_placeholders(node.value).strip():
                    yield node.start_mark.line + 1, None, node.value, [name]


def extract_facts(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Titles of sources and articles of the law in `facts.yml`, for Babel."""
    document = yaml.compose(file, Loader=yaml.SafeLoader)
    for name, entry in [*_entries(_entry(document, "sources")), *_entries(_entry(document, "facts"))]:
        values = dict(_entries(entry))
        shown = [values[key] for key in ("title", "article") if key in values]
        if "unit" in values and values["unit"].value == "article":
            shown.append(values["value"])
        for node in shown:
            yield node.start_mark.line + 1, None, node.value, [name]


def _entries(node: Any) -> list[tuple[str, Any]]:
    return [(key.value, value) for key, value in node.value] if node is not None else []


def _entry(node: Any, name: str) -> Any:
    return dict(_entries(node)).get(name)


METHODS: dict[str, Any] = {
    "domain.yml": extract_responses,
    "data/answers/*.yml": extract_responses,
    "law/facts.yml": extract_facts,
    "base/**/*.py": "python",
    "casework/**/*.py": "python",
    "eservices/**/*.py": "python",
    "actions/**/*.py": "python",
    "bot/**/*.py": "python",
    "bot/**/*.html": "jinja2",
}
"""How texts are found, by where they stand."""


def extracted() -> Catalog:
    """All French texts, with where they stand."""
    catalogue = Catalog(domain=DOMAIN, project="Cornavin", charset="utf-8", fuzzy=False, header_comment="# Cornavin")
    for pattern, method in METHODS.items():
        for path in sorted(PROJECT.glob(pattern)):
            for line, message, comments, context in extract_from_file(method, path, keywords={"mark": None, "_": None}):
                location = (str(path.relative_to(PROJECT)), line)
                catalogue.add(message, locations=[location], auto_comments=comments, context=context)
    return catalogue


def write(catalogue: Catalog, path: Path) -> None:
    """Writes a catalogue so that the same texts make the same file."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    with path.open("wb") as file:
        write_po(file, catalogue, sort_by_file=True, omit_header=False, ignore_obsolete=False, width=100)


def main() -> None:
    """Writes the template, and into each catalogue what is new; texts that are gone are kept as obsolete."""
    LOCALES.mkdir(exist_ok=True)
    template = extracted()
    write(template, TEMPLATE)
    print(f"{TEMPLATE.relative_to(PROJECT)}: {len(template)} texts")
    for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        catalogue.update(template)
        write(catalogue, path)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{path.relative_to(PROJECT)}: {missing} texts to translate")


if __name__ == "__main__":
    main()
