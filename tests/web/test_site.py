"""The pages around the chat, before any browser has them."""

import httpx

from base.settings import Settings
from bot.channels.web.app import create_app
from bot.engine.dialogue import Dialogue
from bot.program import assembled


async def test_guide_names_the_address_that_the_operator_has_told(settings: Settings, dialogue: Dialogue) -> None:
    for told, expected in {"https://chat.example.ch": "https://chat.example.ch", "": "http://cornavin.test"}.items():
        chosen = Settings(**settings.model_dump(include={"data_dir", "database_url"}), public_url=told)
        async with assembled(chosen, dialogue) as program:
            transport = httpx.ASGITransport(app=create_app(program))
            async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
                page = (await client.get("/integration")).text
        assert f'src="{expected}/widget.js"' in page
        assert f"script-src {expected};" in page


async def test_static_files_are_asked_for_again_each_time(client: httpx.AsyncClient) -> None:
    for path in ("/static/chat/cornavin-chat.js", "/static/tokens.css"):
        response = await client.get(path)
        assert response.headers["cache-control"] == "no-cache"
        again = await client.get(path, headers={"if-none-match": response.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")
