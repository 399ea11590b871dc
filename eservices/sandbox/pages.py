"""Pages of the sandbox: French, without scripts, each marked as the sandbox's."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from babel.dates import format_datetime
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from base import clock

FOLDER = Path(__file__).parent / "templates"
_pages = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _moment(text: str) -> str:
    return format_datetime(datetime.fromisoformat(text), "d MMMM y, HH:mm", tzinfo=clock.ZONE, locale="fr_CH")


_pages.filters["moment"] = _moment


def render(template: str, status: int = 200, form_targets: str = "'self'", **values: Any) -> HTMLResponse:
    """A page.

    Args:
        template: Its file in `templates/`.
        status: HTTP status.
        form_targets: Where its forms may lead, for the content security policy.
        **values: What it shows.
    """
    policy = (
        f"default-src 'none'; style-src 'self'; form-action {form_targets}; frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {"content-security-policy": policy, "x-content-type-options": "nosniff", "cache-control": "no-store"}
    return HTMLResponse(_pages.get_template(template).render(values), status, headers)
