"""What must be known to set a reminder, and how it is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.agenda.understanding import DATES, Wish, begins_with_a_verb, eve, matter_of, numbers, ordinals, wishes
from actions.deadline.titles import FREE, reminded_of
from actions.tasks import CORRECT, CORRECTION, SURE, Question, Said, Task, TaskDraft, Unusable
from base import clock, reading
from base.wording import Translations, write_day
from casework import agenda
from casework.agenda import REMIND_AT, DueDate, Reminder, Repeats
from casework.desk import desk

MATTER = Question("matter", "text", help="utter_help_matter")
DAY = Question("day", "date", help="utter_help_day_ahead")
FARTHEST = timedelta(days=366)
"""How far ahead a reminder can lie."""
_OF_DECISIONS = frozenset({"objection", "appeal", "restitution"})
_OTHERS = frozenset({"cancel", "human_handover", "crisis", "my_deadlines", "stop_reminder", "log_out", "smalltalk"})
"""Intents of messages that do not say what to remind of, whatever is asked."""
_MOVES = re.compile(
    r"\b(?:plut[oô]t|chang\w*|d[ée]cal\w*|report\w*|repouss\w*|d[ée]plac\w*|avanc\w*|modifi\w*|remplac\w*)\b",
    re.IGNORECASE,
)
"""Wants a reminder at another time."""


class Due(BaseModel):
    """A date of the conversation of which one can be reminded."""

    id: int
    matter: str


class Known(BaseModel):
    """What the list of reminders shows under one number.

    Args:
        ids: The reminders.
        due_id: The date that they belong to, if any.
    """

    ids: tuple[int, ...]
    matter: str
    words: str
    at: datetime
    repeats: Repeats | None
    due_id: int | None


class ReminderDraft(Wish, TaskDraft):
    """What is known of reminders to set.

    Args:
        further: What else the person wants to be reminded of; all of it is known.
        due_id: The date that the reminder belongs to, when one was named.
        replaces: Reminders that are set anew.
        dues: The dates that lie ahead.
        known: The reminders that are set, in the order of their numbers.
        is_possible: Whether a date lies far enough ahead to be reminded of.
    """

    further: tuple[Wish, ...] = ()
    due_id: int | None = None
    replaces: tuple[int, ...] = ()
    dues: tuple[Due, ...] = ()
    known: tuple[Known, ...] = ()
    is_possible: bool = False

    @property
    def meant(self) -> tuple[int, ...]:
        """The dates that the reminder is of; none when it stands alone."""
        if self.due_id is not None:
            return (self.due_id,)
        return of_dates(self, self.dues)


def of_dates(wish: Wish, dues: Sequence[Due]) -> tuple[int, ...]:
    """The dates that a wish is about; none when it stands alone.

    On a day of its own a reminder only belongs to a date when there is no doubt to which.
    """
    if wish.repeats:
        return ()
    named = [due for due in dues if wish.matter in {None, DATES, due.matter}]
    if wish.day is not None and (wish.matter in {"ipa", "job_searches"} or len(named) != 1):
        return ()
    return tuple(due.id for due in named)


def moment_of(wish: Wish) -> datetime | None:
    """When a reminder that stands alone comes first, in Europe/Zurich, after the quiet hours; None without a day."""
    if wish.day is None:
        return None
    asked = datetime.combine(eve(wish.day, wish.before), wish.hour or REMIND_AT, tzinfo=clock.ZONE)
    return desk().quiet.over_at(asked)


def times_for(wish: Wish, due: DueDate) -> tuple[datetime, ...]:
    """When the reminders of a date come, in Europe/Zurich, after the quiet hours."""
    if (moment := moment_of(wish)) is not None:
        return (moment,)
    before = agenda.REMIND_BEFORE if wish.before is None else (timedelta(days=wish.before),)
    hour = wish.hour or REMIND_AT
    asked = (datetime.combine(due.safe - days, hour, tzinfo=clock.ZONE) for days in before)
    return tuple(at for at in map(desk().quiet.over_at, asked) if at > clock.now())


class ReminderTask(Task[ReminderDraft]):
    """Setting reminders, and setting them anew."""

    name = "reminder"
    intent = "set_reminder"
    model = ReminderDraft

    def keeps(self, draft: ReminderDraft) -> bool:
        return draft.is_possible or draft.matter is not None or draft.day is not None

    def questions(self, draft: ReminderDraft) -> Sequence[Question]:
        return () if draft.meant else (MATTER, DAY)

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: ReminderDraft, *, is_new: bool
    ) -> ReminderDraft:
        dues = await agenda.coming(connection, session_id, clock.today())
        known = grouped(await agenda.ahead(connection, session_id))
        is_over = (moment := moment_of(draft)) is not None and moment <= clock.now()
        return draft.model_copy(
            update={
                "day": None if is_over else draft.day,
                "dues": tuple(Due(id=due.id, matter=due.matter) for due in dues),
                "known": tuple(map(_known, known)),
                "is_possible": any(map(agenda.times_ahead, dues)),
            }
        )

    def read(self, said: Said, draft: ReminderDraft, pending: Question | None) -> Mapping[str, Any]:
        if said.tapped:
            return {"matter": matter} if (matter := next(iter(said.values("duty")), None)) else {}
        is_asked_for = pending is MATTER or (pending is None and draft.matter is None)
        is_sure = said.confidence >= SURE and said.intent not in {self.intent, CORRECT}
        is_meant = not is_sure or begins_with_a_verb(said.text)
        if pending in {MATTER, DAY} and said.intent in _OTHERS and not is_meant:
            return {}
        is_matter = pending is MATTER and not said.asks and not said.unsure and is_meant
        found, *further = wishes(said.text, said.today, is_matter=is_matter)
        values: dict[str, Any] = {name: value for name, value in found if value not in (None, "")}
        if pending not in {None, MATTER, CORRECTION}:
            values.pop("words", None)
            values.pop("matter", None)
        if further:
            values["further"] = tuple(further)
        if is_asked_for and (target := _target(said, draft)) is not None:
            values = _moved(target, values)
        elif values.get("matter") in _OF_DECISIONS and values["matter"] not in {due.matter for due in draft.dues}:
            del values["matter"]  # no such date is known: it can be counted first
        elif values.get("matter") == DATES and ("day" in values or not draft.dues):
            del values["matter"]
        elif "day" in values and draft.matter == DATES and len(draft.dues) > 1:
            values["matter"] = None
        _check(values, draft, said)
        return values

    def acknowledge(self, values: Mapping[str, Any], draft: ReminderDraft, translations: Translations) -> Sequence[str]:
        if self.pending(draft.model_copy(update={"has_consented": True})) is None:
            return ()  # it is said with what comes of it
        said = [written_wish(draft, translations)] if values.get("matter") else []
        return said + ([write_day(draft.day, translations.locale)] if values.get("day") and draft.day else [])

    def shown(self, draft: ReminderDraft) -> Mapping[str, Any]:
        return {}


def written_wish(wish: Wish, translations: Translations) -> str:
    """What somebody wants to be reminded of."""
    about = {"words": wish.words} if wish.words else {}
    return reminded_of(wish.matter or FREE, about, None, translations)


def grouped(reminders: Sequence[Reminder]) -> list[list[Reminder]]:
    """Reminders as they are listed: those of one date, or that follow one thing, together; the next ones first."""
    groups: dict[object, list[Reminder]] = {}
    for one in reminders:
        groups.setdefault(one.due_date_id or one.key or f"#{one.id}", []).append(one)
    return list(groups.values())


def _known(group: Sequence[Reminder]) -> Known:
    first = group[0]
    return Known(
        ids=tuple(one.id for one in group),
        matter=first.matter,
        words=str(first.about.get("words", "")),
        at=first.at,
        repeats=first.repeats,
        due_id=first.due_date_id,
    )


def _target(said: Said, draft: ReminderDraft) -> Known | None:
    """The reminder that a message wants at another time: that with the number, of the matter, or the last one set.

    Raises:
        Unusable: When there is none at the place that it names.
    """
    if not draft.known or not (said.corrects or _MOVES.search(said.text)):
        return None
    if places := numbers(said.text, len(draft.known)):
        return draft.known[places[0] - 1]
    if ordinals(said.text):
        raise Unusable("utter_reminder_no_such")
    matter = matter_of(said.text)
    of_matter = [one for one in draft.known if one.matter == matter]
    return of_matter[0] if of_matter else None if matter else max(draft.known, key=lambda one: max(one.ids))


def _moved(target: Known, values: Mapping[str, Any]) -> dict[str, Any]:
    """A reminder as it is, with what is to change."""
    same = {"words": target.words, "matter": target.matter, "replaces": target.ids, "due_id": target.due_id}
    changes = {name: values[name] for name in ("day", "hour", "before", "repeats") if name in values}
    if target.due_id is not None:
        return {**same, **changes}
    return {"day": target.at.date(), "hour": target.at.time(), "repeats": target.repeats} | same | changes


def _check(values: Mapping[str, Any], draft: ReminderDraft, said: Said) -> None:
    """Raises `Unusable` for a day that no calendar has, that is over, or that lies too far ahead."""
    impossible = reading.impossible_days(said.text, said.today)
    if impossible and "day" not in values:
        raise _without_day(Unusable("utter_day_impossible", written=impossible[0]), values)
    if not values.keys() & {"day", "hour", "before", "further"}:
        return
    wish = Wish.model_validate({**Wish.model_validate(draft.model_dump()).model_dump(), **_of_wish(values)})
    for one in (wish, *values.get("further", ())):
        moment = moment_of(one)
        if moment is None:
            continue
        day = eve(one.day or moment.date(), one.before)
        if day < said.today:
            raise _without_day(Unusable("utter_reminder_past", day=day), values)
        if moment <= clock.now():
            raise _without_day(Unusable("utter_reminder_past_hour"), values)
        if day > said.today + FARTHEST:
            raise _without_day(Unusable("utter_reminder_far", day=day), values)


def _of_wish(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in Wish.model_fields}


def _without_day(problem: Unusable, values: Mapping[str, Any]) -> Unusable:
    """The problem, with what else was said."""
    problem.kept = {**{n: v for n, v in values.items() if n not in {"day", "before", "hour", "further"}}, "day": None}
    return problem
