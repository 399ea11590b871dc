"""A photo as a page: upright, without metadata, on A4. Runs in the worker process."""

import contextlib
import io

import pi_heif
import pikepdf
from pikepdf import Name
from PIL import ExifTags, Image, UnidentifiedImageError

from casework.files.limits import Kind, Limits, Prepared
from casework.files.refusals import Reason, Refused

LONGEST_SIDE = 3508
"""Pixels: A4 at 300 dots per inch."""
QUALITY = 88
A4 = (595.276, 841.89)
MARGIN = 28.0

_KINDS = {"JPEG": Kind.JPEG, "MPO": Kind.JPEG, "PNG": Kind.PNG, "HEIF": Kind.HEIC}
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_SMOOTH = {"L", "RGB", "RGBA", "LA", "CMYK", "YCbCr"}
"""Modes that can be made smaller as they are; a JPEG is then never unpacked at its full size."""
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture upright, by the value of its EXIF orientation."""

pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
Image.MAX_IMAGE_PIXELS = None  # `Limits.pixels` is checked before anything is decoded


def prepare(data: bytes, limits: Limits) -> Prepared | None:
    """The photo as a PDF of one page; None when the data is no photo.

    Raises:
        Refused: When it is broken or too large.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "HEIF"))
    except UnidentifiedImageError:
        if data.startswith(_BEGINNINGS) or (data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS):
            raise Refused(Reason.BROKEN) from None
        return None
    with image:
        kind = _KINDS[str(image.format)]
        if image.width * image.height > limits.pixels:
            raise Refused(Reason.TOO_MANY_PIXELS)
        turn = _turn(image) if kind is not Kind.HEIC else None  # libheif has turned it
        picture = image if image.mode in _SMOOTH else _on_white(image)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        picture = _on_white(picture)
    upright = picture.transpose(turn) if turn is not None else picture
    return Prepared(_page(upright), kind, 1)


def encode(image: Image.Image, quality: int) -> bytes:
    """The picture as JPEG, without anything that came with it."""
    image.info = {}  # Pillow would write comments from here
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to turn the picture; nothing when its EXIF data cannot be read."""
    with contextlib.suppress(Exception):
        return _UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return None


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in grey or RGB; what was transparent is white."""
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("F").point(lambda value: value / 256).convert("L")
    if "transparency" in image.info or image.mode in {"RGBA", "LA", "PA", "La", "RGBa"}:
        picture = image.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture).convert("RGB")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _page(image: Image.Image) -> bytes:
    """A PDF with the picture in the middle of one page of A4, which lies when the picture does."""
    width, height = A4 if image.height >= image.width else A4[::-1]
    scale = min((width - 2 * MARGIN) / image.width, (height - 2 * MARGIN) / image.height)
    shown = (image.width * scale, image.height * scale)
    corner = ((width - shown[0]) / 2, (height - shown[1]) / 2)

    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(width, height))
        picture = pikepdf.Stream(
            pdf,
            encode(image, QUALITY),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=Name.DeviceGray if image.mode == "L" else Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=picture))
        matrix = f"{shown[0]:.3f} 0 0 {shown[1]:.3f} {corner[0]:.3f} {corner[1]:.3f}"
        page.Contents = pikepdf.Stream(pdf, f"q {matrix} cm /Photo Do Q".encode())
        file = io.BytesIO()
        pdf.save(file, deterministic_id=True)
        return file.getvalue()
