"""How the conditions, what was found of them, and what was understood are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from actions.measures.draft import ALL, Contract, Entitlement, HandedIn, MeasuresDraft, Permit, Told
from base.wording import Translations, fill, mark, write_day
from law.facts import Fact, Standing, fact
from law.measures import Answer, Finding, Measure, overall
from law.periods import Period, cantonal_registration_due, pcm_requested_by

NAMES: Mapping[Measure, str] = {
    Measure.PCM: mark("PCM, prestations en cas de maladie"),
    Measure.ARE: mark("ARE, allocation de retour en emploi"),
    Measure.TRAINING_PROGRAMME: mark("Stage de requalification (avant : PEF)"),
    Measure.SOLIDARITY_JOBS: mark("Emploi de solidarité (EdS)"),
}
_CONDITIONS: Mapping[str, str] = {
    "pcm.after_federal": mark("Indemnités de maladie du chômage épuisées"),
    "pcm_contribution.compulsory": mark("Domicile dans le canton"),
    "pcm_contribution.foreigners_permits": mark(
        "Suisse, UE, AELE ; sinon {fact:pcm_contribution.foreigners_years} sans interruption dans le canton, et permis "
        "{fact:pcm_contribution.foreigners_permits}"
    ),
    "pcm_contribution.period": mark("Droit aux indemnités fédérales pas encore épuisé"),
    "pcm.unfit": mark("Incapacité de travail"),
    "pcm.away": mark("Rester à son domicile, sauf nécessité"),
    "pcm.earlier_cause": mark("Cause pas connue avant l'assurance, sauf rigueur"),
    "pcm.request": mark("Demande écrite avec certificat médical"),
    "pcm.request_within": mark("Demande dans les {fact:pcm.request_within}"),
    "pcm.max_allowances": mark("Pas encore {fact:pcm.max_allowances}"),
    "are.employer_2008": mark("Employeur actif dans le canton"),
    "are.employer": mark("Employeur privé, actif surtout en Suisse, ni ménage ni agence temporaire"),
    "are.domicile": mark("Domicile dans le canton"),
    "are.foreigners_permits": mark(
        "Suisse, UE, AELE ; sinon {fact:are.foreigners_years} dans le canton sur les {fact:are.foreigners_within} d'avant, et permis "
        "{fact:are.foreigners_permits}"
    ),
    "are.contract_before": mark("Contrat à durée indéterminée, remis avant le premier jour"),
    "are.exhausted": mark("Indemnités fédérales épuisées"),
    "cantonal.not_within_years": mark("Ni ARE ni stage dans les {fact:cantonal.not_within_years} d'avant"),
    "are.fit": mark("Apte au placement"),
    "are.suspension_days": mark("Pas de suspension de {fact:are.suspension_days} ou plus"),
    "are.no_conviction": mark("Pas de condamnation liée au chômage"),
    "cantonal.register_within": mark("Inscription dans le délai de {fact:cantonal.register_within}"),
    "are.ask_within": mark("Demande dans les {fact:are.ask_within} après l'inscription"),
    "training_programme.extension": mark(
        "Stage commencé pendant vos indemnités, et prolongé quand elles sont épuisées"
    ),
    "training_programme.domicile": mark("Domicile dans le canton"),
    "training_programme.foreigners_permits": mark(
        "Suisse, UE, AELE ; sinon {fact:training_programme.foreigners_years} dans le canton sur les "
        "{fact:training_programme.foreigners_within} d'avant, et permis {fact:training_programme.foreigners_permits}"
    ),
    "training_programme.fit": mark("Apte au placement"),
    "training_programme.suspension_days": mark(
        "Pas de suspension de {fact:training_programme.suspension_days} ou plus"
    ),
    "training_programme.no_conviction": mark("Pas de condamnation liée au chômage"),
    "training_programme.no_right": mark("Accord de l'autorité : la loi n'en fait pas un droit"),
    "solidarity_jobs.for_whom": mark("Chômage épuisé, sans que les autres mesures aient mené à un emploi"),
    "solidarity_jobs.no_right": mark("Accord de l'autorité : la loi n'en fait pas un droit"),
    "solidarity_jobs.number": mark("Une place libre : le budget de l'année en fixe le nombre"),
}
"""By the fact that states the condition."""
_ANSWERS: Mapping[Answer, str] = {
    Answer.MET: mark("✅ remplie, selon vous"),
    Answer.NOT_MET: mark("❌ pas remplie, selon vous"),
    Answer.CANNOT_SAY: mark("❔ je ne peux pas le dire"),
}
_OVERALL: Mapping[Answer, str] = {
    Answer.MET: mark("✅ rien ne manque à ce que je peux voir"),
    Answer.NOT_MET: mark("❌ il manque : {missing}"),
    Answer.CANNOT_SAY: mark("❔ rien ne l'exclut, des points restent ouverts"),
}
_TO_DO = mark("❔ à faire avant le premier jour")
_FROM, _UNTIL, _WAS_UNTIL = (
    mark("❔ pas encore : dès le {day}"),
    mark("❔ à faire jusqu'au {day}"),
    mark("❔ c'était jusqu'au {day}"),
)
_STANDINGS: Mapping[Standing, str] = {
    Standing.CURRENT: mark("{article}"),
    Standing.DATED: mark("{article}, état {year}"),
    Standing.SUPERSEDED: mark("{article}, état {year} : a changé depuis"),
}
_NO_ARTICLE = mark("projet de loi ou guide, pas la loi")
_CONDITION, _FOUND, _BASIS = mark("Condition"), mark("Ce que je vois"), mark("Base")
_MEASURE = mark("Mesure")

_NOTED: Mapping[tuple[str, object], str] = {
    ("is_kept", True): mark("vos réponses sont gardées"),
    ("measure", ALL): mark("les quatre mesures"),
    **{("measure", measure): name for measure, name in NAMES.items()},
    ("entitlement", Entitlement.DRAWING): mark("encore des indemnités"),
    ("entitlement", Entitlement.ENDED): mark("indemnités épuisées"),
    ("entitlement", Entitlement.NEVER): mark("pas de droit aux indemnités"),
    ("lives_in_geneva", Told.YES): mark("domicile à Genève"),
    ("lives_in_geneva", Told.NO): mark("domicile hors du canton"),
    ("is_unfit", Told.YES): mark("en incapacité de travail"),
    ("is_unfit", Told.NO): mark("pas d'incapacité de travail"),
    ("sick_pay_used_up", Told.YES): mark("la caisse ne paie plus la maladie"),
    ("sick_pay_used_up", Told.NO): mark("la caisse paie encore la maladie"),
    ("had_measure", Told.YES): mark("une mesure dans les cinq ans"),
    ("had_measure", Told.NO): mark("pas de mesure dans les cinq ans"),
    ("is_fit", Told.YES): mark("apte au placement"),
    ("is_fit", Told.NO): mark("pas apte au placement"),
    ("long_suspension", Told.YES): mark("une longue suspension"),
    ("long_suspension", Told.NO): mark("pas de longue suspension"),
    ("free_movement", Told.YES): mark("Suisse, UE ou AELE"),
    ("free_movement", Told.NO): mark("hors UE et AELE"),
    ("permit", Permit.B): mark("permis B"),
    ("permit", Permit.C): mark("permis C"),
    ("permit", Permit.F): mark("permis F"),
    ("permit", Permit.N): mark("permis N"),
    ("permit", Permit.OTHER): mark("autre permis"),
    ("two_years", Told.YES): mark("à Genève depuis assez longtemps"),
    ("two_years", Told.NO): mark("à Genève depuis peu"),
    ("contract", Contract.NONE): mark("pas encore d'employeur"),
    ("contract", Contract.OPEN_ENDED): mark("contrat à durée indéterminée"),
    ("contract", Contract.FIXED_TERM): mark("contrat à durée déterminée"),
    ("handed_in", HandedIn.BEFORE): mark("contrat remis à temps"),
    ("handed_in", HandedIn.NOT_STARTED): mark("travail pas encore commencé"),
    ("handed_in", HandedIn.LATE): mark("travail déjà commencé"),
}
_DAYS: Mapping[str, str] = {
    "entitlement_end": mark("fin des indemnités le {day}"),
    "sick_since": mark("en incapacité depuis le {day}"),
}
_EARLIEST = mark("fin des indemnités au plus tôt le {day}")


def noted(values: Mapping[str, Any], draft: MeasuresDraft, translations: Translations) -> Sequence[str]:
    """What was understood, part by part; a day says what it implies as well."""
    implied = {"entitlement_end": "entitlement", "sick_since": "is_unfit"}
    said = {implied[name] for name, value in values.items() if name in _DAYS and isinstance(value, date)}
    parts = []
    for name, value in values.items():
        if name in _DAYS and isinstance(value, date):
            day = write_day(value, translations.locale)
            text = _EARLIEST if name == "entitlement_end" and draft.approximate else _DAYS[name]
            parts.append(translations.translate(text).format(day=day))
        elif name not in said and (name, value) in _NOTED:
            parts.append(translations.translate(_NOTED[name, value]))
    return parts


def checklist(findings: Sequence[Finding], draft: MeasuresDraft, today: date, translations: Translations) -> str:
    """The conditions of a measure as a table: what each says, what was found, and where it stands."""
    rows = [
        (
            _written(_CONDITIONS[found.fact.id], translations),
            _found(found, draft, today, translations),
            _basis(found.fact, translations),
        )
        for found in findings
    ]
    return _table((_CONDITION, _FOUND, _BASIS), rows, translations)


def overview(
    found: Mapping[Measure, Sequence[Finding]], draft: MeasuresDraft, today: date, translations: Translations
) -> str:
    """Several measures as a table, with what stands against each."""
    rows = [
        (translations.translate(NAMES[measure]), _summed_up(findings, draft, today, translations))
        for measure, findings in found.items()
    ]
    return _table((_MEASURE, _FOUND), rows, translations)


def registration(draft: MeasuresDraft) -> Period | None:
    """Until when to register for a measure; None while the end of the entitlement is not known."""
    return cantonal_registration_due(draft.end) if draft.end else None


def request(draft: MeasuresDraft, today: date) -> Period | None:
    """Until when to ask for the sickness benefits; None while it is not known from when on they are needed."""
    first = draft.uncovered_from(today)
    return pcm_requested_by(first) if first else None


def _summed_up(findings: Sequence[Finding], draft: MeasuresDraft, today: date, translations: Translations) -> str:
    missing = [
        _written(_CONDITIONS[found.fact.id], translations) for found in findings if found.answer is Answer.NOT_MET
    ]
    whole = overall(tuple(findings))
    later = any(found.fact.id == "are.exhausted" and found.answer is Answer.CANNOT_SAY for found in findings)
    if whole is Answer.CANNOT_SAY and later and draft.end and draft.end >= today:
        return translations.translate(_FROM).format(day=_day_after(draft.end, translations))
    return translations.translate(_OVERALL[whole]).format(missing=" ; ".join(missing))


def _found(found: Finding, draft: MeasuresDraft, today: date, translations: Translations) -> str:
    """What was found of a condition; what is still to come or to be done, with its day."""
    if found.answer is Answer.CANNOT_SAY:
        if found.fact.id == "are.exhausted" and draft.end:
            return translations.translate(_FROM).format(day=_day_after(draft.end, translations))
        if found.fact.id == "are.contract_before" and draft.handed_in is HandedIn.NOT_STARTED:
            return translations.translate(_TO_DO)
        due = {"cantonal.register_within": registration(draft), "pcm.request_within": request(draft, today)}
        if (period := due.get(found.fact.id)) is not None:
            is_late = period.deadline < today
            day = period.deadline if is_late else max(today, period.safe)
            return translations.translate(_WAS_UNTIL if is_late else _UNTIL).format(
                day=write_day(day, translations.locale)
            )
    return translations.translate(_ANSWERS[found.answer])


def _day_after(day: date, translations: Translations) -> str:
    return write_day(date.fromordinal(day.toordinal() + 1), translations.locale)


def _basis(stated: Fact, translations: Translations) -> str:
    if stated.article is None:
        return translations.translate(_NO_ARTICLE)
    text = translations.translate(_STANDINGS[stated.standing])
    return text.format(article=stated.article, year=stated.source.as_of[:4])


def _written(text: str, translations: Translations) -> str:
    return fill(text, translations, fact, {}).text


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], translations: Translations) -> str:
    lines = [[translations.translate(head) for head in heads], ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
