"""A copy of one's data, and erasing them by a word in the conversation, as people see it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.chat import Chat
from tests.browser.test_accessibility import SIDEWAYS, violations_in_light_and_dark
from tests.browser.texts import ERASED, PERSONAL_NUMBER

PHONE: ViewportSize = {"width": 375, "height": 720}


def test_copy_is_saved_and_its_page_can_be_opened(chat: Chat, browser: Browser, tmp_path: Path) -> None:
    chat.ask("mes données")
    chat.choose("Télécharger mes données")
    with chat.page.expect_download() as download:
        chat.answers.last.get_by_role("list", name="Fichiers").get_by_role("button").click()
    assert download.value.suggested_filename == "mes-donnees.zip"
    file = tmp_path / "mes-donnees.zip"
    download.value.save_as(file)
    with zipfile.ZipFile(file) as archive:
        archive.extract("donnees.html", tmp_path)
    with browser.new_page(viewport=PHONE, locale="fr-CH") as page:
        page.goto((tmp_path / "donnees.html").as_uri())
        expect(page.get_by_role("heading", level=1)).to_have_text("Mes données chez Cornavin")
        assert violations_in_light_and_dark(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_erasing_by_a_word_empties_the_page_at_once_and_a_new_conversation_begins(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.ask("efface mes données")
    assert violations_in_light_and_dark(chat.page) == []
    chat.page.get_by_role("button", name="Oui, effacer").click()
    expect(chat.alert).to_have_text(ERASED)
    expect(chat.messages).to_have_count(0)
    chat.page.reload()
    expect(chat.messages).to_have_count(0)
    chat.ask(PERSONAL_NUMBER)
    expect(chat.messages).to_have_count(2)


def test_dialog_says_what_goes_and_what_stays(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.page.set_viewport_size({"width": 320, "height": 480})
    chat.page.get_by_role("button", name="Effacer cette conversation").click()
    dialog = chat.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Disparaissent tout de suite")
    expect(dialog).to_contain_text("Un envoi confirmé part encore")
    expect(dialog.get_by_role("button", name="Oui, effacer")).to_be_in_viewport(ratio=1)
    assert violations_in_light_and_dark(chat.page) == []
    assert chat.page.evaluate(SIDEWAYS) == []


def test_foot_leads_to_the_privacy_page(chat: Chat) -> None:
    with chat.page.expect_popup() as popup:
        chat.page.get_by_role("link", name="Protection des données").click()
    expect(popup.value.get_by_role("heading", level=1)).to_have_text("Protection des données")
