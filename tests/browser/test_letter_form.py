"""The form for a letter in a browser: criteria that a machine can check, errors by keyboard, and the download."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from conversations.documents import LetterKind
from tests.browser.test_accessibility import LONG_WORD, SIDEWAYS, ZOOM_400, violations_in_light_and_dark

pytestmark = pytest.mark.long

REST = (LetterKind.APPEAL, LetterKind.RESTITUTION)
"""Kinds whose form has the same parts as that of an objection."""

OpenForm = Callable[..., Page]


@pytest.fixture
def open_form(browser: Browser, address: str) -> Iterator[OpenForm]:
    """Opens forms in a browser without scripts; the test fails when a page complains of anything but a refused form."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "422" not in message.text:
            complaints.append(message.text)

    with ExitStack() as contexts:

        def open_page(kind: LetterKind | None = None, **options: Any) -> Page:
            page = contexts.enter_context(browser.new_context(**options)).new_page()
            page.on("console", note)
            page.goto(f"{address}/lettre" + (f"?kind={kind}" if kind else ""))
            return page

        yield open_page
    assert complaints == []


def send_with_errors(page: Page) -> None:
    page.locator("#decided").fill("31.02.2026")
    page.locator("#received").fill("12.03.2026")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize(
    "kind",
    [LetterKind.OBJECTION, *(pytest.param(kind, marks=pytest.mark.long) for kind in REST), None],
)
def test_axe_finds_no_violation(open_form: OpenForm, kind: LetterKind | None) -> None:
    page = open_form(kind)
    assert violations_in_light_and_dark(page) == []
    if kind is not None:
        send_with_errors(page)
        assert violations_in_light_and_dark(page) == []


@pytest.mark.parametrize("kind", [*LetterKind, None])
def test_nothing_scrolls_sideways_at_400_percent(open_form: OpenForm, kind: LetterKind | None) -> None:
    page = open_form(kind, viewport=ZOOM_400)
    assert page.evaluate(SIDEWAYS) == []
    if kind is not None:
        page.locator("#reasons").fill(LONG_WORD)
        send_with_errors(page)
        assert page.evaluate(SIDEWAYS) == []


def test_errors_have_the_focus_and_lead_to_their_fields_without_scripts(open_form: OpenForm) -> None:
    page = open_form(LetterKind.OBJECTION, java_script_enabled=False)
    page.locator("#reasons").fill("Ligne un.\nLigne deux.")
    send_with_errors(page)
    expect(page).to_have_title("Erreur : Votre lettre d'opposition – Cornavin")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Date de la décision")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#decided")).to_be_focused()
    expect(page.locator("#decided")).to_have_accessible_description(re.compile("^Erreur : Cette date n.existe pas"))
    expect(page.locator("#reasons")).to_have_value("Ligne un.\nLigne deux.")


def test_letter_is_saved_under_its_name(open_form: OpenForm) -> None:
    page = open_form(LetterKind.RESTITUTION, java_script_enabled=False)
    page.locator("#name").fill("Zoë Müller")
    with page.expect_download() as started:
        page.get_by_role("button").click()
    assert started.value.suggested_filename == "Demande de restitution de délai.pdf"
    assert Path(started.value.path()).read_bytes().startswith(b"%PDF-")
