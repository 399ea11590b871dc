"""The sandbox's OpenID provider, used as a client library would."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from eservices.sandbox import people
from tests.eservices.conftest import URL

RETURN_TO = "http://127.0.0.1:8000/login/return"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": "login",
    "redirect_uri": RETURN_TO,
    "response_type": "code",
    "scope": "openid profile",
    "state": "the state",
    "nonce": "the nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
SECRET = ("login", "hidden")


async def code_for(web: httpx.AsyncClient, person: str, **changed: str) -> str:
    """Logs a person in and gives the code that comes back."""
    answer = await web.post("/oidc/authorize", data={**ASKED, **changed, "person": person})
    assert answer.status_code == 303, answer.text
    returned = urlsplit(answer.headers["location"])
    values = parse_qs(returned.query)
    assert returned._replace(query="").geturl() == RETURN_TO
    assert (values["state"], values["iss"]) == (["the state"], [f"{URL}/oidc"])
    return values["code"][0]


def redemption(code: str) -> dict[str, str]:
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": RETURN_TO, "code_verifier": VERIFIER}


async def test_someone_chooses_a_person_and_comes_back_as_them(web: httpx.AsyncClient) -> None:
    about = (await web.get("/oidc/.well-known/openid-configuration")).json()
    assert about["issuer"] == f"{URL}/oidc"
    page = await web.get(f"{about['authorization_endpoint']}?{urlencode(ASKED)}")
    assert page.status_code == 200
    assert "Bac à sable" in page.text
    assert re.findall(r'<button name="person" value="(.*?)"', page.text) == [
        people.person_id(index) for index in range(1, len(people.PEOPLE) + 1)
    ]
    code = await code_for(web, people.person_id(3))
    tokens = (await web.post(about["token_endpoint"], data=redemption(code), auth=SECRET)).json()
    keys = KeySet.import_key_set((await web.get(about["jwks_uri"])).json())
    assert "d" not in keys.as_dict(private=False)["keys"][0]
    token = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
    assert token.header["alg"] == "RS256"
    expected = {"iss": f"{URL}/oidc", "aud": "login", "nonce": "the nonce", "sub": people.subject(3)}
    assert expected.items() <= token.claims.items()
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    person = (await web.get(about["userinfo_endpoint"], headers=headers)).json()
    assert person == {
        "sub": people.subject(3),
        "given_name": "Léa",
        "family_name": "Favre",
        "birthdate": "1979-03-30",
        "personal_number": people.personal_number(3),
    }
    assert person.items() <= token.claims.items()


async def test_a_code_is_good_once(web: httpx.AsyncClient) -> None:
    code = await code_for(web, people.person_id(1))
    assert (await web.post("/oidc/token", data=redemption(code), auth=SECRET)).status_code == 200
    again = await web.post("/oidc/token", data=redemption(code), auth=SECRET)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    ("changed", "auth", "error"),
    [
        ({"code_verifier": "w" * 43}, SECRET, "invalid_grant"),
        ({"code_verifier": ""}, SECRET, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:8000/other"}, SECRET, "invalid_grant"),
        ({"code": "guessed"}, SECRET, "invalid_grant"),
        ({"grant_type": "password"}, SECRET, "unsupported_grant_type"),
        ({}, ("login", "wrong"), "invalid_client"),
    ],
)
async def test_a_code_is_not_given_away(
    web: httpx.AsyncClient, changed: dict[str, str], auth: tuple[str, str], error: str
) -> None:
    code = await code_for(web, people.person_id(1))
    answer = await web.post("/oidc/token", data={**redemption(code), **changed}, auth=auth)
    assert answer.json() == {"error": error}


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/return"},
        {"redirect_uri": "javascript:alert(1)"},
        {"client_id": "another"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"scope": "profile"},
        {"response_type": "token"},
    ],
)
async def test_a_wrong_request_is_refused_and_leads_nowhere(web: httpx.AsyncClient, changed: dict[str, str]) -> None:
    shown = await web.get(f"/oidc/authorize?{urlencode({**ASKED, **changed})}")
    chosen = await web.post("/oidc/authorize", data={**ASKED, **changed, "person": people.person_id(1)})
    for answer in (shown, chosen):
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "Connexion impossible" in answer.text


@pytest.mark.parametrize("token", ["", "Bearer x.y.z", "Basic abc"])
async def test_userinfo_needs_a_token(web: httpx.AsyncClient, token: str) -> None:
    assert (await web.get("/oidc/userinfo", headers={"authorization": token})).status_code == 401


async def test_an_id_token_is_no_access_token(web: httpx.AsyncClient) -> None:
    code = await code_for(web, people.person_id(1))
    tokens = (await web.post("/oidc/token", data=redemption(code), auth=SECRET)).json()
    headers = {"authorization": f"Bearer {tokens['id_token']}"}
    assert (await web.get("/oidc/userinfo", headers=headers)).status_code == 401
