"""Going on elsewhere: with what was begun in another conversation, and on another channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.tasks import DRAFT_SLOT, REQUESTED_SLOT, Said, Task, resumed
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark
from casework import drafts, following, persons
from casework.desk import desk
from casework.drafts import Stored
from conversations import store
from conversations.models import WEB

INTENT = "continue_elsewhere"
CHOSEN = "task"
"""Entity that names what to go on with."""
_GO_ON = mark("Reprendre : {title}")


class Follow(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Goes on here with what was begun in another conversation, or says how to go on with this one elsewhere.

    Args:
        tasks: All of them.
        catalogues: The languages that answers are written in.
        public_url: Where our own pages are.
    """

    def __init__(self, tasks: Sequence[Task[Any]], catalogues: Catalogues, public_url: str) -> None:
        self._tasks = {task.name: task for task in tasks if task.title}
        self._catalogues = catalogues
        self._public_url = public_url

    def name(self) -> str:
        return "action_continue_elsewhere"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, session_id = unit_of_work(), tracker.sender_id
        kind = next(iter(Said.of(tracker).values(CHOSEN)), None)
        if kind in self._tasks:
            return await self._bring(dispatcher, tracker, kind)
        found = await following.elsewhere(work.connection, session_id, self._tasks)
        if found:
            translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
            choices = offered(found, self._tasks, translations)
            dispatcher.utter_message(response="utter_begun_elsewhere", buttons=choices)
        else:
            await self._show_the_way(dispatcher, session_id)
        return await resumed(tracker)

    async def _bring(self, dispatcher: CollectingDispatcher, tracker: Tracker, kind: str) -> list[dict[str, Any]]:
        work, task = unit_of_work(), self._tasks[kind]
        replaced = await drafts.latest(work.connection, tracker.sender_id, kind)
        if not await following.bring(work, tracker.sender_id, kind):
            dispatcher.utter_message(response="utter_not_brought")
            return await resumed(tracker)
        brought = await drafts.latest(work.connection, tracker.sender_id, kind)
        if brought is not None and brought.finished:  # a list that was put aside
            again = task.begin(Said.of(tracker), task.model.model_validate(brought.content))
            await drafts.save(work, brought.id, again.model_dump(mode="json"))
        if replaced is not None:
            await task.let_go(work, tracker.sender_id, task.model.model_validate(replaced.content), None)
        dispatcher.utter_message(response="utter_brought")
        return [SlotSet(DRAFT_SLOT, None), SlotSet(REQUESTED_SLOT, None), FollowupAction(task.form)]

    async def _show_the_way(self, dispatcher: CollectingDispatcher, session_id: str) -> None:
        """Where else people find us; going on there needs that they log in on both sides."""
        connection = unit_of_work().connection
        session = await store.session_by_id(connection, session_id)
        is_on_the_web = session is None or session.channel == WEB
        address = desk().telegram_url(None) if is_on_the_web else self._public_url
        if address is None:
            dispatcher.utter_message(response="utter_continue_nowhere")
            return
        dispatcher.utter_message(
            response="utter_continue_on_telegram" if is_on_the_web else "utter_continue_on_web", address=address
        )
        if await persons.person_of(connection, session_id) is None:
            dispatcher.utter_message(response="utter_continue_needs_login")


def offered(
    found: Sequence[Stored], tasks: Mapping[str, Task[Any]], translations: Translations
) -> list[dict[str, str]]:
    """Choices to go on here with what was begun elsewhere.

    Args:
        tasks: By their names.
    """
    return [
        {
            "title": translations.translate(_GO_ON).format(title=translations.translate(tasks[draft.kind].title)),
            "payload": f'/{INTENT}{{"{CHOSEN}": "{draft.kind}"}}',
        }
        for draft in found
    ]
