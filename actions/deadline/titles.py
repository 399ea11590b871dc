"""How a date of the agenda is called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from base.wording import Translations, mark, write_month
from casework.agenda import DueDate

TITLES: Mapping[str, str] = {
    "objection": mark("Envoyer l'opposition"),
    "appeal": mark("Envoyer le recours"),
    "restitution": mark("Demander la restitution du délai"),
    "job_searches": mark("Remettre les recherches d'emploi de {month}"),
    "ipa": mark("Demander les indemnités de {month} (IPA)"),
    "incapacity": mark("Annoncer l'incapacité de travail"),
    "cantonal_registration": mark("S'inscrire à la mesure cantonale"),
}
"""By the matter of the date."""
AUTHORITIES: Mapping[str, str] = {"oce": mark("décision de l'OCE"), "fund": mark("décision de la caisse de chômage")}
"""Whose decision a date is about."""


def title_of(due: DueDate, translations: Translations) -> str:
    """What there is to do by that date."""
    month = due.about.get("month")
    written = write_month(date.fromisoformat(f"{month}-01"), translations.locale) if month else ""
    title = translations.translate(TITLES[due.matter]).format(month=written)
    authority = AUTHORITIES.get(due.about.get("authority") or "")
    return f"{title} ({translations.translate(authority)})" if authority else title
