"""«Efface mes données»: what goes and what stays is said first, and a clear yes erases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.my_data.kept import ERASURE, Kept, where
from actions.tasks import FIELD, Question, Said, Task, TaskDraft, draft_of
from base.database import unit_of_work
from base.wording import Catalogues, Translations
from casework import persons
from conversations.models import Phase

SCOPE = Question("scope", "choice")
CONFIRMED = Question("is_confirmed", "choice", help="utter_help_erase")
THIS, ALL = "this", "all"
_ALL = re.compile(r"\btou(?:te?s?|s)\b", re.IGNORECASE)
_THIS = re.compile(r"\bcel(?:le|ui)[- ](?:ci|l[àa])\b|\bcette\b|\bici\b", re.IGNORECASE)
_ERASE = re.compile(
    r"(?:oui[\s,.!]*)?(?:(?:efface|supprime)[rz]?(?:[ -](?:tout|les?|la|moi [çc]a|[çc]a))*)[\s,.!]*(?:oui|merci|svp|stp)?[\s.!]*",
    re.IGNORECASE,
)
"""Agrees to erasing and to nothing else."""
_SENDS = re.compile(r"\b(?:envo|transm)", re.IGNORECASE)
"""Agrees to something else."""


class EraseDraft(TaskDraft):
    """What is known of an erasure.

    Args:
        has_others: Whether the person has other conversations, so that they must say which.
        scope: This conversation, or all of the person.
        is_confirmed: Whether the person has said yes to the summary.
    """

    has_others: bool = False
    scope: Literal["this", "all"] | None = None
    is_confirmed: bool | None = None


class EraseTask(Task[EraseDraft]):
    """Erasing what is kept."""

    name = ERASURE
    intent = "tx_delete_data"
    model = EraseDraft
    cancelled = "utter_delete_data_kept"

    def keeps(self, draft: EraseDraft) -> bool:
        return False

    def questions(self, draft: EraseDraft) -> Sequence[Question]:
        return (SCOPE, CONFIRMED) if draft.has_others else (CONFIRMED,)

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: EraseDraft, *, is_new: bool
    ) -> EraseDraft:
        chats = await persons.chats_of(connection, session_id)
        return draft.model_copy(update={"has_others": len(chats) > 1})

    def ends(self, said: Said, draft: EraseDraft, pending: Question | None) -> str | None:
        is_declined = pending in {SCOPE, CONFIRMED} and said.declines
        return self.cancelled if is_declined else super().ends(said, draft, pending)

    def read(self, said: Said, draft: EraseDraft, pending: Question | None) -> Mapping[str, Any]:
        if pending is CONFIRMED and _agrees(said):
            return {"is_confirmed": True}
        named = [value for value in said.values(FIELD) if value in {THIS, ALL}]
        if pending is SCOPE and not named and not said.asks:
            named = [THIS] if _THIS.search(said.text) else [ALL] if _ALL.search(said.text) else []
        return {"scope": named[-1], "is_confirmed": None} if named else {}

    def acknowledge(self, values: Mapping[str, Any], draft: EraseDraft, translations: Translations) -> Sequence[str]:
        return ()

    def shown(self, draft: EraseDraft) -> Mapping[str, Any]:
        return {}


class AskWhetherToErase(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Says what would go and what would stay, and asks for a yes.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_ask_delete_data_form_is_confirmed"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, translations = unit_of_work(), self._catalogues[tracker.latest_message["metadata"]["locale"]]
        chats = await _chats(tracker)
        kept = await Kept.of(work.connection, chats)
        work.outcome = Phase.AWAITING_CONFIRMATION
        dispatcher.utter_message(
            response="utter_delete_data_summary",
            where=where(chats, translations),
            gone=kept.gone(translations),
            stays=kept.stays(translations),
        )
        return []


class DeleteData(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Has everything erased once this turn is answered."""

    def name(self) -> str:
        return "action_delete_data"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        work.erases = await _chats(tracker)
        work.outcome = Phase.ERASED
        work.effect("delete_data", conversations=len(work.erases))
        dispatcher.utter_message(response="utter_delete_data_done")
        return []


def _agrees(said: Said) -> bool:
    if said.tapped:
        return said.agrees
    return (said.agrees and not _SENDS.search(said.text)) or _ERASE.fullmatch(said.text.strip()) is not None


async def _chats(tracker: Tracker) -> tuple[str, ...]:
    """The conversations that are meant."""
    connection = unit_of_work().connection
    _, draft = await draft_of(tracker, EraseTask.name, EraseDraft)
    return await persons.chats_of(connection, tracker.sender_id) if draft.scope == ALL else (tracker.sender_id,)
