"""JPEG data without what cameras and programs write beside the picture; the picture itself is not touched."""

from collections.abc import Iterator

_START, _SCAN, _END = 0xD8, 0xDA, 0xD9
_KEPT_APPLICATIONS = {0xE0, 0xE2, 0xEE}
"""JFIF, colour profile, and Adobe's note of how the colours are stored: a picture looks different without them."""
_COMMENT = 0xFE
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}


def without_metadata(jpeg: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC, thumbnails, comments, and whatever follows its end.

    Raises:
        ValueError: When the segments before the picture cannot be told apart.
    """
    if jpeg[:2] != bytes([0xFF, _START]):
        raise ValueError("not a JPEG")
    kept = [jpeg[:2]]
    position = 2
    for marker, start, end in _segments(jpeg):
        position = end
        is_application = 0xE0 <= marker <= 0xEF
        if marker != _COMMENT and (not is_application or marker in _KEPT_APPLICATIONS):
            kept.append(jpeg[start:end])
    last = jpeg.rfind(bytes([0xFF, _END]))
    kept.append(jpeg[position : last + 2 if last >= position else len(jpeg)])
    return b"".join(kept)


def _segments(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the first scan."""
    position = 2
    while position + 4 <= len(jpeg):
        if jpeg[position] != 0xFF:
            raise ValueError("a segment does not begin with its marker")
        marker = jpeg[position + 1]
        if marker == 0xFF:  # padding
            position += 1
            continue
        if marker in {_SCAN, _END}:
            return
        length = 0 if marker in _WITHOUT_LENGTH else int.from_bytes(jpeg[position + 2 : position + 4], "big")
        end = position + 2 + length
        if end > len(jpeg) or (length < 2 and marker not in _WITHOUT_LENGTH):
            raise ValueError("a segment is longer than the file")
        yield marker, position, end
        position = end
    raise ValueError("there is no picture")
