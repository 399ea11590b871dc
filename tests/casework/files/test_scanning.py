"""A client of clamd, against a server that speaks its protocol."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from casework.files.scanning import CHUNK, Scanner, Verdict

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """Reads INSTREAM as clamd does and answers what `answer` says.

    Args:
        answer: What to say to the bytes it got; None says nothing.
    """

    def __init__(self, answer: Callable[[bytes], bytes | None]) -> None:
        self._answer = answer
        self.got: list[bytes] = []
        self.longest = 0
        self.calls: list[asyncio.Task[None]] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (call := asyncio.current_task()) is not None:
            self.calls.append(call)
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack(">I", await reader.readexactly(4))[0]:
            self.longest = max(self.longest, length)
            data += await reader.readexactly(length)
        self.got.append(data)
        answer = self._answer(data)
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def serving(clamd: Clamd, seconds: float = 10) -> AsyncIterator[Scanner]:
    server = await asyncio.start_server(clamd, "127.0.0.1", 0)
    async with server:
        yield Scanner(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}", seconds)
    await asyncio.gather(*clamd.calls, return_exceptions=True)


def usual(data: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"


async def test_clean_file_is_clean_and_arrives_whole_in_pieces() -> None:
    clamd, data = Clamd(usual), bytes(range(256)) * 1024
    async with serving(clamd) as scanner:
        assert await scanner.scan(data) is Verdict.CLEAN
    assert clamd.got == [data]
    assert clamd.longest == CHUNK


async def test_virus_is_found() -> None:
    async with serving(Clamd(usual)) as scanner:
        assert await scanner.scan(b"x" * 100_000 + EICAR) is Verdict.INFECTED


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK but ERROR\0",
        b"stream: OK",
        b"OK\0",
        b"",
        b"\0",
        b"x" * 100_000,
        b"\xff\xfe\0",
    ],
)
async def test_any_other_answer_is_no_verdict(answer: bytes) -> None:
    async with serving(Clamd(lambda _data: answer)) as scanner:
        assert await scanner.scan(b"x") is Verdict.NONE


async def test_scanner_that_says_nothing_gives_no_verdict() -> None:
    async with serving(Clamd(lambda _data: None), seconds=0.2) as scanner:
        assert await scanner.scan(b"x") is Verdict.NONE


async def test_scanner_that_is_not_there_gives_no_verdict() -> None:
    async with serving(Clamd(usual)) as scanner:
        pass
    assert await scanner.scan(b"x") is Verdict.NONE
