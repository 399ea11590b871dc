"""`cornavin cases`: what waits for a human."""

from __future__ import annotations

import asyncio

from babel.dates import format_datetime
from rich.console import Console
from rich.table import Table
from rich.text import Text

import conversations.tables  # noqa: F401  # cases refer to its tables
from base.database import Database
from base.settings import Settings
from casework.access import Actor
from casework.cases import Case, Urgency, note_reading, open_cases


def list_cases(settings: Settings) -> None:
    """Prints the open cases as a table, in French: agents read it."""
    found = asyncio.run(_open_cases(settings))
    console = Console()
    if not found:
        console.print("Aucun cas ouvert.")
        return
    table = Table("Numéro", "Ouvert", "Sujet", "Langue", "Urgence", "Dernier message")
    for case in found:
        said = [line.text for line in case.transcript if line.author == "user"]
        table.add_row(
            case.number,
            format_datetime(case.opened_at, "d MMM y, HH:mm", locale="fr_CH"),
            case.topic,
            case.language,
            "[bold red]immédiate[/bold red]" if case.urgency is Urgency.IMMEDIATE else "normale",
            Text(said[-1] if said else ""),  # what people write is no markup
        )
    console.print(table)


async def _open_cases(settings: Settings) -> tuple[Case, ...]:
    database = Database(settings.database_url)
    try:
        await database.migrate()
        async with database.unit_of_work() as work:
            found = await open_cases(work.connection)
            await note_reading(work, found, Actor.OPERATOR)
            return found
    finally:
        await database.close()
