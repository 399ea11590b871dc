"""The widget on pages of another origin."""

import gzip

import httpx
import pytest
from playwright.sync_api import Route, expect

from bot.engine.assistant import LONGEST_TEXT
from tests.browser.chat import ANSWERING
from tests.browser.conftest import NewWidget, OpenChat
from tests.browser.host import STRICT_POLICY, Host
from tests.browser.test_accessibility import SIDEWAYS, violations_in_light_and_dark
from tests.browser.texts import DOCUMENTS, ON_TWO_PAPERS, PERSONAL_NUMBER, WHICH_STATUS
from tests.browser.widget import Widget

LARGEST_SCRIPT = 4096
"""Bytes of `widget.js` on the way."""

PHONE = {"width": 320, "height": 640}

RED, DARK_BLUE = "rgb(163, 19, 47)", "rgb(31, 78, 121)"

HOSTILE_STYLES = """<style>
body * { all: unset !important; display: none !important; font-size: 3px !important; }
html { font-size: 5px; } main, h1, p { display: block !important; }
button, dialog, iframe { position: static !important; width: 1px !important; transform: scale(9); }
</style>"""


def test_script_is_small_compressed_and_fresh_for_a_while(address: str) -> None:
    response = httpx.get(f"{address}/widget.js")
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < LARGEST_SCRIPT
    assert len(gzip.compress(response.content)) < LARGEST_SCRIPT
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in response.headers
    again = httpx.get(f"{address}/widget.js", headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_question_is_answered_in_a_frame_on_a_page_of_another_origin(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address, 'data-locale="fr"'))
    assert widget.requested == ["/widget.js"]
    widget.open()
    widget.ask(PERSONAL_NUMBER)
    expect(widget.answers).to_contain_text(ON_TWO_PAPERS)
    assert widget.page.context.cookies() == []
    assert widget.call("localStorage.length + sessionStorage.length") == 0


def test_host_with_the_policy_of_the_guide_has_nothing_to_report(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address, policy=STRICT_POLICY.format(address=address)))
    widget.open()
    widget.ask(PERSONAL_NUMBER)
    assert widget.launcher.evaluate("e => getComputedStyle(e).position") == "fixed"


def test_styles_of_the_host_do_not_reach_the_widget_nor_its_styles_the_host(
    widget: Widget, host: Host, address: str
) -> None:
    bare = widget.page.context.new_page()
    bare.goto(host.page(head=HOSTILE_STYLES))
    widget.visit(host.with_widget(address, head=HOSTILE_STYLES))
    box = widget.launcher.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert widget.launcher.evaluate("e => getComputedStyle(e).fontSize") == "16px"
    widget.open()
    panel = widget.panel.bounding_box()
    assert panel is not None
    assert panel["width"] > 300
    style = "() => JSON.stringify([...document.querySelectorAll('main *')].map(e => ({...getComputedStyle(e)})))"
    assert widget.page.evaluate(style) == bare.evaluate(style)


def test_page_that_is_not_allowed_gets_an_empty_frame(widget: Widget, stranger: Host, address: str) -> None:
    widget.visit(stranger.with_widget(address))
    with widget.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        widget.launcher.click()
    expect(widget.field).to_have_count(0)
    assert all("frame-ancestors" in text or "postMessage" in text for text in widget.complaints)
    widget.complaints.clear()
    widget.close_button.click()
    expect(widget.panel).to_be_hidden()


def test_attributes_say_colour_side_and_greeting(widget: Widget, host: Host, address: str) -> None:
    attributes = 'data-colour="#1f4e79" data-position="left" data-greeting="<b>Bonjour</b> !"'
    widget.visit(host.with_widget(address, attributes))
    expect(widget.launcher).to_have_accessible_name("<b>Bonjour</b> !")
    assert widget.launcher.evaluate("e => getComputedStyle(e).backgroundColor") == DARK_BLUE
    box = widget.launcher.bounding_box()
    assert box is not None
    assert box["x"] == 16
    widget.open()
    header = widget.frame.locator("cornavin-chat header")
    assert header.evaluate("e => getComputedStyle(e).backgroundColor") == DARK_BLUE


@pytest.mark.parametrize("colour", ["767676", pytest.param("000000", marks=pytest.mark.long)])
def test_chat_in_a_colour_of_the_host_can_be_read_in_light_and_dark(
    new_chat: OpenChat, address: str, colour: str
) -> None:
    chat = new_chat()
    chat.page.goto(f"{address}/embed?colour={colour}")
    chat.ask(DOCUMENTS)
    chat.field.fill("x" * (LONGEST_TEXT + 1))
    expect(chat.note).to_contain_text("de trop")
    for button in (chat.choices.first, chat.talk_button):
        button.hover()
        assert violations_in_light_and_dark(chat.page) == []


@pytest.mark.parametrize(
    "colour",
    ["#ffcc00", *(pytest.param(text, marks=pytest.mark.long) for text in ("red", "#12345", "#000;x:1", "url(x)"))],
)
def test_colour_that_is_none_or_too_weak_to_write_on_is_not_used(
    widget: Widget, host: Host, address: str, colour: str
) -> None:
    warnings: list[str] = []
    widget.page.on("console", lambda message: warnings.append(message.text))
    widget.visit(host.with_widget(address, f'data-colour="{colour}"'))
    assert widget.launcher.evaluate("e => getComputedStyle(e).backgroundColor") == RED
    assert any("data-colour" in text for text in warnings)


def test_open_attribute_opens_without_taking_the_focus(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address, "data-open"))
    widget.field.wait_for()
    assert widget.focused == "body"


def test_open_attribute_does_not_fill_the_window_of_a_phone(new_widget: NewWidget, host: Host, address: str) -> None:
    widget = new_widget(viewport=PHONE)
    widget.visit(host.with_widget(address, "data-open"))
    widget.page.wait_for_load_state("networkidle")
    expect(widget.panel).to_be_hidden()
    assert widget.requested == ["/widget.js"]


def test_unknown_language_is_answered_in_that_of_the_page_else_in_french(
    widget: Widget, host: Host, address: str
) -> None:
    widget.visit(host.with_widget(address, 'data-locale="constructor"', lang="xx"))
    expect(widget.launcher).to_have_accessible_name("Une question ?")
    widget.open()
    expect(widget.frame.locator("html")).to_have_attribute("lang", "fr")


def test_scripts_of_the_host_open_close_and_ask(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address))
    widget.page.locator("#before").focus()
    widget.call("Cornavin.open()")
    expect(widget.field).to_be_focused()
    widget.call("Cornavin.close()")
    expect(widget.panel).to_be_hidden()
    assert widget.focused == "before"
    widget.call(f"Cornavin.ask({DOCUMENTS!r})")
    expect(widget.answers).to_contain_text(WHICH_STATUS)
    for nothing in ('""', "' '", "5", "{}", "null", ""):
        widget.call(f"Cornavin.ask({nothing})")
    expect(widget.messages).to_have_count(2)
    assert widget.call("Object.isFrozen(Cornavin)")


def test_question_of_the_host_is_asked_once_the_frame_is_there(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address))
    widget.call(f"Cornavin.ask({PERSONAL_NUMBER!r})")
    expect(widget.answers).to_contain_text(ON_TWO_PAPERS)


def test_question_of_the_host_is_asked_after_the_one_under_way(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address))
    widget.open()
    held: list[Route] = []
    widget.page.route(ANSWERING, lambda route: route.continue_() if held else held.append(route))
    with widget.page.expect_request(ANSWERING):
        widget.call(f"Cornavin.ask({PERSONAL_NUMBER!r})")
    expect(widget.frame.get_by_role("status")).to_contain_text("Cornavin écrit")
    widget.call(f"Cornavin.ask({DOCUMENTS!r})")
    held[0].continue_()
    expect(widget.frame.locator(".messages > .user")).to_contain_text([PERSONAL_NUMBER, DOCUMENTS])
    expect(widget.frame.locator(".messages > li").last).to_contain_text("Quel statut voyez-vous")


def test_second_script_tag_changes_nothing(widget: Widget, host: Host, address: str) -> None:
    twice = f'<script src="{address}/widget.js" async></script>'
    widget.visit(host.with_widget(address, head=twice))
    widget.page.wait_for_load_state("networkidle")
    expect(widget.page.locator("cornavin-widget")).to_have_count(1)


def test_keyboard_opens_goes_in_and_closes_and_the_focus_comes_back(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address))
    keyboard = widget.page.keyboard
    keyboard.press("Tab")
    keyboard.press("Tab")
    assert widget.focused == "launcher"
    expect(widget.launcher).to_have_attribute("aria-expanded", "false")
    keyboard.press("Enter")
    expect(widget.field).to_be_focused()
    expect(widget.launcher).to_have_attribute("aria-expanded", "true")
    keyboard.press("Escape")  # inside the frame
    expect(widget.panel).to_be_hidden()
    assert widget.focused == "launcher"

    keyboard.press("Enter")
    expect(widget.field).to_be_focused()
    widget.close_button.focus()
    keyboard.press("Escape")  # outside of it
    expect(widget.panel).to_be_hidden()
    assert widget.focused == "launcher"

    keyboard.press("Space")
    widget.close_button.press("Enter")
    expect(widget.launcher).to_have_attribute("aria-expanded", "false")
    assert widget.focused == "launcher"


def test_panel_fills_a_phone_keeps_the_focus_in_and_gives_it_back(
    new_widget: NewWidget, host: Host, address: str
) -> None:
    widget = new_widget(viewport=PHONE, has_touch=True, is_mobile=True)
    widget.visit(host.with_widget(address))
    assert widget.page.evaluate(SIDEWAYS) == []
    widget.launcher.tap()
    widget.field.wait_for()
    assert widget.panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
    expect(widget.field).not_to_be_focused()
    widget.ask(PERSONAL_NUMBER)
    for _ in range(12):
        widget.page.keyboard.press("Tab")
        assert widget.focused in {"close", "iframe", "body"}
    widget.close_button.tap()
    expect(widget.panel).to_be_hidden()
    assert widget.focused == "launcher"


def test_panel_becomes_modal_when_the_window_gets_narrow_and_stands_beside_the_page_again(
    widget: Widget, host: Host, address: str
) -> None:
    def is_modal() -> bool:
        found: bool = widget.panel.evaluate("dialog => dialog.matches(':modal')")
        return found

    widget.visit(host.with_widget(address))
    widget.open()
    widget.field.fill("à moitié écrit")
    assert not is_modal()
    widget.page.set_viewport_size(PHONE)
    widget.page.wait_for_function(
        "document.querySelector('cornavin-widget').shadowRoot.querySelector('dialog').matches(':modal')"
    )
    assert widget.panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
    assert widget.focused == "iframe"
    for _ in range(12):
        widget.page.keyboard.press("Tab")
        assert widget.focused in {"close", "iframe", "body"}

    widget.page.set_viewport_size({"width": 1280, "height": 720})
    widget.page.wait_for_function(
        "!document.querySelector('cornavin-widget').shadowRoot.querySelector('dialog').matches(':modal')"
    )
    expect(widget.panel).to_be_visible()
    expect(widget.field).to_have_value("à moitié écrit")
    widget.page.locator("#before").click()
    assert widget.focused == "before"
    widget.launcher.click()
    expect(widget.panel).to_be_hidden()


def test_closing_button_covers_nothing_of_the_header_of_a_narrow_panel(
    new_widget: NewWidget, host: Host, address: str
) -> None:
    widget = new_widget(viewport=PHONE)
    widget.visit(host.with_widget(address))
    widget.open()
    widget.ask(PERSONAL_NUMBER)
    for size in (PHONE, {"width": 640, "height": 320}):
        widget.page.set_viewport_size(size)
        closing = widget.close_button.bounding_box()
        assert closing is not None
        header = widget.frame.locator("cornavin-chat header")
        for element in (*header.get_by_role("button").all(), header.get_by_role("heading")):
            box = element.bounding_box()
            assert box is not None
            beside = box["x"] + box["width"] <= closing["x"]
            below = box["y"] >= closing["y"] + closing["height"]
            assert beside or below, element


@pytest.mark.long
def test_language_is_changed_in_the_frame_with_the_conversation_the_colour_and_the_host(
    widget: Widget, host: Host, address: str
) -> None:
    speak_german(widget)
    url = host.with_widget(address, 'data-colour="#1f4e79"')
    widget.visit(url)
    widget.open()
    widget.ask(PERSONAL_NUMBER)
    widget.field.fill("et puis")
    widget.frame.get_by_role("link", name="Deutsch").click()
    expect(widget.frame.locator("html")).to_have_attribute("lang", "de")
    expect(widget.field).to_have_value("et puis")
    expect(widget.answers).to_contain_text(ON_TWO_PAPERS)
    header = widget.frame.locator("cornavin-chat header")
    assert header.evaluate("e => getComputedStyle(e).backgroundColor") == DARK_BLUE

    widget.field.press("Escape")  # is told to the host, which the new page must know for that
    expect(widget.panel).to_be_hidden()
    with widget.page.expect_request(ANSWERING) as asked:
        widget.call(f"Cornavin.ask({DOCUMENTS!r})")
    assert asked.value.post_data_json["locale"] == "de"
    expect(widget.answers).to_have_count(2)

    widget.visit(url)
    widget.open()
    expect(widget.frame.locator("html")).to_have_attribute("lang", "de")
    expect(widget.answers).to_have_count(2)
    expect(widget.field).to_have_value("")


def speak_german(widget: Widget) -> None:
    """Has the program offer German, in French words."""

    def answer(route: Route) -> None:
        response = route.fetch()
        language = "de" if "lang=de" in route.request.url else "fr"
        body = response.text().replace('lang="fr"', f'lang="{language}"').replace('locale="fr"', f'locale="{language}"')
        route.fulfill(response=response, body=body)

    told = {"notice": None, "locales": ["de", "fr"], "uploads": False}
    widget.page.route("**/embed?*", answer)
    widget.page.route("**/api/chat/service", lambda route: route.fulfill(json=told))


def test_answer_to_a_closed_panel_is_counted_on_the_button(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address))
    widget.open()
    waiting = []
    widget.page.route(
        ANSWERING, lambda route: waiting.append(route) if route.request.method == "POST" else route.continue_()
    )
    widget.field.fill(PERSONAL_NUMBER)
    with widget.page.expect_request(ANSWERING):
        widget.field.press("Enter")
    widget.close_button.click()
    expect(widget.badge).to_be_hidden()
    waiting.pop().continue_()
    expect(widget.badge).to_have_text("1")
    expect(widget.status).to_have_text("Réponses non lues : 1")
    expect(widget.launcher).to_have_accessible_description("Réponses non lues : 1")
    widget.launcher.click()
    expect(widget.badge).to_be_hidden()
    expect(widget.status).to_be_empty()


def test_conversation_is_there_again_after_a_reload_of_the_host(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address))
    widget.open()
    widget.ask(PERSONAL_NUMBER)
    widget.page.reload()
    widget.open()
    expect(widget.answers).to_contain_text(ON_TWO_PAPERS)


def test_conversation_can_be_erased_in_the_frame(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address))
    widget.open()
    widget.ask(PERSONAL_NUMBER)
    widget.frame.get_by_role("button", name="Effacer cette conversation").click()
    widget.frame.get_by_role("button", name="Oui, effacer").click()
    expect(widget.messages).to_have_count(0)


def test_axe_finds_no_violation_on_the_host_with_the_panel_closed_and_open(
    widget: Widget, host: Host, address: str
) -> None:
    widget.visit(host.with_widget(address))
    assert violations_in_light_and_dark(widget.page) == []
    widget.open()
    assert violations_in_light_and_dark(widget.page) == []


def test_button_has_an_edge_with_forced_colours_and_is_not_printed(
    new_widget: NewWidget, host: Host, address: str
) -> None:
    widget = new_widget(forced_colors="active")
    widget.visit(host.with_widget(address))
    assert widget.launcher.evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)") >= 2
    widget.page.emulate_media(media="print")
    expect(widget.launcher).to_be_hidden()


def test_widget_opened_while_the_server_was_away_works_when_it_is_back(
    widget: Widget, host: Host, address: str
) -> None:
    widget.visit(host.with_widget(address))
    away = {"status": 404, "content_type": "text/html", "body": "<!doctype html><title>502</title>"}
    widget.page.route("**/embed*", lambda route: route.fulfill(**away))
    with widget.page.expect_response("**/embed*"):
        widget.launcher.click()
    widget.close_button.click()
    widget.page.unroute("**/embed*")
    widget.open()
    widget.ask(PERSONAL_NUMBER)
    expect(widget.answers.first).to_contain_text(ON_TWO_PAPERS)


def test_escape_in_the_question_whether_to_erase_leaves_the_panel_open(
    widget: Widget, host: Host, address: str
) -> None:
    widget.visit(host.with_widget(address))
    widget.open()
    widget.ask(PERSONAL_NUMBER)
    widget.frame.get_by_role("button", name="Effacer cette conversation").click()
    question = widget.frame.get_by_role("button", name="Oui, effacer")
    expect(question).to_be_visible()
    widget.page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(widget.panel).to_be_visible()
