"""Who may call: OAuth2 client credentials, with opaque tokens that live as long as the process or an hour."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from fastapi import Request

from eservices.reasons import Reason
from eservices.sandbox.problems import Refusal

TOKEN_SECONDS = 3600
SCOPE = "eservices"


@dataclass(frozen=True)
class OAuthRefusal(Exception):
    """An error of a token endpoint, in the words of OAuth2 (RFC 6749, 5.2)."""

    error: str
    status: int = 400


class Credentials:
    """One client, its secret, and the tokens it was given."""

    def __init__(self, client_id: str, client_secret: str) -> None:
        self.client_id = client_id
        self._secret = client_secret
        self._tokens: dict[str, float] = {}

    def issue(self) -> str:
        """A new token."""
        now = time.monotonic()
        self._tokens = {token: until for token, until in self._tokens.items() if until > now}
        token = secrets.token_urlsafe(32)
        self._tokens[token] = now + TOKEN_SECONDS
        return token

    def forget(self) -> None:
        """Makes all tokens invalid."""
        self._tokens.clear()

    def check_client(self, request: Request, form: dict[str, str]) -> None:
        """Whether the token endpoint is called by the client.

        Raises:
            OAuthRefusal: When it is not.
        """
        given = _basic(request) or (form.get("client_id", ""), form.get("client_secret", ""))
        right = (self.client_id, self._secret)
        if not all(
            hmac.compare_digest(ours.encode(), theirs.encode()) for ours, theirs in zip(right, given, strict=True)
        ):
            raise OAuthRefusal("invalid_client", 401)

    def check_token(self, request: Request) -> str:
        """The client that a request comes from.

        Raises:
            Refusal: When it brings no good token.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self._tokens.get(token, 0.0) <= time.monotonic():
            raise Refusal(Reason.UNAUTHORIZED, headers={"www-authenticate": 'Bearer error="invalid_token"'})
        return self.client_id


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, each once."""
    text = (await request.body()).decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(text).items()}


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote(name), unquote(secret)
