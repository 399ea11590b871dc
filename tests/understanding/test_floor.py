"""Understanding does not fall below its floor. The figures themselves are printed by `make bench`."""

from __future__ import annotations

from bot.engine.dialogue import Dialogue, full_intent
from bot.engine.topics import OUT_OF_SCOPE, topic_of
from bot.program import Program
from tests.support.project import TEST_SPLIT, examples

FLOOR_ACCURACY = 0.90
FLOOR_OUT_OF_SCOPE = 0.80
FLOOR_CRISIS = 0.80
MOST_REFUSED = 0.05


async def understood_topics(dialogue: Dialogue) -> list[tuple[str, str]]:
    """For each example of the split its topic and the one that was understood."""
    return [
        (topic_of(intent), topic_of(full_intent(await dialogue.understand(text))))
        for text, intent in examples(TEST_SPLIT)
    ]


def share(pairs: list[tuple[str, str]], topic: str) -> float:
    found = [understood == expected for expected, understood in pairs if expected == topic]
    return sum(found) / len(found)


async def test_understanding_stays_above_its_floor(program: Program) -> None:
    pairs = await understood_topics(program.dialogue)
    in_scope = [(expected, understood) for expected, understood in pairs if expected != OUT_OF_SCOPE]
    assert sum(a == b for a, b in pairs) / len(pairs) >= FLOOR_ACCURACY
    assert share(pairs, OUT_OF_SCOPE) >= FLOOR_OUT_OF_SCOPE
    assert share(pairs, "crisis") >= FLOOR_CRISIS
    assert sum(understood == OUT_OF_SCOPE for _, understood in in_scope) / len(in_scope) <= MOST_REFUSED
