"""Access tokens: OAuth2 client credentials."""

from __future__ import annotations

import asyncio
import time

import httpx
from pydantic import BaseModel, Field, ValidationError

from eservices.errors import AccessDenied, Unavailable

RENEW_BEFORE_SECONDS = 30
SHORTEST_SECONDS = 1
SCOPE = "eservices"


class _Token(BaseModel):
    access_token: str = Field(min_length=1)
    expires_in: float = 300


class Tokens:
    """Fetches a token when one is needed and keeps it until shortly before it expires.

    Args:
        http: The client that calls the gateway.
        client_id: Ours.
        client_secret: Ours.
    """

    def __init__(self, http: httpx.AsyncClient, client_id: str, client_secret: str) -> None:
        self._http = http
        self._credentials = httpx.BasicAuth(client_id, client_secret)
        self._token = ""
        self._good_until = 0.0
        self._fetching: asyncio.Task[None] | None = None

    async def current(self, but: str = "") -> str:
        """A token that is good. Whoever asks while one is being fetched waits for that one, and fails with it.

        Args:
            but: One that the gateway has refused.

        Raises:
            AccessDenied: When the gateway does not know our credentials.
            Unavailable: When it does not answer.
        """
        # A token lives by real time, whatever the program's clock says.
        if self._token in {"", but} or time.monotonic() >= self._good_until:
            if self._fetching is None:
                self._fetching = asyncio.create_task(self._fetch())
                self._fetching.add_done_callback(self._has_fetched)
            await asyncio.shield(self._fetching)  # who gives up waiting leaves the others theirs
        return self._token

    def _has_fetched(self, fetching: asyncio.Task[None]) -> None:
        self._fetching = None
        if not fetching.cancelled():
            fetching.exception()  # told to those who waited, if anybody still does

    async def _fetch(self) -> None:
        grant = {"grant_type": "client_credentials", "scope": SCOPE}
        try:
            answer = await self._http.post("/oauth/token", data=grant, auth=self._credentials)
        except httpx.RequestError as error:
            raise Unavailable(f"no token, {type(error).__name__}") from error
        if answer.status_code in {400, 401, 403}:
            raise AccessDenied("the e-services gateway does not accept our credentials")
        try:
            token = _Token.model_validate_json(answer.content if answer.is_success else b"")
        except ValidationError:
            raise Unavailable(f"no token, status {answer.status_code}") from None
        self._token = token.access_token
        self._good_until = time.monotonic() + max(SHORTEST_SECONDS, token.expires_in - RENEW_BEFORE_SECONDS)
