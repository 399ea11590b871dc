"""Files as people send them, and as they should not; made anew for each test."""

import io
from collections.abc import Callable

import pikepdf
import pillow_heif
import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import ExifTags, Image, ImageDraw

CORNERS = ("red", "lime", "blue", "yellow")
"""Of `picture`: top left, top right, bottom left, bottom right."""
SECRET = "46.2044 Rue du Stand"


def picture(width: int = 400, height: int = 300) -> Image.Image:
    """A picture that tells which way is up."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for index, colour in enumerate(CORNERS):
        left, top = (index % 2) * width // 2, (index // 2) * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), colour)
    return image


def page_photo(width: int = 3024, height: int = 4032) -> Image.Image:
    """A photo of a printed page: many lines, uneven light, and the noise of a small sensor."""
    image = Image.linear_gradient("L").resize((width, height)).point(lambda value: 190 + value // 5).convert("RGB")
    draw = ImageDraw.Draw(image)
    for line in range(height // 60):
        draw.text((width // 10, line * 60), f"{line:03d} Office cantonal de l'emploi " * 4, "black", font_size=40)
    noise = Image.effect_noise((width, height), 12).convert("RGB")
    return Image.blend(image, noise, 0.08)


def jpeg(image: Image.Image, exif: Image.Exif | None = None, quality: int = 92) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, exif=exif or Image.Exif(), comment=SECRET.encode())
    return file.getvalue()


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def heic(image: Image.Image, exif: Image.Exif | None = None) -> bytes:
    file = io.BytesIO()
    made = pillow_heif.from_pillow(image)
    made.save(file, quality=80, exif=(exif or Image.Exif()).tobytes())
    return file.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes, the place included."""
    written = Image.Exif()
    written[ExifTags.Base.Orientation] = orientation
    written[ExifTags.Base.ImageDescription] = SECRET
    written.get_ifd(ExifTags.IFD.GPSInfo).update(
        {ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: (46.0, 12.0, 16.0)}
    )
    return written


def pdf(change: Callable[[Pdf], None] | None = None, pages: int = 1, **options: object) -> bytes:
    """A PDF with a line of text on each page, as `change` leaves it."""
    with pikepdf.new() as document:
        for number in range(1, pages + 1):
            page = document.add_blank_page(page_size=(595, 842))
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = Stream(document, b"BT /F1 24 Tf 72 700 Td (Page %d du dossier) Tj ET" % number)
        if change is not None:
            change(document)
        file = io.BytesIO()
        document.save(file, **options)  # type: ignore[arg-type]
        return file.getvalue()


def with_image(data: bytes, width: int, height: int, **entries: object) -> Callable[[Pdf], None]:
    """Puts an image on the first page."""

    def change(document: Pdf) -> None:
        image = Stream(document, data, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, **entries)
        page = document.pages[0]
        page.Resources.XObject = Dictionary(Im=image)
        page.contents_add(b"q 400 0 0 300 72 300 cm /Im Do Q")

    return change


def with_annotation(annotation: Dictionary) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        document.pages[0].Annots = Array([document.make_indirect(annotation)])

    return change


def with_field(value: str, *, appearance: bool = True, kind: str = "/Tx") -> Callable[[Pdf], None]:
    """A form with one text field that was filled in."""

    def change(document: Pdf) -> None:
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name(kind), T=String("nom"), Rect=[72, 500, 372, 530], F=4
        )
        if kind == "/Sig":
            field.V = Dictionary(Type=Name.Sig, ByteRange=[0, 1, 2, 3], Contents=String("signature"))
        else:
            field.V = String(value)
        if appearance:
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            drawn = Stream(document, f"BT /F1 18 Tf 2 8 Td ({value}) Tj ET".encode())
            drawn.stream_dict = Dictionary(
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=[0, 0, 300, 30],
                Resources=Dictionary(Font=Dictionary(F1=font)),
            )
            field.AP = Dictionary(N=drawn)
        made = document.make_indirect(field)
        document.pages[0].Annots = Array([made])
        document.Root.AcroForm = Dictionary(Fields=Array([made]))

    return change


def seen(data: bytes, page: int = 0) -> Image.Image:
    """The page as another program shows it."""
    with pypdfium2.PdfDocument(data) as document:
        document.init_forms()
        return document[page].render(scale=1).to_pil().convert("RGB")


def text(data: bytes) -> str:
    """All text, as another program reads it."""
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def images(data: bytes) -> list[bytes]:
    """The data of all JPEG images."""
    with Pdf.open(io.BytesIO(data)) as document:
        return [
            found.read_raw_bytes()
            for found in document.objects
            if isinstance(found, Stream) and str(found.get(Name.Filter)) == "/DCTDecode"
        ]
