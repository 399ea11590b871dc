"""Photos become upright pages that tell nothing but what they show."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageColor, ImageOps

from casework.files.limits import USUAL, Kind, Limits
from casework.files.photos import LONGEST_SIDE
from casework.files.refusals import Reason, Refused
from casework.files.worker import prepare
from tests.casework.files import samples

UNDO = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera that was held so stores the picture."""


def corners(page: Image.Image) -> list[tuple[int, ...]]:
    """The colours around the middle of the page."""
    middle, step = (page.width // 2, page.height // 2), 60
    return [
        page.getpixel((middle[0] + x * step, middle[1] + y * step))  # type: ignore[misc]
        for y in (-1, 1)
        for x in (-1, 1)
    ]


def are_alike(found: list[tuple[int, ...]], colours: tuple[str, ...]) -> bool:
    expected = [ImageColor.getrgb(colour) for colour in colours]
    return all(
        abs(a - b) < 12 for left, right in zip(found, expected, strict=True) for a, b in zip(left, right, strict=True)
    )


@pytest.mark.parametrize(
    ("make", "kind"), [(samples.jpeg, Kind.JPEG), (samples.png, Kind.PNG), (samples.heic, Kind.HEIC)]
)
def test_photo_becomes_one_page_that_shows_it(make: Callable[[Image.Image], bytes], kind: Kind) -> None:
    prepared = prepare(make(samples.picture()), USUAL)
    assert (prepared.kind, prepared.pages) == (kind, 1)
    page = samples.seen(prepared.pdf)
    assert page.size == (842, 596)
    assert are_alike(corners(page), samples.CORNERS)


@pytest.mark.parametrize("orientation", UNDO)
def test_photo_is_upright_however_the_phone_was_held(orientation: int) -> None:
    turn = UNDO[orientation]
    stored = samples.picture().transpose(turn) if turn is not None else samples.picture()
    assert ImageOps.exif_transpose(stored) is not None
    prepared = prepare(samples.jpeg(stored, samples.exif(orientation)), USUAL)
    assert are_alike(corners(samples.seen(prepared.pdf)), samples.CORNERS)


def test_heic_photo_is_turned_once() -> None:
    stored = samples.picture().transpose(Image.Transpose.ROTATE_90)
    prepared = prepare(samples.heic(stored, samples.exif(6)), USUAL)
    assert are_alike(corners(samples.seen(prepared.pdf)), samples.CORNERS)


@pytest.mark.parametrize("make", [samples.jpeg, samples.heic])
def test_place_and_everything_else_beside_the_picture_is_gone(
    make: Callable[[Image.Image, Image.Exif], bytes],
) -> None:
    data = make(samples.picture(), samples.exif(6))
    assert samples.SECRET.encode() in data
    pdf = prepare(data, USUAL).pdf
    (jpeg,) = samples.images(pdf)
    for content in (pdf, jpeg):
        assert samples.SECRET.encode() not in content
        assert b"Exif" not in content
    with Image.open(io.BytesIO(jpeg)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_page_stands_when_the_photo_does() -> None:
    assert samples.seen(prepare(samples.jpeg(samples.picture(300, 400)), USUAL).pdf).size == (596, 842)


def test_large_photo_is_kept_at_300_dots_per_inch() -> None:
    (jpeg,) = samples.images(prepare(samples.jpeg(samples.picture(6000, 4500)), USUAL).pdf)
    with Image.open(io.BytesIO(jpeg)) as image:
        assert image.size == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    grey = Image.new("L", (200, 200), 255)
    grey.paste(0, (0, 0, 100, 200))
    image = grey.convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else grey.convert(mode)
    page = samples.seen(prepare(samples.png(image), USUAL).pdf)
    left, right = page.getpixel((150, 420)), page.getpixel((450, 420))
    assert max(left) < 12  # type: ignore[arg-type, type-var]
    assert min(right) > 243  # type: ignore[arg-type, type-var]


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    assert samples.seen(prepare(samples.png(clear), USUAL).pdf).getpixel((300, 420)) == (255, 255, 255)


def test_photo_in_the_colours_of_print_is_read() -> None:
    file = io.BytesIO()
    samples.picture().convert("CMYK").save(file, "JPEG")
    assert prepare(file.getvalue(), USUAL).kind is Kind.JPEG


def test_image_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    bomb = samples.png(Image.new("1", (30_000, 30_000)))
    assert len(bomb) < 200_000
    with pytest.raises(Refused) as refused:
        prepare(bomb, USUAL)
    assert refused.value.reason is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize("pixels", [119_999, 120_000])
def test_limit_of_pixels_is_the_limit(pixels: int) -> None:
    data, limits = samples.png(samples.picture(400, 300)), Limits(pixels=pixels)
    if pixels < 120_000:
        with pytest.raises(Refused):
            prepare(data, limits)
    else:
        assert prepare(data, limits)


@pytest.mark.parametrize("make", [samples.jpeg, samples.png, samples.heic])
def test_half_a_photo_is_refused(make: Callable[[Image.Image], bytes]) -> None:
    data = make(samples.page_photo(600, 800))
    for part in (len(data) // 2, len(data) * 9 // 10, 40):
        with pytest.raises(Refused) as refused:
            prepare(data[:part], USUAL)
        assert refused.value.reason is Reason.BROKEN


@pytest.mark.parametrize("data", [b"x", b"PK\x03\x04 a Word file", b"GIF89a", b"<svg/>", b"\0" * 5000])
def test_anything_else_is_unsupported(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        prepare(data, USUAL)
    assert refused.value.reason is Reason.UNSUPPORTED


@pytest.mark.parametrize("form", ["GIF", "TIFF", "BMP", "WEBP", "EPS", "AVIF"])
def test_other_image_formats_are_unsupported(form: str) -> None:
    file = io.BytesIO()
    try:
        samples.picture().save(file, form)
    except (KeyError, OSError):
        pytest.skip(f"this Pillow cannot write {form}")
    with pytest.raises(Refused) as refused:
        prepare(file.getvalue(), USUAL)
    assert refused.value.reason is Reason.UNSUPPORTED
