"""A document on its way to Job-Room, all of it with real parts: program, sandbox, its login, receipt, verification."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Download, FrameLocator, Page, expect
from pypdf import PdfReader

from eservices.sandbox import people
from tests.browser import server
from tests.browser.chat import Chat
from tests.browser.conftest import NewWidget, OpenChat
from tests.browser.files import a_pdf, a_photo
from tests.browser.host import Host
from tests.browser.test_accessibility import SIDEWAYS, violations, violations_in_light_and_dark
from tests.browser.widget import Widget

I_SEND_MY_CV = "je veux envoyer mon CV"
SEND_THE_FILE = "Envoyez-moi le fichier"
AGREED = "D'accord, continuer"
CHECK = "Vérifiez avant l'envoi"
RECEIVED = "Reçu par Job-Room le"
ON_ITS_WAY = "Enregistré ici, transmission en cours."

CAMILLE, ELODIE = "Camille Rochat", "Élodie Perret"
"""Invented persons; the second has as many versions of her CV as Job-Room takes."""

ANSWERS = {
    f"{one.given_name} {one.family_name}": (
        ("Quel est votre numéro personnel ?", people.personal_number(place)),
        ("Quelle est votre date de naissance ?", f"{one.birth_date:%d.%m.%Y}"),
    )
    for place, one in enumerate(people.PEOPLE, 1)
}
"""What the conversation asks each of them the first time."""

NEXT_ATTEMPT_MILLISECONDS = 60_000
PHONE = {"width": 375, "height": 720}


@dataclass(frozen=True)
class Sandbox:
    """The sandbox beside the program.

    Args:
        address: Where it serves.
    """

    address: str

    def go_down(self) -> None:
        """From now on the gateway answers nothing but that it is closed."""
        fault = {"kind": "down", "count": 1_000_000}
        httpx.post(f"{self.address}/sandbox/faults", json=fault).raise_for_status()

    def come_back(self) -> None:
        httpx.delete(f"{self.address}/sandbox/faults").raise_for_status()

    def received(self) -> list[str]:
        """The numbers under which it has received documents."""
        entries: list[dict[str, Any]] = httpx.get(f"{self.address}/sandbox/journal").raise_for_status().json()
        return [entry["number"] for entry in entries if entry["operation"] == "send_document"]


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox(f"http://127.0.0.1:{server.free_port()}")


@pytest.fixture(scope="module")
def address(
    executable: str, model: Path, host: Host, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A program of its own: its clock runs, so that it tries again what failed."""
    port = int(sandbox.address.rpartition(":")[2])
    folder = tmp_path_factory.mktemp("sending")
    with server.running(model, folder, allowed_origins=host.address, sandbox_port=port, clock="") as running:
        yield running


@pytest.fixture
def chat(new_chat: OpenChat) -> Chat:
    """On a phone."""
    opened = new_chat(viewport=PHONE)
    opened.open()
    return opened


def begin(visit: Chat | Widget) -> None:
    """Asks to send a CV, and agrees to what is kept."""
    visit.ask(I_SEND_MY_CV)
    visit.choose(AGREED)


def log_in(page: Page, name: str, within: Page | FrameLocator | None = None) -> bool:
    """Opens the link of the conversation, confirms whose it is, chooses a person, and closes what was opened.

    Returns:
        Whether it is known who they are; otherwise the conversation asks.
    """
    with page.expect_popup() as popup:
        (within or page).get_by_role("link", name="ouvrir la page de connexion").click()
    opened = popup.value
    expect(opened.get_by_role("heading", level=1)).to_have_text("Relier cette conversation à vous ?")
    opened.get_by_role("button", name="C'est ma conversation").click()
    opened.get_by_role("button", name=name).click()
    heading = opened.get_by_role("heading", level=1)
    expect(heading).to_contain_text("revenez à la conversation")
    is_known = heading.inner_text().startswith("C'est fait")
    opened.close()
    return is_known


def log_in_and_answer(visit: Chat | Widget, name: str) -> None:
    """Logs in, and answers what the conversation asks the first time."""
    if log_in(visit.page, name, visit.frame if isinstance(visit, Widget) else None):
        return
    for question, answer in ANSWERS[name]:
        expect(visit.answers.last).to_contain_text(question)
        visit.ask(answer)


def until_the_summary(chat: Chat, name: str) -> None:
    begin(chat)
    log_in_and_answer(chat, name)
    expect(chat.answers.last).to_contain_text(SEND_THE_FILE)
    chat.page.locator("#files").set_input_files([a_photo()])
    expect(chat.page.locator(".uploads")).to_contain_text("prêt à être envoyé")
    chat.send_button.click()
    expect(chat.answers.last).to_contain_text(CHECK)


def saved(download: Download, folder: Path) -> str:
    """What a receipt says, without its line breaks."""
    file = folder / "receipt.pdf"
    download.save_as(file)
    return " ".join(PdfReader(file).pages[0].extract_text().split())


def number_in(receipt: str) -> str:
    found = re.search(r"R(-[0-9A-Z]{4}){3}", receipt)
    assert found
    return found[0]


def test_cv_is_sent_received_and_its_receipt_verified(chat: Chat, sandbox: Sandbox, tmp_path: Path) -> None:
    before = sandbox.received()
    chat.ask(I_SEND_MY_CV)
    assert violations_in_light_and_dark(chat.page) == []
    assert chat.page.evaluate(SIDEWAYS) == []
    chat.choose(AGREED)
    assert violations_in_light_and_dark(chat.page) == []
    log_in_and_answer(chat, CAMILLE)
    expect(chat.answers.last).to_contain_text(SEND_THE_FILE)
    chat.page.locator("#files").set_input_files([a_photo()])
    expect(chat.page.locator(".uploads")).to_contain_text("prêt à être envoyé")
    chat.send_button.click()
    expect(chat.answers.last).to_contain_text("Reçu ici : 1 fichier, 1 page")
    assert sandbox.received() == before

    chat.choose("Oui, envoyer")
    expect(chat.answers.last).to_contain_text(RECEIVED)
    (job_rooms,) = set(sandbox.received()) - set(before)
    assert violations_in_light_and_dark(chat.page) == []
    assert chat.page.evaluate(SIDEWAYS) == []

    with chat.page.expect_download() as download:
        chat.answers.last.get_by_role("list", name="Fichiers").get_by_role("button").click()
    receipt = saved(download.value, tmp_path)
    assert RECEIVED in receipt
    assert job_rooms in receipt
    number = number_in(receipt)
    expect(chat.answers.filter(has_text="C'est enregistré ici")).to_contain_text(number)
    chat.page.goto(f"{chat.address}/recu/{number}")
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Ce reçu vient de nous")
    expect(chat.page.get_by_role("main")).to_contain_text(job_rooms)
    assert violations(chat.page) == []


def test_login_opens_beside_a_host_page_and_the_conversation_in_its_frame_goes_on(
    new_widget: NewWidget, host: Host, address: str
) -> None:
    widget = new_widget()
    widget.visit(host.with_widget(address))
    widget.open()
    begin(widget)
    log_in_and_answer(widget, CAMILLE)
    expect(widget.answers.last).to_contain_text(SEND_THE_FILE)
    expect(widget.field).to_be_visible()


def test_login_cannot_be_framed_nor_reach_back(chat: Chat, sandbox: Sandbox) -> None:
    begin(chat)
    link = chat.page.get_by_role("link", name="ouvrir la page de connexion")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    address = link.get_attribute("href")
    assert address
    for page in (address, f"{sandbox.address}/oidc/authorize", f"{sandbox.address}/sandbox"):
        assert "frame-ancestors 'none'" in httpx.get(page).headers["content-security-policy"]


def test_cv_is_sent_without_scripts(new_widget: NewWidget, sandbox: Sandbox, address: str, tmp_path: Path) -> None:
    before = sandbox.received()
    page = new_widget(java_script_enabled=False, viewport=PHONE).page
    page.goto(f"{address}/chat/simple")
    field, send = page.get_by_label("Votre message"), page.get_by_role("button", name="Envoyer", exact=True)
    field.fill(I_SEND_MY_CV)
    send.click()
    page.get_by_role("button", name=AGREED).click()
    is_known = log_in(page, CAMILLE)
    page.get_by_role("button", name="Voir les nouveaux messages").click()
    messages = page.locator(".messages > li")
    for question, answer in () if is_known else ANSWERS[CAMILLE]:
        expect(messages.last).to_contain_text(question)
        field.fill(answer)
        send.click()
    expect(messages.last).to_contain_text(SEND_THE_FILE)
    page.get_by_label("Joindre un fichier").set_input_files(a_pdf("cv.pdf"))
    send.click()
    expect(messages.last).to_contain_text(CHECK)
    page.get_by_role("button", name="Oui, envoyer").click()
    expect(messages.last).to_contain_text(RECEIVED)
    (job_rooms,) = set(sandbox.received()) - set(before)
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger Reçu").click()
    assert job_rooms in saved(download.value, tmp_path)


def test_what_could_not_be_delivered_arrives_later_and_says_so_by_itself(chat: Chat, sandbox: Sandbox) -> None:
    until_the_summary(chat, CAMILLE)
    before = sandbox.received()
    sandbox.go_down()
    try:
        chat.choose("Oui, envoyer")
        expect(chat.answers.last).to_contain_text(ON_ITS_WAY)
        assert sandbox.received() == before
    finally:
        sandbox.come_back()
    expect(chat.answers.last).to_contain_text(RECEIVED, timeout=NEXT_ATTEMPT_MILLISECONDS)
    assert len(sandbox.received()) == len(before) + 1


def test_refusal_gives_the_reason_and_the_way_to_correct_it(chat: Chat, sandbox: Sandbox) -> None:
    before = sandbox.received()
    until_the_summary(chat, ELODIE)
    chat.choose("Oui, envoyer")
    expect(chat.answers.last).to_contain_text("il y en a déjà trop de ce type")
    expect(chat.answers.last).to_contain_text("Effacez une ancienne version sur Job-Room")
    assert sandbox.received() == before
    chat.choose("Envoyer à nouveau")
    expect(chat.answers.last).to_contain_text("Envoyez-moi le fichier")
