"""What stands before every request: size, rate, headers, and the clock of debug mode."""

import math
import time
from collections.abc import MutableMapping
from typing import Any

from limits import parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from base import clock
from base.settings import Settings
from bot.channels.web.problems import Problem, of_refusal
from casework.files.refusals import Reason

LARGEST_BODY = 64 * 1024
"""Bytes of a request body."""
LARGEST_UPLOAD = 32 * 1024 * 1024
"""Bytes of a request body that may bring a file. More than a file may have: who answers before a browser has sent all
is not heard, so what is too long is read on, and dropped."""
MEGABYTE = 1_000_000
SIMPLE_PATHS = frozenset({"/chat/simple", "/chat/simple/file"})
"""The conversation without JavaScript: whatever they answer may be its page."""
DEPOSIT_PATH = "/depot"
"""Where a file is given to a conversation that is elsewhere."""
UPLOAD_PATHS = frozenset({"/api/chat/files", DEPOSIT_PATH, *SIMPLE_PATHS})

NO_ADDRESS = "unknown"
CLOCK_HEADER = b"x-cornavin-clock"


def address_of(request: Request) -> str:
    """The network address that a request comes from."""
    return request.client.host if request.client else NO_ADDRESS


class RateLimits:
    """How much one session and one network address may send.

    Counted in this process: with several processes behind a load balancer, a limit holds for each of them.
    """

    def __init__(self, settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._session = parse_many(settings.session_rate)
        self._address = parse_many(settings.address_rate)
        self._upload = parse_many(settings.upload_rate)

    async def session(self, session_id: str) -> None:
        """Counts a message of a session.

        Raises:
            Problem: 429 with the seconds to wait in `Retry-After`.
        """
        await self._count(self._session, "session", session_id)

    async def address(self, address: str) -> None:
        """Counts a request of a network address.

        Raises:
            Problem: 429 with the seconds to wait in `Retry-After`.
        """
        await self._count(self._address, "address", address)

    async def upload(self, address: str, size: int) -> None:
        """Counts a file of a network address, by its megabytes begun.

        Args:
            address: Where it comes from.
            size: In bytes.

        Raises:
            Problem: As `address`.
        """
        await self._count(self._upload, "upload", address, cost=max(1, math.ceil(size / MEGABYTE)))

    async def _count(self, rates: list[Any], kind: str, key: str, cost: int = 1) -> None:
        for rate in rates:
            if not await self._limiter.hit(rate, kind, key, cost=cost):
                window = await self._limiter.get_window_stats(rate, kind, key)
                wait = max(1, round(window.reset_time - time.time()))
                raise Problem("too-many-requests", 429, {"retry-after": str(wait)})


class BodyLimit:
    """Refuses request bodies that are too large, whether they say so or not.

    Args:
        app: What is behind it.
        uploads: Whether files are taken; forms that may bring one are larger.
    """

    def __init__(self, app: ASGIApp, *, uploads: bool = False) -> None:
        self._app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received = 0
        brings_file = self._uploads and scope["path"] in UPLOAD_PATHS and _is_multipart(scope)
        largest = LARGEST_UPLOAD if brings_file else LARGEST_BODY

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > largest:
                raise of_refusal(Reason.TOO_BIG) if brings_file else Problem("too-large", 413)
            return message

        await self._app(scope, limited, send)


def _is_multipart(scope: Scope) -> bool:
    return bool(dict(scope["headers"]).get(b"content-type", b"").lower().startswith(b"multipart/form-data"))


class SecurityHeaders:
    """Adds to every response what keeps a browser from being used against the person.

    Only `/embed` may be framed by other origins, only `/` frames the widget, and the conversation without JavaScript
    runs no script at all.

    Args:
        frame_origins: Origins of pages that may embed the chat.
        widget_origin: Where `/` takes the widget from, when it is not from here.
    """

    def __init__(self, app: ASGIApp, frame_origins: tuple[str, ...], widget_origin: str | None = None) -> None:
        self._app = app
        widget = ("'self'", *([widget_origin] if widget_origin else []))
        self._headers = _security_headers(policy())
        self._by_path = {
            "/": _security_headers(policy(scripts=widget, frames=widget)),
            "/embed": _security_headers(policy(ancestors=("'self'", *frame_origins))),
            **{path: _security_headers(policy(scripts=("'none'",))) for path in SIMPLE_PATHS},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                names = {name for name, _ in given}
                ours = self._by_path.get(scope["path"], self._headers)
                message["headers"] = [*given, *(header for header in ours if header[0] not in names)]
            await send(message)

        await self._app(scope, receive, with_headers)


def policy(
    scripts: tuple[str, ...] = ("'self'",),
    frames: tuple[str, ...] = ("'none'",),
    ancestors: tuple[str, ...] = ("'self'",),
    forms: tuple[str, ...] = ("'self'",),
) -> str:
    """A content security policy.

    Args:
        scripts: Where scripts may come from.
        frames: What may be framed by the page.
        ancestors: What may frame the page.
        forms: Where forms may be sent, and where the answer may send the browser on to.
    """
    return (
        f"default-src 'none'; script-src {' '.join(scripts)}; style-src 'self'; connect-src 'self'; img-src 'self'; "
        f"frame-src {' '.join(frames)}; base-uri 'none'; form-action {' '.join(forms)}; frame-ancestors {' '.join(ancestors)}; "
        "require-trusted-types-for 'script'; trusted-types lit-html"
    )


def _security_headers(content_policy: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-security-policy", content_policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]


class CompressedFiles:
    """Compresses what is the same for everybody: scripts and styles.

    Nothing else, because the length of a compressed answer can tell what is in it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=500)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        public = scope["type"] == "http" and (scope["path"].startswith("/static/") or scope["path"] == "/widget.js")
        await (self._compressing if public else self._app)(scope, receive, send)


class DebugClock:
    """Sets the clock for one request from its `X-Cornavin-Clock` header; installed in debug mode only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        value = dict(scope.get("headers", ())).get(CLOCK_HEADER)
        try:
            moment = clock.parse(value.decode()) if value else None
        except ValueError:
            moment = None
        with clock.at(moment):
            await self._app(scope, receive, send)
