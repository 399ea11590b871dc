"""A browser, a server, and a page that must not complain."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium, server
from tests.browser.chat import Chat
from tests.browser.host import Host, hosting
from tests.browser.visit import PATIENCE_MILLISECONDS, visiting
from tests.browser.widget import Widget

OpenChat = Callable[..., Chat]
NewWidget = Callable[..., Widget]

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="session")
def executable() -> str:
    """The path of Chromium."""
    found = chromium.find()
    if found is None:
        pytest.skip(chromium.MISSING)
    return found


@pytest.fixture(scope="package")
def browser(executable: str) -> Iterator[Browser]:
    """Chromium. Not for the whole session: while it runs, asynchronous tests cannot."""
    with chromium.running(executable) as running:
        yield running


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """A site of another origin, which may embed the chat."""
    with hosting() as site:
        yield site


@pytest.fixture(scope="session")
def stranger() -> Iterator[Host]:
    """A site of another origin, which may not."""
    with hosting() as site:
        yield site


@pytest.fixture(scope="session")
def demonstration_port() -> int:
    """Where a test may serve the page at `/`; it may embed the chat, too."""
    return server.free_port()


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the program keeps its data."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def address(executable: str, model: Path, host: Host, demonstration_port: int, server_folder: Path) -> Iterator[str]:
    """Where the program serves; not started without a browser to visit it."""
    allowed = f"{host.address},http://127.0.0.1:{demonstration_port}"
    with server.running(model, server_folder, allowed_origins=allowed) as running:
        yield running


@pytest.fixture
def new_chat(browser: Browser, address: str) -> Iterator[OpenChat]:
    """Makes chats that are not opened yet; the test fails when one of their pages complains."""
    chats: list[Chat] = []
    with ExitStack() as contexts:

        def make(**options: Any) -> Chat:
            chats.append(contexts.enter_context(visiting(browser, Chat, address, **options)))
            return chats[-1]

        yield make
    assert [complaint for chat in chats for complaint in chat.complaints] == []


@pytest.fixture
def chat(new_chat: OpenChat) -> Chat:
    """An open page with the welcome."""
    opened = new_chat()
    opened.open()
    return opened


@pytest.fixture
def new_widget(browser: Browser, address: str) -> Iterator[NewWidget]:
    """Makes pages for the widget that are not opened yet; the test fails when one of them complains."""
    widgets: list[Widget] = []
    with ExitStack() as contexts:

        def make(**options: Any) -> Widget:
            widgets.append(contexts.enter_context(visiting(browser, Widget, address, **options)))
            return widgets[-1]

        yield make
    assert [complaint for widget in widgets for complaint in widget.complaints] == []


@pytest.fixture
def widget(new_widget: NewWidget) -> Widget:
    """A page for the widget, not opened yet."""
    return new_widget()
