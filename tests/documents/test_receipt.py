"""Receipts as PDF: what they say, for whom they can be read, and where their QR code leads."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from bot import documents
from conversations.documents import Receipt
from tests.documents.reading import FRENCH, ZERO_WIDTH_SPACE
from tests.documents.test_pdf import tags
from tests.support.submitted import CV, CV_NAME, ELSEWHERE, NUMBER, RECEIVED, submission

PUBLIC_URL = "https://assistant.example.ch"
SANDBOX = "Bac à sable – aucune valeur"
RECEIVED_BY_JOB_ROOM = "Reçu par Job-Room"


def written(*, with_sandbox: bool = False, names: tuple[str, ...] = (), **values: Any) -> bytes:
    known = submission(**values)
    given = names or (CV_NAME,) * len(known.files)
    sent = documents.Sent(known, given, PUBLIC_URL, with_sandbox)
    return documents.render(Receipt(submission="1"), FRENCH, sent)


def read(**values: Any) -> str:
    """What the receipt says, on one line."""
    pages = PdfReader(io.BytesIO(written(**values))).pages
    found = "\n".join(page.extract_text() for page in pages).replace(ZERO_WIDTH_SPACE, "")
    return " ".join(found.split())


def test_receipt_says_what_was_sent_when_and_under_which_numbers() -> None:
    said = read()
    assert "Envoi : CV" in said
    assert "Office régional de placement (ORP)" in said
    assert "Enregistré ici le : 11 mars 2026 à 10 h 15" in said
    assert "Reçu par Job-Room le : 11 mars 2026 à 10 h 18" in said
    assert f"Numéro de Job-Room : {ELSEWHERE}" in said
    assert f"Notre numéro : {NUMBER}" in said
    assert f"{PUBLIC_URL}/recu/{NUMBER}" in said


def test_receipt_lists_each_file() -> None:
    said = read(files=(CV, CV))
    assert said.count("cv-zoé-müller.pdf 2 244 ko 0123 4567 89ab cdef") == 2


@pytest.mark.parametrize("received_at", [None, RECEIVED])
@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("recorded", "Enregistré ici, transmission en cours"),
        ("refused", "Refusé par Job-Room"),
        ("given_up", "Non transmis"),
    ],
)
def test_receipt_says_received_only_when_job_room_did(state: str, status: str, received_at: Any) -> None:
    said = read(state=state, received_at=received_at)
    assert status in said
    assert RECEIVED_BY_JOB_ROOM not in said
    assert ELSEWHERE not in said


def test_reception_without_a_time_is_none() -> None:
    said = read(state="received", received_at=None)
    assert "transmission en cours" in said
    assert RECEIVED_BY_JOB_ROOM not in said


def test_refused_submission_is_said_not_to_count() -> None:
    assert "ne compte pas comme remis" in read(state="refused")
    assert "Ne comptez pas dessus" in read(state="given_up")


def test_sandbox_has_no_value_and_says_so() -> None:
    assert SANDBOX in read(with_sandbox=True)
    assert SANDBOX not in read(with_sandbox=False)


@pytest.mark.parametrize("with_sandbox", [False, True])
def test_receipt_is_tagged_with_title_and_language(with_sandbox: bool) -> None:
    pdf = PdfReader(io.BytesIO(written(with_sandbox=with_sandbox)))
    catalogue = pdf.root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "fr-CH"
    assert "pdfuaid:part" in catalogue["/Metadata"].get_data().decode()
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Reçu d'envoi"
    assert pdf.metadata.author is None
    found = tags(catalogue["/StructTreeRoot"])
    assert found.count("/H1") == 1
    assert found.count("/TH") == 4
    assert found.count("/Figure") == 1
    assert "/Link" in found


@pytest.mark.parametrize("with_sandbox", [False, True])
def test_qr_code_leads_to_the_verification(with_sandbox: bool) -> None:
    page = pypdfium2.PdfDocument(written(with_sandbox=with_sandbox))[0]
    (code,) = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    assert code.text == f"{PUBLIC_URL}/recu/{NUMBER}"


@pytest.mark.parametrize("name", ["文書.pdf", "👍.pdf", "a\u0301\u0000.pdf", "", "W" * 80 + ".pdf"])
def test_any_name_of_a_file_has_a_receipt(name: str) -> None:
    pdf = PdfReader(io.BytesIO(written(files=(CV, CV), names=("cv.pdf", name))))
    assert len(pdf.pages) == 1
    assert "0123 4567" in pdf.pages[0].extract_text()


def test_name_that_was_deleted_becomes_a_number() -> None:
    assert "Fichier 1 2 244 ko" in read(names=("",))


def test_thirty_files_fit_on_two_pages_with_their_heading_repeated() -> None:
    pdf = PdfReader(io.BytesIO(written(files=(CV,) * 30)))
    assert len(pdf.pages) == 2
    assert all("Empreinte" in page.extract_text() for page in pdf.pages)
