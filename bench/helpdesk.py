"""The console of the helpdesk with a long queue: how soon the server has its pages."""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from base import clock
from base.settings import Settings
from bench.report import Figure
from bot.channels.web.app import create_app
from bot.program import Program, assembled, load_dialogue
from casework import cases
from casework.agents import Colleague, Role
from casework.cases import Cause, Line, Matter, TimeLimit
from casework.triage import Office
from tests.support.helpdesk import Seat, seated

OPEN_CASES, LOOKS, WARM_UP = 5_000, 60, 5
AT_A_TIME = 500
TOPICS = ("objection", "sanctions", "registration", "ipa_rules", "jobroom_login", "employer_jobroom_account")
LANGUAGES = ("fr", "fr", "fr", "de", "it", "en")
PAGES = {
    "queue": "",
    "queue with filters": "?office=orp&urgency=dated&language=fr",
    "queue, found by words": "?q=opposition",
    "queue, far down": "?after=2500",
}
LEADER = Colleague("bench", "Mesure", dict.fromkeys(Office, Role.ADMINISTRATOR))


async def measure(model: Path) -> list[Figure]:
    """The time from a request to its answer, in this process, with many open cases."""
    dialogue = load_dialogue(model)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url="", eservices_url=None)
        async with assembled(settings, dialogue) as program:
            await _open_cases(program)
            async with seated(program, create_app(program), LEADER) as seat:
                figures = [await _median(seat, name, path) for name, path in PAGES.items()]
                figures.append(await _median(seat, "page of a case", "/cases/C-02500"))
                figures.append(await _median(seat, "figures", "/figures", goal=None))
    return figures


async def _median(seat: Seat, name: str, path: str, goal: float | None = 150) -> Figure:
    times = []
    for _ in range(WARM_UP + LOOKS):
        begun = time.perf_counter()
        page = await seat.open(path)
        times.append(time.perf_counter() - begun)
        if page.status != 200:
            raise RuntimeError(f"{path} gave {page.status}")
    measured = statistics.median(times[WARM_UP:]) * 1000
    return Figure(f"helpdesk, {OPEN_CASES:,} open cases: {name}, median", measured, "ms", goal=goal)


async def _open_cases(program: Program) -> None:
    """Cases of all offices, a third of them with a date to keep."""
    offices, topics, languages = (itertools.cycle(of) for of in (Office, TOPICS, LANGUAGES))
    today = clock.today()
    said = (Line(clock.now().isoformat(), "user", "Bonjour, j'ai une question sur mon dossier."),) * 10
    for begin in range(0, OPEN_CASES, AT_A_TIME):
        async with program.database.unit_of_work() as work:
            for number in range(begin, begin + AT_A_TIME):
                safe = today + timedelta(days=number % 40)
                limit = TimeLimit("objection", safe, safe) if number % 3 == 0 else None
                matter = Matter(
                    topic=next(topics),
                    language=next(languages),
                    transcript=said,
                    office=next(offices),
                    cause=Cause.ASKED,
                    channel="web",
                    is_danger=number % 500 == 0,
                    limit=limit,
                    summary=("Demande une opposition." if number % 7 == 0 else "Demande un renseignement.",),
                )
                await cases.open_case(work, None, matter)
