"""How a date of the agenda is called, and what a reminder is of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from base.wording import Translations, mark, write_month
from casework.agenda import DueDate

TITLES: Mapping[str, str] = {
    "objection": mark("Envoyer l'opposition"),
    "appeal": mark("Envoyer le recours"),
    "restitution": mark("Demander la restitution du délai"),
    "job_searches": mark("Remettre les recherches d'emploi de {month}"),
    "ipa": mark("Demander les indemnités de {month} (IPA)"),
    "ipa_papers": mark("Envoyer à la caisse les pièces de l'IPA de {month}"),
    "incapacity": mark("Annoncer l'incapacité de travail"),
    "cantonal_registration": mark("S'inscrire à la mesure cantonale"),
    "application": mark("Demander l'indemnité de chômage dès {month}"),
}
"""By the matter of the date."""
FREE = "free"
"""Matter of a reminder in the person's own words, which are `words` of what it is about."""
REMINDED: Mapping[str, str] = {
    "job_searches": mark("Remettre vos recherches d'emploi"),
    "ipa": mark("Remplir et envoyer votre IPA"),
    "ipa_papers": mark("Envoyer à votre caisse les pièces de votre IPA"),
    "objection": mark("Envoyer votre opposition"),
    "appeal": mark("Envoyer votre recours"),
    "certificate": mark("Envoyer le certificat médical"),
}
"""By the matter of a reminder that belongs to no date."""
AUTHORITIES: Mapping[str, str] = {"oce": mark("décision de l'OCE"), "fund": mark("décision de la caisse de chômage")}
"""Whose decision a date is about."""


def title_of(due: DueDate, translations: Translations) -> str:
    """What there is to do by that date."""
    month = due.about.get("month")
    written = write_month(date.fromisoformat(f"{month}-01"), translations.locale) if month else ""
    title = translations.translate(TITLES[due.matter]).format(month=written)
    authority = AUTHORITIES.get(due.about.get("authority") or "")
    return f"{title} ({translations.translate(authority)})" if authority else title


def reminded_of(matter: str, about: Mapping[str, Any], due: DueDate | None, translations: Translations) -> str:
    """What the person is reminded to do, in their own words where there are any.

    Args:
        matter: Of the reminder.
        about: What tells it from others of the same matter.
        due: The date that it belongs to, if any.
    """
    if due is not None:
        return title_of(due, translations)
    return str(about["words"]) if about.get("words") else translations.translate(REMINDED[matter])
