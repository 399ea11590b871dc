"""What tasks share that send something to Job-Room: login, files, summary, yes, and the handing in.

Such a task begins with its own questions; then it asks who the person is, takes files, shows everything, and sends
only on an explicit yes to that. Its wording is named after it: `utter_<name>_summary`, `utter_<name>_taken`,
`utter_<name>_gone`, and `utter_ask_<name>_form_correction`.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, ClassVar, TypeVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.tasks import CORRECTION, FIELD, Question, Said, Task, TaskDraft, draft_of, resumed
from base.database import Awaited, UnitOfWork, unit_of_work
from base.wording import Catalogues, Translations, mark
from casework import drafts, persons
from casework.desk import desk
from casework.files.refusals import Reason as Unfit
from casework.files.store import kept_unsent
from casework.submissions import Gone, Kind, Submission
from conversations import store
from conversations.models import FileId, Phase
from eservices.reasons import Reason
from law.documents import Recipient

LOGIN = Question("is_linked", "choice", help="utter_help_login")
FILES = Question("files", "file")
CONFIRMED = Question("is_confirmed", "choice", help="utter_help_confirm")

_WRONG = re.compile(
    r"\bpas (?:le |la |les )?bon|\b(?:est|c) (?:tout )?faux|\berreur|\btromp[ée]|\b(?:chang|corrig|modifi|remplac)",
    re.IGNORECASE,
)
"""Says at the summary that something is to change, perhaps not what."""
_FILE = re.compile(r"\b(?:fichier|photo|pdf|image|scan)", re.IGNORECASE)
"""Enough to say that files are to change, once that was asked."""
OF_FILES = frozenset({Reason.FILE_INFECTED, Reason.TOO_LARGE, Reason.NOT_A_PDF, *Unfit})
"""Reasons of refusals that other files can do something about."""
_NOTHING = re.compile(r"(?:non,? )?rien(?: du tout)?[\s.!]*", re.IGNORECASE)


class SendingDraft(TaskDraft):
    """What the drafts of all tasks have that send something.

    Args:
        is_elsewhere: Whether there is nothing to send here, because it goes another way.
        is_linked: Whether it is known whose conversation this is; None until someone has logged in.
        files: What was sent for it, in the order of its pages.
        is_taken_up: Whether it was handed in before and refused.
        has_lost_files: Whether some of them have just been found to be gone, so that no yes was meant for the rest.
        is_confirmed: Whether the person has said yes to the summary.
    """

    is_elsewhere: bool = False
    is_linked: bool | None = None
    files: tuple[FileId, ...] | None = None
    is_taken_up: bool = False
    has_lost_files: bool = False
    is_confirmed: bool | None = None


D = TypeVar("D", bound=SendingDraft)
T = TypeVar("T")


@dataclass(frozen=True)
class Parcel:
    """What a task hands in.

    Args:
        kind: What it is.
        content: What goes beside the files; JSON values.
        effect: The debug operation that it is.
        shown: What debug mode shows of it.
        recipient: Who gets it.
        legal_date: When the law wants it there at the latest.
        files: Those of the draft that belong to it; all of them when omitted.
    """

    kind: Kind
    content: Mapping[str, Any]
    effect: str
    shown: Mapping[str, Any]
    recipient: Recipient
    legal_date: date | None = None
    files: Sequence[FileId] | None = None


class SendingTask(Task[D]):
    """A task that sends something, with files, after a summary."""

    takes_files = True
    correctable: ClassVar[Mapping[str, re.Pattern[str]]] = {}
    """What can be given anew, by field, with the words that are enough to say so once that was asked."""
    kind: ClassVar[Kind | None] = None
    """What it hands in, of a task that takes up again what was refused."""
    curable: ClassVar[frozenset[str]] = frozenset()
    """Reasons of refusals after which it is sent once more with its files; those `OF_FILES` want others."""

    def begin(self, said: Said, previous: D | None) -> D:
        """Nothing, or what was refused and is taken up again."""
        return previous if previous is not None and previous.is_taken_up else self.model()

    async def recalled(self, work: UnitOfWork, session_id: str, said: Said) -> D | None:
        """What was refused for a reason that the person can do something about, with everything that was said for it."""
        if self.kind is None or not desk().is_open:
            return None
        for refused in await desk().submissions.refused_of_session(work.connection, session_id, self.kind):
            draft = self.model.model_validate(refused.draft) if refused.draft is not None else None
            if draft is None or refused.reason not in self.curable | OF_FILES or not self.is_meant(said, refused):
                continue
            keeps_files = refused.reason in self.curable
            draft = self.mended(self._as_joined(draft, refused) if keeps_files else draft, str(refused.reason))
            await desk().submissions.take_back(work, refused, with_files=keeps_files)
            return draft.model_copy(update={"is_taken_up": True, "is_confirmed": None})
        return None

    def is_meant(self, said: Said, refused: Submission) -> bool:
        """Whether a message that begins the task goes on with what was refused."""
        return True

    def mended(self, draft: D, reason: str) -> D:
        """The draft without what the refusal says is wrong."""
        return draft.model_copy(update={"files": None}) if reason in OF_FILES else draft

    def _as_joined(self, draft: D, refused: Submission) -> D:
        """The draft with the files as they are now: those of one paper may have been joined."""
        (parcel,) = self.parcels(draft)
        before, now = parcel.files or (), [file.file_id for file in refused.files]
        if len(before) == len(now):
            return draft
        ends = list(accumulate(parcel.content["parts"]))
        firsts = [before[end - count] for end, count in zip(ends, parcel.content["parts"], strict=True)]
        written = draft.model_dump_json()
        for first, joined in zip(firsts, now, strict=True):
            written = written.replace(first, joined)
        known = self.model.model_validate_json(written)
        gone = set(before) - set(firsts)
        return known.model_copy(update={"files": tuple(file for file in known.files or () if file not in gone)})

    def parcel(self, draft: D) -> Parcel:
        """What is handed in once the person has said yes, by a task that hands in one thing."""
        raise NotImplementedError

    def parcels(self, draft: D) -> Sequence[Parcel]:
        """Everything that is handed in once the person has said yes."""
        return (self.parcel(draft),)

    @abstractmethod
    def summary(self, draft: D, translations: Translations) -> Mapping[str, str]:
        """What the placeholders of the summary stand for, beside `files`, `pages` and `note`."""

    @abstractmethod
    def understand(self, said: Said, draft: D, pending: Question | None) -> Mapping[str, Any]:
        """What a message says for the task's own questions, by field; None takes an answer back.

        Raises:
            Unusable: When it says something that cannot be right.
        """

    def wording(self, draft: D) -> str:
        """What the names of the responses begin with that show and tell what is sent."""
        return self.name

    async def tell_more(
        self, work: UnitOfWork, dispatcher: CollectingDispatcher, session_id: str, draft: D, translations: Translations
    ) -> None:
        """Says what the person must know or do beside, once their yes is taken."""
        return

    async def end_unsent(
        self, work: UnitOfWork, dispatcher: CollectingDispatcher, session_id: str, draft: D, translations: Translations
    ) -> D | None:
        """Says what to do when the questions have ended and there is nothing to send.

        Returns:
            What is kept for when the person comes back to it; None to forget it.
        """
        raise ValueError("the form ended without what it asks for")

    def keeps(self, draft: D) -> bool:
        return not draft.is_elsewhere

    async def look_up(self, connection: AsyncConnection, session_id: str, draft: D, *, is_new: bool) -> D:
        """Files that were sent before anybody asked for them are meant, and one login serves for all."""
        if not desk().is_open:
            return draft.model_copy(update={"is_elsewhere": True})
        kept = await kept_unsent(connection, session_id)
        sent = await store.files_sent(connection, session_id) if is_new else ()
        chosen = [file_id for file_id in dict.fromkeys((*(draft.files or ()), *sent)) if file_id in kept]
        person = await persons.person_of(connection, session_id)
        return draft.model_copy(
            update={
                "files": tuple(map(FileId, chosen)) or None,
                "has_lost_files": not kept.keys() >= set(draft.files or ()),
                "is_linked": True if person else None,
            }
        )

    def noticed(self, known: D | None, current: D) -> str | None:
        if known is None and current.is_taken_up:
            return f"utter_{self.wording(current)}_taken_up"
        if known is None:
            return "utter_sending_kept" if current.files else None
        if known.is_linked and not current.is_linked:
            return "utter_sending_unlinked"
        if len(known.files or ()) > len(current.files or ()):
            return "utter_sending_expired"
        return "utter_sending_linked" if current.is_linked and not known.is_linked else None

    async def let_go(self, work: UnitOfWork, session_id: str, draft: D, kept: D | None) -> None:
        """A file that was taken out is not to turn up in what is sent next."""
        still = (kept.files or ()) if kept is not None and not kept.is_elsewhere else ()
        for file_id in draft.files or ():
            if file_id not in still:
                await desk().submissions.files.delete(work, file_id)

    def read(self, said: Said, draft: D, pending: Question | None) -> Mapping[str, Any]:
        values: dict[str, Any] = {}
        if said.files:
            values["files"] = (*(draft.files or ()), *said.files)
        values |= self.understand(said, draft, pending)
        values = {**dict.fromkeys(self._taken_back(said, pending, values)), **values}
        if pending is CONFIRMED and not values:
            if said.agrees and not draft.has_lost_files:
                values["is_confirmed"] = True
            elif said.declines or (not said.asks and _WRONG.search(said.text)):
                values |= {"is_confirmed": None, "is_questioned": True}
        elif pending is CORRECTION and not values and (said.agrees or _NOTHING.fullmatch(said.text.strip())):
            values["is_confirmed"] = None  # back to the summary
        return values

    def _taken_back(self, said: Said, pending: Question | None, understood: Mapping[str, Any]) -> Sequence[str]:
        """What a message wants to give anew, and does not give itself."""
        correctable = {FILES.slot: _FILE, **self.correctable}
        named = [name for name in correctable if name in said.values(FIELD)]
        if named or understood or pending is not CORRECTION or said.tapped:
            return named
        return [name for name, pattern in correctable.items() if pattern.search(said.text)][:1]


class AskWhetherToSend(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Shows what would be sent, and asks for a yes.

    Args:
        task: What sends it.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, task: SendingTask[Any], catalogues: Catalogues) -> None:
        self._task = task
        self._catalogues = catalogues

    def name(self) -> str:
        return f"action_ask_{self._task.form}_{CONFIRMED.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, translations = unit_of_work(), _translations(tracker, self._catalogues)
        _, draft = await _draft(self._task, tracker)
        pages = await kept_unsent(work.connection, tracker.sender_id)
        work.outcome = Phase.AWAITING_CONFIRMATION
        chosen = draft.files or ()
        dispatcher.utter_message(
            response=f"utter_{self._task.wording(draft)}_summary",
            files=count_files(len(chosen), translations),
            pages=count_pages(sum(pages[file_id] for file_id in chosen), translations),
            note=_note(translations),
            **self._task.summary(draft, translations),
        )
        return []


class Send(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Takes in what a task sends; from then on it is on its way.

    Args:
        task: What sends it.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, task: SendingTask[Any], catalogues: Catalogues) -> None:
        self._task = task
        self._catalogues = catalogues

    def name(self) -> str:
        return f"action_send_{self._task.name}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        task, work, translations = self._task, unit_of_work(), _translations(tracker, self._catalogues)
        draft_id, draft = await _draft(task, tracker)
        person_id = await persons.person_of(work.connection, tracker.sender_id)
        if person_id is None or not draft.is_confirmed:
            kept = await task.end_unsent(work, dispatcher, tracker.sender_id, draft, translations)
            if kept is not None:
                await drafts.save(work, draft_id, kept.model_dump(mode="json"), finished=True)
            else:
                await drafts.discard(work, draft_id)
            return await resumed(tracker)
        await drafts.discard(work, draft_id)
        parcels = task.parcels(draft)
        try:
            async with work.attempt():
                sent = [
                    await desk().submissions.record(
                        work,
                        session_id=tracker.sender_id,
                        person_id=person_id,
                        kind=parcel.kind,
                        content=await _revealed(work, tracker.sender_id, parcel.content),
                        file_ids=(draft.files or ()) if parcel.files is None else parcel.files,
                        recipient=parcel.recipient,
                        legal_date=parcel.legal_date,
                        draft=draft.model_dump(mode="json") if parcel.kind is task.kind else None,
                    )
                    for parcel in parcels
                ]
        except Gone:
            dispatcher.utter_message(response=f"utter_{task.wording(draft)}_gone")
            return []
        for parcel in parcels:
            work.effect(parcel.effect, **parcel.shown)
        numbers = ", ".join(submission.number for submission in sent)
        work.outcome = Phase.SUBMITTED
        work.awaits = Awaited("utter_submission_on_its_way", {"number": numbers})
        dispatcher.utter_message(
            response=f"utter_{task.wording(draft)}_taken",
            number=numbers,
            note=_note(translations),
            **task.summary(draft, translations),
        )
        await task.tell_more(work, dispatcher, tracker.sender_id, draft, translations)
        return await resumed(tracker)


def count_files(count: int, translations: Translations) -> str:
    """A number of files, in words."""
    return translations.translate(mark("1 fichier") if count == 1 else mark("{count} fichiers")).format(count=count)


def count_pages(count: int, translations: Translations) -> str:
    """A number of pages, in words."""
    return translations.translate(mark("1 page") if count == 1 else mark("{count} pages")).format(count=count)


async def by_name(connection: AsyncConnection, session_id: str, read: Callable[[str], T | None]) -> Mapping[FileId, T]:
    """What the files of a conversation are that nobody has sent, as far as their names say it.

    Args:
        read: What a name says; None when it says nothing.
    """
    names = await desk().submissions.files.names(connection, tuple(await kept_unsent(connection, session_id)))
    return {FileId(file): found for file, name in names.items() if (found := read(name)) is not None}


async def _draft(task: SendingTask[D], tracker: Tracker) -> tuple[str, D]:
    return await draft_of(tracker, task.name, task.model)


async def _revealed(work: UnitOfWork, session_id: str, content: Any) -> Any:
    """JSON values with what the tokens in their texts stand for."""
    if isinstance(content, str):
        return await desk().vault.revealed(work.connection, session_id, content)
    if isinstance(content, Mapping):
        return {name: await _revealed(work, session_id, value) for name, value in content.items()}
    if isinstance(content, Sequence):
        return [await _revealed(work, session_id, value) for value in content]
    return content


def _translations(tracker: Tracker, catalogues: Catalogues) -> Translations:
    return catalogues[tracker.latest_message["metadata"]["locale"]]


def _note(translations: Translations) -> str:
    """What must be said wherever something is sent, as the end of a text."""
    note = desk().note
    return f"\n\n*{translations.translate(note)}*" if note else ""
