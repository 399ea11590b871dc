"""The sandbox as a process: alone, or as a child of `cornavin run`."""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from base.errors import OperatorError
from base.paths import PROJECT
from base.settings import SANDBOX_HOST, Settings
from eservices.sandbox.app import create_app
from eservices.sandbox.config import SandboxConfig

SECONDS_TO_START = 60
SECONDS_TO_STOP = 5
PAUSE_SECONDS = 0.05
PARENT = "CORNAVIN_SANDBOX_PARENT"
"""Set for a child: it ends when its standard input does, however its parent ended."""


class SandboxFailed(OperatorError):
    """The sandbox cannot run."""


def check_port(settings: Settings) -> None:
    """Finds out whether the sandbox can listen.

    Raises:
        SandboxFailed: When it cannot.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((SANDBOX_HOST, settings.sandbox_port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            raise SandboxFailed(
                cause=f"port {settings.sandbox_port}, for the sandbox, "
                + ("is in use" if taken else f"cannot be opened ({error.strerror})"),
                remedy="stop the other program, choose another port with CORNAVIN_SANDBOX_PORT, "
                "or name a gateway with CORNAVIN_ESERVICES_URL",
            ) from error


def serve(settings: Settings) -> None:
    """Serves until interrupted.

    Raises:
        SandboxFailed: When the port is taken, or the database cannot be used.
    """
    check_port(settings)
    sandbox = SandboxConfig.of(settings)
    try:
        app = create_app(sandbox)
    except (OSError, sqlite3.Error) as error:
        raise SandboxFailed(
            cause=f"the sandbox's database {sandbox.file} cannot be used ({error})",
            remedy="check the folder, or delete the file: everything in it is invented",
        ) from error
    config = uvicorn.Config(
        app,
        host=SANDBOX_HOST,
        port=settings.sandbox_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    if os.environ.get(PARENT):
        _end_with_parent(server)
    server.run()


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """The sandbox as a child process: gives its address once it answers, and stops it at the end.

    Raises:
        SandboxFailed: When its port is taken, or it does not start.
    """
    with starting(settings) as wait:
        wait()
        yield settings.sandbox_url


@contextmanager
def starting(settings: Settings) -> Iterator[Callable[[], None]]:
    """Starts the sandbox as a child process, gives a function that waits until it answers, and stops it at the end.

    Raises:
        SandboxFailed: When its port is taken; the function raises it when the sandbox does not start.
    """
    check_port(settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "eservices.sandbox"],
        cwd=PROJECT,
        env=_environment(settings),
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the program, which then stops its child
    )
    try:
        yield lambda: _await(settings.sandbox_url, process)
    finally:
        _stop(process)


def _environment(settings: Settings) -> dict[str, str]:
    """The program's environment, with the settings as the program has them."""
    own = {
        "DATA_DIR": str(settings.data_dir.absolute()),
        "SANDBOX_PORT": str(settings.sandbox_port),
        "PUBLIC_URL": settings.public_url,
        "ESERVICES_CLIENT_ID": settings.eservices_client_id,
        "ESERVICES_CLIENT_SECRET": settings.eservices_client_secret.get_secret_value(),
        "OIDC_CLIENT_ID": settings.oidc_client_id,
        "OIDC_CLIENT_SECRET": settings.oidc_client_secret.get_secret_value(),
        "HELPDESK_CLIENT_ID": settings.helpdesk_client_id,
        "HELPDESK_CLIENT_SECRET": settings.helpdesk_client_secret.get_secret_value(),
        "CLOCK": settings.clock.isoformat() if settings.clock else "",
    }
    return {**os.environ, **{f"CORNAVIN_{name}": value for name, value in own.items()}, PARENT: "1"}


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < give_up:
        try:
            if httpx.get(f"{url}/healthz", trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass  # it does not listen yet
        time.sleep(PAUSE_SECONDS)
    raise SandboxFailed(cause="the sandbox did not start", remedy="run python -m eservices.sandbox to see why")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _end_with_parent(server: uvicorn.Server) -> None:
    """Stops the server when the pipe from the parent closes, which happens even when the parent is killed."""

    def watch() -> None:
        while sys.stdin.buffer.read(1):
            pass
        server.should_exit = True

    threading.Thread(target=watch, daemon=True, name="parent").start()
