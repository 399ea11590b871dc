"""The audit of dependencies finds what there is to find, and says so when it could not look."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from base.paths import PROJECT
from tests.support.commands import free_port

SECURITY = PROJECT / "docs" / "security.md"
ADVISORY = "PYSEC-0000-1"
HEADING = "### Accepted findings"


@contextmanager
def advisories(found: dict[str, dict[str, Any]], status: int = 200) -> Iterator[str]:
    """The address of a service that knows these advisories, by package."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))["queries"]
            ids = [found.get(query["package"]["name"]) for query in asked]
            self._answer({"results": [{"vulns": [{"id": one["id"]}]} if one else {} for one in ids]})

        def do_GET(self) -> None:
            self._answer(next(one for one in found.values() if self.path.endswith(one["id"])))

        def _answer(self, body: dict[str, Any]) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # named by http.server
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def audit(service: str, accepted: Path = SECURITY) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ".ci/audit.py", "--service", service, "--accepted", str(accepted)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT)


def test_new_finding_fails_and_is_named() -> None:
    with advisories({"dask": {"id": ADVISORY, "summary": "made up"}}) as service:
        result = audit(service)
    assert result.returncode == 1
    assert f"dask 2022.10.2 has {ADVISORY}: made up" in result.stderr


@pytest.mark.parametrize("named", [ADVISORY, "CVE-0000-1"])
def test_finding_with_its_reason_does_not_fail(tmp_path: Path, named: str) -> None:
    file = tmp_path / "security.md"
    file.write_text(f"{HEADING}\n\n| advisory | package | why |\n|---|---|---|\n| {named} | dask | not called |\n")
    with advisories({"dask": {"id": ADVISORY, "aliases": ["CVE-0000-1"]}}) as service:
        result = audit(service, file)
    assert result.returncode == 0, result.stderr
    assert "1 known vulnerabilities" in result.stdout


def test_reason_in_another_table_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "security.md"
    file.write_text(f"{HEADING}\n\nNone.\n\n### Something else\n\n| {ADVISORY} | dask | x |\n")
    with advisories({"dask": {"id": ADVISORY}}) as service:
        assert audit(service, file).returncode == 1


def test_finding_that_is_gone_is_to_be_taken_out(tmp_path: Path) -> None:
    file = tmp_path / "security.md"
    file.write_text(f"{HEADING}\n\n| {ADVISORY} | dask | x |\n")
    with advisories({}) as service:
        result = audit(service, file)
    assert (result.returncode, f"{ADVISORY} is not found any more" in result.stdout) == (0, True)


def test_withdrawn_advisory_is_none() -> None:
    with advisories({"dask": {"id": ADVISORY, "withdrawn": "2026-01-01T00:00:00Z"}}) as service:
        assert audit(service).returncode == 0


def test_service_that_does_not_answer_fails_nothing_and_is_said() -> None:
    with advisories({"dask": {"id": ADVISORY}}, status=503) as service:
        failing = audit(service)
    away = audit(f"http://127.0.0.1:{free_port()}")
    for result in (failing, away):
        assert result.returncode == 0
        assert "NOT DONE" in result.stdout


def test_old_pins_in_the_document_are_those_of_the_lock() -> None:
    packages = tomllib.loads((PROJECT / "uv.lock").read_text())["package"]
    locked = {package["name"]: package["version"] for package in packages}
    section = SECURITY.read_text().partition("### Old pins")[2].partition("\n#")[0]
    rows = dict(re.findall(r"^\| ([a-z][\w-]*) \| (\d[\w.]*) \|", section, flags=re.MULTILINE))
    assert len(rows) >= 8
    assert rows == {name: locked[name] for name in rows}
