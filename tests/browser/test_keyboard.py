"""The page without a pointer: every step can be taken, and the focus is never lost."""

from playwright.sync_api import Locator, expect

from tests.browser.chat import ANSWERING, ApiMessage, Chat
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

MOST_STOPS = 20

SHOWS_FOCUS = """() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return element === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
}"""


def go_to(chat: Chat, target: Locator, key: str = "Tab") -> None:
    """Presses Tab until the element has the focus; every stop on the way must show that it has it."""
    for _ in range(MOST_STOPS):
        chat.page.keyboard.press(key)
        assert chat.page.evaluate(SHOWS_FOCUS)
        if chat.has_focus(target):
            return
    raise AssertionError(f"{key} does not reach {target}")


def test_whole_conversation_by_tab_enter_and_space(chat: Chat) -> None:
    keyboard = chat.page.keyboard
    go_to(chat, chat.examples.filter(has_text=DOCUMENTS))
    keyboard.press("Enter")
    question = chat.answers.first
    expect(question).to_contain_text(WHICH_STATUS)
    expect(question).to_be_focused()
    assert chat.page.evaluate(SHOWS_FOCUS)

    go_to(chat, chat.choices.filter(has_text=UNDER_REVIEW))
    keyboard.press("Space")
    answer = chat.answers.nth(1)
    expect(answer).to_contain_text(STILL_OPEN)
    expect(answer).to_be_focused()

    go_to(chat, chat.sources)
    keyboard.press("Enter")
    expect(answer.locator("details li").first).to_be_visible()

    go_to(chat, chat.field)
    keyboard.type(PERSONAL_NUMBER)
    keyboard.press("Enter")
    expect(chat.answers.nth(2)).to_contain_text(ON_TWO_PAPERS)
    expect(chat.field).to_be_focused()

    keyboard.type(DOCUMENTS)
    go_to(chat, chat.send_button)
    keyboard.press("Space")
    expect(chat.answers.nth(3)).to_contain_text(WHICH_STATUS)
    expect(chat.field).to_be_focused()

    go_to(chat, chat.erase_button, "Shift+Tab")
    keyboard.press("Enter")
    expect(chat.erase_no).to_be_focused()
    keyboard.press("Escape")
    expect(chat.erase_button).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(chat.erase_yes).to_be_focused()
    keyboard.press("Enter")
    expect(chat.messages).to_have_count(0)
    expect(chat.field).to_be_focused()


def test_choice_that_fails_hands_its_focus_to_retry_and_retry_to_the_answer(chat: Chat) -> None:
    keyboard = chat.page.keyboard
    with chat.offline():
        go_to(chat, chat.examples.filter(has_text=PERSONAL_NUMBER))
        keyboard.press("Enter")
        expect(chat.retry_button).to_be_focused()
        keyboard.press("Enter")
        expect(chat.alert).to_be_visible()
        expect(chat.retry_button).to_be_focused()
    keyboard.press("Enter")
    expect(chat.answers).to_contain_text(ON_TWO_PAPERS)
    expect(chat.answers).to_be_focused()


def test_typed_message_that_fails_leaves_the_focus_in_the_field(chat: Chat) -> None:
    with chat.offline():
        chat.submit(PERSONAL_NUMBER)
        expect(chat.retry_button).to_be_visible()
        expect(chat.field).to_be_focused()
        go_to(chat, chat.retry_button, "Shift+Tab")


def test_answer_does_not_take_the_focus_from_someone_who_writes(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    with chat.held(ANSWERING):
        chat.choices.filter(has_text=IS_IT_AVS).click()
        chat.field.press_sequentially("encore")
    expect(chat.answers.nth(1)).to_contain_text(NOT_AVS)
    expect(chat.status).to_be_empty()
    expect(chat.field).to_be_focused()
    expect(chat.field).to_have_value("encore")


def test_first_of_several_answers_takes_the_focus(chat: Chat) -> None:
    def add_an_answer(messages: list[ApiMessage]) -> None:
        messages.append({**messages[-1], "id": messages[-1]["id"] + 1, "text": "Autre chose."})

    chat.change_history(add_an_answer)
    chat.examples.filter(has_text=PERSONAL_NUMBER).click()
    expect(chat.answers).to_have_count(2)
    expect(chat.answers.first).to_be_focused()


def test_opinion_is_given_and_left_by_keyboard(chat: Chat) -> None:
    keyboard = chat.page.keyboard
    chat.ask(PERSONAL_NUMBER)
    helpful = chat.page.get_by_role("button", name="Réponse utile")
    go_to(chat, helpful, "Shift+Tab")
    keyboard.press("Space")
    expect(helpful).to_have_attribute("aria-pressed", "true")
    expect(helpful).to_be_focused()
    comment = chat.page.get_by_label("Un commentaire ?")
    go_to(chat, comment)
    keyboard.press("Escape")
    expect(comment).to_have_count(0)
    expect(helpful).to_be_focused()


def test_month_is_picked_by_keyboard_and_the_focus_goes_to_the_answer(chat: Chat) -> None:
    keyboard = chat.page.keyboard
    chat.change_state(expects="month")
    chat.ask(DOCUMENTS)
    go_to(chat, chat.page.get_by_label("Choisir le mois"), "Shift+Tab")
    keyboard.press("ArrowDown")
    go_to(chat, chat.page.get_by_role("button", name="Confirmer"))
    keyboard.press("Enter")
    expect(chat.answers.nth(1)).to_be_focused()


def test_turn_is_given_up_by_keyboard_and_the_focus_goes_to_the_field(chat: Chat) -> None:
    with chat.offline():
        chat.submit(PERSONAL_NUMBER)
        go_to(chat, chat.discard_button, "Shift+Tab")
        chat.page.keyboard.press("Enter")
        expect(chat.unsent).to_have_count(0)
        expect(chat.field).to_be_focused()


def test_copy_and_person_are_reached_by_keyboard(chat: Chat) -> None:
    go_to(chat, chat.talk_button)
    chat.page.keyboard.press("Enter")
    expect(chat.answers).to_have_count(1)
    expect(chat.talk_button).to_be_focused()
    go_to(chat, chat.keep_button)
    with chat.page.expect_download():
        chat.page.keyboard.press("Enter")
    expect(chat.keep_button).to_be_focused()
