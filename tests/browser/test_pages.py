"""The pages around the chat, and the conversation without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Page, expect

from base.wording import Catalogues, Translations
from bot.channels.web import site
from bot.channels.web.guards import SecurityHeaders
from bot.channels.web.rendering import FOLDER
from bot.engine.assistant import LONGEST_TEXT
from tests.browser.conftest import NewWidget
from tests.browser.server import serving
from tests.browser.test_accessibility import LONG_WORD, SIDEWAYS, violations, violations_in_light_and_dark
from tests.browser.texts import (
    DOCUMENTS,
    ERASED,
    ON_TWO_PAPERS,
    PERSONAL_NUMBER,
    REGISTRATION,
    STILL_OPEN,
    UNDER_REVIEW,
    WHICH_STATUS,
)
from tests.browser.widget import Widget

PAGES = ("/", "/chat/simple", "/integration", "/accessibility", "/confidentialite")

NARROW = {"width": 320, "height": 640}


@pytest.fixture
def page(widget: Widget) -> Page:
    """A page of the program, not opened yet; it must not complain."""
    return widget.page


@pytest.fixture
def plain(new_widget: NewWidget, address: str) -> Page:
    """The conversation in a browser without JavaScript, narrow as a phone."""
    page = new_widget(java_script_enabled=False, viewport=NARROW).page
    page.goto(f"{address}/chat/simple")
    return page


class Wordy(Translations):
    """A language of long words."""

    def translate(self, text: str) -> str:
        return f"{text} {LONG_WORD}"


@pytest.fixture
def demonstration(demonstration_port: int, address: str) -> Iterator[str]:
    """The pages around the chat served from another origin than the widget on them, as on two machines."""
    app = FastAPI()
    app.state.program = SimpleNamespace(
        catalogues=Catalogues({"fr": Translations("fr"), "de": Wordy("de")}),
        settings=SimpleNamespace(widget_origin=address, allowed_origins=(), told_url=None),
    )
    app.include_router(site.router)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"))
    app.add_middleware(SecurityHeaders, frame_origins=(), widget_origin=address)
    with serving(app, demonstration_port) as running:
        yield running


def test_page_of_demonstration_asks_the_widget_of_another_origin(
    widget: Widget, demonstration: str, address: str
) -> None:
    widget.visit(f"{demonstration}/")
    widget.page.get_by_role("link", name=PERSONAL_NUMBER).click()
    expect(widget.answers).to_contain_text(ON_TWO_PAPERS)
    assert widget.page.url == f"{demonstration}/"
    assert widget.requested[0] == "/widget.js"


def test_page_of_demonstration_works_from_one_origin_too(widget: Widget, address: str) -> None:
    widget.visit(f"{address}/")
    widget.open()
    widget.ask(DOCUMENTS)
    expect(widget.answers).to_contain_text(WHICH_STATUS)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation_on_pages_and_nothing_scrolls_sideways(page: Page, address: str, path: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{address}{path}")
    page.wait_for_load_state("networkidle")
    assert (
        page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    )  # code and tables scroll by themselves
    assert violations_in_light_and_dark(page) == []


@pytest.mark.long
@pytest.mark.parametrize("path", ["/", "/integration", "/accessibility"])
def test_pages_in_a_language_of_long_words_fit_a_narrow_window(
    new_widget: NewWidget, demonstration: str, path: str
) -> None:
    page = new_widget(viewport=NARROW).page
    page.goto(f"{demonstration}{path}?lang=de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", level=1)).to_contain_text(LONG_WORD)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    for link in page.get_by_role("navigation").get_by_role("link").all():
        assert "lang=de" in str(link.get_attribute("href"))
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/", "/chat", "/embed"])
def test_pages_that_need_scripts_lead_to_the_conversation_without(
    new_widget: NewWidget, address: str, path: str
) -> None:
    page = new_widget(java_script_enabled=False).page
    page.goto(f"{address}{path}")
    link = page.get_by_role("link", name="Ouvrir la conversation sans JavaScript")
    if path == "/embed":  # no other page of ours can be framed by a host
        with page.expect_popup() as popup:
            link.click()
        page = popup.value
    else:
        link.click()
    assert page.url == f"{address}/chat/simple"


def test_question_of_the_page_is_in_the_field_without_javascript(new_widget: NewWidget, address: str) -> None:
    page = new_widget(java_script_enabled=False).page
    page.goto(f"{address}/")
    page.get_by_role("link", name=REGISTRATION).click()
    expect(page.get_by_label("Votre message")).to_have_value(REGISTRATION)


def test_first_tab_leads_to_the_content(page: Page, address: str) -> None:
    page.goto(f"{address}/integration")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_conversation_without_javascript(plain: Page) -> None:
    plain.get_by_label("Votre message").fill(DOCUMENTS)
    plain.get_by_role("button", name="Envoyer", exact=True).click()
    answers = plain.locator("li.bot")
    expect(answers).to_contain_text(WHICH_STATUS)
    expect(plain.locator("li.user")).to_be_in_viewport()
    plain.get_by_role("button", name=UNDER_REVIEW).click()
    expect(answers.last).to_contain_text(STILL_OPEN)
    plain.reload()
    expect(answers).to_have_count(2)

    plain.get_by_role("button", name="Effacer cette conversation").click()
    plain.get_by_role("button", name="Effacer cette conversation").click()
    expect(plain.get_by_role("status")).to_have_text(ERASED)
    expect(plain.get_by_role("listitem").filter(has_text=DOCUMENTS)).to_have_count(0)
    assert plain.context.cookies() == []


def test_what_is_wrong_is_seen_at_once_in_a_long_conversation(plain: Page) -> None:
    for _ in range(2):
        plain.get_by_role("button", name="Parler à quelqu'un").click()
    plain.get_by_label("Votre message").fill("x" * (LONGEST_TEXT + 5))
    plain.get_by_role("button", name="Envoyer", exact=True).click()
    expect(plain.get_by_role("alert")).to_contain_text("5 caractères de trop")
    expect(plain.get_by_role("alert")).to_be_in_viewport(ratio=0.99)  # a page is scrolled by whole pixels
    expect(plain.get_by_label("Votre message")).to_have_accessible_description(re.compile("5 caractères de trop"))


def test_empty_field_is_refused_by_the_browser_and_choices_are_not(plain: Page) -> None:
    plain.get_by_role("button", name="Envoyer", exact=True).click()
    expect(plain.locator("li.user")).to_have_count(0)
    plain.get_by_role("button", name=PERSONAL_NUMBER).click()
    expect(plain.locator("li.bot")).to_contain_text(ON_TWO_PAPERS)


def test_conversation_without_javascript_is_accessible(page: Page, address: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{address}/chat/simple")
    page.get_by_role("button", name=PERSONAL_NUMBER).click()
    page.locator("summary").click()
    page.get_by_role("button", name="Effacer cette conversation").click()
    page.get_by_role("heading", name="Effacer cette conversation").wait_for()
    assert violations_in_light_and_dark(page) == []
    assert page.evaluate(SIDEWAYS) == []
