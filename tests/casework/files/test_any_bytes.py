"""Whatever is sent is refused with a reason or becomes a PDF that opens."""

import functools
from collections.abc import Callable

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from casework.files.limits import USUAL
from casework.files.refusals import Refused
from casework.files.worker import prepare
from tests.casework.files import samples

BEGINNINGS = (b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypheic")
ORIGINALS: dict[str, Callable[[], bytes]] = {
    "pdf": lambda: samples.pdf(samples.with_field("Dupont"), compress_streams=False),
    "jpeg": lambda: samples.jpeg(samples.picture(40, 30), samples.exif(6)),
    "png": lambda: samples.png(samples.picture(40, 30).convert("P", palette=Image.Palette.ADAPTIVE)),
    "heic": lambda: samples.heic(samples.picture(64, 64)),
}
OFTEN = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def check(data: bytes) -> None:
    try:
        prepared = prepare(data, USUAL)
    except Refused:
        return
    with pypdfium2.PdfDocument(prepared.pdf) as document:
        assert len(document) == prepared.pages >= 1
        document[0].render(scale=0.1)


@OFTEN
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=300))
def test_bytes_by_chance(beginning: bytes, rest: bytes) -> None:
    check(beginning + rest)


@functools.cache
def original(name: str) -> bytes:
    return ORIGINALS[name]()


@pytest.mark.parametrize("name", ORIGINALS)
@OFTEN
@given(data=st.data())
def test_files_that_were_damaged_by_chance(name: str, data: st.DataObject) -> None:
    whole = original(name)
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(changed)))
        end = data.draw(st.integers(start, min(len(changed), start + 40)))
        changed[start:end] = data.draw(st.binary(max_size=40))
    check(bytes(changed))


@pytest.mark.parametrize("first", ORIGINALS)
@pytest.mark.parametrize("second", ORIGINALS)
def test_two_files_in_one(first: str, second: str) -> None:
    check(original(first) + original(second))
