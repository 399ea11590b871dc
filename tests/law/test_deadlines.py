"""The time limits to contest a decision: worked examples, case law, and what holds of every date."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import hypothesis
import hypothesis.strategies as st
import pytest

import law.deadlines
from law.calendar import is_working_day, suspension_on, working_day_until
from law.deadlines import (
    EARLIEST,
    LATEST,
    PERIOD,
    REMEDIES,
    Act,
    Benefit,
    Deadline,
    DeadlineError,
    Delivery,
    Remedy,
    Rule,
    Situation,
    deadline,
    outlook,
    restitution,
)
from law.facts import fact

OBJECTION, FEDERAL, CANTONAL = Act.OBJECTION, Benefit.FEDERAL, Benefit.CANTONAL
DAY = timedelta(days=1)

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
deliveries = st.sampled_from([*Delivery, None])
benefits = st.sampled_from([*Benefit, None])
acts = st.sampled_from(Act)


def day(text: str) -> date:
    """Reads `05.02.2025`."""
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def dates_of(result: Deadline, rule: Rule) -> dict[str, date]:
    """The dates of the only step of a rule."""
    (step,) = [step for step in result.steps if step.rule is rule]
    return dict(step.dates)


def rules(result: Deadline) -> list[Rule]:
    return [step.rule for step in result.steps]


# Worked examples


@pytest.mark.parametrize(
    ("notified", "day1", "day30", "last", "safe"),
    [
        pytest.param("05.02.2025", "06.02.2025", "07.03.2025", "07.03.2025", "07.03.2025", id="E01 plain"),
        pytest.param("23.01.2025", "24.01.2025", "22.02.2025", "24.02.2025", "21.02.2025", id="E02 ends on Saturday"),
        pytest.param("31.03.2025", "01.04.2025", "15.05.2025", "15.05.2025", "15.05.2025", id="E03 Easter"),
        pytest.param("08.05.2025", "09.05.2025", "07.06.2025", "10.06.2025", "06.06.2025", id="E05 Whit Monday"),
        pytest.param("11.07.2025", "12.07.2025", "11.09.2025", "12.09.2025", "10.09.2025", id="E06 Jeûne genevois"),
        pytest.param("29.07.2025", "16.08.2025", "14.09.2025", "15.09.2025", "12.09.2025", id="E07 received in summer"),
        pytest.param("24.12.2025", "03.01.2026", "01.02.2026", "02.02.2026", "30.01.2026", id="E09 received on 24.12."),
        pytest.param("11.03.2026", "12.03.2026", "25.04.2026", "27.04.2026", "24.04.2026", id="E10 as received"),
        pytest.param("25.03.2027", "05.04.2027", "04.05.2027", "04.05.2027", "04.05.2027", id="E14 received at Easter"),
        pytest.param("15.09.2018", "16.09.2018", "15.10.2018", "15.10.2018", "15.10.2018", id="TF 8C_124/2019"),
        pytest.param("23.01.2019", "24.01.2019", "22.02.2019", "22.02.2019", "22.02.2019", id="TF 8C_657/2019"),
        pytest.param("10.08.2017", "16.08.2017", "14.09.2017", "14.09.2017", "14.09.2017", id="TF 8C_283/2018"),
        pytest.param("09.02.2021", "10.02.2021", "11.03.2021", "11.03.2021", "11.03.2021", id="ATAS/479/2021"),
    ],
)
@pytest.mark.parametrize("act", Act)
def test_settled_examples(act: Act, notified: str, day1: str, day30: str, last: str, safe: str) -> None:
    result = deadline(act, day(notified), delivery=Delivery.REGISTERED, benefit=FEDERAL)
    assert (result.received, result.day1, result.day30) == (day(notified), day(day1), day(day30))
    assert (result.safe, result.deadline, result.possible) == (day(safe), day(last), day(last))
    assert not result.uncertain


def test_e10_registered_letter_that_was_not_collected() -> None:
    result = deadline(OBJECTION, first_attempt=day("04.03.2026"), benefit=FEDERAL)
    assert result.received == day("11.03.2026")
    assert (result.safe, result.deadline) == (day("24.04.2026"), day("27.04.2026"))
    assert dates_of(result, Rule.NOT_COLLECTED) == {"attempt": day("04.03.2026"), "day": day("11.03.2026")}


def test_e16_weekend_before_a_suspension() -> None:
    result = deadline(OBJECTION, day("26.02.2026"), delivery=Delivery.COUNTER, benefit=FEDERAL)
    assert (result.day1, result.day30) == (day("27.02.2026"), day("28.03.2026"))
    assert (result.safe, result.deadline, result.possible) == (day("27.03.2026"), day("30.03.2026"), day("13.04.2026"))
    assert result.uncertain
    assert dates_of(result, Rule.BEFORE_SUSPENSION) == {"day": day("30.03.2026"), "later": day("13.04.2026")}


def test_ata_809_2022_cantonal_procedure() -> None:
    result = deadline(OBJECTION, day("12.01.2022"), benefit=CANTONAL)
    assert (result.deadline, result.possible, result.uncertain) == (day("11.02.2022"), day("11.02.2022"), False)


def test_weekend_before_the_summer_suspension() -> None:
    result = deadline(OBJECTION, day("13.06.2024"), delivery=Delivery.REGISTERED, benefit=FEDERAL)
    assert result.day30 == day("13.07.2024")
    assert (result.safe, result.deadline, result.possible) == (day("12.07.2024"), day("15.07.2024"), day("16.08.2024"))


# Receipt


def test_seventh_day_is_not_moved_by_a_holiday() -> None:
    easter_sunday = deadline(OBJECTION, first_attempt=day("29.03.2026"), benefit=CANTONAL)
    assert easter_sunday.received == day("05.04.2026")
    assert easter_sunday.day1 == day("06.04.2026"), "even on Easter Monday"


@pytest.mark.parametrize(
    ("collected", "received", "rule"),
    [
        ("04.03.2026", "04.03.2026", Rule.RECEIVED),
        ("05.03.2026", "05.03.2026", Rule.RECEIVED),
        ("11.03.2026", "11.03.2026", Rule.RECEIVED),
        ("12.03.2026", "11.03.2026", Rule.EARLIER_OF_BOTH),
        ("20.03.2026", "11.03.2026", Rule.EARLIER_OF_BOTH),
    ],
)
def test_with_both_days_the_earlier_of_collection_and_seventh_day_counts(
    collected: str, received: str, rule: Rule
) -> None:
    result = deadline(OBJECTION, day(collected), day("04.03.2026"), benefit=FEDERAL)
    assert result.received == day(received)
    assert rule in rules(result)
    assert not result.uncertain


def test_received_before_the_first_attempt_cannot_be_and_is_uncertain() -> None:
    result = deadline(OBJECTION, day("02.03.2026"), day("04.03.2026"), benefit=FEDERAL)
    assert result.received == day("02.03.2026")
    assert result.uncertain


@pytest.mark.parametrize("delivery", [Delivery.ORDINARY, None])
def test_letter_without_signature_on_saturday_waits_for_the_new_law(delivery: Delivery | None) -> None:
    result = deadline(OBJECTION, day("10.10.2026"), delivery=delivery, benefit=FEDERAL)
    assert (result.day1, result.deadline, result.possible) == (day("11.10.2026"), day("09.11.2026"), day("11.11.2026"))
    assert result.uncertain
    assert dates_of(result, Rule.UNSIGNED_ON_REST_DAY) == {"day": day("10.10.2026"), "later": day("12.10.2026")}


@pytest.mark.parametrize("delivery", [Delivery.REGISTERED, Delivery.COUNTER])
def test_new_law_does_not_concern_what_was_signed_for(delivery: Delivery) -> None:
    result = deadline(OBJECTION, day("10.10.2026"), delivery=delivery, benefit=FEDERAL)
    assert (result.possible, result.uncertain) == (result.deadline, False)


@pytest.mark.parametrize("received", ["15.09.2018", "20.09.2025"])
def test_new_law_does_not_concern_what_came_before_it_was_adopted(received: str) -> None:
    result = deadline(OBJECTION, day(received), delivery=Delivery.ORDINARY, benefit=FEDERAL)
    assert (result.possible, result.uncertain) == (result.deadline, False)


@pytest.mark.parametrize("received", ["27.09.2025", "28.09.2025", "25.05.2026"])
def test_new_law_may_concern_saturdays_sundays_and_holidays_since(received: str) -> None:
    assert deadline(OBJECTION, day(received), delivery=Delivery.ORDINARY, benefit=FEDERAL).uncertain


def test_new_law_once_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law.deadlines, "UNSIGNED_VALID_FROM", day("10.10.2026"))
    saturday = day("10.10.2026")
    ordinary = deadline(OBJECTION, saturday, delivery=Delivery.ORDINARY, benefit=FEDERAL)
    assert (ordinary.received, ordinary.day1) == (day("12.10.2026"), day("13.10.2026"))
    assert (ordinary.deadline, ordinary.possible, ordinary.uncertain) == (day("11.11.2026"), day("11.11.2026"), False)
    unknown = deadline(OBJECTION, saturday, benefit=FEDERAL)
    assert (unknown.deadline, unknown.possible, unknown.uncertain) == (day("09.11.2026"), day("11.11.2026"), True)
    later = deadline(OBJECTION, day("17.10.2026"), delivery=Delivery.ORDINARY, benefit=FEDERAL)
    assert (later.received, later.uncertain) == (day("19.10.2026"), False)
    earlier = deadline(OBJECTION, day("03.10.2026"), delivery=Delivery.ORDINARY, benefit=FEDERAL)
    assert (earlier.received, earlier.uncertain) == (day("03.10.2026"), True)


# Federal and cantonal law


def test_cantonal_benefits_are_counted_without_suspension() -> None:
    result = deadline(OBJECTION, day("31.03.2025"), delivery=Delivery.REGISTERED, benefit=CANTONAL)
    assert (result.safe, result.deadline, result.possible) == (day("30.04.2025"), day("30.04.2025"), day("15.05.2025"))
    assert result.uncertain
    assert Rule.SUSPENDED not in rules(result)
    assert dates_of(result, Rule.CANTONAL_NOT_SUSPENDED) == {"day": day("30.04.2025"), "later": day("15.05.2025")}


def test_cantonal_result_names_no_article_of_the_federal_procedure() -> None:
    result = deadline(OBJECTION, day("23.01.2025"), delivery=Delivery.REGISTERED, benefit=CANTONAL)
    assert [step.article for step in result.steps if step.article] == ["art. 49 LMC"]


def test_unknown_law_gives_the_earlier_result_and_says_so() -> None:
    result = deadline(OBJECTION, day("31.03.2025"), delivery=Delivery.REGISTERED)
    assert (result.deadline, result.possible, result.uncertain) == (day("30.04.2025"), day("15.05.2025"), True)
    assert Rule.BENEFIT_UNKNOWN in rules(result)
    plain = deadline(OBJECTION, day("05.02.2025"), delivery=Delivery.REGISTERED)
    assert (plain.deadline, plain.possible, plain.uncertain) == (day("07.03.2025"), day("07.03.2025"), True)


@pytest.mark.parametrize(
    ("act", "benefit", "article"),
    [
        (Act.OBJECTION, FEDERAL, "art. 52 al. 1 LPGA"),
        (Act.APPEAL, FEDERAL, "art. 60 LPGA"),
        (Act.OBJECTION, None, "art. 52 al. 1 LPGA"),
        (Act.OBJECTION, CANTONAL, "art. 49 LMC"),
        (Act.APPEAL, CANTONAL, "art. 49 LMC"),
    ],
)
def test_thirty_days_have_their_article(act: Act, benefit: Benefit | None, article: str) -> None:
    result = deadline(act, day("05.02.2025"), benefit=benefit)
    assert [step.article for step in result.steps if step.rule is Rule.LAST_DAY] == [article]


# Steps


def test_steps_tell_the_whole_count() -> None:
    result = deadline(OBJECTION, day("11.07.2025"), delivery=Delivery.REGISTERED, benefit=FEDERAL)
    assert [(step.rule, dict(step.dates), step.article) for step in result.steps] == [
        (Rule.RECEIVED, {"day": day("11.07.2025")}, None),
        (Rule.STARTS_NEXT_DAY, {"day": day("12.07.2025")}, "art. 38 al. 1 LPGA"),
        (
            Rule.SUSPENDED,
            {"first": day("15.07.2025"), "last": day("15.08.2025"), "again": day("16.08.2025")},
            "art. 38 al. 4 let. b LPGA",
        ),
        (Rule.LAST_DAY, {"day": day("11.09.2025")}, "art. 52 al. 1 LPGA"),
        (Rule.MOVED, {"day": day("11.09.2025"), "to": day("12.09.2025")}, "art. 38 al. 3 LPGA"),
        (Rule.SAFE, {"day": day("10.09.2025")}, None),
    ]


@pytest.mark.parametrize("benefit", Benefit)
def test_plain_count_has_plain_steps(benefit: Benefit) -> None:
    result = deadline(OBJECTION, day("05.02.2025"), delivery=Delivery.REGISTERED, benefit=benefit)
    assert rules(result) == [Rule.RECEIVED, Rule.STARTS_NEXT_DAY, Rule.LAST_DAY, Rule.SAFE]
    restored = restitution(day("05.02.2025"), FEDERAL)
    assert rules(restored) == [Rule.OBSTACLE_ENDED, Rule.STARTS_NEXT_DAY, Rule.LAST_DAY, Rule.SAFE]


@pytest.mark.parametrize(
    ("notified", "first", "last", "begins", "article"),
    [
        ("29.07.2025", "15.07.2025", "15.08.2025", "16.08.2025", "art. 38 al. 4 LPGA"),
        ("14.07.2025", "15.07.2025", "15.08.2025", "16.08.2025", "art. 38 al. 4 LPGA"),
        ("24.12.2025", "18.12.2025", "02.01.2026", "03.01.2026", "art. 38 al. 4 LPGA"),
    ],
)
def test_count_begins_after_a_suspension(notified: str, first: str, last: str, begins: str, article: str) -> None:
    result = deadline(OBJECTION, day(notified), delivery=Delivery.REGISTERED, benefit=FEDERAL)
    assert dates_of(result, Rule.STARTS_AFTER_SUSPENSION) == {
        "first": day(first),
        "last": day(last),
        "day": day(begins),
    }
    assert Rule.SUSPENDED not in rules(result)
    assert article in [step.article for step in result.steps]


def test_received_on_the_last_day_of_a_suspension_begins_on_the_next() -> None:
    result = deadline(OBJECTION, day("15.08.2025"), delivery=Delivery.REGISTERED, benefit=FEDERAL)
    assert dates_of(result, Rule.STARTS_NEXT_DAY) == {"day": day("16.08.2025")}


def test_safe_date_on_which_counters_are_closed_is_said() -> None:
    result = deadline(OBJECTION, day("01.04.2026"), delivery=Delivery.REGISTERED, benefit=CANTONAL)
    assert result.safe == day("01.05.2026")
    assert dates_of(result, Rule.COUNTERS_CLOSED) == {"day": day("01.05.2026"), "last_open": day("30.04.2026")}


@hypothesis.given(acts, days, st.none() | days, deliveries, benefits)
def test_every_step_rests_on_facts_that_exist(
    act: Act, notified: date, first_attempt: date | None, delivery: Delivery | None, benefit: Benefit | None
) -> None:
    hypothesis.assume(first_attempt is None or delivery in {Delivery.REGISTERED, None})
    for step in deadline(act, notified, first_attempt, delivery, benefit).steps:
        for fact_id in step.facts:
            assert fact(fact_id).source.title


# What holds of every date


@hypothesis.given(acts, days, deliveries, benefits)
def test_dates_are_in_order_and_fall_on_working_days(
    act: Act, notified: date, delivery: Delivery | None, benefit: Benefit | None
) -> None:
    result = deadline(act, notified, delivery=delivery, benefit=benefit)
    assert notified < result.day1 <= result.safe <= result.deadline <= result.possible
    assert result.safe <= result.day30 <= result.deadline
    for found in (result.safe, result.deadline, result.possible):
        assert is_working_day(found)
    assert result.safe == working_day_until(result.day30)
    assert result.uncertain == (result.possible > result.deadline or benefit is None)


@hypothesis.given(days, deliveries, benefits)
def test_thirty_days_count_exactly(notified: date, delivery: Delivery | None, benefit: Benefit | None) -> None:
    result = deadline(OBJECTION, notified, delivery=delivery, benefit=benefit)
    span = [result.day1 + n * DAY for n in range((result.day30 - result.day1).days + 1)]
    counted = [one for one in span if benefit is not FEDERAL or suspension_on(one) is None]
    assert len(counted) == PERIOD
    assert counted[0] == result.day1
    assert counted[-1] == result.day30


@hypothesis.given(days, deliveries, benefits)
def test_later_receipt_never_ends_earlier(notified: date, delivery: Delivery | None, benefit: Benefit | None) -> None:
    run = [deadline(OBJECTION, notified + n * DAY, delivery=delivery, benefit=benefit) for n in range(12)]
    for before, after in pairwise(run):
        assert before.safe <= after.safe
        assert before.deadline <= after.deadline
        assert before.possible <= after.possible


@hypothesis.given(days, deliveries)
def test_suspension_only_ever_lengthens(notified: date, delivery: Delivery | None) -> None:
    federal = deadline(OBJECTION, notified, delivery=delivery, benefit=FEDERAL)
    cantonal = deadline(OBJECTION, notified, delivery=delivery, benefit=CANTONAL)
    unknown = deadline(OBJECTION, notified, delivery=delivery)
    assert cantonal.deadline <= federal.deadline
    assert cantonal.safe <= federal.safe
    assert cantonal.possible == federal.possible == unknown.possible
    assert (unknown.safe, unknown.deadline) == (cantonal.safe, cantonal.deadline)


@hypothesis.given(days, days, benefits)
def test_notice_never_gives_more_time_than_collection(
    notified: date, first_attempt: date, benefit: Benefit | None
) -> None:
    both = deadline(OBJECTION, notified, first_attempt, benefit=benefit)
    by_collection = deadline(OBJECTION, notified, delivery=Delivery.REGISTERED, benefit=benefit)
    by_notice = deadline(OBJECTION, first_attempt=first_attempt, benefit=benefit)
    assert both.deadline == min(by_collection.deadline, by_notice.deadline)
    assert both.received == min(notified, first_attempt + 7 * DAY)


@hypothesis.given(acts, st.none() | st.dates(), st.none() | st.dates(), deliveries, benefits)
def test_valid_input_counts_and_invalid_input_is_named(
    act: Act, notified: date | None, first_attempt: date | None, delivery: Delivery | None, benefit: Benefit | None
) -> None:
    wrong = {
        name
        for name, given in (("notified", notified), ("first_attempt", first_attempt))
        if given is not None and not EARLIEST <= given <= LATEST
    }
    if notified is first_attempt is None:
        wrong.add("notified")
    if first_attempt is not None and delivery in {Delivery.ORDINARY, Delivery.COUNTER}:
        wrong.add("first_attempt")
    if not wrong:
        assert deadline(act, notified, first_attempt, delivery, benefit).steps
        return
    with pytest.raises(DeadlineError) as refused:
        deadline(act, notified, first_attempt, delivery, benefit)
    assert refused.value.given in wrong
    assert str(refused.value) == f"{refused.value.given}: {refused.value.reason}"
    assert refused.value.reason


@pytest.mark.parametrize("edge", [EARLIEST, LATEST])
def test_first_and_last_day_of_the_calendar_count(edge: date) -> None:
    for benefit in (FEDERAL, CANTONAL):
        assert deadline(OBJECTION, edge, benefit=benefit).deadline > edge
    beyond = edge + (DAY if edge == LATEST else -DAY)
    with pytest.raises(DeadlineError, match=f"notified: {beyond} lies outside of 2003-01-01 to 2098-12-31"):
        deadline(OBJECTION, beyond)


# Afterwards


def test_restitution_counts_thirty_days_from_the_end_of_the_obstacle() -> None:
    result = restitution(day("05.02.2025"), FEDERAL)
    assert (result.day1, result.deadline, result.possible) == (day("06.02.2025"), day("07.03.2025"), day("07.03.2025"))
    assert not result.uncertain
    assert [step.article for step in result.steps if step.rule is Rule.OBSTACLE_ENDED] == ["art. 41 LPGA"]


def test_restitution_does_not_count_on_a_suspension() -> None:
    result = restitution(day("31.03.2025"), FEDERAL)
    assert (result.deadline, result.possible, result.uncertain) == (day("30.04.2025"), day("15.05.2025"), True)
    assert Rule.SUSPENSION_NOT_SETTLED in rules(result)


def test_restitution_under_cantonal_law_names_no_federal_article() -> None:
    steps = restitution(day("05.02.2025"), CANTONAL).steps
    assert [step.article for step in steps if step.rule is Rule.OBSTACLE_ENDED] == [None]


def test_restitution_of_an_impossible_day_is_refused() -> None:
    with pytest.raises(DeadlineError, match="obstacle_ended"):
        restitution(date(1990, 1, 1))


@pytest.mark.parametrize(
    ("today", "situation", "left"),
    [
        ("27.02.2026", Situation.IN_TIME, 21),
        ("27.03.2026", Situation.IN_TIME, 1),
        ("28.03.2026", Situation.LAST_MOMENT, 0),
        ("30.03.2026", Situation.LAST_MOMENT, 0),
        ("31.03.2026", Situation.CONTESTED, 0),
        ("13.04.2026", Situation.CONTESTED, 0),
        ("14.04.2026", Situation.PASSED, 0),
    ],
)
def test_what_remains_possible(today: str, situation: Situation, left: int) -> None:
    result = deadline(OBJECTION, day("26.02.2026"), benefit=FEDERAL)
    found = outlook(result, day(today))
    assert (found.situation, found.working_days_left) == (situation, left)
    assert found.remedies == REMEDIES[situation]


def test_once_the_time_has_passed_only_restitution_is_left() -> None:
    assert REMEDIES[Situation.PASSED] == (Remedy.ASK_RESTITUTION,)
    assert Remedy.ASK_RESTITUTION not in REMEDIES[Situation.LAST_MOMENT]
    assert REMEDIES[Situation.CONTESTED][0] is Remedy.FILE_TODAY


@hypothesis.given(days, days)
def test_every_day_has_an_outlook(notified: date, today: date) -> None:
    result = deadline(OBJECTION, notified)
    found = outlook(result, today)
    assert (found.working_days_left > 0) == (found.situation is Situation.IN_TIME)
    assert found.remedies
