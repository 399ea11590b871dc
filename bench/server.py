"""The running server: how soon it answers, what it weighs, how much it takes."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from bench.report import Figure

QUESTIONS = (
    "où trouver mon numéro personnel svp",
    "jusqu'à quand je peux m'inscrire au chômage",
    "quels papiers pour le premier entretien",
    "bonjour",
    "quel temps fait-il",
)
CONNECTIONS, CONVERSATIONS, REQUESTS = 8, 200, 2000


@contextmanager
def running(model: Path) -> Iterator[tuple[psutil.Process, str]]:
    """`cornavin run` on a free port with the trained model, ended at the end."""
    with socket.socket() as free, socket.socket() as another:
        free.bind(("127.0.0.1", 0))
        another.bind(("127.0.0.1", 0))
        port, sandbox_port = free.getsockname()[1], another.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "models").mkdir()
        shutil.copy(model, Path(folder) / "models")
        settings = {
            "CORNAVIN_DATA_DIR": folder,
            "CORNAVIN_PORT": str(port),
            "CORNAVIN_SANDBOX_PORT": str(sandbox_port),
            "CORNAVIN_SESSION_RATE": "100000/minute",
            "CORNAVIN_ADDRESS_RATE": "1000000/minute",
        }
        command = [str(Path(sys.executable).with_name("cornavin")), "run"]
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
        try:
            yield psutil.Process(process.pid), f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


async def measure(model: Path) -> list[Figure]:
    """Start, memory and load."""
    begun = time.perf_counter()
    with running(model) as (process, address):
        await _first_answer(address)
        start = time.perf_counter() - begun
        times, seconds = await _load(address)
        memory = process.memory_info().rss / 2**20
    times.sort()
    return [
        Figure("trained start to first answer", start, "s", goal=8),
        Figure("memory of the process, after the load", memory, "MB", goal=400),
        Figure(f"chat API, {CONNECTIONS} connections", len(times) / seconds, "turns/s", goal=100, at_least=True),
        Figure("chat API, median", statistics.median(times) * 1000, "ms"),
        Figure("chat API, 99th percentile", times[int(len(times) * 0.99)] * 1000, "ms", goal=150),
    ]


async def _first_answer(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        while True:
            try:
                await _take_turn(client, await _open(client), QUESTIONS[0])
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


async def _load(address: str) -> tuple[list[float], float]:
    """Requests on all connections, spread over the conversations.

    Returns:
        The time of each turn in seconds, and of all of them together.
    """
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as client:
        sessions = [await _open(client) for _ in range(CONVERSATIONS)]
        times: list[float] = []

        async def connection(number: int) -> None:
            for turn in range(number, REQUESTS, CONNECTIONS):
                begun = time.perf_counter()
                await _take_turn(client, sessions[turn % CONVERSATIONS], QUESTIONS[turn % len(QUESTIONS)])
                times.append(time.perf_counter() - begun)

        begun = time.perf_counter()
        await asyncio.gather(*(connection(number) for number in range(CONNECTIONS)))
        return times, time.perf_counter() - begun


async def _open(client: httpx.AsyncClient) -> str:
    response = await client.post("/api/chat/sessions", json={})
    token: str = response.raise_for_status().json()["token"]
    return token


async def _take_turn(client: httpx.AsyncClient, token: str, text: str) -> None:
    body = {"client_id": uuid.uuid4().hex, "text": text}
    response = await client.post("/api/chat/messages", json=body, headers={"authorization": f"Bearer {token}"})
    response.raise_for_status()
