"""«Mes échéances»: the dates of this conversation in one list, and the reminders of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.deadline.titles import title_of
from actions.tasks import Question, Said, Task, TaskDraft, resumed
from base import clock
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark, write_day
from casework import agenda, drafts
from casework.agenda import DueDate

_LINE = mark("**{day}** : {title}.")
_LINE_LATER = mark("**{day}** : {title}. Dernier jour : {deadline}.")
_LINE_OVER = mark("**{title}** : la date sûre est passée. Dernier jour : **{deadline}**.")
_REMINDED = mark("Rappel : {days}.")


class ReminderDraft(TaskDraft):
    """What is known of reminders to set.

    Args:
        is_possible: Whether a date lies far enough ahead to be reminded of.
    """

    is_possible: bool = False


class ReminderTask(Task[ReminderDraft]):
    """Setting reminders: asks nothing but whether that may be kept."""

    name = "reminder"
    intent = "set_reminder"
    model = ReminderDraft

    def keeps(self, draft: ReminderDraft) -> bool:
        return draft.is_possible

    def questions(self, draft: ReminderDraft) -> Sequence[Question]:
        return ()

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: ReminderDraft, *, is_new: bool
    ) -> ReminderDraft:
        dues = await agenda.coming(connection, session_id, clock.today())
        return draft.model_copy(update={"is_possible": any(map(agenda.times_ahead, dues))})

    def read(self, said: Said, draft: ReminderDraft, pending: Question | None) -> Mapping[str, Any]:
        return {}

    def acknowledge(self, values: Mapping[str, Any], draft: ReminderDraft, translations: Translations) -> Sequence[str]:
        return ()

    def shown(self, draft: ReminderDraft) -> Mapping[str, Any]:
        return {}


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
        draft = await drafts.latest(work.connection, tracker.sender_id, ReminderTask.name)
        if draft is not None:
            await drafts.discard(work, draft.id)
        dues = await agenda.coming(work.connection, tracker.sender_id, clock.today())
        if not dues:
            dispatcher.utter_message(response="utter_nothing_to_remind")
            return await resumed(tracker)
        reminders = {due.id: await agenda.remind(work, due) for due in dues}
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        if not any(reminders.values()):
            dispatcher.utter_message(response="utter_too_late_to_remind")
            return await resumed(tracker)
        lines = _lines([due for due in dues if reminders[due.id]], reminders, translations)
        dispatcher.utter_message(response="utter_reminders_set", deadlines="\n".join(f"- {line}" for line in lines))
        return await resumed(tracker)


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
