"""The console as a part of the web application."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from bot.channels.web.static_files import FreshFiles
from bot.helpdesk import answers, case_page, deeds, figures, queue, signing_in, staff, wording
from bot.helpdesk.permissions import PATH
from bot.helpdesk.rendering import FOLDER, NOT_KEPT, page, part
from bot.helpdesk.signing_in import SIGN_IN
from bot.helpdesk.visits import NoSuchThing, NotAllowed, NotSignedIn
from bot.program import Program

ROUTERS = (signing_in, queue, case_page, deeds, answers, figures, staff)


def install(app: FastAPI, program: Program) -> None:
    """Adds the console to an application."""
    for module in ROUTERS:
        app.include_router(module.router, include_in_schema=False)
    app.mount(f"{PATH}/static", FreshFiles(directory=FOLDER / "static"), name="helpdesk-static")

    def refused(request: Request, title: str, text: str, status: int) -> Response:
        if request.headers.get("hx-request") == "true":
            return part("told.html", status=status, refused=text, told="")
        return page("refused.html", program, status=status, title=title, text=text)

    async def not_signed_in(request: Request, _error: Exception) -> Response:
        wanted = f"{SIGN_IN}?to={_page_of(request.url.path)}"
        if request.headers.get("hx-request") == "true":
            return part("signed_out.html", status=401, sign_in=wanted)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(wanted, 303, NOT_KEPT)
        return page("refused.html", program, status=401, title="Vous n'êtes plus connecté·e", text=wording.SIGNED_OUT)

    async def not_allowed(request: Request, error: Exception) -> Response:
        assert isinstance(error, NotAllowed)
        return refused(request, "Ce n'est pas possible", wording.REFUSALS[error.reason], 403)

    async def no_such_thing(request: Request, _error: Exception) -> Response:
        return refused(request, "Rien à cette adresse", wording.GONE, 404)

    app.add_exception_handler(NotSignedIn, not_signed_in)
    app.add_exception_handler(NotAllowed, not_allowed)
    app.add_exception_handler(NoSuchThing, no_such_thing)


def _page_of(path: str) -> str:
    """The page that a deed belongs to: a case, or the path itself."""
    parts = path.removeprefix(PATH).split("/")
    return f"{PATH}/cases/{parts[2]}" if parts[1:2] == ["cases"] and len(parts) > 2 else path
