"""A client of clamd: has the bytes of a file looked through for viruses (command INSTREAM)."""

import asyncio
import contextlib
import struct
from enum import StrEnum
from urllib.parse import urlsplit

import structlog

log = structlog.get_logger(__name__)

CHUNK = 64 * 1024
LONGEST_REPLY = 4096
_LENGTH = struct.Struct(">I")


class Verdict(StrEnum):
    """What the scanner says."""

    CLEAN = "clean"
    INFECTED = "infected"
    NONE = "none"
    """It cannot be reached, does not answer in time, or says something else."""


class Scanner:
    """A clamd server.

    Args:
        url: `tcp://host:port`.
        seconds: How long it may take for a file.
    """

    def __init__(self, url: str, seconds: float = 30.0) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 3310)
        self._seconds = seconds

    async def scan(self, data: bytes) -> Verdict:
        """The verdict on a file; never raises because of the scanner."""
        try:
            async with asyncio.timeout(self._seconds):
                reply = await self._ask(data)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            log.warning("files.no_scanner", error=type(error).__name__, remedy="check CORNAVIN_CLAMAV_URL and clamd")
            return Verdict.NONE
        if reply == "stream: OK":
            return Verdict.CLEAN
        if reply.startswith("stream: ") and reply.endswith(" FOUND"):
            log.warning("files.infected", signature=reply.removeprefix("stream: ").removesuffix(" FOUND"))
            return Verdict.INFECTED
        log.warning("files.no_verdict", reply=reply, remedy="compare StreamMaxLength of clamd with 10 MB")
        return Verdict.NONE

    async def _ask(self, data: bytes) -> str:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=LONGEST_REPLY)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                chunk = data[start : start + CHUNK]
                writer.write(_LENGTH.pack(len(chunk)) + chunk)
                await writer.drain()
            writer.write(_LENGTH.pack(0))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:-1].decode("utf-8", "replace").strip()
        finally:
            writer.transport.abort()  # all was said, or no answer is wanted any more
            with contextlib.suppress(OSError):
                await writer.wait_closed()
