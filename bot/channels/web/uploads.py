"""Files on their way in: read as they come, kept in memory only, and no more of them at a time than fits there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from sqlalchemy.exc import IntegrityError
from starlette.requests import ClientDisconnect

from bot.channels.web.guards import LARGEST_BODY, RateLimits, address_of
from bot.channels.web.problems import Problem, of_refusal
from casework.files.limits import USUAL
from casework.files.refusals import Refused
from casework.files.workshop import WorkshopFailed

if TYPE_CHECKING:
    from fastapi import Request
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.program import Program
    from casework.files.store import FileStore, StoredFile
    from conversations.models import Message

MOST_AT_A_TIME = 16
"""Uploads that one process reads at a time, and that it decodes at a time; each takes twice its size in memory."""
MOST_OF_AN_ADDRESS = 4
"""Uploads of one network address that are read at a time."""
SECONDS_TO_BEGIN, BYTES_A_SECOND = 60, 35 * 1024
"""How slowly a form may arrive: 10 MB in six minutes, as from a phone with little reception."""
MOST_FIELDS = 20
LONGEST_HEADER = 4096
"""Bytes of a part's header."""

_KEPT = USUAL.max_bytes + LARGEST_BODY
"""Bytes that are kept of a form; of what is longer, enough to see that it is."""


@dataclass(frozen=True)
class Upload:
    """A file as it came.

    Args:
        name: What it is called where it comes from.
        data: Its bytes; of one that is too long, the beginning.
    """

    name: str = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Form:
    """What came with a multipart form.

    Args:
        fields: Its texts, by name.
        upload: Its file, if there is one.
        problem: What cut it short.
    """

    fields: Mapping[str, str]
    upload: Upload | None = None
    problem: Problem | None = None


class _Reading:
    """Reads a multipart form as it arrives: into memory and not onto the disk, where it would not be encrypted.

    What goes beyond `_KEPT` bytes is dropped, and of a text what goes beyond that of other requests.

    Args:
        content_type: Of the request.

    Raises:
        MultipartParseError: When it names no boundary.
    """

    def __init__(self, content_type: str) -> None:
        self.fields: dict[str, str] = {}
        self.uploads: list[Upload] = []
        self._room = _KEPT
        self._parts = 0
        self._header, self._value, self._disposition, self._data = bytearray(), bytearray(), b"", bytearray()
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise MultipartParseError("no boundary")
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._adding_to(self._header),
                "on_header_value": self._adding_to(self._value),
                "on_header_end": self._end_header,
                "on_part_data": self._add_data,
                "on_part_end": self._end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """Takes what has arrived.

        Raises:
            MultipartParseError: When it is no form, or holds too much.
        """
        self._parser.write(chunk)

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_FIELDS:
            raise MultipartParseError("too much")
        self._disposition = b""
        self._data.clear()

    @staticmethod
    def _adding_to(buffer: bytearray) -> Callable[[bytes, int, int], None]:
        def add(data: bytes, start: int, end: int) -> None:
            if len(buffer) + end - start > LONGEST_HEADER:
                raise MultipartParseError("too much")
            buffer.extend(data[start:end])

        return add

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        room = self._room if b"filename" in self._disposition else min(self._room, LARGEST_BODY - len(self._data))
        piece = data[start : min(end, start + room)]
        self._room -= len(piece)
        self._data.extend(piece)

    def _end(self) -> None:
        options = parse_options_header(self._disposition)[1]
        data = bytes(self._data)
        if b"filename" not in options:
            self.fields[options.get(b"name", b"").decode(errors="replace")] = data.decode(errors="replace")
        elif options[b"filename"]:  # a field in which no file was chosen comes without a name
            self.uploads.append(Upload(options[b"filename"].decode(errors="replace"), data))
        if len(self.uploads) > 1:
            raise MultipartParseError("too much")


def is_multipart(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "multipart/form-data"


class Uploads:
    """Reads uploads and has them kept.

    Args:
        program: Keeps them.
        limits: How much one network address may send.
    """

    def __init__(self, program: Program, limits: RateLimits) -> None:
        self._program = program
        self._limits = limits
        self._places = asyncio.Semaphore(MOST_AT_A_TIME)
        self._arriving: Counter[str] = Counter()

    @property
    def are_open(self) -> bool:
        """Whether files are taken at present."""
        return self._program.settings.uploads

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Room for decoding one upload.

        Raises:
            Problem: When there is none now.
        """
        if self._places.locked():
            raise Problem("unavailable", 503, {"retry-after": "5"})
        async with self._places:
            yield

    async def read(self, request: Request) -> Form:
        """Reads a multipart form. What arrived before it was cut short is there, with the reason.

        Raises:
            Problem: When it is none, or does not arrive.
        """
        if not is_multipart(request):
            raise Problem("invalid-request", 422)
        try:
            reading = _Reading(request.headers["content-type"])
            with ExitStack() as held:
                async with asyncio.timeout(SECONDS_TO_BEGIN) as limit:
                    began, arrived = asyncio.get_running_loop().time(), 0
                    async for chunk in request.stream():
                        arrived += len(chunk)
                        limit.reschedule(began + SECONDS_TO_BEGIN + arrived / BYTES_A_SECOND)
                        if arrived > LARGEST_BODY >= arrived - len(chunk):  # from now on it takes more than others
                            held.enter_context(self._arrival(address_of(request)))
                        reading.feed(chunk)
        except Problem as problem:
            return Form(MappingProxyType(reading.fields), problem=problem)
        except TimeoutError:
            raise Problem("unavailable", 503) from None
        except (MultipartParseError, ClientDisconnect):  # nobody hears the answer to what was broken off
            raise Problem("invalid-request", 422) from None
        return Form(MappingProxyType(reading.fields), next(iter(reading.uploads), None))

    @contextmanager
    def _arrival(self, address: str) -> Iterator[None]:
        """Room for one large form while it arrives.

        Raises:
            Problem: When there is none now, or its network address has its share.
        """
        if self._arriving.total() >= MOST_AT_A_TIME or self._arriving[address] >= MOST_OF_AN_ADDRESS:
            raise Problem("unavailable", 503, {"retry-after": "5"})
        self._arriving[address] += 1
        try:
            yield
        finally:
            self._arriving[address] -= 1
            self._arriving += Counter()  # forgets addresses of which nothing arrives

    async def keep(self, request: Request, session_id: str, upload: Upload) -> StoredFile:
        """Has a file checked and kept for its conversation.

        Args:
            request: Which brought it.
            session_id: Of the conversation.
            upload: The file.

        Raises:
            Problem: When it is not taken, with the reason; or the conversation was erased meanwhile.
        """
        await self._limits.upload(address_of(request), len(upload.data))
        try:
            return await self._program.files.take(session_id, upload.name, upload.data)
        except Refused as refusal:
            raise of_refusal(refusal.reason) from None
        except WorkshopFailed:
            raise Problem("unavailable", 503, {"retry-after": "5"}) from None
        except IntegrityError:
            raise Problem("unauthorized", 401, {"www-authenticate": "Bearer"}) from None


async def with_names(
    connection: AsyncConnection, files: FileStore, messages: tuple[Message, ...]
) -> tuple[Message, ...]:
    """Messages with the names of the files that people sent, which are kept with the files."""
    sent = {attachment.id for message in messages if message.author == "user" for attachment in message.attachments}
    if not sent:
        return messages
    names = await files.names(connection, sent)
    return tuple(
        message.model_copy(
            update={
                "attachments": tuple(
                    attachment.model_copy(update={"name": names.get(attachment.id, attachment.name)})
                    for attachment in message.attachments
                )
            }
        )
        for message in messages
    )
