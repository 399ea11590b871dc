"""Pictures of the page for the documentation: `python -m tests.browser.screenshots OUTDIR`."""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import ViewportSize

from base.settings import Settings
from bot.cli.training import ensure_trained
from tests.browser import chromium, server
from tests.browser.chat import Chat
from tests.browser.texts import DOCUMENTS, PERSONAL_NUMBER, UNDER_REVIEW
from tests.browser.visit import visiting
from tests.browser.widget import Widget

FUND_LETTER = "décision de la caisse reçue le 5 mars par courrier normal, délai d'opposition ?"


@dataclass(frozen=True)
class Picture:
    """One picture.

    Args:
        name: Of its file, without the ending.
        prepare: Leads the conversation to what the picture shows.
        viewport: Size of the window, in CSS pixels.
        options: Of the browser context, such as `color_scheme`.
    """

    name: str
    prepare: Callable[[Chat], None]
    viewport: ViewportSize
    options: dict[str, Any]


def _deadline(chat: Chat) -> None:
    answer = chat.ask(FUND_LETTER)
    answer.scroll_into_view_if_needed()


def _form(chat: Chat) -> None:
    chat.ask(DOCUMENTS)
    chat.choose(UNDER_REVIEW)


PICTURES = (
    Picture("phone", _deadline, {"width": 390, "height": 780}, {"device_scale_factor": 2}),
    Picture("phone-dark", _form, {"width": 390, "height": 780}, {"device_scale_factor": 2, "color_scheme": "dark"}),
)


def take(folder: Path) -> None:
    """Takes all pictures into a folder.

    Raises:
        SystemExit: When Chromium is not installed.
    """
    executable = chromium.find()
    if executable is None:
        sys.exit(chromium.MISSING)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        server.running(ensure_trained(Settings()), Path(data)) as address,
        chromium.running(executable) as browser,
    ):
        for picture in PICTURES:
            with visiting(browser, Chat, address, viewport=picture.viewport, **picture.options) as chat:
                chat.open()
                picture.prepare(chat)
                chat.field.blur()
                chat.page.screenshot(path=folder / f"{picture.name}.png")
        with visiting(browser, Widget, address, viewport={"width": 1280, "height": 800}) as widget:
            widget.visit(f"{address}/")
            widget.open()
            widget.ask(PERSONAL_NUMBER)
            widget.page.screenshot(path=folder / "desktop.png")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.browser.screenshots OUTDIR")
    take(Path(sys.argv[1]))
