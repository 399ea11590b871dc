"""`cornavin cases`: what waits for a human."""

from __future__ import annotations

import asyncio

from babel import Locale
from babel.dates import format_datetime
from rich.console import Console
from rich.table import Table
from rich.text import Text

import conversations.tables  # noqa: F401  # cases refer to its tables
from base.database import Database
from base.settings import Settings
from base.wording import write_day
from bot.helpdesk.wording import OFFICES, language, topic
from casework.access import Actor
from casework.cases import Case, Urgency, note_reading, open_cases
from casework.triage import Reason


def list_cases(settings: Settings) -> None:
    """Prints the open cases as a table, in French and in the order in which they are worked on: agents read it."""
    found = asyncio.run(_open_cases(settings))
    console = Console()
    if not found:
        console.print("Aucun cas ouvert.")
        return
    table = Table("Numéro", "Ouvert", "Service", "Sujet", "Langue", "Urgence", "Agent", "Dernier message")
    for case in found:
        said = [line.text for line in case.transcript if line.author == "user"]
        is_urgent = case.urgency in {Urgency.IMMEDIATE, Urgency.PRESSING}
        table.add_row(
            case.number,
            format_datetime(case.opened_at, "d MMM y, HH:mm", locale="fr_CH"),
            OFFICES[case.office],
            topic(case.topic),
            language(case.language),
            Text(_why(case), style="bold red" if is_urgent else ""),
            Text(case.agent_name or ""),
            Text(said[-1] if said else ""),  # what people write is no markup
        )
    console.print(table)


def _why(case: Case) -> str:
    """Why it stands where it does, for instance «date sûre dans 3 jours ouvrables, lundi 16 mars 2026»."""
    position, safe = case.position, case.safe
    if position.reason is Reason.DANGER:
        return "crise, d'abord"
    if safe is None or position.days_left is None:
        return "par ordre d'attente"
    day, days = write_day(safe, Locale("fr", "CH")), position.days_left
    if position.reason is Reason.PASSED:
        return f"date sûre passée, {day}"
    if position.reason is Reason.TODAY:
        return f"date sûre aujourd'hui, {day}"
    return f"date sûre dans {days} jour{'s' if days > 1 else ''} ouvrable{'s' if days > 1 else ''}, {day}"


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
