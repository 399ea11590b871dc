"""Running the command line as people run it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from base.paths import PROJECT

COMMAND = str(Path(sys.executable).with_name("cornavin"))


def bare_environment(data_dir: Path) -> dict[str, str]:
    """The environment of a process with its own data folder and sandbox, and no other setting."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CORNAVIN_")}
    own = {"CORNAVIN_DATA_DIR": str(data_dir), "CORNAVIN_SANDBOX_PORT": str(free_port())}
    return {**kept, **own, "COLUMNS": "200"}


def free_port() -> int:
    """A port that nobody uses yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cornavin(
    environment: Mapping[str, str], *words: str, typed: str | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """What a command prints and how it ends."""
    command = [COMMAND, *words]
    return subprocess.run(
        command, env={**environment, **settings}, input=typed, capture_output=True, text=True, check=False, cwd=PROJECT
    )


def assert_one_line(result: subprocess.CompletedProcess[str], *parts: str) -> None:
    """The command failed with one line that holds these parts."""
    assert result.returncode == 1
    assert result.stdout == ""
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("cornavin: ")
    for part in parts:
        assert part in line
