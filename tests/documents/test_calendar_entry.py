"""A day in the calendar."""

from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from base import clock
from base.wording import Translations
from bot.documents import render
from bot.documents.calendar_entry import ALARMS
from conversations.documents import CalendarEntry

FRENCH = Translations("fr")
ENTRY = CalendarEntry(
    uid="objection-1@cornavin",
    title="Opposition : dernier jour conseillé",
    description="Envoyez la lettre, signée ; en recommandé.\nGardez la quittance.",
    day=date(2026, 4, 24),
)


def calendar(entry: CalendarEntry = ENTRY) -> Calendar:
    read = Calendar.from_ical(render(entry, FRENCH))
    assert isinstance(read, Calendar)
    return read


def event(entry: CalendarEntry = ENTRY) -> Event:
    (found,) = calendar(entry).events
    return found


def test_event_takes_half_an_hour_of_the_morning_in_zurich() -> None:
    assert event().start == datetime(2026, 4, 24, 9, 0, tzinfo=clock.ZONE)
    assert event().end == datetime(2026, 4, 24, 9, 30, tzinfo=clock.ZONE)
    assert event()["dtstart"].params["TZID"] == "Europe/Zurich"


def test_event_says_what_is_due_and_what_to_do() -> None:
    assert event()["summary"] == ENTRY.title
    assert event()["description"] == ENTRY.description


def test_event_reminds_seven_and_two_days_before() -> None:
    assert sorted(alarm["trigger"].dt for alarm in event().alarms.times and event().walk("VALARM")) == [
        timedelta(days=-7),
        timedelta(days=-2),
    ]
    assert {str(alarm["action"]) for alarm in event().walk("VALARM")} == {"DISPLAY"}
    assert all(alarm["description"] == ENTRY.title for alarm in event().walk("VALARM"))
    assert len(ALARMS) == 2


def test_corrected_entry_has_the_same_uid_and_a_later_stamp(frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + timedelta(hours=1)):
        corrected = event(ENTRY.model_copy(update={"day": date(2026, 4, 27)}))
    assert corrected["uid"] == event()["uid"] == ENTRY.uid
    assert event()["dtstamp"].dt == frozen_clock
    assert corrected["dtstamp"].dt > event()["dtstamp"].dt


def test_nothing_asks_for_a_reply() -> None:
    assert "method" not in calendar()
    assert "organizer" not in event()
    assert "attendee" not in event()


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2030])
def test_time_zone_of_the_file_agrees_with_the_clock_on_every_day(year: int) -> None:
    (zone,) = calendar().timezones
    rules = zone.to_tz(lookup_tzid=False)
    noon = datetime(year, 1, 1, 12)
    for day in range(365):
        moment = noon + timedelta(days=day)
        assert moment.replace(tzinfo=rules).utcoffset() == moment.replace(tzinfo=clock.ZONE).utcoffset()


def test_lines_end_and_fold_as_the_standard_asks() -> None:
    content = render(ENTRY.model_copy(update={"description": "é" * 400}), FRENCH)
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_text_cannot_add_properties() -> None:
    hostile = "x\r\nATTENDEE:mailto:a@b.ch\nEND:VEVENT"
    found = event(ENTRY.model_copy(update={"title": hostile, "description": hostile}))
    assert "attendee" not in found


def test_file_has_a_name_and_a_type() -> None:
    assert ENTRY.name == "2026-04-24.ics"
    assert ENTRY.mime == "text/calendar; charset=utf-8"
