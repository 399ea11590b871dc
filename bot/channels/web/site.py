"""The pages around the chat: a page that embeds it, how to embed it, and how accessible it is."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.channels.web.rendering import rendered, translations_of
from bot.program import Program
from law.facts import Source, facts

router = APIRouter()


def official_pages() -> tuple[Source, ...]:
    """The sources of our facts that are pages one can open."""
    found = {known.source.id: known.source for known in facts().values() if known.source.url}
    return tuple(found[name] for name in sorted(found))


@router.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def home(request: Request, lang: str | None = None) -> HTMLResponse:
    """A page as a canton might have it, with the widget on it."""
    program: Program = request.app.state.program
    return rendered(
        "home.html",
        translations_of(request, lang),
        widget=f"{program.settings.widget_origin or ''}/widget.js",
        official_pages=official_pages(),
    )


@router.api_route("/integration", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def integration(request: Request, lang: str | None = None) -> HTMLResponse:
    """How a page embeds the chat."""
    program: Program = request.app.state.program
    return rendered(
        "integration.html",
        translations_of(request, lang),
        origin=program.settings.told_url or str(request.base_url).rstrip("/"),
        has_hosts=bool(program.settings.allowed_origins),
    )


@router.api_route("/accessibility", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def accessibility(request: Request, lang: str | None = None) -> HTMLResponse:
    """What is known about how accessible the chat is."""
    return rendered("accessibility.html", translations_of(request, lang))
