"""Processes in which files are decoded: a new one for each file, with limits, and no more than a few at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence

import structlog
from pydantic import BaseModel

from base.errors import CornavinError
from casework.files.limits import USUAL, Kind, Limits, Prepared
from casework.files.refusals import Reason, Refused
from casework.files.worker import LENGTH, Task, request

log = structlog.get_logger(__name__)

COMMAND = (sys.executable, "-I", "-m", "casework.files.worker")
"""Isolated: neither the environment nor the working folder says what is imported."""
LONGEST_HEADER = 4096
SECONDS_TO_END = 5.0
"""For a process that has closed its output."""
_CRASHES = frozenset(
    {-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS, -signal.SIGFPE, -signal.SIGILL, -signal.SIGXFSZ}
)
"""How decoders die of a file. Nobody else sends these."""


class WorkshopFailed(CornavinError):
    """A file was not read for a reason that is not its own; another attempt may do better."""


class _Answer(BaseModel):
    """What a worker says; a worker that was taken over may say anything."""

    reason: Reason | None = None
    kind: Kind = Kind.PDF
    pages: int = 0
    lost_signature: bool = False
    size: int = 0


class Workshop:
    """Has files decoded.

    Args:
        limits: For each file.
        processes: How many at a time; as many as there are processors by default.
        command: What is started; others are for tests.
    """

    def __init__(self, limits: Limits = USUAL, processes: int | None = None, command: Sequence[str] = COMMAND) -> None:
        self.limits = limits
        self._places = asyncio.Semaphore(processes or os.cpu_count() or 1)
        self._command = tuple(command)

    async def prepare(self, data: bytes) -> Prepared:
        """A photo or PDF as a PDF that can be passed on.

        Raises:
            Refused: When it is neither, or must not be passed on.
            WorkshopFailed: When its process did not start, was ended, or gave no answer.
        """
        return await self._done(Task.PREPARE, [data], most=2 * self.limits.max_bytes)

    async def join(self, pdfs: Sequence[bytes], max_bytes: int) -> Prepared:
        """One PDF with the pages of all, at most `max_bytes` long.

        Args:
            pdfs: As `prepare` made them; at least one.
            max_bytes: What the e-service takes.

        Raises:
            Refused: When they do not fit and stay legible.
            WorkshopFailed: As for `prepare`, and when they took too much time or memory.
        """
        if not pdfs:
            raise ValueError("there is nothing to join")
        return await self._done(Task.JOIN, pdfs, most=max_bytes)

    async def _done(self, task: Task, files: Sequence[bytes], most: int) -> Prepared:
        async with self._places:
            try:
                process = await asyncio.create_subprocess_exec(
                    *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/", start_new_session=True
                )
            except OSError as error:
                log.warning(
                    "files.no_worker", error=type(error).__name__, remedy="check memory and number of processes"
                )
                raise WorkshopFailed("no worker could be started") from error
            try:
                async with asyncio.timeout(self.limits.seconds):
                    pieces = request(task, files, most, self.limits)
                    return (await asyncio.gather(_read(process, most), _write(process, pieces)))[0]
            except TimeoutError:
                raise _verdict(task, Reason.TOO_COMPLEX) from None
            except (asyncio.IncompleteReadError, ValueError) as error:
                reason = await _guilt_of_the_file(process)
                log.warning("files.worker_failed", code=process.returncode, error=type(error).__name__, reason=reason)
                raise _verdict(task, reason) from None
            finally:
                await _end(process)


def _verdict(task: Task, reason: Reason | None) -> Refused | WorkshopFailed:
    """What a worker without an answer says of its file. Files that are joined were read well before."""
    if task is Task.PREPARE and reason is not None:
        return Refused(reason)
    return WorkshopFailed("a worker gave no answer")


async def _write(process: Process, pieces: Sequence[bytes]) -> None:
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):  # it ended before it had read everything, and its answer says why
        process.stdin.writelines(pieces)
        await process.stdin.drain()
        process.stdin.close()


async def _read(process: Process, most: int) -> Prepared:
    stream = process.stdout
    assert stream is not None
    length = LENGTH.unpack(await stream.readexactly(LENGTH.size))[0]
    if length > LONGEST_HEADER:
        raise ValueError("a worker says too much")
    answer = _Answer.model_validate(json.loads(await stream.readexactly(length)))
    if answer.reason is not None:
        raise Refused(answer.reason)
    if not 0 < answer.size <= most:
        raise ValueError("a worker gives too much or nothing")
    return Prepared(await stream.readexactly(answer.size), answer.kind, answer.pages, answer.lost_signature)


async def _end(process: Process) -> None:
    """Ends the process with whatever it started."""
    assert process.stdout is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    # asyncio believes in the end of a process once its output has been read.
    while await process.stdout.read(64 * 1024):
        pass
    await process.wait()


async def _guilt_of_the_file(process: Process) -> Reason | None:
    """What the file did to the process; None when that was something else, such as somebody who ended it."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), SECONDS_TO_END)
    if process.returncode == -signal.SIGXCPU:
        return Reason.TOO_COMPLEX
    return Reason.BROKEN if process.returncode in _CRASHES else None
