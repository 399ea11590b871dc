"""PDFs are passed on as they look, or not at all."""

import io
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Stream, String
from PIL import ImageChops

from casework.files.limits import USUAL, Kind, Limits
from casework.files.refusals import Reason, Refused
from casework.files.worker import prepare
from tests.casework.files import samples
from tests.casework.files.samples import with_annotation, with_field, with_image

JAVASCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
RECTANGLE = [72, 600, 200, 640]


def refusal(data: bytes, limits: Limits = USUAL) -> Reason:
    with pytest.raises(Refused) as refused:
        prepare(data, limits)
    return refused.value.reason


def opened(data: bytes) -> Pdf:
    return Pdf.open(io.BytesIO(data))


def root(**entries: object) -> Callable[[Pdf], None]:
    """Adds entries to the root of a document."""

    def change(document: Pdf) -> None:
        for key, value in entries.items():
            document.Root[f"/{key}"] = value

    return change


def test_pdf_looks_and_reads_the_same() -> None:
    data = samples.pdf(pages=3)
    prepared = prepare(data, USUAL)
    assert (prepared.kind, prepared.pages, prepared.lost_signature) == (Kind.PDF, 3, False)
    assert samples.text(prepared.pdf) == samples.text(data)
    for page in range(3):
        assert ImageChops.difference(samples.seen(prepared.pdf, page), samples.seen(data, page)).getbbox() is None


def test_pdf_that_was_prepared_can_be_prepared_again() -> None:
    once = prepare(samples.pdf(), USUAL).pdf
    assert prepare(once, USUAL).pdf == once


def _describe(document: Pdf) -> None:
    document.docinfo["/Author"] = samples.SECRET
    document.Root.Metadata = Stream(document, f"<x>{samples.SECRET}</x>".encode(), Type=Name.Metadata)
    document.Root.PieceInfo = Dictionary(Word=Dictionary(Private=String(samples.SECRET)))
    page = document.pages[0].obj
    page.PieceInfo = Dictionary(Word=Dictionary(Private=String(samples.SECRET)))
    page.Resources.Font.F1.Metadata = Stream(document, samples.SECRET.encode())
    page.Unknown = String(samples.SECRET)


def test_everything_beside_the_pages_is_gone() -> None:
    plain = {"compress_streams": False, "object_stream_mode": pikepdf.ObjectStreamMode.disable}
    data = samples.pdf(_describe, fix_metadata_version=False, **plain)
    assert data.count(samples.SECRET.encode()) == 6
    with opened(prepare(data, USUAL).pdf) as pdf:
        assert "/Info" not in pdf.trailer
        assert samples.SECRET not in repr([*pdf.objects])
        streams = [found.read_bytes() for found in pdf.objects if isinstance(found, Stream)]
    assert not any(samples.SECRET.encode() in content for content in streams)


def test_place_in_a_photo_within_a_pdf_is_gone_and_the_photo_is_not() -> None:
    photo = samples.jpeg(samples.picture(), samples.exif())
    data = samples.pdf(
        with_image(photo, 400, 300, ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode)
    )
    prepared = prepare(data, USUAL).pdf
    (jpeg,) = samples.images(prepared)
    assert samples.SECRET.encode() not in jpeg
    assert b"Exif" not in jpeg
    assert ImageChops.difference(samples.seen(prepared), samples.seen(data)).getbbox() is None


def test_earlier_versions_of_the_document_are_gone() -> None:
    data = samples.pdf(root(Lang=String("fr")))
    hidden = data + b"\n9 0 obj\n(" + samples.SECRET.encode() + b")\nendobj\n"
    start = data.rindex(b"startxref")
    with opened(data[:start] + hidden[len(data) :] + data[start:]) as pdf:
        assert pdf.pages
    prepared = prepare(data[:start] + hidden[len(data) :] + data[start:], USUAL).pdf
    assert samples.SECRET.encode() not in prepared


SCRIPTED: dict[str, Callable[[Pdf], None]] = {
    "script on opening": root(OpenAction=JAVASCRIPT),
    "script by name": root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), JAVASCRIPT])))),
    "script on closing": root(AA=Dictionary(WC=JAVASCRIPT)),
    "web page on opening": root(OpenAction=Dictionary(S=Name.URI, URI=String("https://example.ch"))),
    "program to launch": with_annotation(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=RECTANGLE, A=Dictionary(S=Name.Launch, F=String("cmd.exe")))
    ),
    "form to send": with_annotation(
        Dictionary(Subtype=Name.Link, Rect=RECTANGLE, A=Dictionary(S=Name.SubmitForm, F=String("https://example.ch")))
    ),
    "script after a link": with_annotation(
        Dictionary(
            Subtype=Name.Link, Rect=RECTANGLE, A=Dictionary(S=Name.URI, URI=String("https://ge.ch"), Next=JAVASCRIPT)
        )
    ),
    "script of a field": root(AcroForm=Dictionary(Fields=Array([Dictionary(FT=Name.Tx, AA=Dictionary(K=JAVASCRIPT))]))),
}


@pytest.mark.parametrize("change", SCRIPTED.values(), ids=SCRIPTED)
def test_pdf_that_acts_is_refused(change: Callable[[Pdf], None]) -> None:
    assert refusal(samples.pdf(change)) is Reason.SCRIPTED


def _attach(document: Pdf) -> None:
    document.attachments["virus.exe"] = b"MZ"


HOLDING: dict[str, Callable[[Pdf], None]] = {
    "embedded file": _attach,
    "file as a note": with_annotation(Dictionary(Subtype=Name.FileAttachment, Rect=RECTANGLE)),
    "film": with_annotation(Dictionary(Subtype=Name.RichMedia, Rect=RECTANGLE)),
    "portfolio": root(Collection=Dictionary()),
}


@pytest.mark.parametrize("change", HOLDING.values(), ids=HOLDING)
def test_pdf_that_holds_other_files_is_refused(change: Callable[[Pdf], None]) -> None:
    assert refusal(samples.pdf(change)) is Reason.ATTACHMENTS


UNFAITHFUL: dict[str, Callable[[Pdf], None]] = {
    "form drawn by a program": root(AcroForm=Dictionary(Fields=Array([]), XFA=String("<xdp/>"))),
    "field whose look is not in the file": with_field("Dupont", appearance=False),
    "mark whose look is not in the file": with_annotation(Dictionary(Subtype=Name.Highlight, Rect=RECTANGLE)),
    "layer that is off": root(
        OCProperties=Dictionary(OCGs=Array([]), D=Dictionary(OFF=Array([Dictionary(Type=Name.OCG)])))
    ),
}


@pytest.mark.parametrize("change", UNFAITHFUL.values(), ids=UNFAITHFUL)
def test_pdf_that_would_look_different_is_refused(change: Callable[[Pdf], None]) -> None:
    assert refusal(samples.pdf(change)) is Reason.UNFAITHFUL


@pytest.mark.parametrize("password", ["", "geheim"])
def test_encrypted_pdf_is_refused_with_and_without_a_password_to_open_it(password: str) -> None:
    data = samples.pdf(encryption=Encryption(user=password, owner="owner"))
    assert refusal(data) is Reason.ENCRYPTED


def test_what_was_filled_in_becomes_part_of_the_page() -> None:
    data = samples.pdf(with_field("Amelie Dupont"))
    prepared = prepare(data, USUAL)
    assert "Amelie Dupont" in samples.text(prepared.pdf)
    # Fields and pages are drawn with different smoothing; a letter that is missing would differ by 255.
    different = ImageChops.difference(samples.seen(prepared.pdf), samples.seen(data)).getextrema()
    assert max(most for _, most in different) < 128  # type: ignore[misc, operator]
    with opened(prepared.pdf) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert "/Annots" not in pdf.pages[0].obj


def test_empty_field_is_no_obstacle() -> None:
    assert prepare(samples.pdf(with_field("", appearance=False)), USUAL)


def test_signature_stays_visible_and_its_loss_is_said() -> None:
    prepared = prepare(samples.pdf(with_field("Signe par A. Dupont", kind="/Sig")), USUAL)
    assert prepared.lost_signature
    assert "Signe par A. Dupont" in samples.text(prepared.pdf)
    assert b"ByteRange" not in prepared.pdf


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("https://www.linkedin.com/in/dupont", True),
        ("mailto:dupont@example.ch", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("smb://host/share", False),
    ],
)
def test_only_links_to_the_web_and_to_mail_are_kept(address: str, is_kept: bool) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=RECTANGLE, A=Dictionary(S=Name.URI, URI=String(address)))
    with opened(prepare(samples.pdf(with_annotation(link)), USUAL).pdf) as pdf:
        kept = [str(found.A.URI) for found in pdf.pages[0].obj.get("/Annots", [])]  # type: ignore[union-attr]
    assert kept == ([address] if is_kept else [])


def test_place_to_open_at_is_no_obstacle_and_is_gone() -> None:
    def change(document: Pdf) -> None:
        document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])

    with opened(prepare(samples.pdf(change), USUAL).pdf) as pdf:
        assert "/OpenAction" not in pdf.Root


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.9, 0.99])
def test_part_of_a_pdf_is_refused(cut: float) -> None:
    data = samples.pdf(pages=5)
    assert refusal(data[: int(len(data) * cut)]) is Reason.BROKEN


def test_page_whose_content_cannot_be_unpacked_is_refused() -> None:
    def change(document: Pdf) -> None:
        document.pages[0].Contents = Stream(document, b"no such packing", Filter=Name.FlateDecode)

    assert refusal(samples.pdf(change)) is Reason.BROKEN


def test_pdf_without_pages_is_refused() -> None:
    assert refusal(samples.pdf(pages=0)) is Reason.EMPTY


@pytest.mark.parametrize(("pages", "is_taken"), [(100, True), (101, False)])
def test_pages_are_counted(pages: int, is_taken: bool) -> None:
    data = samples.pdf(pages=pages)
    if is_taken:
        assert prepare(data, USUAL).pages == pages
    else:
        assert refusal(data) is Reason.TOO_MANY_PAGES


def test_pages_tree_that_contains_itself_is_refused() -> None:
    def change(document: Pdf) -> None:
        document.Root.Pages.Kids.append(document.Root.Pages)

    assert refusal(samples.pdf(change)) in {Reason.BROKEN, Reason.TOO_COMPLEX}


def test_content_that_unpacks_to_hundreds_of_megabytes_is_refused() -> None:
    twice = zlib.compress(zlib.compress(b"\0" * (200 * 1024 * 1024), 9), 9)

    def change(document: Pdf) -> None:
        filters = Array([Name.FlateDecode, Name.FlateDecode])
        document.pages[0].Contents = Stream(document, twice, Filter=filters)

    data = samples.pdf(change)
    assert len(data) < 20_000
    assert refusal(data) is Reason.TOO_COMPLEX


def test_many_parts_that_unpack_to_much_together_are_refused() -> None:
    packed = zlib.compress(b"\0" * 1_000_000, 9)

    def change(document: Pdf) -> None:
        streams = [document.make_indirect(Stream(document, packed, Filter=Name.FlateDecode)) for _ in range(20)]
        document.pages[0].Contents = Array(streams)

    data = samples.pdf(change)
    assert prepare(data, USUAL)
    assert refusal(data, Limits(unpacked_bytes=10_000_000)) is Reason.TOO_COMPLEX


def test_more_objects_than_an_honest_pdf_has_are_refused() -> None:
    def change(document: Pdf) -> None:
        document.Root.Lang = Array([document.make_indirect(Dictionary()) for _ in range(2_000)])

    assert refusal(samples.pdf(change), Limits(objects=1_000)) is Reason.TOO_COMPLEX


def test_deeply_nested_pdf_is_refused() -> None:
    data = samples.pdf(root(Lang=String("here")), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert refusal(data.replace(b"(here)", b"[" * 50_000 + b"]" * 50_000)) in {Reason.BROKEN, Reason.TOO_COMPLEX}


@pytest.mark.parametrize("width", [40_000, 2**31 - 1])
def test_image_of_too_many_pixels_within_a_pdf_is_refused(width: int) -> None:
    image = with_image(
        zlib.compress(b"\0" * 1000),
        width,
        40_000,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
        Filter=Name.FlateDecode,
    )
    assert refusal(samples.pdf(image)) is Reason.TOO_MANY_PIXELS


def test_jpeg_that_is_larger_than_its_pdf_says_is_refused() -> None:
    photo = samples.jpeg(samples.picture(2000, 2000))
    image = with_image(photo, 10, 10, ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode)
    assert refusal(samples.pdf(image), Limits(pixels=1_000_000)) is Reason.TOO_MANY_PIXELS


def test_content_that_lies_in_another_file_is_refused() -> None:
    def change(document: Pdf) -> None:
        document.pages[0].Contents = Stream(document, b"", F=String("/etc/passwd"))

    assert refusal(samples.pdf(change)) is Reason.UNFAITHFUL
