"""Everything that a person reads goes through the wording: a made-up language shows what does not."""

from __future__ import annotations

import html
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pypdf import PdfReader

from base.settings import Settings
from base.wording import Catalogues, Translations, placeholders
from base.wording.extraction import TEMPLATE, extracted
from base.wording.filling import without_placeholders
from bot.channels.web import embedding, letter_form, letters, page, problems, simple
from bot.channels.web.app import create_app
from bot.channels.web.rendering import plain
from bot.documents import letter
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled, load_dialogue
from conversations.documents import Format, Letter, LetterKind, Recipient
from tests.support.conversing import talking
from tests.support.project import responses

PAGES = ("/", "/chat", "/embed", "/chat/simple", "/integration", "/accessibility")

OPEN, CLOSE = "⟦", "⟧"


class PseudoTranslations(Translations):
    """Brackets every text that was extracted, and refuses those that were not."""

    def __init__(self) -> None:
        super().__init__("de")
        self._known = {message.id for message in extracted() if message.id}

    def translate(self, text: str) -> str:
        if not any(c.isalpha() for c in text.replace("{", " ").split("}")[-1]) and text not in self._known:
            return text  # nothing but placeholders
        assert text in self._known, f"not extracted: {text!r}"
        return f"{OPEN}{text}{CLOSE}"


@pytest.fixture(scope="module")
def pseudo_dialogue(model: Path) -> Dialogue:
    return load_dialogue(model, Catalogues({"fr": Translations("fr"), "de": PseudoTranslations()}))


@pytest.fixture
async def pseudo(settings: Settings, pseudo_dialogue: Dialogue) -> AsyncIterator[Program]:
    async with assembled(settings, pseudo_dialogue) as program:
        yield program


def is_translated(text: str) -> bool:
    return text.startswith(OPEN) and text.endswith(CLOSE)


SAYINGS = {
    "utter_too_long": "bla " * 600,
    "utter_unreadable": "...",
    "utter_not_understood": "hein zut xylophone",
    "utter_ask_documents_status": "puis-je envoyer des documents",
    "utter_case_opened": "je veux parler à quelqu'un",
    "utter_nothing_to_cancel": "annule tout",
    "utter_crisis": "je veux mourir",
    "utter_not_covered": "combien je vais toucher par mois",
}
"""What a person types to get a response that no choice leads to."""


@pytest.mark.parametrize("text", SAYINGS.values(), ids=SAYINGS.keys())
async def test_answers_to_typed_text_are_translated_with_their_choices(pseudo: Program, text: str) -> None:
    async with talking(pseudo.assistant, pseudo.database, locale="de") as talk:
        reply = await talk.say(text)
    for message in reply.messages:
        assert message.lang == "de"
        assert is_translated(message.text)
        assert all(is_translated(choice.label) or choice.label.startswith("«") for choice in message.choices)


WORDED = [name for name, variations in responses().items() if without_placeholders(variations[0]["text"]).strip()]


def test_every_response_is_translated(pseudo_dialogue: Dialogue) -> None:
    written = {}
    for name in WORDED:
        values = {
            placeholder: "…"
            for variation in responses()[name]
            for is_fact, placeholder in placeholders(variation["text"])
            if not is_fact
        }
        written[name] = pseudo_dialogue.write(name, "de", **values).text
    assert {name: text for name, text in written.items() if not is_translated(text)} == {}


async def test_sources_are_translated(pseudo: Program) -> None:
    async with talking(pseudo.assistant, pseudo.database, locale="de") as talk:
        reply = await talk.say("jusqu'à quand puis-je m'inscrire")
    sources = reply.messages[0].sources
    assert sources
    for source in sources:
        assert is_translated(source.title)
        assert source.article is None or is_translated(source.article)


async def test_page_and_problems_are_translated(pseudo: Program) -> None:
    translations = pseudo.catalogues["de"]
    assert all(is_translated(text) for text in page.strings(translations).values())
    assert all(is_translated(translations.translate(text)) for text in problems.WORDING.values())
    transport = httpx.ASGITransport(app=create_app(pseudo), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
        refused = await client.get("/api/chat/messages", headers={"accept-language": "de-CH,fr;q=0.5"})
        pages = [await client.get(f"{path}?lang=de") for path in PAGES]
    assert is_translated(refused.json()["detail"])
    assert refused.headers["content-language"] == "de"
    for shown in pages:
        assert shown.status_code == 200
        assert 'lang="de"' in shown.text
        assert OPEN in shown.text


async def test_conversation_without_javascript_is_translated(pseudo: Program) -> None:
    translations = pseudo.catalogues["de"]
    assert all(is_translated(translations.translate(text)) for text in simple.STRINGS.values())
    transport = httpx.ASGITransport(app=create_app(pseudo))
    async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
        answered = await client.post("/chat/simple?lang=de", data={"ticket": "invented"})
    assert OPEN + simple.STRINGS["not_ours"].replace("'", "&#39;") in plain(answered.text)


async def test_widget_speaks_every_language(pseudo: Program) -> None:
    body = embedding.script(pseudo.catalogues)
    for text in embedding.STRINGS.values():
        escaped = json.dumps(text).strip('"').replace("'", "\\u0027")
        assert escaped in body
        assert json.dumps(OPEN).strip('"') + escaped in body


async def test_page_for_letters_is_translated_and_says_that_the_letter_is_french(pseudo: Program) -> None:
    translations = pseudo.catalogues["de"]
    assert all(is_translated(text) for text in letters.strings(translations).values())
    assert all(is_translated(translations.translate(text)) for text in letter_form.MESSAGES.values())
    transport = httpx.ASGITransport(app=create_app(pseudo), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
        shown = await client.get("/lettre?kind=objection&lang=de")
        made = await client.post("/lettre?kind=objection&lang=de")
    assert 'lang="de"' in shown.text
    assert letters.STRINGS["in_french"] in plain(html.unescape(shown.text))
    assert "Opposition.pdf" in made.headers["content-disposition"]
    assert PdfReader(io.BytesIO(made.content)).root_object["/Lang"] == "fr-CH"


@pytest.mark.parametrize(
    "recipient",
    [Recipient.FUND, *(pytest.param(one, marks=pytest.mark.long) for one in (Recipient.OCE, Recipient.COURT, None))],
)
@pytest.mark.parametrize("kind", LetterKind)
def test_letters_are_translated(kind: LetterKind, recipient: Recipient | None) -> None:
    translations = PseudoTranslations()
    text = letter.compose(Letter(letter=kind, format=Format.PDF, recipient=recipient), letter.Details(), translations)
    sections = (*text.sections, text.enclosures)
    labelled = (text.place_and_date, *text.references)
    parts = [
        *(text.blank, text.subject, text.salutation, text.closing, text.signature),
        *(one.label for one in labelled),
        *(one.heading for one in sections),
        *(part for one in sections for part in one.parts),
        *(one.value for one in labelled),
        *(*text.sender, *text.request),
    ]
    assert all(is_translated(part if isinstance(part, str) else part.hint) for part in parts)


def test_the_template_of_the_catalogues_is_up_to_date() -> None:
    committed = TEMPLATE.read_text(encoding="utf-8")
    missing = [
        message.id
        for message in extracted()
        if message.id and message.id.split("\n")[0][:40] not in committed.replace('"\n"', "")
    ]
    assert missing == [], "run 'make i18n'"
