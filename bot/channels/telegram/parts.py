"""A message of a conversation as what is sent for it: one or several texts, the last with its choices, and documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from base.wording import Translations
from base.wording.filling import write
from bot.channels.source_groups import SourceGroup, grouped
from bot.channels.telegram import markup, wording
from conversations.documents import AnyRecipe, MyData
from conversations.models import Choice, Message, Source


@dataclass(frozen=True)
class Text:
    """A text, as Telegram's HTML.

    Args:
        html: At most `markup.LONGEST_TEXT` characters.
        choices: What may be tapped under it.
    """

    html: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Document:
    """A file.

    Args:
        recipe: What it is made from.
    """

    recipe: AnyRecipe


Part = Text | Document


def parts_of(
    message: Message, recipes: Sequence[AnyRecipe], translations: Translations, public_url: str
) -> tuple[Part, ...]:
    """What is sent for a message.

    Args:
        recipes: Of its files.
        translations: The language of the message.
        public_url: Where our own pages are.
    """
    text = message.text
    if any(isinstance(recipe, MyData) for recipe in recipes):
        text = translations.translate(wording.NOT_ON_TELEGRAM).format(url=public_url)
    texts = markup.messages((*markup.blocks(text), *_sources(message.sources, translations)))
    return (
        *(Text(html) for html in texts[:-1]),
        *(Text(html, message.choices) for html in texts[-1:]),
        *(Document(recipe) for recipe in recipes if not isinstance(recipe, MyData)),
    )


def keyboard(choices: Iterable[Choice]) -> InlineKeyboardMarkup | None:
    """Choices as buttons, one in each row, so that their texts can be read on a phone."""
    rows = [[InlineKeyboardButton(choice.label, callback_data=choice.id)] for choice in choices]
    return InlineKeyboardMarkup(rows) if rows else None


def _sources(sources: tuple[Source, ...], translations: Translations) -> tuple[str, ...]:
    if not sources:
        return ()
    lines = [f"• {_source(group, translations)}" for group in grouped(sources)]
    return ("\n".join([f"<i>{translations.translate(wording.SOURCES)}</i>", *lines]),)


def _source(group: SourceGroup, translations: Translations) -> str:
    named = [markup.link(group.text.title, group.url)]
    named += [markup.link(source.article or "", group.url_of(source)) for source in group.articles]
    as_of = group.text.as_of
    written = write(date.fromisoformat(as_of), translations.locale) if as_of.count("-") == 2 else as_of
    state = [translations.translate(wording.AS_OF).format(date=written)]
    if group.text.standing == "dated":
        state.append(translations.translate(wording.DATED))
    return f"{', '.join(named)} <i>({', '.join(state)})</i>"
