"""`cornavin chat`: a conversation in the terminal."""

from __future__ import annotations

import asyncio
import uuid

from rich.console import Console
from rich.markdown import Markdown

from base.settings import Settings
from bot.cli.training import ensure_trained
from conversations.models import Choice, Message, Phase, Session

CHANNEL = "terminal"
console = Console()


def talk(settings: Settings, locale: str) -> None:
    """Asks and answers until the end of the input or an interrupt; a number taps the choice with that number."""
    try:
        asyncio.run(_talk(settings, locale))
    except (EOFError, KeyboardInterrupt):
        console.print()


async def _talk(settings: Settings, locale: str) -> None:
    model = ensure_trained(settings)
    from bot.engine.assistant import Turn
    from bot.program import assembled, load_dialogue
    from conversations import store

    async with assembled(settings, load_dialogue(model)) as program:
        session: Session | None = None
        choices: tuple[Choice, ...] = ()
        while True:
            typed = await asyncio.to_thread(console.input, "[bold]> [/bold]")
            if session is None:
                async with program.database.unit_of_work() as work:
                    session, _ = await store.open_session(work, CHANNEL, program.catalogues.match(locale))
            tapped = _tapped(typed, choices)
            reply = await program.assistant.answer(Turn(session, str(uuid.uuid4()), typed, tapped))
            choices = _show(reply.messages)
            if reply.state.phase is Phase.ERASED:
                session = None


def _tapped(typed: str, choices: tuple[Choice, ...]) -> str | None:
    number = int(typed) if typed.strip().isascii() and typed.strip().isdigit() else 0
    return choices[number - 1].id if 1 <= number <= len(choices) else None


def _show(messages: tuple[Message, ...]) -> tuple[Choice, ...]:
    for message in messages:
        console.print(Markdown(message.text))
        for source in message.sources:
            console.print(f"[dim]Source : {source.title} ({source.as_of})[/dim]", highlight=False)
    choices = tuple(choice for message in messages for choice in message.choices)
    for number, choice in enumerate(choices, start=1):
        console.print(f"  [cyan]{number}[/cyan] {choice.label}", highlight=False)
    return choices
