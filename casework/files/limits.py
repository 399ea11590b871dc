"""What reading one file may cost, and what comes out of it."""

from dataclasses import dataclass, field
from enum import StrEnum

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a file may be, and what its process may use.

    Args:
        max_bytes: Of a file as it is sent.
        pages: Of a PDF, also of one made from several.
        pixels: Of a photo, and of an image in a PDF; the largest usual phone photo has 50 million.
        objects: Of a PDF.
        stream_bytes: Of one part of a PDF when it is unpacked.
        unpacked_bytes: Of all parts of a PDF together.
        memory: Address space of the process, in bytes.
        cpu_seconds: Of the process.
        seconds: Until the process is ended.
    """

    max_bytes: int = 10 * MEBIBYTE
    pages: int = 100
    pixels: int = 64_000_000
    objects: int = 100_000
    stream_bytes: int = 160 * MEBIBYTE
    unpacked_bytes: int = 640 * MEBIBYTE
    memory: int = 1024 * MEBIBYTE
    cpu_seconds: int = 40
    seconds: float = 90.0


USUAL = Limits()


class Kind(StrEnum):
    """What a file was when it was sent."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"


@dataclass(frozen=True)
class Prepared:
    """A PDF that can be passed on.

    Args:
        pdf: Its content, without metadata and without anything that acts.
        kind: What it was made from.
        pages: How many it has.
        lost_signature: Whether an electronic signature was in it, which is a picture now.
    """

    pdf: bytes = field(repr=False)
    kind: Kind
    pages: int
    lost_signature: bool = False
