"""`python -m casework.files.worker`: decodes what a stranger made, in a process of its own, and ends.

It reads one task from its standard input and writes one answer to its standard output, both as a length, JSON, and the
bytes of the files. It has no environment, no file to write to, and no more memory and time than `Limits` give it. The
answer is JSON and not pickle, because whoever takes over this process must not thereby take over the other.
"""

import contextlib
import json
import os
import resource
import struct
import sys
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any, BinaryIO

from casework.files.limits import Limits, Prepared
from casework.files.refusals import Reason, Refused

LENGTH = struct.Struct(">I")


_OF_BOMBS = ("bad_alloc", "limit exceeded", "too many", "excessively deeply nested")
"""What qpdf says when it ran out of memory or reached one of the limits that `pdfs.set_limits` gave it."""


class Task(StrEnum):
    """What a worker can do."""

    PREPARE = "prepare"
    JOIN = "join"


def request(task: Task, files: Sequence[bytes], max_bytes: int, limits: Limits) -> list[bytes]:
    """What a worker reads, in pieces."""
    header = {"task": task, "sizes": [len(file) for file in files], "max_bytes": max_bytes, "limits": asdict(limits)}
    encoded = json.dumps(header).encode()
    return [LENGTH.pack(len(encoded)), encoded, *files]


def prepare(data: bytes, limits: Limits) -> Prepared:
    """A photo or PDF as a PDF that can be passed on.

    Raises:
        Refused: When it is neither, or must not be passed on.
    """
    from casework.files import pdfs, photos

    with _only_refusals():
        prepared = photos.prepare(data, limits) or pdfs.prepare(data, limits)
        if prepared is None:
            raise Refused(Reason.UNSUPPORTED)
        return prepared


def join(files: Sequence[bytes], max_bytes: int, limits: Limits) -> Prepared:
    """See `joining.join`."""
    from casework.files import joining

    with _only_refusals():
        return joining.join(files, max_bytes, limits)


@contextlib.contextmanager
def _only_refusals() -> Any:
    """Decoders fail in many ways; all mean that the file cannot be read."""
    try:
        yield
    except Refused:
        raise
    except (MemoryError, RecursionError):
        raise Refused(Reason.TOO_COMPLEX) from None
    except Exception as error:
        is_bomb = any(words in str(error) for words in _OF_BOMBS)
        raise Refused(Reason.TOO_COMPLEX if is_bomb else Reason.BROKEN) from error


def _restrict(limits: Limits) -> None:
    os.nice(5)  # conversations go first
    for what, most, at_last in (
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_AS, limits.memory, limits.memory),
    ):
        try:
            resource.setrlimit(what, (most, at_last))
        except (ValueError, OSError):
            if sys.platform == "linux":
                raise  # elsewhere the address space cannot be limited


def _read(stream: BinaryIO) -> tuple[Task, list[bytes], int, Limits]:
    header = json.loads(stream.read(LENGTH.unpack(stream.read(LENGTH.size))[0]))
    limits = Limits(**header["limits"])
    return Task(header["task"]), [stream.read(size) for size in header["sizes"]], header["max_bytes"], limits


def _answer(stream: BinaryIO, header: dict[str, Any], content: bytes = b"") -> None:
    encoded = json.dumps(header).encode()
    stream.write(LENGTH.pack(len(encoded)) + encoded + content)
    stream.flush()


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a decoder prints is no answer
    task, files, max_bytes, limits = _read(sys.stdin.buffer)
    _restrict(limits)
    try:
        from casework.files import pdfs

        pdfs.set_limits(limits)
        done = prepare(files[0], limits) if task is Task.PREPARE else join(files, max_bytes, limits)
    except Refused as refused:
        _answer(answers, {"reason": refused.reason})
    else:
        about = {"kind": done.kind, "pages": done.pages, "lost_signature": done.lost_signature, "size": len(done.pdf)}
        _answer(answers, about, done.pdf)
    os._exit(0)  # nothing is left to tidy up, and a decoder could still fail at it


if __name__ == "__main__":
    main()
