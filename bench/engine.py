"""Turns in this process, with the database."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from base.settings import Settings
from bench.report import Figure
from bot.engine.assistant import Turn
from bot.engine.evaluation import evaluate, read
from bot.program import Program, assembled, load_dialogue
from casework import consents
from conversations import store
from tests.support.project import TEST_SPLIT

QUESTION = "où trouver mon numéro personnel svp"
FORMS: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "form turn": (
        "incapacity_form",
        "je veux annoncer une incapacité de travail",
        ("hier", "maladie", "100 %", "je ne sais pas encore"),
    ),
    "IPA turn": ("ipa_form", "je veux remplir mon ipa", ("oui", "non", "j'ai été malade du 3 au 6", "non", "non")),
    "measures turn": (
        "measures_form",
        "est-ce que j'ai droit à une ARE ?",
        ("elles sont épuisées depuis hier", "oui j'habite Carouge", "un CDI"),
    ),
}
"""What is begun, and what is answered to its questions, by the name of the figure."""
WARM_UP = 30
TURNS = 400
TIMES = 40


async def measure(model: Path) -> list[Figure]:
    """The cost of a turn, alone and late in a conversation, and how well the test split is understood."""
    dialogue = load_dialogue(model)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        async with assembled(settings, dialogue) as program:
            times = await _turns(program, WARM_UP + TURNS)
            forms = {name: await _form_turns(program, *said) for name, said in FORMS.items()}
            understanding = await _understanding(program)
    early = statistics.median(times[5:30])
    late = statistics.median(times[288:313])
    return [
        Figure("FAQ turn with database, median", statistics.median(times[WARM_UP:]) * 1000, "ms", goal=8),
        *(
            Figure(f"{name} with database, median", statistics.median(taken) * 1000, "ms", goal=12)
            for name, taken in forms.items()
        ),
        Figure("turn 300 of a conversation against turn 10", late / early, "×", goal=1.2),
        *understanding,
    ]


async def _turns(program: Program, count: int) -> list[float]:
    async with program.database.unit_of_work() as work:
        session, _ = await store.open_session(work, "bench", "fr")
    times = []
    for number in range(count):
        begun = time.perf_counter()
        await program.assistant.answer(Turn(session, str(number), QUESTION))
        times.append(time.perf_counter() - begun)
    return times


async def _form_turns(program: Program, form: str, opening: str, answers: Sequence[str]) -> list[float]:
    """The turns that answer the questions of a form, begun and given up again and again."""
    async with program.database.unit_of_work() as work:
        session, _ = await store.open_session(work, "bench", "fr")
        await consents.give(work, session.id)
    times = []
    for number in range(TIMES):
        await program.assistant.answer(Turn(session, f"begin {number}", opening))
        for place, answer in enumerate(answers):
            begun = time.perf_counter()
            reply = await program.assistant.answer(Turn(session, f"{place} {number}", answer))
            times.append(time.perf_counter() - begun)
            assert reply.state.form == form
        await program.assistant.answer(Turn(session, f"end {number}", "annuler"))
    return times[WARM_UP:]


async def _understanding(program: Program) -> list[Figure]:
    report = await evaluate(program.dialogue, read(TEST_SPLIT.glob("*.yml")))
    return [
        Figure("topics understood, test split", 100 * report.topics_right, "%", goal=95, at_least=True),
        Figure(
            "out of scope recognised, test split", 100 * report.out_of_scope_recognised, "%", goal=90, at_least=True
        ),
        Figure("in scope refused, test split", 100 * report.in_scope_refused, "%", goal=5),
    ]
