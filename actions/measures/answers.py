"""A yes, a no, or that somebody cannot tell, in answer to what was asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.measures import questions as asked
from actions.measures.choices import unknown
from actions.measures.draft import Entitlement, HandedIn, Told
from actions.tasks import Question, Said
from base.plain import plain

_YES = re.compile(
    r"\W*(?:(?:ben|bah|euh|alors|ah|mais|je crois(?: que)?|je pense(?: que)?) )*(?:ou+i+|ouais+|ouep|yes|si|exact\w*|tout a fait|bien sur|effectivement|"
    r"malheureusement(?: oui)?|helas(?: oui)?|c'est (?:le cas|ca|juste)|je crois bien|👍)\b|\W*👍"
)
NO = re.compile(
    r"\W*(?:(?:ben|bah|euh|alors|ah|mais|je crois(?: que)?|je pense(?: que)?) )*(?:n+o+n+|nan|nope|nn|pas du tout|jamais|aucun\w*|negatif|"
    r"pas (?:que je sache|moi|encore|maintenant)|je (?:ne )?(?:crois|pense) pas)\b"
)
_PASS = re.compile(
    r"\b(?:passe|passons|question suivante|prefere (?:\w+ )?pas|pas envie de (?:dire|repondre)|ca ne vous regarde)\b"
)
_CHOSEN: Mapping[Question, tuple[Any, Any]] = {
    asked.ENTITLEMENT: (Entitlement.DRAWING, Entitlement.ENDED),
    asked.HANDED_IN: (HandedIn.BEFORE, HandedIn.NOT_STARTED),
}
"""What a yes and a no mean for questions that have other answers."""


def answered(said: Said, pending: Question) -> dict[str, Any]:
    """A yes, a no, or that the person cannot or will not tell."""
    written = plain(said.text)
    if said.unsure or _PASS.search(written):
        return {pending.slot: unknown(pending)}
    is_yes, is_no = said.agrees or _YES.match(written), said.declines or NO.match(written)
    if pending in _CHOSEN:
        chosen = _CHOSEN[pending]
        return {pending.slot: chosen[0] if is_yes else chosen[1]} if is_yes or is_no else {}
    if pending.expects != "choice" or pending in {asked.MEASURE, asked.PERMIT, asked.CONTRACT, asked.HANDED_IN}:
        return {}
    return {pending.slot: Told.YES if is_yes else Told.NO} if is_yes or is_no else {}
