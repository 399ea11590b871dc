"""«C'est arrivé ?», «ma demande en est où ?»: what has become of what was handed in, and how the application stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.sending import count_files
from actions.tasks import FIELD, Said
from base.database import Awaited, unit_of_work
from base.wording import Catalogues, Translations, mark, write_moment
from casework import applications, persons
from casework.applications import Application
from casework.desk import desk
from casework.document_names import FOR_RECIPIENTS, TO_RECIPIENTS, name_of
from casework.files.store import kept_unsent
from casework.submissions import Kind, State, Submission
from conversations.documents import Receipt
from law.documents import ORP_TYPES, ApplicationStatus, Recipient

MOST = 5
"""How many submissions are listed, the newest first."""
APPLICATION = "application"
"""Value of the entity that says what is wanted."""

_MEANING = re.compile(r"veu[tx]? dire|signifi|c'?est quoi|c koi|comprends? pas|comprend pas", re.IGNORECASE)
"""Asks what a status is, and not which one it is."""
_ELSEWHERE = re.compile(
    r"\b(?:ipa|recherche|rech\b|postulation|opposition|recours|r[ée]clamation|maladie|accident|m[ée]dica|docteur|inscri|"
    r"pa[iy]e|d'?are\b|pcm\b|rappel|rendez|rdv|ticket|transmission \d|suivi \d)",
    re.IGNORECASE,
)
"""What is handled elsewhere, unless something of the kind was handed in here, or a document is named that can be."""
_APPLICATION = re.compile(r"\bdemandes?\b|indemnit|\bdroit\b|\bstatut (?:de ma|chez)", re.IGNORECASE)
_ALL = re.compile(r"\bdossier|\bcaisse|\bstatut|nouvelles?\b|\bavanc|\btrait[ée]", re.IGNORECASE)

_LINES: Mapping[State, str] = {
    State.RECORDED: mark(
        "**{document}** ({number}), {for_recipient} : enregistré ici, transmission en cours. Vous n'avez rien à refaire."
    ),
    State.RECEIVED: mark("**{document}** ({number}), {for_recipient} : **reçu par Job-Room** le {received}."),
    State.REFUSED: mark(
        "**{document}** ({number}), {for_recipient} : **refusé par Job-Room**, rien n'est arrivé. Recommencez ici, "
        "ou adressez-vous {to_recipient}."
    ),
    State.GIVEN_UP: mark(
        "**{document}** ({number}), {for_recipient} : **pas arrivé**. Un·e collègue s'en occupe. N'attendez pas : "
        "adressez-vous aussi {to_recipient}."
    ),
}
_NOT_SENT = mark("{files} : reçu ici, **pas encore envoyé**.")
_NOT_SENT_MANY = mark("{files} : reçus ici, **pas encore envoyés**.")
_LAST_TIME: Mapping[ApplicationStatus | None, str] = {
    None: mark("Job-Room ne montrait pas de demande"),
    ApplicationStatus.DRAFT: mark("la demande n'était pas encore transmise"),
    ApplicationStatus.UNDER_REVIEW: mark("votre caisse examinait la demande"),
    ApplicationStatus.DECIDED: mark("votre caisse avait traité la demande"),
}


class _Topic(Enum):
    """What somebody wants to know."""

    SENT = auto()
    """What became of what was handed in."""
    APPLICATION = auto()
    """How the application stands."""
    ALL = auto()
    """Both."""
    ELSEWHERE = auto()
    """Something that is handled elsewhere."""
    MEANING = auto()
    """What a status is."""


class TellStatus(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Lists what was handed in, and has the gateway asked for the application; says where to look for the rest.

    Who is logged in is told of all of theirs, others of this conversation only.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_tell_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, session_id = unit_of_work(), tracker.sender_id
        person_id = await persons.person_of(work.connection, session_id)
        found = await _handed_in(session_id, person_id)
        unsent = await kept_unsent(work.connection, session_id)
        topic = _topic(Said.of(tracker), found)
        asks = person_id is not None and topic in {_Topic.APPLICATION, _Topic.ALL}
        lists = topic in {_Topic.SENT, _Topic.ALL} and bool(found or unsent)
        if lists:
            self._list(dispatcher, tracker, found, len(unsent), is_linked=person_id is not None)
        if asks and person_id is not None:
            await self._ask(dispatcher, tracker, person_id)
        elif not lists:
            has_none = person_id is not None and topic is _Topic.SENT
            dispatcher.utter_message(response="utter_submissions_none" if has_none else "utter_tx_status")
        return []

    def _list(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        found: Sequence[Submission],
        unsent: int,
        *,
        is_linked: bool,
    ) -> None:
        translations = self._translations(tracker)
        lines = [_line(submission, translations) for submission in found[:MOST]]
        if unsent:
            files = count_files(unsent, translations)
            lines.append(translations.translate(_NOT_SENT if unsent == 1 else _NOT_SENT_MANY).format(files=files))
        note = desk().note if found else None
        dispatcher.utter_message(
            response="utter_submissions" if is_linked else "utter_submissions_here",
            submissions="\n".join(f"- {line}" for line in lines),
            note=f"\n\n*{translations.translate(note)}*" if note else "",
            recipes=[
                Receipt(submission=submission.id).model_dump(mode="json")
                for submission in found[:MOST]
                if submission.session_id == tracker.sender_id
            ],
        )

    async def _ask(self, dispatcher: CollectingDispatcher, tracker: Tracker, person_id: str) -> None:
        """Has the gateway asked; when it does not answer at once, it is said what it answered last."""
        work = unit_of_work()
        before = await applications.known(work.connection, person_id)
        await applications.ask(work, tracker.sender_id, person_id)
        work.awaits = self._otherwise(before, self._translations(tracker))
        dispatcher.utter_message(response="utter_application_asked")

    @staticmethod
    def _otherwise(before: Application | None, translations: Translations) -> Awaited:
        if before is None:
            return Awaited("utter_application_slow")
        last = {"status": translations.translate(_LAST_TIME[before.status])}
        return Awaited("utter_application_slow_known", last | {"read": write_moment(before.read_at, translations)})

    def _translations(self, tracker: Tracker) -> Translations:
        return self._catalogues[tracker.latest_message["metadata"]["locale"]]


async def _handed_in(session_id: str, person_id: str | None) -> Sequence[Submission]:
    connection, kept = unit_of_work().connection, desk().submissions
    if person_id is not None:
        return _shown(await kept.all_of_person(connection, person_id))
    return _shown(await kept.all_of_session(connection, session_id))


def _shown(found: Sequence[Submission]) -> tuple[Submission, ...]:
    """What is listed, the newest first: of the job searches only the last, as each of them is written by itself."""
    last = next((one for one in found if one.kind is Kind.EFFORT), None)
    return tuple(one for one in found if one.kind is not Kind.EFFORT or one is last)


def _topic(said: Said, found: Sequence[Submission]) -> _Topic:
    if APPLICATION in said.values(FIELD):
        return _Topic.APPLICATION
    if _MEANING.search(said.text):
        return _Topic.MEANING
    names_a_document = bool(ORP_TYPES.intersection(said.values("document")))
    if (_ELSEWHERE.search(said.text) or said.values("benefit")) and not names_a_document:
        has_others = any(submission.kind != Kind.DOCUMENT for submission in found)
        return _Topic.SENT if has_others else _Topic.ELSEWHERE
    if _APPLICATION.search(said.text) or said.values("application_status"):
        return _Topic.APPLICATION
    return _Topic.ALL if _ALL.search(said.text) else _Topic.SENT


def _line(submission: Submission, translations: Translations) -> str:
    recipient = submission.recipient or Recipient.ORP
    return translations.translate(_LINES[submission.state]).format(
        document=translations.translate(name_of(submission.title)),
        number=submission.number,
        for_recipient=translations.translate(FOR_RECIPIENTS[recipient]),
        to_recipient=translations.translate(TO_RECIPIENTS[recipient]),
        received=write_moment(submission.received_at, translations) if submission.received_at else "",
    )
