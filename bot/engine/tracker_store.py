"""Rasa's view of a conversation, kept short: what a turn costs does not grow with the conversation.

Rasa replays every event it is given, so it is given few: a prefix that sets the slots and the active form, and the
events of the last turn. Rules look no further back. The transcript is kept by `conversations`, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from functools import cache
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core import events
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from sqlalchemy import Column, ForeignKey, Insert, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from base import clock
from base.database import Instant, Json, UnitOfWork, metadata, unit_of_work

trackers = Table(
    "trackers",
    metadata,
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("events", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

# Rasa looks for the class of an event among all subclasses each time; a table is twenty times quicker.
_EVENT_CLASSES = {cls.type_name: cls for cls in all_subclasses(events.Event)}


_last_saved: ContextVar[DialogueStateTracker] = ContextVar("last_saved")


async def forget_tracker(work: UnitOfWork, session_id: str) -> None:
    """Removes what Rasa knows of a conversation: what was said last, and what was asked."""
    await work.connection.execute(delete(trackers).where(trackers.c.session_id == session_id))


def last_saved() -> DialogueStateTracker:
    """The tracker that this turn saved last, to be read after Rasa is done with it."""
    return _last_saved.get()


class BoundedTrackerStore(TrackerStore):  # type: ignore[misc]  # Rasa ships no types
    """Keeps trackers in the running unit of work, so that they commit with the rest of the turn."""

    def __init__(self) -> None:
        super().__init__(Domain.empty())

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        query = select(trackers.c.events).where(trackers.c.session_id == sender_id)
        stored = (await unit_of_work().connection.execute(query)).scalar_one_or_none()
        if stored is None:
            return None
        restored = [_EVENT_CLASSES[entry["event"]]._from_parameters(entry) for entry in stored]
        return DialogueStateTracker.from_events(sender_id, restored, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        work = unit_of_work()
        values = {
            "session_id": tracker.sender_id,
            "events": [_slim(event.as_dict()) for event in self.shortened(tracker) if not _is_answer(event)],
            "updated_at": clock.now(),
        }
        await work.connection.execute(_upsert(work.connection.dialect.name), values)
        _last_saved.set(tracker)

    def shortened(self, tracker: DialogueStateTracker) -> list[Any]:
        """The events of the last turn behind a prefix that brings a new tracker to where that turn began."""
        all_events = list(tracker.events)
        pauses = [i for i, event in enumerate(all_events) if _is_action(event, ACTION_LISTEN_NAME)]
        if len(pauses) < 2:
            return all_events
        begin = pauses[-2] + 1
        return [*self._prefix(tracker.sender_id, all_events[:begin]), *all_events[begin:]]

    def _prefix(self, sender_id: str, past: Sequence[Any]) -> list[Any]:
        before = DialogueStateTracker.from_events(sender_id, past, self.domain.slots)
        prefix = [events.ActionExecuted(ACTION_SESSION_START_NAME), events.SessionStarted()]
        prefix += [
            events.SlotSet(name, slot.value)
            for name, slot in before.slots.items()
            if name != REQUESTED_SLOT and slot.value != slot.initial_value
        ]
        if before.active_loop_name:
            prefix += [
                events.ActionExecuted(before.active_loop_name),
                events.ActiveLoop(before.active_loop_name),
                events.SlotSet(REQUESTED_SLOT, before.get_slot(REQUESTED_SLOT)),
            ]
        prefix.append(events.ActionExecuted(ACTION_LISTEN_NAME))
        if before.is_paused():
            prefix.append(events.ConversationPaused())
        return prefix


@cache
def _upsert(dialect: str) -> Insert:
    """The statement that puts a tracker in its place; built once, because building it takes longer than running it."""
    statement: Any = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(trackers)
    replacement = {name: statement.excluded[name] for name in ("events", "updated_at")}
    upsert: Insert = statement.on_conflict_do_update(index_elements=[trackers.c.session_id], set_=replacement)
    return upsert


def _is_answer(event: Any) -> bool:
    """What the assistant said: no rule looks at it."""
    return isinstance(event, events.BotUttered)


def _slim(entry: dict[str, Any]) -> dict[str, Any]:
    """A stored event without what only the turn itself needs: the runners-up of what was understood."""
    if entry["event"] == events.UserUttered.type_name:
        understood = entry["parse_data"]
        entry["parse_data"] = {name: understood[name] for name in ("text", "intent", "entities") if name in understood}
    return entry


def _is_action(event: Any, name: str) -> bool:
    return isinstance(event, events.ActionExecuted) and event.action_name == name
