"""«Mes échéances», «mes rappels»: the dates of this conversation and what it reminds of, in one answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.agenda.task import grouped
from actions.deadline.titles import reminded_of, title_of
from base import clock
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark, write_day, write_moment
from casework import agenda
from casework.agenda import DueDate, Reminder, Repeats

_LINE = mark("**{day}** : {title}.")
_LINE_LATER = mark("**{day}** : {title}. Dernier jour : {deadline}.")
_LINE_OVER = mark("**{title}** : la date sûre est passée. Dernier jour : **{deadline}**.")
_REMINDED = mark("Rappel : {days}.")
_AGAIN = {
    Repeats.WEEKLY: mark("puis chaque semaine"),
    Repeats.MONTHLY: mark("puis chaque mois"),
    Repeats.WORKING_DAYS: mark("puis tous les deux jours ouvrables"),
}


class ListDeadlines(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Lists the dates that lie ahead, and the reminders, numbered so that they can be named.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_list_deadlines"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        connection = unit_of_work().connection
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        dues = await agenda.coming(connection, tracker.sender_id, clock.today())
        reminders = await written_reminders(tracker.sender_id, translations)
        if not dues and not reminders:
            dispatcher.utter_message(response="utter_no_deadlines")
        if dues:
            lines = "\n".join(f"- {line(due, (), translations)}" for due in dues)
            dispatcher.utter_message(
                response="utter_deadlines_reminded" if reminders else "utter_deadlines", deadlines=lines
            )
        if reminders:
            dispatcher.utter_message(response="utter_reminders", reminders="\n".join(reminders))
        return []


def line(due: DueDate, reminders: Sequence[datetime], translations: Translations) -> str:
    """A date with when one is reminded of it."""
    over = due.safe < clock.today()
    written = translations.translate(_LINE_OVER if over else _LINE_LATER if due.deadline > due.safe else _LINE).format(
        day=write_day(due.safe, translations.locale),
        deadline=write_day(due.deadline, translations.locale),
        title=title_of(due, translations),
    )
    if not reminders:
        return written
    days = ", ".join(write_day(at.date(), translations.locale) for at in reminders)
    return f"{written} {translations.translate(_REMINDED).format(days=days)}"


async def written_reminders(session_id: str, translations: Translations) -> list[str]:
    """The reminders of a session as lines with their numbers."""
    connection = unit_of_work().connection
    groups = grouped(await agenda.ahead(connection, session_id))
    dues = {due.id: due for due in await agenda.all_of(connection, session_id)}
    return [
        f"{number}. {written_group(group, dues.get(group[0].due_date_id or 0), translations)}"
        for number, group in enumerate(groups, 1)
    ]


def written_group(group: Sequence[Reminder], due: DueDate | None, translations: Translations) -> str:
    """Reminders of one thing as one line."""
    first, *others = group
    when = write_moment(first.at, translations, with_weekday=True)
    then = "".join(f", {write_day(one.at.date(), translations.locale)}" for one in others if one.repeats is None)
    repeats = next((one.repeats for one in group if one.repeats), None)
    title = reminded_of(first.matter, first.about, due, translations)
    return f"**{when}**{then}{write_again(repeats, translations)} : {title}"


def write_again(repeats: Repeats | None, translations: Translations) -> str:
    """How a reminder comes again, as the end of when it comes first."""
    return f", {translations.translate(_AGAIN[repeats])}" if repeats else ""
