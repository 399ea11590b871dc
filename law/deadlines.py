"""The time limit to contest a decision: opposition (art. 52 LPGA) and recours (art. 60 LPGA), thirty days each.

Three dates come out. `safe` is the one to advise. `deadline` is the latest date that nobody contests. `possible` is a
later date that some would defend; nobody should count on it. Where a rule is not settled, each reading is computed and
the earliest gives `deadline`, the latest `possible`.

Every step of the count is a value, from which sentences are made elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from law.calendar import (
    FIRST_DAY,
    ONE_DAY,
    SuspensionKind,
    counters_open,
    is_working_day,
    suspension_on,
    working_day_from,
    working_day_until,
    working_days_left,
)
from law.facts import fact

EARLIEST, LATEST = FIRST_DAY, date(2098, 12, 31)
"""First and last day on which a decision can have been received for the calendar to know the rest."""

PERIOD = 30
"""Days to contest a decision: art. 52 al. 1 and 60 al. 1 LPGA, art. 49 LMC."""

COLLECTION = timedelta(days=7)
"""A registered letter that nobody collects counts as received on the seventh day after the first attempt."""

UNSIGNED_ADOPTED = date(2025, 9, 26)
"""The Federal Act of this day (25.023) lets a letter that came without a signature on a Saturday, Sunday or holiday
count as received on the next working day."""
UNSIGNED_VALID_FROM: date | None = None
"""When that act came into force; None until it is confirmed."""


SUSPENSION_FACTS: Mapping[SuspensionKind, str] = MappingProxyType(
    {
        SuspensionKind.EASTER: "deadline.suspension_easter",
        SuspensionKind.SUMMER: "deadline.suspension_summer",
        SuspensionKind.YEAR_END: "deadline.suspension_winter",
    }
)


class Act(StrEnum):
    """What the person may file."""

    OBJECTION = "opposition"
    """To the authority that decided."""
    APPEAL = "recours"
    """To the court, against the decision on the objection."""


class Delivery(StrEnum):
    """How the decision came."""

    REGISTERED = "registered"
    """Against signature, or left with a collection notice."""
    ORDINARY = "ordinary"
    """In the letter box without a signature, A Plus included."""
    COUNTER = "counter"
    """Handed over."""


class Benefit(StrEnum):
    """Which law the decision rests on."""

    FEDERAL = "federal"
    """Unemployment insurance (LACI): procedure of the LPGA."""
    CANTONAL = "cantonal"
    """Purely cantonal benefits (PCM, ARE, stage de requalification, emplois de solidarité): cantonal procedure."""


class Rule(StrEnum):
    """What a step of the count rests on."""

    RECEIVED = "received"
    OBSTACLE_ENDED = "obstacle_ended"
    NOT_COLLECTED = "not_collected"
    EARLIER_OF_BOTH = "earlier_of_both"
    UNSIGNED_ON_REST_DAY = "unsigned_on_rest_day"
    STARTS_NEXT_DAY = "starts_next_day"
    STARTS_AFTER_SUSPENSION = "starts_after_suspension"
    SUSPENDED = "suspended"
    LAST_DAY = "last_day"
    MOVED = "moved"
    BEFORE_SUSPENSION = "before_suspension"
    CANTONAL_NOT_SUSPENDED = "cantonal_not_suspended"
    SUSPENSION_NOT_SETTLED = "suspension_not_settled"
    BENEFIT_UNKNOWN = "benefit_unknown"
    SAFE = "safe"
    COUNTERS_CLOSED = "counters_closed"


@dataclass(frozen=True)
class Step:
    """One step of the count.

    Args:
        rule: What it rests on.
        dates: The days it is about, by what they are, e.g. `day`, `first`, `last`.
        facts: Ids of the facts that say so, the article first; empty where no source is confirmed.
    """

    rule: Rule
    dates: Mapping[str, date]
    facts: tuple[str, ...] = ()

    @property
    def article(self) -> str | None:
        """Where the rule stands, in French."""
        return fact(self.facts[0]).article if self.facts else None


@dataclass(frozen=True)
class Deadline:
    """The result of a count. All dates are days in Switzerland; acting on the day itself is in time.

    Args:
        received: The day on which the decision counts as received.
        day1: First day that counts.
        day30: Thirtieth day that counts, whatever day of the week it is.
        safe: Last working day on or before day 30: the date to advise.
        deadline: Latest date that is not contested.
        possible: Latest date that some would defend; the same as `deadline` where nothing is open.
        uncertain: Whether a rule, or something that the count needs to know, is not settled.
        steps: How the count went.
    """

    received: date
    day1: date
    day30: date
    safe: date
    deadline: date
    possible: date
    uncertain: bool
    steps: tuple[Step, ...]


class DeadlineError(ValueError):
    """What was given does not allow a count.

    Args:
        given: Name of what is wrong: `notified`, `first_attempt` or `obstacle_ended`.
        reason: What is wrong with it, for operators.
    """

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(f"{given}: {reason}")
        self.given = given
        self.reason = reason


def deadline(
    act: Act,
    notified: date | None = None,
    first_attempt: date | None = None,
    delivery: Delivery | None = None,
    benefit: Benefit | None = None,
) -> Deadline:
    """Counts the thirty days to contest a decision.

    Args:
        act: Opposition or recours.
        notified: Day on which the decision was received.
        first_attempt: Day on which the post first tried in vain to deliver the registered letter and left its notice.
            With both days, the earlier of `notified` and the seventh day after the attempt counts.
        delivery: How the decision came; None when that is not known.
        benefit: Which law it rests on; without it, the earlier of both results, uncertain.

    Raises:
        DeadlineError: When neither day is given, one lies outside of 2003 to 2098, or an attempt is said of a letter
            that needed no signature.
    """
    receipt = _receipt(notified, first_attempt, delivery)
    federal = "objection.law" if act is Act.OBJECTION else "court_appeal.law"
    return _result(receipt, benefit, "objection.cantonal_law" if benefit is Benefit.CANTONAL else federal)


def restitution(obstacle_ended: date, benefit: Benefit | None = None) -> Deadline:
    """Counts the thirty days to ask that a missed time limit be restored, doing at once what was missed.

    Only for someone who was prevented without any fault of their own. Source: art. 41 LPGA. That the suspensions of
    art. 38 al. 4 LPGA lengthen this limit too is not confirmed, so that they count for `possible` only.

    Args:
        obstacle_ended: Day on which what prevented the person was over.
        benefit: Which law the decision rests on.

    Raises:
        DeadlineError: When the day lies outside of 2003 to 2098.
    """
    _check("obstacle_ended", obstacle_ended)
    step = Step(Rule.OBSTACLE_ENDED, _dates(day=obstacle_ended), _of_lpga(benefit, "objection.missed"))
    return _result(_Receipt((obstacle_ended,), (step,)), benefit, "objection.missed", settled=False)


class Situation(StrEnum):
    """Where someone stands on a given day."""

    IN_TIME = "in_time"
    LAST_MOMENT = "last_moment"
    """The safe date has passed, the deadline has not: it must be posted or handed in at once."""
    CONTESTED = "contested"
    """The deadline has passed, but some would defend a later one."""
    PASSED = "passed"


class Remedy(StrEnum):
    """What can still be done, the best first. None of them promises success."""

    FILE = "file"
    """By the safe date."""
    FILE_TODAY = "file_today"
    ASK_RESTITUTION = "ask_restitution"
    """Only where something outside of the person's control prevented them: see `restitution`."""


REMEDIES: Mapping[Situation, tuple[Remedy, ...]] = MappingProxyType(
    {
        Situation.IN_TIME: (Remedy.FILE,),
        Situation.LAST_MOMENT: (Remedy.FILE_TODAY,),
        Situation.CONTESTED: (Remedy.FILE_TODAY, Remedy.ASK_RESTITUTION),
        Situation.PASSED: (Remedy.ASK_RESTITUTION,),
    }
)


@dataclass(frozen=True)
class Outlook:
    """What a result means on a given day.

    Args:
        situation: Where the person stands.
        remedies: What can still be done.
        working_days_left: Working days until the safe date, today and that date included; 0 once it has passed.
    """

    situation: Situation
    remedies: tuple[Remedy, ...]
    working_days_left: int


class Limit(Protocol):
    """A time limit, however it was counted."""

    @property
    def safe(self) -> date: ...
    @property
    def deadline(self) -> date: ...
    @property
    def possible(self) -> date: ...


def outlook(result: Limit, today: date) -> Outlook:
    """What remains possible on a day."""
    if today <= result.safe:
        situation = Situation.IN_TIME
    elif today <= result.deadline:
        situation = Situation.LAST_MOMENT
    elif today <= result.possible:
        situation = Situation.CONTESTED
    else:
        situation = Situation.PASSED
    return Outlook(situation, REMEDIES[situation], working_days_left(today, result.safe))


@dataclass(frozen=True)
class _Receipt:
    """When the decision counts as received: the day that nobody contests, then later readings."""

    readings: tuple[date, ...]
    steps: tuple[Step, ...]
    contradictory: bool = False


@dataclass(frozen=True)
class _Count:
    """One count of thirty days, by one reading of the rules."""

    day1: date
    day30: date
    last: date
    disputed: date
    """A later end that some would defend; the same as `last` where there is none."""
    steps: tuple[Step, ...]


def _check(name: str, day: date) -> None:
    if not EARLIEST <= day <= LATEST:
        raise DeadlineError(name, f"{day} lies outside of {EARLIEST} to {LATEST}")


def _receipt(notified: date | None, first_attempt: date | None, delivery: Delivery | None) -> _Receipt:
    for name, day in (("notified", notified), ("first_attempt", first_attempt)):
        if day is not None:
            _check(name, day)
    if first_attempt is None:
        if notified is None:
            raise DeadlineError("notified", "give the day of receipt, or the first attempt at delivery")
        return _received(notified, delivery)
    if delivery not in {Delivery.REGISTERED, None}:
        raise DeadlineError("first_attempt", f"only a registered letter is announced by a notice, not {delivery} mail")
    return _not_collected(notified, first_attempt)


def _received(notified: date, delivery: Delivery | None) -> _Receipt:
    """Received on that day; without a signature on a day of rest, by the new law on the next working day."""
    received = Step(Rule.RECEIVED, _dates(day=notified))
    may_be_unsigned = delivery in {Delivery.ORDINARY, None} and notified >= UNSIGNED_ADOPTED
    if not may_be_unsigned or is_working_day(notified):
        return _Receipt((notified,), (received,))
    later = working_day_from(notified)
    facts = ("deadline.saturday_delivery", "deadline.saturday_change")
    step = Step(Rule.UNSIGNED_ON_REST_DAY, _dates(day=notified, later=later), facts)
    in_force = UNSIGNED_VALID_FROM is not None and notified >= UNSIGNED_VALID_FROM
    readings = (later,) if in_force and delivery is Delivery.ORDINARY else (notified, later)
    return _Receipt(readings, (received, step))


def _not_collected(notified: date | None, first_attempt: date) -> _Receipt:
    """Received on the seventh day after the attempt, even a Sunday or holiday, unless collected before."""
    seventh = first_attempt + COLLECTION
    if notified is not None and notified <= seventh:
        step = Step(Rule.RECEIVED, _dates(day=notified))
        return _Receipt((notified,), (step,), contradictory=notified < first_attempt)
    facts = ("deadline.registered", "deadline.registered_not_moved")
    steps = [Step(Rule.NOT_COLLECTED, _dates(attempt=first_attempt, day=seventh), facts)]
    if notified is not None:
        steps.append(Step(Rule.EARLIER_OF_BOTH, _dates(collected=notified, day=seventh), facts[:1]))
    return _Receipt((seventh,), tuple(steps))


def _result(receipt: _Receipt, benefit: Benefit | None, thirty_days: str, *, settled: bool = True) -> Deadline:
    """Counts by every reading; the first is the one that nobody contests."""
    suspended = (True,) if benefit is Benefit.FEDERAL and settled else (False, True)
    counts = [_count(day, stands_still, benefit, thirty_days) for day in receipt.readings for stands_still in suspended]
    first = counts[0]
    possible = max(count.disputed for count in counts)
    steps = [*receipt.steps, *first.steps, *_open_question(benefit, possible, first.last, settled)]
    safe = working_day_until(first.day30)
    steps.append(Step(Rule.SAFE, _dates(day=safe)))
    if not counters_open(safe):
        last_open = next(day for day in _backwards(safe) if counters_open(day))
        steps.append(Step(Rule.COUNTERS_CLOSED, _dates(day=safe, last_open=last_open)))
    return Deadline(
        received=receipt.readings[0],
        day1=first.day1,
        day30=first.day30,
        safe=safe,
        deadline=first.last,
        possible=possible,
        uncertain=possible > first.last or benefit is None or receipt.contradictory,
        steps=tuple(steps),
    )


def _open_question(benefit: Benefit | None, possible: date, last: date, settled: bool) -> Iterator[Step]:
    """Why the result may not be the last word."""
    if benefit is None:
        yield Step(Rule.BENEFIT_UNKNOWN, _dates(day=last, later=possible))
    elif possible > last and benefit is Benefit.CANTONAL:
        facts = ("deadline.cantonal_without_suspension", "deadline.cantonal_with_suspension")
        yield Step(Rule.CANTONAL_NOT_SUSPENDED, _dates(day=last, later=possible), facts)
    elif possible > last and not settled:
        yield Step(Rule.SUSPENSION_NOT_SETTLED, _dates(day=last, later=possible))


def _count(received: date, stands_still: bool, benefit: Benefit | None, thirty_days: str) -> _Count:
    """Counts thirty days from the day after receipt, leaving out the suspensions if the limit stands still in them."""
    days = _counted_days(received + ONE_DAY, stands_still)
    day1 = next(days)
    day30 = [next(days) for _ in range(PERIOD - 1)][-1]
    last = disputed = working_day_from(day30)
    steps = [*_beginning(received, day1, benefit), *_standing_still(day1, day30, stands_still)]
    steps.append(Step(Rule.LAST_DAY, _dates(day=day30), (thirty_days,)))
    if last > day30:
        steps.append(
            Step(
                Rule.MOVED,
                _dates(day=day30, to=last),
                _of_lpga(benefit, "deadline.last_day_moved", "deadline.holidays_of_canton"),
            )
        )
    if stands_still and (begun := suspension_on(last)) is not None:
        # The text moves the end to the next working day. Some say that it cannot end in a suspension.
        disputed = working_day_from(begun.last + ONE_DAY)
        steps.append(
            Step(
                Rule.BEFORE_SUSPENSION,
                _dates(day=last, later=disputed),
                ("deadline.last_day_moved", "deadline.suspension"),
            )
        )
    return _Count(day1, day30, last, disputed, tuple(steps))


def _counted_days(first: date, stands_still: bool) -> Iterator[date]:
    day = first
    while True:
        if stands_still and (begun := suspension_on(day)) is not None:
            day = begun.last + ONE_DAY
        yield day
        day += ONE_DAY


def _beginning(received: date, day1: date, benefit: Benefit | None) -> Iterator[Step]:
    begun = suspension_on(received + ONE_DAY)
    if begun is None or day1 in begun:
        yield Step(
            Rule.STARTS_NEXT_DAY,
            _dates(day=day1),
            _of_lpga(benefit, "deadline.starts_next_day", "deadline.starts_on_any_day"),
        )
    else:
        dates = _dates(day=day1, first=begun.first, last=begun.last)
        yield Step(
            Rule.STARTS_AFTER_SUSPENSION, dates, ("deadline.notified_in_suspension", SUSPENSION_FACTS[begun.kind])
        )


def _standing_still(day1: date, day30: date, stands_still: bool) -> Iterator[Step]:
    """The suspensions that lie within the count."""
    day = day1
    while stands_still and day < day30:
        if (begun := suspension_on(day)) is not None:
            dates = _dates(first=begun.first, last=begun.last, again=begun.last + ONE_DAY)
            yield Step(Rule.SUSPENDED, dates, (SUSPENSION_FACTS[begun.kind],))
            day = begun.last
        day += ONE_DAY


def _backwards(day: date) -> Iterator[date]:
    while True:
        yield day
        day -= ONE_DAY


def _of_lpga(benefit: Benefit | None, *facts: str) -> tuple[str, ...]:
    """What the LPGA says, unless the decision rests on cantonal law alone: its procedure is another."""
    return () if benefit is Benefit.CANTONAL else facts


def _dates(**dates: date) -> Mapping[str, date]:
    return MappingProxyType(dates)
