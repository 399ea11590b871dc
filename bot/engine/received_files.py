"""What is said of files that nothing asked for: that they are here, for how long, and what can be asked about them."""

from __future__ import annotations

from base.wording import Translations, mark
from casework.files.store import KEPT_UNSENT

INTENTS = ("tx_documents", "ask_docs_by_status", "tx_incapacity", "tx_ipa")
"""What the person may mean to do with them; each has a name that people can read."""

_RECEIVED_ONE = mark("J'ai reçu votre fichier.")
_RECEIVED = mark("J'ai reçu vos {count} fichiers.")
_KEPT = mark(
    "Personne d'autre ne les voit tant que vous ne me demandez pas de les envoyer. "
    "Sans suite, ils sont effacés dans {days} jours, ou dès que vous effacez cette conversation."
)
_KEPT_ONE = mark(
    "Personne d'autre ne le voit tant que vous ne me demandez pas de l'envoyer. "
    "Sans suite, il est effacé dans {days} jours, ou dès que vous effacez cette conversation."
)
_FOR_CASE_ONE = mark("Je l'ai ajouté à votre demande **{case_number}** : la personne qui la suit le voit.")
_FOR_CASE = mark("Je les ai ajoutés à votre demande **{case_number}** : la personne qui la suit les voit.")
_WHAT_FOR = mark("**Que voulez-vous en faire ?** Choisissez, ou dites-le avec vos mots.")
_QUESTION_IS_OPEN = mark("Ma question d'avant reste ouverte : répondez-y, nous verrons les fichiers ensuite.")


def answer_for_case(count: int, translations: Translations, case_number: str) -> str:
    """The answer to files for which an agent waits.

    Args:
        count: How many.
        case_number: Of the agent's case.
    """
    added = translations.translate(_FOR_CASE_ONE if count == 1 else _FOR_CASE).format(case_number=case_number)
    return f"{_received(count, translations)} {added}"


def answer(count: int, translations: Translations, *, is_asked: bool) -> str:
    """The answer to files that nothing asked for.

    Args:
        count: How many.
        is_asked: Whether a question is open meanwhile.
    """
    received = _received(count, translations)
    kept = translations.translate(_KEPT_ONE if count == 1 else _KEPT).format(days=KEPT_UNSENT.days)
    next_ = translations.translate(_QUESTION_IS_OPEN if is_asked else _WHAT_FOR)
    return f"{received} {kept}\n\n{next_}"


def _received(count: int, translations: Translations) -> str:
    return translations.translate(_RECEIVED_ONE if count == 1 else _RECEIVED).format(count=count)
