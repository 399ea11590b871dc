"""Where somebody lives, since when, and by what right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from actions.measures import questions as asked
from actions.measures.answers import NO
from actions.measures.draft import Permit, Told
from actions.tasks import Question, Said
from base.reading import days, durations, months
from law.measures import MONTHS_IN_GENEVA

A_YEAR = 12
"""Months."""
_LIVES = re.compile(
    r"\b(?:j'?)?(?:habit\w*|domicil\w*|vi[st]|vivons|log\w+|demeur\w*|resid\w*|installe\w*|emmenag\w*)\b(?!ation)"
)
_GENEVA = re.compile(
    r"\b(?:geneve|gva|genevois\w*|carouge|vernier|meyrin|onex|lancy|thonex|versoix|chene|bernex|satigny|plan-les-ouates|veyrier|collonge|"
    r"confignon|cologny|vandoeuvres|puplinge|bellevue|chambesy|grand-saconnex|petit-saconnex|saconnex|troinex|avully|avusy|dardagny|russin|"
    r"jussy|meinier|gy|hermance|anieres|corsier|choulex|presinge|perly|bardonnex|soral|laconnex|cartigny|aire-la-ville|chancy|genthod|"
    r"charmilles|paquis|eaux-vives|plainpalais|servette|jonction|champel|lignon|avanchets|acacias|dans le canton|ici)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:france|annemasse|gaillard|saint-julien|st-julien|ferney|gex|thonon|annecy|haute-savoie|vaud|lausanne|nyon|morges|rolle|gland|coppet|"
    r"fribourg|valais|sion|neuchatel|berne|zurich|bale|hors (?:du )?canton|autre canton|frontalier\w*|de l'autre cote de la frontiere)\b"
)
_LEFT = re.compile(
    r"\b(?:quitte|demenage (?:a|en|au|dans)) (?:\w+ ){0,3}(?:canton|france|annemasse|vaud|lausanne|nyon|valais|fribourg)"
)
_FREE = re.compile(
    r"(?<!en )\bsuiss(?:e|esse)s?\b(?! depuis)|\b(?:francais|italien|espagnol|portugais|allemand|autrichien|belge|neerlandais|hollandais|grec|polonais|"
    r"roumain|bulgare|hongrois|croate|slovene|slovaque|tcheque|irlandais|suedois|danois|finlandais|norvegien|islandais|luxembourgeois|"
    r"europeen|letton|lituanien|estonien|maltais|chypriote)(?:n?e)?s?\b|\b(?:citoyen\w*|passeport|national\w*|ressortissant\w*) (?:\w+ ){0,3}(?:ue|europe\w*|aele|suisse)\b|"
    r"^\W*(?:ue|aele|europe)\b"
)
_THIRD = re.compile(
    r"\b(?:hors (?:de l'|d'|l'|de )?(?:ue|europe)|pays tiers|extra-?europe\w*|non[- ]europe\w*)\b|"
    r"\b(?:kosovar|turc|turque|albanais|serbe|bosniaque|macedonien|marocain|algerien|tunisien|erythreen|syrien|afghan|ukrainien|bresilien|"
    r"colombien|somalien|srilankais|sri-lankais|congolais|camerounais|senegalais|britannique|anglais|americain|russe|chinois|indien|irakien|iranien)(?:n?e)?s?\b"
)
_PERMIT_S = re.compile(r"\b(?:permis|livret) (?:s|ci|diplomatique)\b|\bcarte de legitimation")
_BARE_PERMIT = re.compile(r"\W*(?:le |un |c'est (?:le |un )?|j'ai (?:le |un )?)?([bcfnlgs])\W*")
_SINCE_EVER = re.compile(
    r"\bdepuis (?:toujours|longtemps|ma naissance|tout\w* (?:petite?|ma vie))|\bnee? (?:a|ici|dans)\b|\btoute ma vie"
)


def of_residence(said: Said, written: str, pending: Question | None) -> Iterator[tuple[str, Any]]:
    is_said = _LIVES.search(written) is not None
    is_asked = pending in {asked.DOMICILE, asked.TWO_YEARS, asked.ONE_YEAR}
    permits = set(said.values("permit"))
    if (
        "g" in permits
        or _LEFT.search(written)
        or ((is_said or pending is asked.DOMICILE) and _ELSEWHERE.search(written))
    ):
        yield asked.DOMICILE.slot, Told.NO
    elif ((is_said or is_asked) and _GENEVA.search(written) and not NO.match(written)) or re.search(
        r"\bgeneve depuis\b", written
    ):
        yield asked.DOMICILE.slot, Told.YES
    yield from _of_its_length(said, written, pending)
    if _THIRD.search(written) or permits & {"f", "n"} or _PERMIT_S.search(written):
        yield asked.FREE_MOVEMENT.slot, Told.NO
    elif _FREE.search(written) and not re.search(r"\b(?:pas|ni|non) (?:\w+ )?(?:suisse|europe)", written):
        yield asked.FREE_MOVEMENT.slot, Told.YES
    bare = _BARE_PERMIT.fullmatch(written) if pending is asked.PERMIT else None
    letters = permits or ({bare[1]} if bare else set())
    if len(letters) == 1:
        letter = letters.pop()
        yield asked.PERMIT.slot, Permit(letter) if letter in set(Permit) else Permit.OTHER
    elif _PERMIT_S.search(written):
        yield asked.PERMIT.slot, Permit.OTHER


def _of_its_length(said: Said, written: str, pending: Question | None) -> Iterator[tuple[str, Any]]:
    """How long somebody has lived in Geneva, where a message says it."""
    is_asked = pending in {asked.TWO_YEARS, asked.ONE_YEAR}
    if not (is_asked or _LIVES.search(written) or re.search(r"\bgeneve depuis\b|\barrivee? (?:a geneve|ici)", written)):
        return
    months_there = _months_in_geneva(said, written, is_asked=is_asked)
    if months_there is not None:
        yield asked.TWO_YEARS.slot, Told.YES if months_there >= MONTHS_IN_GENEVA else Told.NO
        if months_there < A_YEAR or "depuis" in written:
            yield asked.ONE_YEAR.slot, Told.YES if months_there >= A_YEAR else Told.NO


def _months_in_geneva(said: Said, written: str, *, is_asked: bool) -> int | None:
    if _SINCE_EVER.search(written):
        return MONTHS_IN_GENEVA
    near = r"(?:habit|domicil|viv|vis\b|log|geneve|gva|resid|emmenag|install|arriv|depuis|canton)\w*[^.;]{0,40}$"
    for found in durations(said.text):
        if is_asked or re.search(near, written[: found.start]):
            count, unit = found.value.split()
            half = re.match(r"\s+et demie?", written[found.end :]) is not None
            per = {"years": A_YEAR, "months": 1}.get(unit, 0)
            return int(count) * per + (per // 2 if half else 0)
    if (year := re.search(r"\bdepuis (?:l'annee )?((?:19|20)\d\d)\b", written)) is not None:
        return (said.today.year - int(year[1])) * A_YEAR
    for found in (*days(said.text, said.today), *months(said.text, said.today)):
        if is_asked or re.search(
            r"(?:arrive|emmenag|install|habit|domicil|geneve)\w*[^.;]{0,30}$", written[: found.start]
        ):
            since = relativedelta(
                said.today, date.fromisoformat(found.value if len(found.value) > 7 else f"{found.value}-01")
            )
            return since.years * A_YEAR + since.months
    return None
