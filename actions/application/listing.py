"""The list of what is ready and what is missing, with the date until which the benefit must be claimed."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.application.task import ITEM, KEEP, LABELS, SHOW, ApplicationDraft, ApplicationTask, Item
from actions.tasks import draft_of, resumed
from base import clock
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark, write_day, write_month
from casework import agenda, drafts
from casework.agenda import DueDate
from law.periods import benefits_lapse

MATTER = "application"
"""Of the date in the agenda."""
MOST_CHOICES = 4
"""Items that can be tapped at a time."""
_READY, _MISSING = mark("✅ fait :"), mark("⬜ à faire :")
_KEEP, _SHOW = mark("Continuer plus tard"), mark("Voir ma liste")
_REMIND = mark("Me rappeler la date limite")


class AskForMore(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Shows the list, and asks what else is ready; after a question about something else only reminds of it.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_ask_application_form_is_paused"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, translations = unit_of_work(), self._catalogues[tracker.latest_message["metadata"]["locale"]]
        draft_id, draft = await _draft(tracker)
        missing = [item for item in Item if item not in draft.ready]
        if not work.is_taken and not tracker.latest_message["metadata"].get("resumes"):
            choices = [(_SHOW, SHOW), (_KEEP, KEEP)]
            dispatcher.utter_message(
                response="utter_application_goes_on", left=len(missing), buttons=_offered(choices, translations)
            )
            return []
        due = await _noted(tracker.sender_id, draft)
        choices = [*((LABELS[item], str(item)) for item in missing[:MOST_CHOICES]), (_KEEP, KEEP)]
        offered = _offered(choices, translations)
        if agenda.times_ahead(due) and not await _is_reminded(due):
            offered.append(
                {"title": translations.translate(_REMIND), "payload": f'/set_reminder{{"duty": "{MATTER}"}}'}
            )
        _show(dispatcher, draft, translations)
        dispatcher.utter_message(
            response=_response(draft, due),
            month=write_month(draft.law_month.first_day, translations.locale),
            safe=write_day(due.safe, translations.locale),
            deadline=write_day(due.deadline, translations.locale),
            buttons=offered,
        )
        told = draft.model_copy(update={"told": draft.month})
        await drafts.save(work, draft_id, told.model_dump(mode="json"))
        return []


def _response(draft: ApplicationDraft, due: DueDate) -> str:
    """Asks what else is ready; the time limit is explained once."""
    is_late = due.deadline < clock.today()
    if draft.told == draft.month:
        return "utter_application_next_late" if is_late else "utter_application_next"
    return "utter_application_late" if is_late else "utter_application_limit"


class KeepApplication(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Ends for today: the list stays for another day, or is done."""

    def name(self) -> str:
        return "action_keep_application"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        draft_id, draft = await _draft(tracker)
        if not draft.is_complete:
            await _noted(tracker.sender_id, draft)
            await drafts.save(work, draft_id, draft.model_dump(mode="json"), finished=True)
            dispatcher.utter_message(response="utter_application_kept", left=len(Item) - len(draft.ready))
            return await resumed(tracker)
        due = await _noted(tracker.sender_id, draft)
        await agenda.forget(work, due)
        await drafts.discard(work, draft_id)
        dispatcher.utter_message(response="utter_application_complete")
        return await resumed(tracker)


def _show(dispatcher: CollectingDispatcher, draft: ApplicationDraft, translations: Translations) -> None:
    """Says what is ready and what is missing."""
    ticks = {item: translations.translate(_READY if item in draft.ready else _MISSING) for item in Item}
    dispatcher.utter_message(
        response="utter_application_list",
        month=write_month(draft.law_month.first_day, translations.locale),
        done=len(draft.ready),
        total=len(Item),
        **ticks,
    )


def _offered(choices: list[tuple[str, str]], translations: Translations) -> list[dict[str, str]]:
    return [
        {"title": translations.translate(label), "payload": f"/{ApplicationTask.intent}{json.dumps({ITEM: value})}"}
        for label, value in choices
    ]


async def _noted(session_id: str, draft: ApplicationDraft) -> DueDate:
    """The date until which the first month must be claimed, in the agenda."""
    limit, about = benefits_lapse(draft.law_month), {"month": draft.month, "authority": None}
    return await agenda.note(unit_of_work(), session_id, MATTER, MATTER, about, limit.safe, limit.deadline)


async def _is_reminded(due: DueDate) -> bool:
    known = await agenda.ahead(unit_of_work().connection, due.session_id)
    return any(one.due_date_id == due.id for one in known)


async def _draft(tracker: Tracker) -> tuple[str, ApplicationDraft]:
    return await draft_of(tracker, ApplicationTask.name, ApplicationDraft)
