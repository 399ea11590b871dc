"""The result: each condition with where it stands, what has changed, until when to register, who decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.measures import questions as asked
from actions.measures.draft import ALL, Entitlement, MeasuresDraft
from actions.measures.task import MeasuresTask
from actions.measures.wishes import FORGET, ITEM, KEEP
from actions.measures.wording import NAMES, checklist, overview, registration, request
from actions.tasks import draft_of, resumed
from base import clock
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark, write_day
from casework import drafts
from casework.desk import desk
from conversations.documents import CalendarEntry
from law.measures import Answer, Finding, Measure, check, overall
from law.periods import Period

_TITLES = {True: mark("S'inscrire à la mesure cantonale"), False: mark("Demander les PCM à la caisse de chômage")}
"""Of an entry in the calendar: whether it is to register."""
_TO_CHECK = mark("Date calculée par Cornavin, à vérifier auprès de l'autorité.")
_CORRECT, _KEEP, _FORGET = mark("Corriger une réponse"), mark("Garder mes réponses"), mark("Effacer mes réponses")
_SHORT: dict[Measure, str] = {
    Measure.PCM: mark("Détail : PCM (maladie)"),
    Measure.ARE: mark("Détail : ARE"),
    Measure.TRAINING_PROGRAMME: mark("Détail : stage de requalification"),
    Measure.SOLIDARITY_JOBS: mark("Détail : emploi de solidarité"),
}


class AnswerMeasures(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Shows what can be said, and leaves the draft for corrections until the conversation pauses.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_answer_measures"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, translations = unit_of_work(), self._catalogues[tracker.latest_message["metadata"]["locale"]]
        draft_id, draft = await draft_of(tracker, MeasuresTask.name, MeasuresDraft)
        if draft.is_kept and not draft.is_told_kept:
            dispatcher.utter_message(response="utter_measures_kept", days=desk().kept_days)
            draft = draft.model_copy(update={"is_told_kept": True})
        elif draft.measure == ALL:
            _answer_all(dispatcher, draft, translations)
        else:
            _answer_one(dispatcher, draft_id, draft, translations)
        await drafts.save(work, draft_id, draft.model_dump(mode="json"), finished=True)
        return await resumed(tracker)


def _answer_all(dispatcher: CollectingDispatcher, draft: MeasuresDraft, translations: Translations) -> None:
    """One line for each measure; a tap shows all of its conditions."""
    today = clock.today()
    found = {measure: check(measure, draft.situation(today)) for measure in draft.checked}
    dispatcher.utter_message(
        response="utter_measures_all",
        table=overview(found, draft, today, translations),
        facts=[one.fact.id for findings in found.values() for one in findings if one.answer is not Answer.CANNOT_SAY],
    )
    _say_when(dispatcher, Measure.ARE, draft, translations)
    details = [(_SHORT[measure], f"{asked.MEASURE.slot}:{measure}") for measure in draft.checked]
    dispatcher.utter_message(
        response="utter_measures_all_next", buttons=_buttons([*details, *_after(draft)], translations)
    )


def _answer_one(
    dispatcher: CollectingDispatcher, draft_id: str, draft: MeasuresDraft, translations: Translations
) -> None:
    today, (measure,) = clock.today(), draft.checked
    findings = check(measure, draft.situation(today))
    dispatcher.utter_message(
        response=f"utter_measures_{overall(findings)}",
        name=translations.translate(NAMES[measure]),
        table=checklist(findings, draft, today, translations),
        facts=[one.fact.id for one in findings],
    )
    if draft.entitlement is Entitlement.NEVER and measure in {Measure.ARE, Measure.SOLIDARITY_JOBS}:
        dispatcher.utter_message(response="utter_measures_self_employed")
    if measure is not Measure.SOLIDARITY_JOBS:
        _say_when(dispatcher, measure, draft, translations)
    dispatcher.utter_message(response=f"utter_measures_changed_{measure}")
    dispatcher.utter_message(
        response=f"utter_measures_next_{measure}",
        recipes=_entries(draft_id, measure, draft, findings, translations),
        buttons=_buttons(_after(draft), translations),
    )


def _period(measure: Measure, draft: MeasuresDraft) -> Period | None:
    return request(draft, clock.today()) if measure is Measure.PCM else registration(draft)


def _say_when(
    dispatcher: CollectingDispatcher, measure: Measure, draft: MeasuresDraft, translations: Translations
) -> None:
    """Until when to register, or to ask for the sickness benefits."""
    period, today = _period(measure, draft), clock.today()
    response = "utter_measures_request" if measure is Measure.PCM else "utter_measures_register"
    if period is None:
        dispatcher.utter_message(response=f"{response}_unknown")
        return
    if period.deadline < today:
        dispatcher.utter_message(response=f"{response}_late", deadline=write_day(period.deadline, translations.locale))
        return
    day = max(today, period.safe)
    dispatcher.utter_message(response=f"{response}_ahead", safe=write_day(day, translations.locale))
    if draft.approximate and measure is not Measure.PCM:
        dispatcher.utter_message(response="utter_measures_approximate")


def _entries(
    draft_id: str, measure: Measure, draft: MeasuresDraft, findings: Sequence[Finding], translations: Translations
) -> list[dict[str, Any]]:
    """The date for the calendar, where there is something to do by then."""
    period = None if measure is Measure.SOLIDARITY_JOBS else _period(measure, draft)
    if period is None or period.safe <= clock.today() or overall(tuple(findings)) is Answer.NOT_MET:
        return []
    entry = CalendarEntry(
        uid=f"{draft_id}.{measure}@cornavin",
        title=translations.translate(_TITLES[measure is not Measure.PCM]),
        description=translations.translate(_TO_CHECK),
        day=period.safe,
    )
    return [entry.model_dump(mode="json")]


def _after(draft: MeasuresDraft) -> list[tuple[str, str]]:
    kept = [] if draft.is_kept else [(_KEEP, KEEP)]
    return [(_CORRECT, "correct"), *kept, (_FORGET, FORGET)]


def _buttons(choices: Sequence[tuple[str, str]], translations: Translations) -> list[dict[str, str]]:
    return [
        {"title": translations.translate(label), "payload": f"/{MeasuresTask.intent}{json.dumps({ITEM: value})}"}
        for label, value in choices
    ]
