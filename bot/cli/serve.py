"""`cornavin run`: the web server with everything behind it."""

from __future__ import annotations

import errno
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import FrameType

import uvicorn
import uvloop
from rich.console import Console

from base.errors import OperatorError
from base.settings import Settings
from bot.cli.training import ensure_trained
from eservices.sandbox import process as sandbox

console = Console()

SHUTDOWN_SECONDS = 5
"""Open streams are cut this long after the program was told to stop."""


class PortInUse(OperatorError):
    """Something else listens where the web server should."""


def check_port(host: str, port: int) -> None:
    """Finds out whether the web server can listen there, before anything slow is begun.

    Raises:
        PortInUse: When it cannot.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
            raise PortInUse(
                cause=f"port {port} on {host} {reason}",
                remedy="stop the other program, or choose another port with CORNAVIN_PORT",
            ) from error


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, sandbox_url: str | None) -> None:
        super().__init__(config)
        self.sandbox_url = sandbox_url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            console.print(
                f"\nCornavin is ready: [bold]http://{self.config.host}:{self.config.port}[/bold]", highlight=False
            )
            if self.sandbox_url:
                console.print(
                    f"What it sends to Job-Room goes to the sandbox: {self.sandbox_url}/sandbox", highlight=False
                )
            console.print()


def serve(settings: Settings) -> None:
    """Serves until interrupted, with the sandbox beside it unless a gateway is named.

    Raises:
        OperatorError: When a port, the database or the model cannot be used.
    """
    check_port(settings.host, settings.port)
    if settings.with_sandbox:
        sandbox.check_port(settings)
    model = ensure_trained(settings)
    console.print("Starting …")
    told_to_stop: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        told_to_stop.append(number)
        sys.exit(128 + number)

    # uvicorn passes the signal on once it has stopped; what is open here must be closed then, too.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with sandbox.starting(settings) if settings.with_sandbox else nullcontext(_no_wait) as wait_for_sandbox:
        _serve_program(settings, model, wait_for_sandbox, told_to_stop)


def _no_wait() -> None:
    pass


def _serve_program(
    settings: Settings, model: Path, wait_for_sandbox: Callable[[], None], told_to_stop: Sequence[int]
) -> None:
    from bot.channels.web.app import create_app
    from bot.program import assembled, load_dialogue

    dialogue = load_dialogue(model, public_url=settings.public_url)
    wait_for_sandbox()
    for number in told_to_stop:  # where Python ignores what is raised, such as while it collects garbage
        sys.exit(128 + number)

    async def run() -> None:
        async with assembled(settings, dialogue) as program:
            config = uvicorn.Config(
                create_app(program),
                host=settings.host,
                port=settings.port,
                ws="none",  # the chat uses server-sent events
                log_config=None,
                access_log=False,
                proxy_headers=True,
                forwarded_allow_ips=settings.trusted_proxies,
                server_header=False,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
            await _Server(config, settings.sandbox_url if settings.with_sandbox else None).serve()

    uvloop.run(run())
