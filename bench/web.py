"""The chat in the browser, and many streams at once."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import time
import uuid
from pathlib import Path

import httpx
from playwright.async_api import Browser, async_playwright

from bench.report import Figure
from bench.server import QUESTIONS, running

STREAMS, ANSWERS, TYPED, VISITS = 1000, 200, 30, 20
PATIENCE_SECONDS = 60

SHOWN = """text => new Promise((resolve) => {
  const root = document.querySelector("cornavin-chat").shadowRoot;
  const field = root.querySelector("#message");
  const before = root.querySelectorAll(".messages > li.bot").length;
  field.value = text;
  field.dispatchEvent(new Event("input"));
  new MutationObserver((_, observer) => {
    if (root.querySelectorAll(".messages > li.bot").length === before) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - begun));
  }).observe(root, { childList: true, subtree: true });
  const begun = performance.now();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
})"""
"""Types a text, presses Enter, and gives the milliseconds until its answer is drawn."""


DRAWN = """window.drawn = new Promise((resolve) => {
  new MutationObserver((_, observer) => {
    if (!document.querySelector("cornavin-widget")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
  }).observe(document, { childList: true, subtree: true });
})"""
"""Promises when the widget has been drawn."""

ARRIVED_AND_DRAWN = """drawn.then((at) => at -
  performance.getEntriesByType("resource").find(({ name }) => name.includes("/widget.js")).responseEnd)"""
"""The milliseconds in between."""


async def measure(model: Path) -> list[Figure]:
    """The time from Enter to the answer, where there is a browser, and of answers beside many open streams."""
    with running(model) as (_, address):
        await _ready(address)
        return [*await _shown(address), *await _streamed(address)]


async def _ready(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        while True:
            try:
                if (await client.get("/readyz")).is_success:
                    return
            except httpx.TransportError:
                pass  # it does not listen yet
            await asyncio.sleep(0.05)


async def _shown(address: str) -> list[Figure]:
    executable = shutil.which("chromium")
    if executable is None:
        return []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        launched = [await _launched(browser, address) for _ in range(VISITS)]
        page = await browser.new_page()
        await page.goto(f"{address}/chat")
        await page.get_by_role("textbox").wait_for()
        times = [await page.evaluate(SHOWN, QUESTIONS[turn % len(QUESTIONS)]) for turn in range(TYPED)]
        await browser.close()
    return [
        Figure("launcher visible after its script, median", statistics.median(launched), "ms", goal=150),
        Figure(f"launcher visible after its script, slowest of {VISITS}", max(launched), "ms"),
        Figure("answer shown after Enter, median", statistics.median(times), "ms", goal=100),
    ]


async def _launched(browser: Browser, address: str) -> float:
    """Milliseconds from the arrival of `widget.js` to the frame in which its button is drawn, with an empty cache."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.add_init_script(DRAWN)
    await page.goto(f"{address}/")
    passed: float = await page.evaluate(ARRIVED_AND_DRAWN)
    await context.close()
    return passed


async def _streamed(address: str) -> list[Figure]:
    """Each answer is timed until the stream has brought it."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=PATIENCE_SECONDS) as client:
        headers = [await _session(client) for _ in range(STREAMS)]
        arrivals: list[asyncio.Queue[float]] = [asyncio.Queue() for _ in headers]
        opened = [asyncio.Event() for _ in headers]

        async def listen(number: int) -> None:
            async with client.stream("GET", "/api/chat/stream", headers=headers[number]) as response:
                opened[number].set()
                async for line in response.aiter_lines():
                    if line.startswith("data: ") and '"author":"bot"' in line.replace('": "', '":"'):
                        arrivals[number].put_nowait(time.perf_counter())

        listeners = [asyncio.create_task(listen(number)) for number in range(STREAMS)]
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*(event.wait() for event in opened))
        times = []
        for turn in range(ANSWERS):
            number = turn * STREAMS // ANSWERS
            body = {"client_id": uuid.uuid4().hex, "text": QUESTIONS[turn % len(QUESTIONS)]}
            begun = time.perf_counter()
            (await client.post("/api/chat/messages", json=body, headers=headers[number])).raise_for_status()
            async with asyncio.timeout(PATIENCE_SECONDS):
                times.append(await arrivals[number].get() - begun)
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)
    times.sort()
    name = f"answer by stream, {STREAMS:,} streams open, 95th percentile"
    return [Figure(name, times[int(len(times) * 0.95)] * 1000, "ms", goal=200)]


async def _session(client: httpx.AsyncClient) -> dict[str, str]:
    response = await client.post("/api/chat/sessions", json={})
    return {"authorization": f"Bearer {response.raise_for_status().json()['token']}"}
