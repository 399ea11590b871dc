"""What is kept of conversations, counted by class, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.tokens import identifiers
from base.wording import Translations, mark
from casework.access import access_log
from casework.agenda import due_dates, reminders
from casework.applications import applications
from casework.cases import cases
from casework.consents import consents
from casework.drafts import drafts, is_begun
from casework.files.store import files
from casework.persons import links
from casework.submissions import State, submission_files, submissions
from conversations.tables import feedback, messages

ERASURE = "delete_data"
"""Kind of the draft of an erasure, which is nothing that the person has begun to keep."""

_GOES: Mapping[str, tuple[str, str]] = {
    "messages": (mark("1 message"), mark("{count} messages")),
    "feedback": (mark("1 avis sur une réponse"), mark("{count} avis sur des réponses")),
    "identifiers": (mark("1 numéro ou adresse, chiffré"), mark("{count} numéros ou adresses, chiffrés")),
    "files": (mark("1 fichier, chiffré"), mark("{count} fichiers, chiffrés")),
    "drafts": (mark("1 démarche commencée"), mark("{count} démarches commencées")),
    "dates": (mark("1 date à tenir"), mark("{count} dates à tenir")),
    "reminders": (mark("1 rappel prévu"), mark("{count} rappels prévus")),
    "cases": (mark("1 demande au service d'aide"), mark("{count} demandes au service d'aide")),
    "consents": (mark("votre accord"), mark("vos {count} accords")),
    "links": (mark("le lien avec vous, créé à la connexion"), mark("{count} liens avec vous, créés à la connexion")),
    "applications": (
        mark("le statut de votre demande d'indemnité, lu sur Job-Room"),
        mark("{count} statuts de demandes d'indemnité, lus sur Job-Room"),
    ),
    "accesses": (mark("1 accès noté"), mark("{count} accès notés")),
}
"""Classes that go with their conversation: how one and how several are called."""
_SUBMISSIONS: Mapping[State, tuple[str, str]] = {
    State.RECORDED: (
        mark("1 envoi confirmé, pas encore reçu par Job-Room"),
        mark("{count} envois confirmés, pas encore reçus par Job-Room"),
    ),
    State.RECEIVED: (mark("1 envoi reçu par Job-Room"), mark("{count} envois reçus par Job-Room")),
    State.REFUSED: (mark("1 envoi refusé par Job-Room"), mark("{count} envois refusés par Job-Room")),
    State.GIVEN_UP: (mark("1 envoi pas arrivé"), mark("{count} envois pas arrivés")),
}
_STAYS: Mapping[State, tuple[str, str]] = {
    State.RECORDED: (
        mark("**1 envoi confirmé part encore.** Vous n'en recevrez plus de nouvelles ici."),
        mark("**{count} envois confirmés partent encore.** Vous n'en recevrez plus de nouvelles ici."),
    ),
    State.RECEIVED: (
        mark(
            "1 envoi reçu est chez son destinataire, l'ORP ou la caisse. Ici, le fichier s'efface ; le numéro et la date restent, pour votre reçu."
        ),
        mark(
            "{count} envois reçus sont chez leur destinataire, l'ORP ou la caisse. Ici, les fichiers s'effacent ; les numéros et les dates restent, "
            "pour vos reçus."
        ),
    ),
    State.GIVEN_UP: (
        mark("1 envoi pas arrivé reste chez la personne qui s'en occupe."),
        mark("{count} envois pas arrivés restent chez la personne qui s'en occupe."),
    ),
}
"""What erasing leaves of submissions; what was refused goes."""
_STAYING = mark("Ceci reste :")


@dataclass(frozen=True)
class Kept:
    """What is kept.

    Args:
        counts: How much there is of each class that goes with its conversation.
        submissions: How many were handed in, by what has become of them.
    """

    counts: Mapping[str, int]
    submissions: Mapping[State, int]

    @classmethod
    async def of(cls, connection: AsyncConnection, chats: Sequence[str]) -> Kept:
        """Counts what is kept of these conversations."""

        async def count(table: Any, *conditions: Any) -> int:
            query = select(func.count()).select_from(table).where(*conditions)
            return int((await connection.execute(query)).scalar_one())

        by_state = select(submissions.c.state, func.count()).where(submissions.c.session_id.in_(chats))
        states = (await connection.execute(by_state.group_by(submissions.c.state))).all()
        of_sent = files.join(submission_files, submission_files.c.file_id == files.c.id).join(submissions)
        begun = (
            is_begun(),
            drafts.c.kind != ERASURE,
        )
        is_there = files.c.deleted_at.is_(None)
        others = select(links.c.person_id).where(links.c.session_id.not_in(chats))
        only_here = select(links.c.person_id).where(links.c.session_id.in_(chats), links.c.person_id.not_in(others))
        unsent = await count(files, files.c.session_id.in_(chats), is_there)
        sent = await count(of_sent, submissions.c.session_id.in_(chats), is_there)
        counts = {
            "messages": await count(messages, messages.c.session_id.in_(chats)),
            "feedback": await count(feedback.join(messages), messages.c.session_id.in_(chats)),
            "identifiers": await count(identifiers, identifiers.c.session_id.in_(chats)),
            "files": unsent + sent,
            "drafts": await count(drafts, drafts.c.session_id.in_(chats), *begun),
            "dates": await count(due_dates, due_dates.c.session_id.in_(chats)),
            "reminders": await count(reminders, reminders.c.session_id.in_(chats), reminders.c.at > clock.now()),
            "cases": await count(cases, cases.c.session_id.in_(chats)),
            "consents": await count(consents, consents.c.session_id.in_(chats)),
            "links": await count(links, links.c.session_id.in_(chats)),
            "applications": await count(applications, applications.c.person_id.in_(only_here)),
            "accesses": await count(access_log, access_log.c.session_id.in_(chats)),
        }
        return cls(counts, {State(state): number for state, number in states})

    def told(self, translations: Translations) -> str:
        """All of it, as a list."""
        handed_in = [_said(_SUBMISSIONS[state], self.submissions.get(state, 0), translations) for state in _SUBMISSIONS]
        return _listed([*self._going(translations), *handed_in])

    def gone(self, translations: Translations) -> str:
        """What erasing takes away, as a list."""
        refused = _said(_SUBMISSIONS[State.REFUSED], self.submissions.get(State.REFUSED, 0), translations)
        return _listed([*self._going(translations), refused])

    def stays(self, translations: Translations) -> str:
        """What erasing leaves, as a list with its beginning; empty when that is nothing."""
        lines = _listed(_said(_STAYS[state], self.submissions.get(state, 0), translations) for state in _STAYS)
        return f"{translations.translate(_STAYING)}\n\n{lines}" if lines else ""

    def _going(self, translations: Translations) -> list[str]:
        return [_said(_GOES[name], count, translations) for name, count in self.counts.items()]


def _said(words: tuple[str, str], count: int, translations: Translations) -> str:
    one, many = words
    return translations.translate(one if count == 1 else many).format(count=count) if count else ""


def _listed(lines: Any) -> str:
    return "\n".join(f"- {line}" for line in lines if line)


_HERE, _EVERYWHERE = mark(" dans cette conversation"), mark(" dans vos {count} conversations")


def where(chats: Sequence[str], translations: Translations) -> str:
    """Which conversations are meant, as the end of a sentence."""
    return translations.translate(_HERE if len(chats) == 1 else _EVERYWHERE).format(count=len(chats))
