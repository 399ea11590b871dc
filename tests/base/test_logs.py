"""What is written to the log, and what never is."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from base import logs


@pytest.fixture(params=["json", "console"])
def log(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """What is captured of a log in one of the two formats."""
    configuration, handlers = structlog.get_config(), logging.getLogger().handlers
    logs.configure(request.param)
    yield capsys
    structlog.configure(**configuration)
    logging.getLogger().handlers = handlers


def fail(typed: str) -> None:
    raise ValueError(f"{len(typed)} characters")


def test_failure_is_logged_with_its_place_and_without_what_was_typed(log: pytest.CaptureFixture[str]) -> None:
    try:
        fail("a se" + "cret")  # in two parts, as a traceback quotes the line
    except ValueError as error:
        structlog.get_logger("test").error("request.failed", exc_info=error)
    written = log.readouterr().err
    assert "request.failed" in written
    assert "8 characters" in written
    assert "in fail" in written or '"name": "fail"' in written
    assert "a secret" not in written
