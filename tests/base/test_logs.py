"""What is written to the log, and what never is."""

import io
import logging
import re
import sys
from collections.abc import Iterator

import pytest
import structlog

from base import logs


@pytest.fixture(params=["json", "console"])
def log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is written to a log in one of the two formats; pytest closes what it captures while fixtures are made."""
    configuration, handlers = structlog.get_config(), logging.getLogger().handlers
    written = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", written)
        logs.configure(request.param)
    yield written
    structlog.configure(**configuration)
    logging.getLogger().handlers = handlers


def fail(typed: str) -> None:
    raise ValueError(f"{len(typed)} characters")


def test_failure_is_logged_with_its_place_and_without_what_was_typed(log: io.StringIO) -> None:
    try:
        fail("a se" + "cret")  # in two parts, as a traceback quotes the line
    except ValueError as error:
        structlog.get_logger("test").error("request.failed", exc_info=error)
    written = log.getvalue()
    assert "request.failed" in written
    assert "8 characters" in written
    assert "in fail" in written or '"name": "fail"' in written
    assert "a secret" not in written


@pytest.mark.parametrize("typed", ["a\nb", "a\r\nb", "a\x1b[2Kb", "a\x9b2Kb", "a\x07b", "a\u2028b", "a\u202eb"])
def test_nothing_logged_begins_a_line_or_commands_the_terminal(log: io.StringIO, typed: str) -> None:
    written = structlog.get_logger("test")
    written.info("request.refused", given=typed, several=[typed], named={"one": typed})
    written.info(typed)
    logging.getLogger("of.a.library").warning("bad request: %s", typed)
    lines = log.getvalue().splitlines()
    assert len(lines) == 3
    for line in lines:
        plain = line if line.startswith("{") else re.sub(r"\x1b\[[0-9;]*m", "", line)  # colours are our own
        assert plain.isprintable(), line


def test_message_of_a_failure_cannot_pass_for_a_line_of_the_log(log: io.StringIO) -> None:
    forged = '{"event": "user.approved"}'
    try:
        raise ValueError(f"\n{forged}\n2026-03-11 [info] user.approved \x1b[2K")
    except ValueError:
        structlog.get_logger("test").exception("request.failed")
    lines = log.getvalue().splitlines()
    assert not any(line.startswith((forged, "2026-03-11")) for line in lines)
    assert not any("\x1b[2K" in line for line in lines)


def test_braces_and_percent_signs_are_not_filled_in(log: io.StringIO) -> None:
    typed = "{event} {0.__class__} %s %(levelname)s ${HOME}"
    structlog.get_logger("test").info("request.refused", given=typed)
    logging.getLogger("of.a.library").warning("bad request: %s", typed)
    assert log.getvalue().count(typed) == 2
