"""Structured logging: one line per event, with the turn's id and never with what people typed."""

import io
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

# Rasa logs whole conversations at debug level and action failures with the tracker in them; only what it says at
# error level about itself is let through, and its action failures are logged once by bot.engine.assistant.
_LEVELS = {
    "rasa": logging.ERROR,
    "rasa.core.processor": logging.CRITICAL,
    "rasa_sdk": logging.ERROR,
    "apscheduler": logging.ERROR,
    "uvicorn": logging.WARNING,
    "httpx": logging.WARNING,
    "alembic": logging.WARNING,
    "telegram": logging.CRITICAL + 1,  # what it raises is logged once by us; it adds what people typed
}
_CONVERSATION_KEYS = frozenset({"text", "parse_data_text", "parse_data_entities", "slot_values", "rasa_events"})

_WITHOUT_LOCALS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
"""The variables of a failed function hold what someone typed; structlog would write them out."""


def _drop_conversation(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in _CONVERSATION_KEYS & event.keys():
        del event[key]
    return event


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What begins a line, commands a terminal, or turns text around."""
_INDENT = "    "


def _visible(text: str) -> str:
    return _UNSEEN.sub(lambda unseen: ascii(unseen.group())[1:-1], text)


def _make_visible(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Lets no value pass for a line of the log, or reach the terminal as a command; JSON escapes them anyway."""
    return {name: _visible(value) if isinstance(value, str) else value for name, value in event.items()}


def _write_traceback(file: TextIO, failure: structlog.typing.ExcInfo) -> None:
    """Writes a traceback to its lines, which are indented, so that no message of an error passes for an event."""
    written = io.StringIO()
    structlog.dev.plain_traceback(written, failure)
    file.writelines(f"\n{_INDENT}{_visible(line)}" for line in written.getvalue().strip().splitlines())


def configure(log_format: str = "auto", level: int = logging.INFO) -> None:
    """Sets up structlog and the standard library's logging to write to standard error.

    Args:
        log_format: `json` for production, `console` for people, `auto` for console on a terminal and JSON elsewhere.
        level: Least level that is written.
    """
    as_json = log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _drop_conversation,
    ]
    renderer: list[structlog.types.Processor] = (
        [structlog.processors.ExceptionRenderer(_WITHOUT_LOCALS), structlog.processors.JSONRenderer()]
        if as_json
        else [
            _make_visible,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_write_traceback),
        ]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, least in _LEVELS.items():
        logging.getLogger(name).setLevel(least)
