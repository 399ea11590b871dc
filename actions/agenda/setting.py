"""Setting what the person wants to be reminded of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.agenda.listing import line, write_again
from actions.agenda.task import ReminderDraft, ReminderTask, moment_of, of_dates, times_for, written_wish
from actions.agenda.understanding import Wish, eve
from actions.tasks import draft_of, resumed
from base import clock
from base.database import unit_of_work
from base.wording import Catalogues, Translations, write_moment, write_time
from casework import agenda, drafts
from casework.agenda import REMIND_AT
from casework.desk import desk


class SetReminders(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Sets the reminders of a draft, in place of those that it replaces, and leaves the draft for corrections.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_set_reminder"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        draft_id, draft = await draft_of(tracker, ReminderTask.name, ReminderDraft)
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        await _withdraw(tracker.sender_id, draft)
        dues = {due.id: due for due in await agenda.coming(work.connection, tracker.sender_id, clock.today())}
        lines, placed = list[str](), list[int]()
        for wish in (draft, *draft.further):
            meant = draft.meant if wish is draft else of_dates(wish, draft.dues)
            for due in (dues[number] for number in meant if number in dues):
                if times := times_for(wish, due):
                    await agenda.remind(work, due, times)
                    lines.append(line(due, times, translations))
            if not meant:
                placed.append(await _set(tracker.sender_id, wish))
                lines.append(_written(wish, translations))
        await self._keep(draft_id, draft, placed)
        if not lines:
            dispatcher.utter_message(response="utter_too_late_to_remind")
            return await resumed(tracker)
        dispatcher.utter_message(
            response="utter_reminder_set" if placed else "utter_reminders_set",
            deadlines="\n".join(f"- {one}" for one in lines),
        )
        if any(map(_is_put_off, (draft, *draft.further))):
            quiet, locale = desk().quiet, translations.locale
            dispatcher.utter_message(
                response="utter_reminder_quiet",
                begin=write_time(quiet.begin, locale),
                end=write_time(quiet.end, locale),
            )
        return await resumed(tracker)

    @staticmethod
    async def _keep(draft_id: str, draft: ReminderDraft, placed: list[int]) -> None:
        """A draft that says more than «remind me» can be corrected: «non, jeudi»."""
        work = unit_of_work()
        if draft.matter is None and draft.day is None and draft.before is None:
            await drafts.discard(work, draft_id)
            return
        changed = draft.model_copy(update={"replaces": tuple(placed)})
        await drafts.save(work, draft_id, changed.model_dump(mode="json"), finished=True)


async def _withdraw(session_id: str, draft: ReminderDraft) -> None:
    """Takes away what is set anew."""
    work = unit_of_work()
    known = await agenda.ahead(work.connection, session_id)
    await agenda.withdraw(work, [one for one in known if one.id in draft.replaces])


async def _set(session_id: str, wish: Wish) -> int:
    """A reminder that stands alone.

    Raises:
        ValueError: When the form ended without what it asks for.
    """
    moment = moment_of(wish)
    if moment is None or wish.matter is None:
        raise ValueError("the form ended without what it asks for")
    about = {"words": wish.words} if wish.words else {}
    return await agenda.set_reminder(unit_of_work(), session_id, wish.matter, about, moment, repeats=wish.repeats)


def _written(wish: Wish, translations: Translations) -> str:
    moment = moment_of(wish) or clock.now()
    when = write_moment(moment, translations, with_weekday=True)
    return f"**{when}**{write_again(wish.repeats, translations)} : {written_wish(wish, translations)}"


def _is_put_off(wish: Wish) -> bool:
    """Whether a reminder was asked for in the quiet hours."""
    if wish.day is None:
        return False
    asked = datetime.combine(eve(wish.day, wish.before), wish.hour or REMIND_AT, tzinfo=clock.ZONE)
    return desk().quiet.over_at(asked) > asked
