"""What the assistant would answer, for an agent to look at: nothing of it is kept, and the person hears nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from base.database import UnitOfWork
from bot.engine.failures import TurnFailed
from bot.engine.generator import INFORMATION
from bot.program import Program
from conversations import store
from conversations.models import Source
from conversations.sources import sources_of

CHANNEL = "helpdesk"


@dataclass(frozen=True)
class Suggestion:
    """An answer of the assistant.

    Args:
        question: What the person had written, with tokens for identifiers.
        text: Markdown.
        sources: What it rests on.
    """

    question: str
    text: str
    sources: tuple[Source, ...]


class _NotKept(Exception):
    """Ends a unit of work without keeping what it did."""


async def suggest(program: Program, questions: Sequence[str], locale: str) -> Suggestion | None:
    """The assistant's answer to the first of some messages of the person that it knows an answer to.

    Args:
        program: The program.
        questions: As the assistant sees them, with tokens for identifiers.
        locale: Language of the answer.

    Returns:
        None when it knows none.
    """
    for question in questions:
        found = await _answer(program, question, locale)
        if found is not None:
            return found
    return None


async def _answer(program: Program, question: str, locale: str) -> Suggestion | None:
    """What is said to it in a conversation of its own, which is not kept."""
    found = None
    try:
        async with program.database.unit_of_work() as work:
            found = await _asked(program, work, question, locale)
            raise _NotKept
    except (_NotKept, TurnFailed):
        return found


async def _asked(program: Program, work: UnitOfWork, question: str, locale: str) -> Suggestion | None:
    session, _ = await store.open_session(work, CHANNEL, locale)
    outcome = await program.dialogue.say(session.id, question, locale)
    informing = [one for one in outcome.utterances if one.kind == INFORMATION]
    if not informing or outcome.form is not None:
        return None
    translations = program.dialogue.translations(locale)
    facts = dict.fromkeys(fact for one in informing for fact in one.fact_ids)
    return Suggestion(question, "\n\n".join(one.text for one in informing), sources_of(tuple(facts), translations))
