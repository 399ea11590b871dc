"""Whatever identifiers people type, wherever they type them: none is kept in clear or logged, not even after a crash."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.casework.files import samples
from tests.support.commands import COMMAND, bare_environment, free_port

PLANTED = {
    "mon numéro AVS est le 756.1234.5678.97": ("756.1234.5678.97", "7561234567897", "756 1234 5678 97"),
    "mon numéro personnel est 48 151 623": ("48 151 623", "48151623", "48.151.623"),
    "mon IBAN : CH48 0900 0000 3041 7265 8": ("CH48 0900 0000 3041 7265 8", "CH4809000000304172658", "3041 7265"),
    "appelez-moi au 076 481 62 34": ("076 481 62 34", "+41764816234", "41764816234", "0764816234", "481 62 34"),
    "mon adresse est Amelie.Dupont@exemple-prive.ch": ("amelie.dupont", "exemple-prive.ch"),
    "je suis née le 12 mars 1980": ("12 mars 1980", "1980-03-12", "12.03.1980", "12031980"),
}
"""What is typed, and how one would look for what must not be found of it."""
SPELLINGS = tuple(itertools.chain(*PLANTED.values()))
CONTROL = "tournesol"
"""What is typed, too, and may be kept: whoever finds it could have found the others."""
EVERYTHING = f"{CONTROL} ! " + ", ".join(PLANTED)
API = "/api/chat"
ROOM = {"CORNAVIN_SESSION_RATE": "10000/minute", "CORNAVIN_ADDRESS_RATE": "10000/minute"}
TURNS_BEFORE_THE_END = 25


@dataclass
class Server:
    """`cornavin run` with its own data folder."""

    folder: Path
    environment: dict[str, str]
    log: Path
    port: int = field(default_factory=free_port)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        environment = {**self.environment, **ROOM, "CORNAVIN_PORT": str(self.port), "CORNAVIN_DEBUG": "1"}
        with self.log.open("ab") as log:
            process = subprocess.Popen([COMMAND, "run"], env=environment, stdout=log, stderr=log)
        try:
            self._wait(process)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            try:
                if httpx.get(f"{self.address}/readyz").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=60)

    def found(self, *wanted: str) -> list[str]:
        """Where something is found: in the rows of every table, in every file byte for byte, in the log."""
        places = [
            f"{file.name}: {text}"
            for file in (*self.folder.rglob("*"), self.log)
            if file.is_file() and file.parent.name != "models"
            for text in wanted
            if _is_in(file.read_bytes(), text)
        ]
        with closing(sqlite3.connect(f"file:{self.folder / 'cornavin.db'}?mode=ro", uri=True)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # its own names
                    kept = b"\0".join(one if isinstance(one, bytes) else str(one).encode() for one in row)
                    places += [f"{table}: {text}" for text in wanted if _is_in(kept, text)]
        return places


def _is_in(content: bytes, text: str) -> bool:
    """Whether a text is there in the usual encodings, whatever its case."""
    content = content.lower()
    spellings = (text, text.replace(" ", "\u00a0"), quote(text), text.encode("unicode_escape").decode())
    return any(
        spelling.lower().encode(encoding) in content for spelling in spellings for encoding in ("utf-8", "utf-16-le")
    )


@pytest.fixture
def server(tmp_path: Path, model: Path) -> Server:
    folder = tmp_path / "data"
    (folder / "models").mkdir(parents=True)
    shutil.copy(model, folder / "models")
    return Server(folder, bare_environment(folder), tmp_path / "server.log")


class Chat:
    """A conversation over the chat API."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        opened = client.post(f"{API}/sessions", json={"locale": "fr"}).json()
        self.headers = {"authorization": f"Bearer {opened['token']}"}
        self._ids = itertools.count()

    def post(self, path: str, **content: Any) -> httpx.Response:
        return self.client.post(f"{API}{path}", headers=self.headers, **content)

    def send(self, text: str, **more: Any) -> dict[str, Any]:
        """Types a message; in debug mode, as it is here, the reply shows what was understood."""
        body = {"client_id": f"c{next(self._ids)}", "text": text, **more}
        response = self.post("/messages", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def history(self) -> str:
        return self.client.get(f"{API}/messages", headers=self.headers).text


def plant_in_the_chat(chat: Chat) -> None:
    """Text, answers and corrections of a task, captions, names of files, comments, and every field of the API."""
    for text in (*PLANTED, EVERYTHING):
        chat.send(text)
    chat.send("je veux calculer mon délai d'opposition")
    for text in PLANTED:
        chat.send(f"j'ai reçu la décision le 3 mars 2026, {text}")
        chat.send(f"non, en fait c'était le 4 mars, {text}")
    chat.send("annuler")
    reply = chat.send(f"je veux parler à un humain, {EVERYTHING}")
    chat.send(EVERYTHING + " bla" * 1000)
    comment = {"message_id": reply["messages"][0]["id"], "value": "down", "comment": EVERYTHING[:1000]}
    assert chat.post("/feedback", json=comment).status_code == 204
    for text, (spelling, *_) in PLANTED.items():
        chat.send("bonjour", client_id=text, locale=spelling[:35])
        assert chat.post("/messages", json={"client_id": text, "choice": spelling}).status_code == 200
        assert chat.post("/messages", json={"client_id": f"{text}.", "files": [spelling[:36]]}).status_code == 422
        assert chat.post("/messages", json={"client_id": "x", "text": text, spelling: spelling}).status_code == 422
        assert chat.post("/messages", content=f'{{"text": "{text}').status_code == 422
        sent = chat.post("/files", files={"file": (f"{text}.png", samples.png(samples.picture()))})
        assert sent.status_code == 201, sent.text
        body = {"client_id": f"file {text}", "files": [sent.json()["id"]]}
        assert chat.post("/messages", json=body).status_code == 200
        refused = chat.post("/files", files={"file": (f"{text}.pdf", b"%PDF- " + text.encode())})
        assert refused.status_code == 422


def plant_in_the_pages(client: httpx.Client) -> None:
    """The conversation without JavaScript, letters, and addresses."""
    ticket = ""
    for text in (*PLANTED, EVERYTHING):
        page = client.get("/chat/simple", params={"question": text, "lang": text[:35]})
        ticket = ticket or page.text.split('name="ticket" value="')[1].split('"')[0]
        page = client.post("/chat/simple", data={"ticket": ticket, "text": text, "ask": "", "choice": text})
        page = client.post("/chat/simple", data={"ticket": ticket, "text": text})
        ticket = page.text.split('name="ticket" value="')[1].split('"')[0]
        fields = ("name", "address", "number", "request", "reasons", "decided", "received")
        for kept in (fields, fields[:5]):
            letter = dict.fromkeys(kept, text[:60])
            assert client.post("/lettre?kind=objection", data=letter).status_code in {200, 422}
        client.get("/lettre", params={"kind": "objection", "received": text})
        client.get(f"/login/{quote(text)}")
        client.get(f"/{quote(text)}", params={"q": text}, headers={"user-agent": quote(text), "referer": quote(text)})
    upload = (f"{' '.join(SPELLINGS[:3])}.png", samples.png(samples.picture()))
    client.post("/chat/simple", data={"ticket": ticket, "text": EVERYTHING}, files={"upload": upload})


def test_no_identifier_is_kept_in_clear_or_logged(server: Server) -> None:
    with server.running(), server.client() as client:
        chat = Chat(client)
        in_debug_mode = [chat.send("mon numéro personnel est 48 151 623", client_id="1") for _ in range(2)]
        assert [reply["debug"]["slots"]["personal_number"] for reply in in_debug_mode] == ["48151623"] * 2
        plant_in_the_chat(chat)
        plant_in_the_pages(client)
        shown = chat.history()
        assert "•••• 7897" in shown
        assert "⟦" not in shown
        assert [text for text in SPELLINGS if text.lower() in shown.lower()] == list(_in_names_of_files())
        assert server.found(*SPELLINGS) == []
    assert server.found(*SPELLINGS) == []
    assert {place.partition(":")[0] for place in server.found(CONTROL)} >= {
        "cornavin.db",
        "messages",
        "feedback",
        "cases",
    }


def _in_names_of_files() -> Iterator[str]:
    """What the person's own names of files show to them alone; they are kept encrypted, with the files."""
    names = " ".join(PLANTED).lower()
    return (text for text in SPELLINGS if text.lower() in names)


@pytest.mark.long
def test_crash_in_the_middle_of_a_turn_leaves_no_identifier(server: Server) -> None:
    with server.running() as process, server.client() as client:
        chats = [Chat(client) for _ in range(3)]
        taken = threading.Semaphore(0)

        def go_on_talking(chat: Chat) -> None:
            try:
                for text in itertools.cycle((*PLANTED, EVERYTHING)):
                    chat.send(text)
                    taken.release()
            except httpx.TransportError:
                pass  # the server is dead

        talkers = [threading.Thread(target=go_on_talking, args=(chat,)) for chat in chats]
        for talker in talkers:
            talker.start()
        for _ in range(TURNS_BEFORE_THE_END):
            taken.acquire()
        process.kill()
        for talker in talkers:
            talker.join()
        assert server.found(*SPELLINGS) == []
    with server.running(), server.client() as client:
        for chat in chats:
            chat.client = client
            assert "•••• 7897" in chat.history()
            chat.send(EVERYTHING, client_id="after the crash")
        assert server.found(*SPELLINGS) == []
    assert server.found(CONTROL)
