"""What every test can ask for: a frozen clock, a database of each kind, the trained model, a program, a web client."""

from __future__ import annotations

import multiprocessing
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from multiprocessing.context import ForkServerContext
from pathlib import Path

import httpx
import pytest
from filelock import FileLock
from sqlalchemy import text

import bot.engine  # noqa: F401  # prepares Rasa before tests import parts of it
from base import clock, logs
from base.database import Database
from base.settings import Settings
from bot.channels.web.app import create_app
from bot.cli.training import ensure_trained
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled, load_dialogue
from tests.support import postgres
from tests.support.conversing import Talk, talking

ORDINARY_DAY = datetime(2026, 3, 11, 10, 15, tzinfo=clock.ZONE)
"""A Wednesday with no holiday and no suspension of time limits near."""


@pytest.fixture(scope="session", autouse=True)
def _logging() -> None:
    logs.configure("json")


@pytest.fixture(autouse=True)
def frozen_clock() -> Iterator[datetime]:
    """The program's clock stands still at `ORDINARY_DAY`."""
    clock.freeze(ORDINARY_DAY)
    yield ORDINARY_DAY
    clock.freeze(None)


@pytest.fixture(scope="session")
def processes() -> ForkServerContext:
    """Starts processes quickly: a test process has one server for all its tests, which has imported what they need."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.crashing", "tests.support.delivering"])
    return context


@pytest.fixture(scope="session")
def model() -> Path:
    """The model for the files as they are; trained once, by one worker, and kept where `make run` looks for it."""
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.data_dir / "training.lock"):
        return ensure_trained(settings)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server's maintenance database."""
    binaries = postgres.find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with postgres.running(binaries) as address:
        yield address


@pytest.fixture
async def postgresql_url(postgres_server: str) -> AsyncIterator[str]:
    """The address of an empty PostgreSQL database, dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    maintenance = Database(Settings(database_url=postgres_server).database_url)
    autocommit = maintenance.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    yield Settings(database_url=postgres_server.replace("/postgres?", f"/{name}?")).database_url
    async with autocommit.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await maintenance.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return Settings(database_url=f"sqlite:///{tmp_path / 'test.db'}").database_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database, once of each kind."""
    opened = Database(database_url)
    await opened.migrate()
    yield opened
    await opened.close()


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str) -> Settings:
    """Settings in debug mode, with data in a temporary folder and room for many messages."""
    return Settings(
        data_dir=tmp_path, database_url=sqlite_url, debug=True, session_rate="1000/second", address_rate="1000/second"
    )


@pytest.fixture(scope="session")
def dialogue(model: Path) -> Dialogue:
    """The loaded model; it keeps nothing of any conversation."""
    return load_dialogue(model)


@pytest.fixture
async def program(settings: Settings, dialogue: Dialogue) -> AsyncIterator[Program]:
    """The whole program on a new SQLite database."""
    async with assembled(settings, dialogue) as assembled_program:
        yield assembled_program


@pytest.fixture
async def client(program: Program) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the web application, in process."""
    app = create_app(program)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as web:
            yield web


@pytest.fixture
async def talk(program: Program) -> AsyncIterator[Talk]:
    """A new conversation with the whole program."""
    async with talking(program.assistant, program.database) as conversation:
        yield conversation
