"""Finding out who somebody is from an OpenID provider: authorization code with PKCE, state and nonce.

Requests go with the httpx of the whole program; signatures and claims are checked by joserfc.

```
LoginFailed
├── ProviderDown      it cannot be reached, or answers nonsense: try again later
├── ProviderRefused   it does not say who it is
└── AnswerForged      what came back cannot be believed; nothing of it is used
```
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet
from joserfc.jwt import JWTClaimsRegistry
from pydantic import BaseModel, Field, ValidationError

from base.errors import CornavinError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures that only the provider can make: none with our own secret, and not «none»."""
LEEWAY_SECONDS = 60
"""By how much the provider's clock may differ from ours."""
TIMEOUT_SECONDS = 10.0
SCOPE = "openid profile"
BASIC, POST = "client_secret_basic", "client_secret_post"
LONGEST_SUBJECT = 255

_NONSENSE = (JoseError, LookupError, ValueError, TypeError, UnsupportedAlgorithm)
"""What joserfc raises over a key or a token that it cannot use."""

Shape = TypeVar("Shape", bound=BaseModel)


class LoginFailed(CornavinError):
    """Root of what goes wrong here. The message is for the log and holds nothing personal."""


class ProviderDown(LoginFailed):
    """The provider cannot be reached, or its answer does not follow the standard."""


class ProviderRefused(LoginFailed):
    """The provider takes the code or our credentials for wrong."""


class AnswerForged(LoginFailed):
    """An answer does not come from the provider, or was meant for somebody else."""


class _Discovery(BaseModel):
    """What a provider says about itself (OpenID Connect Discovery)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = (BASIC,)
    authorization_response_iss_parameter_supported: bool = False


class _Tokens(BaseModel):
    id_token: str = Field(min_length=1, repr=False)


class _Keys(BaseModel):
    keys: list[dict[str, Any]] = Field(min_length=1)


@dataclass(frozen=True)
class Identity:
    """Who somebody is.

    Args:
        subject: The provider's stable name of them.
        claims: What else the provider says of them.
    """

    subject: str = field(repr=False)
    claims: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Attempt:
    """One login. Only the browser that began it can go on with it: its secret is in all that is to be proven.

    Args:
        browser: The secret of the browser.
        state: What goes to the provider and comes back.
    """

    browser: str = field(repr=False)
    state: str = field(repr=False)

    @property
    def nonce(self) -> str:
        """What the id_token must name."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What proves that the code was asked for by us (PKCE)."""
        return self._derived("verifier")

    def _derived(self, purpose: str) -> str:
        return keyed_hash(self.browser, f"{purpose} {self.state}")


def keyed_hash(key: str, text: str) -> str:
    """43 characters that say nothing about the key."""
    return _without_padding(hmac.digest(key.encode(), text.encode(), "sha256"))


class OpenIDProvider:
    """Logs people in.

    Args:
        issuer: The provider.
        client_id: Ours.
        client_secret: Ours.
        return_to: Where people come back to.
        transport: How requests travel; over the network by default, in tests into an app.
        use_proxies: Whether the proxies that the environment names are used; there is none on the way to the sandbox.
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        return_to: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        use_proxies: bool = True,
    ) -> None:
        self.issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._return_to = return_to
        self._http = httpx.AsyncClient(transport=transport, timeout=TIMEOUT_SECONDS, trust_env=use_proxies)

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    async def address(self, attempt: Attempt) -> str:
        """Where to send the person.

        Raises:
            ProviderDown: When the provider does not say where.
        """
        endpoint = (await self._discovery()).authorization_endpoint
        asked = {
            "client_id": self._client_id,
            "redirect_uri": self._return_to,
            "response_type": "code",
            "scope": SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": _without_padding(hashlib.sha256(attempt.verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    async def identify(self, attempt: Attempt, code: str, issuer: str | None) -> Identity:
        """Who came back.

        Args:
            attempt: The login that the answer belongs to.
            code: What the provider gave them for us.
            issuer: Who the answer says it is from.

        Raises:
            LoginFailed: One of the three.
        """
        about = await self._discovery()
        self._check_sender(about, issuer)
        tokens = await self._redeem(about, code, attempt.verifier)
        keys = await self._read(_Keys, about.jwks_uri)
        return self._believed(tokens.id_token, keys, about.issuer, attempt.nonce)

    @staticmethod
    def _check_sender(about: _Discovery, issuer: str | None) -> None:
        """Compares the issuer of an answer (RFC 9207), so that no other provider's code is brought to this one."""
        if issuer != about.issuer and (issuer is not None or about.authorization_response_iss_parameter_supported):
            raise AnswerForged("the answer names another issuer, or none")

    async def _discovery(self) -> _Discovery:
        about = await self._read(_Discovery, f"{self.issuer}/.well-known/openid-configuration")
        if about.issuer.rstrip("/") != self.issuer:
            raise ProviderDown("the provider calls itself otherwise than the setting of its issuer does")
        scheme = urlsplit(self.issuer).scheme
        endpoints = (about.authorization_endpoint, about.token_endpoint, about.jwks_uri)
        if any(urlsplit(endpoint).scheme not in {"https", scheme} for endpoint in endpoints):
            raise ProviderDown("the provider names an address without https")
        return about

    async def _redeem(self, about: _Discovery, code: str, verifier: str) -> _Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._return_to,
            "code_verifier": verifier,
        }
        auth = None
        if BASIC in about.token_endpoint_auth_methods_supported:
            auth = httpx.BasicAuth(quote_plus(self._client_id), quote_plus(self._client_secret))  # RFC 6749, 2.3.1
        else:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        request = self._http.build_request("POST", about.token_endpoint, data=form)
        answer = await self._send(request, auth)
        if answer.status_code in {400, 401, 403}:
            raise ProviderRefused(f"no token, status {answer.status_code}")
        return _shaped(_Tokens, answer)

    def _believed(self, id_token: str, keys: _Keys, issuer: str, nonce: str) -> Identity:
        # A token lives by real time, whatever the program's clock says.
        rules = JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(id_token, _understood(keys), algorithms=ALGORITHMS).claims
            rules.validate(claims)
        except _NONSENSE as error:
            raise AnswerForged(f"the id_token is not good, {type(error).__name__}") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._client_id) != self._client_id:
            raise AnswerForged("the id_token was made for another client")
        if len(claims["sub"]) > LONGEST_SUBJECT:
            raise AnswerForged("the id_token names nobody")
        return Identity(claims["sub"], MappingProxyType(claims))

    async def _read(self, shape: type[Shape], address: str) -> Shape:
        return _shaped(shape, await self._send(self._http.build_request("GET", address)))

    async def _send(self, request: httpx.Request, auth: httpx.Auth | None = None) -> httpx.Response:
        try:
            return await self._http.send(request, auth=auth)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderDown(type(error).__name__) from None


def _shaped(shape: type[Shape], answer: httpx.Response) -> Shape:
    try:
        return shape.model_validate_json(answer.content if answer.is_success else b"")
    except ValidationError:
        raise ProviderDown(f"no {shape.__name__.strip('_').lower()}, status {answer.status_code}") from None


def _understood(keys: _Keys) -> KeySet:
    """The keys of a provider without those that we cannot use: it may have some for others, or of a newer kind.

    Raises:
        ProviderDown: When none is left.
    """
    known: list[Key] = []
    for key in keys.keys:
        with contextlib.suppress(*_NONSENSE):
            known.append(JWKRegistry.import_key(key))
    if not known:
        raise ProviderDown("none of the provider's keys can be used")
    return KeySet(known)


def _without_padding(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
