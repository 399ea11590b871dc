"""What can be recognised by itself in a line: days, ways to apply, results, addresses, contacts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.job_search import clues, lexicon, words
from actions.job_search.dating import recognise_days
from actions.job_search.spans import HARD, SOFT, Reading, Span
from base import tokens
from base.identifiers import Kind
from eservices.models import ApplyChannel, Result

_DENIED = re.compile(
    r"\b(?:(?:pas|non|ni|sans)(?: (?:encore|par|en|a|de|d'|du|un|une|au))*|(?:vue?s?|trouvee?s?)(?: (?:l'|une? |cette |leur |votre )?(?:annonce|offre|poste|place))? ?(?:sur|dans|par)?(?: (?:l'|le|la))?)\s*$"
)
_MUST = re.compile(
    r"\b(?:(?:dit|di) (?:de |d')?(?:postuler|passer|envoyer|faire|ecrire|m'inscrire)|faut|doit|dois|doivent|fallait|devais|devrais|vais|va)(?: (?:que je|passer|postuler|envoyer|m'inscrire|ecrire|faire|aller|le|la|tout|encore))*(?: (?:par|sur|via|le|la|mon|un))*\s*$"
)
"""What somebody has yet to do."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d.])(?:(?:\+|00)41[ .]?(?:\(0\))?|0)\d{2}[ ./]?\d{3}[ .]?\d{2}[ .]?\d{2}(?!\d)")
_CALLED_AT = re.compile(r"\bau (?:no |numero )?$")
_SENT_TO = re.compile(r"(?:\ba|\bsur|\bvia|\bpar|\bau|\baux|:) ?$")
"""Before an address, says that it was used."""
_URL = re.compile(
    r"(?:https?://|www\.)[^\s,;)]+|(?<![\w@.-])(?!(?:jobs|job-?up|job-?room|indeed|linkedin|jobscout24|anibis)\.(?:ch|com|fr)(?![a-z.]))(?:[a-z0-9-]+\.)+(?:ch|com|org|net|fr|int|eu|io|swiss|jobs|edu)(?:/[^\s,;)]*)?(?![\w@])"
)
_STREET = re.compile(
    r"\b(?:grand-rue|(?:rue|avenue|av\.?|chemin|ch\.|route|rte|place|pl\.|boulevard|bd|quai|cours|passage|impasse|promenade|rampe|square)"
    r" (?:(?:de|du|des|la|le|les|d'|l'|st-?|saint-?)[ ]?)*[a-z][a-z'-]*(?: (?!\d|le\b|comme\b|pour\b|en\b|par\b)[a-z'-]+){0,3}?)"
    r"(?: (?P<number>\d{1,3}[a-z]?(?!\.\d)))?(?=\s*(?:[,;.:()]|$)| (?:le|comme|pour|en|par|donner|deposer)\b| [1-9]\d{3} [a-z])"
)
_POSTCODE = re.compile(
    r"(?<![\d.])(?:ch-)?(?P<code>[1-9]\d{3}) (?P<city>[a-z][a-z'-]+(?: (?!le\b|comme\b|en\b|par\b)[a-z][a-z'-]+){0,2})"
)
_REFERENCE = re.compile(r"(?:\bn[o°]|#|\bref\w*\.?|\bnumero|\boffre|\bannonce|\bid) ?:? ?$")
"""Before a number of an offer, which is no postcode."""
_CONTACT = re.compile(
    r"\b(?:(?:contact|personne|aupres de|parle (?:a|avec)|avec) ?:? ?)?"
    r"(?P<who>(?<!\bun )(?<!\bune )(?:m\.|mr\.?|monsieur|mme\.?|madame|mlle|mademoiselle|me) (?!l[ae]s? |je |j'|moi |vous |il |elle )(?:(?:d[aei]|dos|del|du|van|von|ben|el|al|le|la) )?[a-z][a-z'-]+)"
)
_POST_OFFICE = re.compile(r"\ba la (?P<post>poste)\b")
_LETTER = re.compile(r"\b(?:lettre|courrier|enveloppe|recommande)")
_GREETING = re.compile(r"\b(?:bonjour|bonsoir|salut|hello|bjr|slt|chere?|merci) $")
_ADVISER = re.compile(r"\bconseill\w+ $")
_FAMILY_NAME = re.compile(r" (?!D?RH\b)[A-ZÀ-Ý][\w'-]+(?=\s*(?:$|[,;.)/|–—-]| [a-zà-ÿ]))")
"""Goes on after a first name: «M. Jean Dutoit»."""
_SPOKEN_WITH = re.compile(
    r"(?:\b(?:parle|discut\w+|discussion|echange|entretenue?|contact|rendez-vous|rdv) (?:a|avec) (?:la |le )?(?=[a-z])|\b(?:entretien|tel(?:ephon\w*|\.)?|appel|mail|echange|vue?|message) avec )(?P<who>[a-z]+(?: [a-z-]+)?)"
)
_SOMEBODY_OF = re.compile(
    rf"\b(?:a|avec) (?P<who>(?!{lexicon.COMPANIES}|{lexicon.EMPLOYERS}|{lexicon.PLACES})[a-z][a-z-]+(?: [a-z][a-z-]+)?)"
    rf" (?:(?:de |du )?chez (?=[a-z])|(?:de la |de l'|de |du )(?={lexicon.COMPANIES}|{lexicon.EMPLOYERS}|{lexicon.FIRMS}))"
)
"""«à Luc de chez Valjob», «avec Sophie du Manor»."""
_NAME = re.compile(r"[^\W\d_a-z][\w'-]+(?: [^\W\d_a-z][\w'-]+)?")
_NO_REASON = re.compile(
    r"(?:le |un |ce |une |cette |ma |mon |la |l'|mes |les )?(?:poste|place|job|emploi|postulation|candidature|recherche|instant|moment|dossier|offre|deux|trois|quatre|tou(?:s|t|te|tes)|autres?|premiere?|seconde?|deuxieme)\b"
)
"""What follows «refus pour» when it is no reason."""
_TO_THE_END = r"(?:(?! [-–—] | (?:donc|il dit|elle dit|ils disent|mais|et|puis|postulee?|envoyee?|deposee?|j'ai|jai|j'avais|chez(?! (?:eux|nous|vous|moi|lui|elle))|(?<!une )(?<!la )candidature)\b)[^,.;:()/\n!?])*"
"""What goes on to the end of a clause."""
_OWN = re.compile(r"\b(?<!que )(?:je|j'ai|jai|je n'ai|je ne suis|je suis|(?<!je )suis) $")
"""What somebody says of themselves, and not of a refusal."""
_INTERVIEWED = re.compile(r"\b(?:entretien|rdv|rendez-vous|visio|essai|test)[^,.;:]{0,25}$")
"""«entretien vidéo passé le 17» tells of no visit."""
_LAST_WORD = re.compile(r"[a-z'-]+(?= $)")
_BEGINS_NAME = re.compile(r"\b[^\W\d_a-zà-ÿ][\w'-]+ (?:du|de la|des|de l['’]) ?$")
_OF_POST = re.compile(
    r"(?:en|au) (?:magasin|boutique|atelier|usine|resto|caisse|reception|agence|secretariat|bar|depot|bureau|chantier)"
)
_AT_PLACE = re.compile(r"(?:au|a la|a l'|dans (?:le|la|l')) ?(?!tel|fil|natel)")
_NAMED = re.compile(r" (?!M\.|Mme|Mr|Monsieur|Madame)[^\W\d_a-zà-ÿ]")
_FOR_WEB = re.compile(
    r"redact|develop|design|integrat|graphi|market|journal|commercial|technic|program|monteu|edit|chef"
)
_NUMBER_OF = re.compile(r"(?: (?:du|de la|de l'|de) ?[a-z]+)?[ .:]*")
_ONLY_NUMBER = re.compile(r"(?:tel\w*|natel)\b(?!ee?\b)")
_ENTRY = re.compile(r"[;\n]| / ")
_HANDED = re.compile(r"(?:(?!main|guichet|place).)*(?:depot|depos|laiss|donn|remi[st])(?:(?!main|guichet|place).)*$")
_SENT = frozenset({ApplyChannel.ELECTRONIC, ApplyChannel.MAIL})


def recognise(reading: Reading) -> None:
    """What is recognised by itself, wherever it stands."""
    text, simple = reading.text, reading.plain
    for match in tokens.TOKEN.finditer(text):
        named = {Kind.EMAIL.value: "email", Kind.PHONE.value: "phone"}.get(match["kind"], "noise")
        reading.add(Span(match.start(), match.end(), named, match[0]))
    for name, pattern in (("email", _EMAIL), ("phone", _PHONE)):
        for match in pattern.finditer(text):
            reading.add(Span(match.start(), match.end(), name, match[0].strip(".")))
    for match in _URL.finditer(simple):
        url = text[match.start() : match.end()].rstrip(".")
        reading.add(Span(match.start(), match.end(), "form_url", url if url.startswith("http") else f"https://{url}"))
        reading.add(Span(match.start(), match.start(), "noise"))
    recognise_days(reading)
    _post_offices(reading)
    _addresses(reading)
    _contacts(reading)
    _reasons(reading)
    _each(reading, "assigned_by_orp", words.ASSIGNED)
    _each(reading, "workload", words.WORKLOADS, deniable=True)
    _each(reading, "results", words.RESULTS, deniable=True)
    _each(reading, "channels", words.CHANNELS, deniable=True)
    _drop_handing_over(reading)
    _drop_numbers(reading)
    for span in tuple(reading.found):
        if span.field in {"email", "form_url"} and _SENT_TO.search(simple, 0, span.start):
            reading.found.append(Span(span.end, span.end, "channels", ApplyChannel.ELECTRONIC))
        if span.field == "phone" and _CALLED_AT.search(simple, 0, span.start):
            reading.found.append(Span(span.end, span.end, "channels", ApplyChannel.PHONE))
    for match in re.finditer(rf"(?<![a-z'-])(?:{words.NOISE})", simple):
        if not _is_of_name(reading, *match.span()) and not clues.KNOWN.match(simple, match.start()):
            reading.add(Span(match.start(), match.end(), "noise"))


def _post_offices(reading: Reading) -> None:
    """«Envoyé ma lettre à la poste»: where letters go, and no employer."""
    for match in _POST_OFFICE.finditer(reading.plain):
        if _LETTER.search(reading.plain) and not reading.is_capital(match.start("post")):
            reading.add(Span(match.start(), match.end(), "noise"))


def _contacts(reading: Reading) -> None:
    """Whom they spoke to."""
    for match in _CONTACT.finditer(reading.plain):
        greeting = _GREETING.search(reading.plain, 0, match.start())
        if greeting or _ADVISER.search(reading.plain, 0, match.start("who")):
            reading.add(Span(greeting.start() if greeting else match.start(), match.end(), "noise"))
        elif not (match["who"].startswith(("me ", "m ")) and not reading.is_capital(match.start("who"))):
            family = _FAMILY_NAME.match(reading.text, match.end())
            end = family.end() if family else match.end()
            reading.add(Span(match.start(), end, "contact_person", reading.written(match.start("who"), end)))
    for match in (*_SPOKEN_WITH.finditer(reading.plain), *_SOMEBODY_OF.finditer(reading.plain)):
        is_employer = clues.KNOWN.match(reading.plain, match.start("who"))
        if not is_employer and (who := _NAME.match(reading.text, match.start("who"), match.end())):
            reading.add(Span(*who.span(), "contact_person", reading.written(*who.span())))


def _is_of_name(reading: Reading, start: int, end: int) -> bool:
    """Whether a word that else says nothing is part of a name: «Interim Team», «Bio c' Bon»."""
    if not reading.is_capital(start) or reading.is_capital(start + 1):
        return False
    before = reading.plain[:start].rstrip()
    if before and HARD.search(f"{before[-1]} ") is None:
        return True
    return clues.BEGINS_NAME.fullmatch(reading.plain, start, end) is not None and reading.is_capital(end + 1)


def _each(reading: Reading, name: str, patterns: Sequence[tuple[Any, str]], *, deniable: bool = False) -> None:
    """What stands for values of a field; what a text only denies is nothing."""
    for value, pattern in patterns:
        compiled, place = re.compile(rf"(?<![a-z0-9'-])(?:{pattern})"), 0
        while match := compiled.search(reading.plain, place):
            place = match.start() + 1
            says_more = deniable and (_is_of_post(reading, match) or _ends_name(reading, match))
            if reading.is_free(*match.span()) and not says_more:
                denied = deniable and (
                    (match[0].startswith("passe") and _INTERVIEWED.search(reading.plain, 0, match.start()) is not None)
                    or _DENIED.search(reading.plain, 0, match.start())
                    or (name == "channels" and _MUST.search(reading.plain, 0, match.start()))
                )
                reading.add(Span(*match.span(), "noise" if denied else name, value))
                place = max(place, match.end())


def _is_of_post(reading: Reading, way: re.Match[str]) -> bool:
    """Whether what else is a way to apply says more of a post: «rédacteur web», «opératrice en atelier, e-mail»."""
    before = _LAST_WORD.search(reading.plain, 0, way.start())
    is_place = _OF_POST.fullmatch(way[0]) is not None
    if _AT_PLACE.match(way[0]) and _NAMED.match(reading.text, way.end()):
        return True  # «tél. au resto Le Lion»
    if before is None or not (clues.POST.match(before[0]) or clues.POST_ENDING.match(before[0])):
        return False
    is_elsewhere = is_place and any(span.field == "channels" for span in reading.found)
    return is_elsewhere or (way[0] == "web" and _FOR_WEB.match(before[0]) is not None)


def _ends_name(reading: Reading, match: re.Match[str]) -> bool:
    """Whether what else is a way to apply ends a name: «Carrosserie du Mail»."""
    return reading.is_capital(match.start()) and _BEGINS_NAME.search(reading.text, 0, match.start()) is not None


def _drop_numbers(reading: Reading) -> None:
    """«Postulé par lettre, tél. 022 …»: a number is no way to apply where another one is named."""
    ways = [span for span in reading.found if span.field == "channels"]
    numbers = [span.start for span in reading.found if span.field == "phone"]
    for span in ways:
        leads = _NUMBER_OF.match(reading.plain, span.end)
        if not leads or leads.end() not in numbers or not _ONLY_NUMBER.match(reading.plain, span.start):
            continue
        between = (reading.plain[slice(*sorted((span.end, one.start)))] for one in ways if one is not span)
        if any(not _ENTRY.search(one) for one in between):
            reading.found[reading.found.index(span)] = replace(span, field="noise")


def _drop_handing_over(reading: Reading) -> None:
    """«Déposé ma candidature en ligne»: the way that is named is the way, and not the word that also tells of a visit."""
    ways = [span for span in reading.found if span.field == "channels"]
    for span in ways:
        if not _HANDED.match(reading.plain, span.start, span.end):
            continue
        clause = [
            not any(pattern.search(reading.plain, *sorted((span.end, one.start))) for pattern in (HARD, SOFT))
            for one in ways
            if one.value in _SENT
        ]
        if any(clause):
            reading.found[reading.found.index(span)] = Span(span.start, span.end, "noise")


def _addresses(reading: Reading) -> None:
    for match in _STREET.finditer(reading.plain):
        number = match["number"]
        if not number and not _is_named(reading, match):
            continue
        end = match.start("number") if number else match.end()
        reading.add(Span(match.start(), end, "street", reading.written(match.start(), end)))
        if number:
            reading.add(Span(*match.span("number"), "house_number", reading.written(*match.span("number"))))
    for match in _POSTCODE.finditer(reading.plain):
        if _REFERENCE.search(reading.plain, 0, match.start()):
            continue
        if not 2000 <= int(match["code"]) <= 2039 or not reading.plain[: match.start()].rstrip().endswith(
            tuple("0123456789")
        ):
            if any(span.start < match.end("code") and span.end > match.start() for span in reading.found):
                continue
            reading.add(Span(match.start(), match.end("code"), "postal_code", match["code"]))
            reading.add(Span(*match.span("city"), "city", reading.written(*match.span("city"))))


def _is_named(reading: Reading, street: re.Match[str]) -> bool:
    """Whether the words of a street without a number are a name: «rue du Marché», but not «place de serveur»."""
    if re.match(r"grand-rue|(?:rue|avenue|chemin|route|boulevard|quai) (?:de|du|des|d'|la|le|les)\b", street[0]):
        return True
    if (post := re.match(r"place (?:de |d')", street[0])) and clues.POST.match(
        reading.plain, street.start() + post.end()
    ):
        return False
    after_kind = reading.text[street.start() : street.end()].split(" ", 1)[1]
    return any(character.isupper() for character in after_kind) and not reading.plain[: street.start()].endswith("sur ")


def _is_known_name(reading: Reading, at: int) -> bool:
    """Whether a known name with a capital stands there, perhaps behind a comma: «refus, Car Postal»."""
    begin = at + len(reading.plain[at:]) - len(reading.plain[at:].lstrip(",: "))
    return reading.is_capital(begin) and clues.KNOWN.match(reading.plain, begin) is not None


def _reasons(reading: Reading) -> None:
    """Why somebody was refused, and that they were."""
    simple = reading.plain
    refusals = next(pattern for value, pattern in words.RESULTS if value is Result.REJECTED)
    for match in re.finditer(rf"(?<![a-z'-])(?P<what>{refusals})\s*,? ?{words.BECAUSE}(?P<why>[^,.;)\n]+)", simple):
        if _is_known_name(reading, match.end("what")):
            continue
        if clues.EMPLOYER.match(match["why"]) or _NO_REASON.match(match["why"]) or clues.POST.match(match["why"]):
            continue
        if _DENIED.search(simple, 0, match.start()) or any(span.start == match.start("why") for span in reading.found):
            continue
        start, end = match.span("why")
        reading.found = [
            span for span in reading.found if not (start < span.start < end and span.field == "apply_date")
        ]
        reading.add(Span(*match.span("what"), "results", Result.REJECTED))
        reading.add(Span(match.end("what"), match.end(), "rejection_reason", reading.written(*match.span("why"))))
    refused = [match.end() for match in re.finditer(rf"(?<![a-z'-])(?:{refusals})", simple)]
    for match in re.finditer(rf"\b{words.SINCE},? ?(?P<why>{_TO_THE_END})", simple):
        is_known = _is_known_name(reading, match.start())
        if match["why"].strip() and not is_known and any(end <= match.start() for end in refused):
            reading.add(Span(match.start(), match.start("why"), "noise"))
            reading.add(Span(*match.span("why"), "rejection_reason", reading.written(*match.span("why"))))
    for match in re.finditer(rf"(?<![a-z-])(?:{words.REASONS}){_TO_THE_END}", simple):
        if simple.endswith(("s'", "si "), 0, match.start()):
            continue  # «j'ai demandé s'ils cherchaient quelqu'un»
        if _OWN.search(simple, 0, match.start()) or not reading.is_free(match.start(), match.start() + 1):
            continue
        end = min((span.start for span in reading.found if span.start > match.start()), default=len(simple))
        end = min(end, match.end())
        reading.add(Span(match.start(), end, "rejection_reason", reading.written(match.start(), end)))
        reading.found.append(Span(end, end, "results", Result.REJECTED))
