"""The sandbox as an application."""

from __future__ import annotations

from fastapi import FastAPI

from eservices.sandbox import api, control, login, people, problems, staff
from eservices.sandbox.access import Credentials
from eservices.sandbox.config import SandboxConfig
from eservices.sandbox.faults import Fault, Faults
from eservices.sandbox.gate import Gate
from eservices.sandbox.store import Store


def create_app(config: SandboxConfig) -> FastAPI:
    """The contract, the login provider, the page and the switches, on one database."""
    store = Store(config.file)
    credentials = Credentials(config.client_id, config.client_secret)
    faults: list[Fault] = []
    if store.one("SELECT id FROM person") is None:
        with store.transaction():
            people.invite(store)

    app = FastAPI(title="Cornavin, bac à sable", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.store = store  # whoever made the app closes it
    problems.install(app)
    app.include_router(api.router(store, Gate(store, credentials), credentials))
    for directory in (login.People(store), staff.Staff()):
        app.include_router(login.router(login.Provider(store, config, directory)))
    app.include_router(control.router(store, credentials, faults))
    app.add_middleware(Faults, waiting=faults)
    return app
