"""schemathesis finds nothing: whatever is sent, the sandbox answers as the contract says."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import httpx
import pytest
import schemathesis
import schemathesis.openapi
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth

from eservices.sandbox.app import create_app
from eservices.sandbox.people import A_PDF
from eservices.sandbox.transport import InProcess
from tests.eservices.conftest import CONFIG, URL

REFUSED = ["400", "401", "403", "404", "409", "413", "415", "422", "429"]
"""What the rules may say to a request that follows the shapes."""
KNOWN = {"person_id": "p-00000003", "period": "2026-03"}
WITHOUT_APPLICATION = "p-00000001"
"""What must exist so that a request gets as far as the rules."""
SHORT, LONG = 8, 300
"""Requests for each operation and mode."""

schemathesis.openapi.media_type("application/pdf", st.sampled_from([A_PDF, A_PDF * 2, b"no PDF"]))
APP = create_app(CONFIG)
SCHEMA = schemathesis.openapi.from_asgi(
    "/openapi.yaml",
    APP,
    config=schemathesis.Config.from_dict(
        {
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", *REFUSED]},
                "negative_data_rejection": {"expected-statuses": REFUSED},
            }
        }
    ),
)
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}
keys = itertools.count(1)


def _token() -> str:
    async def fetch() -> str:
        async with httpx.AsyncClient(transport=InProcess(APP), base_url=URL) as web:
            grant = {"grant_type": "client_credentials"}
            answer = await web.post("/oauth/token", data=grant, auth=("client", "secret"))
            return str(answer.json()["access_token"])

    return asyncio.run(fetch())


TOKEN = _token()


def fuzz(label: str, mode: GenerationMode, examples: int) -> None:
    operation = OPERATIONS[label]
    known = {name: value for name, value in KNOWN.items() if f"{{{name}}}" in operation.path}
    if "benefit-application" in label:
        known["person_id"] = WITHOUT_APPLICATION
    # Wrong addresses are tried where there is nothing else to get wrong.
    fixed: dict[str, Any] = {"path_parameters": known} if known and (mode.is_positive or "GET" not in label) else {}

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # what fails is short enough as it is
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode, **fixed))
    def call(case: schemathesis.Case) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        if mode is GenerationMode.POSITIVE:
            headers["Idempotency-Key"] = f"key-of-the-fuzzer-{next(keys):08}"
        case.call_and_validate(headers=headers, excluded_checks=[ignored_auth])  # the token is always there

    call()


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_follows_the_contract(label: str, mode: GenerationMode) -> None:
    fuzz(label, mode, SHORT)


@pytest.mark.long
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_follows_the_contract_for_long(label: str, mode: GenerationMode) -> None:
    fuzz(label, mode, LONG)
