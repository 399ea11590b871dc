"""The questions of the IPA that need more than their wording."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.ipa.draft import IpaDraft
from actions.ipa.papers import options
from actions.ipa.questions import DETAILS, EARLY, ITEM, LEFT_OUT, PERIOD, PIECES, TOPICS, WHICH
from actions.ipa.table import announced, missing, names
from actions.ipa.task import IpaTask
from actions.ipa.topics import ATTACHMENTS, LABELS, Topic
from actions.tasks import draft_of
from base import clock
from base.wording import Catalogues, Translations, mark, write_day, write_month
from eservices.models.common import period_of
from law.periods import Month

SLOTS = (PERIOD.slot, EARLY.slot, *TOPICS, DETAILS.slot, PIECES.slot, WHICH.slot)
"""Questions that `AskAboutMonth` asks."""
_NOT_JOINED = mark("Ne pas joindre ce fichier")
_PAPER_OF = mark("{paper} ({topic})")


class AskAboutMonth(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Asks one of the task's questions.

    Args:
        slot: Which one.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, slot: str, catalogues: Catalogues) -> None:
        self._slot = slot
        self._catalogues = catalogues

    def name(self) -> str:
        return f"action_ask_{IpaTask.name}_form_{self._slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        draft, translations = await _draft(tracker), self._catalogues[tracker.latest_message["metadata"]["locale"]]
        if self._slot == PERIOD.slot:
            dispatcher.utter_message(response="utter_ipa_period", buttons=_months(translations))
            return []
        month = write_month(draft.month.first_day, translations.locale)
        values = {"month": month, "last": write_day(draft.month.last_day, translations.locale)}
        if self._slot == DETAILS.slot:
            self._ask_for_details(dispatcher, draft, values, translations)
        elif self._slot == PIECES.slot:
            topic = _current(draft)
            response = _asks_for_papers(dispatcher, draft, topic)
            values |= {"topic": translations.translate(LABELS[topic])}
            papers = "\n".join(f"- {names((one,), translations)}" for one in missing(draft, topic))
            given = names(tuple(draft.contents(topic)), translations)
            dispatcher.utter_message(response=response, papers=papers, given=given, **values)
        elif self._slot == WHICH.slot:
            self._ask_which(dispatcher, draft, translations)
        else:
            dispatcher.utter_message(response=f"utter_ipa_{self._slot}", **values)
        return []

    @staticmethod
    def _ask_for_details(
        dispatcher: CollectingDispatcher, draft: IpaDraft, values: dict[str, str], translations: Translations
    ) -> None:
        topic = _current(draft)
        if draft.offers_announced(topic):
            spells = announced(draft.announced_then, translations)
            dispatcher.utter_message(response="utter_ipa_announced", announced=spells, **values)
        else:
            dispatcher.utter_message(response=f"utter_ipa_{topic}_details", **values)

    @staticmethod
    def _ask_which(dispatcher: CollectingDispatcher, draft: IpaDraft, translations: Translations) -> None:
        files, among = draft.files or (), list(options(draft))
        has_several = len({topic for topic, _ in among}) > 1
        buttons = []
        for topic, attachment in among:
            title = translations.translate(ATTACHMENTS[attachment]).capitalize()
            if has_several:
                about = translations.translate(LABELS[topic])
                title = translations.translate(_PAPER_OF).format(paper=title, topic=about)
            buttons.append(_button(title, ITEM, f"{topic}:{attachment}"))
        buttons.append(_button(translations.translate(_NOT_JOINED), ITEM, LEFT_OUT))
        place = files.index(draft.unclear[0]) + 1
        response = "utter_ipa_which" if len(files) > 1 else "utter_ipa_which_one"
        dispatcher.utter_message(response=response, place=str(place), count=str(len(files)), buttons=buttons)


def _asks_for_papers(dispatcher: CollectingDispatcher, draft: IpaDraft, topic: Topic) -> str:
    if draft.contents(topic):
        return "utter_ipa_pieces_more"
    if draft.offers_certificate(topic):
        return "utter_ipa_certificate"
    if draft.lacks_certificate(topic):
        dispatcher.utter_message(response="utter_ipa_certificate_gone")
    return "utter_ipa_pieces"


def _months(translations: Translations) -> list[dict[str, str]]:
    """The month before and the one that is running."""
    running = Month.of(clock.today())
    return [
        _button(write_month(month.first_day, translations.locale).capitalize(), "month", period_of(month))
        for month in (running.later(-1), running)
    ]


def _button(title: str, entity: str, value: str) -> dict[str, str]:
    return {"title": title, "payload": f'/{IpaTask.intent}{{"{entity}": "{value}"}}'}


def _current(draft: IpaDraft) -> Topic:
    if draft.current is None:
        raise ValueError("the form asks for what nothing lacks")
    return draft.current


async def _draft(tracker: Tracker) -> IpaDraft:
    _, draft = await draft_of(tracker, IpaTask.name, IpaDraft)
    return draft
