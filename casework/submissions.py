"""What people have handed in: confirmed, kept encrypted, delivered once, and never lost.

`record` belongs to the turn in which the person says yes: submission, files and the outbox row that delivers it commit
together. From then on it is sent until the gateway answers, each time under the same key.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    RowMapping,
    String,
    Table,
    and_,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, outbox
from base.database import Instant, UnitOfWork, metadata
from base.encryption import DataKey, KeyRing, Undecipherable, WrappedKey
from casework import access
from casework.access import Actor, Deed
from casework.cases import cases, is_unresolved, take_out
from casework.files.limits import Prepared
from casework.files.refusals import Reason as Unfit
from casework.files.store import FileStore, Sealed, StoredFile, files
from law.calendar import working_day_until
from law.documents import Recipient

DELIVER, WATCH, NEWS = "submission.deliver", "submission.watch", "submission.news"
"""Kinds of the outbox rows: sends it; looks whether it has arrived in time; tells the person what became of it."""
OVERDUE_AFTER = timedelta(days=1)
"""Without a legal date: how long after its recording the person is told of another way."""
DAYS_BEFORE_LEGAL_DATE = 2
WARN_AT = time(9)
"""Time of day of that, in Europe/Zurich."""
SOONEST_WARNING = timedelta(minutes=5)
"""How long the first attempts have, however near the legal date is."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nothing that is mistaken for something else when read aloud."""
_CONTENT = "content"
_DRAFT = "draft"
"""Under which the draft is kept beside the content."""


class Kind(StrEnum):
    """What is handed in."""

    DOCUMENT = "document"
    INCAPACITY = "incapacity"
    """That someone cannot work, with the certificates."""
    RECOVERY = "recovery"
    """Until when they could not, of an incapacity that was announced."""
    EFFORT = "effort"
    """A job search that is added, changed or removed; nothing is handed to anybody."""
    REPORT = "report"
    """The job searches of a month."""
    IPA = "ipa"
    """The form of the insured person for a month, with what proves its answers."""


class State(StrEnum):
    """What has become of a submission."""

    RECORDED = "recorded"
    """Kept here; on its way."""
    RECEIVED = "received"
    """The gateway has it; its receipt says when."""
    REFUSED = "refused"
    """The gateway does not take it; nothing of it is there."""
    GIVEN_UP = "given_up"
    """It did not arrive, and a human has it now."""


submissions = Table(
    "submissions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="SET NULL"), index=True),
    Column("person_id", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("recipient", String(8)),
    Column("state", String(16), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("legal_date", Date),
    Column("received_at", Instant),
    Column("receipt_number", String(64)),
    Column("reason", String(64)),
    Column("case_id", ForeignKey("cases.id", ondelete="SET NULL"), index=True),
    Column("subject", String(36), index=True),
    Column("made", String(40)),
    Column("content", LargeBinary, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("key_wrapped_by", String(16), nullable=False),
)

submission_files = Table(
    "submission_files",
    metadata,
    Column("submission_id", ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("file_id", String(36), nullable=False),
    Column("size", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
)


@dataclass(frozen=True)
class SentFile:
    """A file of a submission, as its receipt names it.

    Args:
        file_id: Names it in `casework.files.store`, as long as it is kept.
        size: In bytes.
        pages: How many it has.
        sha256: Of the PDF.
    """

    file_id: str
    size: int
    pages: int
    sha256: str


@dataclass(frozen=True)
class Submission:
    """Something that a person has handed in.

    Args:
        id: Names it here; its idempotency keys derive from it.
        number: What people are told; unguessable, so that knowing it proves the receipt.
        session_id: The conversation that it came from; None once that is erased.
        person_id: Whose it is, by the gateway's name.
        kind: What it is.
        recipient: Who gets it.
        state: What has become of it.
        generation: Counts how often its files had to be staged anew.
        recorded_at: When the person confirmed it; aware.
        legal_date: When the law wants it there at the latest, if it does.
        received_at: Binding time of receipt by the gateway.
        receipt_number: The gateway's.
        reason: Why it was refused: the last part of the problem's type.
        files: In the order of sending.
        content: What is sent beside the files; possibly personal.
        subject: What it is about, when several submissions are about the same; our own id.
        draft: What the task knew that it came from, as long as that may be of use once more.
    """

    id: str
    number: str
    session_id: str | None
    person_id: str
    kind: Kind
    recipient: Recipient | None
    state: State
    generation: int
    recorded_at: datetime
    legal_date: date | None
    received_at: datetime | None
    receipt_number: str | None
    reason: str | None
    files: tuple[SentFile, ...]
    content: Mapping[str, Any] = field(repr=False)
    subject: str | None = None
    draft: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        """What was sent: a `law.documents.Document`, or the kind itself."""
        return str(self.content.get("type", self.kind))

    @property
    def parts(self) -> tuple[tuple[SentFile, ...], ...]:
        """Its files by the paper that they make up; what is one paper only has one part.

        What was joined has one file for each part.
        """
        counts: Sequence[int] = self.content.get("parts", (len(self.files),))
        if len(self.files) == len(counts):
            return tuple((file,) for file in self.files)
        ends = list(accumulate(counts))
        return tuple(self.files[end - count : end] for count, end in zip(counts, ends, strict=True))

    @property
    def is_unsendable(self) -> bool:
        """Whether its files could not be made into what the gateway takes, so that nothing was sent."""
        return self.state is State.REFUSED and self.reason in set(Unfit)


class Gone(Exception):
    """A file that was to be sent is not there any more."""


class SubmissionStore:
    """Keeps submissions.

    Args:
        keys: What encrypts them.
        files: Where their files are.
        observe: Told of every submission that is settled: its kind, its new state, and how long that took.
    """

    def __init__(
        self,
        keys: KeyRing,
        files: FileStore,
        observe: Callable[[str, str, timedelta], None] = lambda _kind, _state, _took: None,
    ) -> None:
        self._observe = observe
        self._keys = keys
        self.files = files

    async def record(
        self,
        work: UnitOfWork,
        *,
        session_id: str,
        person_id: str,
        kind: Kind,
        content: Mapping[str, Any],
        file_ids: Sequence[str] = (),
        recipient: Recipient | None = None,
        legal_date: date | None = None,
        wanted_on: date | None = None,
        subject: str | None = None,
        after: str | None = None,
        draft: Mapping[str, Any] | None = None,
    ) -> Submission:
        """Takes what a person has confirmed, to be delivered as soon as the transaction has committed.

        Args:
            content: JSON values.
            file_ids: Files of the conversation; from now on they are the submission's.
            legal_date: When the law wants it there at the latest.
            wanted_on: The day by whose end it must be there to be of use; the legal date when omitted.
            subject: What it is about, when several submissions are about the same.
            after: Submissions with the same are delivered in the order in which they were recorded.
            draft: What the task knows, to be taken up again if it is refused: JSON values.

        Raises:
            Gone: When a file is not there any more; nothing may be kept then.
        """
        submission_id, moment = str(uuid.uuid4()), clock.now()
        key, wrapped = self._keys.new_key(submission_id)
        row: dict[str, Any] = {
            "id": submission_id,
            "number": new_number(),
            "session_id": session_id,
            "person_id": person_id,
            "kind": kind,
            "recipient": recipient,
            "state": State.RECORDED,
            "generation": 1,
            "recorded_at": moment,
            "legal_date": legal_date,
            "received_at": None,
            "receipt_number": None,
            "reason": None,
            "subject": subject,
            "content": _sealed(key, {**content, _DRAFT: draft} if draft is not None else content),
            "key": wrapped.content,
            "key_wrapped_by": wrapped.wrapped_by,
        }
        await work.connection.execute(insert(submissions).values(**row))
        sent = [await self._entrust(work, file_id, session_id) for file_id in file_ids]
        if sent:
            rows = [
                {"submission_id": submission_id, "position": position, **vars(file)}
                for position, file in enumerate(sent)
            ]
            await work.connection.execute(insert(submission_files), rows)
        last = wanted_on or legal_date
        wanted_by = datetime.combine(last, time.max, clock.ZONE) if last else None
        await outbox.put(work, DELIVER, after or _key(submission_id), {"submission": submission_id}, None, wanted_by)
        soonest = clock.later(clock.program_now(), SOONEST_WARNING)  # a request may be told an earlier time
        watch_at = max(warn_at(moment, legal_date), soonest, key=_in_utc)
        await outbox.put(work, WATCH, f"watch:{submission_id}", {"submission": submission_id}, watch_at)
        return self._submission(row, sent)

    async def _entrust(self, work: UnitOfWork, file_id: str, session_id: str) -> SentFile:
        stored: StoredFile | None = await self.files.find(work.connection, file_id, session_id)
        if stored is None or not await self.files.entrust(work, file_id, session_id):
            raise Gone(file_id)
        return SentFile(stored.id, stored.size, stored.pages, stored.sha256)

    async def find(
        self, connection: AsyncConnection, submission_id: str, *, even_unreadable: bool = False
    ) -> Submission | None:
        """A submission by its id.

        Args:
            even_unreadable: Gives one without content when its secret is missing, for who needs the rest.

        Raises:
            Undecipherable: When its secret is missing, or somebody changed it.
        """
        try:
            return await self._one(connection, submissions.c.id == submission_id)
        except Undecipherable:
            if not even_unreadable:
                raise
            query = select(submissions).where(submissions.c.id == submission_id)
            row = (await connection.execute(query)).mappings().one()
            return _shown(row, {}, await _files_of(connection, submission_id))

    async def by_number(self, connection: AsyncConnection, number: str) -> Submission | None:
        """A submission by the number that its receipt carries, however it was typed.

        Raises:
            Undecipherable: As `find`.
        """
        return await self._one(connection, submissions.c.number == tidy_number(number))

    async def of_session(self, connection: AsyncConnection, session_id: str, submission_id: str) -> Submission | None:
        """A submission of this conversation; None when it has no such one.

        Raises:
            Undecipherable: As `find`.
        """
        found = await self.find(connection, submission_id)
        return found if found is not None and found.session_id == session_id else None

    async def all_of_session(self, connection: AsyncConnection, session_id: str) -> tuple[Submission, ...]:
        """Everything handed in from a conversation, the newest first.

        Raises:
            Undecipherable: As `find`.
        """
        query = select(submissions).where(submissions.c.session_id == session_id)
        rows = (await connection.execute(query.order_by(submissions.c.recorded_at.desc()))).mappings().all()
        return tuple([self._submission(row, await _files_of(connection, row["id"])) for row in rows])

    async def all_of_person(self, connection: AsyncConnection, person_id: str) -> tuple[Submission, ...]:
        """Everything that a person has handed in, also from conversations that are erased; the newest first.

        Raises:
            Undecipherable: As `find`.
        """
        query = select(submissions).where(submissions.c.person_id == person_id)
        rows = (await connection.execute(query.order_by(submissions.c.recorded_at.desc()))).mappings().all()
        return tuple([self._submission(row, await _files_of(connection, row["id"])) for row in rows])

    async def latest_of_person(
        self, connection: AsyncConnection, person_id: str, kind: Kind, most: int = 20
    ) -> tuple[Submission, ...]:
        """What a person has handed in of a kind that was not refused, the newest first.

        Raises:
            Undecipherable: As `find`.
        """
        theirs = (submissions.c.person_id == person_id, submissions.c.kind == kind)
        query = select(submissions).where(*theirs, submissions.c.state.in_([State.RECORDED, State.RECEIVED]))
        rows = (await connection.execute(query.order_by(submissions.c.recorded_at.desc()).limit(most))).mappings()
        return tuple([self._submission(row, await _files_of(connection, row["id"])) for row in rows.all()])

    async def refused_of_session(
        self, connection: AsyncConnection, session_id: str, kind: Kind, most: int = 5
    ) -> tuple[Submission, ...]:
        """What was refused of a kind that came from a conversation, the newest first.

        Raises:
            Undecipherable: As `find`.
        """
        theirs = (submissions.c.session_id == session_id, submissions.c.kind == kind)
        query = select(submissions).where(*theirs, submissions.c.state == State.REFUSED)
        rows = (await connection.execute(query.order_by(submissions.c.recorded_at.desc()).limit(most))).mappings()
        return tuple([self._submission(row, await _files_of(connection, row["id"])) for row in rows.all()])

    async def take_back(self, work: UnitOfWork, submission: Submission, *, with_files: bool) -> None:
        """Lets a conversation take up again what was refused, once: its draft is forgotten here.

        Args:
            with_files: Whether its files are the conversation's again; their dates stay.
        """
        if with_files and submission.session_id is not None:
            await self.files.give_back(work, [file.file_id for file in submission.files], submission.session_id)
            mine = submission_files.c.submission_id == submission.id
            await work.connection.execute(delete(submission_files).where(mine))
        await self._forget_draft(work, submission)

    async def leave_conversation(self, work: UnitOfWork, session_id: str) -> None:
        """Erases what can be erased of what was handed in from a conversation.

        What is on its way still goes, and what did not arrive stays for who looks after it. What was received is the
        office's: the files go, and what proves the receipt stays. What was refused goes as a whole.
        """
        mine = submissions.c.session_id == session_id
        settled = select(submissions.c.id, submissions.c.state).where(
            mine, submissions.c.state.in_([State.RECEIVED, State.REFUSED])
        )
        for row in (await work.connection.execute(settled)).all():
            for file in await _files_of(work.connection, row.id):
                await self.files.delete(work, file.file_id)
            if row.state == State.REFUSED:
                await work.connection.execute(delete(submissions).where(submissions.c.id == row.id))

    async def made_of(self, connection: AsyncConnection, subject: str) -> str | None:
        """What the gateway calls what it last made of the submissions about something; None when there is nothing."""
        about = (submissions.c.subject == subject, submissions.c.made.is_not(None))
        query = select(submissions.c.made).where(*about).order_by(submissions.c.recorded_at.desc()).limit(1)
        return (await connection.execute(query)).scalar_one_or_none()

    async def received(
        self,
        work: UnitOfWork,
        submission: Submission,
        receipt_number: str,
        received_at: datetime,
        made: str | None = None,
    ) -> None:
        """Records that the gateway has it, once.

        Args:
            made: What the gateway calls what it made of it, if that can be changed.
        """
        values = {"receipt_number": receipt_number, "received_at": received_at, "made": made}
        if await self._settle(work, submission, State.RECEIVED, **values):
            await self._release_files(work, submission)

    async def refused(self, work: UnitOfWork, submission: Submission, reason: str) -> None:
        """Records that the gateway does not take it, once."""
        if await self._settle(work, submission, State.REFUSED, reason=reason):
            await self._release_files(work, submission)

    async def given_up(self, work: UnitOfWork, submission_id: str) -> None:
        """Records that it is not attempted any more, once; the files stay a while for whoever takes over."""
        found = await self.find(work.connection, submission_id, even_unreadable=True)
        if found is not None and await self._settle(work, found, State.GIVEN_UP):
            for file in found.files:
                await self.files.given_up(work, file.file_id)

    async def stage_anew(self, work: UnitOfWork, submission: Submission) -> None:
        """Lets the next attempt stage its files under new keys: what was staged has expired, so nothing was taken."""
        await work.connection.execute(
            update(submissions)
            .where(submissions.c.id == submission.id, submissions.c.generation == submission.generation)
            .values(generation=submission.generation + 1)
        )

    async def replace_files(
        self, work: UnitOfWork, submission: Submission, parts: Sequence[SentFile | Prepared | Sealed]
    ) -> Submission:
        """The submission with one file for each of its parts; those that were joined are deleted.

        When another attempt was quicker, its files are taken.

        Args:
            parts: A file that stays as it is, or what was made of several.
        """
        current = await self.find(work.connection, submission.id)
        if current is None or current.files != submission.files:
            return current or submission
        sent = []
        for part in parts:
            if isinstance(part, SentFile):
                sent.append(part)
            else:
                kept = await self.files.keep_for_submission(work, part)
                sent.append(SentFile(kept.id, kept.size, kept.pages, kept.sha256))
        for file in set(submission.files) - set(sent):
            await self.files.delete(work, file.file_id)
        mine = submission_files.c.submission_id == submission.id
        await work.connection.execute(delete(submission_files).where(mine))
        rows = [
            {"submission_id": submission.id, "position": position, **vars(file)} for position, file in enumerate(sent)
        ]
        await work.connection.execute(insert(submission_files), rows)
        return replace(submission, files=tuple(sent))

    async def note_sending(self, work: UnitOfWork, submission: Submission) -> None:
        """Records that it went to Job-Room; the conversation that it came from may be erased by now."""
        query = select(submissions.c.session_id).where(submissions.c.id == submission.id)
        session_id = (await work.connection.execute(query)).scalar_one_or_none()
        sent = (Actor.SYSTEM, Deed.SENT, access.Kind.SUBMISSION, submission.number)
        await access.note(work, session_id, *sent, person_id=submission.person_id)

    async def _settle(self, work: UnitOfWork, submission: Submission, state: State, **values: Any) -> bool:
        """Changes the state of what was on its way, and lets the person know; False when it is settled already."""
        changed = await work.connection.execute(
            update(submissions)
            .where(submissions.c.id == submission.id, submissions.c.state == State.RECORDED)
            .values(state=state, **values)
        )
        is_news = submission.kind is not Kind.EFFORT or state in {State.REFUSED, State.GIVEN_UP}
        if changed.rowcount == 1 and is_news and (submission.session_id is not None or state is not State.RECEIVED):
            await tell(work, submission, state)
        if changed.rowcount == 1 and state is not State.REFUSED:
            await self._forget_draft(work, submission)
        if changed.rowcount == 1:
            took = clock.now() - submission.recorded_at
            work.after_commit(lambda: self._observe(submission.kind, state, took))
        return changed.rowcount == 1

    async def _forget_draft(self, work: UnitOfWork, submission: Submission) -> None:
        if submission.draft is None:
            return
        mine = submissions.c.id == submission.id
        query = select(submissions.c.key, submissions.c.key_wrapped_by).where(mine)
        row = (await work.connection.execute(query)).one()
        key = self._keys.unwrap(WrappedKey(row.key_wrapped_by, row.key), submission.id)
        await work.connection.execute(update(submissions).where(mine).values(content=_sealed(key, submission.content)))

    async def _release_files(self, work: UnitOfWork, submission: Submission) -> None:
        for file in submission.files:
            await self.files.delivered(work, file.file_id)

    async def _one(self, connection: AsyncConnection, condition: Any) -> Submission | None:
        row = (await connection.execute(select(submissions).where(condition))).mappings().one_or_none()
        return self._submission(row, await _files_of(connection, row["id"])) if row else None

    def _submission(self, row: Mapping[str, Any] | RowMapping, files: Sequence[SentFile]) -> Submission:
        key = self._keys.unwrap(WrappedKey(row["key_wrapped_by"], row["key"]), row["id"])
        return _shown(row, json.loads(key.decrypt(row["content"], _CONTENT)), files)


async def tell(work: UnitOfWork, submission: Submission, news: str) -> None:
    """Has the person told what became of a submission, where they are, and a human if they must.

    Args:
        news: A `State`, or `overdue`.
    """
    payload = {"session": submission.session_id, "submission": submission.id, "news": news}
    key = f"chat:{submission.session_id}" if submission.session_id else f"news:{submission.id}"
    await outbox.put(work, NEWS, key, payload)


async def hand_over(work: UnitOfWork, submission_id: str, case_id: int) -> None:
    """Notes the case in which a human looks after a submission: it does not go with the conversation."""
    values = {"case_id": case_id}
    await work.connection.execute(update(submissions).where(submissions.c.id == submission_id).values(**values))


async def is_handed_over(connection: AsyncConnection, submission_id: str) -> bool:
    """Whether a human looks after a submission now."""
    in_hand = (submissions.c.case_id == cases.c.id, is_unresolved())
    query = select(cases.c.id).where(submissions.c.id == submission_id, *in_hand)
    return (await connection.execute(query)).one_or_none() is not None


async def keep_stuck_cases(work: UnitOfWork, session_id: str) -> None:
    """Takes the open cases of stuck submissions out of a conversation that is about to be erased.

    What was said in it goes all the same; number and submission are what is left of them.
    """
    stuck = select(submissions.c.id).where(submissions.c.case_id == cases.c.id).exists()
    await take_out(work, session_id, stuck)


def is_under_way(session_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a conversation has a submission that has not arrived yet: a condition for queries."""
    mine = and_(submissions.c.session_id == session_id, submissions.c.state == State.RECORDED)
    return select(submissions.c.id).where(mine).exists()


async def delete_older(work: UnitOfWork, before: datetime, most: int) -> int:
    """Deletes submissions that were confirmed by then, with what is left of their files.

    What has not arrived yet stays, and what a human looks after.

    Returns:
        How many; `most` at a time.
    """
    in_hand = select(cases.c.id).where(cases.c.id == submissions.c.case_id, is_unresolved()).exists()
    is_old = and_(submissions.c.recorded_at <= before, submissions.c.state != State.RECORDED, ~in_hand)
    found = (await work.connection.execute(select(submissions.c.id).where(is_old).limit(most))).scalars().all()
    theirs = select(submission_files.c.file_id).where(submission_files.c.submission_id.in_(found))
    await work.connection.execute(delete(files).where(files.c.id.in_(theirs)))
    return (await work.connection.execute(delete(submissions).where(submissions.c.id.in_(found)))).rowcount


def new_number() -> str:
    """A number that nobody guesses: 60 random bits, e.g. `R-7F3K-9Q2M-X4TB`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return f"R-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def tidy_number(typed: str) -> str:
    """A number as people type it, in the way it is kept."""
    letters = "".join(filter(str.isalnum, typed.upper())).removeprefix("R").translate(str.maketrans("OIL", "011"))
    return f"R-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def warn_at(recorded: datetime, legal_date: date | None) -> datetime:
    """When someone should be told that a submission has not arrived, early enough to use another way.

    Args:
        recorded: When it was confirmed; aware.
        legal_date: When the law wants it there at the latest.

    Returns:
        A moment in Europe/Zurich, at least `SOONEST_WARNING` after `recorded`.
    """
    usual = clock.later(recorded, OVERDUE_AFTER)
    if legal_date is None:
        return usual
    day = working_day_until(legal_date)
    for _ in range(DAYS_BEFORE_LEGAL_DATE):
        day = working_day_until(day - timedelta(days=1))
    in_time = datetime.combine(day, WARN_AT, tzinfo=clock.ZONE)
    soonest = clock.later(recorded, SOONEST_WARNING)
    return max(soonest, min(usual, in_time, key=_in_utc), key=_in_utc)


def _in_utc(moment: datetime) -> datetime:
    """To compare moments by: on the wall, an hour of autumn comes twice."""
    return moment.astimezone(UTC)


def _sealed(key: DataKey, content: Mapping[str, Any]) -> bytes:
    return key.encrypt(json.dumps(dict(content)).encode(), _CONTENT)


def _key(submission_id: str) -> str:
    return f"submission:{submission_id}"


async def _files_of(connection: AsyncConnection, submission_id: str) -> tuple[SentFile, ...]:
    query = select(submission_files).where(submission_files.c.submission_id == submission_id)
    rows = (await connection.execute(query.order_by(submission_files.c.position))).mappings()
    return tuple(SentFile(row["file_id"], row["size"], row["pages"], row["sha256"]) for row in rows)


def _shown(row: Mapping[str, Any] | RowMapping, content: Mapping[str, Any], files: Sequence[SentFile]) -> Submission:
    return Submission(
        id=row["id"],
        number=row["number"],
        session_id=row["session_id"],
        person_id=row["person_id"],
        kind=Kind(row["kind"]),
        recipient=Recipient(row["recipient"]) if row["recipient"] else None,
        state=State(row["state"]),
        generation=row["generation"],
        recorded_at=row["recorded_at"],
        legal_date=row["legal_date"],
        received_at=row["received_at"],
        receipt_number=row["receipt_number"],
        reason=row["reason"],
        files=tuple(files),
        content={name: value for name, value in content.items() if name != _DRAFT},
        subject=row["subject"],
        draft=content.get(_DRAFT),
    )
