"""`cornavin run` as a process of its own, as an operator starts it; and applications of tests."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette

from base.paths import PROJECT
from base.settings import PREFIX

COMMAND = Path(sys.executable).with_name("cornavin")
ORDINARY_DAY = "2026-03-11T10:15:00+01:00"
SECONDS_TO_START = 120
SECONDS_TO_STOP = 10
PAUSE_SECONDS = 0.1


@contextmanager
def running(
    model: Path,
    folder: Path,
    port: int | None = None,
    allowed_origins: str = "",
    sandbox_port: int | None = None,
    clock: str = ORDINARY_DAY,
    **more: str,
) -> Iterator[str]:
    """Starts the program, gives its address once it is ready, and stops it at the end.

    Args:
        model: A trained model; the program finds a copy of it and need not train.
        folder: Where the program keeps its data; what it kept there before, it finds again.
        port: Where it serves; a free one unless given.
        allowed_origins: Of pages that may embed the chat, separated by commas.
        sandbox_port: Where its sandbox serves; a free one unless given.
        clock: The moment at which its clock stands still; empty for one that runs.
        more: Further settings, by their names.

    Raises:
        RuntimeError: When the program does not become ready; with what it said.
    """
    models = folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    shutil.copy(model, models)
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "DEBUG": "1",
        "SANDBOX_PORT": str(sandbox_port or free_port()),
        "ALLOWED_ORIGINS": allowed_origins,
        "SESSION_RATE": "1000/second",
        "ADDRESS_RATE": "1000/second",
        **({"CLOCK": clock} if clock else {}),
        **{name.upper(): value for name, value in more.items()},
    }
    said = folder / "server.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [str(COMMAND), "run"], cwd=PROJECT, env=_environment(settings), stdout=log, stderr=log
        )
    try:
        if not _ready(address, process):
            raise RuntimeError(f"cornavin run did not become ready:\n{said.read_text()}")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def serving(app: Starlette, port: int | None = None) -> Iterator[str]:
    """Serves an application of a test from a thread of its own, and gives its address.

    Args:
        app: What is served.
        port: Where; a free one unless given.
    """
    port = port or free_port()
    serving = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, ws="none"))
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(PAUSE_SECONDS / 10)
    yield f"http://127.0.0.1:{port}"
    serving.should_exit = True
    thread.join()


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment with settings of this program only."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return inherited | {f"{PREFIX}{name}": value for name, value in settings.items()}


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _ready(address: str, process: subprocess.Popen[bytes]) -> bool:
    """Waits until the program serves; False when it ended, or took too long."""
    give_up = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < give_up:
        try:
            if httpx.get(f"{address}/readyz").is_success:
                return True
        except httpx.TransportError:
            pass  # it does not listen yet
        time.sleep(PAUSE_SECONDS)
    return False
