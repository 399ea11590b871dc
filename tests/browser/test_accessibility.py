"""Criteria that a machine can check: WCAG 2.2 AA by axe, reflow, languages, and what is announced."""

import json
import re
from collections.abc import Callable, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from bot.engine.assistant import LONGEST_TEXT
from tests.browser.chat import ANSWERING, READING, ApiMessage, Chat
from tests.browser.conftest import OpenChat
from tests.browser.files import a_pdf, a_photo
from tests.browser.texts import (
    DOCUMENTS,
    IS_IT_AVS,
    NOT_AVS,
    ON_TWO_PAPERS,
    PERSONAL_NUMBER,
    STILL_OPEN,
    UNDER_REVIEW,
    WHICH_STATUS,
)

CRITERIA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

LIVE_REGIONS = "[aria-live]:not([aria-live=off]), [role=log], [role=status], [role=alert]"

ZOOM_400 = {"width": 320, "height": 256}
"""What WCAG 1.4.10 asks for: a window of 1280 by 1024 at 400 %."""

NARROW = {"width": 320, "height": 640}

LENGTHENED = {"subtitle", "welcome", "notice", "talk", "keep", "erase", "send", "placeholder", "retry", "discard"}
LENGTHENED |= {
    "not_sent",
    "offline",
    "step_of",
    "confirm",
    "comment",
    "send_comment",
    "thanks",
    "writing",
    "too_long",
    "erase_confirm",
}
"""Strings that may be longer without a test losing what it looks for."""

TABLE = (
    "| Condition | Ce que je vois | Base |\n| --- | --- | --- |\n"
    "| Contrat à durée indéterminée | je ne peux pas le dire | art. 30 al. 1 LMC, état 2008, a changé depuis |"
)

LONG_WORD = "Arbeitslosenentschädigungsbemessungsgrundlagenverordnung"

SIDEWAYS = """() => {
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      const scrolls = getComputedStyle(element).overflowX !== "visible";
      const hidden = element.matches(".visually-hidden");
      if (!hidden && (scrolls || element === document.documentElement) && element.scrollWidth > element.clientWidth)
        found.push(element.localName);
      if (!hidden && element.getBoundingClientRect().right > innerWidth + 1) found.push(element.outerHTML.slice(0, 80));
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return found;
}"""

NOTE_ADDITIONS = """log => {
  window.announced = [];
  const isSaid = (node) => (node.closest ? node : node.parentElement)?.closest("[aria-live]").ariaLive === "polite";
  const note = ({ addedNodes }) =>
    window.announced.push(...Array.from(addedNodes).filter(isSaid).map((node) => node.textContent));
  new MutationObserver((records) => records.forEach(note)).observe(log, { childList: true, subtree: true });
}"""
"""Notes what is added to the log and not kept from being announced."""


OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that can find something else in the other scheme."""


def violations(page: Page, only: Sequence[str] = CRITERIA) -> list[str]:
    """What axe finds wrong, a line for each criterion; of all criteria, or of some rules only."""
    page.wait_for_load_state()  # With its styles: what was just submitted may have its text before them.
    options = {"runOnly": list(only), "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {rule['help']} {[node['target'] for node in rule['nodes']]}" for rule in found]


def violations_in_light_and_dark(page: Page) -> list[str]:
    """What axe finds wrong, in both schemes."""
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    return found + violations(page, OF_COLOURS)


def welcome(chat: Chat) -> None:
    expect(chat.examples).to_have_count(3)


def answer_with_sources_open(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.sources.click()


def form_with_choices(chat: Chat) -> None:
    chat.ask(DOCUMENTS)
    expect(chat.choices).to_have_count(4)


def offline_error(chat: Chat) -> None:
    chat.ask(DOCUMENTS)
    with chat.offline():
        chat.choices.filter(has_text=UNDER_REVIEW).click()
        expect(chat.retry_button).to_be_visible()


def text_that_is_too_long(chat: Chat) -> None:
    chat.field.fill("mot " * LONGEST_TEXT)
    expect(chat.note).to_contain_text("de trop")


def step_with_date(chat: Chat) -> None:
    chat.change_state(step=3, steps=5, expects="past_date", slot="notification_date")
    chat.ask(DOCUMENTS)
    expect(chat.page.get_by_label("Choisir la date")).to_be_visible()


def step_with_month(chat: Chat) -> None:
    chat.change_state(step=1, expects="month")
    chat.ask(DOCUMENTS)
    expect(chat.page.get_by_label("Choisir le mois")).to_be_visible()


def table_with_files_of_an_agent(chat: Chat) -> None:
    file = {"id": "1", "name": "lettre.pdf", "mime": "application/pdf", "url": "/api/chat/files/1"}
    chat.replace_answers(text=TABLE, author="agent", attachments=[file])
    expect(chat.ask(PERSONAL_NUMBER).get_by_role("table")).to_be_visible()


def opinion_with_comment(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER).get_by_role("button", name="Réponse utile").click()
    expect(chat.page.get_by_label("Un commentaire ?")).to_be_visible()


def notice_languages_and_uploads(chat: Chat) -> None:
    told = {"notice": "Job-Room est fermé dimanche.", "locales": ["de", "fr"], "uploads": True}
    chat.page.route("**/api/chat/service", lambda route: route.fulfill(json=told))
    chat.page.route("**/api/chat/files", lambda route: route.fulfill(status=413, json={"detail": "Trop grand."}))
    chat.forgive_failed_requests()
    chat.open()
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x"}
    chat.page.locator("#files").set_input_files([file])
    expect(chat.alert).to_be_visible()


def files_before_they_are_sent(chat: Chat) -> None:
    with chat.page.expect_response("**/api/chat/files"):
        chat.page.locator("#files").set_input_files([a_pdf(), a_photo()])
    expect(chat.page.get_by_role("listitem").filter(has_text="prêt à être envoyé")).to_have_count(2)


def files_in_the_history(chat: Chat) -> None:
    files_before_they_are_sent(chat)
    chat.field.press("Enter")
    expect(chat.choices).to_have_count(4)


def question_whether_to_erase(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.erase_button.click()
    expect(chat.page.get_by_role("dialog")).to_be_visible()


STATES = (
    question_whether_to_erase,
    welcome,
    answer_with_sources_open,
    form_with_choices,
    offline_error,
    text_that_is_too_long,
    step_with_date,
    step_with_month,
    table_with_files_of_an_agent,
    opinion_with_comment,
    notice_languages_and_uploads,
    files_before_they_are_sent,
    files_in_the_history,
)


LIKE_OTHERS = {
    text_that_is_too_long,
    step_with_month,
    opinion_with_comment,
    files_in_the_history,
    offline_error,
    question_whether_to_erase,
    notice_languages_and_uploads,
    form_with_choices,
}
"""States that are much like others, and are looked at with the long tests."""


@pytest.mark.parametrize(
    "state", [pytest.param(one, marks=pytest.mark.long) if one in LIKE_OTHERS else one for one in STATES]
)
def test_axe_finds_no_violation_in_light_and_dark(chat: Chat, state: Callable[[Chat], None]) -> None:
    state(chat)
    assert violations_in_light_and_dark(chat.page) == []


def test_table_is_read_from_top_to_bottom_on_a_phone(new_chat: OpenChat) -> None:
    chat = new_chat(viewport=NARROW)
    chat.open()
    chat.replace_answers(text=TABLE)
    table = chat.ask(PERSONAL_NUMBER).get_by_role("table")
    cells = [cell.bounding_box() for cell in table.get_by_role("cell").all()]
    assert len(cells) == 3, "what it is for a screen reader stays"
    tops = [cell["y"] for cell in cells if cell]
    assert tops == sorted(set(tops))
    assert chat.page.evaluate(SIDEWAYS) == []


@pytest.mark.long
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_no_violation_and_nothing_scrolls_sideways_on_a_narrow_page_in_long_words(
    new_chat: OpenChat, state: Callable[[Chat], None]
) -> None:
    chat = new_chat(viewport=NARROW)
    chat.page.route(re.compile(rf"{re.escape(chat.address)}/chat(\?.*)?$"), lengthen)
    chat.open()
    expect(chat.page.locator("header")).to_contain_text(LONG_WORD)
    state(chat)
    assert chat.page.evaluate(SIDEWAYS) == []
    assert violations(chat.page) == []


def lengthen(route: Route) -> None:
    """Gives the page as if it were German: every visible text that is no name for a test grows by half, in one word."""
    response = route.fetch()

    def longer(found: re.Match[str]) -> str:
        strings = json.loads(found[2])
        for name, text in strings.items():
            if name in LENGTHENED:
                strings[name] = f"{text} {LONG_WORD}"
        return found[1] + json.dumps(strings, ensure_ascii=False)

    body = re.sub(r'(<script type="application/json" id="strings">)([^<]*)', longer, response.text())
    assert LONG_WORD in body
    route.fulfill(response=response, body=body.replace('lang="fr"', 'lang="de"', 1))


def test_every_control_is_large_enough_to_be_hit(chat: Chat) -> None:
    notice_languages_and_uploads(chat)
    chat.change_state(expects="date", step=1)
    chat.ask(PERSONAL_NUMBER).get_by_role("button", name="Réponse utile").click()
    expect(chat.page.get_by_label("Un commentaire ?")).to_be_visible()
    for control in chat.page.locator("button, summary, input:not([hidden]), select, textarea, nav a").all():
        box = control.bounding_box()
        if box is not None:
            assert min(box["width"], box["height"]) >= 24, control


def test_buttons_beside_an_answer_are_not_announced_with_it(chat: Chat) -> None:
    answer = chat.ask(PERSONAL_NUMBER)
    expect(answer.locator("[aria-live=off]").get_by_role("button", name="Réponse utile")).to_be_visible()
    expect(answer.locator("[aria-live=off]").locator("summary")).to_be_visible()


def test_dark_scheme_is_dark(chat: Chat) -> None:
    def lightness() -> float:
        found: float = chat.page.locator("cornavin-chat").evaluate(
            "chat => Math.max(...getComputedStyle(chat).backgroundColor.match(/[0-9]+/g).map(Number)) / 255"
        )
        return found

    chat.page.emulate_media(color_scheme="light")
    assert lightness() > 0.9
    chat.page.emulate_media(color_scheme="dark")
    assert lightness() < 0.25


def test_nothing_scrolls_sideways_at_400_percent_even_with_long_words(new_chat: OpenChat) -> None:
    chat = new_chat(viewport=ZOOM_400)
    chat.open()
    assert chat.page.evaluate(SIDEWAYS) == []
    chat.replace_answers(
        text=f"**{LONG_WORD}**\n\n- {LONG_WORD} [{LONG_WORD}](https://www.ge.ch/{LONG_WORD})",
        choices=[{"id": "x", "label": f"{LONG_WORD} ?"}],
        sources=[
            {
                "id": "x",
                "title": LONG_WORD,
                "url": f"https://www.ge.ch/{LONG_WORD}",
                "article": f"Art. 1 {LONG_WORD}",
                "as_of": "2026-01-31",
                "standing": "dated",
            }
        ],
    )
    chat.ask(LONG_WORD)
    chat.sources.click()
    chat.field.fill(LONG_WORD * 50)
    assert chat.page.evaluate(SIDEWAYS) == []
    with chat.offline():
        chat.submit(LONG_WORD)
        expect(chat.retry_button).to_be_visible()
    assert chat.page.evaluate(SIDEWAYS) == []


def test_everything_can_be_reached_at_400_percent_with_an_error_and_a_long_text(new_chat: OpenChat) -> None:
    chat = new_chat(viewport=ZOOM_400)
    chat.open()
    with chat.offline():
        chat.submit(PERSONAL_NUMBER)
        expect(chat.alert).to_be_in_viewport(ratio=1)
        expect(chat.retry_button).to_be_in_viewport(ratio=0.99)
        chat.field.fill("mot " * LONGEST_TEXT)
        for element in (chat.field, chat.send_button, chat.note):
            expect(element).to_be_in_viewport(ratio=1)
        chat.retry_button.focus()
        expect(chat.retry_button).to_be_in_viewport(ratio=0.99)


def test_page_and_each_message_say_their_language(chat: Chat) -> None:
    expect(chat.page.locator("html")).to_have_attribute("lang", "fr")
    chat.ask(PERSONAL_NUMBER)
    chat.replace_answers(lang="de")
    chat.ask(DOCUMENTS)
    languages = [message.get_attribute("lang") for message in chat.messages.all()]
    assert languages == ["fr", "fr", "fr", "de"]


def test_exactly_one_live_region_holds_the_answer_and_announces_it_once(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    regions = chat.page.locator(LIVE_REGIONS).filter(has_text=ON_TWO_PAPERS)
    expect(regions).to_have_count(1)
    expect(regions).to_have_role("log")
    expect(regions).to_have_attribute("aria-live", "polite")

    regions.evaluate(NOTE_ADDITIONS)
    chat.ask(DOCUMENTS)
    announced = " ".join(chat.page.evaluate("window.announced"))
    assert announced.count(DOCUMENTS) == 1
    assert announced.count(WHICH_STATUS) == 1
    assert ON_TWO_PAPERS not in announced


def test_answer_that_gets_the_focus_is_read_for_that_and_not_announced_too(chat: Chat) -> None:
    def announced() -> str:
        return " ".join(chat.page.evaluate("window.announced.splice(0)"))

    def add_an_answer(messages: list[ApiMessage]) -> None:
        messages.append({**messages[-1], "id": messages[-1]["id"] + 1, "text": "Autre chose."})

    chat.ask(DOCUMENTS)
    chat.log.evaluate(NOTE_ADDITIONS)
    chat.choose(UNDER_REVIEW)
    expect(chat.answers.nth(1)).to_be_focused()
    assert STILL_OPEN not in announced()
    chat.ask(PERSONAL_NUMBER)
    expect(chat.field).to_be_focused()
    assert announced().count(ON_TWO_PAPERS) == 1

    chat.change_history(add_an_answer)
    chat.choose(IS_IT_AVS)
    expect(chat.answers.nth(3)).to_be_focused()
    heard = announced()
    assert NOT_AVS not in heard
    assert heard.count("Autre chose.") == 1


def test_answer_is_announced_to_someone_who_writes_meanwhile(chat: Chat) -> None:
    chat.ask(DOCUMENTS)
    chat.log.evaluate(NOTE_ADDITIONS)
    with chat.held(ANSWERING):
        chat.choices.filter(has_text=UNDER_REVIEW).click()
        chat.field.press_sequentially("encore")
    expect(chat.answers).to_have_count(2)
    expect(chat.field).to_be_focused()
    assert " ".join(chat.page.evaluate("window.announced")).count(STILL_OPEN) == 1


def test_log_does_not_announce_what_was_said_before_the_page_was_opened(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    with chat.held(READING):
        chat.page.reload()
        expect(chat.field).to_be_visible()
        expect(chat.log).to_have_count(0)
        expect(chat.examples).to_have_count(0)
    expect(chat.messages).to_have_count(2)


def test_waiting_is_announced_and_choices_rest_meanwhile(chat: Chat) -> None:
    chat.ask(DOCUMENTS)
    with chat.held(ANSWERING):
        chat.choices.filter(has_text=UNDER_REVIEW).click()
        expect(chat.status).to_contain_text("Cornavin écrit…")
        for choice in chat.choices.all():
            expect(choice).to_be_disabled()
    expect(chat.answers).to_have_count(2)
    expect(chat.status).to_be_empty()
