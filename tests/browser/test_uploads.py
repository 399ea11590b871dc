"""Files in the chat: picked, dropped, on their way, refused, sent, and back again."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, expect

from casework.files.limits import USUAL
from casework.files.refusals import Reason
from casework.files.wording import WORDING
from tests.browser.chat import Chat
from tests.browser.conftest import OpenChat
from tests.browser.files import a_pdf, a_photo, not_a_document
from tests.browser.test_around_answers import SERVICE, with_service
from tests.browser.texts import PERSONAL_NUMBER
from tests.casework.files import samples

FILES = "**/api/chat/files"
ONE_FILE = "**/api/chat/files/*"
READY = "prêt à être envoyé"

DROP = """({ name, size }) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(size)], name));
  const options = { dataTransfer, bubbles: true, cancelable: true };
  const chat = document.querySelector("cornavin-chat");
  return ["dragover", "drop"].map((type) => chat.dispatchEvent(new DragEvent(type, options)));
}"""

NOTE_PROGRESS = """() => {
  window.shares = [];
  const original = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    this.upload.addEventListener("progress", (event) => window.shares.push(event.loaded / event.total));
    original.call(this, body);
  };
}"""

NOTE_STATUS = """status => {
  window.announced = [];
  new MutationObserver(() => status.textContent.trim() && window.announced.push(status.textContent.trim()))
    .observe(status, { childList: true, subtree: true, characterData: true });
}"""


def chips(chat: Chat) -> Locator:
    """The files that are not sent yet."""
    return chat.page.locator(".uploads").get_by_role("listitem")


def pick(chat: Chat, *files: object) -> None:
    chat.page.locator("#files").set_input_files(list(files))  # type: ignore[arg-type]  # payloads, made in files.py


def kept_files(chat: Chat) -> list[str]:
    """The names of the files in the transcript that the program keeps."""
    return [file["name"] for message in chat.transcript() for file in message["attachments"]]


def test_photo_and_pdf_are_sent_shown_and_saved_again(chat: Chat, tmp_path: Path) -> None:
    with chat.page.expect_file_chooser() as chooser:
        chat.page.get_by_role("button", name="Joindre un fichier").click()
    assert chooser.value.is_multiple()
    chooser.value.set_files([a_photo(), a_pdf()])
    expect(chips(chat).filter(has_text=READY)).to_have_count(2)
    expect(chat.field).to_be_focused()
    chat.send_button.click()
    expect(chat.answers.first).to_contain_text("J'ai reçu vos 2 fichiers")
    expect(chips(chat)).to_have_count(0)
    own = chat.messages.first.get_by_role("list", name="Fichiers").get_by_role("button")
    expect(own).to_have_count(2)
    expect(own.first).to_contain_text("IMG_2026.pdf")
    with chat.page.expect_download() as download:
        own.last.click()
    download.value.save_as(tmp_path / "saved.pdf")
    assert samples.seen((tmp_path / "saved.pdf").read_bytes()).size[0] > 0
    chat.page.reload()
    expect(chat.messages.first).to_contain_text("certificat.pdf")
    assert kept_files(chat) == ["IMG_2026.pdf", "certificat.pdf"]


def test_files_and_text_are_sent_together_the_files_first(chat: Chat) -> None:
    chat.field.fill(PERSONAL_NUMBER)
    pick(chat, a_pdf())
    expect(chips(chat)).to_contain_text(READY)
    expect(chat.field).to_have_value(PERSONAL_NUMBER)
    chat.field.press("Enter")
    expect(chat.answers).to_have_count(2)
    assert [bool(message["attachments"]) for message in chat.transcript()] == [True, False, False, False]
    assert chat.said() == ["", PERSONAL_NUMBER]


def test_several_files_begin_one_conversation(chat: Chat) -> None:
    sessions = []
    chat.page.on("request", lambda request: sessions.append(request) if request.url.endswith("/sessions") else None)
    chat.field.fill("bonjour")
    pick(chat, a_pdf("a.pdf"), a_pdf("b.pdf"), a_pdf("c.pdf"))
    expect(chips(chat).filter(has_text=READY)).to_have_count(3)
    chat.send_button.click()
    expect(chat.answers).to_have_count(2)
    assert len(sessions) == 1
    assert kept_files(chat) == ["a.pdf", "b.pdf", "c.pdf"]


def test_upload_under_way_shows_its_progress_and_can_be_cancelled(chat: Chat) -> None:
    with chat.held(FILES):
        pick(chat, a_pdf())
        expect(chips(chat)).to_contain_text("certificat.pdf")
        chat.field.fill("Voici")
        expect(chat.send_button).to_be_disabled()
        chat.page.get_by_role("button", name="Annuler l'envoi de certificat.pdf").click()
        expect(chips(chat)).to_have_count(0)
        expect(chat.field).to_be_focused()
        expect(chat.field).to_have_value("Voici")
        expect(chat.send_button).to_be_enabled()


def test_progress_is_shown_until_all_has_arrived_then_that_it_is_checked(chat: Chat) -> None:
    chat.page.evaluate(
        """() => {
          const seen = (window.seen = []);
          XMLHttpRequest.prototype.send = function () {
            seen.push(this);
            this.upload.onprogress({ lengthComputable: true, loaded: 1, total: 4 });
          };
        }"""
    )
    pick(chat, a_pdf())
    progress = chat.page.get_by_role("progressbar", name="certificat.pdf")
    expect(progress).to_have_js_property("value", 0.25)
    chat.page.evaluate("seen[0].upload.onprogress({ lengthComputable: true, loaded: 4, total: 4 })")
    expect(progress).to_have_count(0)
    expect(chips(chat)).to_contain_text("vérification en cours")


def test_browser_tells_how_far_an_upload_is(chat: Chat) -> None:
    chat.page.evaluate(NOTE_PROGRESS)
    pick(chat, a_pdf())
    expect(chips(chat)).to_contain_text(READY)
    shares = chat.page.evaluate("shares")
    assert shares[-1] == 1


def test_refused_file_says_why_and_keeps_text_and_other_files(chat: Chat) -> None:
    chat.forgive_failed_requests()
    chat.field.fill("Voici mes papiers")
    pick(chat, not_a_document(), a_pdf())
    expect(chat.alert).to_have_text(WORDING[Reason.UNSUPPORTED])
    expect(chips(chat).filter(has_text=READY)).to_have_count(1)
    expect(chat.field).to_have_value("Voici mes papiers")
    chat.page.get_by_role("button", name="Retirer virus.pdf").click()
    expect(chat.alert).to_have_count(0)
    expect(chips(chat)).to_have_count(1)
    expect(chat.field).to_have_value("Voici mes papiers")


def test_file_that_is_too_long_is_refused_before_it_is_sent(chat: Chat) -> None:
    uploads: list[str] = []
    chat.page.route(FILES, lambda route: (uploads.append(route.request.url), route.abort()))
    chat.forgive_failed_requests()
    expect(chat.page.get_by_role("button", name="Joindre un fichier")).to_be_visible()
    chat.page.evaluate(DROP, {"name": "gros.pdf", "size": USUAL.max_bytes + 1})
    expect(chat.alert).to_have_text(WORDING[Reason.TOO_BIG])
    assert uploads == []
    chat.page.evaluate(DROP, {"name": "juste.pdf", "size": USUAL.max_bytes})
    expect(chips(chat).get_by_role("button", name="Réessayer : juste.pdf")).to_be_visible()
    assert len(uploads) == 1


def test_removed_file_is_destroyed_on_the_server(chat: Chat) -> None:
    with chat.page.expect_response(FILES) as uploaded:
        pick(chat, a_pdf())
    expect(chips(chat)).to_contain_text(READY)
    with chat.page.expect_response(ONE_FILE) as removed:
        chat.page.get_by_role("button", name="Retirer certificat.pdf").click()
    assert removed.value.status == 204
    expect(chips(chat)).to_have_count(0)
    expect(chat.field).to_be_focused()
    address = f"{chat.address}/api/chat/files/{uploaded.value.json()['id']}"
    assert httpx.get(address, headers=chat.authorization()).status_code == 404


def test_file_that_could_not_be_sent_offline_can_be_tried_again(chat: Chat) -> None:
    chat.field.fill("Voici")
    with chat.offline():
        pick(chat, a_pdf())
        expect(chips(chat).get_by_role("alert")).to_have_text("Pas de connexion pour le moment.")
        expect(chat.field).to_have_value("Voici")
    chat.page.get_by_role("button", name="Réessayer : certificat.pdf").click()
    expect(chips(chat)).to_contain_text(READY)


def test_file_that_is_gone_when_it_is_sent_says_so(chat: Chat) -> None:
    chat.forgive_failed_requests()
    with chat.page.expect_response(FILES) as uploaded:
        pick(chat, a_pdf())
    expect(chips(chat)).to_contain_text(READY)
    address = f"{chat.address}/api/chat/files/{uploaded.value.json()['id']}"
    assert httpx.delete(address, headers=chat.authorization()).status_code == 204
    chat.send_button.click()
    expect(chat.alert).to_contain_text("Un de ces fichiers n'existe plus ici")
    chat.discard_button.click()
    chat.ask(PERSONAL_NUMBER)


def test_erasing_the_conversation_takes_the_files_along(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    pick(chat, a_pdf())
    expect(chips(chat)).to_contain_text(READY)
    chat.erase()
    expect(chips(chat)).to_have_count(0)
    expect(chat.send_button).to_be_disabled()


def test_file_can_be_dropped_where_files_are_taken_and_never_replaces_the_page(chat: Chat) -> None:
    expect(chat.page.get_by_role("button", name="Joindre un fichier")).to_be_visible()
    assert chat.page.evaluate(DROP, {"name": "a.pdf", "size": 1}) == [False, False]
    expect(chips(chat)).to_contain_text("a.pdf")
    chat.forgive_failed_requests()
    with_service(chat, uploads=False)
    expect(chat.page.get_by_role("button", name="Joindre un fichier")).to_have_count(0)
    assert chat.page.evaluate(DROP, {"name": "b.pdf", "size": 1}) == [False, False]
    expect(chips(chat)).to_have_count(0)


def test_files_work_by_keyboard_alone(chat: Chat) -> None:
    chat.page.on("filechooser", lambda _chooser: None)  # from now on no dialog of the browser's own opens
    chat.field.focus()
    chat.page.keyboard.press("Tab")
    expect(chat.page.get_by_role("button", name="Joindre un fichier")).to_be_focused()
    with chat.page.expect_file_chooser() as chooser:
        chat.page.keyboard.press("Enter")
    chooser.value.set_files([a_pdf(), a_pdf("autre.pdf")])
    expect(chips(chat).filter(has_text=READY)).to_have_count(2)
    expect(chat.field).to_be_focused()
    chat.page.keyboard.press("Shift+Tab")
    expect(chat.page.get_by_role("button", name="Retirer autre.pdf")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chips(chat)).to_have_count(1)
    expect(chat.field).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.answers.first).to_contain_text("J'ai reçu votre fichier.")


def test_arrival_of_a_file_is_announced_once(chat: Chat) -> None:
    chat.status.evaluate(NOTE_STATUS)
    pick(chat, a_pdf())
    expect(chips(chat)).to_contain_text(READY)
    expect(chat.status).to_have_text(f"certificat.pdf : {READY}")
    assert chat.page.evaluate("announced") == [f"certificat.pdf : {READY}"]


def test_files_are_not_offered_while_none_are_taken(chat: Chat) -> None:
    with_service(chat, uploads=False)
    chat.ask(PERSONAL_NUMBER)
    expect(chat.page.get_by_role("button", name="Joindre un fichier")).to_have_count(0)
    expect(chat.page.locator("input[type=file]")).to_have_count(0)


def test_phone_offers_its_camera(new_chat: OpenChat) -> None:
    chat = new_chat(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 780})
    with chat.page.expect_response(SERVICE):
        chat.open()
    with chat.page.expect_file_chooser():
        chat.page.get_by_role("button", name="Prendre une photo").click()
    expect(chat.page.locator("#photo")).to_have_attribute("capture", "environment")
    expect(chat.page.locator("#photo")).to_have_attribute("accept", "image/*")
    expect(chat.page.locator("#files")).to_have_attribute("accept", "image/*,application/pdf")


@pytest.mark.parametrize("width", [320, 375])
def test_long_names_and_reasons_fit_a_narrow_window(new_chat: OpenChat, width: int) -> None:
    chat = new_chat(viewport={"width": width, "height": 640})
    chat.forgive_failed_requests()
    chat.open()
    pick(chat, a_pdf(f"{'Arbeitslosenversicherung' * 3}.pdf"), not_a_document())
    expect(chat.alert).to_be_visible()
    expect(chips(chat).filter(has_text=READY)).to_have_count(1)
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    expect(chat.field).to_be_in_viewport()
    expect(chat.send_button).to_be_in_viewport(ratio=1)
    for button in chips(chat).get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
        assert box["x"] + box["width"] <= width
