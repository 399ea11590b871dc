"""The sandbox itself: its pages, its switches, and its process."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from base.settings import Settings
from eservices.client import EServices
from eservices.models import ReportStatus
from eservices.sandbox import people, process
from eservices.sandbox.app import create_app
from eservices.sandbox.people import A_PDF, example_effort
from eservices.sandbox.store import Store
from tests.eservices.conftest import CONFIG, NewKey

CAMILLE = people.person_id(1)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def alone(tmp_path: Path, free_port: int) -> Settings:
    """Settings of a sandbox that is no other test's."""
    return Settings(data_dir=tmp_path, sandbox_port=free_port)


async def test_every_page_says_that_it_is_the_sandbox(web: httpx.AsyncClient) -> None:
    for path in ("/sandbox", *(f"/sandbox/persons/{people.person_id(index)}" for index in range(1, 13))):
        page = await web.get(path)
        assert page.status_code == 200
        assert "Bac à sable" in page.text
        assert "script" not in page.headers["content-security-policy"]
        assert "<script" not in page.text


async def test_the_page_shows_what_was_received(eservices: EServices, web: httpx.AsyncClient, new_key: NewKey) -> None:
    effort = example_effort(date(2026, 3, 10), "<b>Chez Lina</b>")
    saved = await eservices.add_effort(CAMILLE, "2026-03", effort, new_key())
    assert saved.receipt.number in (await web.get("/sandbox")).text
    page = (await web.get(f"/sandbox/persons/{CAMILLE}")).text
    assert "&lt;b&gt;Chez Lina&lt;/b&gt;, Vendeuse" in page
    assert "<b>Chez Lina" not in page


async def test_other_sites_cannot_press_its_buttons(web: httpx.AsyncClient) -> None:
    path = f"/sandbox/persons/{people.person_id(3)}/application"
    assert (await web.post(path, headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await web.post(path, headers={"sec-fetch-site": "same-origin"})).status_code == 303
    assert (await web.post("/sandbox/reset", headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await web.get("/sandbox", headers={"sec-fetch-site": "cross-site"})).status_code == 200


async def test_the_page_reopens_a_report(eservices: EServices, web: httpx.AsyncClient) -> None:
    fatima = people.person_id(7)
    await web.post(f"/sandbox/persons/{fatima}/reports/2026-02/reopening")
    assert (await eservices.report(fatima, "2026-02")).status is ReportStatus.RE_OPENED


async def test_the_clock_can_be_set_and_let_go(eservices: EServices, web: httpx.AsyncClient, new_key: NewKey) -> None:
    await web.post("/sandbox/clock", json={"now": "2026-12-02T10:15:00+01:00"})
    staged = await eservices.stage_file(CAMILLE, A_PDF, new_key())
    assert staged.receipt.received_at.isoformat() == "2026-12-02T10:15:00+01:00"
    await web.post("/sandbox/clock", json={"now": None})
    assert (await eservices.stage_file(CAMILLE, A_PDF, new_key())).receipt.received_at.year == 2026
    assert (await web.post("/sandbox/clock", json={"now": "tomorrow"})).status_code == 422


async def test_a_reset_forgets_everything(eservices: EServices, web: httpx.AsyncClient, new_key: NewKey) -> None:
    key = new_key()
    await eservices.stage_file(CAMILLE, A_PDF, key)
    await web.post("/sandbox/faults", json={"kind": "down"})
    assert (await web.post("/sandbox/reset")).status_code == 204
    assert (await web.get("/sandbox/journal")).json() == []
    assert (await web.get("/sandbox/faults")).json() == []
    assert (await eservices.submissions(CAMILLE)).items == []


def test_the_process_starts_answers_keeps_its_data_and_ends(alone: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # No proxy stands between the program and its sandbox.
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    async def stage(key: str) -> str:
        async with EServices.of(alone) as eservices:
            return (await eservices.stage_file(CAMILLE, A_PDF, key)).receipt.number

    with process.running(alone) as url:
        number = asyncio.run(stage("key-of-the-test-1"))
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz", trust_env=False)
    with process.running(alone) as url:
        assert asyncio.run(stage("key-of-the-test-1")) == number
        # A real server ends the connection instead of answering.
        httpx.post(f"{url}/sandbox/faults", json={"kind": "lost"}, trust_env=False)
        assert asyncio.run(stage("key-of-the-test-2")) != number
        journal = httpx.get(f"{url}/sandbox/journal", trust_env=False).json()
        assert [entry["replays"] for entry in journal] == [1, 1]


def test_a_port_that_is_taken_is_said_in_one_line(alone: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", alone.sandbox_port))
        taken.listen()
        ended = subprocess.run(
            [sys.executable, "-m", "eservices.sandbox"],
            env={**os.environ, "CORNAVIN_SANDBOX_PORT": str(alone.sandbox_port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "CORNAVIN_SANDBOX_PORT" in ended.stderr


def test_a_database_that_cannot_be_used_is_said_in_one_line(alone: Settings) -> None:
    folder = alone.data_dir / "sandbox"
    folder.mkdir()
    (folder / "sandbox.db").write_text("This is no database, and longer than a header of one would be." * 20)
    with pytest.raises(process.SandboxFailed, match=r"sandbox\.db"):
        process.serve(alone)


def test_tables_of_another_version_are_begun_again(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    with closing(sqlite3.connect(file)) as older:
        older.execute("CREATE TABLE person (id TEXT PRIMARY KEY, shoe_size INTEGER)")
        older.execute("INSERT INTO person VALUES ('p-00000001', 42)")
        older.commit()
    for _ in range(2):
        app = create_app(replace(CONFIG, file=file))
        assert app.state.store.one("SELECT family_name FROM person")["family_name"] == "Rochat"
        app.state.store.set("kept", "yes")
        app.state.store.close()
    with closing(Store(file)) as store:
        assert store.setting("kept") == "yes"


def test_the_child_ends_when_its_parent_is_killed(alone: Settings, tmp_path: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom base.settings import Settings\n"
        "from eservices.sandbox import process\n"
        f"with process.running(Settings(data_dir=Path({str(tmp_path)!r}), sandbox_port={alone.sandbox_port})):\n"
        "    print('ready', flush=True)\n    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "ready\n"
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    for _ in range(600):
        try:
            httpx.get(f"{alone.sandbox_url}/healthz", trust_env=False)
        except httpx.TransportError:
            return
        time.sleep(0.05)
    pytest.fail("the sandbox is still there")
