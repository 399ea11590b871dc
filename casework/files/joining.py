"""Several PDFs as one, small enough for an e-service and still legible. Runs in the worker process."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Name, Pdf, Stream
from PIL import Image

from casework.files.limits import Kind, Limits, Prepared
from casework.files.photos import encode
from casework.files.refusals import Reason, Refused


@dataclass(frozen=True)
class Step:
    """How pictures are packed.

    Args:
        longest_side: In pixels.
        quality: Of the JPEG.
    """

    longest_side: int
    quality: int


STEPS = (Step(3508, 75), Step(2480, 75), Step(2480, 60), Step(1754, 70), Step(1754, 50))
"""From a page of A4 at 300 dots per inch down to one at 150, below which small print is lost."""

_COMPONENTS = {"/DeviceGray": "L", "/DeviceRGB": "RGB"}
_HOPELESS = 1.1
"""How far from the goal a step may be expected to end and still be tried."""
_SMALL = 64 * 1024
"""Bytes of a picture that is not worth packing again."""


def join(pdfs: Sequence[bytes], max_bytes: int, limits: Limits) -> Prepared:
    """One PDF with all pages in their order; pictures are packed only as tightly as the size asks for.

    Args:
        pdfs: As `pdfs.prepare` and `photos.prepare` made them.
        max_bytes: What the e-service takes.
        limits: For the number of pages.

    Raises:
        Refused: When there are too many pages, or they do not fit and stay legible.
    """
    joined, pages = _joined(pdfs, limits)
    if len(joined) <= max_bytes:
        return Prepared(joined, Kind.PDF, pages)
    for step in STEPS:
        if step is not STEPS[-1] and _expected(joined, step) > _HOPELESS * max_bytes:
            continue
        packed = _packed(joined, step)
        if len(packed) <= max_bytes:
            return Prepared(packed, Kind.PDF, pages)
    raise Refused(Reason.NOT_SMALL_ENOUGH)


def _joined(pdfs: Sequence[bytes], limits: Limits) -> tuple[bytes, int]:
    with Pdf.open(io.BytesIO(pdfs[0])) as pdf:
        if len(pdfs) > 1:
            for key in (Name.StructTreeRoot, Name.MarkInfo):  # describes the first part only
                if key in pdf.Root:
                    del pdf.Root[key]
            for more in pdfs[1:]:
                with Pdf.open(io.BytesIO(more)) as part:
                    pdf.pages.extend(part.pages)
            for page in pdf.pages:
                if Name.StructParents in page.obj:
                    del page.obj[Name.StructParents]
        pages = len(pdf.pages)
        if pages > limits.pages:
            raise Refused(Reason.TOO_MANY_PAGES)
        return _write(pdf), pages


def _expected(joined: bytes, step: Step) -> float:
    """The size after a step, if all pictures behave as the largest does."""
    with Pdf.open(io.BytesIO(joined)) as pdf:
        pictures = [found for found in pdf.objects if isinstance(found, Stream) and _can_be_packed(found)]
        if not pictures:
            return len(joined)
        largest = max(pictures, key=lambda picture: len(picture.read_raw_bytes()))
        before = len(largest.read_raw_bytes())
        _pack(largest, step)
        return len(joined) * len(largest.read_raw_bytes()) / before


def _packed(joined: bytes, step: Step) -> bytes:
    with Pdf.open(io.BytesIO(joined)) as pdf:
        for found in pdf.objects:
            if isinstance(found, Stream) and _can_be_packed(found):
                _pack(found, step)
        return _write(pdf)


def _write(pdf: Pdf) -> bytes:
    file = io.BytesIO()
    pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def _can_be_packed(stream: Stream) -> bool:
    """Whether it is a photo or a scan in grey or colour whose colours mean what they usually mean."""
    return (
        str(stream.get(Name.Subtype, "")) == "/Image"
        and stream.get(Name.BitsPerComponent) == 8
        and _mode(stream) is not None
        and not _is_unusual(stream)
        and str(stream.get(Name.Filter)) in {"/DCTDecode", "/FlateDecode"}
        and len(stream.read_raw_bytes()) > _SMALL
    )


def _is_unusual(stream: Stream) -> bool:
    """Whether the picture's data means something else than it says; a predictor of Flate is unpacked along with it."""
    is_jpeg = str(stream.get(Name.Filter)) == "/DCTDecode"
    return "/Decode" in stream or "/Mask" in stream or (is_jpeg and "/DecodeParms" in stream)


def _mode(stream: Stream) -> str | None:
    space = stream.get(Name.ColorSpace)
    if isinstance(space, Array) and len(space) == 2 and str(space[0]) == "/ICCBased":
        profile = space[1]
        assert isinstance(profile, Stream)
        return {1: "L", 3: "RGB"}.get(int(profile.get(Name.N, 0)))
    return _COMPONENTS.get(str(space))


def _pack(stream: Stream, step: Step) -> None:
    """Writes the picture anew, unless that gains nothing."""
    before = stream.read_raw_bytes()
    mode = str(_mode(stream))
    picture: Image.Image
    if str(stream.get(Name.Filter)) == "/DCTDecode":
        picture = Image.open(io.BytesIO(before), formats=("JPEG",))
        if picture.mode != mode:
            return
    else:
        size = (int(stream[Name.Width]), int(stream[Name.Height]))
        picture = Image.frombytes(mode, size, stream.read_bytes())
    picture.thumbnail((step.longest_side, step.longest_side), Image.Resampling.LANCZOS)
    picture.load()
    after = encode(picture, step.quality)
    if len(after) < len(before):
        stream.write(after, filter=Name.DCTDecode)
        stream[Name.Width], stream[Name.Height] = picture.size
        for key in (Name.DecodeParms, Name.Intent):
            if key in stream:
                del stream[key]
