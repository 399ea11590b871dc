"""Turns that are for a human: while an agent speaks with the person, and when the person comes back with a code.

The assistant is silent while an agent speaks, except when somebody may be in danger, and when the person wants it back.
"""

from __future__ import annotations

from collections.abc import Sequence

from actions.handover.opening import CRISIS, About, hand_over
from base.database import UnitOfWork
from base.wording import mark, write_moment
from bot.engine.dialogue import Dialogue, Outcome, Utterance
from casework import access, case_events, case_work
from casework.access import Actor, Deed
from casework.case_events import Event
from casework.cases import Case, CaseState, Cause
from casework.desk import desk
from conversations.models import FileId, Session

_CANCEL = "cancel"
_LEAVING = frozenset({_CANCEL, "stop_reminder"})
"""Intents of what is tapped or chosen from a menu with which people leave an agent."""
_SURE = 0.8
_SHORT = 4
"""Words; who wants the assistant back says so in few."""
_NO_ANSWER = mark("Personne n'a encore répondu. La réponse viendra dans cette conversation.")
_CLOSED = mark("Elle est close.")


class Helpdesk:
    """Takes such turns.

    Args:
        dialogue: Understands what is said, and knows the wording.
    """

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    async def take(
        self,
        work: UnitOfWork,
        session: Session,
        case: Case,
        text: str,
        tapped: str | None,
        files: Sequence[FileId] = (),
    ) -> Outcome:
        """What comes of something that is said while an agent speaks; usually nothing but that they can read it.

        Args:
            text: With tokens for identifiers.
            tapped: Intent of what was tapped or chosen, if anything was.
        """
        intent, confidence = tapped, 1.0
        if tapped is None and text:
            understood = await self._dialogue.understand(text)
            intent, confidence = understood.intent, understood.confidence
        if files:
            await case_work.add_files(work, case, files)
        is_asked_back = tapped in _LEAVING or (
            intent == _CANCEL and tapped is None and confidence >= _SURE and len(text.split()) <= _SHORT
        )
        if is_asked_back:
            await case_work.person_left(work, case)
            said = self._dialogue.write("utter_agent_left", session.locale, case_number=case.number)
            return Outcome((said,), intent, confidence, None, None, {})
        await case_work.person_wrote(work, case)
        if intent == CRISIS:
            await hand_over(work, session, About(cause=Cause.CRISIS, is_danger=True, said_now=text))
            return Outcome((self._dialogue.write("utter_crisis", session.locale),), intent, confidence, None, None, {})
        return Outcome((), intent, confidence, None, None, {})

    async def come_back(self, work: UnitOfWork, session: Session, code: str) -> Outcome:
        """What is said to who types a return code: the answers to their case."""
        case = await desk().codes.come_back(work, session.id, code)
        if case is None:
            return self._said(self._dialogue.write("utter_code_unknown", session.locale))
        await access.note(work, case.session_id, Actor.PERSON, Deed.READ, access.Kind.CASE, case.number)
        translations = self._dialogue.translations(session.locale)
        events = await case_events.of(work.connection, case.id)
        answers = [
            f"*{event.agent.name}, {write_moment(event.at, translations)} :*\n\n{event.details['text']}"
            for event in events
            if event.kind is Event.REPLIED and event.agent is not None and "text" in event.details
        ] or [translations.translate(_NO_ANSWER)]
        if case.state is CaseState.RESOLVED:
            answers.append(translations.translate(_CLOSED))
        return self._said(
            self._dialogue.write(
                "utter_case_returned", session.locale, case_number=case.number, answers="\n\n".join(answers)
            )
        )

    @staticmethod
    def _said(utterance: Utterance) -> Outcome:
        return Outcome((utterance,), None, 0.0, None, None, {})
