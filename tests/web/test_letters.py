"""The form that makes a letter."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlencode

import httpx
import pytest
from docx import Document
from pypdf import PdfReader

from base import reading
from base.settings import Settings
from bot.channels.web.app import create_app
from bot.channels.web.guards import LARGEST_BODY
from bot.channels.web.letter_form import DATES, FIELDS, LONGEST_DATE, MESSAGES, RECIPIENTS, ROOM
from bot.channels.web.letters import STRINGS
from bot.engine.dialogue import Dialogue
from bot.program import assembled
from conversations.documents import Format, LetterKind, Recipient

OBJECTION = "/lettre?kind=objection"
VOID = {"input", "link", "meta"}
TYPED = {
    "name": "Zoë Müller",
    "address": "Rue de la Servette 12\r\n1201 Genève",
    "recipient": "oce",
    "decided": "3 mars 2026",
    "number": "2026/1234-A",
    "received": "le 5",
    "request": "que la décision soit annulée",
    "reasons": "J'ai tout envoyé.",
    "format": "pdf",
}
every_kind = pytest.mark.parametrize("kind", LetterKind)


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.inside: dict[str, str] = {}
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self._open.append(attributes.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for name in filter(None, self._open):
            self.inside[name] = self.inside.get(name, "") + data
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def by_id(self, name: str) -> dict[str, str]:
        (found,) = (attributes for _, attributes in self.elements if attributes.get("id") == name)
        return found

    def value(self, name: str) -> str:
        """What stands in a field."""
        found = self.by_id(name)
        return found["value"] if "value" in found else self.inside[name].removeprefix("\n")

    @property
    def faults(self) -> list[str]:
        """The fields that the summary of what is wrong leads to."""
        places = [entry["href"] for entry in self.all("a") if entry["href"].startswith("#")]
        return [place.removeprefix("#") for place in places if place != "#content"]

    def checked(self, name: str) -> str:
        (found,) = (entry["value"] for entry in self.all("input") if entry["name"] == name and "checked" in entry)
        return found


async def opened(client: httpx.AsyncClient, address: str) -> Page:
    response = await client.get(address)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    return Page(response)


async def refused(client: httpx.AsyncClient, address: str = OBJECTION, /, **typed: str) -> Page:
    response = await client.post(address, data=typed)
    assert response.status_code == 422
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    return Page(response)


def pdf_text(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages).split())


async def test_address_of_the_page_fills_what_it_can(client: httpx.AsyncClient) -> None:
    page = await opened(client, "/lettre?kind=objection&recipient=oce&received=2026-03-05")
    assert page.checked("recipient") == "oce"
    assert page.value("received") == "05.03.2026"
    assert page.value("name") == ""


@pytest.mark.parametrize(
    "query",
    [
        "recipient=king&received=yesterday",
        "recipient=court",
        "received=2026-02-30",
        "received=2027-01-01",
        "received=" + "9" * 500,
        "lang=xx&x=y&kind=objection",
        "recipient=oce%00&lang=../../etc",
    ],
)
async def test_what_the_address_says_wrongly_is_left_out(client: httpx.AsyncClient, query: str) -> None:
    page = await opened(client, f"{OBJECTION}&{query}")
    assert page.checked("recipient") == ""
    assert page.value("received") == ""
    assert "summary" not in [element.get("class") for element in page.all("div")]


async def test_long_date_is_refused_before_it_is_read(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "days", lambda *_: pytest.fail("was read"))
    long = "1.1.2026 " * 5
    assert (await opened(client, f"{OBJECTION}&received={long}")).value("received") == ""
    assert MESSAGES["no_date"].partition("{")[0] in (await refused(client, received=long)).inside["received-error"]


@pytest.mark.parametrize("query", ["", "?kind=", "?kind=poem", "?received=2026-03-05"])
async def test_without_a_kind_of_letter_there_is_a_choice(client: httpx.AsyncClient, query: str) -> None:
    page = await opened(client, f"/lettre{query}")
    links = [entry["href"] for entry in page.all("a") if "kind=" in entry["href"]]
    assert len(links) == len(LetterKind)
    for link in links:
        assert (await opened(client, link)).all("form")


@every_kind
async def test_every_field_has_a_label_and_a_place_on_the_page(client: httpx.AsyncClient, kind: LetterKind) -> None:
    page = await opened(client, f"/lettre?kind={kind}")
    fields = [entry for tag, entry in page.elements if tag in {"input", "textarea"}]
    labelled = {entry["for"] for entry in page.all("label")}
    assert {entry["id"] for entry in fields} == labelled
    names = {entry["name"] for entry in fields}
    assert names <= set(FIELDS)
    assert set(DATES[kind]) <= names
    choices = [entry["value"] for entry in fields if entry["name"] == "recipient"]
    assert choices == ([*RECIPIENTS[kind], ""] if RECIPIENTS[kind] else [])
    assert page.all("html")[0]["lang"] == "fr"
    assert page.all("script") == []
    assert all("style" not in entry for _, entry in page.elements)


async def test_page_says_that_nothing_is_kept(client: httpx.AsyncClient) -> None:
    assert STRINGS["not_kept"] in (await opened(client, OBJECTION)).text


async def test_filled_form_makes_a_letter(client: httpx.AsyncClient) -> None:
    response = await client.post(OBJECTION, data=TYPED)
    written = pdf_text(response)
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''Opposition.pdf"
    assert response.headers["cache-control"] == "no-store"
    for expected in (
        "Zoë Müller",
        "1201 Genève",
        "Rue des Gares 16",
        "contre la décision du 3 mars 2026",
        "2026/1234-A",
        "Reçue le : 5 mars 2026",
        "que la décision soit annulée",
        "J'ai tout envoyé.",
    ):
        assert expected in written


async def test_word_is_made_on_request(client: httpx.AsyncClient) -> None:
    response = await client.post("/lettre?kind=restitution", data={**TYPED, "format": "docx", "ended": "hier"})
    name = response.headers["content-disposition"].partition("UTF-8''")[2]
    assert unquote(name) == "Demande de restitution de délai.docx"
    texts = [paragraph.text for paragraph in Document(io.BytesIO(response.content)).paragraphs]
    assert texts[texts.index("Fin de l'empêchement") + 1] == "10 mars 2026"


@every_kind
async def test_empty_form_makes_a_letter_with_blanks(client: httpx.AsyncClient, kind: LetterKind) -> None:
    assert "prénom et nom" in pdf_text(await client.post(f"/lettre?kind={kind}", data={"name": " "}))
    assert "prénom et nom" in pdf_text(await client.post(f"/lettre?kind={kind}"))


@pytest.mark.parametrize("unknown", ["king", "court"])
async def test_recipient_that_cannot_be_is_left_blank(client: httpx.AsyncClient, unknown: str) -> None:
    written = pdf_text(await client.post(OBJECTION, data={**TYPED, "recipient": unknown, "format": "odt"}))
    assert "autorité qui a pris la décision" in written


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        *[(name, "é" * (room.characters + 1), "too_long") for name, room in ROOM.items()],
        *[(name, "a\r\n" * room.lines + "a", "too_many_lines") for name, room in ROOM.items()],
        ("decided", "31.02.2026", "no_date"),
        ("decided", "bientôt", "no_date"),
        ("decided", "11.3.2026 ou 12.3.2026", "no_date"),
        ("decided", "11.3.2026 5", "no_date"),
        ("received", "12.03.2026", "future"),
        ("received", "demain", "future"),
        ("received", "0026-03-01", "no_date"),
        ("decided", "3 mars 2026".rjust(LONGEST_DATE + 1, "x"), "no_date"),
        ("received", "hier " * 10_000, "no_date"),
        ("ended", "12.3.2027", "future"),
    ],
    ids=lambda value: value[:12],
)
async def test_wrong_field_is_named_with_its_message_and_keeps_what_was_typed(
    client: httpx.AsyncClient, name: str, typed: str, message: str
) -> None:
    kind = LetterKind.RESTITUTION if name == "ended" else LetterKind.OBJECTION
    page = await refused(client, f"/lettre?kind={kind}", **{**TYPED, name: typed})
    field = page.by_id(name)
    assert field["aria-invalid"] == "true"
    assert f"{name}-error" in field["aria-describedby"].split()
    beginning = MESSAGES[message].partition("{")[0]
    assert beginning in page.inside[f"{name}-error"]
    assert page.value(name).splitlines() == typed.splitlines()
    assert page.value("number" if name != "number" else "name")

    (summary,) = (entry for entry in page.all("div") if entry.get("class") == "summary")
    assert summary["role"] == "alert"
    assert "autofocus" in summary
    assert page.faults == [name]
    assert page.text.startswith("Erreur : ")  # the title


async def test_decision_cannot_be_received_before_it_was_made(client: httpx.AsyncClient) -> None:
    page = await refused(client, decided="3.3.2026", received="2.3.2026")
    assert MESSAGES["before_decision"] in page.inside["received-error"]


async def test_errors_are_listed_in_the_order_of_the_page(client: httpx.AsyncClient) -> None:
    page = await refused(client, reasons="a" * 6000, received="x", decided="x", name="a" * 200)
    assert page.faults == ["name", "decided", "received", "reasons"]


async def test_pdf_that_cannot_write_a_sign_says_which_and_word_can(client: httpx.AsyncClient) -> None:
    page = await refused(client, reasons="Ma collègue 张 le sait.")
    assert "张" in page.inside["format-error"]
    assert page.checked("format") == "pdf"
    response = await client.post(OBJECTION, data={"reasons": "Ma collègue 张 le sait.", "format": "docx"})
    assert response.status_code == 200


@pytest.mark.parametrize("name", ["name", "address", "number", "request", "reasons"])
async def test_markup_is_shown_as_it_was_typed(client: httpx.AsyncClient, name: str) -> None:
    hostile = "\"'></textarea><script>alert(1)</script>{{ 7*7 }}"
    page = await refused(client, **{name: hostile, "received": "x"})
    assert page.value(name) == hostile
    assert page.all("script") == []


async def test_no_answer_weakens_the_content_security_policy(client: httpx.AsyncClient) -> None:
    of_the_chat = (await client.get("/chat")).headers["content-security-policy"]
    for response in (
        await client.get(OBJECTION),
        await client.post(OBJECTION, data={"received": "x"}),
        await client.post(OBJECTION, data=TYPED),
    ):
        assert response.headers["content-security-policy"] == of_the_chat


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"a" * (LARGEST_BODY + 1), 413), (urlencode([("x", "1")] * 100).encode(), 422)],
    ids=["too large", "too many fields"],
)
async def test_form_that_cannot_be_read_is_refused_on_the_page(
    client: httpx.AsyncClient, body: bytes, status: int
) -> None:
    response = await client.post(OBJECTION, content=body)
    assert response.status_code == status
    page = Page(response)
    assert "Il y a un problème" in page.text
    assert page.all("form")


@pytest.mark.parametrize("body", [b"\xff\xfe=%ff%00", b"name=%ED%A0%80&reasons=%00%1b", b"=&&==", b"--x\r\nfile"])
async def test_broken_form_is_no_failure(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.post(OBJECTION, content=body)).status_code in {200, 422}


async def test_rate_is_limited_and_the_page_says_so(tmp_path: Path, dialogue: Dialogue) -> None:
    async with assembled(Settings(data_dir=tmp_path, address_rate="2/minute"), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            answers = [await client.post(OBJECTION, data={"name": "Zoë"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    page = Page(answers[-1])
    assert "Attendez un instant" in page.text
    assert page.value("name") == "Zoë"


async def test_nothing_typed_is_stored_or_logged(
    client: httpx.AsyncClient, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    secret = "Zyxwvutsrq"
    typed = {**TYPED, "name": secret, "reasons": secret}
    assert (await client.post(OBJECTION, data=typed)).status_code == 200
    assert (await client.post(OBJECTION, data={**typed, "received": "x"})).status_code == 422
    kept = [path for path in settings.data_dir.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert kept == []
    assert secret not in caplog.text


async def test_choices_have_words_for_all_that_can_be_chosen() -> None:
    assert {f"recipient_{one}" for one in Recipient} <= STRINGS.keys()
    assert {f"format_{one}" for one in Format} <= STRINGS.keys()
    assert {f"{name}_{kind}" for name in ("title", "choose") for kind in LetterKind} <= STRINGS.keys()
