"""Files are decoded in processes of their own, whose failures harm one file only."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from casework.files.limits import MEBIBYTE, USUAL, Kind, Limits
from casework.files.refusals import Reason, Refused
from casework.files.workshop import Workshop, WorkshopFailed
from tests.casework.files import samples


def saying(code: str) -> Workshop:
    """A workshop whose workers are not ours."""
    return Workshop(command=(sys.executable, "-c", code))


async def refusal(workshop: Workshop, data: bytes) -> Reason:
    with pytest.raises(Refused) as refused:
        await workshop.prepare(data)
    return refused.value.reason


async def test_photo_and_pdf_come_back_from_the_process_as_one_pdf() -> None:
    workshop = Workshop()
    photo, letter = await asyncio.gather(
        workshop.prepare(samples.jpeg(samples.picture())), workshop.prepare(samples.pdf(pages=2))
    )
    assert (photo.kind, letter.kind, letter.pages) == (Kind.JPEG, Kind.PDF, 2)
    joined = await workshop.join([photo.pdf, letter.pdf], 5 * MEBIBYTE)
    assert joined.pages == 3
    assert "Page 2 du dossier" in samples.text(joined.pdf)


async def test_reason_of_a_refusal_comes_back() -> None:
    assert await refusal(Workshop(), b"no file") is Reason.UNSUPPORTED


NO_ANSWERS = [
    "raise SystemExit(3)",
    "",
    "print('hello')",
    "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\2{}')",
    "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\2[]')",
    "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\x11{\"size\":99999999}' + b'x' * 99999999)",
    "import sys; sys.stdout.buffer.write(b'\\xff' * 99999999)",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
]
CRASHES = ["import os; os.abort()", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"]


@pytest.mark.parametrize("code", CRASHES)
async def test_file_over_which_a_worker_crashes_is_broken(code: str) -> None:
    assert await refusal(saying(code), b"x" * MEBIBYTE) is Reason.BROKEN


@pytest.mark.parametrize("code", NO_ANSWERS)
async def test_worker_that_was_ended_or_talks_nonsense_says_nothing_about_its_file(code: str) -> None:
    with pytest.raises(WorkshopFailed):
        await saying(code).prepare(b"x" * MEBIBYTE)


@pytest.mark.parametrize("code", [*CRASHES, NO_ANSWERS[0], NO_ANSWERS[-1]])
async def test_files_that_were_read_once_are_not_refused_by_a_failing_worker(code: str) -> None:
    with pytest.raises(WorkshopFailed):
        await saying(code).join([b"x"], MEBIBYTE)


async def test_worker_that_cannot_start_says_nothing_about_its_file() -> None:
    with pytest.raises(WorkshopFailed):
        await Workshop(command=("/nowhere/python",)).prepare(b"x")


async def test_worker_that_never_ends_is_ended(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    code = f"import os, time; open({str(alive)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    workshop = Workshop(Limits(seconds=3), command=(sys.executable, "-c", code))
    assert await refusal(workshop, b"x") is Reason.TOO_COMPLEX
    with pytest.raises(ProcessLookupError):
        os.kill(int(alive.read_text()), 0)


async def test_worker_uses_no_more_processor_time_than_it_may() -> None:
    workshop = Workshop(Limits(cpu_seconds=1))
    photos = [(await Workshop().prepare(samples.jpeg(samples.page_photo()))).pdf] * 12
    with pytest.raises(WorkshopFailed):
        await workshop.join(photos, 200_000)


async def test_worker_uses_no_more_memory_than_it_may() -> None:
    image = samples.png(Image.new("RGB", (7_000, 7_000)))
    assert await refusal(Workshop(Limits(memory=200 * MEBIBYTE)), image) is Reason.TOO_COMPLEX
    assert (await Workshop().prepare(image)).kind is Kind.PNG


@pytest.mark.parametrize("mode", ["RGBA", "P", "1", "I;16"])
async def test_largest_image_of_every_kind_is_read_within_the_usual_limits(mode: str) -> None:
    side = int(USUAL.pixels**0.5)
    assert (await Workshop().prepare(samples.png(Image.new(mode, (side, side))))).kind is Kind.PNG


async def test_worker_sees_neither_the_environment_nor_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORNAVIN_SECRET_KEY", "hunter2")
    code = (
        "import os, sys, json; told = json.dumps([os.getcwd(), 'CORNAVIN_SECRET_KEY' in os.environ]).encode();"
        "head = json.dumps({'size': len(told)}).encode();"
        "sys.stdout.buffer.write(len(head).to_bytes(4, 'big') + head + told)"
    )
    assert (await saying(code).prepare(b"x")).pdf == b'["/", false]'


async def test_no_more_files_are_decoded_at_a_time_than_there_are_places(tmp_path: Path) -> None:
    code = (
        "import os, sys, time, pathlib, json;"
        f"folder = pathlib.Path({str(tmp_path)!r}); mine = folder / str(os.getpid()); mine.touch();"
        "time.sleep(0.3); told = str(len(list(folder.iterdir()))).encode(); mine.unlink();"
        "head = json.dumps({'size': len(told)}).encode();"
        "sys.stdout.buffer.write(len(head).to_bytes(4, 'big') + head + told)"
    )
    workshop = Workshop(processes=2, command=(sys.executable, "-c", code))
    counted = await asyncio.gather(*(workshop.prepare(b"x") for _ in range(6)))
    assert all(int(done.pdf) <= 2 for done in counted)


async def test_cancelling_ends_the_process(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    code = (
        f"import os, time, pathlib; part = pathlib.Path({str(alive)!r} + '.part');"
        f"part.write_text(str(os.getpid())); part.rename({str(alive)!r}); time.sleep(600)"
    )
    waiting = asyncio.create_task(saying(code).prepare(b"x"))
    while not alive.exists():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(ProcessLookupError):
        os.kill(int(alive.read_text()), 0)
