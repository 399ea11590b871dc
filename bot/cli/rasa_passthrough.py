"""`cornavin rasa …`: Rasa's own command line on the same files."""

from __future__ import annotations

import os
from collections.abc import Sequence

from base import logs
from base.errors import OperatorError
from base.paths import PROJECT

SUPPORTED = {
    ("data", "validate"),
    ("data", "split"),
    ("data", "convert"),
    ("train",),
    ("test",),
    ("--help",),
    ("-h",),
    ("--version",),
}
"""First words of the commands that work without Rasa's server and without TensorFlow."""


class NotPassedThrough(OperatorError):
    """A command of Rasa's that needs what Cornavin does not install."""


def pass_through(arguments: Sequence[str]) -> None:
    """Runs Rasa's command line in the project's folder.

    Raises:
        NotPassedThrough: For commands that need Rasa's server or its training by TensorFlow.
        StandInUsed: When a command turns out to need a module that is not installed.
    """
    words = list(arguments) or ["--help"]
    if not any(tuple(words[: len(command)]) == command for command in SUPPORTED):
        known = ", ".join(" ".join(command) for command in sorted(SUPPORTED) if not command[0].startswith("-"))
        raise NotPassedThrough(
            cause=f"'rasa {' '.join(words[:2])}' needs parts of Rasa that Cornavin replaces",
            remedy=f"use 'cornavin run', 'chat' or 'ask', or one of: {known}",
        )
    os.chdir(PROJECT)
    logs.configure("console")
    from bot.engine import rasa_library

    rasa_library.command_line(words)
