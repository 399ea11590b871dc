"""A day in the calendar of a phone or a computer (RFC 5545), as Apple, Google and Outlook import it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from icalendar import Alarm, Calendar, Event, Timezone

from base import clock
from conversations.documents import CalendarEntry

MIME = "text/calendar; charset=utf-8"

BEGIN, END = time(9), time(9, 30)
ALARMS = (timedelta(days=7), timedelta(days=2))
"""How long before. Outlook keeps the first alone."""

_ZURICH = """\
BEGIN:VTIMEZONE
TZID:Europe/Zurich
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
"""
"""Written as rules, which every program understands; icalendar would write a list of single changes."""


def write(entry: CalendarEntry) -> bytes:
    """The entry as a file with one event, half an hour in the morning, and its alarms.

    It has no `METHOD`, no organizer and no attendees, so that nothing takes it for an invitation to be answered. It
    does not make the person busy, and it is private in shared calendars.
    """
    now = clock.now()
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("last-modified", now)
    event.add("dtstart", datetime.combine(entry.day, BEGIN, clock.ZONE))
    event.add("dtend", datetime.combine(entry.day, END, clock.ZONE))
    event.add("summary", entry.title)
    event.add("description", entry.description)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    for before in ALARMS:
        event.add_component(_alarm(before, entry.title))

    calendar = Calendar()
    calendar.add("prodid", "-//Cornavin//Cornavin//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add_component(Timezone.from_ical(_ZURICH))
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _alarm(before: timedelta, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", text)
    return alarm
