"""`widget.js`, before any browser has it."""

import gzip

import httpx

from base.settings import Settings
from base.wording import Catalogues, Translations
from bot.channels.web.app import create_app
from bot.channels.web.embedding import STRINGS, script
from bot.engine.dialogue import Dialogue
from bot.program import assembled

LARGEST = 4096
"""Bytes of `widget.js` on the way."""


class LongWinded(Translations):
    """A language that needs half as many letters again, none of them said before."""

    def translate(self, text: str) -> str:
        shift = sum(map(ord, self.language))
        return "".join(
            chr(ord("a") + (ord(letter) * 7 + shift + place) % 26) for place, letter in enumerate(text + text[::2])
        )


def test_script_stays_small_with_four_languages() -> None:
    others = {language: LongWinded(language) for language in ("de", "it", "en")}
    written = script(Catalogues({"fr": Translations("fr"), **others}))
    assert written.count(STRINGS["launcher"]) == 1
    assert len(gzip.compress(written.encode())) < LARGEST


async def test_script_may_be_loaded_by_any_page_and_kept_for_a_while(client: httpx.AsyncClient) -> None:
    response = await client.get("/widget.js")
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["cache-control"] == "public, max-age=3600"
    again = await client.get("/widget.js", headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_only_public_files_are_compressed(client: httpx.AsyncClient) -> None:
    for path, compressed in {"/widget.js": True, "/static/site.css": True, "/": False, "/chat/simple": False}.items():
        assert ("content-encoding" in (await client.get(path)).headers) is compressed


async def test_no_origin_may_read_answers_of_the_api(client: httpx.AsyncClient) -> None:
    asking = {"origin": "https://www.ge.ch", "access-control-request-method": "POST"}
    for response in (
        await client.post("/api/chat/sessions", json={}, headers=asking),
        await client.options("/api/chat/messages", headers=asking),
        await client.get("/widget.js", headers=asking),
    ):
        assert not [name for name in response.headers if name.startswith("access-control-")]
        assert "set-cookie" not in response.headers


async def test_page_of_demonstration_takes_the_widget_from_where_the_setting_says(
    settings: Settings, dialogue: Dialogue
) -> None:
    elsewhere = settings.model_copy(update={"widget_origin": "https://chat.example.ch"})
    async with assembled(elsewhere, dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            page = await client.get("/")
    assert 'src="https://chat.example.ch/widget.js"' in page.text
    policy = page.headers["content-security-policy"]
    assert "script-src 'self' https://chat.example.ch;" in policy
    assert "frame-src 'self' https://chat.example.ch;" in policy
