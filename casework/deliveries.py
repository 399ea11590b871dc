"""Delivering submissions: the handlers of their outbox rows.

Everything that is written to the gateway goes under a key derived from the submission, so that an attempt whose answer
was lost is repeated and not doubled.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import structlog

from base.database import Database, UnitOfWork
from base.outbox import Handler, Item
from casework.efforts import effort_of
from casework.files.refusals import Refused as Unsendable
from casework.files.store import Sealed
from casework.files.workshop import Workshop
from casework.submissions import DELIVER, WATCH, Kind, SentFile, State, Submission, SubmissionStore, tell
from eservices import models
from eservices.client import EServices
from eservices.errors import Refused, Uncertain
from eservices.models.files import MAX_FILE_BYTES
from eservices.reasons import Reason
from law.documents import Document, Recipient

log = structlog.get_logger(__name__)

OVERDUE = "overdue"
"""The news that a submission has not arrived in time."""


@dataclass(frozen=True)
class Taken:
    """What the gateway has taken.

    Args:
        receipt: Its proof.
        made: What it calls what it made of it, if that can be changed later.
    """

    receipt: models.Receipt
    made: str | None = None


Send = Callable[[EServices, Submission, Sequence[str], str], Awaitable[Taken]]
"""Hands a submission over, under a key, with the names of its staged files, or of what it is to change."""


class StagedFilesExpired(Exception):
    """The gateway threw away what was staged; the next attempt stages it anew."""


class Misunderstood(Exception):
    """The gateway and this program do not understand each other: the operator's to mend, and attempted again."""


OURS = frozenset(
    {
        Reason.INVALID_REQUEST,
        Reason.IDEMPOTENCY_KEY_MISSING,
        Reason.IDEMPOTENCY_KEY_REUSED,
        Reason.UNAUTHORIZED,
        Reason.FORBIDDEN,
        Reason.NOT_FOUND,
        Reason.METHOD_NOT_ALLOWED,
        Reason.UNSUPPORTED_MEDIA_TYPE,
        Reason.TOO_MANY_REQUESTS,
    }
)
"""Refusals that say nothing about what the person sent. When a key was used before, something was even taken."""


class FileLost(Exception):
    """A file of a submission cannot be read any more."""


class Overtaken(Exception):
    """Another attempt has joined the files meanwhile; the next one goes on with what it made."""


async def _send_document(services: EServices, submission: Submission, staged: Sequence[str], key: str) -> Taken:
    (file_id,) = staged
    document = models.DocumentToSend(
        type=Document(submission.content["type"]),
        recipient=submission.recipient or Recipient.ORP,
        file_id=file_id,
        name=submission.content["name"],
    )
    return Taken((await services.send_document(submission.person_id, document, key)).receipt)


async def _write_effort(services: EServices, submission: Submission, made: Sequence[str], key: str) -> Taken:
    """Adds, changes or removes an effort; what was never taken is added instead of changed."""
    person, period, content = submission.person_id, submission.content["period"], submission.content
    if content["effort"] is None:
        (entry,) = made
        return Taken((await services.remove_effort(person, period, entry, key)).receipt)
    effort = effort_of(content["effort"])
    if made:
        saved = await services.change_effort(person, period, made[0], effort, key)
    else:
        saved = await services.add_effort(person, period, effort, key)
    return Taken(saved.receipt, saved.effort_id)


async def _transmit_report(services: EServices, submission: Submission, _staged: Sequence[str], key: str) -> Taken:
    report = await services.transmit_report(submission.person_id, submission.content["period"], key)
    if report.receipt is None:
        raise Misunderstood
    return Taken(report.receipt)


async def _announce_incapacity(services: EServices, submission: Submission, staged: Sequence[str], key: str) -> Taken:
    content = json.dumps({**submission.content, "certificates": list(staged)})
    announcement = models.IncapacityAnnouncement.model_validate_json(content)
    return Taken((await services.announce_incapacity(submission.person_id, announcement, key)).receipt)


async def _end_incapacity(services: EServices, submission: Submission, _staged: Sequence[str], key: str) -> Taken:
    end = models.IncapacityEnd(end_date=date.fromisoformat(submission.content["end_date"]))
    return Taken(
        (await services.end_incapacity(submission.person_id, submission.content["announced"], end, key)).receipt
    )


async def _send_ipa(services: EServices, submission: Submission, staged: Sequence[str], key: str) -> Taken:
    content, names = submission.content, iter(staged)
    situations = [
        {**one, "attachments": [{"type": paper, "file_id": next(names)} for paper in one["attachments"]]}
        for one in content["situations"]
    ]
    others = {name: content[name] for name in ("absences", "new_job_from", "changes") if name in content}
    form = models.IpaForm.model_validate_json(json.dumps({"situations": situations, **others}))
    return Taken((await services.send_ipa(submission.person_id, content["period"], form, key)).receipt)


def is_as_the_gateway_takes_it(submission: Submission) -> bool:
    """Whether the files can go as they are: one for each part, and not too large."""
    return all(_is_ready(part) for part in submission.parts)


def _is_ready(part: Sequence[SentFile]) -> bool:
    return len(part) <= 1 and all(file.size <= MAX_FILE_BYTES for file in part)


_SEND: Mapping[Kind, Send] = MappingProxyType(
    {
        Kind.DOCUMENT: _send_document,
        Kind.INCAPACITY: _announce_incapacity,
        Kind.RECOVERY: _end_incapacity,
        Kind.EFFORT: _write_effort,
        Kind.REPORT: _transmit_report,
        Kind.IPA: _send_ipa,
    }
)


class Deliveries:
    """Brings submissions to the gateway.

    Args:
        database: Where they are kept.
        store: How they are kept.
        services: The gateway.
        workshop: Joins files that are too many or too large for it.
    """

    def __init__(self, database: Database, store: SubmissionStore, services: EServices, workshop: Workshop) -> None:
        self._database = database
        self._store = store
        self._services = services
        self._workshop = workshop

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kinds of outbox rows that deliver, and that watch over it."""
        return {DELIVER: self._deliver, WATCH: self._watch}

    async def give_up(self, work: UnitOfWork, item: Item) -> None:
        """Records that a submission is not attempted any more."""
        if item.kind == DELIVER:
            await self._store.given_up(work, str(item.payload["submission"]))

    async def _deliver(self, item: Item) -> None:
        """One attempt.

        Raises:
            EServicesError: When it is not certain that the gateway has it; the next attempt will tell.
        """
        async with self._database.reading() as connection:
            submission = await self._store.find(connection, str(item.payload["submission"]))
        if submission is None or submission.state is not State.RECORDED:
            return
        key = f"{submission.id}-{submission.generation}"
        try:
            if not is_as_the_gateway_takes_it(submission):
                submission = await self._join(submission)
            staged = [await self._stage(submission, position, key) for position in range(len(submission.files))]
            named = staged or await self._made(submission)
            if submission.kind is Kind.EFFORT and submission.content["effort"] is None and not named:
                await self._settle_refused(submission, Reason.NOT_FOUND.value)  # it was never taken
                return
            taken = await _SEND[submission.kind](self._services, submission, named, key)
        except FileLost as lost:
            await self._file_lost(submission, lost)
        except Unsendable as problem:
            await self._settle_refused(submission, str(problem.reason))
        except Refused as refusal:
            await self._refused(submission, refusal)
        except Uncertain:
            async with self._database.unit_of_work() as work:
                await self._store.note_sending(work, submission)  # they may have it
            raise
        else:
            async with self._database.unit_of_work() as work:
                await self._store.note_sending(work, submission)
                receipt = taken.receipt
                await self._store.received(work, submission, receipt.number, receipt.received_at, taken.made)
            log.info("submission.received", submission=submission.id, attempt=item.attempt)

    async def _file_lost(self, submission: Submission, lost: FileLost) -> None:
        """Gives up what has lost a file for good.

        Raises:
            Overtaken: When its files are others by now.
        """
        async with self._database.unit_of_work() as work:
            current = await self._store.find(work.connection, submission.id)
            if current is not None and current.files != submission.files:
                raise Overtaken from lost
            log.error("submission.file_lost", submission=submission.id)
            await self._store.given_up(work, submission.id)

    async def _made(self, submission: Submission) -> Sequence[str]:
        """What the gateway calls what a submission is to change; empty when there is nothing yet."""
        if submission.subject is None:
            return ()
        async with self._database.reading() as connection:
            made = await self._store.made_of(connection, submission.subject)
        return (made,) if made is not None else ()

    async def _join(self, submission: Submission) -> Submission:
        """The submission with each part as one PDF, which is kept, so that every attempt sends the same bytes.

        Raises:
            casework.files.refusals.Refused: When that does not fit and stay legible.
            WorkshopFailed: When that could not be found out; the next attempt will tell.
        """
        made: list[SentFile | Sealed] = []
        for part in submission.parts:
            if _is_ready(part):
                made += part
                continue
            joined = await self._workshop.join([await self._read(file) for file in part], MAX_FILE_BYTES)
            made.append(await self._store.files.seal(joined))
        async with self._database.unit_of_work() as work:
            return await self._store.replace_files(work, submission, made)

    async def _read(self, file: SentFile) -> bytes:
        async with self._database.reading() as connection:
            pdf = await self._store.files.read(connection, file.file_id, None)
        if pdf is None:
            raise FileLost
        return pdf

    async def _stage(self, submission: Submission, position: int, key: str) -> str:
        """Leaves a file with the gateway, or learns the name under which it was left before."""
        pdf = await self._read(submission.files[position])
        return (await self._services.stage_file(submission.person_id, pdf, f"{key}-{position}")).file_id

    async def _refused(self, submission: Submission, refusal: Refused) -> None:
        if refusal.reason is Reason.FILE_UNKNOWN:  # so it was not taken, and will be under another key
            async with self._database.unit_of_work() as work:
                await self._store.stage_anew(work, submission)
            raise StagedFilesExpired from refusal
        if refusal.reason is None or refusal.reason in OURS:
            log.error("submission.misunderstood", submission=submission.id, reason=refusal.type, status=refusal.status)
            raise Misunderstood from refusal
        reason = refusal.reason.value
        log.warning("submission.refused", submission=submission.id, reason=reason, instance=refusal.instance)
        await self._settle_refused(submission, reason, was_sent=True)

    async def _settle_refused(self, submission: Submission, reason: str, *, was_sent: bool = False) -> None:
        async with self._database.unit_of_work() as work:
            if was_sent:
                await self._store.note_sending(work, submission)
            await self._store.refused(work, submission, reason)

    async def _watch(self, item: Item) -> None:
        """Tells the person to use another way when their submission has not arrived by now; delivery goes on."""
        async with self._database.unit_of_work() as work:
            submission_id = str(item.payload["submission"])
            submission = await self._store.find(work.connection, submission_id, even_unreadable=True)
            if submission is not None and submission.state is State.RECORDED and submission.session_id is not None:
                await tell(work, submission, OVERDUE)
