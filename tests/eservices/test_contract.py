"""openapi.yaml is the source: models, client and sandbox follow it, by name and by shape."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from eservices import models
from eservices.client import EServices
from eservices.models import Operation
from eservices.reasons import PREFIX, Reason
from eservices.sandbox.app import create_app
from tests.eservices.conftest import CONFIG

FILE = Path(models.__file__).parent.parent / "openapi.yaml"
METHODS = {"get", "put", "post", "delete"}
NOT_ABOUT_SHAPE = {"description", "title", "examples", "example"}
OF_OAUTH = {"Token", "TokenError"}


@functools.cache
def contract() -> dict[str, Any]:
    """The contract as data."""
    read: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return read


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each operation."""
    return [
        (path, method, operation)
        for path, item in contract()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def shapes() -> list[type[BaseModel]]:
    """Our types for the contract's schemas."""
    public = (getattr(models, name) for name in models.__all__)
    return [one for one in public if isinstance(one, type) and issubclass(one, BaseModel)]


def bare(schema: Any) -> Any:
    """A schema without its words."""
    if isinstance(schema, dict):
        # Below `properties` the keys are names of members, which may be called like a keyword.
        return {
            key: {name: bare(member) for name, member in value.items()} if key == "properties" else bare(value)
            for key, value in schema.items()
            if key not in NOT_ABOUT_SHAPE
        }
    return [bare(one) for one in schema] if isinstance(schema, list) else schema


def test_the_sandbox_has_the_operations_of_the_contract_and_no_other() -> None:
    routes = {
        (route.path, method.lower(), route.operation_id)
        for route in _routes(create_app(CONFIG))
        for method in route.methods or ()
        if route.path.startswith(("/v1", "/oauth"))
    }
    assert routes == {(path, method, operation["operationId"]) for path, method, operation in operations()}


def test_the_types_are_the_schemas_of_the_contract() -> None:
    _, ours = models_json_schema(
        [(shape, "validation") for shape in shapes()], ref_template="#/components/schemas/{model}"
    )
    theirs = {name: schema for name, schema in contract()["components"]["schemas"].items() if name not in OF_OAUTH}
    assert {name: bare(schema) for name, schema in ours["$defs"].items()} == {
        name: bare(schema) for name, schema in theirs.items()
    }


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: shape.__name__)
def test_every_example_of_the_contract_can_be_read(shape: type[BaseModel]) -> None:
    for example in contract()["components"]["schemas"][shape.__name__]["examples"]:
        assert shape.model_validate_json(json.dumps(example)).model_dump(mode="json", exclude_none=True) == example


def test_every_schema_has_a_description_and_an_example_and_every_member_a_description() -> None:
    for name, schema in contract()["components"]["schemas"].items():
        assert schema.get("description"), name
        assert schema.get("examples"), name
        for member, about in schema.get("properties", {}).items():
            described = about.get("description") or "$ref" in about
            assert described, f"{name}.{member}"


def test_what_is_sent_has_limits() -> None:
    """Every text and every list of a request says how long it may be."""
    for name in sent_by_clients():
        for place in without_limit(contract()["components"]["schemas"][name]):
            pytest.fail(f"{name}{place} has no limit")


def test_every_write_asks_for_a_key_and_gives_a_receipt() -> None:
    schemas = contract()["components"]["schemas"]
    for path, method, operation in operations():
        if method == "get" or path.startswith("/oauth"):
            continue
        assert {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"], path
        assert operation["operationId"] in set(Operation)
        success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        schema = success["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert "receipt" in schemas[schema]["properties"], schema


def test_every_reason_stands_in_the_contract_with_its_status() -> None:
    text = contract()["info"]["description"]
    named = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    assert {(name.strip(" `"), int(status)) for name, status in named} == {(str(one), one.status) for one in Reason}
    for _, _, operation in operations():
        for status, answer in operation["responses"].items():
            if answer["description"].startswith("Refused: "):
                for name in answer["description"].removeprefix("Refused: ").rstrip(".").split(", "):
                    assert Reason(name.strip("`")).status == int(status)


def test_the_client_has_every_operation_of_the_contract() -> None:
    reads = {"get_": "", "list_": ""}
    for _, _, operation in operations():
        name = operation["operationId"]
        if name == "issue_token":
            continue
        for prefix, instead in reads.items():
            name = name.replace(prefix, instead)
        assert callable(getattr(EServices, name)), name


def test_the_address_of_a_problem_is_stable() -> None:
    assert Reason.PERIOD_CLOSED.urn == "urn:cornavin:eservices:period-closed" == PREFIX + "period-closed"


def sent_by_clients() -> set[str]:
    """Names of the schemas of request bodies, and of what they are made of."""
    schemas = contract()["components"]["schemas"]
    waiting = [operation["requestBody"] for _, _, operation in operations() if "requestBody" in operation]
    found: set[str] = set()
    while waiting:
        for name in {ref.rpartition("/")[2] for ref in references(waiting.pop())} - found:
            found.add(name)
            waiting.append(schemas[name])
    return found


def references(schema: Any) -> list[str]:
    """Everything that a part of the contract refers to."""
    if isinstance(schema, dict):
        own = [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
        return own + [ref for value in schema.values() for ref in references(value)]
    return [ref for one in schema for ref in references(one)] if isinstance(schema, list) else []


def without_limit(schema: Any, place: str = "") -> list[str]:
    """Where a text, a list or an object is open."""
    if isinstance(schema, list):
        return [found for one in schema for found in without_limit(one, place)]
    if not isinstance(schema, dict):
        return []
    kind = schema.get("type")
    texts = {"maxLength", "enum", "const", "format"}
    # These have a fixed length, or one that their pattern bounds.
    bounded = kind == "string" and "pattern" in schema and "+" not in schema["pattern"] and "*" not in schema["pattern"]
    open_here = (
        (kind == "string" and not (texts & schema.keys() or (bounded and schema["pattern"].startswith("^"))))
        or (kind == "array" and "maxItems" not in schema)
        or (kind == "object" and schema.get("additionalProperties") is not False)
        or (kind == "integer" and not {"minimum", "maximum"} <= schema.keys())
    )
    deeper = [
        found
        for key, value in schema.items()
        if key not in NOT_ABOUT_SHAPE
        for found in (
            [inner for name, member in value.items() for inner in without_limit(member, f"{place}.{name}")]
            if key == "properties"
            else without_limit(value, place)
        )
    ]
    return [place or " itself"] * open_here + deeper


def _routes(app: FastAPI) -> list[APIRoute]:
    """Its routes, those of included routers among them."""
    waiting, found = list(app.routes), []
    while waiting:
        route = waiting.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        elif hasattr(route, "original_router"):
            waiting.extend(route.original_router.routes)
    return found
