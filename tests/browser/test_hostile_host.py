"""A page around the frame that wants more than to open, close and ask; and frames that pretend to be ours."""

from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.host import Host
from tests.browser.texts import PERSONAL_NUMBER
from tests.browser.widget import Widget

READ = """() => {
  const frame = document.querySelector("cornavin-widget").shadowRoot.querySelector("iframe");
  const tries = {
    document: () => frame.contentDocument?.body.textContent ?? null,
    window: () => frame.contentWindow.document.body.textContent,
    storage: () => frame.contentWindow.localStorage.length,
    script: () => frame.contentWindow.eval("1"),
    address: () => frame.contentWindow.location.href,
  };
  return Object.entries(tries).filter(([, get]) => { try { return get() !== null } catch { return false } }).map(([n]) => n);
}"""

MESSAGES = """() => {
  const { contentWindow } = document.querySelector("cornavin-widget").shadowRoot.querySelector("iframe");
  const hostile = [
    null, 5, "open", [], {}, { cornavin: "erase" }, { cornavin: "constructor" }, { cornavin: "__proto__" },
    { cornavin: { toString: null } }, { cornavin: "ask" }, { cornavin: "ask", text: 5 }, { cornavin: "ask", text: ["a"] },
    { cornavin: "ask", text: "" }, { cornavin: "ask", text: "x".repeat(100000) },
  ];
  for (const message of hostile) contentWindow.postMessage(message, "*");
  window.heard = [];
  addEventListener("message", (event) => window.heard.push(JSON.stringify(event.data)));
}"""


def test_host_cannot_read_the_conversation(widget: Widget, host: Host, address: str) -> None:
    widget.visit(host.with_widget(address))
    widget.open()
    widget.ask(PERSONAL_NUMBER)
    assert widget.call(READ) == []


def test_messages_that_mean_nothing_do_nothing_and_the_host_hears_nothing_of_what_is_said(
    widget: Widget, host: Host, address: str
) -> None:
    widget.visit(host.with_widget(address))
    widget.open()
    widget.call(MESSAGES)
    widget.field.fill("")  # the text that is too long waits in it
    widget.ask(PERSONAL_NUMBER)
    expect(widget.messages).to_have_count(2)
    widget.page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    assert widget.call("window.heard") == ['{"cornavin":"close"}']


def test_other_frames_can_neither_close_the_panel_nor_count_on_the_button(
    widget: Widget, host: Host, address: str
) -> None:
    other = host.page(
        head="<script>for (const data of [{cornavin: 'close'}, {cornavin: 'unread', count: 9}])"
        " parent.postMessage(data, '*'); parent.postMessage('sent', '*')</script>"
    )
    widget.visit(host.with_widget(address))
    widget.open()
    widget.call(
        f"new Promise(done => {{ addEventListener('message', ({{data}}) => data === 'sent' && done());"
        f" document.body.append(Object.assign(document.createElement('iframe'), {{src: {other!r}, title: 'x'}})); }})"
    )
    expect(widget.panel).to_be_visible()
    widget.close_button.click()
    expect(widget.badge).to_be_hidden()


def test_frame_does_not_listen_to_frames_beside_it(widget: Widget, host: Host, address: str) -> None:
    to_frame = "parent.document.querySelector('cornavin-widget').shadowRoot.querySelector('iframe').contentWindow"
    other = host.page(
        head=f"<script>{to_frame}.postMessage({{cornavin: 'ask', text: {PERSONAL_NUMBER!r}}}, '*');"
        " parent.postMessage('sent', '*')</script>"
    )
    widget.visit(host.with_widget(address))
    widget.open()
    widget.call(
        f"new Promise(done => {{ addEventListener('message', ({{data}}) => data === 'sent' && done());"
        f" document.body.append(Object.assign(document.createElement('iframe'), {{src: {other!r}, title: 'x'}})); }})"
    )
    widget.call("Cornavin.ask('Bonjour')")
    expect(widget.messages.first).to_contain_text("Bonjour")
    expect(widget.messages).to_have_count(2)


def test_frame_that_is_no_frame_obeys_nobody(widget: Widget, address: str) -> None:
    widget.page.goto(f"{address}/embed")
    chat = Chat(widget.page, address)
    chat.field.wait_for()
    widget.call(f"postMessage({{cornavin: 'ask', text: {PERSONAL_NUMBER!r}}}, '*')")
    chat.ask("Bonjour")
    expect(chat.messages.first).to_contain_text("Bonjour")
    expect(chat.messages).to_have_count(2)
