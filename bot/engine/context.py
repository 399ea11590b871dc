"""What a message means by what was said just before it, while no task asks anything."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from actions.handover.task import EmailTask
from actions.tasks import CORRECT, SURE, Task, begins_a_correction, is_denied
from base.database import unit_of_work
from base.identifiers import Kind
from base.plain import plain
from base.tokens import first
from bot.engine.computed import TIMES
from bot.engine.deliberation import NOT_UNDERSTOOD, Understanding, is_request, taken_for
from bot.engine.generator import asked_for
from casework import cases, drafts
from conversations import store

_OUT_OF_SCOPE = "out_of_scope/general"
_SAYS_NOTHING = re.compile(
    r"\b(?:ah|oh|oups|euh|ben|bah|et|ou|mais|alors|donc|non|nn|nan|oui|ouais|pardon|sorry|en fait|en realite|plutot|finalement|erreur|"
    r"je (?:me )?(?:suis )?tromp\w*|je voulais dire|c'est|c'etait|cetait|c|ca|cela|va|fait|faisait|il y a|y a|a|au|depuis|dps|des|pour|le|la|les|de|du|d|"
    r"en|mois de|debut|fin|pas|bientot|environ|presque|deja|que|je suis inscrite?|inscrite?|merci|svp|stp)\b"
)
"""What surrounds a time in a message that says nothing but the time."""


async def in_context(
    session_id: str, understood: Understanding, tasks: Collection[Task[Any]], responses: Mapping[str, Sequence[Any]]
) -> tuple[Understanding, bool]:
    """What a typed message is taken for once it is known what came before.

    Args:
        understood: What it is taken for by itself.
        tasks: All of them; each knows what is about its answers.
        responses: Those of the domain.

    Returns:
        Also whether it says anew what the question before said, so that this one is answered again.
    """
    text, connection = understood.parsed["text"], unit_of_work().connection
    is_open = understood.confidence < SURE or understood.intent == CORRECT  # there may be nothing to correct
    telling = [task for task in tasks if is_open and not is_request(text) and task.tells(text)]
    claiming = [task for task in tasks if task.claims(text)]
    is_of_others = understood.intent == NOT_UNDERSTOOD or (understood.intent == _OUT_OF_SCOPE and not is_request(text))
    says_a_time = understood.intent == CORRECT or _is_bare(understood.parsed)
    is_concerned = telling or claiming or is_of_others or says_a_time
    if not is_concerned or (await store.last_state(connection, session_id)).form is not None:
        return understood, False
    known = [task for task in claiming if await drafts.latest(connection, session_id, task.name) is not None]
    if meant := telling or known:
        return taken_for(understood, meant[0].intent), False
    if is_of_others and await cases.unresolved_of(connection, session_id) is not None:
        return _for_who_has_the_case(understood), False
    before = await store.recently_asked(connection, session_id, 1) if says_a_time else ()
    intent = before[0].intent if before else None
    if intent is not None and _computes_with(responses.get(f"utter_{intent}", ()), understood.parsed):
        return taken_for(understood, intent), True
    if understood.intent == CORRECT and not begins_a_correction(text):
        is_known = await drafts.latest(connection, session_id) is not None
        return (understood if is_known else taken_for(understood, NOT_UNDERSTOOD)), False
    return understood, False


def _for_who_has_the_case(understood: Understanding) -> Understanding:
    """What has nothing to do with us is for the human who has a case of this conversation: «erreur 403, hier à 14 h».

    An e-mail address is where they can answer.
    """
    has_address = first(Kind.EMAIL, understood.parsed["text"]) is not None
    return taken_for(understood, EmailTask.intent if has_address else NOT_UNDERSTOOD)


def _times(parsed: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [entity for entity in parsed.get("entities", ()) if entity["entity"] in TIMES]


def _is_bare(parsed: Mapping[str, Any]) -> bool:
    """Whether a message names a time and says nothing else."""
    rest = list(plain(parsed["text"]))
    for entity in (times := _times(parsed)):
        rest[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    return bool(times) and re.search(r"\w", _SAYS_NOTHING.sub(" ", "".join(rest))) is None


def _computes_with(variations: Sequence[Mapping[str, Any]], parsed: Mapping[str, Any]) -> bool:
    """Whether one of the variations of an answer is computed from what a message names."""
    named = {entity["entity"] for entity in _times(parsed) if not is_denied(parsed["text"], entity["start"])}
    computed = [one for one in variations if (one.get("metadata") or {}).get("computes")]
    return any(set(asked_for(one)) <= named for one in computed)
