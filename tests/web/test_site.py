"""The pages around the chat, before any browser has them."""

import re

import httpx

from base.settings import Settings
from bot.channels.web.app import create_app
from bot.channels.web.rendering import FOLDER
from bot.channels.web.static_files import light
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


async def test_scripts_and_styles_are_sent_without_what_only_authors_need(client: httpx.AsyncClient) -> None:
    for path in ("chat/message-styles.js", "site.css", "chat/markdown.js"):
        written, sent = (FOLDER / "static" / path).read_text(), (await client.get(f"/static/{path}")).text
        assert len(sent) < 0.95 * len(written)
        assert light(sent) == sent
        assert not re.search(r"^(\s|//|/\*)", sent, re.MULTILINE)
    vendored = "/static/vendor/lit.js"
    assert (await client.get(vendored)).text == (FOLDER / vendored.removeprefix("/")).read_text()


def test_lightening_leaves_code_texts_and_licenses_alone() -> None:
    source = """/*! a license */
/** What it is. */
/**
 * More of it: // and `this`.
 */
const a = "/* not a remark */"; // stays
  // goes
  const b = html`
    <input accept="image/*" />
    aujourd'hui // stays
  `; /* stays */

const c = 4 /* stays
*/ / 2;
"""
    assert light(source) == (
        "/*! a license */\n"
        'const a = "/* not a remark */"; // stays\n'
        "const b = html`\n"
        '<input accept="image/*" />\n'
        "aujourd'hui // stays\n"
        "`; /* stays */\n"
        "const c = 4 /* stays\n"
        "*/ / 2;\n"
    )
