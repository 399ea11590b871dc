"""What people say about efforts that are known: corrections by number, answers to what was missing, and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from actions.job_search.draft import Entry
from actions.job_search.effort import Effort
from actions.job_search.gathering import put_together, results_with
from actions.job_search.naming import name_employers
from actions.job_search.recognising import recognise
from actions.job_search.settling import settled
from actions.job_search.spans import Reading, in_order
from base.plain import plain
from eservices.models import ApplyChannel, Result, Workload

_NUMBERS = {"premiere?": 1, "deuxieme|second": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "sixieme": 6}
_NUMBERED = re.compile(
    r"\s*(?:(?:non|pardon|en fait|pour|alors)[ ,:]*)*(?:(?:le|la|l'|au|n[o°]?|numero|no|recherche|ligne|#)\s*)*(?P<number>\d{1,2}|(?:"
    + "|".join(_NUMBERS)
    + r")(?:e)?)\s*(?::|,|=|-|\bc'(?:est|etait)|\bcetait|\bce n'|\best\b|\betait\b|\bj'ai|\bpas\b|\ben\b|\bpar\b|\ba\b|\brefus|\bentretien|\bnon\b|\bils\b)"
)
_REMOVE = re.compile(
    r"\b(?:efface[rz]?|supprime[rz]?|enleve[rz]?|retire[rz]?|annule[rz]?|ote[rz]?|vire[rz]?|pas garder)\b(?P<what>.*)",
    re.DOTALL,
)
_NUMBER = re.compile(r"(?<![\d.,/])\d{1,2}(?![\d.,/%]| ?%)")
_DONE = re.compile(
    r"\s*(?:(?:non|nan|nn|ok|merci|voila|oui|bon)[\s,.!]*)*(?:c'?(?:est|etait) (?:tout|fini|bon|complet)|rien d'autre|(?:j'ai )?(?:fini|termine)|"
    r"c tout|pas d'autres?|tout est (?:la|dit)|stop|non|non merci|plus rien|pour (?:l'instant|le moment) c'est tout)"
    r"(?:[\s,.!]*(?:pour (?:ce mois|aujourd'hui|l'instant|le moment|novembre)|merci))*[\s.!]*"
)
_TRANSMIT = re.compile(
    r"\b(?:transmet\w*|transmis|envoie[rsz]?|envoye[rz]|envoi|soumet\w*|soumission|(?:faire|fais|faites) partir|rend(?:re|s)|remet(?:tre|s|tez))\b"
)
_APPLIED = re.compile(
    r"\b(?:postule\w*|candidat\w*|(?:j'ai|jai|g) (?:aussi |encore |deja )?(?:fait|ecrit|envoye|appele|tel\w*|depose|laisse|essaye|demande))\b"
)
_TRANSMIT_NOW = re.compile(
    r"(?:(?:ok|oui|bon|alors|allez|stp|svp|merci de|tu (?:peux|dois)|(?:vous )?(?:pouvez|devez))[\s,]+)*"
    r"(?:transmet(?:s|tez|tre)?|transmis|envoie[rs]?|envoye[rz]|soumet\w*|remet(?:s|tez|tre))"
    r"(?:[ -](?:le|la|les|tout|ca|cela|mes|ces|recherches|la liste|mon mois|maintenant|tout de suite|stp|svp|a l'orp|a ma conseillere|a mon conseiller))*[\s.!]*"
)
"""Asks to transmit, and says nothing else."""
_LATER = re.compile(
    r"\b(?:plus tard|apres|je (?:ne |n')?(?:sais|l'ai|ai) (?:pas|plus)|jsp|sais pas|passe[rz]?|suivante?|plus tard)\b"
)
_TARGET = re.compile(
    r"\b(?:objectif|(?:faut|dois|doit|demande|veut|exige|minimum|contrat)\D{0,40}?)\D{0,20}?(?P<count>\d{1,2}|dix|douze|huit|six|neuf|sept|cinq|quinze)"
    r" (?:recherches?|postulations?|candidatures?|offres?)|\bobjectif\D{0,20}(?P<only>\d{1,2})\b"
)
_COUNTS = {"cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "douze": 12, "quinze": 15}
_BEFORE_REGISTRATION = re.compile(r"\bavant (?:mon |l'|de m'|que je m')?inscri")
_OTHERS = re.compile(r"\b(?:les autres|le reste|l'autre|toutes les autres)\b")
_ALL = re.compile(r"\b(?:tou(?:te)?s|tout|les (?:deux|trois|quatre))\b")
_CLAUSE = re.compile(r"[,;.\n]|\bet (?=(?:les autres|le reste|l'autre|la |le ))|\bmais\b")
_FILLERS = re.compile(
    r"^(?:c'(?:est|etait) (?:pour )?(?:un |une |le |la |chez )?|cetait |alors |ah |euh |comme |pour |le poste (?:est |de |d')?|poste (?:de |d')?|"
    r"motif ?:? ?|parce qu(?:e |')|car |le nom est |nom ?: ?|la personne (?:est |s'appelle )?|(?:m'|s')appelle |chez |avec |personne de contact ?:? ?)+"
)
_SHORT: Mapping[str, Sequence[tuple[str, Any]]] = {
    "assigned_by_orp": (
        (r"\b(?:non|aucune?|pas|nan|nn|zero)\b", False),
        (
            r"\b(?:oui|ouais|si)\b|^(?:(?:oui|seulement|juste|que|la|le|les|n[o°]?|numero|et|\d{1,2}|[a-z]+ieme|premiere?|seconde?)[ ,]*)+$",
            True,
        ),
    ),
    "results": ((r"^(?:non|pas encore|rien|toujours pas|aucune?|nan)(?: |$)", (Result.PENDING,)),),
    "workload": (
        (r"\b(?:plein|complet)\b", Workload.FULLTIME),
        (r"\b(?:partiel|moitie)\b", Workload.PARTTIME),
    ),
}
"""Answers that say something of a field only when it was asked."""
_TEXTS = ("company", "occupation", "contact_person", "rejection_reason")
_LONGEST = 100


def numbered(text: str, count: int) -> tuple[int, str] | None:
    """Number and correction of «le 3 : c'était par téléphone»; None when a text does not begin with such a number.

    Args:
        text: What was written.
        count: How many efforts there are; a number above is none of them.
    """
    match = _NUMBERED.match(plain(text))
    if match is None:
        return None
    named = match["number"]
    number = (
        int(named)
        if named.isdigit()
        else next(value for word, value in _NUMBERS.items() if re.fullmatch(rf"(?:{word})e?", named))
    )
    return (number, text[match.end("number") :].lstrip(" :,=-")) if 1 <= number <= count else None


def removed(text: str, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The efforts that a text wants to take out: «efface le 2», «enlève Manor»."""
    match = _REMOVE.search(plain(text))
    if match is None:
        return ()
    numbers = _numbers(match["what"])
    if re.search(r"\bderniere?\b", match["what"]):
        numbers.add(len(entries))
    by_number = tuple(entry for number, entry in enumerate(entries, start=1) if number in numbers)
    return by_number or tuple(entry for entry in entries if plain(entry.name) in match["what"])


def _numbers(simple: str) -> set[int]:
    """The numbers of efforts that a text names: «le 2», «la deuxième»."""
    named = {int(number[0]) for number in _NUMBER.finditer(simple)}
    return named | {value for word, value in _NUMBERS.items() if re.search(rf"\b(?:{word})e?\b", simple)}


_NAME_WORD = re.compile(r"[a-z0-9]{3,}")
_COMMON = frozenset({"les", "des", "pour", "chez", "sur", "aux", "une", "sans", "avec", "geneve"})
_LIST = re.compile(
    r"(?:(?:tu |vous )?(?:peux|pouvez|peut) (?:me )?)?(?:re)?(?:montre\w*|affiche\w*|donne\w*|vo(?:ir|is)|fai[st]) ?-?(?:moi )?"
    r"(?:(?:la|le|ma|mon|une?|mes|les|toute la) )?(?:liste|tableau|recap\w*|resume|recherches|postulations|efforts)\b"
    r"(?: (?:de |du )?(?:mes |ce |mon )?(?:recherches|postulations|mois))?(?: (?:svp|stp|s'il (?:te|vous) plait))?[\s.!?]*"
    r"|combien (?:j'en ai|(?:de )?recherches? j'ai|ca (?:m'en )?fait|il y en a)(?: (?:fait|mis|note|maintenant|en tout|deja))*[\s.!?]*"
    r"|(?:la |ma |le )?(?:liste|tableau|recap\w*)(?: (?:svp|stp))?[\s.!?]*"
)


def pointed(text: str, entries: Sequence[Entry]) -> Entry | None:
    """The effort that a text names by a part of its name: «l'EMS, c'est …»; None when there is none, or several."""
    words = set(_NAME_WORD.findall(plain(text)))
    found = [entry for entry in entries if words & set(_NAME_WORD.findall(plain(entry.name))) - _COMMON]
    return found[0] if len(found) == 1 else None


def says_done(text: str) -> bool:
    """Whether a person has nothing to add: «c'est tout»."""
    return _DONE.fullmatch(plain(text).strip()) is not None


def wants_list(text: str) -> bool:
    """Whether a person wants to see what was noted so far: «montre la liste»."""
    return _LIST.fullmatch(plain(text).strip()) is not None


def wants_transmission(text: str) -> bool:
    """Whether a text asks for the month to be transmitted."""
    return _TRANSMIT.search(plain(text)) is not None


def says_transmit(text: str) -> bool:
    """Whether a text asks for nothing but that the month be transmitted: «envoie maintenant»."""
    return _TRANSMIT_NOW.fullmatch(plain(text).strip()) is not None


def speaks_of_applying(text: str) -> bool:
    """Whether a text says that somebody has applied: «j'ai fait Migros, Coop et Denner»."""
    return _APPLIED.search(plain(text)) is not None


def puts_off(text: str) -> bool:
    """Whether a person cannot or will not say something now."""
    return _LATER.search(plain(text)) is not None


def target(text: str) -> int | None:
    """How many searches a person says are wanted of them."""
    match = _TARGET.search(plain(text))
    if match is None:
        return None
    count = match["count"] or match["only"]
    return int(count) if count.isdigit() else _COUNTS.get(count)


def speaks_of_time_before(text: str) -> bool:
    """Whether a text is about the time before the registration: «avant l'inscription»."""
    return _BEFORE_REGISTRATION.search(plain(text)) is not None


def details(text: str, today: date) -> Effort:
    """What a text says of an effort whose employer is known."""
    reading = Reading(text, today)
    recognise(reading)
    name_employers(reading)
    return put_together(span for span in settled(reading) if span.field not in {"company", "described"})


def answer(text: str, lacking: Sequence[str], today: date) -> Effort:
    """What a text says in answer to what was missing of an effort.

    What is not recognised by itself is taken for the texts that are missing, in the order in which they were asked.
    """
    reading = Reading(text, today)
    recognise(reading)
    recognised = put_together(in_order(reading))
    found = details(text, today)
    values = dict(recognised.said)
    if "channels" in lacking and "channels" not in values and (found_way := way(values)) is not None:
        values["channels"] = (found_way,)
    wanted = [name for name in _TEXTS if name in lacking and name not in values]
    if "occupation" in wanted and found.occupation is not None and len(wanted) > 1:
        values["occupation"] = found.occupation
        wanted.remove("occupation")
    for name in ("city", "postal_code"):
        if name not in values and getattr(found, name) is not None:
            values[name] = getattr(found, name)
    for chunk in _chunks(reading):
        if not wanted or (values.get("occupation") is not None and plain(values["occupation"]) in plain(chunk)):
            continue
        values[wanted.pop(0)] = chunk
    return Effort(**values, assumed=recognised.assumed)


def way(said: Mapping[str, Any]) -> ApplyChannel | None:
    """How somebody applied of whom nothing but an address or a number is known."""
    if said.keys() & {"email", "form_url"}:
        return ApplyChannel.ELECTRONIC
    return ApplyChannel.PHONE if "phone" in said else None


def _chunks(reading: Reading) -> Iterator[str]:
    """The parts between separators in which nothing was recognised."""
    for match in re.finditer(r"[^,;\n]+", reading.text):
        start, end = match.span()
        if any(span.field != "noise" and start <= span.start < end for span in reading.found):
            continue
        leading = _FILLERS.match(reading.plain[start:end].lstrip())
        written = match[0].lstrip()[leading.end() if leading else 0 :].strip(" .!")
        if 1 < len(written) <= _LONGEST and re.search(r"[^\W\d]{2}", written):
            yield written


def spread(text: str, field: str, entries: Sequence[tuple[int, Entry]], today: date, count: int) -> dict[str, Any]:
    """What a text says of one field of several efforts: «la 2 oui, les autres non».

    Args:
        text: What was written.
        field: Of the effort.
        entries: Those that lack it, with their numbers.
        count: How many efforts there are; a number above is none of them.

    Returns:
        The values by the id of the effort.
    """
    said: dict[str, Any] = {}
    simple = plain(text)
    starts = [0, *(match.end() for match in _CLAUSE.finditer(simple)), len(simple)]
    for start, end in pairwise(starts):
        clause = text[start:end]
        value = _value(clause, field, today)
        if value is None:
            continue
        numbers = _numbers(simple[start:end])
        named = [one.id for number, one in entries if number in numbers or plain(one.name) in simple[start:end]]
        if not named and any(number <= count for number in numbers):
            continue  # it is about another one, of which this is not asked
        if not named:
            named = [one.id for _, one in entries if one.id not in said]
        said |= dict.fromkeys(named, value)
    if field == "assigned_by_orp" and said and True in said.values() and not _OTHERS.search(simple):
        only = bool(_numbers(simple)) or any(plain(one.name) in simple for _, one in entries)
        if only:  # «la 2»: so the others are not
            said |= {one.id: False for _, one in entries if one.id not in said}
    return said


def _value(clause: str, field: str, today: date) -> Any:
    """What a part of a text says of a field; None when it says nothing of it."""
    simple = plain(clause).strip(" .!")
    known = details(clause, today).said.get(field)
    if known is not None:
        return known
    return next((value for pattern, value in _SHORT.get(field, ()) if re.search(pattern, simple)), None)


def merged(known: Effort, news: Effort) -> Effort:
    """A known effort with what was said of it now; an interview that took place stays one."""
    results = known.results
    for result in news.results:
        results = results_with(results, result)
    both = known.having(news)
    rejection = both.rejection_reason if Result.REJECTED in (results or both.results) else None
    return both.model_copy(update={"results": results or both.results, "rejection_reason": rejection})
