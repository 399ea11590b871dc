"""`make bench`."""

from __future__ import annotations

import asyncio

from rich.console import Console

from base import logs
from base.settings import Settings
from bench import deliveries, engine, environment, helpdesk, server, stock, web
from bench.report import show
from bot.cli.training import ensure_trained


def main() -> None:
    """Measures everything, showing what is going on."""
    logs.configure()
    console = Console(stderr=True)
    model = ensure_trained(Settings())
    with console.status("Measuring the server…") as status:
        figures = asyncio.run(server.measure(model))
        status.update("Measuring the chat in the browser…")
        figures += asyncio.run(web.measure(model))
        status.update("Measuring turns…")
        figures += asyncio.run(engine.measure(model))
        status.update("Measuring the helpdesk with a long queue…")
        figures += asyncio.run(helpdesk.measure(model))
        status.update("Measuring submissions, with everything going wrong: some minutes…")
        figures += asyncio.run(deliveries.measure(model))
        status.update("Weighing the environment…")
        figures += environment.measure()
        status.update("Measuring stock Rasa, where it is installed: trains DIET, several minutes…")
        figures = stock.beside(figures)
    show(figures)


if __name__ == "__main__":
    main()
