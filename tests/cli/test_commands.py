"""Every command, run as people run it."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from base import clock, deletions
from base.database import Database
from base.encryption import KeyRing
from base.keys import secrets_of
from base.settings import Settings
from casework.cases import Line, Matter, open_case
from casework.files.limits import Kind, Prepared
from casework.files.store import FileStore, files
from conversations import store
from tests.support.commands import COMMAND, assert_one_line, bare_environment, cornavin


@pytest.fixture
def environment(tmp_path: Path, model: Path) -> dict[str, str]:
    """Settings for a process: its own data folder, with the trained model in it."""
    (tmp_path / "models").mkdir()
    shutil.copy(model, tmp_path / "models")
    return bare_environment(tmp_path)


@pytest.mark.long
def test_evaluate_prints_a_table_and_draws_what_is_confused(environment: dict[str, str], tmp_path: Path) -> None:
    result = cornavin(environment, "evaluate", "--test-split-only")
    assert result.returncode == 0
    assert "personal_number" in result.stdout
    assert "topics right" in result.stdout
    pictures = sorted((tmp_path / "evaluation").iterdir())
    assert [picture.name for picture in pictures] == ["test_split_confidence.png", "test_split_confusion.png"]
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)


def test_ask_answers_one_question(environment: dict[str, str]) -> None:
    result = cornavin(environment, "ask", "où est mon numéro personnel ?")
    assert result.returncode == 0
    assert "confirmation d'inscription à l'ORP" in result.stdout
    assert "Source : ge.ch" in result.stdout


def test_ask_answers_one_line_for_each_question_in_their_order(environment: dict[str, str], tmp_path: Path) -> None:
    questions: Sequence[dict[str, Any]] = [
        {"text": "où est mon numéro personnel"},
        {"text": "/restart", "lang": "fr"},
        {"text": "quel temps fait-il", "clock": "2026-12-02T10:15:00+01:00", "note": "ignored"},
        {"text": ""},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(question) for question in questions) + "\n\n")
    result = cornavin(environment, "ask", "--jsonl", str(file))
    assert result.returncode == 0, result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["text"] for answer in answers] == [question["text"] for question in questions]
    assert {frozenset(answer) for answer in answers} == {
        frozenset({"text", "lang", "topic", "intent", "confidence", "answer", "sources", "choices"})
    }
    assert answers[0]["topic"] == "personal_number"
    assert answers[0]["sources"][0]["id"] == "ge_jobroom"
    assert answers[2]["topic"] == "out_of_scope"
    assert not (tmp_path / "cornavin.db").exists()


@pytest.mark.long
def test_ask_names_the_line_that_is_not_a_question(environment: dict[str, str]) -> None:
    result = cornavin(environment, "ask", "--jsonl", "-", typed='{"text": "bonjour"}\n{"txt": 1}\n')
    assert result.returncode == 1
    assert len(result.stdout.splitlines()) == 1
    assert "line 2 of standard input is not a question" in result.stderr


def test_ask_names_the_file_that_is_not_there(environment: dict[str, str]) -> None:
    assert_one_line(cornavin(environment, "ask", "--jsonl", "/no/such/file"), "/no/such/file cannot be read")


def test_chat_talks_and_a_number_taps_a_choice(environment: dict[str, str]) -> None:
    result = cornavin(environment, "chat", typed="puis-je envoyer des documents pour ma demande\n2\n")
    assert result.returncode == 0
    assert "« Droit en cours d'examen »" in result.stdout
    assert "Oui." in result.stdout


def test_wrong_setting_is_named_in_one_line(environment: dict[str, str]) -> None:
    for command in (["run"], ["ask", "bonjour"], ["cases"], ["train"]):
        assert_one_line(cornavin(environment, *command, CORNAVIN_PORT="abc"), "CORNAVIN_PORT")


def test_debug_mode_refuses_anything_but_the_sandbox(environment: dict[str, str]) -> None:
    result = cornavin(environment, "run", CORNAVIN_DEBUG="1", CORNAVIN_ESERVICES_URL="https://gateway.example")
    assert_one_line(result, "CORNAVIN_DEBUG", "sandbox")


def test_port_in_use_is_said_in_one_line(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert_one_line(
            cornavin(environment, "run", CORNAVIN_PORT=str(port)), f"port {port}", "in use", "CORNAVIN_PORT"
        )


def test_database_that_does_not_answer_is_said_in_one_line(environment: dict[str, str]) -> None:
    result = cornavin(environment, "cases", CORNAVIN_DATABASE_URL="postgresql://u:secret@127.0.0.1:9/x")
    assert_one_line(result, "CORNAVIN_DATABASE_URL")
    assert "secret" not in result.stderr


def test_data_folder_that_cannot_be_used_is_named_in_one_line(environment: dict[str, str]) -> None:
    result = cornavin(environment, "cases", CORNAVIN_DATA_DIR="/proc/nowhere")
    assert_one_line(result, "/proc/nowhere", "CORNAVIN_DATA_DIR")


def test_cases_lists_what_waits_for_a_human(environment: dict[str, str], tmp_path: Path) -> None:
    assert cornavin(environment, "cases").stdout.strip() == "Aucun cas ouvert."

    async def open_one() -> None:
        database = Database(Settings(data_dir=tmp_path).database_url)
        async with database.unit_of_work() as work:
            session, _ = await store.open_session(work, "test", "fr")
            said = [Line("2026-03-11", "user", "Au secours")]
            await open_case(work, session.id, Matter("registration", "fr", said))
        await database.close()

    asyncio.run(open_one())
    listed = cornavin(environment, "cases").stdout
    for part in ("C-00001", "Inscription", "français", "ordre", "Au secours"):
        assert part in listed


def test_doctor_finds_a_sound_installation_sound(environment: dict[str, str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    result = cornavin(environment, "doctor", CORNAVIN_PORT=port)
    assert result.returncode == 0, result.stdout
    assert "✗" not in result.stdout


def test_doctor_names_what_is_wrong_and_what_to_do(environment: dict[str, str], tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "models")
    result = cornavin(environment, "doctor", CORNAVIN_DATABASE_URL="postgresql://127.0.0.1:9/x")
    assert result.returncode == 1
    assert "cornavin train" in result.stdout
    assert "CORNAVIN_DATABASE_URL" in result.stdout


def test_doctor_tells_of_damaged_keys_and_of_nights_without_deletion(
    environment: dict[str, str], tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path)

    async def spoil() -> None:
        database, keys = Database(settings.database_url), KeyRing(secrets_of(settings))
        await database.migrate()
        async with database.unit_of_work() as work:
            session, _ = await store.open_session(work, "test", "fr")
            await FileStore(keys).keep(work, session.id, "cv.pdf", Prepared(b"%PDF-1.7", Kind.PDF, 1))
            await work.connection.execute(files.update().values(key=b"rubbish"))
            with clock.at(datetime(2026, 3, 11, tzinfo=clock.ZONE)):
                await deletions.note(work, "cases", 0)
        await database.close()

    asyncio.run(spoil())
    result = cornavin(environment, "doctor", CORNAVIN_PORT=str(_free_port()), CORNAVIN_CLOCK="2026-03-15T10:00:00")
    assert result.returncode == 1
    assert "the keys of 1 files and submissions are damaged" in result.stdout
    assert "nothing was deleted for its age since 2026-03-11" in result.stdout


@pytest.mark.long
def test_rasa_validates_the_project(environment: dict[str, str]) -> None:
    result = cornavin(environment, "rasa", "data", "validate")
    assert result.returncode == 0, result.stderr
    assert "No story structure conflicts found" in result.stdout + result.stderr


@pytest.mark.long
def test_rasa_trains_and_tests_the_project(environment: dict[str, str], tmp_path: Path) -> None:
    trained = cornavin(environment, "rasa", "train", "--out", str(tmp_path / "out"), "--fixed-model-name", "m")
    assert trained.returncode == 0, trained.stderr
    tested = cornavin(
        environment,
        *("rasa", "test", "nlu", "--nlu", "tests/understanding/fr.yml"),
        *("--model", str(tmp_path / "out" / "m.tar.gz"), "--out", str(tmp_path / "results")),
    )
    assert tested.returncode == 0, tested.stderr
    assert (tmp_path / "results" / "intent_report.json").exists()


@pytest.mark.long
def test_rasa_commands_that_cannot_work_say_so(environment: dict[str, str]) -> None:
    for words in (["run"], ["shell"], ["interactive"], ["x"], ["run", "actions"]):
        assert_one_line(cornavin(environment, "rasa", *words), f"rasa {words[0]}", "cornavin run")


def test_run_serves_and_ends_when_told_to(environment: dict[str, str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [COMMAND, "run"],
        env={**environment, "CORNAVIN_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        assert _answers(f"{address}/readyz")
        assert httpx.get(f"http://127.0.0.1:{environment['CORNAVIN_SANDBOX_PORT']}/healthz").status_code == 200
        assert "cornavin-chat" in httpx.get(f"{address}/chat").text
    finally:
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=60)
    assert address in output
    assert "Traceback" not in errors
    sandbox = f"http://127.0.0.1:{environment['CORNAVIN_SANDBOX_PORT']}"
    assert f"{sandbox}/sandbox" in output
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{sandbox}/healthz")


@pytest.mark.long
def test_told_to_stop_while_it_starts_it_leaves_no_sandbox(environment: dict[str, str]) -> None:
    sandbox = f"http://127.0.0.1:{environment['CORNAVIN_SANDBOX_PORT']}/healthz"
    process = subprocess.Popen(
        [COMMAND, "run"],
        env={**environment, "CORNAVIN_PORT": str(_free_port())},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert _answers(sandbox)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    with pytest.raises(httpx.ConnectError):
        httpx.get(sandbox)


def test_a_start_that_fails_leaves_no_sandbox(environment: dict[str, str]) -> None:
    unreachable = f"postgresql://nobody@127.0.0.1:{_free_port()}/nothing"
    result = cornavin(environment, "run", CORNAVIN_PORT=str(_free_port()), CORNAVIN_DATABASE_URL=unreachable)
    assert result.returncode != 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{environment['CORNAVIN_SANDBOX_PORT']}/healthz")


def test_commands_without_a_server_need_no_sandbox(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["CORNAVIN_SANDBOX_PORT"])))
        taken.listen()
        taken.settimeout(0)
        for words in (
            ("ask", "bonjour"),
            ("deadline", "opposition", "--notified", "2026-02-26", "--delivery", "registered", "--benefit", "federal"),
        ):
            assert cornavin(environment, *words).returncode == 0
        with pytest.raises(BlockingIOError):
            taken.accept()


def test_sandbox_port_in_use_is_said_in_one_line(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["CORNAVIN_SANDBOX_PORT"])))
        taken.listen()
        result = cornavin(environment, "run", CORNAVIN_PORT=str(_free_port()))
        assert_one_line(result, environment["CORNAVIN_SANDBOX_PORT"], "in use", "CORNAVIN_SANDBOX_PORT")


@pytest.mark.long
def test_with_a_gateway_no_sandbox_is_started(environment: dict[str, str]) -> None:
    result = cornavin(
        environment,
        "doctor",
        CORNAVIN_PORT=str(_free_port()),
        CORNAVIN_ESERVICES_URL="https://gateway.example",
        CORNAVIN_ESERVICES_CLIENT_SECRET="of the gateway",
    )
    assert result.returncode == 0, result.stdout
    assert "the gateway at https://gateway.example" in result.stdout


def _answers(address: str) -> bool:
    for _ in range(600):
        try:
            return httpx.get(address).is_success
        except httpx.TransportError:
            time.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
