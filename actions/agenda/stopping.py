"""Stopping reminders: all of them, or those that the person names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.agenda.listing import written_group, written_reminders
from actions.agenda.task import grouped
from actions.agenda.understanding import DATES, matter_of, numbers
from actions.deadline.titles import reminded_of
from actions.tasks import Said
from base import reading
from base.database import unit_of_work
from base.plain import plain
from base.wording import Catalogues, Translations, mark
from casework import agenda
from casework.agenda import DueDate, Reminder

CHOSEN = "reminder"
"""Entity that names a reminder by its number in the database, or `ALL`."""
ALL = "all"
_EVERY = mark("Tous")
LONGEST_LABEL = 60
"""Characters of a choice."""
_KEPT = re.compile(r"\b(?:mais|sauf|excepte|en gardant|garde[rsz]?)\b(?P<kept>.*)")
_ALL = re.compile(r"\b(?:tous|toutes|tout|rappels|alertes|notif\w*|messages|alarmes|rapels|plus (?:de|aucun))\b")
_ONE = re.compile(
    r"\b(?:(?:le|la|mon|ma|ce|cette|un|une|du|celui|celle) ?(?:rapp?el|alerte|alarme|notif\w*)?|l'(?:alerte|alarme))\b"
)
_WORD = re.compile(r"[a-z]{4,}")
_SAYS_NOTHING = frozenset(
    [
        "rappel",
        "rappels",
        "alerte",
        "alertes",
        "pour",
        "plus",
        "arrete",
        "supprime",
        "enleve",
        "annule",
        "garder",
        "envoyer",
        "mettre",
        "faire",
    ]
)

Group = list[Reminder]


class StopReminders(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Withdraws the reminders that the person names, or all; asks when it is not clear which.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_stop_reminder"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, said = unit_of_work(), Said.of(tracker)
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        groups = grouped(await agenda.ahead(work.connection, tracker.sender_id))
        if not groups:
            dispatcher.utter_message(response="utter_no_reminders")
            return []
        dues = {due.id: due for due in await agenda.all_of(work.connection, tracker.sender_id)}
        titles = [_title(group, dues, translations) for group in groups]
        chosen = _chosen(said, groups, titles)
        if chosen is None:
            return await self._ask(dispatcher, tracker.sender_id, groups, dues, translations)
        if len(chosen) == len(groups):
            await agenda.stop_reminders(work, tracker.sender_id)
            dispatcher.utter_message(response="utter_reminders_stopped")
            return []
        stopped = [(group, title) for group, title in zip(groups, titles, strict=True) if group in chosen]
        await agenda.withdraw(work, [one for group, _ in stopped for one in group])
        dispatcher.utter_message(
            response="utter_reminder_stopped",
            stopped=", ".join(title for _, title in stopped),
            reminders="\n".join(await written_reminders(tracker.sender_id, translations)),
        )
        return []

    async def _ask(
        self,
        dispatcher: CollectingDispatcher,
        session_id: str,
        groups: Sequence[Group],
        dues: dict[int, DueDate],
        translations: Translations,
    ) -> list[dict[str, Any]]:
        """Asks which; the choices hold numbers that do not change when the list does."""
        labels = [written_group(group, dues.get(group[0].due_date_id or 0), translations) for group in groups]
        choices = [
            {
                "title": label.replace("**", "")[:LONGEST_LABEL],
                "payload": f'/stop_reminder{{"{CHOSEN}": "{group[0].id}"}}',
            }
            for group, label in zip(groups, labels, strict=True)
        ]
        choices.append({"title": translations.translate(_EVERY), "payload": f'/stop_reminder{{"{CHOSEN}": "{ALL}"}}'})
        reminders = "\n".join(await written_reminders(session_id, translations))
        dispatcher.utter_message(response="utter_ask_which_reminder", reminders=reminders, buttons=choices)
        return []


def _title(group: Group, dues: dict[int, DueDate], translations: Translations) -> str:
    first = group[0]
    return reminded_of(first.matter, first.about, dues.get(first.due_date_id or 0), translations)


def _chosen(said: Said, groups: Sequence[Group], titles: Sequence[str]) -> list[Group] | None:
    """The reminders that a message wants to stop; None when it names one and it is not clear which."""
    if said.tapped:
        named = said.values(CHOSEN)
        return [group for group in groups if not named or ALL in named or str(group[0].id) in named]
    text = plain(said.text)
    kept_text = _KEPT.search(text)
    kept = _named(kept_text["kept"], groups, titles, said.today) if kept_text else []
    wanted = text[: kept_text.start()] if kept_text else text
    found = _named(wanted, groups, titles, said.today)
    if found:
        return [group for group in found if group not in kept]
    if kept:
        return [group for group in groups if group not in kept]
    names_something = matter_of(wanted) not in {None, DATES} or bool(reading.days_ahead(wanted, said.today))
    is_all = _ALL.search(text) is not None or not _ONE.search(text)
    return list(groups) if (len(groups) == 1 or is_all) and not names_something else None


def _named(text: str, groups: Sequence[Group], titles: Sequence[str], today: date) -> list[Group]:
    """The reminders that a text names: by place, by matter, by day, or by their words."""
    if places := numbers(text, len(groups)):
        return [groups[place - 1] for place in places]
    matter = matter_of(text)
    if of_matter := [group for group in groups if group[0].matter == matter]:
        return of_matter
    days = {date.fromisoformat(found.value) for found in reading.days_ahead(text, today)}
    if of_day := [group for group in groups if any(one.at.date() in days for one in group)]:
        return of_day
    if of_day_number := [group for group in groups if group[0].day_of_month in {day.day for day in days}]:
        return of_day_number
    words = set(_WORD.findall(text)) - _SAYS_NOTHING
    return [group for group, title in zip(groups, titles, strict=True) if words & set(_WORD.findall(plain(title)))]
