"""Pages of the console, in French."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.channels.web.markdown import html
from bot.channels.web.page import sandbox_line
from bot.channels.web.rendering import typeset
from bot.helpdesk import wording
from bot.helpdesk.permissions import PATH, Deed
from bot.helpdesk.visits import TOKEN_FIELD, Visit
from bot.program import Program

FOLDER = Path(__file__).parent
NOT_KEPT = {"cache-control": "no-store", "referrer-policy": "no-referrer"}

TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters.update(typeset=typeset, markdown=html, **wording.FILTERS)
TEMPLATES.globals.update(PATH=PATH, Deed=Deed, field=TOKEN_FIELD, wording=wording)


def page(
    template: str, program: Program, *, status: int = 200, forms: tuple[str, ...] = ("'self'",), **values: Any
) -> HTMLResponse:
    """A page for who is not signed in.

    Args:
        template: Its file in `templates/`.
        program: The program.
        status: HTTP status.
        forms: Where its forms may lead.
        values: What else the template names.
    """
    sandbox = sandbox_line(program.catalogues["fr"], program.settings)
    body = TEMPLATES.get_template(template).render(visit=None, sandbox=sandbox, **values)
    return _response(body, status, forms)


def console(template: str, visit: Visit, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page, or a part of one, for an agent.

    Args:
        template: Its file in `templates/`.
        visit: Whose page it is.
        status: HTTP status.
        values: What else the template names.
    """
    sandbox = sandbox_line(visit.program.catalogues["fr"], visit.program.settings)
    body = TEMPLATES.get_template(template).render(visit=visit, sandbox=sandbox, **values)
    return _response(body, status, ("'self'",))


def part(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A part of a page that is the same for everybody."""
    return _response(TEMPLATES.get_template(template).render(**values), status, ("'self'",))


def policy(forms: tuple[str, ...] = ("'self'",)) -> str:
    """The content security policy of the console.

    htmx writes what our server sends into the page, through the one policy of Trusted Types that `console.js` makes; it
    makes no scripts, and none that stands in a page is run.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        f"base-uri 'none'; form-action {' '.join(forms)}; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types default"
    )


def _response(body: str, status: int, forms: tuple[str, ...]) -> HTMLResponse:
    return HTMLResponse(body, status, {**NOT_KEPT, "content-security-policy": policy(forms)})
