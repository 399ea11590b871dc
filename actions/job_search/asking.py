"""The questions about job searches that need more than their wording, and the end of the form."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.job_search.draft import GROUPS, JobSearchDraft
from actions.job_search.table import spread_over, table, wanted
from actions.job_search.task import (
    DETAILS,
    DONE,
    ENTRIES,
    FINISHED,
    LATER,
    SAME,
    SEND,
    JobSearchTask,
    is_late,
    is_transmissible,
    other_month,
)
from actions.sending import CONFIRMED
from actions.tasks import draft_of, resumed
from base import clock
from base.database import Awaited, unit_of_work
from base.plain import plain
from base.wording import Catalogues, Translations, mark, write_day, write_month
from casework import drafts, efforts, persons, search_reminders
from casework.desk import desk
from casework.files.store import KEPT_UNSENT
from conversations.models import Phase
from eservices.models.common import period_of

_FINISHED, _SEND = mark("C'est tout pour l'instant"), mark("Transmettre maintenant")
_RATHER = mark("Plutôt {month}")
_LATER, _SAME = mark("Plus tard"), mark("La même adresse")
_LAST_TIME = mark("La dernière fois : {address}. Touchez « La même adresse » si c'est toujours juste.")
_TARGET = mark("Vous m'avez dit un objectif de {target} recherches : vous en êtes à {count}.")


class AskAboutSearches(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Asks one of the task's questions.

    Args:
        slot: Which one.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, slot: str, catalogues: Catalogues) -> None:
        self._slot = slot
        self._catalogues = catalogues

    def name(self) -> str:
        return f"action_ask_{JobSearchTask.name}_form_{self._slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        _, draft = await _draft(tracker)
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        group = next((one for one in GROUPS if one.slot == self._slot), None)
        values, buttons = _month(draft, translations), list[dict[str, str]]()
        if group is not None:
            names = [f"{number} ({entry.name})" for number, entry in draft.lacking(group)]
            values |= {"names": ", ".join(names)}
        elif self._slot == DETAILS.slot and draft.incomplete is not None:
            number, entry = draft.incomplete
            lines = [f"- {one}" for one in wanted(entry, translations)]
            known = draft.known.get(plain(entry.name))
            if "address" in entry.missing and known is not None and known.city:
                parts = (known.street, known.house_number, known.postal_code, known.city)
                address = " ".join(part for part in parts if part)
                lines.append(f"\n{translations.translate(_LAST_TIME).format(address=address)}")
                buttons.append(_button(_SAME, SAME, translations))
            buttons.append(_button(_LATER, LATER, translations))
            values |= {"number": str(number), "name": entry.name, "missing": "\n".join(lines)}
        elif self._slot == ENTRIES.slot and (other := other_month(draft.month, clock.today())) is not None:
            label = translations.translate(_RATHER).format(month=write_month(other.first_day, translations.locale))
            payload = f'/{JobSearchTask.intent}{{"month": "{period_of(other)}"}}'
            buttons.append({"title": label, "payload": payload})
        elif self._slot == DONE.slot:
            values |= {"table": table(draft, translations)}
            buttons.append(_button(_FINISHED, FINISHED, translations))
            if is_transmissible(draft.month, clock.today()):
                buttons.append(_button(_SEND, SEND, translations))
        elif self._slot == CONFIRMED.slot:
            unit_of_work().outcome = Phase.AWAITING_CONFIRMATION
            ready = [entry for entry in draft.entries or () if not entry.missing]
            left = len(draft.entries or ()) - len(ready)
            values |= {"table": table(draft, translations), "ready": str(len(ready)), "left": str(left)}
        if draft.has_new_files:
            dispatcher.utter_message(response="utter_job_search_sheet", days=str(KEPT_UNSENT.days))
        if draft.is_listed and "table" not in values:
            dispatcher.utter_message(response="utter_job_search_listed", table=table(draft, translations), **values)
        extra = {"buttons": buttons} if buttons else {}
        dispatcher.utter_message(response=f"utter_job_search_{self._slot}", **values, **extra)
        return []


class EndSearches(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Says what was entered and what happens with it, or has it transmitted.

    Args:
        task: What has ended.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, task: JobSearchTask, catalogues: Catalogues) -> None:
        self._task = task
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_end_job_search"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, translations = unit_of_work(), self._catalogues[tracker.latest_message["metadata"]["locale"]]
        draft_id, draft = await _draft(tracker)
        values = _month(draft, translations)
        if draft.is_elsewhere:
            await drafts.discard(work, draft_id)
            dispatcher.utter_message(response="utter_tx_job_search")
            return await resumed(tracker)
        if draft.is_transmitted:
            await self._discard(tracker.sender_id, draft_id, draft)
            dispatcher.utter_message(response="utter_job_search_transmitted", **values)
            return await resumed(tracker)
        person_id = await persons.person_of(work.connection, tracker.sender_id)
        if draft.transmits and draft.is_confirmed and person_id is not None:
            submission = await efforts.transmit(
                desk().submissions, work, session_id=tracker.sender_id, person_id=person_id, period=draft.period
            )
            await self._discard(tracker.sender_id, draft_id, draft)
            count = sum(not entry.missing for entry in draft.entries or ())
            await search_reminders.forget(work, tracker.sender_id, draft.period)
            work.effect("submit_job_search", month=draft.period, count=count)
            work.outcome = Phase.SUBMITTED
            work.awaits = Awaited("utter_submission_on_its_way", {"number": submission.number})
            dispatcher.utter_message(response="utter_job_search_taken", number=submission.number, **values)
            return await resumed(tracker)
        await drafts.save(work, draft_id, draft.model_dump(mode="json"), finished=True)
        await search_reminders.remind(work, tracker.sender_id, draft.period)
        waits = any(entry.missing for entry in draft.entries or ())
        target = ""
        if draft.target is not None:
            said = translations.translate(_TARGET).format(target=draft.target, count=len(draft.entries or ()))
            target = f"\n\n{said}"
        dispatcher.utter_message(
            response="utter_job_search_waits" if waits else "utter_job_search_saved",
            spread=spread_over(draft, translations),
            target=target,
            **values,
        )
        if is_late(draft.month, clock.today()):
            dispatcher.utter_message(response="utter_job_search_late", **values)
        return await resumed(tracker)

    async def _discard(self, session_id: str, draft_id: str, draft: JobSearchDraft) -> None:
        await self._task.let_go(unit_of_work(), session_id, draft, None)
        await drafts.discard(unit_of_work(), draft_id)


SLOTS = (ENTRIES.slot, *(group.slot for group in GROUPS), DETAILS.slot, DONE.slot, CONFIRMED.slot)
"""Questions that `AskAboutSearches` asks."""


def _button(label: str, answer: str, translations: Translations) -> dict[str, str]:
    payload = f'/{JobSearchTask.intent}{{"answer": "{answer}"}}'
    return {"title": translations.translate(label), "payload": payload}


def _month(draft: JobSearchDraft, translations: Translations) -> dict[str, str]:
    """What all texts may say of the month."""
    note = desk().note
    return {
        "month": write_month(draft.month.first_day, translations.locale),
        "fifth": write_day(efforts.fifth_after(draft.month), translations.locale),
        "count": str(len(draft.entries or ())),
        "note": f"\n\n*{translations.translate(note)}*" if note else "",
    }


async def _draft(tracker: Tracker) -> tuple[str, JobSearchDraft]:
    return await draft_of(tracker, JobSearchTask.name, JobSearchDraft)
