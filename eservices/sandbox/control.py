"""What stands beside the contract: the page that shows what was received, and the switches for tests."""

from __future__ import annotations

import json
from sqlite3 import Row

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from base.paths import PROJECT
from eservices.models import Actor, ApplicationState, Operation, Progress
from eservices.reasons import Reason
from eservices.sandbox import people
from eservices.sandbox.access import Credentials
from eservices.sandbox.faults import Fault
from eservices.sandbox.fund import Fund
from eservices.sandbox.gate import parse
from eservices.sandbox.pages import FOLDER, render
from eservices.sandbox.problems import Refusal
from eservices.sandbox.searches import Searches
from eservices.sandbox.store import Store
from law.documents import ApplicationStatus

STATUS_NAMES = {
    ApplicationStatus.DRAFT: "Demande non finalisée",
    ApplicationStatus.UNDER_REVIEW: "Droit en cours d'examen",
    ApplicationStatus.DECIDED: "Cas traité par la caisse",
}
NEXT_STEP = {
    ApplicationStatus.DRAFT: "Transmettre la demande",
    ApplicationStatus.UNDER_REVIEW: "Traiter le cas",
}
OPERATION_NAMES = {
    Operation.CHECK_ENROLMENT: "identification",
    Operation.STAGE_FILE: "fichier déposé",
    Operation.ADD_EFFORT: "recherche saisie",
    Operation.CHANGE_EFFORT: "recherche modifiée",
    Operation.REMOVE_EFFORT: "recherche retirée",
    Operation.TRANSMIT_REPORT: "recherches transmises",
    Operation.ANNOUNCE_INCAPACITY: "incapacité annoncée",
    Operation.END_INCAPACITY: "fin d'incapacité annoncée",
    Operation.SEND_DOCUMENT: "document transmis",
    Operation.DELETE_DOCUMENT: "document supprimé",
    Operation.SEND_IPA: "IPA transmis",
    Operation.SAVE_APPLICATION: "demande enregistrée",
    Operation.TRANSMIT_APPLICATION: "demande transmise",
}
RECENT = 100
CONTRACT = PROJECT / "eservices" / "openapi.yaml"


class ClockSetting(BaseModel):
    """The sandbox's time; null follows the program's clock again."""

    model_config = ConfigDict(extra="forbid")

    now: AwareDatetime | None


def reset(store: Store, credentials: Credentials, faults: list[Fault]) -> None:
    """Begins again with the invented persons as they were; tokens and faults are gone, too."""
    with store.transaction():
        store.clear()
        store.set("clock", None)
        people.invite(store)
    credentials.forget()
    faults.clear()


def router(store: Store, credentials: Credentials, faults: list[Fault]) -> APIRouter:
    """Routes of the page and of the switches."""
    routes = APIRouter(include_in_schema=False, dependencies=[Depends(_same_site)])

    @routes.get("/sandbox/journal")
    async def journal() -> JSONResponse:
        """Every write that was processed, in order; `replays` counts its repetitions."""
        rows = store.all("SELECT * FROM journal ORDER BY sequence")
        return JSONResponse([_entry(row) for row in rows])

    @routes.get("/sandbox/faults")
    async def waiting() -> JSONResponse:
        return JSONResponse([fault.model_dump(mode="json") for fault in faults])

    @routes.post("/sandbox/faults")
    async def add_fault(request: Request) -> JSONResponse:
        faults.append(parse(Fault, await request.body()))
        return JSONResponse([fault.model_dump(mode="json") for fault in faults], 201)

    @routes.delete("/sandbox/faults")
    async def no_faults() -> Response:
        faults.clear()
        return Response(status_code=204)

    @routes.post("/sandbox/clock")
    async def set_clock(request: Request) -> JSONResponse:
        setting = parse(ClockSetting, await request.body())
        store.set("clock", setting.now.isoformat() if setting.now else None)
        return JSONResponse({"now": store.now().isoformat()})

    @routes.post("/sandbox/reset")
    async def start_again() -> Response:
        reset(store, credentials, faults)
        return Response(status_code=204)

    @routes.get("/sandbox/style.css")
    async def style() -> FileResponse:
        return FileResponse(FOLDER / "style.css", media_type="text/css")

    @routes.get("/openapi.yaml")
    async def contract() -> FileResponse:
        return FileResponse(CONTRACT, media_type="application/yaml")

    @routes.get("/")
    async def home() -> RedirectResponse:
        return RedirectResponse("/sandbox")

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    routes.include_router(_pages(store))
    return routes


def _pages(store: Store) -> APIRouter:
    routes = APIRouter()

    @routes.get("/sandbox")
    async def overview() -> HTMLResponse:
        with store.transaction():
            for row in store.all("SELECT * FROM person"):
                Searches(store, row).settle()
        received = store.all(
            "SELECT submission.*, person.given_name, person.family_name FROM submission "
            "JOIN person ON person.id = submission.person ORDER BY sequence DESC LIMIT ?",
            RECENT,
        )
        return render(
            "overview.html",
            now=store.now().isoformat(),
            people=[(row, _status(store, row)) for row in store.all("SELECT * FROM person ORDER BY id")],
            received=[(row, json.loads(row["receipt"])) for row in received],
            status_names=STATUS_NAMES,
            operation_names=OPERATION_NAMES,
        )

    @routes.get("/sandbox/persons/{person_id}")
    async def person(person_id: str) -> HTMLResponse:
        row = _find(store, person_id)
        searches = Searches(store, row)
        with store.transaction():
            searches.settle()
        reports = [searches.report(period) for period in searches.periods()]
        requests = store.all("SELECT * FROM journal WHERE person = ? ORDER BY sequence DESC LIMIT ?", person_id, RECENT)
        return render(
            "person.html",
            person=row,
            application=_status(store, row),
            status_names=STATUS_NAMES,
            next_step=NEXT_STEP,
            operation_names=OPERATION_NAMES,
            reports=[report for report in reports if report.efforts or report.receipt],
            submissions=[
                (one, json.loads(one["receipt"]))
                for one in store.all("SELECT * FROM submission WHERE person = ? ORDER BY sequence DESC", person_id)
            ],
            requests=[(one, _indented(one["request"])) for one in requests],
        )

    @routes.post("/sandbox/persons/{person_id}/application")
    async def advance(person_id: str) -> RedirectResponse:
        """Moves the application to its next status."""
        row = _find(store, person_id)
        with store.transaction():
            Fund(store, row).advance()
            store.note_access(person_id, "advance_application", 200, actor=Actor.RECIPIENT)
        return RedirectResponse(f"/sandbox/persons/{person_id}", 303)

    @routes.post("/sandbox/persons/{person_id}/reports/{period}/reopening")
    async def reopen(person_id: str, period: str) -> RedirectResponse:
        """Opens a report that was transmitted again, as the ORP would."""
        row = _find(store, person_id)
        with store.transaction():
            Searches(store, row).reopen(period)
            store.note_access(person_id, "reopen_report", 200, actor=Actor.RECIPIENT)
        return RedirectResponse(f"/sandbox/persons/{person_id}", 303)

    @routes.post("/sandbox/persons/{person_id}/submissions/{number}/processing")
    async def process(person_id: str, number: str) -> RedirectResponse:
        """Marks a submission as dealt with by its recipient."""
        _find(store, person_id)
        with store.transaction():
            store.execute(
                "UPDATE submission SET progress = ?, changed_at = ? WHERE number = ? AND person = ? AND progress = ?",
                *(Progress.PROCESSED, store.now().isoformat(), number, person_id, Progress.RECEIVED),
            )
            store.note_access(person_id, "process_submission", 200, actor=Actor.RECIPIENT)
        return RedirectResponse(f"/sandbox/persons/{person_id}", 303)

    return routes


def _find(store: Store, person_id: str) -> Row:
    row = store.one("SELECT * FROM person WHERE id = ?", person_id)
    if row is None:
        raise Refusal(Reason.PERSON_UNKNOWN)
    return row


def _status(store: Store, person: Row) -> ApplicationState | None:
    try:
        return Fund(store, person).application()
    except Refusal:
        return None


def _same_site(request: Request) -> None:
    """Other pages in the same browser may lead here, but not press our buttons or switches."""
    if request.method not in {"GET", "HEAD"} and request.headers.get("sec-fetch-site", "none") not in {
        "none",
        "same-origin",
    }:
        raise Refusal(Reason.FORBIDDEN)


def _entry(row: Row) -> dict[str, object]:
    return {
        "sequence": row["sequence"],
        "at": row["at"],
        "person_id": row["person"],
        "operation": row["operation"],
        "idempotency_key": row["key"],
        "number": row["number"],
        "replays": row["replays"],
        "request": json.loads(row["request"]) if row["request"] else None,
    }


def _indented(request: str | None) -> str:
    return json.dumps(json.loads(request), ensure_ascii=False, indent=2) if request else ""
