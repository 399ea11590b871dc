"""What a message says of somebody's allowances, health, earlier measures and contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from actions.measures import questions as asked
from actions.measures.answers import NO
from actions.measures.draft import Contract, Entitlement, HandedIn, Told
from actions.tasks import Question, Said
from base.reading import days, durations
from law.measures import LONG_SUSPENSION_DAYS, YEARS_BETWEEN_MEASURES

ENTITLED = r"(?:droits?|indemnit\w*|chomage|chomdu|allocations?|delai-cadre|(?:\d+|quatre cents?) jours)"
_ENDED = re.compile(
    rf"\bfin de droits?\b|\b(?:j'ai )?(?:deja )?(?:tout )?(?:epuise|fini|termine|touche)\w* (?:tou\w+ )?(?:de |le |la |les |mon |ma |mes |ses |l'|d')*(?:toucher )?"
    rf"{ENTITLED}|\b{ENTITLED}(?: federa\w+| de chomage| au chomage)? (?:\w+ )?(?:est|sont|s'est|se sont|a|ont|s'etait|etait)?\s*(?:deja |tou\w+ )?"
    rf"(?:fini|termine|epuise|echu)\w*|\bplus (?:du tout )?(?:d'|de |aucun\w* |droit aux? )?(?:indemnit\w*|droit|chomage|allocation)|"
    rf"\bindemnit\w* jusqu'au bout|\b{ENTITLED} (?:est|sont) a zero"
)
_OF_SICKNESS = re.compile(r"\bindemnit\w* (?:de |en cas de )?(?:maladie|accident)|\bjours (?:de )?maladie")
_DRAWING = re.compile(
    rf"\b(?:touche|recois|percois|ai|reste|a)\b (?:encore|tjrs|toujours) (?:\w+ ){{0,3}}{ENTITLED}|\bencore (?:au chomage|droit)|"
    rf"\bpas (?:encore )?(?:fini|epuise|en fin de droit|arrive)\w*|\b{ENTITLED} (?:\w+ )?(?:se )?(?:finit|finissent|termine(?:nt)?|finira|arrive)\b|"
    r"\bil me reste\b|\bcaisse (?:me |m'|nous )?(?:paie|paye|verse|indemnise)\w* (?:encore|toujours)|\b(?:touche|recois|percois) (?:encore|toujours)"
)
_NEVER = re.compile(
    r"\bjamais (?:eu |touche )(?:de |le |droit|au |d')|\bindependante?\b|\ba mon compte\b|\bpas (?:eu )?droit (?:au chomage|aux indemnites)"
)
_UNFIT = re.compile(
    r"\bmalad(?:e|ie)s?\b|\ben (?:arret|incapacite)|\barret (?:de travail|maladie|medical)|\baccident\w*|\bincapacite\b|\bhopital|\boperee?\b|\bburn"
)
_FIT_AND_WELL = re.compile(
    r"\b(?:pas|plus|jamais|ni) (?:\w+ )?(?:malade|en arret|accidente\w*|en incapacite)|\bbonne sante|\btout va bien|\bgueri\w*"
)
_SICK_PAY_OVER = re.compile(
    r"\b(?:caisse|chomage|elle|ils?|on) (?:ne |n')?(?:me |m'|nous )?(?:paie|paye|verse|indemnise|donne)\w* plus|\bplus (?:paye|indemnise|de salaire)\w*|"
    r"\b(?:epuise|fini|termine)\w* (?:\w+ )?(?:mes |les |ses )?(?:indemnit\w*|jours) (?:de |en cas de )?(?:maladie|accident)"
)
_SICK_PAY_GOES_ON = re.compile(r"\b(?:paie|paye|verse)\w* (?:encore|toujours)|\bencore (?:paye|indemnise)\w*")
_MEASURE_BEFORE = re.compile(
    r"\b(?:deja|ai|a|avais|avoir|j'ai|jai) (?:deja )?(?:eu|fait|obtenu|suivi|recu|beneficie|touche|termine)\w* (?:\w+ ){0,3}"
    r"(?:are\b|allocation de retour|stage de requalif|pef\b|programme|mesure cantonale|stage cantonal)|\bdeja (?:\w+ )?(?:beneficie|une are|un pef|un programme)"
)
_NO_MEASURE_BEFORE = re.compile(
    r"\b(?:jamais|pas|aucun\w*) (?:eu |fait |encore |suivi |obtenu |de |d')*(?:are|pef|mesures?|programme|stage)"
)
_INAPT = re.compile(r"\b(?:inapt\w*|pas (?:\w+ )?apte|inaptitude)\b")
_APT = re.compile(r"(?<!in)\bapte\b")
_SUSPENDED = re.compile(r"\b(?:suspen[ds]\w*|suspension\w*|penali\w*|sanction\w*)\b")
_NOT_SUSPENDED = re.compile(r"\b(?:jamais|pas|aucun\w*|sans|zero) (?:\w+ ){0,3}(?:suspen\w*|penali\w*|sanction\w*)")
_OPEN_ENDED = re.compile(r"\bcdi\b|\bindetermine\w*|\bcontrat fixe|\bengagement fixe|\bposte fixe")
_FIXED_TERM = re.compile(
    r"\bcdd\b|(?<!in)\bdeterminee?\b|\btemporaire|\binterim\w*|\bcontrat d'(?:un an|une annee|\d+ mois)|\bmission\b"
)
_NO_CONTRACT = re.compile(
    r"\b(?:pas|aucun\w*|sans|toujours rien) (?:encore )?(?:\w+ )?(?:contrat|employeur|patron|trouve|emploi|travail)|\bpersonne ne m'engage|\bje cherche"
)
_STARTED = re.compile(
    r"\b(?:deja|j'ai|jai) commence\w*|\btravaille deja|\bcommence (?:hier|lundi passe|depuis)|\bj'y suis deja"
)
_NOT_STARTED = re.compile(
    r"\bpas (?:encore )?commenc\w*|\b(?:commence(?:rai|rais)?|debute(?:rai)?) (?:le|en|dans|lundi|mardi|demain|la semaine)|\bpas encore"
)
_HANDED_IN = re.compile(
    r"\b(?:remis|donne|envoye|depose|transmis)\w* (?:\w+ ){0,4}(?:avant|a l'o|au conseil|a l'orp|a ma conseil)|\bavant de commencer"
)
_CONVICTED = re.compile(r"\bcondamn\w*")
_NOT_CONVICTED = re.compile(r"\b(?:jamais|pas|non) (?:ete )?condamn\w*|\bsans condamn\w*|\baucune condamn\w*")


def of_entitlement(written: str) -> Iterator[tuple[str, Any]]:
    text = _OF_SICKNESS.sub(lambda match: " " * len(match[0]), written)
    if _NEVER.search(text):
        yield asked.ENTITLEMENT.slot, Entitlement.NEVER
    elif _DRAWING.search(text):
        yield asked.ENTITLEMENT.slot, Entitlement.DRAWING
    elif _ENDED.search(text):
        yield asked.ENTITLEMENT.slot, Entitlement.ENDED


def of_sickness(written: str, *, is_asked: bool, is_sick: bool) -> Iterator[tuple[str, Any]]:
    if _SICK_PAY_OVER.search(written):
        yield asked.SICK_PAY.slot, Told.YES
    elif _SICK_PAY_GOES_ON.search(written) and (is_sick or _UNFIT.search(written)):
        yield asked.SICK_PAY.slot, Told.NO
    if _FIT_AND_WELL.search(written):
        yield asked.UNFIT.slot, Told.NO
    elif re.search(r"\b(?:suis|tombee?|toujours|encore|etre) (?:\w+ )?malade|\bmalade depuis", written) or (
        _UNFIT.search(written)
        and (is_asked or re.search(r"\b(?:suis|est) (?:\w+ )?en (?:arret|incap)|\ben arret", written))
    ):
        yield asked.UNFIT.slot, Told.YES


def of_history(said: Said, written: str, pending: Question | None) -> Iterator[tuple[str, Any]]:
    """Earlier measures, fitness, suspensions, convictions."""
    if _NO_MEASURE_BEFORE.search(written):
        yield asked.HAD_MEASURE.slot, Told.NO
    elif pending is asked.HAD_MEASURE or _MEASURE_BEFORE.search(written):
        if (years := _years_ago(said, written)) is not None:
            yield asked.HAD_MEASURE.slot, Told.YES if years < YEARS_BETWEEN_MEASURES else Told.NO
        elif _MEASURE_BEFORE.search(written):
            yield asked.HAD_MEASURE.slot, Told.YES
    if _INAPT.search(written):
        yield asked.FIT.slot, Told.NO
    elif _APT.search(written):
        yield asked.FIT.slot, Told.YES
    if _NOT_SUSPENDED.search(written):
        yield asked.SUSPENSION.slot, Told.NO
    elif _SUSPENDED.search(written) or pending is asked.SUSPENSION:
        lengths = [int(found.value.split()[0]) for found in durations(said.text) if found.value.endswith("days")]
        if lengths:
            yield asked.SUSPENSION.slot, Told.YES if max(lengths) >= LONG_SUSPENSION_DAYS else Told.NO
    if _NOT_CONVICTED.search(written):
        yield "convicted", Told.NO
    elif _CONVICTED.search(written):
        yield "convicted", Told.YES


def _years_ago(said: Said, written: str) -> int | None:
    """How long ago something was, in full years."""
    if (year := re.search(r"\b(?:en |de |fin |debut |mi-)?(20[0-4]\d)\b", written)) is not None:
        return said.today.year - int(year[1])
    found = re.search(r"\b(?:il )?y'? ?a\b|\bfait\b", written)
    ago = days(said.text, said.today) if found else []
    return relativedelta(said.today, date.fromisoformat(ago[0].value)).years if ago else None


def of_contract(written: str, pending: Question | None) -> Iterator[tuple[str, Any]]:
    if _OPEN_ENDED.search(written):
        yield asked.CONTRACT.slot, Contract.OPEN_ENDED
    elif _FIXED_TERM.search(written):
        yield asked.CONTRACT.slot, Contract.FIXED_TERM
    elif pending is asked.CONTRACT and (_NO_CONTRACT.search(written) or NO.match(written)):
        yield asked.CONTRACT.slot, Contract.NONE
    if pending is not asked.HANDED_IN:
        return
    if _NOT_STARTED.search(written):
        yield asked.HANDED_IN.slot, HandedIn.NOT_STARTED
    elif _HANDED_IN.search(written):
        yield asked.HANDED_IN.slot, HandedIn.BEFORE
    elif _STARTED.search(written):
        yield asked.HANDED_IN.slot, HandedIn.LATE
