"""What a message tells of a month, clause by clause: «3 jours chez Migros, pas malade, sinon rien»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from actions.ipa.topics import Topic
from base.plain import plain
from base.tokens import blanked

_BREAK = re.compile(
    r"[,;:!\n]+|\.(?!\d)|\b(?:mais|sinon|puis|pis?|par contre|sauf|a part(?! ca)|ensuite|sans oublier)\b|"
    r"\bet (?=(?:je|j'|pas|aussi|non|rien|une?|des|ma|mes|mon|\w+ (?:jours?|semaines?|heures?)|malade|vacances|le reste)\b|j')|"
    r"(?<=\w) (?=(?:pas|non plus|aucune?) (?:de |d'|ete |eu |travail|malad|absent|parti|en )\w*|ni \w|le reste\b)|"
    r"(?<=\b(?:non|oui)) (?=\w)"
)
"""Where another thing begins."""
_TOPICS: Mapping[Topic, re.Pattern[str]] = MappingProxyType(
    {
        Topic.NEW_JOB: re.compile(
            r"\bnouve(?:l|au|lle|aux) (?:emploi|travail|job|poste|boulot|taf|contrat|place|employeur)|\b(?:ete |suis |me suis fait )?(?:engagee?|embauchee?)\b|"
            r"\b(?:trouve|signe) (?:un |du |mon |une )?(?:emploi|travail|job|poste|boulot|taf|contrat|place)|\bcommenc\w+ (?:un |mon |a |une |chez )"
            r"(?:\w+ )?(?:emploi|travail\w*|job|poste|boulot|taf|contrat|place)"
        ),
        Topic.SELF_EMPLOYED: re.compile(
            r"\bindependante?s?\b|\ba (?:mon|son) (?:propre )?compte\b|\b(?:ma|sa) (?:propre )?(?:boite|societe|entreprise|sarl)\b|\bfree-?lance\w*|"
            r"\bmandats?\b|\bfactur\w+|\braison individuelle|\bactivite accessoire"
        ),
        Topic.INCAPACITY: re.compile(
            r"\bmalad\w*|\baccident\w*|\bincapacite\w*|\ben arret\b|\barret (?:de travail|maladie)|\barretee?\b|\bhopital|\bhospitali\w*|\bgrippe?\w*|"
            r"\bcovid|\bburn-? ?out|\boperee?\b|\boperation|\b(?:conge )?maternite|\bservice (?:militaire|civil)|\ba l'armee|\bprotection civile|\bgastro"
        ),
        Topic.MAINTENANCE: re.compile(
            r"\benfants?\b(?! de)|\bbebe\b|\bnaissance\b|\baccouch\w*|\b(?:mon fils|ma fille|mes filles|mes fils)\b|\bobligations? d'entretien|"
            r"\bpensions? alimentaires?|\bapprentissage"
        ),
        Topic.BENEFITS: re.compile(
            r"\brentes?\b|\bautres? prestations?|\bprestations? (?:sociales?|etrangeres?|suisses?)|\ballocations?\b|\bassurance-? ?invalidite|\bsuva\b|"
            r"\bhospice\b|\baide sociale|\bindemnites? (?:journalieres? )?(?:de l|d'une assurance|maladie|accident)|\bpension de|\bretraite\b|\bdeuxieme pilier|"
            r"\blpp\b"
        ),
        Topic.ABSENCE: re.compile(
            r"\bvacances?\b|\bconges?\b(?! maternite)|\babsen\w*|\bvoyag\w*|\b(?:suis|etais|ete|pas) partie?\b|\bpartie? (?:en|a l'etranger|au|a)\b|"
            r"\b(?:pas|in) ?disponible|\bindisponib\w*"
        ),
        Topic.CHANGED: re.compile(
            r"\badresses?\b|\bdemenag\w*|\biban\b|\bcompte (?:bancaire|postal|en banque)|\b(?:nouveau|change de|numero de) compte|\bbanque\b|\bmarie(?:e|r)?\b|"
            r"\bdivorc\w*|\betat civil|\bpermis (?:de sejour|[bcfln])\b|\bchangements?\b|\bchange\b"
        ),
        Topic.WORKED: re.compile(
            r"\btravaill\w*|\b(?<!arret de )(?<!incapacite de )(?<!certificat de )(?<!contrat de )travail\b|\bbosse\w*|\btaff?e\w*|\btaf\b|\bboulot|\bextras?\b|"
            r"\bremplacements?\b|\binterim\w*|\bmissions?\b|\b(?<!perte de )gains?\b|\bgagne[es]?\b|\bgi\b"
        ),
    }
)
"""What names a topic; what comes first tells what comes later not to."""
_HIDES: Mapping[Topic, frozenset[Topic]] = MappingProxyType(
    {
        Topic.NEW_JOB: frozenset({Topic.WORKED}),
        Topic.SELF_EMPLOYED: frozenset({Topic.WORKED, Topic.CHANGED}),
        Topic.INCAPACITY: frozenset({Topic.ABSENCE, Topic.BENEFITS}),
        Topic.BENEFITS: frozenset({Topic.MAINTENANCE}),
    }
)
"""Topics that a clause does not name when it names another one: «travailler à mon compte»."""
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:pas|plus|aucune?s?|jamais|ni|zero|sans|non|enlev\w+|retir\w+|supprim\w+|effac\w+)|\brien(?: de| en| comme)?(?= \w+$| $)|\bn'ai|\bn'a (?:rien|pas))"
    r"\W+(?:[\w']+\W+){0,3}$|\brien (?:n'a|n'a pas|a) $"
)
_DENIED_AFTER = re.compile(r"^\W*(?:[\w']+\W+){0,2}?(?:non|pas|rien|aucune?s?|neant|0)\W*$")
_REST = re.compile(
    r"(?<!touche )(?<!recois )(?<!eu )\brien (?:d'autre|de plus|de special|de particulier|de nouveau|a signaler|a declarer|a annoncer|du tout?|de tout (?:ca|cela)|ce mois|pour le reste|a dire)|"
    r"\b(?:sinon|autrement|(?:pour )?le reste(?: du temps| du mois)?|a part ca|a cote)\W*(?:c'est |est )?(?:rien|non|neant|ras|pas|tout non)\b|"
    r"\b(?:non|nan|nn) (?:a |pour |au )(?:tout|le reste|reste|toutes?)\b|\btout (?:est |a )?non\b|\bque (?:des )?non\b|\bnon partout|\bras\b|"
    r"\baucun(?:e)? (?:de tout|de ces|des)|\brien(?: rien)+\b|\bpas d'autres? (?:choses?|trucs?)|\brien de tout"
)
_ENDS = re.compile(r"\bc'?est tout\b|\bvoila tout\b|\btout le reste non\b")
_ONLY_ASKS = re.compile(
    r"\bl?ipa\b|\b(?:caisse|remplir|rempli[st]?|envo[iy]\w*|transmet\w*|voila|merci|stp|svp|allez|allons|go|bonjour|salut|bonsoir|formulaire|feuille|"
    r"commenc\w*|veux|voudrais|aimerais|dois|pret|prete|pouvez|peux|indications|declar\w*|mettre|mets|note[rz]?|reprend\w*|papiers?|fiche|certificat|"
    r"attestation|decompte|recu)\b"
)
"""A clause that says nothing of the month."""
_OPENS = re.compile(
    r"^(?:(?:et|mais|donc|alors|euh|ben|bah|oui|ouais|non|si|en fait|finalement|oups|pardon|erreur|attends|attendez|ah|du coup|(?:je )?me suis trompee?|"
    r"j'ai dit faux|c'etait(?: plutot)?)\W+)*"
    r"(?:(?:j'ai|jai|g|j'|je|moi)\W*(?:aussi |egalement |bien |juste |seulement |que )?(?:travaille\w*|bosse\w*|taffe\w*|fait|eu|ete|suis|etais|touche|recois)?"
    r"(?: aussi| egalement)?\W+)?"
)
_PLACE = re.compile(
    r"\b(?:chez|pour|dans|au|aux|a la|a l')\s*\w|\d|\b(?:un|une|deux|trois|quatre|cinq|six|sept|huit|dix) (?:jours?|heures?|soirs?|extras?)"
)
"""Enough to know of work: for whom, where, or how much."""
_DAYS_ALONE = re.compile(r"\s*(?:du|le|depuis|des|entre|au) (?:le )?\w* ?\d")
"""Begins what tells days and not yet of what."""
_LEAST_WORDS = 3


@dataclass
class Told:
    """What a message tells of a month.

    Args:
        yes: The topics that happened, with what is said of them; empty where that is nothing of use.
        no: Those that did not.
        is_all: Whether nothing else happened.
        adds: Whether what happened comes on top of what was told before.
    """

    yes: dict[Topic, str] = field(default_factory=dict)
    no: set[Topic] = field(default_factory=set)
    is_all: bool = False
    adds: bool = False


def told(text: str) -> Told:
    """What a text tells of a month."""
    simple, found = plain(blanked(text)), Told()
    found.is_all = _REST.search(simple) is not None
    found.adds = re.search(r"\b(?:aussi|egalement|en plus)\b", simple) is not None
    last: Topic | None = None
    ahead = ""
    for start, end in _clauses(simple):
        clause = simple[start:end]
        named = _named(clause)
        for topic, is_denied in named.items():
            if is_denied:
                found.no.add(topic)
            elif ahead and len(named) == 1:  # «du 3 au 7, grippe»
                found.yes[topic] = _joined(ahead, text[start:end])
            else:
                found.yes[topic] = _with(found.yes.get(topic, ""), topic, text[start:end])
        happened = [topic for topic, is_denied in named.items() if not is_denied]
        is_first = start == 0 and not named and _DAYS_ALONE.match(clause) is not None
        ahead = text[start:end].strip() if is_first else ""
        if named:
            last = happened[0] if happened else None
        elif last is not None and _continues(clause):
            found.yes[last] = _joined(found.yes[last], text[start:end])
        elif re.search(r"\bchez (?!moi|mes|le (?:medecin|docteur|dentiste))\w", clause) and not _ONLY_ASKS.search(
            clause
        ):
            found.yes[Topic.WORKED] = said_of(Topic.WORKED, text[start:end])
            last = Topic.WORKED
    found.is_all = found.is_all or (bool(found.yes or found.no) and _ENDS.search(simple) is not None)
    found.no -= found.yes.keys()
    return found


def said_of(topic: Topic, clause: str) -> str:
    """What a clause says of a topic, without how it begins; empty when that is too little to be of use."""
    rest = _without_opening(clause)
    simple = plain(rest)
    if topic is Topic.WORKED:
        return rest if _PLACE.search(re.sub(r"\b(?:ce|du|dans le|pendant le) mois\b|\btravaill\w*", "", simple)) else ""
    return rest if len(simple.split()) >= _LEAST_WORDS else ""


def _clauses(simple: str) -> Iterator[tuple[int, int]]:
    """Where the clauses of a text begin and end."""
    start = 0
    for match in _BREAK.finditer(simple):
        if simple[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if simple[start:].strip():
        yield start, len(simple)


def _named(clause: str) -> dict[Topic, bool]:
    """The topics that a clause names, and whether it denies them."""
    found: dict[Topic, bool] = {}
    for topic, pattern in _TOPICS.items():
        match = pattern.search(clause)
        if match is None or any(topic in _HIDES.get(other, ()) for other in found):
            continue
        found[topic] = bool(
            _DENIED_BEFORE.search(clause[: match.start()]) or _DENIED_AFTER.match(clause[match.end() :])
        )
    if Topic.ABSENCE in found and re.search(r"\bpas (?:partie?|absente?)|\bdisponible a", clause):
        found[Topic.ABSENCE] = "indisponible" not in clause and "pas disponible" not in clause
    if Topic.CHANGED in found and re.search(r"\brien\b.{0,12}\bchange", clause):
        found[Topic.CHANGED] = True
    return found


def _continues(clause: str) -> bool:
    """Whether a clause goes on with what the one before was about."""
    return not (
        _REST.search(clause)
        or _ENDS.search(clause)
        or _ONLY_ASKS.search(clause)
        or re.search(r"\brien\b|\bnon\b|\boui\b", clause)
    )


def _without_opening(clause: str) -> str:
    opening = _OPENS.match(plain(clause := clause.strip()))
    return re.sub(r"\s+et$", "", clause[opening.end() if opening else 0 :].strip(" .!,;"))


def _with(before: str, topic: Topic, clause: str) -> str:
    return _joined(before, _without_opening(clause) if before else said_of(topic, clause))


def _joined(before: str, more: str) -> str:
    return ", ".join(part for part in (before, more.strip(" .!")) if part)
