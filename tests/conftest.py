"""What every test can ask for: a frozen clock, a database of each kind, the trained model, a program, a web client."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from multiprocessing.context import ForkServerContext
from pathlib import Path

import httpx
import hypothesis
import pytest
from filelock import FileLock
from sqlalchemy import make_url, text

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

hypothesis.settings.register_profile("cornavin", deadline=None)  # how fast something is, bench/ says
hypothesis.settings.load_profile("cornavin")

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


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


async def _order(server: str, statement: str) -> None:
    """Has a PostgreSQL server carry out what is not for a transaction."""
    maintenance = Database(Settings(database_url=server).database_url)
    async with maintenance.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text(statement))
    await maintenance.close()


def _address(server: str, name: str) -> str:
    return Settings(database_url=server.replace("/postgres?", f"/{name}?")).database_url


@asynccontextmanager
async def _copied(server: str, template: str) -> AsyncIterator[str]:
    """The address of a new PostgreSQL database, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    await _order(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _address(server, name)
    await _order(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables: copied for each test, since making them takes longer than most tests."""
    file = tmp_path_factory.mktemp("template") / "test.db"
    asyncio.run(_migrate(Settings(database_url=f"sqlite:///{file}").database_url))
    return file


@pytest.fixture(scope="session")
def postgresql_template(postgres_server: str) -> str:
    """The name of a PostgreSQL database with all tables, likewise; it goes with its server."""
    name = "all_tables"
    asyncio.run(_order(postgres_server, f"CREATE DATABASE {name}"))
    asyncio.run(_migrate(_address(postgres_server, name)))
    return name


@pytest.fixture
def bare_sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return Settings(database_url=f"sqlite:///{tmp_path / 'test.db'}").database_url


@pytest.fixture
async def bare_postgresql_url(postgres_server: str) -> AsyncIterator[str]:
    """The address of a PostgreSQL database without tables."""
    async with _copied(postgres_server, "template1") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without tables, once of each kind."""
    url: str = request.getfixturevalue(f"bare_{request.param}_url")
    return url


@pytest.fixture
def sqlite_url(bare_sqlite_url: str, sqlite_template: Path) -> str:
    """The address of a SQLite file with all tables, and nothing in them."""
    shutil.copy(sqlite_template, str(make_url(bare_sqlite_url).database))
    return bare_sqlite_url


@pytest.fixture
async def postgresql_url(postgres_server: str, postgresql_template: str) -> AsyncIterator[str]:
    """The address of a PostgreSQL database with all tables, and nothing in them."""
    async with _copied(postgres_server, postgresql_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with all tables, and nothing in them, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with all tables, once of each kind."""
    opened = Database(database_url)
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
