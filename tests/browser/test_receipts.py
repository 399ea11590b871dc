"""The verification of receipts in a browser without scripts: on a phone, in light and dark."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, Page, expect

from base.settings import Settings
from base.wording import Catalogues, Translations
from bot.channels.web import receipts
from bot.channels.web.guards import RateLimits, SecurityHeaders
from bot.channels.web.rendering import FOLDER
from casework.submissions import Submission
from tests.browser.server import serving
from tests.browser.test_accessibility import SIDEWAYS, violations
from tests.support.submitted import CV, NUMBER, submission

PHONE, VERY_NARROW = {"width": 375, "height": 700}, {"width": 320, "height": 640}


@pytest.fixture
def verification() -> Iterator[str]:
    """Where the pages are served; one receipt is known."""
    settings, known = Settings(), submission(files=(CV, CV))

    async def by_number(_connection: None, number: str) -> Submission | None:
        return known if number == known.number else None

    @asynccontextmanager
    async def reading() -> AsyncIterator[None]:
        yield

    app = FastAPI()
    app.state.program = SimpleNamespace(
        submissions=SimpleNamespace(by_number=by_number),
        catalogues=Catalogues({"fr": Translations("fr")}),
        settings=settings,
        database=SimpleNamespace(reading=reading),
    )
    app.state.rate_limits = RateLimits(settings)
    app.include_router(receipts.router)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"))
    app.add_middleware(SecurityHeaders, frame_origins=())
    with serving(app) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page as narrow as the narrowest phones."""
    with browser.new_context(viewport=VERY_NARROW) as context:
        yield context.new_page()


@pytest.mark.parametrize("path", ["/recu", f"/recu/{NUMBER}", "/recu/R-AAAA-BBBB-CCCC"])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(page: Page, verification: str, path: str) -> None:
    page.goto(f"{verification}{path}")
    assert page.evaluate(SIDEWAYS) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []


def test_number_is_typed_without_scripts(browser: Browser, verification: str) -> None:
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{verification}/recu")
        field = page.get_by_label("Numéro du reçu")
        field.fill("R-AAAA-BBBB-CCCC")
        page.get_by_role("button", name="Vérifier").click()
        expect(page.get_by_role("alert")).to_contain_text("Nous ne connaissons pas ce numéro.")
        expect(field).to_have_value("R-AAAA-BBBB-CCCC")
        field.fill(NUMBER.lower().replace("-", " "))
        page.get_by_role("button", name="Vérifier").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Ce reçu vient de nous")
        assert page.url == f"{verification}/recu/{NUMBER}"
