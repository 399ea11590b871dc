"""What somebody wants done with their answers: kept, forgotten, begun anew."""

from __future__ import annotations

import re

from actions.tasks import Said
from base.plain import plain

ITEM = "item"
"""Entity of tapped choices: `<slot>:<value>`, so that an old one never answers another question."""
KEEP, FORGET, CORRECT_IT, ANEW = "keep", "forget", "correct", "anew"
"""Values of it that answer no question."""
_KEEP_IT = re.compile(
    r"(?<!pas )(?<!ne )\b(?:gard(?:e|ez|er)|conserv(?:e|ez|er)|enregistr(?:e|ez|er))\b(?! (?:pas|rien))"
)
_KEEP_THAT = re.compile(
    r"\b(?:gard|conserv|enregistr)(?:e|ez|er)[- ](?:moi )?(?:(?:l[ea]|les|ca|tout|tout ca|cela)(?=\W*$|\W+(?:svp|stp|s'il|merci|pour|jusqu))|"
    r"(?:mes|ces|les) reponses|(?:tout )?ce que (?:je |j'))"
)
"""Says by itself what is to be kept."""
_FORGET_IT = re.compile(
    r"\b(?:effac|suppr|oubli)\w*[- ](?:\w+[' ]){0,3}(?:reponses?|verification|ce que (?:je |j')(?:\w+[' ]){0,3}(?:dit|dire|ecrit|raconte)|situation)|\bne gard\w* (?:rien|pas)|\bgard\w* (?:rien|pas)"
)
_START_AGAIN = re.compile(
    r"\b(?:recommenc\w*|de zero|a zero|nouvelle verification|mon (?:mari|frere|fils|pere|ami|copain)|ma (?:femme|soeur|mere|fille|copine)|mon epouse)\b"
)


def items(said: Said) -> set[str]:
    """What tapped choices say that answers no question."""
    return {value for value in said.values(ITEM) if ":" not in value}


def wants_kept(said: Said) -> bool:
    """Whether the answers are to be kept."""
    return KEEP in items(said) or (not said.tapped and _KEEP_IT.search(plain(said.text)) is not None)


def wants_forgotten(said: Said) -> bool:
    """Whether the answers are to go at once."""
    return FORGET in items(said) or (not said.tapped and forgets(said.text))


def forgets(text: str) -> bool:
    """Whether a text asks by itself that the answers go."""
    return _FORGET_IT.search(plain(text)) is not None


def keeps(text: str) -> bool:
    """Whether a text asks by itself that the answers stay."""
    return _KEEP_THAT.search(plain(text)) is not None and not forgets(text)


def begins_anew(said: Said) -> bool:
    """Whether earlier answers do not hold for what is asked now."""
    return ANEW in items(said) or (not said.tapped and _START_AGAIN.search(plain(said.text)) is not None)
