"""The channel beside the web: how it begins and ends, and how updates come in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from base.settings import WEBHOOK_PATH, SettingError, Settings
from bot.channels.telegram.channel import Telegram, TelegramUnusable
from bot.channels.telegram.checking import check
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.webhook import SECRET_HEADER
from bot.channels.web.app import create_app
from bot.engine.dialogue import Dialogue
from tests.support.bot_api import BOT, BotApi, Phone
from tests.support.telegram import Line, connected

WEBHOOK = f"https://chat.example.ch{WEBHOOK_PATH}"
LOOKS, LONG = 0.01, 60.0
"""Seconds between two looks, and seconds that nothing takes, however slow the machine."""


@asynccontextmanager
async def served(settings: Settings, dialogue: Dialogue, api: BotApi) -> AsyncIterator[tuple[Line, httpx.AsyncClient]]:
    """Everything runs, as it does for people."""
    async with connected(settings, dialogue, api) as line:
        app = create_app(line.program)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as web:
                yield line, web


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG):
        while not holds():  # noqa: ASYNC110  # nobody tells when it does
            await asyncio.sleep(LOOKS)


@pytest.fixture
def with_webhook(settings: Settings) -> Settings:
    return settings.model_copy(update={"telegram_webhook_url": WEBHOOK})


async def test_token_alone_fetches_updates_and_answers(
    settings: Settings, dialogue: Dialogue, api: BotApi, phone: Phone
) -> None:
    api.webhook = {"url": "https://elsewhere.example/"}
    phone.types("bonjour")  # before the program was there
    async with served(settings, dialogue, api):
        await until(lambda: len(phone.shown) == 1)
        phone.types("il est où mon numéro personnel")
        await until(lambda: len(phone.shown) == 2)
        await until(lambda: api.updates == [] or api.called("getUpdates") != [])
    assert api.webhook == {}
    assert api.refused == []


async def test_commands_are_described_in_every_language_and_shown_by_a_button(
    settings: Settings, dialogue: Dialogue, api: BotApi
) -> None:
    async with served(settings, dialogue, api) as (line, _):
        await until(lambda: "deleteWebhook" in [call.method for call in api.calls])
        languages = line.program.catalogues.languages
    described = api.called("setMyCommands")
    assert [call.get("language_code") for call in described] == ["fr", None, *languages[1:]]
    for call in described:
        assert [command["command"] for command in call["commands"]] == list(COMMANDS)
    assert [call["menu_button"]["type"] for call in api.called("setChatMenuButton")] == ["commands"]


async def test_update_that_fails_is_taken_again_and_those_behind_it_are_not_lost(
    settings: Settings, dialogue: Dialogue, api: BotApi, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.FIRST_WAIT", 0.0)
    monkeypatch.setattr("bot.channels.telegram.polling.LOOK_SECONDS", 0.05)
    api.fail("failed", "getFile", count=2)
    other = Phone(api, 4712)
    phone.sends(b"no document")
    other.types("bonjour")
    async with served(settings, dialogue, api):
        await until(lambda: len(phone.shown) == len(other.shown) == 1)
    assert "ni un PDF" in phone.last.text


async def test_update_that_cannot_be_read_spoils_no_other(
    settings: Settings, dialogue: Dialogue, api: BotApi, phone: Phone
) -> None:
    phone.sends_something(poll={"of": "the future"})
    phone.types("bonjour")
    with capture_logs() as logs:
        async with served(settings, dialogue, api):
            await until(lambda: len(phone.shown) == 1)
    assert [line["event"] for line in logs].count("telegram.update_not_read") == 1
    assert "of the future" not in str(logs)


async def test_what_nobody_foresaw_stops_nothing_else(
    settings: Settings, dialogue: Dialogue, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_channel: Telegram) -> None:
        raise LookupError("nobody foresaw this")

    monkeypatch.setattr(Telegram, "begin", fail)
    with capture_logs() as logs:
        async with open_web(settings, dialogue, api) as web:
            await until(lambda: any(line["event"] == "telegram.interrupted" for line in logs))
            assert (await web.get("/healthz")).status_code == 200


@pytest.mark.parametrize("token", ["no token", "123456789:AAH_another-token-of-nobody-0123456789"])
async def test_wrong_token_stops_the_channel_with_one_line_and_nothing_else(
    settings: Settings, dialogue: Dialogue, api: BotApi, token: str
) -> None:
    wrong = settings.model_copy(update={"telegram_token": SecretStr(token)})
    with capture_logs() as logs:
        async with open_web(wrong, dialogue, api) as web:
            await until(lambda: any(line["event"] == "telegram.stopped" for line in logs))
            assert (await web.get("/healthz")).status_code == 200
            session = await web.post("/api/chat/sessions", json={})
            assert session.status_code == 201
    (line,) = [line for line in logs if line["event"] == "telegram.stopped"]
    assert "CORNAVIN_TELEGRAM_TOKEN" in line["reason"]
    assert "exc_info" not in line
    assert token not in str(logs)


@asynccontextmanager
async def open_web(settings: Settings, dialogue: Dialogue, api: BotApi) -> AsyncIterator[httpx.AsyncClient]:
    async with served(settings, dialogue, api) as (_, web):
        yield web


async def test_without_a_token_there_is_no_telegram(settings: Settings, dialogue: Dialogue, api: BotApi) -> None:
    without = settings.model_copy(update={"telegram_token": SecretStr("")})
    async with open_web(without, dialogue, api) as web:
        assert (await web.post(WEBHOOK_PATH, json={"update_id": 1})).status_code == 404
    assert api.calls == []


async def test_bot_begins_once_telegram_answers(
    settings: Settings, dialogue: Dialogue, api: BotApi, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.FIRST_WAIT", 0.0)
    for kind in ("down", "failed", "lost"):
        api.fail(kind, "getMe")
    api.fail("down", "getUpdates")
    phone.types("bonjour")
    async with served(settings, dialogue, api):
        await until(lambda: len(phone.shown) == 1)


# The webhook.


async def test_webhook_is_registered_and_takes_updates_with_the_secret_only(
    with_webhook: Settings, dialogue: Dialogue, api: BotApi, phone: Phone
) -> None:
    async with served(with_webhook, dialogue, api) as (_, web):
        await until(lambda: bool(api.webhook))
        assert api.webhook["url"] == WEBHOOK
        secret = api.webhook["secret_token"]
        update = phone.types("bonjour")
        for headers in ({}, {SECRET_HEADER: "x"}, {SECRET_HEADER: secret.encode()[:-1] + b"\xe9"}):
            assert (await web.post(WEBHOOK_PATH, json=update, headers=headers)).status_code == 404
        right = {SECRET_HEADER: secret}
        for body in (b"{", b"[]", b'{"update_id": "1"}'):
            assert (await web.post(WEBHOOK_PATH, content=body, headers=right)).status_code == 422
        for _ in range(2):
            assert (await web.post(WEBHOOK_PATH, json=update, headers=right)).status_code == 200
        await until(lambda: len(phone.shown) == 1)
    assert len(phone.shown) == 1
    assert api.called("getUpdates") == []


async def test_update_that_fails_is_brought_again(
    with_webhook: Settings, dialogue: Dialogue, api: BotApi, phone: Phone
) -> None:
    api.fail("failed", "getFile")
    async with served(with_webhook, dialogue, api) as (_, web):
        await until(lambda: bool(api.webhook))
        update, headers = phone.sends(b"no document"), {SECRET_HEADER: api.webhook["secret_token"]}
        assert (await web.post(WEBHOOK_PATH, json=update, headers=headers)).status_code == 503
        assert (await web.post(WEBHOOK_PATH, json=update, headers=headers)).status_code == 200
        await until(lambda: len(phone.shown) == 1)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://chat.example.ch", WEBHOOK),
        (WEBHOOK, WEBHOOK),
        ("https://chat.example.ch:8443/", f"https://chat.example.ch:8443{WEBHOOK_PATH}"),
        ("", None),
    ],
)
def test_address_of_the_webhook_may_come_without_our_path(given: str, kept: str | None) -> None:
    assert Settings.load(telegram_webhook_url=given).telegram_webhook_url == kept


@pytest.mark.parametrize(
    "given", ["http://chat.example.ch", "https://chat.example.ch:9000", "https://chat.example.ch/x"]
)
def test_address_that_telegram_does_not_call_is_refused(given: str) -> None:
    with pytest.raises(SettingError, match="CORNAVIN_TELEGRAM_WEBHOOK_URL"):
        Settings.load(telegram_webhook_url=given)


# cornavin doctor


async def test_doctor_says_who_the_bot_is(settings: Settings, with_webhook: Settings, api: BotApi) -> None:
    assert BOT["username"] in await check(settings, api)
    api.webhook = {"url": WEBHOOK}
    assert WEBHOOK in await check(with_webhook, api)
    assert "until the next start" in await check(settings, api)
    assert {call.method for call in api.calls} == {"getMe", "getWebhookInfo"}


async def test_doctor_complains_of_what_is_wrong(settings: Settings, with_webhook: Settings, api: BotApi) -> None:
    wrong = settings.model_copy(update={"telegram_token": SecretStr("123456789:AAH_another-token-of-nobody")})
    for found, expected in ((wrong, "CORNAVIN_TELEGRAM_TOKEN"), (with_webhook, "nobody")):
        with pytest.raises(TelegramUnusable, match=expected):
            await check(found, api)
    api.fail("down")
    with pytest.raises(TelegramUnusable, match="does not answer"):
        await check(settings, api)
