"""The commands of Telegram's menu. Nothing else that is typed is a command (docs/decisions/0012)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from telegram import Message
from telegram.constants import MessageEntityType

from base.wording import mark

START = "start"
STOP = "stop"
LANGUAGE_PREFIX = "lang-"
"""Begins the payload of a deep link that says in which language to answer, such as `lang-de`."""
LOGIN = "connexion"
"""Payload of a deep link for people who have begun something on the web: they log in here, too."""
_GREETING = "/smalltalk/greet"
_LOG_IN = "/log_in"
_CANCEL, _NO_REMINDERS = "/cancel", "/stop_reminder"


@dataclass(frozen=True)
class Command:
    """A command.

    Args:
        description: What it does, for the menu.
        payload: What it means to the assistant.
    """

    description: str
    payload: str


COMMANDS: Mapping[str, Command] = {
    START: Command(mark("Commencer"), _GREETING),
    "aide": Command(mark("Ce que je sais faire"), "/smalltalk/help"),
    "langue": Command(mark("Choisir la langue"), "/change_language"),
    "delai": Command(mark("Calculer un délai d'opposition ou de recours"), "/tx_deadline"),
    "recherches": Command(mark("Transmettre mes recherches d'emploi"), "/tx_job_search"),
    "maladie": Command(mark("Annoncer une maladie ou un accident"), "/tx_incapacity"),
    "ipa": Command(mark("Remplir mon IPA du mois"), "/tx_ipa"),
    "statut": Command(mark("Savoir si mon envoi est arrivé"), "/tx_status"),
    "rappels": Command(mark("Voir mes dates et mes rappels"), "/my_deadlines"),
    "mesdonnees": Command(mark("Voir ce qui est gardé de moi"), "/tx_my_data"),
    "effacer": Command(mark("Effacer mes données"), "/tx_delete_data"),
    "humain": Command(mark("Parler à une personne"), "/human_handover"),
    STOP: Command(mark("Arrêter ce qui est en cours, sinon les rappels"), _CANCEL),
}
"""By the name that is typed, in the order of the menu."""


@dataclass(frozen=True)
class Called:
    """A command that somebody sent.

    Args:
        name: One of `COMMANDS`.
        argument: Payload of a deep link; empty without one.
    """

    name: str
    argument: str = ""

    def payload(self, *, in_form: bool) -> str:
        """What it means to the assistant.

        Args:
            in_form: Whether a task is under way.
        """
        if self.name == STOP and not in_form:
            return _NO_REMINDERS
        if self.name == START and self.argument == LOGIN:
            return _LOG_IN
        return COMMANDS[self.name].payload


def called(message: Message) -> Called | None:
    """The command that a message is; None for every other text, also one that begins with a slash."""
    text = message.text or ""
    first = message.entities[0] if message.entities else None
    if first is None or first.type != MessageEntityType.BOT_COMMAND or first.offset != 0:
        return None
    name, argument = text[1 : first.length].partition("@")[0].lower(), text[first.length :].strip()
    if name not in COMMANDS or (argument and name != START):
        return None
    return Called(name, argument)
