"""The sandbox's OpenID providers: one chooses who one is instead of logging in. Code flow with PKCE.

There is one for jobseekers and one for agents of the helpdesk, as in reality.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from base.settings import PEOPLE_PATH, STAFF_PATH
from eservices.sandbox.access import Credentials, OAuthRefusal, read_form
from eservices.sandbox.config import SandboxConfig
from eservices.sandbox.pages import render
from eservices.sandbox.store import Store

ALGORITHM = "RS256"
KEY_BITS = 2048
CODE_SECONDS = 60
ID_TOKEN_SECONDS = 300
KEY_SETTING = "signing_key"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NO_STORE = {"cache-control": "no-store"}


@dataclass(frozen=True)
class Entry:
    """Somebody to choose.

    Args:
        id: Names them.
        name: What they are called.
        story: The situation they are in.
        detail: What else is known of them.
    """

    id: str
    name: str
    story: str
    detail: str = ""


class LoginRequest(BaseModel):
    """What an authorization request must say."""

    model_config = ConfigDict(extra="ignore")

    client_id: str
    redirect_uri: str
    response_type: str
    scope: str
    code_challenge: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")
    code_challenge_method: str
    state: str | None = None
    nonce: str | None = None
    asked_at: float = 0.0


class Directory(Protocol):
    """Those whom a provider knows."""

    path: str
    """Where their provider is."""
    heading: str
    """What its page asks."""

    def entries(self) -> Sequence[Entry]:
        """Who can be chosen."""
        ...

    def claims(self, entry_id: str) -> dict[str, object] | None:
        """What is said of one of them; None when nobody has that id."""
        ...


class People:
    """The invented jobseekers.

    Args:
        store: Where they are.
    """

    path = PEOPLE_PATH
    heading = "Choisir une personne inventée"

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self) -> Sequence[Entry]:
        """All of them."""
        return [
            Entry(
                row["id"],
                f"{row['given_name']} {row['family_name']}",
                row["story"],
                f"Numéro personnel {row['number']}, date de naissance {row['birth_date']}",
            )
            for row in self._store.all("SELECT * FROM person ORDER BY id")
        ]

    def claims(self, entry_id: str) -> dict[str, object] | None:
        """Name, number and birth date."""
        row = self._store.one("SELECT * FROM person WHERE id = ?", entry_id)
        if row is None:
            return None
        return {
            "sub": row["login"],
            "given_name": row["given_name"],
            "family_name": row["family_name"],
            "birthdate": row["birth_date"],
            "personal_number": row["number"],
        }


class Provider:
    """Logs those in whom a directory knows.

    Args:
        store: Where the key is.
        config: Issuer and clients.
        directory: By default the jobseekers.
    """

    def __init__(self, store: Store, config: SandboxConfig, directory: Directory | None = None) -> None:
        self._store = store
        self._config = config
        self.directory = directory or People(store)
        self.issuer = f"{config.url}{self.directory.path}"
        self.client = (
            Credentials(config.helpdesk_client_id, config.helpdesk_client_secret)
            if self.directory.path == STAFF_PATH
            else Credentials(config.oidc_client_id, config.oidc_client_secret)
        )

    @cached_property
    def _key(self) -> RSAKey:
        """Made when somebody logs in for the first time, and kept."""
        kept = self._store.setting(KEY_SETTING)
        if kept is not None:
            return RSAKey.import_key(json.loads(kept))
        key = RSAKey.generate_key(KEY_BITS, {"kid": secrets.token_hex(8), "use": "sig", "alg": ALGORITHM})
        self._store.set(KEY_SETTING, json.dumps(key.as_dict(private=True)))
        return key

    def discovery(self) -> dict[str, object]:
        """What a client asks first (OpenID Connect Discovery)."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "profile"],
            "authorization_response_iss_parameter_supported": True,
        }

    def jwks(self) -> dict[str, object]:
        """The public key."""
        return {"keys": [dict(self._key.as_dict(private=False))]}

    def check(self, values: dict[str, str]) -> LoginRequest:
        """Reads an authorization request.

        Raises:
            OAuthRefusal: When it is wrong.
        """
        try:
            asked = LoginRequest.model_validate(values)
        except ValidationError:
            raise OAuthRefusal("invalid_request") from None
        if asked.client_id != self.client.client_id or not self._may_return_to(asked.redirect_uri):
            raise OAuthRefusal("invalid_client")
        if asked.response_type != "code":
            raise OAuthRefusal("unsupported_response_type")
        if "openid" not in asked.scope.split() or asked.code_challenge_method != "S256":
            raise OAuthRefusal("invalid_request")
        return asked

    def admit(self, asked: LoginRequest, person: str) -> str:
        """Where to send the browser once a person is chosen."""
        code = secrets.token_urlsafe(32)
        kept = asked.model_copy(update={"asked_at": time.time()})
        self._store.execute("INSERT INTO login_code VALUES (?, ?, ?)", code, person, kept.model_dump_json())
        answer = {"code": code, "iss": self.issuer, **({"state": asked.state} if asked.state else {})}
        return f"{asked.redirect_uri}{'&' if urlsplit(asked.redirect_uri).query else '?'}{urlencode(answer)}"

    def redeem(self, form: dict[str, str]) -> dict[str, object]:
        """Tokens for a code, which is good once and for a minute.

        Raises:
            OAuthRefusal: When it is not good.
        """
        if form.get("grant_type") != "authorization_code":
            raise OAuthRefusal("unsupported_grant_type")
        row = self._store.one("SELECT * FROM login_code WHERE code = ?", form.get("code", ""))
        if row is None:
            raise OAuthRefusal("invalid_grant")
        self._store.execute("DELETE FROM login_code WHERE code = ?", row["code"])
        asked = LoginRequest.model_validate_json(row["request"])
        challenge = _s256(form.get("code_verifier", ""))
        good = asked.redirect_uri == form.get("redirect_uri") and hmac.compare_digest(challenge, asked.code_challenge)
        if not good or time.time() - asked.asked_at > CODE_SECONDS:
            raise OAuthRefusal("invalid_grant")
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.client.client_id, "iat": now, "exp": now + ID_TOKEN_SECONDS}
        if asked.nonce is not None:
            claims["nonce"] = asked.nonce
        id_token = self._sign({**claims, **self._claims(row["person"])})
        access_token = self._sign({**claims, "sub": row["person"], "token_use": "userinfo"})
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ID_TOKEN_SECONDS,
            "id_token": id_token,
            "scope": "openid profile",
        }

    def userinfo(self, authorization: str) -> dict[str, object]:
        """Claims about the person whom an access token stands for.

        Raises:
            OAuthRefusal: When it is not good.
        """
        scheme, _, token = authorization.partition(" ")
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            claims = {}
        if scheme.lower() != "bearer" or claims.get("token_use") != "userinfo" or claims["exp"] < time.time():
            raise OAuthRefusal("invalid_token", 401)
        return self._claims(claims["sub"])

    def _sign(self, claims: dict[str, object]) -> str:
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key)

    def _claims(self, entry_id: str) -> dict[str, object]:
        found = self.directory.claims(entry_id)
        if found is None:
            raise OAuthRefusal("invalid_grant")
        return found

    def _may_return_to(self, address: str) -> bool:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or parts.fragment:
            return False
        return parts.hostname in LOOPBACK or f"{parts.scheme}://{parts.netloc}" in self._config.return_origins


def router(provider: Provider) -> APIRouter:
    """The provider's routes."""
    directory = provider.directory
    routes = APIRouter(prefix=directory.path, include_in_schema=False)

    @routes.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, object]:
        return provider.discovery()

    @routes.get("/jwks")
    async def jwks() -> dict[str, object]:
        return provider.jwks()

    @routes.get("/authorize")
    async def authorize(request: Request) -> HTMLResponse:
        values = dict(request.query_params)
        try:
            asked = provider.check(values)
        except OAuthRefusal as refusal:
            return render("login_refused.html", 400, error=refusal.error)
        target = urlsplit(asked.redirect_uri)
        return render(
            "login.html",
            directory=directory,
            values=values,
            form_targets=f"'self' {target.scheme}://{target.netloc}",
        )

    @routes.post("/authorize")
    async def choose(request: Request) -> Response:
        form = await read_form(request)
        try:
            asked = provider.check(form)
            if directory.claims(form.get("person", "")) is None:
                raise OAuthRefusal("invalid_request")
        except OAuthRefusal as refusal:
            return render("login_refused.html", 400, error=refusal.error)
        return RedirectResponse(provider.admit(asked, form["person"]), 303, NO_STORE)

    @routes.post("/token")
    async def token(request: Request) -> JSONResponse:
        form = await read_form(request)
        try:
            provider.client.check_client(request, form)
            return JSONResponse(provider.redeem(form), headers=NO_STORE)
        except OAuthRefusal as refusal:
            return JSONResponse({"error": refusal.error}, refusal.status, NO_STORE)

    @routes.get("/userinfo")
    async def userinfo(request: Request) -> JSONResponse:
        try:
            return JSONResponse(provider.userinfo(request.headers.get("authorization", "")), headers=NO_STORE)
        except OAuthRefusal as refusal:
            challenge = {"www-authenticate": f'Bearer error="{refusal.error}"'}
            return JSONResponse({"error": refusal.error}, 401, {**NO_STORE, **challenge})

    return routes


def _s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
