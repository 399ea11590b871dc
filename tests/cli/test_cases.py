"""`cornavin cases`."""

from __future__ import annotations

import asyncio

import pytest

from base.settings import Settings
from bot.cli.listing import list_cases
from bot.program import Program
from casework.triage import Office
from tests.support.helpdesk import opened


async def test_cases_are_listed_by_the_names_that_agents_know(
    program: Program, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    await opened(program.database, office=Office.SECO, topic="jobroom_login", language="de")
    await asyncio.to_thread(list_cases, settings)
    said = capsys.readouterr().out
    assert all(words in said for words in ("Assistance Job-Room (SECO)", "Connexion à Job-Room", "allemand"))
