"""Conversations on the page: asking, choosing, coming back, erasing."""

import pytest
from playwright.sync_api import expect

from bot.engine.assistant import LONGEST_TEXT
from tests.browser.chat import ANSWERING, READING, Chat
from tests.browser.conftest import OpenChat
from tests.browser.texts import (
    DOCUMENTS,
    ERASED,
    IS_IT_AVS,
    NOT_AVS,
    ON_TWO_PAPERS,
    PERSONAL_NUMBER,
    STILL_OPEN,
    UNDER_REVIEW,
    WHICH_STATUS,
)


def test_question_typed_is_answered_with_its_source_in_the_disclosure(chat: Chat) -> None:
    answer = chat.ask(PERSONAL_NUMBER)
    expect(answer).to_contain_text(ON_TWO_PAPERS)
    expect(chat.messages.first).to_contain_text(PERSONAL_NUMBER)
    expect(chat.field).to_have_value("")
    expect(chat.examples).to_have_count(0)

    source = answer.locator("details li").filter(has_text="ge.ch")
    expect(source).to_be_hidden()
    chat.sources.click()
    expect(source).to_be_visible()
    expect(source).to_contain_text("état : 2026")


def test_choice_tapped_is_said_and_answered_and_leaves_the_choices_of_the_latest_answer_only(chat: Chat) -> None:
    first = chat.ask(PERSONAL_NUMBER)
    second = chat.choose(IS_IT_AVS)
    expect(chat.messages.nth(2)).to_contain_text(IS_IT_AVS)
    expect(second).to_contain_text(NOT_AVS)
    offered = first.get_by_role("group", name="Réponses proposées")
    expect(offered).to_have_count(0)
    expect(second.get_by_role("group", name="Réponses proposées")).to_be_visible()


def test_form_asks_and_answers(chat: Chat) -> None:
    expect(chat.ask(DOCUMENTS)).to_contain_text(WHICH_STATUS)
    expect(chat.choose(UNDER_REVIEW)).to_contain_text(STILL_OPEN)
    assert len(chat.transcript()) == 4


def test_reload_in_the_middle_of_a_form_keeps_the_conversation_and_its_place(chat: Chat) -> None:
    chat.ask(DOCUMENTS)
    chat.page.reload()
    expect(chat.answers).to_contain_text(WHICH_STATUS)
    expect(chat.choose(UNDER_REVIEW)).to_contain_text(STILL_OPEN)
    expect(chat.messages).to_have_count(4)


def test_latest_question_stands_at_the_top_so_that_its_answer_is_read_from_the_first_line(new_chat: OpenChat) -> None:
    chat = new_chat(viewport={"width": 390, "height": 500})
    chat.open()
    chat.ask(PERSONAL_NUMBER)
    chat.ask(PERSONAL_NUMBER)
    for _ in ("asked", "read again"):
        expect(chat.messages.nth(2)).to_be_in_viewport(ratio=1)
        expect(chat.messages.nth(1).locator(".text")).not_to_be_in_viewport()
        chat.page.reload()


def test_erasing_asks_first_and_leaves_nothing_here_and_nothing_to_come_back_to(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.erase_button.click()
    chat.erase_no.click()
    expect(chat.erase_button).to_be_focused()
    expect(chat.messages).to_have_count(2)
    assert len(chat.transcript()) == 2

    session = chat.page.evaluate("localStorage.getItem('cornavin.session')")
    chat.erase()
    expect(chat.alert).to_have_text(ERASED)
    expect(chat.messages).to_have_count(0)
    expect(chat.examples).to_have_count(3)
    expect(chat.field).to_be_focused()
    assert chat.page.evaluate("localStorage.length") == 0

    chat.page.evaluate("session => localStorage.setItem('cornavin.session', session)", session)
    chat.forgive_failed_requests()
    with chat.page.expect_response(READING) as reading:
        chat.page.reload()
    assert reading.value.status == 401
    expect(chat.examples).to_have_count(3)
    expect(chat.messages).to_have_count(0)


def test_conversation_erased_while_an_answer_is_under_way_stays_erased(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.forgive_failed_requests()
    with chat.held(ANSWERING):
        chat.submit("un message de trop")
        expect(chat.status).to_contain_text("Cornavin écrit…")
        chat.erase()
        expect(chat.alert).to_have_text(ERASED)
    expect(chat.status).to_be_empty()
    expect(chat.page.get_by_text("un message de trop")).to_have_count(0)
    expect(chat.retry_button).to_have_count(0)
    chat.ask(PERSONAL_NUMBER)
    expect(chat.messages).to_have_count(2)


def test_message_written_from_right_to_left_stays_on_the_side_of_the_person(chat: Chat) -> None:
    chat.ask("مرحبا")
    bubble = chat.messages.first.locator(".text").bounding_box()
    log = chat.log.bounding_box()
    assert bubble is not None
    assert log is not None
    assert bubble["x"] + bubble["width"] == pytest.approx(log["x"] + log["width"], abs=1)
    assert bubble["width"] < log["width"] / 2


def test_shift_enter_makes_a_new_line_and_the_field_grows(chat: Chat) -> None:
    def height() -> float:
        found: float = chat.field.evaluate("field => field.getBoundingClientRect().height")
        return found

    chat.field.press_sequentially("Bonjour,")
    before = height()
    chat.field.press("Shift+Enter")
    chat.field.press_sequentially("une question")
    expect(chat.field).to_have_value("Bonjour,\nune question")
    assert height() > before
    assert chat.sent == []


def test_message_without_words_is_not_sent(chat: Chat) -> None:
    for text in ("", "   ", "\n\n"):
        chat.submit(text)
        expect(chat.send_button).to_be_disabled()
    assert chat.sent == []


def test_text_that_is_too_long_is_counted_not_sent_and_not_lost(chat: Chat) -> None:
    text = "é" * (LONGEST_TEXT + 7)
    chat.submit(text)
    expect(chat.note).to_have_text("7 caractères de trop")
    expect(chat.field).to_have_attribute("aria-invalid", "true")
    expect(chat.send_button).to_be_disabled()
    expect(chat.field).to_have_value(text)
    assert chat.sent == []

    for _ in range(7):
        chat.field.press("Backspace")
    expect(chat.note).not_to_contain_text("de trop")
    expect(chat.field).to_have_attribute("aria-invalid", "false")
    expect(chat.send_button).to_be_enabled()


def test_characters_are_counted_as_the_program_counts_them(chat: Chat) -> None:
    chat.field.fill("😀" * LONGEST_TEXT)
    expect(chat.send_button).to_be_enabled()
    chat.field.fill("😀" * (LONGEST_TEXT + 2))
    expect(chat.note).to_have_text("2 caractères de trop")


def test_person_in_crisis_is_given_numbers_to_tap(chat: Chat) -> None:
    answer = chat.ask("je veux mourir")
    for number in ("144", "117", "112", "143", "147"):
        link = answer.get_by_role("link", name=number, exact=True)
        expect(link).to_have_attribute("href", f"tel:{number}")
        assert link.get_attribute("target") is None
