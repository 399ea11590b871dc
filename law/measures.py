"""The conditions of the four cantonal benefits as checklists. They inform; the authority decides, and nothing is promised.

The text at hand is that of 2008. A condition that is known to have changed since is listed, but never judged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from dateutil.relativedelta import relativedelta

from law.facts import Fact, Standing, fact
from law.periods import cantonal_registration_due, pcm_requested_by

YEARS_BETWEEN_MEASURES = 5
LONG_SUSPENSION_DAYS = 31
MONTHS_TO_ASK_FOR_ARE = 6
PCM_ALLOWANCES = 270
MONTHS_IN_GENEVA = 24
"""Within the 36 months before."""


class Measure(StrEnum):
    """The four cantonal benefits (art. 7 LMC)."""

    PCM = "pcm"
    """Prestations cantonales en cas de maladie."""
    ARE = "are"
    """Allocation de retour en emploi."""
    TRAINING_PROGRAMME = "training_programme"
    """Stage de requalification, formerly programme d'emploi et de formation (PEF)."""
    SOLIDARITY_JOBS = "solidarity_jobs"
    """Emplois de solidarité (EdS)."""


class Permit(StrEnum):
    """Residence permits."""

    B = "B"
    C = "C"
    F = "F"
    N = "N"
    L = "L"
    G = "G"
    S = "S"
    OTHER = "other"


class Answer(StrEnum):
    """What can be said of a condition."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_SAY = "cannot_say"


@dataclass(frozen=True)
class Situation:
    """What someone says of themselves; None where they have not said it.

    Args:
        lives_in_geneva: Domicile in the canton of Geneva.
        free_movement: Swiss, or covered by the agreement on the free movement of persons or the EFTA convention.
        permit: Residence permit.
        months_in_geneva: Months of domicile in Geneva within the last 36 months.
        unbroken_year_in_geneva: Whether domicile in Geneva was unbroken for a year before the federal application.
        entitlement_ended: Last day of the federal entitlement; it may lie ahead of `asked_on`.
        entitlement_used_up: Whether it is used up, where the day is not known.
        registered_on: Day of registration for cantonal measures.
        asked_on: Day on which the measure is or was asked for.
        last_measure: Day on which a former ARE or programme ended.
        had_measure: Whether there was one in the last five years.
        fit_for_placement: Whether the ORP holds the person fit for placement.
        longest_suspension_days: Longest suspension in the framework period under art. 30 al. 1 let. c to g LACI.
        convicted: Conviction under art. 105 to 107 LACI or art. 47 and 48 LMC.
        contract_of_unlimited_duration: Whether the new job's contract is.
        contract_before_start: Whether the contract is handed in before the job begins.
        other_measures_failed: Whether the other measures did not lead back to work.
        unfit_for_work: Whether the person is in an incapacity for work.
        sickness_allowances_used_up: Whether the allowances of art. 28 LACI are.
        inability_began: First day of the inability once those are used up.
        requested_on: Day of the written request to the fund.
        certificate: Whether there is a medical certificate.
        at_home: Whether the person stays at the place of domicile.
        known_before: Whether the cause existed, and was known, before joining the insurance.
        pcm_allowances_drawn: Cantonal sickness allowances already drawn in the framework period.
    """

    lives_in_geneva: bool | None = None
    free_movement: bool | None = None
    permit: Permit | None = None
    months_in_geneva: int | None = None
    unbroken_year_in_geneva: bool | None = None
    entitlement_ended: date | None = None
    entitlement_used_up: bool | None = None
    registered_on: date | None = None
    asked_on: date | None = None
    last_measure: date | None = None
    had_measure: bool | None = None
    fit_for_placement: bool | None = None
    longest_suspension_days: int | None = None
    convicted: bool | None = None
    contract_of_unlimited_duration: bool | None = None
    contract_before_start: bool | None = None
    other_measures_failed: bool | None = None
    unfit_for_work: bool | None = None
    sickness_allowances_used_up: bool | None = None
    inability_began: date | None = None
    requested_on: date | None = None
    certificate: bool | None = None
    at_home: bool | None = None
    known_before: bool | None = None
    pcm_allowances_drawn: int | None = None


Judged = bool | None
"""Met, not met, or (None) not known."""


@dataclass(frozen=True)
class Condition:
    """One condition of a measure.

    Args:
        fact_id: The fact that states it.
        judge: Tells of a situation whether it meets the condition.
        asks: What of a situation settles it, or the date by which something is due, in the order in which to ask. What
            can only meet a condition and never fail it is left to the authority, and so are convictions: nobody has to
            tell a program of them.
    """

    fact_id: str
    judge: Callable[[Situation], Judged]
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What can be said of one condition.

    Args:
        fact: What states the condition, with article, source and standing.
        answer: Met, not met, or cannot say.
    """

    fact: Fact
    answer: Answer


def check(measure: Measure, situation: Situation) -> tuple[Finding, ...]:
    """What can be said of each condition of a measure, in the order of the act."""
    return tuple(_finding(condition, situation) for condition in CONDITIONS[measure])


def overall(findings: tuple[Finding, ...]) -> Answer:
    """Not met when one condition is not; met when all are; otherwise it cannot be said. Never a decision."""
    answers = {finding.answer for finding in findings}
    if Answer.NOT_MET in answers:
        return Answer.NOT_MET
    return Answer.MET if answers == {Answer.MET} else Answer.CANNOT_SAY


def open_matters(measure: Measure, situation: Situation) -> tuple[str, ...]:
    """What of a situation is not known and would still settle something: fields of `Situation`, in the order of the act.

    Nothing is, once one condition is not met.
    """
    findings = check(measure, situation)
    if overall(findings) is Answer.NOT_MET:
        return ()
    undecided = (
        condition
        for condition, found in zip(CONDITIONS[measure], findings, strict=True)
        if found.answer is Answer.CANNOT_SAY
    )
    names = (name for condition in undecided for name in condition.asks if getattr(situation, name) is None)
    return tuple(dict.fromkeys(names))


def _finding(condition: Condition, situation: Situation) -> Finding:
    stated = fact(condition.fact_id)
    judged = None if stated.standing is Standing.SUPERSEDED else condition.judge(situation)
    answer = Answer.CANNOT_SAY if judged is None else Answer.MET if judged else Answer.NOT_MET
    return Finding(stated, answer)


def _all(*judged: Judged) -> Judged:
    """False when one is false, None when one is not known, else true."""
    if False in judged:
        return False
    return None if None in judged else True


def _any(*judged: Judged) -> Judged:
    """True when one is true, None when one is not known, else false."""
    if True in judged:
        return True
    return None if None in judged else False


def _not(judged: Judged) -> Judged:
    return None if judged is None else not judged


def _settled(situation: Situation) -> Judged:
    """Covered by the free-movement agreement, or two years in Geneva within the last three and permit B, C or F."""
    months = None if situation.months_in_geneva is None else situation.months_in_geneva >= MONTHS_IN_GENEVA
    permit = None if situation.permit is None else situation.permit in {Permit.B, Permit.C, Permit.F}
    return _any(situation.free_movement, _all(months, permit))


def _settled_for_insurance(situation: Situation) -> Judged:
    """Covered by the free-movement agreement, or an unbroken year in Geneva and permit B, C, F or N."""
    allowed = {Permit.B, Permit.C, Permit.F, Permit.N}
    permit = None if situation.permit is None else situation.permit in allowed
    return _any(situation.free_movement, _all(situation.unbroken_year_in_geneva, permit))


def _insured(situation: Situation) -> Judged:
    """Living in the canton; those outside of it whom the free-movement agreement covers may be insured (art. 9 al. 3)."""
    if situation.lives_in_geneva is False and situation.free_movement is not False:
        return None
    return situation.lives_in_geneva


def _used_up(situation: Situation) -> Judged:
    """Whether the federal entitlement is used up; it is not known yet of an end that lies ahead."""
    if situation.entitlement_ended is None or situation.asked_on is None:
        return situation.entitlement_used_up
    return True if situation.entitlement_ended < situation.asked_on else None


def _still_entitled(situation: Situation) -> Judged:
    """Using up the federal entitlement counts as leaving the insurance."""
    if situation.entitlement_ended is None or situation.asked_on is None:
        return _not(situation.entitlement_used_up)
    return situation.asked_on <= situation.entitlement_ended


def _used_up_in_programme(situation: Situation) -> Judged:
    """A programme that began before is prolonged after the end of the entitlement; the authority knows which one did."""
    return False if _used_up(situation) is False else None


def _registered_in_time(situation: Situation) -> Judged:
    """Within a month of the end of the federal entitlement; late, a case of hardship is reserved."""
    if situation.entitlement_ended is None or situation.registered_on is None:
        return None
    return True if situation.registered_on <= cantonal_registration_due(situation.entitlement_ended).deadline else None


def _asked_in_time(situation: Situation) -> Judged:
    if situation.registered_on is None or situation.asked_on is None:
        return None
    return situation.asked_on <= situation.registered_on + relativedelta(months=MONTHS_TO_ASK_FOR_ARE)


def _no_recent_measure(situation: Situation) -> Judged:
    if situation.last_measure is None or situation.asked_on is None:
        return _not(situation.had_measure)
    return situation.last_measure < situation.asked_on - relativedelta(years=YEARS_BETWEEN_MEASURES)


def _contract(situation: Situation) -> Judged:
    return _all(situation.contract_of_unlimited_duration, situation.contract_before_start)


def _for_solidarity_jobs(situation: Situation) -> Judged:
    return _all(_used_up(situation), situation.other_measures_failed)


def _no_long_suspension(situation: Situation) -> Judged:
    days = situation.longest_suspension_days
    return None if days is None else days < LONG_SUSPENSION_DAYS


def _requested_in_time(situation: Situation) -> Judged:
    """Within five working days; on the day that only one way of counting allows, it cannot be said."""
    if situation.inability_began is None or situation.requested_on is None:
        return None
    period = pcm_requested_by(situation.inability_began)
    if situation.requested_on <= period.deadline:
        return True
    return None if situation.requested_on <= period.possible else False


def _allowances_left(situation: Situation) -> Judged:
    drawn = situation.pcm_allowances_drawn
    return None if drawn is None else drawn < PCM_ALLOWANCES


def _unknown(_situation: Situation) -> Judged:
    """Nobody but the authority can tell, or the rule has changed."""
    return None


_USED_UP = ("entitlement_used_up",)
_DOMICILE = ("lives_in_geneva",)
_FOREIGNERS = ("free_movement", "permit", "months_in_geneva")
_CONTRACT = ("contract_of_unlimited_duration", "contract_before_start")
_SUSPENSION = ("longest_suspension_days",)

CONDITIONS: Mapping[Measure, tuple[Condition, ...]] = MappingProxyType(
    {
        Measure.PCM: (
            Condition(
                "pcm.after_federal",
                lambda situation: situation.sickness_allowances_used_up,
                ("sickness_allowances_used_up",),
            ),
            Condition("pcm_contribution.compulsory", _insured, _DOMICILE),
            Condition(
                "pcm_contribution.foreigners_permits",
                _settled_for_insurance,
                ("free_movement", "permit", "unbroken_year_in_geneva"),
            ),
            Condition("pcm_contribution.period", _still_entitled, _USED_UP),
            Condition("pcm.unfit", lambda situation: situation.unfit_for_work, ("unfit_for_work",)),
            Condition("pcm.away", lambda situation: True if situation.at_home else None),
            Condition("pcm.earlier_cause", lambda situation: True if situation.known_before is False else None),
            Condition("pcm.request", lambda situation: True if situation.certificate else None),
            Condition("pcm.request_within", _requested_in_time, ("inability_began",)),
            Condition("pcm.max_allowances", _allowances_left, ("pcm_allowances_drawn",)),
        ),
        Measure.ARE: (
            Condition("are.employer_2008", _unknown),
            Condition("are.employer", _unknown),
            Condition("are.domicile", lambda situation: situation.lives_in_geneva, _DOMICILE),
            Condition("are.foreigners_permits", _settled, _FOREIGNERS),
            Condition("are.contract_before", _contract, _CONTRACT),
            Condition("are.exhausted", _used_up, _USED_UP),
            Condition("cantonal.not_within_years", _no_recent_measure, ("had_measure",)),
            Condition("are.fit", lambda situation: situation.fit_for_placement, ("fit_for_placement",)),
            Condition("are.suspension_days", _no_long_suspension, _SUSPENSION),
            Condition("are.no_conviction", lambda situation: _not(situation.convicted)),
            Condition("cantonal.register_within", _registered_in_time, ("entitlement_ended",)),
            Condition("are.ask_within", _asked_in_time),
        ),
        Measure.TRAINING_PROGRAMME: (
            Condition("training_programme.extension", _used_up_in_programme, _USED_UP),
            Condition("training_programme.domicile", lambda situation: situation.lives_in_geneva, _DOMICILE),
            Condition("training_programme.foreigners_permits", _settled, _FOREIGNERS),
            Condition("cantonal.not_within_years", _no_recent_measure, ("had_measure",)),
            Condition("training_programme.fit", lambda situation: situation.fit_for_placement, ("fit_for_placement",)),
            Condition("training_programme.suspension_days", _no_long_suspension, _SUSPENSION),
            Condition("training_programme.no_conviction", lambda situation: _not(situation.convicted)),
            Condition("cantonal.register_within", _registered_in_time, ("entitlement_ended",)),
            Condition("training_programme.no_right", _unknown),
        ),
        Measure.SOLIDARITY_JOBS: (
            Condition("solidarity_jobs.for_whom", _for_solidarity_jobs, (*_USED_UP, "other_measures_failed")),
            Condition("solidarity_jobs.no_right", _unknown),
            Condition("solidarity_jobs.number", _unknown),
        ),
    }
)
"""The conditions of each measure, in the order of the act."""
