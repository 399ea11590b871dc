"""The questions of the check, in the order in which they are asked: what ends it earliest comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from actions.measures.draft import Contract, Entitlement, MeasuresDraft
from actions.tasks import Question
from law.measures import Answer, Measure, check, open_matters, overall

MEASURE = Question("measure", "choice")
ENTITLEMENT = Question("entitlement", "choice")
END = Question("entitlement_end", "date", help="utter_help_measures_day")
DOMICILE = Question("lives_in_geneva", "choice")
UNFIT = Question("is_unfit", "choice")
SICK_SINCE = Question("sick_since", "past_date", help="utter_help_measures_day")
SICK_PAY = Question("sick_pay_used_up", "choice")
CONTRACT = Question("contract", "choice")
HANDED_IN = Question("handed_in", "choice")
HAD_MEASURE = Question("had_measure", "choice")
FIT = Question("is_fit", "choice")
SUSPENSION = Question("long_suspension", "choice")
FAILED = Question("measures_failed", "choice")
FREE_MOVEMENT = Question("free_movement", "choice")
PERMIT = Question("permit", "choice")
TWO_YEARS = Question("two_years", "choice")
ONE_YEAR = Question("one_year", "choice")
PCM_USED_UP = Question("pcm_used_up", "choice")

ORDER = (
    MEASURE,
    ENTITLEMENT,
    END,
    DOMICILE,
    UNFIT,
    SICK_SINCE,
    SICK_PAY,
    CONTRACT,
    HANDED_IN,
    HAD_MEASURE,
    FIT,
    SUSPENSION,
    FAILED,
    FREE_MOVEMENT,
    PERMIT,
    TWO_YEARS,
    ONE_YEAR,
    PCM_USED_UP,
)
_ASKED_BY: Mapping[str, Question] = {
    "entitlement_used_up": ENTITLEMENT,
    "entitlement_ended": END,
    "lives_in_geneva": DOMICILE,
    "unfit_for_work": UNFIT,
    "inability_began": SICK_SINCE,
    "sickness_allowances_used_up": SICK_PAY,
    "contract_of_unlimited_duration": CONTRACT,
    "contract_before_start": HANDED_IN,
    "had_measure": HAD_MEASURE,
    "fit_for_placement": FIT,
    "longest_suspension_days": SUSPENSION,
    "other_measures_failed": FAILED,
    "free_movement": FREE_MOVEMENT,
    "permit": PERMIT,
    "months_in_geneva": TWO_YEARS,
    "unbroken_year_in_geneva": ONE_YEAR,
    "pcm_allowances_drawn": PCM_USED_UP,
}
"""By the field of `law.measures.Situation` that its answer settles."""


def questions(draft: MeasuresDraft, today: date) -> Sequence[Question]:
    """What was answered, and what would still settle something."""
    if draft.measure is None:
        return tuple(one for one in ORDER if one is MEASURE or getattr(draft, one.slot) is not None)
    situation = draft.situation(today)
    matters = {name for measure in draft.checked for name in open_matters(measure, situation)}
    wanted = {_ASKED_BY[name] for name in matters} | _dates(draft, today)
    wanted |= {one for one in ORDER if one.slot in draft.again}
    if draft.entitlement not in {Entitlement.DRAWING, Entitlement.ENDED}:
        wanted -= {END}
    if draft.contract is not Contract.OPEN_ENDED:
        wanted -= {HANDED_IN}
    return tuple(one for one in ORDER if one in wanted or getattr(draft, one.slot) is not None)


def _dates(draft: MeasuresDraft, today: date) -> set[Question]:
    """The day that the time limit to register is counted from: worth knowing although it excludes nobody."""
    if set(draft.checked) == {Measure.PCM}:
        return set()
    known = draft.situation(today)
    if draft.entitlement is Entitlement.DRAWING or any(
        overall(check(measure, known)) is not Answer.NOT_MET for measure in (Measure.ARE, Measure.TRAINING_PROGRAMME)
    ):
        return {END}
    return set()
