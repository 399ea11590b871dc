"""«Mes données»: what is kept, a copy of it, and who has read it."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.my_data.kept import Kept, where
from actions.tasks import FIELD, Said
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark, write_moment
from casework import access, persons
from casework.access import Access
from casework.access_names import ACTORS, DEEDS, KINDS, object_of
from conversations.documents import MyData

COPY, ACCESSES = "copy", "accesses"
"""Values of the entity that says what is wanted."""
MOST = 10
"""How many accesses are listed, the newest first; the copy has them all."""
_COPY = re.compile(r"t[ée]l[ée]charg|\bcopie|export|extrait|\bpdf\b|\bzip\b|download|sauvegard", re.IGNORECASE)
_ACCESSES = re.compile(
    r"\bacc[eè]s\b|consult[ée]|consultations?\b|\b(?:qui|ki|quelqu'un)\b.*\b(?:vu|lu|regard|ouvert|eu)|journal",
    re.IGNORECASE,
)
_MY_RIGHT = re.compile(r"droit d'acc[eè]s|acc[eè]s [àa] mes", re.IGNORECASE)
"""Asks to see one's data, not who has."""
_NOBODY = mark("- personne, pour l'instant")


class TellMyData(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Says what is kept; with the login, of all conversations of the person.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_tell_my_data"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        connection, session_id = unit_of_work().connection, tracker.sender_id
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        chats = await persons.chats_of(connection, session_id)
        wanted = _wanted(Said.of(tracker))
        if wanted == COPY:
            dispatcher.utter_message(response="utter_my_data_copy", recipes=[MyData().model_dump(mode="json")])
        elif wanted == ACCESSES:
            found = await access.of(connection, chats, await persons.person_of(connection, session_id))
            lines = [_line(one, translations) for one in found[:MOST]]
            said = "\n".join(lines) or translations.translate(_NOBODY)
            dispatcher.utter_message(response="utter_my_data_accesses", accesses=said)
        else:
            kept = (await Kept.of(connection, chats)).told(translations)
            dispatcher.utter_message(response="utter_my_data", where=where(chats, translations), kept=kept)
        return []


def _wanted(said: Said) -> str | None:
    if said.tapped:
        return next(iter(said.values(FIELD)), None)
    if _ACCESSES.search(said.text) and not _MY_RIGHT.search(said.text):
        return ACCESSES
    return COPY if _COPY.search(said.text) else None


def _line(one: Access, translations: Translations) -> str:
    what = f"{translations.translate(KINDS[one.kind])} {object_of(one)}".strip()
    who, deed = translations.translate(ACTORS[one.actor]), translations.translate(DEEDS[one.deed])
    return f"- {write_moment(one.at, translations)} : {who}, {deed} ({what})"
