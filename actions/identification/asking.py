"""The questions that need more than their wording: the link, what came of a check, and the check itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.following import offered
from actions.identification.task import IdentificationDraft, IdentificationTask
from actions.tasks import Task, draft_of, resumed
from base.database import Awaited, unit_of_work
from base.wording import Catalogues, mark, write_moment
from casework import drafts, following, identification, persons
from casework.desk import desk
from casework.identification import Outcome

FORM = f"{IdentificationTask.name}_form"
_PROBLEMS: Mapping[Outcome | None, str] = {
    Outcome.MISMATCH: "utter_identification_mismatch",
    Outcome.LOCKED: "utter_identification_gateway_locked",
    Outcome.FAILED: "utter_identification_failed",
}


class AskForLogin(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Gives the link with which the person says who they are; who has logged in already is asked the rest.

    Args:
        form: The form that needs to know.
        slot: Its question.
    """

    def __init__(self, form: str, slot: str) -> None:
        self._form = form
        self._slot = slot

    def name(self) -> str:
        return f"action_ask_{self._form}_{self._slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        standing = await desk().identifications.standing(work.connection, tracker.sender_id)
        if self._form != FORM and standing is not None and standing.is_proven:
            return [FollowupAction(FORM)]
        ticket = await persons.new_login(work, tracker.sender_id)
        dispatcher.utter_message(response="utter_login_needed", address=desk().login_url(ticket))
        return []


class AskForNumber(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Asks for the personal number, once more after a check that recognised nobody.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return f"action_ask_{FORM}_personal_number"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        _, draft = await _draft(tracker)
        if (problem := _PROBLEMS.get(draft.problem)) is None:
            dispatcher.utter_message(response="utter_ask_personal_number")
            return []
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        left = draft.tries_left
        tries = translations.translate(mark("1 essai") if left == 1 else mark("{count} essais")).format(count=left)
        dispatcher.utter_message(response=problem, number=draft.tried or "", tries=tries)
        dispatcher.utter_message(response="utter_ask_personal_number_again")
        return []


class AskForPatience(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Says until when no more tries are taken.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return f"action_ask_{FORM}_is_unlocked"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        standing = await desk().identifications.standing(unit_of_work().connection, tracker.sender_id)
        if standing is None or standing.locked_until is None:
            raise LookupError("the lock of the form is gone")
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        dispatcher.utter_message(
            response="utter_identification_locked", until=write_moment(standing.locked_until, translations)
        )
        return []


class CheckIdentity(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Has the gateway asked, once for the same answers; the conversation goes on when it has answered."""

    def name(self) -> str:
        return f"action_ask_{FORM}_is_recognised"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        draft_id, draft = await _draft(tracker)
        if draft.check_id is not None:
            dispatcher.utter_message(response="utter_identification_under_way")
            return []
        if draft.personal_number is None or draft.birth_date is None:
            raise ValueError("the form asks for a check without what is to be checked")
        check_id = await desk().identifications.check(work, tracker.sender_id, draft.personal_number, draft.birth_date)
        if check_id is None:  # another conversation of the person has used up the tries
            return [FollowupAction(FORM)]
        checked = draft.model_copy(update={"check_id": check_id})
        await drafts.save(work, draft_id, checked.model_dump(mode="json"))
        work.awaits = Awaited("utter_identification_slow")
        dispatcher.utter_message(response="utter_identification_checking")
        return []


class EndIdentification(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Goes back to what needed the login, or offers what was begun in another conversation.

    Args:
        tasks: All of them.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, tasks: Sequence[Task[Any]], catalogues: Catalogues) -> None:
        self._tasks = {task.name: task for task in tasks if task.title}
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_end_identification"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, session_id = unit_of_work(), tracker.sender_id
        draft_id, _ = await _draft(tracker)
        await drafts.discard(work, draft_id)
        waiting = await drafts.latest_unfinished(work.connection, session_id)
        if waiting is None:
            translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
            found = await following.elsewhere(work.connection, session_id, self._tasks)
            dispatcher.utter_message(response="utter_linked", buttons=offered(found, self._tasks, translations))
        elif "is_linked" not in waiting.content:  # what needs a login says itself that it is there
            dispatcher.utter_message(response="utter_logged_in")
        return await resumed(tracker)


class LogOut(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Ends the login of the conversation, and the questions that belong to it."""

    def name(self) -> str:
        return "action_log_out"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        stored = await drafts.latest(work.connection, tracker.sender_id, IdentificationTask.name)
        if stored is not None:
            await drafts.discard(work, stored.id)
        was_logged_in = await identification.log_out(work, tracker.sender_id)
        dispatcher.utter_message(response="utter_logged_out" if was_logged_in else "utter_not_logged_in")
        return []


async def _draft(tracker: Tracker) -> tuple[str, IdentificationDraft]:
    return await draft_of(tracker, IdentificationTask.name, IdentificationDraft)
