"""The operations of openapi.yaml, each handed to its rules."""

from __future__ import annotations

from datetime import datetime
from sqlite3 import Row

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from eservices import models
from eservices.models import Operation, Progress, Receipt
from eservices.reasons import Reason
from eservices.sandbox.access import SCOPE, TOKEN_SECONDS, Credentials, OAuthRefusal, read_form
from eservices.sandbox.enrolment import Enrolments, describe
from eservices.sandbox.fund import Fund
from eservices.sandbox.gate import PDF, Gate, parse
from eservices.sandbox.papers import Files, Papers
from eservices.sandbox.problems import Refusal
from eservices.sandbox.searches import Searches
from eservices.sandbox.store import Store

PERSON = "/v1/persons/{person_id}"
REPORT = PERSON + "/job-search-reports/{period}"
EFFORT = REPORT + "/efforts/{effort_id}"
APPLICATION = PERSON + "/benefit-application"
LONGEST_LOG = 500


def router(store: Store, gate: Gate, credentials: Credentials) -> APIRouter:
    """The contract's routes."""
    routes = APIRouter()
    for part in (_tokens(credentials), _persons(store, gate), _searches(store, gate), _papers(store, gate)):
        routes.include_router(part)
    routes.include_router(_fund(store, gate))
    return routes


def _tokens(credentials: Credentials) -> APIRouter:
    routes = APIRouter()

    @routes.post("/oauth/token", operation_id="issue_token")
    async def issue_token(request: Request) -> Response:
        form = await read_form(request)
        try:
            credentials.check_client(request, form)
            if form.get("grant_type") != "client_credentials":
                raise OAuthRefusal("unsupported_grant_type" if "grant_type" in form else "invalid_request")
            if form.get("scope", SCOPE) != SCOPE:
                raise OAuthRefusal("invalid_scope")
        except OAuthRefusal as refusal:
            return JSONResponse({"error": refusal.error}, refusal.status, {"cache-control": "no-store"})
        token = {"access_token": credentials.issue(), "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return JSONResponse({**token, "scope": SCOPE}, headers={"cache-control": "no-store"})

    return routes


def _persons(store: Store, gate: Gate) -> APIRouter:
    routes = APIRouter()
    enrolments = Enrolments(store)

    @routes.post("/v1/enrolments", operation_id=Operation.CHECK_ENROLMENT)
    async def check_enrolment(request: Request) -> Response:
        def enrol(person: Row, body: bytes) -> BaseModel:
            return enrolments.enrol(person, parse(models.EnrolmentCheck, body))

        def find(body: bytes) -> Row:
            return enrolments.find(parse(models.EnrolmentCheck, body))

        return await gate.write(request, Operation.CHECK_ENROLMENT, enrol, find=find, status=200)

    @routes.get(PERSON, operation_id="get_person")
    async def get_person(request: Request) -> Response:
        return await gate.read(request, "get_person", describe)

    @routes.get(PERSON + "/submissions", operation_id="list_submissions")
    async def list_submissions(request: Request) -> Response:
        def act(person: Row) -> BaseModel:
            rows = store.all("SELECT * FROM submission WHERE person = ? ORDER BY sequence DESC", person["id"])
            return models.Submissions(items=[_submission(row) for row in rows])

        return await gate.read(request, "list_submissions", act)

    @routes.get(PERSON + "/submissions/{number}", operation_id="get_submission")
    async def get_submission(request: Request, number: str) -> Response:
        def act(person: Row) -> BaseModel:
            row = store.one("SELECT * FROM submission WHERE person = ? AND number = ?", person["id"], number)
            if row is None:
                raise Refusal(Reason.NOT_FOUND)
            return _submission(row)

        return await gate.read(request, "get_submission", act)

    @routes.get(PERSON + "/access-log", operation_id="get_access_log")
    async def get_access_log(request: Request) -> Response:
        def act(person: Row) -> BaseModel:
            rows = store.all(
                "SELECT * FROM access WHERE person = ? ORDER BY sequence DESC LIMIT ?", person["id"], LONGEST_LOG
            )
            return models.AccessLog(items=[_access(row) for row in rows])

        return await gate.read(request, "get_access_log", act)

    return routes


def _searches(store: Store, gate: Gate) -> APIRouter:
    routes = APIRouter()

    @routes.get(PERSON + "/job-search-reports", operation_id="list_reports")
    async def list_reports(request: Request) -> Response:
        def act(person: Row) -> BaseModel:
            searches = Searches(store, person)
            return models.Reports(items=[searches.report(period) for period in searches.periods()])

        return await gate.read(request, "list_reports", act)

    @routes.get(REPORT, operation_id="get_report")
    async def get_report(request: Request, period: str) -> Response:
        return await gate.read(request, "get_report", lambda person: Searches(store, person).report(period))

    @routes.post(REPORT + "/efforts", operation_id=Operation.ADD_EFFORT)
    async def add_effort(request: Request, period: str) -> Response:
        def act(person: Row, body: bytes) -> BaseModel:
            return Searches(store, person).add(period, parse(models.Effort, body))

        return await gate.write(request, Operation.ADD_EFFORT, act)

    @routes.put(EFFORT, operation_id=Operation.CHANGE_EFFORT)
    async def change_effort(request: Request, period: str, effort_id: str) -> Response:
        def act(person: Row, body: bytes) -> BaseModel:
            return Searches(store, person).change(period, effort_id, parse(models.Effort, body))

        return await gate.write(request, Operation.CHANGE_EFFORT, act, status=200)

    @routes.delete(EFFORT, operation_id=Operation.REMOVE_EFFORT)
    async def remove_effort(request: Request, period: str, effort_id: str) -> Response:
        def act(person: Row, _body: bytes) -> BaseModel:
            return Searches(store, person).remove(period, effort_id)

        return await gate.write(request, Operation.REMOVE_EFFORT, act, status=200, media_type=None)

    @routes.post(REPORT + "/transmission", operation_id=Operation.TRANSMIT_REPORT)
    async def transmit_report(request: Request, period: str) -> Response:
        def act(person: Row, _body: bytes) -> BaseModel:
            return Searches(store, person).transmit(period)

        return await gate.write(request, Operation.TRANSMIT_REPORT, act, media_type=None)

    return routes


def _papers(store: Store, gate: Gate) -> APIRouter:
    routes = APIRouter()

    @routes.post(PERSON + "/files", operation_id=Operation.STAGE_FILE)
    async def stage_file(request: Request) -> Response:
        def act(person: Row, body: bytes) -> BaseModel:
            return Files(store, person).stage(body)

        return await gate.write(request, Operation.STAGE_FILE, act, media_type=PDF)

    @routes.get(PERSON + "/documents", operation_id="list_documents")
    async def list_documents(request: Request) -> Response:
        return await gate.read(request, "list_documents", lambda person: Papers(store, person).documents())

    @routes.post(PERSON + "/documents", operation_id=Operation.SEND_DOCUMENT)
    async def send_document(request: Request) -> Response:
        def act(person: Row, body: bytes) -> BaseModel:
            return Papers(store, person).send(parse(models.DocumentToSend, body))

        return await gate.write(request, Operation.SEND_DOCUMENT, act)

    @routes.delete(PERSON + "/documents/{document_id}", operation_id=Operation.DELETE_DOCUMENT)
    async def delete_document(request: Request, document_id: str) -> Response:
        def act(person: Row, _body: bytes) -> BaseModel:
            return Papers(store, person).delete(document_id)

        return await gate.write(request, Operation.DELETE_DOCUMENT, act, status=200, media_type=None)

    @routes.post(PERSON + "/incapacities", operation_id=Operation.ANNOUNCE_INCAPACITY)
    async def announce_incapacity(request: Request) -> Response:
        def act(person: Row, body: bytes) -> BaseModel:
            return Papers(store, person).announce(parse(models.IncapacityAnnouncement, body))

        return await gate.write(request, Operation.ANNOUNCE_INCAPACITY, act)

    @routes.post(PERSON + "/incapacities/{number}/end", operation_id=Operation.END_INCAPACITY)
    async def end_incapacity(request: Request, number: str) -> Response:
        def act(person: Row, body: bytes) -> BaseModel:
            return Papers(store, person).end(number, parse(models.IncapacityEnd, body))

        return await gate.write(request, Operation.END_INCAPACITY, act)

    return routes


def _fund(store: Store, gate: Gate) -> APIRouter:
    routes = APIRouter()

    @routes.get(PERSON + "/ipa/{period}", operation_id="get_ipa")
    async def get_ipa(request: Request, period: str) -> Response:
        return await gate.read(request, "get_ipa", lambda person: Fund(store, person).ipa(period))

    @routes.post(PERSON + "/ipa/{period}", operation_id=Operation.SEND_IPA)
    async def send_ipa(request: Request, period: str) -> Response:
        def act(person: Row, body: bytes) -> BaseModel:
            return Fund(store, person).send_ipa(period, parse(models.IpaForm, body))

        return await gate.write(request, Operation.SEND_IPA, act)

    @routes.get(APPLICATION, operation_id="get_application")
    async def get_application(request: Request) -> Response:
        return await gate.read(request, "get_application", lambda person: Fund(store, person).application())

    @routes.put(APPLICATION, operation_id=Operation.SAVE_APPLICATION)
    async def save_application(request: Request) -> Response:
        def act(person: Row, body: bytes) -> BaseModel:
            return Fund(store, person).save(parse(models.ApplicationContent, body))

        return await gate.write(request, Operation.SAVE_APPLICATION, act, status=200)

    @routes.post(APPLICATION + "/transmission", operation_id=Operation.TRANSMIT_APPLICATION)
    async def transmit_application(request: Request) -> Response:
        def act(person: Row, _body: bytes) -> BaseModel:
            return Fund(store, person).transmit()

        return await gate.write(request, Operation.TRANSMIT_APPLICATION, act, media_type=None)

    return routes


def _submission(row: Row) -> models.Submission:
    return models.Submission(
        receipt=Receipt.model_validate_json(row["receipt"]),
        progress=Progress(row["progress"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
    )


def _access(row: Row) -> models.Access:
    return models.Access(
        at=datetime.fromisoformat(row["at"]),
        actor=models.Actor(row["actor"]),
        client_id=row["client"],
        operation=row["operation"],
        status=row["status"],
    )
