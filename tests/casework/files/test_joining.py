"""Several files become one PDF that an e-service takes and a person can read."""

import io
import os
import zlib

import pytest
from pikepdf import Dictionary, Name, Pdf, Stream
from PIL import Image

from casework.files.joining import STEPS
from casework.files.limits import MEBIBYTE, USUAL, Limits
from casework.files.refusals import Reason, Refused
from casework.files.worker import join, prepare
from law.documents import LIMITS, EService
from tests.casework.files import samples
from tests.casework.files.samples import with_image

MOST = LIMITS[EService.DOCUMENTS].max_bytes


def longest_sides(pdf: bytes) -> list[int]:
    sides = []
    for jpeg in samples.images(pdf):
        with Image.open(io.BytesIO(jpeg)) as image:
            sides.append(max(image.size))
    return sides


def test_twelve_photos_of_pages_fit_and_stay_legible() -> None:
    photo = prepare(samples.jpeg(samples.page_photo()), USUAL).pdf
    assert 12 * len(photo) > MOST
    joined = join([photo] * 12, MOST, USUAL)
    assert joined.pages == 12
    assert len(joined.pdf) <= MOST
    assert min(longest_sides(joined.pdf)) >= STEPS[-1].longest_side == 1754
    with Pdf.open(io.BytesIO(joined.pdf)) as pdf:
        assert len(pdf.pages) == 12


def test_pages_keep_their_order() -> None:
    photo = prepare(samples.png(samples.picture()), USUAL).pdf
    joined = join([prepare(samples.pdf(pages=2), USUAL).pdf, photo, prepare(samples.pdf(), USUAL).pdf], MOST, USUAL)
    assert joined.pages == 4
    assert samples.text(joined.pdf).split("\n") == ["Page 1 du dossier", "Page 2 du dossier", "", "Page 1 du dossier"]


def test_what_fits_is_not_packed_again() -> None:
    photo = prepare(samples.jpeg(samples.page_photo(900, 1200)), USUAL).pdf
    assert samples.images(join([photo, photo], MOST, USUAL).pdf) == samples.images(photo) * 2


def test_pictures_are_packed_no_more_than_the_size_asks_for() -> None:
    photo = prepare(samples.jpeg(samples.page_photo()), USUAL).pdf
    joined = join([photo], len(photo) - 1, USUAL)
    assert longest_sides(joined.pdf) == longest_sides(photo)


def test_scan_within_a_pdf_is_packed_too_and_looks_the_same() -> None:
    scan = samples.page_photo(1240, 1754)
    image = with_image(
        zlib.compress(scan.tobytes()),
        *scan.size,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.FlateDecode,
    )
    pdf = prepare(samples.pdf(image), USUAL).pdf
    joined = join([pdf], len(pdf) // 3, USUAL)
    assert len(joined.pdf) <= len(pdf) // 3
    before, after = samples.seen(pdf).tobytes(), samples.seen(joined.pdf).tobytes()
    assert sum(abs(a - b) for a, b in zip(before, after, strict=True)) / len(before) < 4
    assert "Page 1 du dossier" in samples.text(joined.pdf)


def test_image_whose_colours_mean_something_else_is_left_alone() -> None:
    noise = os.urandom(300 * 300 * 3)
    image = with_image(noise, 300, 300, ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Decode=[1, 0, 1, 0, 1, 0])
    pdf = prepare(samples.pdf(image), USUAL).pdf
    with pytest.raises(Refused) as refused:
        join([pdf], 200_000, USUAL)
    assert refused.value.reason is Reason.NOT_SMALL_ENOUGH


def test_what_would_not_be_legible_is_refused() -> None:
    photo = prepare(samples.jpeg(samples.page_photo()), USUAL).pdf
    with pytest.raises(Refused) as refused:
        join([photo] * 2, 100_000, USUAL)
    assert refused.value.reason is Reason.NOT_SMALL_ENOUGH


def test_too_many_pages_together_are_refused() -> None:
    pdf = prepare(samples.pdf(pages=6), USUAL).pdf
    with pytest.raises(Refused) as refused:
        join([pdf, pdf], MEBIBYTE, Limits(pages=11))
    assert refused.value.reason is Reason.TOO_MANY_PAGES


def test_joined_pdf_tells_nothing_about_its_parts() -> None:
    def tag(document: Pdf) -> None:
        document.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot)
        document.Root.Metadata = Stream(document, samples.SECRET.encode())

    parts = [prepare(samples.pdf(tag, fix_metadata_version=False), USUAL).pdf for _ in range(2)]
    with Pdf.open(io.BytesIO(join(parts, MOST, USUAL).pdf)) as pdf:
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/Lang"}
        assert "/Info" not in pdf.trailer
