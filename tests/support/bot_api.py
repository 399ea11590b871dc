"""A Bot API of our own, in process: it refuses what Telegram would refuse, and fails where a test says so.

Limits are those that Telegram documents (https://core.telegram.org/bots/api).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "123456789:AAH_the-token-of-the-tests_0123456789"  # of no bot
BOT = {"id": 123456789, "is_bot": True, "first_name": "Cornavin", "username": "cornavin_bot"}
LONGEST_TEXT, LONGEST_CAPTION, LONGEST_CALLBACK_DATA, LONGEST_TOAST = 4096, 1024, 64, 200
LONGEST_BUTTON = 64
"""Telegram documents none; what is longer cannot be read on a phone."""
LARGEST_UPLOAD, LARGEST_DOWNLOAD = 50 * 1024 * 1024, 20 * 1024 * 1024
MOST_BUTTONS = 100
_TAGS = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote", "tg-spoiler"}
)
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


class Refusal(Exception):
    """What the API does not do.

    Args:
        status: HTTP status.
        description: Why.
        parameters: What the client is told besides.
    """

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass
class Fault:
    """Something that goes wrong.

    Args:
        kind: `flood` (429), `blocked` (403), `gone` (400), `failed` (500), `down` (nothing is reached), `lost` (done,
            and the answer does not arrive).
        method: Of the API; any by default.
        count: How often.
        seconds: How long to wait, of a flood.
        chat: In which chat; any by default.
    """

    kind: str
    method: str | None = None
    count: int = 1
    seconds: int = 3
    chat: int | None = None


@dataclass
class Call:
    """A call that was done.

    Args:
        method: Of the API.
        values: What it came with; JSON is decoded.
    """

    method: str
    values: Mapping[str, Any]


@dataclass
class Shown:
    """A message as it stands in a chat.

    Args:
        id: Its number in the chat.
        text: As it is read, without tags.
        html: As it was sent.
        buttons: Label and callback data.
        name: Of its file.
        content: Of its file.
    """

    id: int
    text: str
    html: str = ""
    buttons: list[tuple[str, str]] = field(default_factory=list)
    name: str | None = None
    content: bytes = field(default=b"", repr=False)


class BotApi(httpx.AsyncBaseTransport):
    """The API, and the phones of those who write to the bot.

    Requests travel straight into it: it is the transport to give to a client. For other processes, serve `app`.
    """

    def __init__(self) -> None:
        routes = [
            Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file),
        ]
        self.app = Starlette(routes=routes)
        self._inner = httpx.ASGITransport(app=self.app)
        self.calls: list[Call] = []
        self.refused: list[str] = []
        """What was refused for being wrong, and not because a test wanted it."""
        self.faults: list[Fault] = []
        self.chats: defaultdict[int, list[Shown]] = defaultdict(list)
        self.toasts: list[str] = []
        self.left: list[int] = []
        self.webhook: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}
        self.updates: list[dict[str, Any]] = []
        self._told = asyncio.Event()
        self._numbers = itertools.count(1)
        self._update_ids = itertools.count(700)

    # What tests see and do.

    def called(self, method: str) -> list[Mapping[str, Any]]:
        """With what a method was called."""
        return [call.values for call in self.calls if call.method == method]

    def fail(self, kind: str, method: str | None = None, **more: Any) -> None:
        """Something goes wrong the next time; see `Fault`."""
        self.faults.append(Fault(kind, method, **more))

    def push(self, **update: Any) -> dict[str, Any]:
        """An update that waits to be fetched."""
        made = {"update_id": next(self._update_ids), **update}
        self.updates.append(made)
        self._told.set()
        return made

    def keep(self, content: bytes) -> str:
        """A file on Telegram's servers; gives its id."""
        file_id = f"file-{len(self.files)}"
        self.files[file_id] = content
        return file_id

    def number(self) -> int:
        """A number that no message has."""
        return next(self._numbers)

    # The API.

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Takes a request, unless nothing is reached, and answers, unless the answer is lost."""
        method = request.url.path.rpartition("/")[2]
        fault = self._fault(method, None, ("down", "lost"))
        if fault is not None and fault.kind == "down":
            raise httpx.ConnectError("nothing is reached", request=request)
        response = await self._inner.handle_async_request(request)
        if fault is not None:
            raise httpx.ReadError("the answer was lost", request=request)
        return response

    def _fault(self, method: str, chat: int | None, kinds: tuple[str, ...]) -> Fault | None:
        for fault in self.faults:
            is_here = fault.method in {None, method} and fault.chat in {None, chat}
            if fault.kind in kinds and is_here and fault.count > 0:
                fault.count -= 1
                return fault
        return None

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            if request.path_params["token"] != TOKEN:
                raise Refusal(401, "Unauthorized")
            values = await _values(request)
            self._strike(method, values)
            found = getattr(self, f"_{method}", None)
            if found is None:
                raise Refusal(404, "Not Found: method not found")
            result = await found(values)
        except Refusal as refusal:
            if refusal.status == 400 and not refusal.parameters.get("wanted"):
                self.refused.append(f"{method}: {refusal.description}")
            body = {"ok": False, "error_code": refusal.status, "description": refusal.description}
            told = {name: value for name, value in refusal.parameters.items() if name != "wanted"}
            return JSONResponse({**body, **({"parameters": told} if told else {})}, refusal.status)
        self.calls.append(Call(method, values))
        return JSONResponse({"ok": True, "result": result})

    def _strike(self, method: str, values: Mapping[str, Any]) -> None:
        chat = int(values["chat_id"]) if "chat_id" in values else None
        fault = self._fault(method, chat, ("flood", "blocked", "failed", "gone"))
        match fault.kind if fault else None:
            case "flood":
                assert fault is not None
                raise Refusal(429, f"Too Many Requests: retry after {fault.seconds}", retry_after=fault.seconds)
            case "blocked":
                raise Refusal(403, "Forbidden: bot was blocked by the user")
            case "gone":
                raise Refusal(400, "Bad Request: chat not found", wanted=True)
            case "failed":
                raise Refusal(500, "Internal Server Error")

    async def _file(self, request: Request) -> Response:
        content = self.files.get(request.path_params["path"].removeprefix("files/"))
        if request.path_params["token"] != TOKEN or content is None:
            return Response(status_code=404)
        return Response(content)

    async def _getMe(self, _values: Mapping[str, Any]) -> Any:  # noqa: N802  # named by the API
        return {**BOT, "can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def _setMyCommands(self, values: Mapping[str, Any]) -> bool:  # noqa: N802
        for command in values["commands"]:
            _check(_COMMAND.fullmatch(command["command"]), "BOT_COMMAND_INVALID")
            _check(1 <= len(command["description"]) <= 256, "BOT_COMMAND_DESCRIPTION_INVALID")
        _check(len(values["commands"]) <= 100, "BOT_COMMANDS_TOO_MUCH")
        return True

    async def _setChatMenuButton(self, _values: Mapping[str, Any]) -> bool:  # noqa: N802
        return True

    async def _setWebhook(self, values: Mapping[str, Any]) -> bool:  # noqa: N802
        _check(str(values["url"]).startswith("https://"), "bad webhook: an HTTPS URL must be provided for webhook")
        _check(re.fullmatch(r"[\w-]{1,256}", values.get("secret_token", "x")), "invalid secret token")
        self.webhook = dict(values)
        return True

    async def _deleteWebhook(self, _values: Mapping[str, Any]) -> bool:  # noqa: N802
        self.webhook = {}
        return True

    async def _getWebhookInfo(self, _values: Mapping[str, Any]) -> Any:  # noqa: N802
        count = len(self.updates)
        return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": count}

    async def _getUpdates(self, values: Mapping[str, Any]) -> Any:  # noqa: N802
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, most = int(values.get("offset", 0)), int(values.get("limit", 100))
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates and float(values.get("timeout", 0)):
            self._told.clear()
            await self._told.wait()
        return self.updates[:most]

    async def _sendMessage(self, values: Mapping[str, Any]) -> Any:  # noqa: N802
        shown = Shown(0, _read(values, "text"), values["text"], _buttons(values))
        _check(shown.text.strip(), "message text is empty")
        _check(_length(shown.text) <= LONGEST_TEXT, "message is too long")
        return self._show(int(values["chat_id"]), shown, text=shown.text)

    async def _sendDocument(self, values: Mapping[str, Any]) -> Any:  # noqa: N802
        caption = _read(values, "caption") if "caption" in values else ""
        _check(_length(caption) <= LONGEST_CAPTION, "message caption is too long")
        file = values["document"]
        _check(isinstance(file, tuple), "wrong file identifier/HTTP URL specified")
        name, content = file
        _check(content, "file must be non-empty")
        _check(len(content) <= LARGEST_UPLOAD, "file is too big")
        shown = Shown(0, caption, buttons=_buttons(values), name=name, content=content)
        document = {"file_id": "sent", "file_unique_id": "sent", "file_name": name, "file_size": len(content)}
        return self._show(int(values["chat_id"]), shown, document=document)

    async def _sendChatAction(self, values: Mapping[str, Any]) -> bool:  # noqa: N802
        _check(values["action"] == "typing", "wrong parameter action in request")
        return True

    async def _answerCallbackQuery(self, values: Mapping[str, Any]) -> bool:  # noqa: N802
        text = str(values.get("text", ""))
        _check(len(text) <= LONGEST_TOAST, "MESSAGE_TOO_LONG")
        self.toasts.append(text)
        return True

    async def _editMessageReplyMarkup(self, values: Mapping[str, Any]) -> Any:  # noqa: N802
        chat, number = int(values["chat_id"]), int(values["message_id"])
        found = [shown for shown in self.chats[chat] if shown.id == number]
        _check(found, "message to edit not found")
        buttons = _buttons(values)
        _check(buttons != found[0].buttons, "message is not modified")
        found[0].buttons = buttons
        return _message(chat, number, text=found[0].text)

    async def _leaveChat(self, values: Mapping[str, Any]) -> bool:  # noqa: N802
        self.left.append(int(values["chat_id"]))
        return True

    async def _getFile(self, values: Mapping[str, Any]) -> Any:  # noqa: N802
        content = self.files.get(values["file_id"])
        _check(content is not None, "invalid file_id")
        assert content is not None
        _check(len(content) <= LARGEST_DOWNLOAD, "file is too big")
        file_id = values["file_id"]
        described = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}
        return {**described, "file_path": f"files/{file_id}"}

    def _show(self, chat: int, shown: Shown, **content: Any) -> Any:
        shown.id = self.number()
        self.chats[chat].append(shown)
        return _message(chat, shown.id, **content)


class Phone:
    """Somebody's Telegram, with the chat with the bot open.

    Args:
        api: Carries what they do.
        chat: Number of the chat, and of the person.
        language: Of their app.
    """

    def __init__(self, api: BotApi, chat: int = 4711, language: str = "fr") -> None:
        self._api = api
        self.chat = chat
        self._person = {"id": chat, "is_bot": False, "first_name": "Zoé", "language_code": language}

    @property
    def shown(self) -> list[Shown]:
        """What the bot has said."""
        return self._api.chats[self.chat]

    @property
    def last(self) -> Shown:
        return self.shown[-1]

    def types(self, text: str, **more: Any) -> dict[str, Any]:
        """Types a message."""
        return self._api.push(message=self._said(text=text, **_command(text), **more))

    def edits(self, text: str) -> dict[str, Any]:
        """Changes a message."""
        return self._api.push(edited_message=self._said(text=text, edit_date=_now()))

    def taps(self, label: str) -> dict[str, Any]:
        """Taps the latest button whose label holds this text."""
        shown, data = next(
            (shown, data) for shown in reversed(self.shown) for name, data in shown.buttons if label in name
        )
        return self.taps_data(data, shown.id)

    def taps_first(self) -> dict[str, Any]:
        """Taps the first button of the latest message that has any."""
        shown = next(shown for shown in reversed(self.shown) if shown.buttons)
        return self.taps_data(shown.buttons[0][1], shown.id)

    def taps_data(self, data: str, message_id: int) -> dict[str, Any]:
        """Taps a button that may not be there any more."""
        under = {**_message(self.chat, message_id, text="…"), "from": BOT}
        query = {"id": "1", "from": self._person, "chat_instance": "1", "data": data, "message": under}
        return self._api.push(callback_query=query)

    def sends(self, content: bytes, name: str = "document.pdf", **more: Any) -> dict[str, Any]:
        """Sends a file."""
        described = self._described(content)
        return self._api.push(message=self._said(document={**described, "file_name": name}, **more))

    def photographs(self, content: bytes, **more: Any) -> dict[str, Any]:
        """Sends a photo, of which Telegram keeps a small one, too."""
        small = {**self._described(b"small"), "width": 90, "height": 90}
        return self._api.push(
            message=self._said(photo=[small, {**self._described(content), "width": 900, "height": 900}], **more)
        )

    def sends_something(self, **content: Any) -> dict[str, Any]:
        """Sends what is neither text nor file."""
        return self._api.push(message=self._said(**content))

    def blocks(self, *, is_blocked: bool = True) -> dict[str, Any]:
        """Blocks the bot, or lets it in again."""
        member, kicked = {"user": BOT, "status": "member"}, {"user": BOT, "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if is_blocked else (kicked, member)
        changed = {"chat": _chat(self.chat), "from": self._person, "date": _now()}
        return self._api.push(my_chat_member={**changed, "old_chat_member": old, "new_chat_member": new})

    def _described(self, content: bytes) -> dict[str, Any]:
        file_id = self._api.keep(content)
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}

    def _said(self, **content: Any) -> dict[str, Any]:
        return {**_message(self.chat, self._api.number()), "from": self._person, **content}


def _command(text: str) -> dict[str, Any]:
    """Telegram marks what looks like a command."""
    found = re.match(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?(?!\w)", text)
    entity = [{"type": "bot_command", "offset": 0, "length": found.end()}] if found else []
    return {"entities": entity} if entity else {}


def _now() -> int:
    return int(datetime(2026, 3, 11, 9, 15, tzinfo=UTC).timestamp())


def _chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private" if number > 0 else "supergroup", "first_name": "Zoé"}


def _message(chat: int, number: int, **content: Any) -> dict[str, Any]:
    return {"message_id": number, "date": _now(), "chat": _chat(chat), **content}


async def _values(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = dict(request.query_params)
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                found[name] = (value.filename, await value.read())
            else:
                found[name] = json.loads(value) if value[:1] in {"{", "["} and name != "text" else value
    return found


def _check(holds: Any, description: str) -> None:
    if not holds:
        raise Refusal(400, f"Bad Request: {description}")


def _length(text: str) -> int:
    """In UTF-16, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def _read(values: Mapping[str, Any], name: str) -> str:
    """A text as it is read; with tags only where they are announced."""
    text = str(values[name])
    return read_html(text) if values.get("parse_mode") == "HTML" else text


def read_html(text: str) -> str:
    """What is read of a text in Telegram's HTML.

    Raises:
        Refusal: When it does not parse.
    """
    _check(not _ENTITY.search(text), "can't parse entities: unsupported entity")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    _check(not reader.opened, "can't parse entities: can't find end tag")
    return "".join(reader.text)


class _Reader(HTMLParser):
    """Reads Telegram's HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.opened: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        _check(tag in _TAGS, f"can't parse entities: unsupported start tag {tag}")
        if tag == "a":
            address = dict(attrs).get("href") or ""
            _check(address.startswith(("https://", "http://", "tg://", "mailto:")), f"no link: {address}")
        _check(tag != "blockquote" or "blockquote" not in self.opened, "can't parse entities: nested blockquote")
        self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        _check(False, f"can't parse entities: unsupported start tag {tag}/")

    def handle_endtag(self, tag: str) -> None:
        _check(self.opened and self.opened.pop() == tag, f"can't parse entities: unexpected end tag {tag}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        _check(False, "can't parse entities: unsupported start tag !")


def _buttons(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    keyboard = values.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in keyboard for button in row]
    _check(len(buttons) <= MOST_BUTTONS, "reply markup is too long")
    for button in buttons:
        _check(button["text"].strip(), "text buttons are unallowed without text")
        _check(len(button["text"]) <= LONGEST_BUTTON, f"button is too long: {button['text']}")
        _check(1 <= len(button["callback_data"].encode()) <= LONGEST_CALLBACK_DATA, "BUTTON_DATA_INVALID")
    return [(button["text"], button["callback_data"]) for button in buttons]
