"""Opening a case from a conversation, with everything that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rasa_sdk import Tracker
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.deadline.draft import DeadlineDraft, Kind
from actions.deadline.limits import limit_of
from actions.deadline.task import DeadlineTask
from actions.explaining import explained
from actions.handover.offices import destination, matter_of
from actions.handover.summary import summary
from base import clock
from base.database import UnitOfWork
from base.tokens import masked
from base.wording import SOURCE_LANGUAGE, Translations
from casework import agenda, case_events, drafts, persons
from casework.case_events import Event
from casework.cases import Case, Cause, Line, Matter, Need, Office, TimeLimit, open_case
from casework.files.store import hold_unsent
from casework.return_codes import hidden
from conversations import store
from conversations.models import Message, Session
from law.deadlines import Deadline

CRISIS = "crisis"
_OF_DECISIONS = frozenset({"objection", "appeal", "restitution"})
_TOPICS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "job_searches": frozenset({"job_search_rules", "tx_job_search", "sanctions"}),
        "ipa": frozenset({"ipa_rules", "ipa_attachments", "tx_ipa"}),
        "incapacity": frozenset({"incapacity_rules", "tx_incapacity"}),
        "cantonal_registration": frozenset({"cantonal_overview", "pcm", "tx_measures_check"}),
    }
)
"""The topics for which a date of the agenda counts that is not that of a decision."""


@dataclass(frozen=True)
class About:
    """What is known of a case besides what was said.

    Args:
        cause: Why it is opened.
        topic: What it is about; by what was asked before by default.
        office: Whose queue it is; by the topic by default.
        is_danger: Whether someone may be in danger.
        said_now: What is said in this turn, which is not recorded yet, with tokens.
        needs: What the person gave, and what they do not have.
        files: Which they gave.
        limit: The deadline to keep; from the conversation by default.
        tried: What was tried besides answering, in French.
    """

    cause: Cause = Cause.ASKED
    topic: str | None = None
    office: Office | None = None
    is_danger: bool = False
    said_now: str = ""
    needs: Sequence[Need] = ()
    files: Sequence[str] = ()
    limit: TimeLimit | None = None
    tried: str = ""


async def hand_over(work: UnitOfWork, session: Session, about: About) -> tuple[Case, bool]:
    """Opens a case with the conversation so far, or adds to the one that is open.

    Returns:
        The case, and whether it is new.
    """
    connection = work.connection
    recent = await store.recently_asked(connection, session.id)
    in_danger = about.is_danger or any(one.topic == CRISIS for one in recent)
    topic = about.topic or (CRISIS if in_danger else matter_of(recent))
    goes_to = destination(topic, recent)
    said = await transcript(connection, session.id, about.said_now)
    limit = about.limit or await time_limit(connection, session.id, topic)
    given = {need.item: need for need in about.needs}
    needs = [given.pop(item, Need(item)) for item in map(str, goes_to.needs)]
    is_known = await persons.person_of(connection, session.id) is not None
    case, is_new = await open_case(
        work,
        session.id,
        Matter(
            topic=topic,
            language=session.locale,
            transcript=said,
            office=about.office or goes_to.office,
            cause=Cause.CRISIS if in_danger and about.cause is Cause.ASKED else about.cause,
            channel=session.channel,
            is_danger=in_danger,
            limit=limit,
            summary=summary(said, about.cause, limit, tried=about.tried, is_known=is_known),
            needs=[*needs, *given.values()],
            files=about.files,
        ),
    )
    await hold_unsent(work, about.files)
    work.effect("create_handover", case=case.number, topic=case.topic, urgency=case.urgency)
    return case, is_new


def said_in(tracker: Tracker) -> str:
    """What was said in the turn that is being taken, with tokens."""
    return str(tracker.latest_message.get("text") or "")


async def transcript(connection: AsyncConnection, session_id: str, said_now: str = "") -> tuple[Line, ...]:
    """What was said in a conversation, as agents read it: with masks for identifiers, and without return codes."""
    lines = [_line(message) for message in await store.history(connection, session_id)]
    if said_now:
        (last,) = await masked(connection, session_id, [said_now])
        lines.append(Line(clock.now().isoformat(), "user", last))
    return tuple(lines)


async def transcript_of(connection: AsyncConnection, case: Case) -> tuple[Line, ...]:
    """What was said, up to now while the conversation is there; also where the person has come back to."""
    lines: list[Line] = []
    for session_id in dict.fromkeys((case.session_id, case.chat_id)):
        if session_id is None:
            continue
        since = None
        if session_id != case.session_id:  # what they said there before they came back is not for this case
            returned = await case_events.last_of(connection, case.id, Event.RETURNED)
            since = returned.isoformat() if returned else case.opened_at.isoformat()
        lines += [line for line in await transcript(connection, session_id) if since is None or line.at >= since]
    return tuple(lines) if lines else case.transcript


async def time_limit(connection: AsyncConnection, session_id: str, topic: str) -> TimeLimit | None:
    """The deadline that the person must keep, as far as the conversation has counted one that belongs to the topic."""
    stored = await drafts.latest(connection, session_id, DeadlineTask.name)
    dates = await agenda.coming(connection, session_id, clock.today())
    mine = [due for due in dates if due.matter in _OF_DECISIONS or topic in _TOPICS.get(due.matter, frozenset())]
    if not mine:
        return None
    nearest = min(mine, key=lambda due: due.safe)
    steps: tuple[str, ...] = ()
    if stored is not None and stored.finished and nearest.matter in _OF_DECISIONS:
        counted = counted_limit(DeadlineDraft.model_validate(stored.content))
        if counted is not None and counted.safe == nearest.safe:
            steps = counted.steps
    return TimeLimit(nearest.matter, nearest.safe, nearest.deadline, steps)


def counted_limit(draft: DeadlineDraft) -> TimeLimit | None:
    """The deadline that a finished count of a decision came to, with its steps; None for another one."""
    if draft.kind not in {Kind.DECISION, Kind.RESTITUTION}:
        return None
    counted, matter = limit_of(draft, clock.today())
    steps = explained(counted, Translations(SOURCE_LANGUAGE)) if isinstance(counted, Deadline) else ()
    return TimeLimit(matter, counted.safe, counted.deadline, tuple(steps))


def _line(message: Message) -> Line:
    """The message as a line; one that is nothing but files says so."""
    text = message.text or " ".join(f"[{attachment.name}]" for attachment in message.attachments)
    return Line(message.at.isoformat(), message.author, hidden(text))
