"""What is known of the job searches of a month."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from actions.job_search.effort import Effort, missing
from actions.tasks import TaskDraft
from base.plain import plain
from casework.submissions import State
from conversations.models import FileId
from law.periods import Month


class Entry(BaseModel):
    """An effort of the month.

    Args:
        id: Ours, under which it is handed in.
        effort: What is known of it.
        entered: As it was handed in last; None when it was not, or not taken.
        version: How often it was handed in.
        state: What has become of the last time.
        is_postponed: Whether the person wants to give later what is missing.
    """

    model_config = ConfigDict(frozen=True)

    id: str = Field(default_factory=lambda: str(uuid.uuid4()))
    effort: Effort
    entered: Effort | None = None
    version: int = 0
    state: State | None = None
    is_postponed: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that Job-Room wants and nobody has said."""
        return missing(self.effort)

    @property
    def name(self) -> str:
        """What people know it by: the employer, or what it is, or the post."""
        return self.effort.company or self.effort.described or self.effort.occupation or "…"

    def is_with(self, company: str | None) -> bool:
        """Whether it is with that employer."""
        mine = self.effort.company or self.effort.described
        return company is not None and mine is not None and plain(company) == plain(mine)


@dataclass(frozen=True)
class Group:
    """A field that can be asked of several efforts at once.

    Args:
        slot: Name of the question.
        field: Of the effort.
    """

    slot: str
    field: str


ASSIGNED, WORKLOAD, RESULTS = (
    Group("all_assigned", "assigned_by_orp"),
    Group("all_workload", "workload"),
    Group("all_results", "results"),
)
GROUPS = (ASSIGNED, WORKLOAD, RESULTS)
_GROUPED = frozenset(group.field for group in GROUPS)


class JobSearchDraft(TaskDraft):
    """What is known of the job searches of a month.

    Args:
        is_elsewhere: Whether nothing can be entered here for now.
        is_linked: Whether it is known whose conversation this is; None until someone has logged in.
        period: The month, as YYYY-MM.
        is_named: Whether the person named the month; otherwise it is the one that is due.
        entries: The efforts, in the order in which they are numbered; None while there are none.
        touched: Ids of those that the last message was about.
        removed: Those that the last message took out, and that are to be taken back.
        is_listed: Whether the last message wanted to see them.
        target: How many searches the person says are wanted.
        is_transmitted: Whether the month was transmitted, so that nothing can be changed.
        is_done: Whether the person has nothing to add for now.
        transmits: Whether they want the month transmitted now.
        is_confirmed: Whether they have said yes to that.
        files: Photos or PDFs of the paper form, to type from; nothing is read in them, and they go nowhere.
        has_new_files: Whether the last message brought some.
    """

    is_elsewhere: bool = False
    is_linked: bool | None = None
    period: str = ""
    is_named: bool = False
    entries: tuple[Entry, ...] | None = None
    touched: tuple[str, ...] = ()
    removed: tuple[Entry, ...] = ()
    is_listed: bool = False
    target: int | None = None
    is_transmitted: bool = False
    is_done: bool | None = None
    transmits: bool = False
    is_confirmed: bool | None = None
    files: tuple[FileId, ...] | None = None
    has_new_files: bool = False
    known: Mapping[str, Effort] = {}
    """Where employers are found that were entered before, by their name in its plainest writing."""

    @property
    def month(self) -> Month:
        return Month(int(self.period[:4]), int(self.period[5:]))

    @property
    def open_entries(self) -> tuple[Entry, ...]:
        """Those that something is asked about."""
        return tuple(entry for entry in self.entries or () if not entry.is_postponed)

    def lacking(self, group: Group) -> tuple[tuple[int, Entry], ...]:
        """The efforts that lack what a group asks, with their numbers."""
        return tuple(
            (number, entry)
            for number, entry in enumerate(self.entries or (), start=1)
            if group.field in entry.missing and not entry.is_postponed
        )

    @property
    def all_assigned(self) -> bool | None:
        return None if self.lacking(ASSIGNED) else True

    @property
    def all_workload(self) -> bool | None:
        return None if self.lacking(WORKLOAD) else True

    @property
    def all_results(self) -> bool | None:
        return None if self.lacking(RESULTS) else True

    @property
    def details(self) -> bool | None:
        """None while something else is missing of an effort."""
        return None if self.incomplete is not None else True

    @property
    def incomplete(self) -> tuple[int, Entry] | None:
        """The first effort that lacks something, with its number."""
        return next(
            (
                (number, entry)
                for number, entry in enumerate(self.entries or (), start=1)
                if set(entry.missing) - _GROUPED and not entry.is_postponed
            ),
            None,
        )

    @property
    def left(self) -> int:
        """How many efforts lack something."""
        return sum(bool(entry.missing) for entry in self.entries or ())

    def with_entry(self, entry_id: str, change: Callable[[Entry], Entry]) -> tuple[Entry, ...]:
        """The efforts with one of them changed."""
        return tuple(change(entry) if entry.id == entry_id else entry for entry in self.entries or ())
