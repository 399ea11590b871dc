"""What the conversations of all tasks that send something need."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from base.settings import Settings
from bot.engine.dialogue import Dialogue
from tests.support.conversing import Talk
from tests.support.sending import Counter, opened


@pytest.fixture
async def counter(settings: Settings, dialogue: Dialogue) -> AsyncIterator[Counter]:
    """Everything works, and at once."""
    async with opened(settings, dialogue, is_worked=True) as everything:
        yield everything


@pytest.fixture
async def slow(settings: Settings, dialogue: Dialogue) -> AsyncIterator[Counter]:
    """Nothing is attempted before the test says so."""
    async with opened(settings, dialogue, is_worked=False) as everything:
        yield everything


@pytest.fixture
async def talk(counter: Counter) -> AsyncIterator[Talk]:
    """Of somebody who has logged in."""
    async with counter.talking() as conversation:
        yield conversation
