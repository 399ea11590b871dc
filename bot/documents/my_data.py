"""The copy of all that is kept of a person: a zip with JSON for programs, HTML for people, and their files."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from base import clock
from base.wording import Translations, mark, write_day, write_moment
from casework.access_names import ACTORS, DEEDS, KINDS
from casework.document_names import name_of
from casework.submissions import State
from law.documents import ApplicationStatus

JSON, HTML, FILES = "donnees.json", "donnees.html", "fichiers"
"""What the zip holds."""
STATES: Mapping[str, str] = {
    State.RECORDED: mark("enregistré ici, transmission en cours"),
    State.RECEIVED: mark("reçu par Job-Room"),
    State.REFUSED: mark("refusé par Job-Room"),
    State.GIVEN_UP: mark("pas arrivé"),
}
APPLICATION_STATES: Mapping[str, str] = {
    "none": mark("aucune demande"),
    ApplicationStatus.DRAFT: mark("Demande non finalisée"),
    ApplicationStatus.UNDER_REVIEW: mark("Droit en cours d'examen"),
    ApplicationStatus.DECIDED: mark("traitée par la caisse"),
}
_AUTHORS: Mapping[str, str] = {"user": mark("Vous"), "bot": mark("Cornavin"), "agent": mark("Service d'aide")}
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can tell."""


@dataclass(frozen=True)
class Copied:
    """A file of the person.

    Args:
        name: In the zip.
        content: The PDF.
    """

    name: str
    content: bytes


@dataclass(frozen=True)
class Everything:
    """All that is kept.

    Args:
        content: Everything but the files; JSON values.
        files: The files that are still kept.
        made_at: When; aware.
    """

    content: Mapping[str, Any]
    files: Sequence[Copied]
    made_at: datetime


_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write(everything: Everything, translations: Translations) -> bytes:
    """The zip."""
    packed, moment = io.BytesIO(), everything.made_at.astimezone(clock.ZONE)
    stamp = max(moment.timetuple()[:6], _EARLIEST)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, content: bytes | str) -> None:
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(info, content)

        add(JSON, json.dumps(everything.content, ensure_ascii=False, indent=2))
        add(HTML, page(everything.content, translations))
        for file in everything.files:
            add(f"{FILES}/{file.name}", file.content)
    return packed.getvalue()


def page(content: Mapping[str, Any], translations: Translations) -> str:
    """The readable page: one file, without scripts and without anything from elsewhere."""

    def moment(text: str | None) -> str:
        return write_moment(clock.parse(text), translations) if text else ""

    def day(text: str | None) -> str:
        return write_day(date.fromisoformat(text), translations.locale) if text else ""

    def named(names: Mapping[Any, str], value: str) -> str:
        return translations.translate(names[value]) if value in names else value

    return _PAGES.get_template("my_data.html").render(
        _=translations.translate,
        language=translations.language,
        content=content,
        moment=moment,
        day=day,
        title=lambda value: translations.translate(name_of(value)),
        named=named,
        states=STATES,
        application_states=APPLICATION_STATES,
        authors=_AUTHORS,
        actors=ACTORS,
        deeds=DEEDS,
        kinds=KINDS,
        folder=FILES,
    )
