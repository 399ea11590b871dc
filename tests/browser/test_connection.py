"""Keeping up with the conversation: streams that break, other tabs, a server that restarts, no network."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser import server
from tests.browser.chat import ANSWERING, STREAMING, Chat
from tests.browser.conftest import OpenChat
from tests.browser.texts import (
    DISCONNECTED,
    DOCUMENTS,
    ENDED,
    ERASED,
    IS_IT_AVS,
    NOT_AVS,
    OFFLINE,
    ON_TWO_PAPERS,
    PERSONAL_NUMBER,
    STILL_OPEN,
    UNDER_REVIEW,
    WHICH_STATUS,
)
from tests.browser.visit import visiting

RETURN_MILLISECONDS = 60_000
"""How long the page may take to find the server again after it was away."""

REFUSE_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined })"


def say_elsewhere(chat: Chat, text: str) -> None:
    """Says something in the conversation of the page, but not on the page."""
    httpx.post(
        f"{chat.address}/api/chat/messages",
        json={"client_id": f"elsewhere {text}", "text": text},
        headers=chat.authorization(),
    ).raise_for_status()


def second_tab(chat: Chat) -> Chat:
    """Another tab of the same browser."""
    other = Chat(chat.page.context.new_page(), chat.address)
    other.open()
    return other


def test_message_that_was_not_asked_for_here_comes_by_itself_and_is_announced_once(chat: Chat) -> None:
    with chat.page.expect_response(STREAMING):
        chat.ask(PERSONAL_NUMBER)
    say_elsewhere(chat, DOCUMENTS)
    expect(chat.answers.nth(1)).to_contain_text(WHICH_STATUS)
    expect(chat.messages).to_have_count(4)
    expect(chat.choices.filter(has_text=UNDER_REVIEW)).to_be_enabled()
    expect(chat.log.get_by_text(WHICH_STATUS)).to_have_count(1)


def test_stream_goes_on_from_the_last_message(chat: Chat) -> None:
    positions: list[str | None] = []

    def cut(route: Route) -> None:
        positions.append(route.request.headers.get("last-event-id"))
        if len(positions) == 1:
            route.fulfill(status=200, content_type="text/event-stream", body=": cut\n\n")
        else:
            route.continue_()

    chat.page.route(STREAMING, cut)
    with chat.page.expect_response(STREAMING):
        chat.ask(PERSONAL_NUMBER)
    say_elsewhere(chat, DOCUMENTS)
    expect(chat.answers.nth(1)).to_contain_text(WHICH_STATUS)
    ids = [str(message["id"]) for message in chat.transcript()]
    assert positions == [ids[1], ids[1]]
    expect(chat.messages).to_have_count(4)


def test_messages_come_by_waiting_requests_where_streams_do_not_get_through(chat: Chat) -> None:
    chat.end_streams()
    with chat.page.expect_request("**/api/chat/messages?after=*&wait=*"):
        chat.ask(PERSONAL_NUMBER)
    say_elsewhere(chat, DOCUMENTS)
    expect(chat.answers.nth(1)).to_contain_text(WHICH_STATUS)
    expect(chat.messages).to_have_count(4)


@pytest.mark.parametrize(
    "locks", [True, pytest.param(False, marks=pytest.mark.long)], ids=["with locks", "without locks"]
)
def test_tabs_stay_in_step(new_chat: OpenChat, locks: bool) -> None:
    chat = new_chat()
    if not locks:
        chat.page.context.add_init_script(REFUSE_LOCKS)
    chat.open()
    other = second_tab(chat)
    chat.ask(PERSONAL_NUMBER)
    expect(other.answers).to_contain_text(ON_TWO_PAPERS)
    other.choose(IS_IT_AVS)
    expect(chat.answers.nth(1)).to_contain_text(NOT_AVS)
    for tab in (chat, other):
        expect(tab.messages).to_have_count(4)
        expect(tab.unsent).to_have_count(0)
    sent = [turn["client_id"] for turn in chat.sent + other.sent]
    assert len(sent) == len(set(sent)) == 2
    assert chat.said() == [PERSONAL_NUMBER, IS_IT_AVS]

    chat.erase()
    expect(other.alert).to_have_text(ENDED)
    expect(other.messages).to_have_count(0)
    other.ask(DOCUMENTS)
    expect(chat.answers).to_contain_text(WHICH_STATUS)
    assert other.complaints == []


def test_what_is_written_without_a_connection_survives_a_reload_and_is_sent_once(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.forgive_failed_requests()
    chat.page.route(ANSWERING, lambda route: route.abort())
    chat.submit(DOCUMENTS)
    expect(chat.alert).to_have_text(OFFLINE)
    first = chat.sent[-1]
    chat.page.unroute(ANSWERING)
    chat.page.reload()
    expect(chat.answers.nth(1)).to_contain_text(WHICH_STATUS)
    expect(chat.messages).to_have_count(4)
    assert chat.sent[-1] == first
    assert chat.said() == [PERSONAL_NUMBER, DOCUMENTS]
    assert chat.page.evaluate("Object.keys(localStorage)") == ["cornavin.session"]


def test_page_left_while_a_turn_is_under_way_finds_its_answer_when_it_is_back(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.forgive_failed_requests()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        chat.page.evaluate("setTimeout(() => location.reload())")

    chat.page.route(ANSWERING, lose_the_answer, times=1)
    chat.submit(DOCUMENTS)
    expect(chat.answers.nth(1)).to_contain_text(WHICH_STATUS)
    expect(chat.unsent).to_have_count(0)
    expect(chat.messages).to_have_count(4)
    assert chat.said() == [PERSONAL_NUMBER, DOCUMENTS]


def test_turn_that_could_not_be_sent_can_be_given_up(chat: Chat) -> None:
    with chat.page.expect_response(STREAMING):
        chat.ask(DOCUMENTS)
    with chat.offline():
        chat.submit("à ne pas envoyer")
        chat.discard_button.click()
        expect(chat.unsent).to_have_count(0)
        expect(chat.field).to_be_focused()
        expect(chat.alert).to_have_text(DISCONNECTED)
    expect(chat.alert).to_have_count(0)
    expect(chat.choose(UNDER_REVIEW)).to_contain_text(STILL_OPEN)
    assert chat.said() == [DOCUMENTS, f"« {UNDER_REVIEW} »"]


def test_missing_network_is_said_without_anything_to_send(chat: Chat) -> None:
    with chat.page.expect_response(STREAMING):
        chat.ask(PERSONAL_NUMBER)
    with chat.offline():
        expect(chat.alert).to_have_text(DISCONNECTED)
    expect(chat.alert).to_have_count(0)


def test_missing_network_is_said_above_what_happened_before(chat: Chat) -> None:
    chat.ask(PERSONAL_NUMBER)
    chat.erase()
    expect(chat.alert).to_have_text(ERASED)
    with chat.offline():
        expect(chat.alert).to_have_text([DISCONNECTED, ERASED])
    expect(chat.alert).to_have_text(ERASED)


def test_streams_that_are_stopped_here_do_not_count_as_failed(chat: Chat) -> None:
    with chat.page.expect_response(STREAMING):
        chat.ask(PERSONAL_NUMBER)
    for _ in range(4):
        with chat.page.expect_request(STREAMING):
            chat.page.evaluate("dispatchEvent(new Event('online'))")  # leaves the stream that is open
    say_elsewhere(chat, DOCUMENTS)
    expect(chat.answers.nth(1)).to_contain_text(WHICH_STATUS)
    assert [url for url in chat.asked if "wait=" in url] == []


def test_session_that_ends_is_said_and_nothing_of_it_stays(chat: Chat) -> None:
    with chat.page.expect_response(STREAMING):
        chat.ask(PERSONAL_NUMBER)
    chat.forgive_failed_requests()
    erased = f"{chat.address}/api/chat/sessions/{chat.session()['session_id']}"
    httpx.delete(erased, headers=chat.authorization()).raise_for_status()
    expect(chat.alert).to_contain_text("Cette conversation n'est plus ouverte.")
    expect(chat.messages).to_have_count(0)
    assert chat.page.evaluate("localStorage.length") == 0
    expect(chat.ask(DOCUMENTS)).to_contain_text(WHICH_STATUS)
    expect(chat.alert).to_have_count(0)


@pytest.mark.long
def test_server_that_restarts_in_the_middle_of_a_form_loses_and_doubles_nothing(
    browser: Browser, model: Path, tmp_path: Path
) -> None:
    port = server.free_port()
    with visiting(browser, Chat, f"http://127.0.0.1:{port}") as chat:
        with server.running(model, tmp_path, port):
            chat.open()
            chat.ask(DOCUMENTS)
            chat.forgive_failed_requests()
        expect(chat.alert).to_have_text(DISCONNECTED)
        chat.choices.filter(has_text=UNDER_REVIEW).click()
        expect(chat.alert).to_have_text(OFFLINE)
        chat.submit(PERSONAL_NUMBER)
        with server.running(model, tmp_path, port):
            expect(chat.answers.nth(2)).to_contain_text(ON_TWO_PAPERS, timeout=RETURN_MILLISECONDS)
            expect(chat.answers.nth(1)).to_contain_text(STILL_OPEN)
            expect(chat.messages).to_have_count(6)
            expect(chat.unsent).to_have_count(0)
            expect(chat.alert).to_have_count(0)
            assert chat.said() == [DOCUMENTS, f"« {UNDER_REVIEW} »", PERSONAL_NUMBER]
            say_elsewhere(chat, DOCUMENTS)
            expect(chat.answers.nth(3)).to_contain_text(WHICH_STATUS, timeout=RETURN_MILLISECONDS)
        assert chat.complaints == []
