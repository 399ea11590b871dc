"""Settings, read from the environment with the prefix `CORNAVIN_`."""

import re
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from base import clock
from base.errors import OperatorError
from base.paths import PROJECT
from base.quiet import USUAL, QuietHours

PREFIX = "CORNAVIN_"
LONGEST_NOTICE = 300
"""Characters of a service notice: it stands above the conversation."""
SANDBOX_HOST = "127.0.0.1"
"""The sandbox listens on this machine only: it lets anybody in."""
SANDBOX_SECRET = "bac-a-sable"  # noqa: S105  # it protects nothing
"""Secret with which the program and its own sandbox know each other."""
PEOPLE_PATH, STAFF_PATH = "/oidc", "/staff/oidc"
"""Where the sandbox has a provider for jobseekers and one for agents of the helpdesk."""
BOT_API = "https://api.telegram.org"
WEBHOOK_PATH = "/telegram/webhook"
"""Where the web server takes what Telegram sends."""
WEBHOOK_PORTS = (80, 88, 443, 8443)
SHORTEST_KEY = 16
"""Characters of a key that signs."""
Days = Annotated[int, Field(ge=1, le=36_525)]
"""A period; a hundred years at the most."""
DRIVERS = {"sqlite": "sqlite+inline", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}

_ORIGIN = re.compile(r"(https?)://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
"""Letters outside of ASCII are written in Punycode; patterns such as `https://*.ge.ch` are none."""
_USUAL_PORTS = {"http": "80", "https": "443"}


class SettingError(OperatorError):
    """A setting has a value that Cornavin cannot work with."""


def _database_url(url: str) -> str:
    """Accepts the common spellings of SQLite and PostgreSQL addresses and names the driver in use."""
    if not url:
        return ""  # the default depends on data_dir
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("expected a database address such as postgresql://user:password@host/name") from None
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise ValueError("expected an address that begins with sqlite:/// or postgresql://")
    return parsed.set(drivername=DRIVERS[backend]).render_as_string(hide_password=False)


def _web_address(url: str | None) -> str | None:
    """Accepts addresses that a client can call; an empty one is none."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("expected an address such as https://gateway.example.ch")
    return url.rstrip("/")


def _own_address(url: str) -> str:
    """Accepts what `_web_address` accepts; an empty one is filled in later."""
    return _web_address(url) or ""


def _bot_api_address(url: str) -> str:
    """Accepts what `_web_address` accepts; an empty one is Telegram's own."""
    return _web_address(url) or BOT_API


def _webhook_address(url: str | None) -> str | None:
    """Accepts addresses that Telegram calls; an empty one is none, and one without a path gets ours."""
    address = _web_address(url)
    if address is None:
        return None
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.path not in {"", WEBHOOK_PATH} or parts.query or parts.fragment:
        raise ValueError(f"expected an address such as https://chat.example.ch{WEBHOOK_PATH}")
    if (parts.port or 443) not in WEBHOOK_PORTS:
        raise ValueError(f"expected one of the ports that Telegram calls: {', '.join(map(str, WEBHOOK_PORTS))}")
    return f"{address.removesuffix(WEBHOOK_PATH)}{WEBHOOK_PATH}"


def _scanner_address(url: str | None) -> str | None:
    """Accepts the address of a clamd; an empty one is none."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        complete = parts.scheme == "tcp" and parts.hostname and parts.port
    except ValueError:  # a port that is no number
        complete = False
    if not complete:
        raise ValueError("expected an address such as tcp://clamav:3310")
    return url


def _origin(text: str) -> str:
    """An origin as a browser writes it: in small letters, and without the port that goes without saying."""
    found = _ORIGIN.fullmatch(text.strip().rstrip("/").lower())
    if not found:
        raise ValueError(f"expected origins such as https://www.ge.ch, and found {text}")
    scheme, host, port = found.groups()
    return f"{scheme}://{host}" if port in {None, _USUAL_PORTS[scheme]} else f"{scheme}://{host}:{port}"


def _origin_or_none(text: str | None) -> str | None:
    """An origin; an empty one is none."""
    return _origin(text) if text else None


def secrets_in(written: str) -> tuple[str, ...]:
    """The secrets that a setting holds, separated by commas."""
    return tuple(part.strip() for part in written.split(",") if part.strip())


def _key(key: SecretStr | None) -> SecretStr | None:
    """Accepts keys that nobody guesses; an empty one is none."""
    found = secrets_in(key.get_secret_value()) if key else ()
    if any(len(one) < SHORTEST_KEY for one in found):
        raise ValueError(f"expected at least {SHORTEST_KEY} characters")
    return key if found else None


def _token(token: SecretStr | None) -> SecretStr | None:
    """Accepts tokens that nobody guesses; an empty one is none."""
    found = token.get_secret_value().strip() if token else ""
    if found and (len(found) < SHORTEST_KEY or not found.isascii() or " " in found):
        raise ValueError(f"expected at least {SHORTEST_KEY} characters without spaces or accents")
    return SecretStr(found) if found else None


def _notice(text: str | None) -> str | None:
    """Accepts one short paragraph; an empty one is none."""
    if not text or not text.strip():
        return None
    if len(text) > LONGEST_NOTICE or not text.strip().isprintable():
        raise ValueError(f"expected one line of at most {LONGEST_NOTICE} characters")
    return text.strip()


class Settings(BaseSettings):
    """What an operator can set. Every field is read from the environment as `CORNAVIN_<NAME>`.

    Rate limits use the notation of the `limits` library, e.g. `40/minute`.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", hide_input_in_errors=True)

    data_dir: Path = PROJECT / "var"
    """Where the model, the SQLite database and the generated key are kept."""
    database_url: Annotated[str, AfterValidator(_database_url), Field(repr=False)] = ""
    """SQLite or PostgreSQL; by default a SQLite file in `data_dir`."""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_url: Annotated[str, AfterValidator(_own_address)] = ""
    """Address under which people reach the program, for links in messages; by default where it listens."""
    eservices_url: Annotated[str | None, AfterValidator(_web_address)] = None
    """Address of the gateway in front of Job-Room; unset means the sandbox."""
    eservices_client_id: str = "cornavin"
    """OAuth2 client id that the gateway gave us."""
    eservices_client_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    """OAuth2 client secret; needed when `eservices_url` is set."""
    sandbox_port: Annotated[int, Field(ge=1, le=65535)] = 8001
    """Where the sandbox listens, on this machine only; unused when `eservices_url` is set."""
    oidc_issuer: Annotated[str | None, AfterValidator(_web_address)] = None
    """OpenID provider with which people log in; unset means that of the sandbox, and none without the sandbox."""
    oidc_client_id: str = "cornavin"
    oidc_client_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    """Client secret at the OpenID provider; needed when `oidc_issuer` is set."""
    helpdesk_issuer: Annotated[str | None, AfterValidator(_web_address)] = None
    """OpenID provider with which agents of the helpdesk sign in; unset means that of the sandbox, and none without it."""
    helpdesk_client_id: str = "cornavin-helpdesk"
    helpdesk_client_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    """Client secret at that provider; needed when `helpdesk_issuer` is set."""
    helpdesk_roles_claim: Annotated[str, Field(min_length=1)] = "cornavin_roles"
    """Claim of the id_token with the agent's roles, a list such as `["agent:orp", "supervisor:fund"]`."""
    helpdesk_session_minutes: Annotated[int, Field(ge=5, le=12 * 60)] = 60
    """Minutes without a request after which an agent is signed out."""
    web_login_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 30
    """Minutes without a message after which a login in the web chat ends."""
    chat_login_days: Annotated[int, Field(ge=1, le=365)] = 40
    """Days without a message after which a login in a chat app ends."""
    application_hours: Annotated[int, Field(ge=1, le=24 * 365)] = 24
    """Hours after which it is looked again how a person's application for benefit stands."""
    telegram_token: SecretStr | None = None
    """Token of the bot, from @BotFather; unset or empty means that there is no Telegram. Not checked here: a wrong one
    stops that channel and nothing else."""
    telegram_webhook_url: Annotated[str | None, AfterValidator(_webhook_address)] = None
    """Address at which Telegram reaches the web server; unset means that updates are fetched (long polling)."""
    telegram_api_url: Annotated[str, AfterValidator(_bot_api_address)] = BOT_API
    """Where the Bot API is, for those who run a server of their own."""
    telegram_health_files: bool = False
    """Whether documents about health may be sent in Telegram itself; otherwise by a one-time link to our own site."""
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Origins of pages that may embed the chat, separated by commas; written as browsers write them."""
    widget_origin: Annotated[str | None, AfterValidator(_origin_or_none)] = None
    """Where the page at `/` takes the widget from; unset means from where the page itself comes."""
    trusted_proxies: str = "127.0.0.1"
    """Addresses whose `X-Forwarded-For` is believed, separated by commas; rate limits go by it."""
    session_rate: str = "40/minute"
    """Messages that one chat session may send."""
    address_rate: str = "600/minute"
    """Requests that one network address may make; many people can share one."""
    upload_rate: str = "500/hour"
    """Megabytes of files that one network address may send; a file counts for one at least."""
    service_notice: Annotated[str | None, AfterValidator(_notice)] = None
    """What the chat says at its top, e.g. that Job-Room is closed on Sunday; plain text."""
    secret_key: Annotated[SecretStr | None, AfterValidator(_key)] = None
    """Signs and encrypts; unset means a key of the data folder. After a comma may follow those it replaced, which then
    only read what they encrypted."""
    uploads: bool = True
    """Whether the chat takes files."""
    clamav_url: Annotated[str | None, AfterValidator(_scanner_address)] = None
    """Address of a clamd, e.g. `tcp://clamav:3310`; when set, no file is taken without its clean verdict."""
    metrics_token: Annotated[SecretStr | None, AfterValidator(_token)] = None
    """Opens `/metrics` to whoever shows it as a bearer token; unset means that there is no such page."""
    quiet_from: time = USUAL.begin
    """From when on the assistant says nothing of its own accord, e.g. `21:00`; in Europe/Zurich."""
    quiet_until: time = USUAL.end
    """Until when; the same time as `quiet_from` means never."""
    helpdesk_hours: Annotated[tuple[tuple[time, time], ...], NoDecode] = ()
    """When somebody answers at the helpdesk on working days, e.g. `08:30-12:00 13:30-17:00`; in Europe/Zurich. Unset
    means that people are told the days only."""
    retention_conversation_days: Days = 90
    """How long a conversation is kept after its last message."""
    retention_draft_days: Days = 90
    """How long a task that was begun is kept after its last change."""
    retention_files_days: Days = 30
    """How long a file is kept after it was delivered."""
    retention_stuck_files_days: Days = 90
    """How long a file is kept that could not be delivered."""
    retention_submission_days: Days = 1095
    """How long it is kept what was handed in and when, after it was confirmed."""
    retention_case_days: Days = 365
    """How long a case of the helpdesk is kept after it was closed."""
    retention_outbox_days: Days = 30
    """How long it is kept what the program did in the background, after it was done or given up."""
    retention_access_log_days: Days = 365
    """How long it is kept who read or sent something personal."""
    debug: bool = False
    clock: datetime | None = None
    """Freezes the program's clock, e.g. `2026-12-02T10:15:00+01:00`; read as Europe/Zurich without an offset."""
    log_format: Annotated[str, Field(pattern="^(auto|json|console)$")] = "auto"

    def model_post_init(self, _context: Any) -> None:
        self.public_url = self.public_url or self._listens_at
        if not self.database_url:
            file = URL.create(DRIVERS["sqlite"], database=str(self.data_dir / "cornavin.db"))
            self.database_url = file.render_as_string(hide_password=False)

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_origin(origin) for origin in value)

    @field_validator("clock", mode="before")
    @classmethod
    def _parse_clock(cls, value: Any) -> Any:
        try:
            return clock.parse(value) if isinstance(value, str) and value else value or None
        except ValueError as error:
            raise ValueError("expected a time such as 2026-12-02T10:15:00+01:00") from error

    @field_validator("quiet_from", "quiet_until", mode="before")
    @classmethod
    def _parse_time(cls, value: Any) -> Any:
        try:
            found = time.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            found = None
        if not isinstance(found, time) or found.tzinfo is not None:
            raise ValueError("expected a time of day such as 21:00")
        return found

    @field_validator("helpdesk_hours", mode="before")
    @classmethod
    def _parse_hours(cls, value: Any) -> Any:
        try:
            parts = [part.partition("-") for part in value.split()] if isinstance(value, str) else None
            spans = value if parts is None else [(time.fromisoformat(a), time.fromisoformat(b)) for a, _, b in parts]
        except ValueError:
            spans = None
        if spans is None or any(begin >= end for begin, end in spans):
            raise ValueError("expected hours such as 08:30-12:00 13:30-17:00")
        return tuple(sorted(map(tuple, spans)))

    @field_validator("session_rate", "address_rate", "upload_rate")
    @classmethod
    def _check_rate(cls, value: str) -> str:
        from limits import parse_many

        try:
            rates = parse_many(value)
        except ValueError:
            rates = []
        if not rates or any(rate.amount < 1 for rate in rates):
            raise ValueError("expected a rate such as 40/minute")
        return value

    @model_validator(mode="after")
    def _debug_only_with_sandbox(self) -> "Settings":
        if self.debug and self.eservices_url:
            raise ValueError("CORNAVIN_DEBUG=1 works with the sandbox only, and CORNAVIN_ESERVICES_URL is set")
        return self

    @model_validator(mode="after")
    def _secrets_of_real_services(self) -> "Settings":
        for address, secret, name in (
            (self.eservices_url, self.eservices_client_secret, "ESERVICES_CLIENT_SECRET"),
            (self.oidc_issuer, self.oidc_client_secret, "OIDC_CLIENT_SECRET"),
            (self.helpdesk_issuer, self.helpdesk_client_secret, "HELPDESK_CLIENT_SECRET"),
        ):
            if address and secret.get_secret_value() in {"", SANDBOX_SECRET}:
                raise ValueError(f"{PREFIX}{name} is missing, and {address} asks for it")
        return self

    @property
    def quiet_hours(self) -> QuietHours:
        """When the assistant says nothing of its own accord."""
        return QuietHours(self.quiet_from, self.quiet_until)

    @property
    def has_telegram(self) -> bool:
        """Whether there is a token, right or wrong."""
        return self.telegram_token is not None and bool(self.telegram_token.get_secret_value().strip())

    @property
    def sandbox_url(self) -> str:
        """Where the sandbox is, if there is one."""
        return f"http://{SANDBOX_HOST}:{self.sandbox_port}"

    @property
    def gateway_url(self) -> str:
        """Where the e-services are called: the gateway, or the sandbox."""
        return self.eservices_url or self.sandbox_url

    @property
    def with_sandbox(self) -> bool:
        """Whether the e-services are the sandbox's; what depends on them then says «bac à sable»."""
        return self.eservices_url is None

    @property
    def login_issuer(self) -> str | None:
        """Issuer with which people log in."""
        return self.oidc_issuer or (f"{self.sandbox_url}{PEOPLE_PATH}" if self.with_sandbox else None)

    @property
    def helpdesk_login_issuer(self) -> str | None:
        """Issuer with which agents of the helpdesk sign in."""
        return self.helpdesk_issuer or (f"{self.sandbox_url}{STAFF_PATH}" if self.with_sandbox else None)

    @property
    def _listens_at(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def told_url(self) -> str | None:
        """The address under which people reach the program, if an operator has told it."""
        return self.public_url if self.public_url != self._listens_at else None

    @property
    def models_dir(self) -> Path:
        return self.data_dir / "models"

    @classmethod
    def load(cls, **overrides: Any) -> "Settings":
        """Reads the environment.

        Raises:
            SettingError: Naming the first setting that is wrong and what is expected of it.
        """
        try:
            return cls(**overrides)
        except ValidationError as error:
            first = error.errors()[0]
            reason = first["msg"].removeprefix("Value error, ")
            # What concerns several settings names them itself.
            cause = f"{PREFIX}{str(first['loc'][0]).upper()} is wrong: {reason}" if first["loc"] else reason
            raise SettingError(cause=cause, remedy="correct it and start again") from None
