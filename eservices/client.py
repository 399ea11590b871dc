"""The client of the e-services contract."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from base import clock
from base.settings import Settings
from eservices import models
from eservices.errors import AccessDenied, EServicesError, Refused, Unavailable, Uncertain
from eservices.reasons import Reason
from eservices.tokens import Tokens

Result = TypeVar("Result", bound=BaseModel)

CLOCK_HEADER = "X-Cornavin-Clock"
_PASSING = {Reason.UNAVAILABLE.urn, Reason.TOO_MANY_REQUESTS.urn}
"""Problems that say that nothing was processed and that it may work later."""


@dataclass(frozen=True)
class Patience:
    """How long a call may take.

    Args:
        timeout: Seconds for one attempt.
        attempts: How often it is tried; deliveries are tried again later by the outbox anyway.
        pause: Seconds before the second attempt; doubled each time, with jitter.
    """

    timeout: float = 10.0
    attempts: int = 2
    pause: float = 0.2


class EServices:
    """Calls the gateway in front of Job-Room, or the sandbox.

    Every write takes the `key` under which the gateway processes it once. The caller makes it, stores it with what is
    to be sent, and repeats the write with the same key until an answer comes.

    Args:
        url: Where the gateway is.
        client_id: Ours.
        client_secret: Ours.
        transport: How requests travel; over the network by default, in tests into an app.
        patience: How long a call may take.
        send_clock: Tells the program's time along with each request; the sandbox goes by it, a real gateway must not.
        use_proxies: Whether the proxies that the environment names are used; there is none on the way to the sandbox.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        patience: Patience | None = None,
        send_clock: bool = False,
        use_proxies: bool = True,
    ) -> None:
        self._patience = patience or Patience()
        self._http = httpx.AsyncClient(
            base_url=url, transport=transport, timeout=self._patience.timeout, trust_env=use_proxies
        )
        self._tokens = Tokens(self._http, client_id, client_secret)
        self._send_clock = send_clock

    @classmethod
    def of(
        cls, settings: Settings, transport: httpx.AsyncBaseTransport | None = None, patience: Patience | None = None
    ) -> EServices:
        """The client for the gateway of the settings, or for the sandbox where none is named."""
        return cls(
            settings.gateway_url,
            settings.eservices_client_id,
            settings.eservices_client_secret.get_secret_value(),
            transport=transport,
            patience=patience,
            send_clock=settings.with_sandbox,
            use_proxies=not settings.with_sandbox,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    async def check_enrolment(self, check: models.EnrolmentCheck, key: str) -> models.Enrolment:
        """Who has this personal number and birth date.

        Raises:
            Refused: ENROLMENT_MISMATCH, ENROLMENT_TAKEN, TOO_MANY_ATTEMPTS.
        """
        return await self._write(models.Enrolment, "POST", "/v1/enrolments", key, check)

    async def person(self, person_id: str) -> models.Person:
        """Someone who was recognised before."""
        return await self._read(models.Person, f"/v1/persons/{person_id}")

    async def reports(self, person_id: str) -> models.Reports:
        """Reports of job searches, the newest first."""
        return await self._read(models.Reports, f"/v1/persons/{person_id}/job-search-reports")

    async def report(self, person_id: str, period: str) -> models.Report:
        """The report of a month."""
        return await self._read(models.Report, self._report(person_id, period))

    async def add_effort(self, person_id: str, period: str, effort: models.Effort, key: str) -> models.SavedEffort:
        """Enters an application; it is not transmitted.

        Raises:
            Refused: NO_CONTROL_PERIOD, DATE_OUTSIDE_PERIOD, DATE_OUT_OF_RANGE, PERIOD_CLOSED, ALREADY_TRANSMITTED.
        """
        path = f"{self._report(person_id, period)}/efforts"
        return await self._write(models.SavedEffort, "POST", path, key, effort)

    async def change_effort(
        self, person_id: str, period: str, effort_id: str, effort: models.Effort, key: str
    ) -> models.SavedEffort:
        """Replaces an application that was not transmitted.

        Raises:
            Refused: As for `add_effort`, and NOT_FOUND, EFFORT_TRANSMITTED.
        """
        path = f"{self._report(person_id, period)}/efforts/{effort_id}"
        return await self._write(models.SavedEffort, "PUT", path, key, effort)

    async def remove_effort(self, person_id: str, period: str, effort_id: str, key: str) -> models.SavedEffort:
        """Takes out an application that was not transmitted.

        Raises:
            Refused: NOT_FOUND, EFFORT_TRANSMITTED, ALREADY_TRANSMITTED, PERIOD_CLOSED.
        """
        path = f"{self._report(person_id, period)}/efforts/{effort_id}"
        return await self._write(models.SavedEffort, "DELETE", path, key)

    async def transmit_report(self, person_id: str, period: str, key: str) -> models.Report:
        """Transmits a report to the ORP, which cannot be undone.

        Raises:
            Refused: NO_CONTROL_PERIOD, TRANSMISSION_NOT_OPEN, NOTHING_TO_TRANSMIT, ALREADY_TRANSMITTED, PERIOD_CLOSED.
        """
        return await self._write(models.Report, "POST", f"{self._report(person_id, period)}/transmission", key)

    async def stage_file(self, person_id: str, pdf: bytes, key: str) -> models.StagedFile:
        """Leaves a PDF with the gateway, for a submission that names it within a day.

        Raises:
            Refused: TOO_LARGE, NOT_A_PDF, FILE_INFECTED.
        """
        return await self._write(models.StagedFile, "POST", f"/v1/persons/{person_id}/files", key, pdf)

    async def announce_incapacity(
        self, person_id: str, announcement: models.IncapacityAnnouncement, key: str
    ) -> models.SentIncapacity:
        """Announces an incapacity for work to the ORP.

        Raises:
            Refused: FILE_UNKNOWN.
        """
        path = f"/v1/persons/{person_id}/incapacities"
        return await self._write(models.SentIncapacity, "POST", path, key, announcement)

    async def end_incapacity(
        self, person_id: str, number: str, end: models.IncapacityEnd, key: str
    ) -> models.SentIncapacity:
        """Tells the ORP the last day of an incapacity that was announced.

        Args:
            number: Of the receipt of its announcement.

        Raises:
            Refused: NOT_FOUND.
        """
        path = f"/v1/persons/{person_id}/incapacities/{number}/end"
        return await self._write(models.SentIncapacity, "POST", path, key, end)

    async def documents(self, person_id: str) -> models.Documents:
        """What is in «Mes documents», the newest first."""
        return await self._read(models.Documents, f"/v1/persons/{person_id}/documents")

    async def send_document(self, person_id: str, document: models.DocumentToSend, key: str) -> models.SentDocument:
        """Hands a document to the ORP or to the fund.

        Raises:
            Refused: FILE_UNKNOWN, TYPE_NOT_TAKEN, USE_INCAPACITY_SERVICE, TOO_MANY_VERSIONS, NO_APPLICATION,
                TRANSMIT_FIRST, DOCUMENTS_CLOSED.
        """
        path = f"/v1/persons/{person_id}/documents"
        return await self._write(models.SentDocument, "POST", path, key, document)

    async def delete_document(self, person_id: str, document_id: str, key: str) -> models.Deletion:
        """Deletes a document for the ORP.

        Raises:
            Refused: NOT_FOUND.
        """
        path = f"/v1/persons/{person_id}/documents/{document_id}"
        return await self._write(models.Deletion, "DELETE", path, key)

    async def ipa(self, person_id: str, period: str) -> models.IpaState:
        """Where the IPA form of a month stands."""
        return await self._read(models.IpaState, f"/v1/persons/{person_id}/ipa/{period}")

    async def send_ipa(self, person_id: str, period: str, form: models.IpaForm, key: str) -> models.SentIpa:
        """Sends the IPA form of a month to the fund, once.

        Raises:
            Refused: NO_CONTROL_PERIOD, IPA_NOT_OPEN, ALREADY_TRANSMITTED, FILE_UNKNOWN.
        """
        return await self._write(models.SentIpa, "POST", f"/v1/persons/{person_id}/ipa/{period}", key, form)

    async def application(self, person_id: str) -> models.ApplicationState:
        """Where the application for benefit stands.

        Raises:
            Refused: NO_APPLICATION.
        """
        return await self._read(models.ApplicationState, f"/v1/persons/{person_id}/benefit-application")

    async def save_application(
        self, person_id: str, content: models.ApplicationContent, key: str
    ) -> models.Application:
        """Writes the application for benefit, which stays «Demande non finalisée».

        Raises:
            Refused: ALREADY_TRANSMITTED, FILE_UNKNOWN.
        """
        path = f"/v1/persons/{person_id}/benefit-application"
        return await self._write(models.Application, "PUT", path, key, content)

    async def transmit_application(self, person_id: str, key: str) -> models.Application:
        """Transmits the application for benefit to the fund, once.

        Raises:
            Refused: NO_APPLICATION, ALREADY_TRANSMITTED, FILE_UNKNOWN.
        """
        path = f"/v1/persons/{person_id}/benefit-application/transmission"
        return await self._write(models.Application, "POST", path, key)

    async def submissions(self, person_id: str) -> models.Submissions:
        """Everything that was written, the newest first."""
        return await self._read(models.Submissions, f"/v1/persons/{person_id}/submissions")

    async def submission(self, person_id: str, number: str) -> models.Submission:
        """What became of a submission.

        Raises:
            Refused: NOT_FOUND.
        """
        return await self._read(models.Submission, f"/v1/persons/{person_id}/submissions/{number}")

    async def access_log(self, person_id: str) -> models.AccessLog:
        """Who has seen or changed a person's data, the newest first."""
        return await self._read(models.AccessLog, f"/v1/persons/{person_id}/access-log")

    @staticmethod
    def _report(person_id: str, period: str) -> str:
        return f"/v1/persons/{person_id}/job-search-reports/{period}"

    async def _read(self, result: type[Result], path: str) -> Result:
        try:
            return await self._patiently(result, self._request("GET", path), "")
        except Uncertain as lost:
            raise Unavailable(str(lost)) from lost  # reading changes nothing

    async def _write(
        self, result: type[Result], method: str, path: str, key: str, body: BaseModel | bytes | None = None
    ) -> Result:
        request = self._request(method, path, body)
        request.headers["idempotency-key"] = key
        return await self._patiently(result, request, key)

    def _request(self, method: str, path: str, body: BaseModel | bytes | None = None) -> httpx.Request:
        headers = {CLOCK_HEADER: clock.now().isoformat()} if self._send_clock else {}
        if isinstance(body, BaseModel):
            headers["content-type"] = "application/json"
            body = body.model_dump_json(exclude_none=True).encode()
        elif body is not None:
            headers["content-type"] = "application/pdf"
        return self._http.build_request(method, path, headers=headers, content=body)

    async def _patiently(self, result: type[Result], request: httpx.Request, key: str) -> Result:
        """Tries until the gateway answers; repeating is safe, because of the key."""
        lost: Uncertain | None = None
        last: EServicesError | None = None
        for attempt in range(self._patience.attempts):
            if attempt:
                await asyncio.sleep(self._patience.pause * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))
            try:
                return await self._once(result, request, key)
            except Uncertain as error:
                lost = error
            except Unavailable as error:
                last = error
                if error.retry_after is not None:
                    break
        # An earlier attempt that may have been processed outweighs a later one that was not.
        failure = lost or last
        assert failure is not None
        raise failure

    async def _once(self, result: type[Result], request: httpx.Request, key: str) -> Result:
        token = await self._tokens.current()
        answer = await self._send(request, token, key)
        if answer.status_code == 401:
            answer = await self._send(request, await self._tokens.current(but=token), key)
        if answer.is_success:
            try:
                return result.model_validate_json(answer.content)
            except ValidationError as error:
                raise Uncertain(f"the answer does not follow the contract, {_places(error)}", key) from None
        raise _failure(answer, key)

    async def _send(self, request: httpx.Request, token: str, key: str) -> httpx.Response:
        request.headers["authorization"] = f"Bearer {token}"
        try:
            return await self._http.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unavailable(type(error).__name__) from error
        except httpx.RequestError as error:
            raise Uncertain(type(error).__name__, key) from error


def _places(error: ValidationError) -> str:
    """Where an answer is wrong, without what it said."""
    return ", ".join("/".join(map(str, one["loc"])) or "as a whole" for one in error.errors(include_input=False)[:3])


def _failure(answer: httpx.Response, key: str) -> EServicesError:
    problem = _problem(answer)
    status = answer.status_code
    if problem is None:
        return Uncertain(f"status {status} without a reason", key)
    if problem.type in _PASSING:
        return Unavailable(problem.title, _seconds(answer.headers.get("retry-after")))
    if status in {401, 403}:
        return AccessDenied(f"the e-services gateway refuses our rights ({problem.title})")
    if status >= 500:
        return Uncertain(f"status {status}", key)
    return Refused(problem.type, status, problem.field, problem.detail, problem.instance)


def _problem(answer: httpx.Response) -> models.Problem | None:
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return None
    try:
        return models.Problem.model_validate_json(answer.content)
    except ValidationError:
        return None


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdecimal() else None
