"""«C'est arrivé ?»: what has become of what was handed in from this conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.sending import count_files
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark, write_moment
from casework.desk import desk
from casework.document_names import name_of
from casework.files.store import kept_unsent
from casework.submissions import Kind, State, Submission
from conversations.documents import Receipt
from law.documents import ORP_TYPES

MOST = 5
"""How many submissions are listed, the newest first."""
_ELSEWHERE = re.compile(
    r"\b(?:demande|ipa|indemnit|recherche|postulation|opposition|recours|r[ée]clamation|maladie|accident|m[ée]dica|inscri|pa[iy]e)",
    re.IGNORECASE,
)
"""What is not handed in here, unless a document is named that is."""

_SEARCHES = re.compile(r"\b(?:recherche|postulation)", re.IGNORECASE)

_LINES: Mapping[State, str] = {
    State.RECORDED: mark("**{document}** ({number}) : enregistré ici, transmission en cours."),
    State.RECEIVED: mark("**{document}** ({number}) : **reçu par Job-Room** le {received}."),
    State.REFUSED: mark("**{document}** ({number}) : **refusé par Job-Room**. Il n'est pas chez votre ORP."),
    State.GIVEN_UP: mark("**{document}** ({number}) : **pas arrivé**. Un·e collègue s'en occupe."),
}
_NOT_SENT = mark("{files} : reçu ici, **pas encore envoyé**.")
_NOT_SENT_MANY = mark("{files} : reçus ici, **pas encore envoyés**.")


class TellStatus(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Lists what was handed in from this conversation; when there is nothing, says where to look.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_tell_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        connection, session_id = unit_of_work().connection, tracker.sender_id
        found = _shown(await desk().submissions.all_of_session(connection, session_id))
        unsent = await kept_unsent(connection, session_id)
        about = tracker.latest_message.get("text") or ""
        has_searches = any(one.kind is not Kind.DOCUMENT for one in found) and _SEARCHES.search(about) is not None
        if (_is_about_others(tracker.latest_message) and not has_searches) or not (found or unsent):
            dispatcher.utter_message(response="utter_tx_status")
            return []
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        lines = [_line(submission, translations) for submission in found[:MOST]]
        if unsent:
            files = count_files(len(unsent), translations)
            lines.append(translations.translate(_NOT_SENT if len(unsent) == 1 else _NOT_SENT_MANY).format(files=files))
        note = desk().note if found else None
        dispatcher.utter_message(
            response="utter_submissions",
            submissions="\n".join(f"- {line}" for line in lines),
            note=f"\n\n*{translations.translate(note)}*" if note else "",
            recipes=[Receipt(submission=submission.id).model_dump(mode="json") for submission in found[:MOST]],
        )
        return []


def _shown(found: Sequence[Submission]) -> tuple[Submission, ...]:
    """What is listed, the newest first: of the job searches only the last, as each of them is written by itself."""
    last = next((one for one in found if one.kind is Kind.EFFORT), None)
    return tuple(one for one in found if one.kind is not Kind.EFFORT or one is last)


def _is_about_others(message: Mapping[str, Any]) -> bool:
    named = {entity["value"] for entity in message.get("entities", ()) if entity["entity"] == "document"}
    return not named & ORP_TYPES and _ELSEWHERE.search(message.get("text") or "") is not None


def _line(submission: Submission, translations: Translations) -> str:
    return translations.translate(_LINES[submission.state]).format(
        document=translations.translate(name_of(submission.title)),
        number=submission.number,
        received=write_moment(submission.received_at, translations) if submission.received_at else "",
    )
