"""How the efforts of a month are shown: a list with numbers, readable where there are no tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from actions.job_search.draft import Entry, JobSearchDraft
from actions.job_search.effort import LONGEST, is_too_long
from base.wording import Translations, mark, write_day
from casework.submissions import State
from eservices.models import ApplyChannel, Result, Workload

CHANNELS: Mapping[ApplyChannel, str] = {
    ApplyChannel.ELECTRONIC: mark("par voie électronique"),
    ApplyChannel.MAIL: mark("par lettre"),
    ApplyChannel.PERSONAL: mark("contact personnel"),
    ApplyChannel.PHONE: mark("par téléphone"),
}
WORKLOADS: Mapping[Workload, str] = {
    Workload.FULLTIME: mark("plein temps"),
    Workload.PARTTIME: mark("temps partiel"),
}
RESULTS: Mapping[Result, str] = {
    Result.PENDING: mark("en suspens"),
    Result.INTERVIEW: mark("entretien"),
    Result.EMPLOYED: mark("engagement"),
    Result.REJECTED: mark("réponse négative"),
}
FIELDS: Mapping[str, str] = {
    "company": mark("le nom de l'entreprise"),
    "occupation": mark("le poste"),
    "apply_date": mark("la date de la postulation"),
    "channels": mark("comment : en ligne ou par e-mail, par lettre, sur place, par téléphone"),
    "address": mark("l'adresse de l'entreprise : rue, numéro, code postal et lieu"),
    "contact_person": mark("la personne contactée"),
    "phone": mark("le numéro de téléphone"),
    "online": mark("l'adresse e-mail ou le lien du formulaire"),
    "assigned_by_orp": mark("assignation de l'ORP ou non"),
    "workload": mark("plein temps ou temps partiel"),
    "results": mark("le résultat"),
    "rejection_reason": mark("le motif du refus, en quelques mots"),
}
"""What each missing field is called when it is asked for."""
_ASSIGNED, _ASSUMED = mark("assignation de l'ORP"), mark("à vérifier")
_STATES: Mapping[State | None, str] = {
    State.RECEIVED: mark("enregistrée sur Job-Room"),
    State.RECORDED: mark("en route vers Job-Room"),
    State.REFUSED: mark("**refusée par Job-Room**"),
    State.GIVEN_UP: mark("**pas arrivée**"),
}
_SHORTER = mark("{field}, plus court : {most} caractères au plus")
_INCOMPLETE = mark("**pas encore enregistrée**, il manque {missing}")
_WEEK = mark("semaine du {first} au {last} : {count}")
_UNDATED = mark("sans date : {count}")


def table(draft: JobSearchDraft, translations: Translations) -> str:
    """The efforts of the month, one after the other."""
    return "\n".join(
        f"{number}. {row(entry, translations)}" for number, entry in enumerate(draft.entries or (), start=1)
    )


def row(entry: Entry, translations: Translations) -> str:
    """One effort, with where it stands."""
    effort, translate = entry.effort, translations.translate
    doubt = f" ({translate(_ASSUMED)})" if "apply_date" in effort.assumed else ""
    parts = [
        f"**{entry.name}**{f' {effort.city}' if effort.city else ''}",
        effort.occupation if effort.occupation != entry.name else None,
        f"{write_day(effort.apply_date, translations.locale)}{doubt}" if effort.apply_date else None,
        " + ".join(translate(CHANNELS[channel]) for channel in effort.channels),
        translate(WORKLOADS[effort.workload]) if effort.workload else None,
        translate(_ASSIGNED) if effort.assigned_by_orp else None,
        " + ".join(translate(RESULTS[result]) for result in effort.results),
    ]
    return f"{', '.join(part for part in parts if part)} — {_standing(entry, translations)}"


def _standing(entry: Entry, translations: Translations) -> str:
    if entry.missing:
        return translations.translate(_INCOMPLETE).format(missing=", ".join(wanted(entry, translations)))
    return translations.translate(_STATES.get(entry.state, _STATES[State.RECORDED]))


def wanted(entry: Entry, translations: Translations) -> Sequence[str]:
    """What is missing of an effort, in words."""
    return [
        translations.translate(_SHORTER).format(field=translations.translate(FIELDS[name]), most=LONGEST[name])
        if is_too_long(entry.effort, name)
        else translations.translate(FIELDS[name])
        for name in entry.missing
    ]


def spread_over(draft: JobSearchDraft, translations: Translations) -> str:
    """How many efforts each week of the month has, and how many have no day."""
    first, last = draft.month.first_day, draft.month.last_day
    entries = draft.entries or ()
    days = sorted(entry.effort.apply_date for entry in entries if entry.effort.apply_date)
    lines = []
    for _, group in groupby(days, key=lambda day: day.isocalendar()[:2]):
        in_week = list(group)
        monday = in_week[0].toordinal() - in_week[0].weekday()
        begin, end = max(first, first.fromordinal(monday)), min(last, first.fromordinal(monday + 6))
        lines.append(
            translations.translate(_WEEK).format(
                first=begin.day, last=write_day(end, translations.locale), count=len(in_week)
            )
        )
    if undated := len(entries) - len(days):
        lines.append(translations.translate(_UNDATED).format(count=undated))
    return "\n".join(f"- {line}" for line in lines)
