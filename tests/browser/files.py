"""Files as a person picks them."""

from playwright.sync_api import FilePayload

from tests.casework.files import samples


def a_pdf(name: str = "certificat.pdf") -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": samples.pdf()}


def a_photo(name: str = "IMG_2026.jpg") -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": samples.jpeg(samples.picture())}


def not_a_document(name: str = "virus.pdf") -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"MZ"}
