"""The sandbox in this process, and the client that calls it without a network."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI

from eservices.client import EServices, Patience
from eservices.sandbox.app import create_app
from eservices.sandbox.config import SandboxConfig
from eservices.sandbox.transport import InProcess

URL = "http://sandbox.test"
CONFIG = SandboxConfig(
    url=URL, file=None, client_id="client", client_secret="secret", oidc_client_id="login", oidc_client_secret="hidden"
)
NewKey = Callable[[], str]


@pytest.fixture
def sandbox() -> Iterator[FastAPI]:
    """A sandbox with a database in memory, at the time of the program's clock."""
    app = create_app(CONFIG)
    yield app
    app.state.store.close()


@pytest.fixture
async def web(sandbox: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser or a test that looks at the sandbox."""
    async with httpx.AsyncClient(transport=InProcess(sandbox), base_url=URL) as client:
        yield client


@pytest.fixture
async def eservices(sandbox: FastAPI) -> AsyncIterator[EServices]:
    """The client; it tries twice and hardly waits in between."""
    async with connected(sandbox) as client:
        yield client


@pytest.fixture
def new_key() -> NewKey:
    """Keys, each new."""
    numbers = itertools.count(1)
    return lambda: f"key-of-the-test-{next(numbers):06}"


def connected(sandbox: FastAPI, attempts: int = 2, secret: str = CONFIG.client_secret) -> EServices:
    """A client of a sandbox."""
    patience = Patience(attempts=attempts, pause=0.0)
    return EServices(URL, "client", secret, transport=InProcess(sandbox), patience=patience)
