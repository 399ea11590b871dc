"""A PDF as it may be passed on: its pages as they look, and nothing else. Runs in the worker process.

What acts or hides something is refused. Of the rest, only what is known to be harmless is kept (`_KEPT_*`). What the
pages are made of is compared before and after, so that nothing that is seen is lost on the way.
"""

import hashlib
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import Image, UnidentifiedImageError

from casework.files.jpegs import without_metadata
from casework.files.limits import Kind, Limits, Prepared
from casework.files.refusals import Reason, Refused

_HEADER, _HEADER_WITHIN = b"%PDF-", 1024

_ACTS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/Rendition",
    "/RichMediaExecute",
    "/Movie",
    "/Sound",
    "/GoToE",
    "/SetOCGState",
    "/Hide",
}
_ACTING_KEYS = {"/JS", "/JavaScript"}
_HOLDING_KEYS = {"/EmbeddedFiles", "/EF", "/AF", "/Collection", "/RichMediaContent", "/3DD"}
_HOLDING_SUBTYPES = {"/FileAttachment", "/RichMedia", "/3D", "/Screen", "/Movie", "/Sound"}
_HARMLESS_OPENINGS = {"/GoTo", "/Named"}

_KEPT_ROOT = {"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot"}
_KEPT_PAGE = {
    "/Type",
    "/Parent",
    "/MediaBox",
    "/CropBox",
    "/BleedBox",
    "/TrimBox",
    "/ArtBox",
    "/Rotate",
    "/UserUnit",
    "/Contents",
    "/Resources",
    "/Group",
    "/Annots",
    "/StructParents",
    "/Tabs",
}
_SEEN_OF_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources", "/Group")
_ASIDE = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/Alternates", "/OPI")
"""Keys of any dictionary that say something about it and do not show."""
_LINK_SCHEMES = {"http", "https", "mailto"}
_INVISIBLE_ANNOTATIONS = {"/Link", "/Popup"}
_HIDDEN, _NO_VIEW = 2, 32
"""Flags of an annotation that is not shown."""
_PASSED_ON_PACKED = {"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"}


def prepare(data: bytes, limits: Limits) -> Prepared | None:
    """The PDF without metadata and links that lead elsewhere than to the web; None when the data is no PDF.

    Whatever else it raises means that the PDF cannot be read.

    Raises:
        Refused: When it must not be passed on as it is.
    """
    if _HEADER not in data[:_HEADER_WITHIN]:
        return None
    with _opened(data) as pdf:
        if pdf.is_encrypted:
            raise Refused(Reason.ENCRYPTED)
        if len(pdf.objects) > limits.objects:
            raise Refused(Reason.TOO_COMPLEX)
        _refuse_what_acts(pdf)
        _unpack_everything(pdf, limits)
        pages = len(pdf.pages)
        if pages > limits.pages:
            raise Refused(Reason.TOO_MANY_PAGES)
        if not pages:
            raise Refused(Reason.EMPTY)
        signed = _is_signed(pdf)
        _draw_annotations(pdf)
        _refuse_hidden_layers(pdf)
        seen = [_fingerprint(page.obj) for page in pdf.pages]
        _strip(pdf)
        written = _write(pdf)
    with _opened(written) as again:
        _refuse_what_acts(again)
        if [_fingerprint(page.obj) for page in again.pages] != seen:
            raise Refused(Reason.UNFAITHFUL)
    return Prepared(written, Kind.PDF, pages, signed)


def set_limits(limits: Limits) -> None:
    """Sets what qpdf may unpack; for the whole process."""
    pikepdf.settings.set_qpdf_limits(
        parser_max_nesting=100,
        parser_max_container_size=1_000_000,
        max_stream_filters=4,
        flate_max_memory=limits.stream_bytes,
        png_max_memory=limits.stream_bytes,
        run_length_max_memory=limits.stream_bytes,
        tiff_max_memory=limits.stream_bytes,
        dct_max_memory=limits.stream_bytes,
    )


def _opened(data: bytes) -> Pdf:
    """The PDF, unless something about it has to be guessed: then a part of it may be missing."""
    try:
        return Pdf.open(io.BytesIO(data), attempt_recovery=False)
    except pikepdf.PasswordError:
        raise Refused(Reason.ENCRYPTED) from None


def _reachable(start: Object) -> Iterator[Object]:
    """Every dictionary, stream and array that can be reached, once."""
    seen: set[tuple[int, int]] = set()
    waiting = [start]
    while waiting:
        found = waiting.pop()
        if found.is_indirect:
            if found.objgen in seen:
                continue
            seen.add(found.objgen)
        if isinstance(found, (Dictionary, Stream)):
            yield found
            waiting.extend(value for value in _values(found) if isinstance(value, (Array, Dictionary, Stream)))
        elif isinstance(found, Array):
            yield found
            waiting.extend(item for item in _items(found) if isinstance(item, (Array, Dictionary, Stream)))


def _values(container: Object) -> list[Any]:
    return [value for _, value in container.items()]


def _items(array: Object) -> list[Any]:
    return list(array)


def _refuse_what_acts(pdf: Pdf) -> None:
    """Refuses scripts, actions that do more than lead somewhere, embedded files and media."""
    root = pdf.Root
    opening = root.get(Name.OpenAction)
    if isinstance(opening, Dictionary) and str(opening.get(Name.S, "")) not in _HARMLESS_OPENINGS:
        raise Refused(Reason.SCRIPTED)
    for found in _reachable(pdf.trailer):
        if isinstance(found, Array):
            continue
        keys = set(found.keys())
        if keys & _ACTING_KEYS or str(found.get(Name.S, "")) in _ACTS:
            raise Refused(Reason.SCRIPTED)
        if keys & _HOLDING_KEYS or str(found.get(Name.Subtype, "")) in _HOLDING_SUBTYPES:
            raise Refused(Reason.ATTACHMENTS)
        if "/XFA" in keys or (isinstance(found, Stream) and "/F" in keys):
            raise Refused(Reason.UNFAITHFUL)  # a form drawn by a program, or content that lies elsewhere
        if str(found.get(Name.Subtype, "")) == "/Form" and "/Ref" in keys:
            raise Refused(Reason.UNFAITHFUL)


def _unpack_everything(pdf: Pdf, limits: Limits) -> None:
    """Reads every part to its end."""
    unpacked = 0
    for found in _reachable(pdf.trailer):
        if not isinstance(found, Stream):
            continue
        filters = _filters(found)
        if str(found.get(Name.Subtype, "")) == "/Image":
            _check_image(found, filters, limits)
        if not filters & _PASSED_ON_PACKED:
            unpacked += len(found.read_bytes())
        if unpacked > limits.unpacked_bytes:
            raise Refused(Reason.TOO_COMPLEX)
    if any("Attempting to reconstruct" in warning or "damaged" in warning for warning in map(str, pdf.get_warnings())):
        raise Refused(Reason.BROKEN)


def _check_image(image: Stream, filters: set[str], limits: Limits) -> None:
    sides = [image.get(Name.Width), image.get(Name.Height)]
    if not all(isinstance(side, int) and side > 0 for side in sides):
        raise Refused(Reason.BROKEN)
    width, height = (int(side) for side in sides)  # type: ignore[arg-type]
    # A scan in black and white has one bit for a pixel, and may have more of them.
    bits = image.get(Name.BitsPerComponent, 1)
    most = limits.pixels * (8 if bits == 1 else 1)
    if filters == {"/DCTDecode"}:
        try:
            with Image.open(io.BytesIO(image.read_raw_bytes()), formats=("JPEG",)) as jpeg:
                width, height = max(width, jpeg.width), max(height, jpeg.height)
        except (UnidentifiedImageError, OSError):
            raise Refused(Reason.BROKEN) from None
    if width * height > most:
        raise Refused(Reason.TOO_MANY_PIXELS)


def _filters(stream: Stream) -> set[str]:
    filters = stream.get(Name.Filter)
    return {str(item) for item in _items(filters)} if isinstance(filters, Array) else {str(filters)}


def _is_signed(pdf: Pdf) -> bool:
    return any(
        isinstance(found, Dictionary) and "/ByteRange" in found and "/Contents" in found
        for found in _reachable(pdf.trailer)
    )


def _draw_annotations(pdf: Pdf) -> None:
    """Makes what was filled in, written or drawn upon a page a part of the page; keeps links to the web."""
    for page in pdf.pages:
        for annotation in _annotations(page.obj):
            if _is_shown(annotation) and not _has_appearance(annotation):
                raise Refused(Reason.UNFAITHFUL)
    if any(_annotations(page.obj) for page in pdf.pages):
        pdf.flatten_annotations("screen")
    for page in pdf.pages:
        links = [link for annotation in _annotations(page.obj) if (link := _web_link(pdf, annotation)) is not None]
        if links:
            page.obj[Name.Annots] = Array(links)
        elif Name.Annots in page.obj:
            del page.obj[Name.Annots]


def _annotations(page: Object) -> list[Dictionary]:
    annotations = page.get(Name.Annots)
    if not isinstance(annotations, Array):
        return []
    return [item for item in _items(annotations) if isinstance(item, Dictionary)]


def _is_shown(annotation: Dictionary) -> bool:
    if str(annotation.get(Name.Subtype, "")) in _INVISIBLE_ANNOTATIONS:
        return False
    if int(annotation.get(Name.F, 0)) & (_HIDDEN | _NO_VIEW):
        return False
    return not (_is_widget(annotation) and _is_empty_field(annotation))


def _is_widget(annotation: Dictionary) -> bool:
    return str(annotation.get(Name.Subtype, "")) == "/Widget"


def _is_empty_field(field: Object) -> bool:
    """Whether nothing was filled in; a field's value may stand with its parent."""
    for _ in range(10):
        if Name.V in field:
            value = field[Name.V]
            return str(value) in {"", "/Off"} if isinstance(value, (pikepdf.String, Name)) else False
        parent = field.get(Name.Parent)
        if not isinstance(parent, Dictionary):
            return True
        field = parent
    return False


def _has_appearance(annotation: Dictionary) -> bool:
    appearance = annotation.get(Name.AP)
    return isinstance(appearance, Dictionary) and Name.N in appearance


def _web_link(pdf: Pdf, annotation: Dictionary) -> Dictionary | None:
    """The link alone, when it leads to the web or a mail address."""
    action = annotation.get(Name.A)
    if str(annotation.get(Name.Subtype, "")) != "/Link" or not isinstance(action, Dictionary):
        return None
    address = str(action.get(Name.URI, ""))
    if str(action.get(Name.S, "")) != "/URI" or urlsplit(address).scheme.lower() not in _LINK_SCHEMES:
        return None
    target = Dictionary(S=Name.URI, URI=pikepdf.String(address))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=annotation[Name.Rect], Border=[0, 0, 0], A=target)
    made = pdf.make_indirect(link)
    assert isinstance(made, Dictionary)
    return made


def _refuse_hidden_layers(pdf: Pdf) -> None:
    """Refuses layers that are off: they would show once what hides them is gone."""
    layers = pdf.Root.get(Name.OCProperties)
    if not isinstance(layers, Dictionary):
        return
    usual = layers.get(Name.D, Dictionary())
    off = usual.get(Name.OFF)
    if (isinstance(off, Array) and len(off)) or str(usual.get(Name.BaseState, "/ON")) != "/ON":
        raise Refused(Reason.UNFAITHFUL)


def _strip(pdf: Pdf) -> None:
    """Takes away all that does not show."""
    _keep_only(pdf.Root, _KEPT_ROOT)
    for page in pdf.pages:
        _keep_only(page.obj, _KEPT_PAGE)
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    for found in list(_reachable(pdf.Root)):
        if isinstance(found, (Dictionary, Stream)):
            for key in _ASIDE:
                if key in found:
                    del found[key]
        if isinstance(found, Stream) and _is_plain_jpeg(found):
            parameters = found.get(Name.DecodeParms)
            found.write(_picture_of(found), filter=Name.DCTDecode)
            if parameters is not None:
                found[Name.DecodeParms] = parameters


def _keep_only(dictionary: Object, keys: set[str]) -> None:
    for key in set(dictionary.keys()) - keys:
        del dictionary[key]


def _write(pdf: Pdf) -> bytes:
    """The file, with every part packed as it was."""
    file = io.BytesIO()
    pdf.save(
        file,
        deterministic_id=True,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        fix_metadata_version=False,
        preserve_pdfa=False,
    )
    return file.getvalue()


def _is_plain_jpeg(stream: Stream) -> bool:
    return _filters(stream) == {"/DCTDecode"} and str(stream.get(Name.Subtype, "")) == "/Image"


def _picture_of(stream: Stream) -> bytes:
    try:
        return without_metadata(stream.read_raw_bytes())
    except ValueError:
        raise Refused(Reason.BROKEN) from None


def _fingerprint(page: Object) -> str:
    """The same for pages that look the same, because they are made of the same."""
    digest = hashlib.sha256()
    numbers: dict[tuple[int, int], int] = {}
    waiting: list[Any] = [page.get(key) for key in _SEEN_OF_PAGE]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Object) and found.is_indirect and isinstance(found, (Array, Dictionary, Stream)):
            if found.objgen in numbers:
                digest.update(b"again %d;" % numbers[found.objgen])
                continue
            numbers[found.objgen] = len(numbers)
        if isinstance(found, (Dictionary, Stream)):
            keys = sorted(key for key in found.keys() if key not in {*_ASIDE, "/Length", "/Parent", "/StructParent"})  # noqa: SIM118
            digest.update(f"<<{keys}".encode())
            if isinstance(found, Stream):
                content = _picture_of(found) if _is_plain_jpeg(found) else found.read_raw_bytes()
                digest.update(hashlib.sha256(content).digest())
            waiting.extend(found[key] for key in keys)
        elif isinstance(found, Array):
            items = _items(found)
            digest.update(b"[%d" % len(items))
            waiting.extend(items)
        else:
            digest.update(f"{type(found).__name__} {found!r};".encode())
    return digest.hexdigest()
