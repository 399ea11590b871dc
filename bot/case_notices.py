"""What agents have to say, brought where the person is: their answers, that they speak in place of the assistant, and
that a case is closed.

In the quiet hours it waits, unless the person has just been there: docs/decisions/0031-quiet-hours.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from actions.handover.actions import RATING
from base.database import Database
from base.outbox import Handler, Item
from base.quiet import USUAL, QuietHours
from base.signals import Signals
from bot.engine.dialogue import Dialogue
from bot.notices import wait_while_quiet
from casework import case_events, case_work, cases
from casework.case_events import CaseEvent, Event
from casework.cases import Case
from conversations import store
from conversations.models import Draft, Offer, Session

Mode = Literal["bot", "human"]


class CaseNotices:
    """Brings it.

    Args:
        database: Where conversations and cases are kept.
        dialogue: Knows the wording.
        signals: Told of every conversation that has a new message.
        quiet: When nothing is said to who is not there.
    """

    def __init__(self, database: Database, dialogue: Dialogue, signals: Signals, quiet: QuietHours = USUAL) -> None:
        self._database = database
        self._dialogue = dialogue
        self._signals = signals
        self._quiet = quiet

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kind of outbox rows that tell what an agent did."""
        return {case_work.TELL: self._tell}

    async def _tell(self, item: Item) -> None:
        """Tells one deed; the same row twice tells it once."""
        session_id = str(item.payload["session"])
        async with self._database.unit_of_work(serialise=session_id) as work:
            session = await store.session_by_id(work.connection, session_id)
            case = await cases.find(work.connection, int(item.payload["case"]))
            event = await case_events.find(work.connection, int(item.payload["event"]))
            if session is None or case is None or event is None:
                return
            await wait_while_quiet(work.connection, session_id, self._quiet)
            mode: Mode = "human" if await cases.live_of(work.connection, session_id) is not None else "bot"
            draft = self._draft(session, case, event)
            if await store.record_notice(work, session_id, f"case:{event.id}", draft, mode):
                await self._signals.announce(work, session_id)

    def _draft(self, session: Session, case: Case, event: CaseEvent) -> Draft:
        if event.kind is Event.REPLIED:
            return Draft("agent", str(event.details["text"]), session.locale)
        values = {"case_number": case.number}
        if event.kind is Event.RESOLVED:
            said, translations = (
                self._dialogue.write("utter_case_resolved", session.locale, **values),
                self._dialogue.translations(session.locale),
            )
            offers = tuple(
                Offer(translations.translate(label), f'/rate_case{{"answer": "{value}"}}') for value, label in RATING
            )
            return Draft("bot", said.text, session.locale, offers=offers)
        if event.kind is Event.TOOK_OVER and event.agent is not None:
            said = self._dialogue.write("utter_agent_joins", session.locale, agent=event.agent.name)
        else:
            said = self._dialogue.write("utter_agent_leaves", session.locale, **values)
        return Draft("bot", said.text, session.locale, offers=said.offers)
