"""What the assistant says of its own accord, where the person is: reminders."""

from __future__ import annotations

from collections.abc import Mapping

from actions.deadline.titles import title_of
from base import clock
from base.database import Database
from base.outbox import Handler, Item
from base.signals import Signals
from base.wording import write_day
from bot.engine.dialogue import Dialogue
from casework import agenda
from conversations import store
from conversations.models import Draft


class Notices:
    """Writes notices into conversations.

    Args:
        database: Where conversations are kept.
        dialogue: Knows the wording.
        signals: Told of every conversation that has a new message.
    """

    def __init__(self, database: Database, dialogue: Dialogue, signals: Signals) -> None:
        self._database = database
        self._dialogue = dialogue
        self._signals = signals

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kinds of outbox rows that become notices."""
        return {agenda.REMINDER: self._remind}

    async def _remind(self, item: Item) -> None:
        """Reminds of a date, unless it is gone or has passed; the same row twice reminds once."""
        async with self._database.unit_of_work(serialise=str(item.payload["session"])) as work:
            due = await agenda.find(work.connection, int(item.payload["due_date"]))
            session = await store.session_by_id(work.connection, due.session_id) if due else None
            if due is None or session is None or due.deadline < clock.today():
                return
            if await agenda.has_newer_reminder(work.connection, due, clock.parse(item.payload["at"])):
                return
            translations = self._dialogue.translations(session.locale)
            days = {"safe": due.safe, "deadline": due.deadline}
            written = {name: write_day(day, translations.locale) for name, day in days.items()}
            response = "utter_reminder" if due.safe >= clock.today() else "utter_reminder_late"
            said = self._dialogue.write(response, session.locale, title=title_of(due, translations), **written)
            draft = Draft("bot", said.text, session.locale, offers=said.offers)
            if await store.record_notice(work, session.id, f"notice:{item.id}", draft):
                await self._signals.announce(work, session.id)
