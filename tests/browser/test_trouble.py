"""What goes wrong between the page and the program: nothing is lost, and nothing is said twice."""

import json

import pytest
from playwright.sync_api import Route, expect

from tests.browser.chat import ANSWERING, Chat
from tests.browser.conftest import OpenChat
from tests.browser.texts import (
    DOCUMENTS,
    OFFLINE,
    ON_TWO_PAPERS,
    PERSONAL_NUMBER,
    STILL_OPEN,
    UNDER_REVIEW,
    WHICH_STATUS,
)

pytestmark = pytest.mark.long

REFUSE_STORAGE = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
});
"""


FILL_STORAGE = """
Storage.prototype.setItem = () => { throw new DOMException("The quota has been exceeded.", "QuotaExceededError"); };
void 0;
"""


def test_message_that_cannot_be_sent_is_kept_and_sent_once_when_the_network_is_back(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    with chat.offline():
        chat.submit(DOCUMENTS)
        expect(chat.alert).to_have_text(OFFLINE)
        expect(chat.page.get_by_text("Non envoyé.")).to_be_visible()
        expect(chat.page.get_by_text(DOCUMENTS)).to_be_visible()
        chat.retry_button.click()
        expect(chat.alert).to_have_text(OFFLINE)
    expect(chat.answers.nth(1)).to_contain_text(WHICH_STATUS)
    expect(chat.alert).to_have_count(0)
    expect(chat.page.get_by_text("Non envoyé.")).to_have_count(0)
    assert chat.said() == [PERSONAL_NUMBER, DOCUMENTS]


def test_very_first_message_is_kept_without_a_connection(chat: Chat) -> None:
    with chat.offline():
        chat.submit(PERSONAL_NUMBER)
        expect(chat.retry_button).to_be_visible()
    expect(chat.answers).to_contain_text(ON_TWO_PAPERS)
    assert chat.said() == [PERSONAL_NUMBER]


def test_answer_that_gets_lost_is_fetched_again_and_the_message_counts_once(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.forgive_failed_requests()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    chat.page.route(ANSWERING, lose_the_answer, times=1)
    chat.submit(DOCUMENTS)
    expect(chat.answers.nth(1)).to_contain_text(WHICH_STATUS)
    expect(chat.messages).to_have_count(4)
    assert chat.said() == [PERSONAL_NUMBER, DOCUMENTS]
    _, lost, repeated = chat.sent
    assert lost == repeated


def test_what_is_written_without_a_connection_is_sent_once_and_in_its_order(chat: Chat) -> None:
    chat.ask(DOCUMENTS)
    with chat.offline():
        chat.choices.filter(has_text=UNDER_REVIEW).click()
        expect(chat.retry_button).to_be_visible()
        for choice in chat.choices.all():
            expect(choice).to_be_disabled()
        chat.submit(PERSONAL_NUMBER)
        expect(chat.unsent).to_contain_text([UNDER_REVIEW, PERSONAL_NUMBER])
    expect(chat.answers.nth(2)).to_contain_text(ON_TWO_PAPERS)
    expect(chat.answers.nth(1)).to_contain_text(STILL_OPEN)
    expect(chat.unsent).to_have_count(0)
    assert chat.said() == [DOCUMENTS, f"« {UNDER_REVIEW} »", PERSONAL_NUMBER]


def test_problem_of_the_program_is_said_in_its_words(chat: Chat) -> None:
    chat.forgive_failed_requests()
    detail = "Le service est momentanément indisponible."
    chat.page.route(ANSWERING, lambda route: route.fulfill(status=503, json={"detail": detail}), times=1)
    chat.submit(PERSONAL_NUMBER)
    expect(chat.alert).to_have_text(detail)
    expect(chat.retry()).to_contain_text(ON_TWO_PAPERS)


def test_message_to_a_conversation_that_is_gone_begins_a_new_one(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    session = json.loads(chat.page.evaluate("localStorage.getItem('cornavin.session')"))
    chat.page.request.delete(
        f"{chat.address}/api/chat/sessions/{session['session_id']}",
        headers={"authorization": f"Bearer {session['token']}"},
    )
    chat.forgive_failed_requests()
    chat.submit(DOCUMENTS)
    expect(chat.alert).to_contain_text("Cette conversation n'est plus ouverte.")
    expect(chat.retry()).to_contain_text(WHICH_STATUS)
    assert chat.said() == [DOCUMENTS]


def test_conversation_works_where_storage_is_refused(new_chat: OpenChat) -> None:
    chat = new_chat()
    chat.page.add_init_script(REFUSE_STORAGE)
    chat.open()
    expect(chat.ask(DOCUMENTS)).to_contain_text(WHICH_STATUS)
    expect(chat.choose(UNDER_REVIEW)).to_contain_text(STILL_OPEN)
    chat.erase()
    expect(chat.examples).to_have_count(3)


@pytest.mark.parametrize("full_from", ["the beginning", "the second message"])
def test_conversation_goes_on_where_storage_is_full(new_chat: OpenChat, full_from: str) -> None:
    chat = new_chat()
    if full_from == "the beginning":
        chat.page.add_init_script(FILL_STORAGE)
    chat.open()
    expect(chat.ask(DOCUMENTS)).to_contain_text(WHICH_STATUS)
    chat.page.evaluate(FILL_STORAGE)
    expect(chat.choose(UNDER_REVIEW)).to_contain_text(STILL_OPEN)
    expect(chat.ask(PERSONAL_NUMBER)).to_contain_text(ON_TWO_PAPERS)
    expect(chat.unsent).to_have_count(0)
    expect(chat.messages).to_have_count(6)
    assert len({turn["client_id"] for turn in chat.sent}) == len(chat.sent) == 3
    assert chat.page.evaluate("localStorage.getItem('cornavin.outbox')") is None


@pytest.mark.parametrize("file", ["chat/page-styles.js", pytest.param("vendor/lit.js", marks=pytest.mark.long)])
def test_page_leads_to_the_conversation_without_scripts_when_a_script_does_not_come(
    new_chat: OpenChat, file: str
) -> None:
    chat = new_chat()
    chat.forgive_failed_requests()
    chat.page.route(f"**/static/{file}", lambda route: route.abort())
    chat.page.goto(f"{chat.address}/chat")
    chat.page.get_by_role("link", name="Ouvrir la conversation sans JavaScript").click()
    assert chat.page.url == f"{chat.address}/chat/simple"


def test_page_says_nothing_of_scripts_when_they_come(chat: Chat) -> None:
    expect(chat.page.get_by_text("La conversation ne s'affiche pas ?")).to_be_hidden()


def test_conversation_begins_anew_when_what_is_remembered_is_useless(chat: Chat) -> None:
    chat.forgive_failed_requests()
    for remembered in ("{", "5", '{"session_id": "x", "token": "unknown"}'):
        chat.page.evaluate("text => localStorage.setItem('cornavin.session', text)", remembered)
        chat.page.reload()
        expect(chat.examples).to_have_count(3)
        expect(chat.ask(PERSONAL_NUMBER)).to_contain_text(ON_TWO_PAPERS)
