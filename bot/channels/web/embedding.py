"""`widget.js`: the one script that a page needs to embed the chat."""

import hashlib
from functools import lru_cache

from fastapi import APIRouter, Request, Response

from base.wording import Catalogues, mark
from bot.channels.web.rendering import TEMPLATES
from bot.channels.web.static_files import light
from bot.program import Program

STRINGS = {
    "title": mark("Cornavin, assistant chômage"),
    "launcher": mark("Une question ?"),
    "close": mark("Fermer l'assistant"),
    "unread": mark("Réponses non lues : {count}"),
}
"""What the widget says outside of its frame, by the name under which the script knows it."""

FRESH_SECONDS = 3600
"""How long a browser may use the script without asking whether it has changed."""

router = APIRouter()


@lru_cache(maxsize=2)
def script(catalogues: Catalogues) -> str:
    """The script with its texts in all languages, and without what only its authors need."""
    texts = {
        language: {name: catalogues[language].translate(text) for name, text in STRINGS.items()}
        for language in catalogues.languages
    }
    return light(TEMPLATES.get_template("widget.js").render(texts=texts))


@router.api_route("/widget.js", methods=["GET", "HEAD"])
async def widget(request: Request) -> Response:
    """The script; any page may load it, and only allowed ones can open the frame that it makes."""
    program: Program = request.app.state.program
    body = script(program.catalogues)
    tag = f'W/"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    headers = {
        "cache-control": f"public, max-age={FRESH_SECONDS}",
        "etag": tag,
        "cross-origin-resource-policy": "cross-origin",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/javascript", headers=headers)
