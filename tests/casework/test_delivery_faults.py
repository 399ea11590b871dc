"""What was confirmed arrives exactly once, whatever happens to the gateway and to the processes; with real ones."""

from __future__ import annotations

from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from base.settings import Settings
from tests.support.commands import free_port
from tests.support.trial import Plan, undergo

SHORT = {"wanted": 40, "kills": 5}
LONG = {"wanted": 1000, "kills": 60}


async def _check(processes: ForkServerContext, folder: Path, url: str, plan: Plan) -> None:
    truth = await undergo(processes, Settings(data_dir=folder, database_url=url, sandbox_port=free_port()), plan)
    assert truth.confirmed >= plan.wanted
    assert (truth.lost, truth.double, truth.untrue, truth.strange) == ([], [], [], [])
    assert truth.attempts > truth.confirmed, "nothing went wrong, so that nothing was tested"
    assert truth.repeated > 0, "no answer was lost, so that nothing was tested"


@pytest.mark.parametrize("plan", [SHORT, pytest.param(LONG, marks=pytest.mark.long)], ids=["short", "long"])
async def test_every_confirmed_submission_arrives_once(
    processes: ForkServerContext, tmp_path: Path, database_url: str, plan: dict[str, int]
) -> None:
    await _check(processes, tmp_path, database_url, Plan(**plan))


@pytest.mark.parametrize("plan", [SHORT, pytest.param(LONG, marks=pytest.mark.long)], ids=["short", "long"])
async def test_two_processes_together_deliver_once(
    processes: ForkServerContext, tmp_path: Path, postgresql_url: str, plan: dict[str, int]
) -> None:
    await _check(processes, tmp_path, postgresql_url, Plan(**plan, processes=2))
