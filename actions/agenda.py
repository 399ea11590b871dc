"""«Mes échéances»: the dates of this conversation in one list, and the reminders of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.deadline.titles import title_of
from base import clock
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark, write_day
from casework import agenda
from casework.agenda import DueDate

_LINE = mark("**{day}** : {title}.")
_LINE_LATER = mark("**{day}** : {title}. Dernier jour : {deadline}.")
_LINE_OVER = mark("**{title}** : la date sûre est passée. Dernier jour : **{deadline}**.")
_REMINDED = mark("Rappel : {days}.")


class ListDeadlines(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Lists the dates that lie ahead, with their reminders.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_list_deadlines"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        connection = unit_of_work().connection
        dues = await agenda.coming(connection, tracker.sender_id, clock.today())
        if not dues:
            dispatcher.utter_message(response="utter_no_deadlines")
            return []
        reminders = await agenda.reminders_of(connection, dues)
        lines = _lines(dues, reminders, self._catalogues[tracker.latest_message["metadata"]["locale"]])
        response = "utter_deadlines_reminded" if reminders else "utter_deadlines"
        dispatcher.utter_message(response=response, deadlines="\n".join(f"- {line}" for line in lines))
        return []


class SetReminders(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Sets reminders of every date that lies ahead.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_set_reminder"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        dues = await agenda.coming(work.connection, tracker.sender_id, clock.today())
        if not dues:
            dispatcher.utter_message(response="utter_nothing_to_remind")
            return []
        reminders = {due.id: await agenda.remind(work, due) for due in dues}
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        if not any(reminders.values()):
            dispatcher.utter_message(response="utter_too_late_to_remind")
            return []
        lines = _lines([due for due in dues if reminders[due.id]], reminders, translations)
        dispatcher.utter_message(response="utter_reminders_set", deadlines="\n".join(f"- {line}" for line in lines))
        return []


class StopReminders(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Withdraws all reminders of the conversation."""

    def name(self) -> str:
        return "action_stop_reminder"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        withdrawn = await agenda.stop_reminders(work, tracker.sender_id)
        dispatcher.utter_message(response="utter_reminders_stopped" if withdrawn else "utter_no_reminders")
        return []


def _lines(
    dues: Iterable[DueDate], reminders: Mapping[int, Sequence[datetime]], translations: Translations
) -> list[str]:
    return [_line(due, reminders.get(due.id, ()), translations) for due in dues]


def _line(due: DueDate, reminders: Sequence[datetime], translations: Translations) -> str:
    over = due.safe < clock.today()
    line = translations.translate(_LINE_OVER if over else _LINE_LATER if due.deadline > due.safe else _LINE).format(
        day=write_day(due.safe, translations.locale),
        deadline=write_day(due.deadline, translations.locale),
        title=title_of(due, translations),
    )
    if not reminders:
        return line
    days = ", ".join(write_day(at.date(), translations.locale) for at in reminders)
    return f"{line} {translations.translate(_REMINDED).format(days=days)}"
