"""The conditions of the cantonal benefits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest

from law.facts import Standing
from law.measures import CONDITIONS, Answer, Measure, Permit, Situation, check, open_matters, overall

MET, NOT_MET, CANNOT_SAY = Answer.MET, Answer.NOT_MET, Answer.CANNOT_SAY

PROMISING = Situation(
    lives_in_geneva=True,
    free_movement=True,
    entitlement_used_up=True,
    entitlement_ended=date(2026, 1, 15),
    registered_on=date(2026, 2, 1),
    asked_on=date(2026, 3, 1),
    had_measure=False,
    fit_for_placement=True,
    longest_suspension_days=0,
    convicted=False,
    contract_of_unlimited_duration=True,
    contract_before_start=True,
    other_measures_failed=True,
    unfit_for_work=True,
    sickness_allowances_used_up=True,
    inability_began=date(2026, 3, 2),
    requested_on=date(2026, 3, 4),
    certificate=True,
    at_home=True,
    known_before=False,
    pcm_allowances_drawn=0,
)

days = st.none() | st.dates(date(2020, 1, 1), date(2040, 12, 31))
yes_or_no = st.none() | st.booleans()
situations = st.builds(
    Situation,
    **{
        name: (
            days
            if name
            in {"entitlement_ended", "registered_on", "asked_on", "last_measure", "inability_began", "requested_on"}
            else st.none() | st.integers(0, 400)
            if name in {"months_in_geneva", "longest_suspension_days", "pcm_allowances_drawn"}
            else st.none() | st.sampled_from(Permit)
            if name == "permit"
            else yes_or_no
        )
        for name in Situation.__dataclass_fields__
    },
)


def answer(measure: Measure, fact_id: str, **said: Any) -> Answer:
    """What is said of one condition when only this is known."""
    return next(found.answer for found in check(measure, Situation(**said)) if found.fact.id == fact_id)


def test_every_measure_has_its_checklist() -> None:
    assert CONDITIONS.keys() == set(Measure)


@pytest.mark.parametrize("measure", Measure)
def test_of_someone_who_has_said_nothing_nothing_can_be_said(measure: Measure) -> None:
    findings = check(measure, Situation())
    assert {finding.answer for finding in findings} == {CANNOT_SAY}
    assert overall(findings) is CANNOT_SAY


@hypothesis.given(situations)
def test_what_has_changed_since_is_never_judged(situation: Situation) -> None:
    for measure in Measure:
        for finding in check(measure, situation):
            assert finding.fact.standing is not Standing.SUPERSEDED or finding.answer is CANNOT_SAY


@hypothesis.given(situations)
def test_whole_is_no_better_than_its_parts(situation: Situation) -> None:
    for measure in Measure:
        findings = check(measure, situation)
        answers = [finding.answer for finding in findings]
        assert (overall(findings) is NOT_MET) == (NOT_MET in answers)
        assert (overall(findings) is MET) == (set(answers) == {MET})


@pytest.mark.parametrize("measure", [Measure.ARE, Measure.TRAINING_PROGRAMME, Measure.SOLIDARITY_JOBS])
def test_no_one_is_promised_a_measure_that_the_authority_grants(measure: Measure) -> None:
    findings = check(measure, PROMISING)
    assert overall(findings) is CANNOT_SAY
    assert NOT_MET not in {finding.answer for finding in findings}


def test_sickness_benefits_can_be_said_to_be_met() -> None:
    assert overall(check(Measure.PCM, replace(PROMISING, entitlement_ended=date(2026, 12, 31)))) is MET


def test_using_up_the_federal_entitlement_leaves_the_sickness_insurance() -> None:
    assert overall(check(Measure.PCM, PROMISING)) is NOT_MET
    assert answer(Measure.PCM, "pcm_contribution.period", entitlement_used_up=True) is NOT_MET


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"entitlement_used_up": True}, MET),
        ({"entitlement_used_up": False}, NOT_MET),
        ({"entitlement_ended": date(2026, 3, 1), "asked_on": date(2026, 3, 2)}, MET),
        ({"entitlement_ended": date(2026, 3, 2), "asked_on": date(2026, 3, 2)}, CANNOT_SAY),
        (
            {"entitlement_ended": date(2026, 9, 30), "entitlement_used_up": False, "asked_on": date(2026, 3, 2)},
            CANNOT_SAY,
        ),
    ],
)
def test_end_that_lies_ahead_is_not_held_against_anybody(said: dict[str, Any], expected: Answer) -> None:
    assert answer(Measure.ARE, "are.exhausted", **said) is expected


@hypothesis.given(situations)
def test_nothing_is_asked_once_a_condition_is_not_met(situation: Situation) -> None:
    for measure in Measure:
        if overall(check(measure, situation)) is NOT_MET:
            assert open_matters(measure, situation) == ()


@hypothesis.given(situations)
def test_only_what_is_not_known_and_belongs_to_an_open_condition_is_asked(situation: Situation) -> None:
    for measure in Measure:
        matters = open_matters(measure, situation)
        assert len(set(matters)) == len(matters)
        assert all(getattr(situation, matter) is None for matter in matters)
        asked = {name for condition in CONDITIONS[measure] for name in condition.asks}
        assert set(matters) <= asked


@hypothesis.given(situations, situations)
def test_answers_to_what_is_asked_settle_all_that_can_be_settled(situation: Situation, truth: Situation) -> None:
    for measure in Measure:
        known = situation
        while matters := [name for name in open_matters(measure, known) if getattr(truth, name) is not None]:
            known = replace(known, **{matters[0]: getattr(truth, matters[0])})
        if overall(check(measure, known)) is not NOT_MET:
            left = open_matters(measure, known)
            assert all(getattr(truth, name) is None for name in left)


@pytest.mark.parametrize("measure", Measure)
def test_each_question_but_those_for_dates_can_end_the_check(measure: Measure) -> None:
    excluding: dict[str, Any] = {
        "entitlement_used_up": measure is Measure.PCM,
        "unfit_for_work": False,
        "sickness_allowances_used_up": False,
        "lives_in_geneva": False,
        "unbroken_year_in_geneva": False,
        "months_in_geneva": 0,
        "permit": Permit.OTHER,
        "had_measure": True,
        "fit_for_placement": False,
        "longest_suspension_days": 31,
        "contract_of_unlimited_duration": False,
        "contract_before_start": False,
        "other_measures_failed": False,
        "pcm_allowances_drawn": 270,
    }
    asked = {name for condition in CONDITIONS[measure] for name in condition.asks}
    for name in asked - {"free_movement", "entitlement_ended", "inability_began"}:
        said = replace(Situation(free_movement=False), **{name: excluding[name]})
        assert overall(check(measure, said)) is NOT_MET, name


def test_convictions_are_not_asked_for() -> None:
    assert all("convicted" not in condition.asks for found in CONDITIONS.values() for condition in found)
    assert answer(Measure.ARE, "are.no_conviction", convicted=True) is NOT_MET


@pytest.mark.parametrize("measure", [Measure.ARE, Measure.TRAINING_PROGRAMME])
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"free_movement": True}, MET),
        ({"free_movement": False, "months_in_geneva": 24, "permit": Permit.B}, MET),
        ({"free_movement": False, "months_in_geneva": 24, "permit": Permit.F}, MET),
        ({"free_movement": False, "months_in_geneva": 23, "permit": Permit.C}, NOT_MET),
        ({"free_movement": False, "months_in_geneva": 36, "permit": Permit.L}, NOT_MET),
        ({"free_movement": False, "months_in_geneva": 36, "permit": Permit.N}, NOT_MET),
        ({"free_movement": False, "months_in_geneva": 36}, CANNOT_SAY),
        ({"free_movement": False, "permit": Permit.L}, NOT_MET),
        ({"permit": Permit.L}, CANNOT_SAY),
        ({"months_in_geneva": 24, "permit": Permit.B}, MET),
    ],
)
def test_domicile_of_foreigners(measure: Measure, said: dict[str, Any], expected: Answer) -> None:
    assert answer(measure, f"{measure}.foreigners_permits", **said) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"free_movement": False, "unbroken_year_in_geneva": True, "permit": Permit.N}, MET),
        ({"free_movement": False, "unbroken_year_in_geneva": True, "permit": Permit.L}, NOT_MET),
        ({"free_movement": False, "unbroken_year_in_geneva": False, "permit": Permit.B}, NOT_MET),
        ({"free_movement": True}, MET),
    ],
)
def test_insurance_of_foreigners(said: dict[str, Any], expected: Answer) -> None:
    assert answer(Measure.PCM, "pcm_contribution.foreigners_permits", **said) is expected


@pytest.mark.parametrize(
    ("registered_on", "expected"),
    [(date(2026, 2, 15), MET), (date(2026, 2, 16), CANNOT_SAY), (None, CANNOT_SAY)],
)
def test_late_registration_may_be_a_case_of_hardship(registered_on: date | None, expected: Answer) -> None:
    said = {"entitlement_ended": date(2026, 1, 15), "registered_on": registered_on}
    assert answer(Measure.ARE, "cantonal.register_within", **said) is expected


@pytest.mark.parametrize(
    ("asked_on", "expected"), [(date(2026, 8, 1), MET), (date(2026, 8, 2), NOT_MET), (None, CANNOT_SAY)]
)
def test_allowance_is_asked_for_within_six_months(asked_on: date | None, expected: Answer) -> None:
    assert answer(Measure.ARE, "are.ask_within", registered_on=date(2026, 2, 1), asked_on=asked_on) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"had_measure": False}, MET),
        ({"had_measure": True}, NOT_MET),
        ({"last_measure": date(2021, 2, 28), "asked_on": date(2026, 3, 1)}, MET),
        ({"last_measure": date(2021, 3, 1), "asked_on": date(2026, 3, 1)}, NOT_MET),
        ({"last_measure": date(2021, 3, 1)}, CANNOT_SAY),
    ],
)
def test_five_years_between_two_measures(said: dict[str, Any], expected: Answer) -> None:
    assert answer(Measure.TRAINING_PROGRAMME, "cantonal.not_within_years", **said) is expected


@pytest.mark.parametrize(("length", "expected"), [(0, MET), (30, MET), (31, NOT_MET), (None, CANNOT_SAY)])
@pytest.mark.parametrize("measure", [Measure.ARE, Measure.TRAINING_PROGRAMME])
def test_suspension_of_thirty_one_days_excludes(measure: Measure, length: int | None, expected: Answer) -> None:
    assert answer(measure, f"{measure}.suspension_days", longest_suspension_days=length) is expected


@pytest.mark.parametrize(
    ("later", "expected"), [(0, MET), (4, MET), (7, CANNOT_SAY), (8, NOT_MET)], ids=["same", "5th", "6th", "7th"]
)
def test_sickness_benefits_are_requested_within_five_working_days(later: int, expected: Answer) -> None:
    monday = date(2026, 3, 2)
    said = {"inability_began": monday, "requested_on": monday + timedelta(days=later)}
    assert answer(Measure.PCM, "pcm.request_within", **said) is expected


@pytest.mark.parametrize(("drawn", "expected"), [(0, MET), (269, MET), (270, NOT_MET), (None, CANNOT_SAY)])
def test_two_hundred_and_seventy_allowances(drawn: int | None, expected: Answer) -> None:
    assert answer(Measure.PCM, "pcm.max_allowances", pcm_allowances_drawn=drawn) is expected


def test_exceptions_that_the_act_reserves_are_left_to_the_authority() -> None:
    assert answer(Measure.PCM, "pcm.away", at_home=False) is CANNOT_SAY
    assert answer(Measure.PCM, "pcm.request", certificate=False) is CANNOT_SAY
    for free_movement in (True, None):
        said = {"lives_in_geneva": False, "free_movement": free_movement}
        assert answer(Measure.PCM, "pcm_contribution.compulsory", **said) is CANNOT_SAY
    assert answer(Measure.PCM, "pcm.earlier_cause", known_before=True) is CANNOT_SAY


@pytest.mark.parametrize(
    ("measure", "fact_id", "said"),
    [
        (Measure.PCM, "pcm.after_federal", {"sickness_allowances_used_up": False}),
        (Measure.PCM, "pcm_contribution.compulsory", {"lives_in_geneva": False, "free_movement": False}),
        (Measure.PCM, "pcm.unfit", {"unfit_for_work": False}),
        (Measure.ARE, "are.domicile", {"lives_in_geneva": False}),
        (Measure.ARE, "are.contract_before", {"contract_of_unlimited_duration": False}),
        (Measure.ARE, "are.contract_before", {"contract_before_start": False}),
        (Measure.ARE, "are.exhausted", {"entitlement_used_up": False}),
        (Measure.ARE, "are.fit", {"fit_for_placement": False}),
        (Measure.ARE, "are.no_conviction", {"convicted": True}),
        (Measure.TRAINING_PROGRAMME, "training_programme.extension", {"entitlement_used_up": False}),
        (Measure.TRAINING_PROGRAMME, "training_programme.domicile", {"lives_in_geneva": False}),
        (Measure.TRAINING_PROGRAMME, "training_programme.fit", {"fit_for_placement": False}),
        (Measure.TRAINING_PROGRAMME, "training_programme.no_conviction", {"convicted": True}),
        (Measure.SOLIDARITY_JOBS, "solidarity_jobs.for_whom", {"entitlement_used_up": False}),
        (Measure.SOLIDARITY_JOBS, "solidarity_jobs.for_whom", {"other_measures_failed": False}),
    ],
)
def test_condition_that_is_not_met_is_said(measure: Measure, fact_id: str, said: dict[str, Any]) -> None:
    assert answer(measure, fact_id, **said) is NOT_MET
    assert overall(check(measure, Situation(**said))) is NOT_MET
