"""«J'ai jusqu'à quand ?» in the browser, with the real program behind it: its steps, its dates, its files."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.conftest import OpenChat
from tests.browser.server import ORDINARY_DAY
from tests.browser.test_keyboard import go_to

HURRIED = "j'ai reçu une décision, j'ai combien de temps ?"
THE_DAY_BEFORE = "2026-03-10"
"""Before the day on which the clocks stand."""
THE_DAY_AFTER = "2026-03-12"
BEGINNINGS = {".ics": b"BEGIN:VCALENDAR", ".docx": b"PK", ".pdf": b"%PDF-"}


@pytest.fixture
def chat(new_chat: OpenChat) -> Chat:
    """An open page in a browser whose clock stands where that of the program does."""
    opened = new_chat()
    opened.page.clock.set_fixed_time(ORDINARY_DAY)
    opened.open()
    return opened


def lead_to_the_day(chat: Chat) -> None:
    """Answers every question but the last, which is for the day."""
    chat.ask(HURRIED)
    chat.choose("« Décision »")
    chat.choose("Ma caisse de chômage")
    chat.choose("Dans la boîte")


def test_whole_deadline_conversation_by_keyboard(chat: Chat) -> None:
    keyboard = chat.page.keyboard
    go_to(chat, chat.field)
    keyboard.type(HURRIED)
    keyboard.press("Enter")
    expect(chat.answers.first).to_contain_text("Étape 2 sur 6")
    for number, label in enumerate(("« Décision »", "Ma caisse de chômage", "Dans la boîte"), start=1):
        go_to(chat, chat.choices.filter(has_text=label), "Shift+Tab" if number == 1 else "Tab")
        keyboard.press("Enter")
        expect(chat.answers.nth(number)).to_be_focused()
    picker = chat.page.get_by_label("Choisir la date")
    go_to(chat, picker)
    picker.fill(THE_DAY_BEFORE)
    keyboard.press("Enter")
    expect(chat.answers.nth(4)).to_contain_text("Envoyez votre opposition au plus tard le")
    expect(chat.answers.nth(4)).to_contain_text("Le compte")
    expect(chat.answers.nth(5)).to_contain_text("signée à la main")
    expect(picker).to_have_count(0)


def test_conversation_is_reloaded_in_the_middle_and_its_files_are_saved(chat: Chat, tmp_path: Path) -> None:
    lead_to_the_day(chat)
    chat.open()
    expect(chat.answers.nth(3)).to_contain_text("Étape 5 sur 5")
    chat.ask("avant-hier")
    files = chat.page.get_by_role("button", name="Télécharger")
    expect(files).to_have_count(3)
    saved = {}
    for button in files.all():
        with chat.page.expect_download() as download:
            button.click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        saved[path.suffix] = path.read_bytes()
    assert saved.keys() == BEGINNINGS.keys()
    for suffix, begins in BEGINNINGS.items():
        assert saved[suffix].startswith(begins)


def test_letter_is_completed_on_its_page(chat: Chat) -> None:
    lead_to_the_day(chat)
    chat.ask("avant-hier")
    address = chat.page.get_by_role("link", name="remplir la lettre sur une page").get_attribute("href")
    assert address is not None
    chat.page.goto(address)
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Votre lettre d'opposition")
    chat.page.get_by_label("Prénom et nom").fill("Ana Exemple")
    with chat.page.expect_download() as download:
        chat.page.get_by_role("button", name="Télécharger la lettre").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def test_day_to_come_cannot_be_picked(chat: Chat) -> None:
    lead_to_the_day(chat)
    picker = chat.page.get_by_label("Choisir la date")
    expect(picker).to_have_attribute("max", ORDINARY_DAY[:10])
    picker.fill(THE_DAY_AFTER)
    chat.page.get_by_role("button", name="Confirmer").click()
    assert picker.evaluate("field => field.validity.rangeOverflow")
    expect(chat.answers).to_have_count(4)
