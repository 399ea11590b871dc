"""Pages from templates, in the language of the person who reads them."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from base.wording import SOURCE_LANGUAGE, Translations
from bot.program import Program

FOLDER = Path(__file__).parent

TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


_BEFORE_SIGN = re.compile(r" (?=[?!:;»])|(?<=«) ")
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def typeset(text: str) -> str:
    """The text with its signs kept from beginning a line."""
    return _BEFORE_SIGN.sub(_NO_BREAK_SPACE, text)


def plain(text: str) -> str:
    """A typeset text as one would type it."""
    return text.replace(_NO_BREAK_SPACE, " ")


TEMPLATES.filters.update(typeset=typeset, plain=plain)


def translations_of(request: Request, lang: str | None) -> Translations:
    """The language asked for, else French: pages follow their address, and not the browser."""
    program: Program = request.app.state.program
    return program.catalogues[program.catalogues.match(lang)]


def rendered(
    template: str,
    translations: Translations,
    *,
    status: int = 200,
    cache: str = "no-cache",
    sandbox: str = "",
    **values: Any,
) -> HTMLResponse:
    """A page.

    Args:
        template: Its file in `templates/`; the texts in it stand in `_("…")`.
        translations: Its language.
        status: HTTP status.
        cache: Value of `Cache-Control`.
        sandbox: What is said of the sandbox above the rest; empty where there is nothing to say.
        values: What else the template names.
    """

    def link(path: str, **query: str) -> str:
        """An address of ours in the language of this page."""
        kept = {} if translations.language == SOURCE_LANGUAGE else {"lang": translations.language}
        parameters = urlencode({**kept, **query})
        return f"{path}?{parameters}" if parameters else path

    def write(text: str) -> str:
        return typeset(translations.translate(text))

    body = TEMPLATES.get_template(template).render(
        _=write, language=translations.language, link=link, sandbox=sandbox, **values
    )
    return HTMLResponse(body, status, headers={"cache-control": cache})
