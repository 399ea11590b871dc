"""The settings."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from base import clock
from base.paths import PROJECT
from base.settings import PREFIX, SettingError, Settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """What the operator reads when these variables are set."""
    for name, value in variables.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    with pytest.raises(SettingError) as refused:
        Settings.load()
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "http", "valid integer"),
        ("PORT", "0", "greater than or equal to 1"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("DATABASE_URL", "cornavin", "postgresql://user:password@host/name"),
        ("DATABASE_URL", "mysql://host/cornavin", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", "postgresql://host:port/cornavin", "postgresql://user:password@host/name"),
        ("SESSION_RATE", "forty", "40/minute"),
        ("SESSION_RATE", "40/fortnight", "40/minute"),
        ("ADDRESS_RATE", "-1/minute", "40/minute"),
        ("SESSION_RATE", "0/minute", "40/minute"),
        ("ALLOWED_ORIGINS", "https://www.ge.ch,www.ge.ch", "https://www.ge.ch, and found www.ge.ch"),
        ("ALLOWED_ORIGINS", "https://www.ge.ch/emploi", "found https://www.ge.ch/emploi"),
        ("ALLOWED_ORIGINS", "*", "found *"),
        ("ALLOWED_ORIGINS", "https://*.ge.ch", "found https://*.ge.ch"),
        ("ALLOWED_ORIGINS", "https://ge.ch;script-src", "found https://ge.ch;script-src"),
        ("ALLOWED_ORIGINS", "https://a@ge.ch", "found https://a@ge.ch"),
        ("WIDGET_ORIGIN", "ge.ch", "expected origins such as https://www.ge.ch, and found ge.ch"),
        ("ESERVICES_URL", "gateway", "https://gateway.example.ch"),
        ("ESERVICES_URL", "ftp://gateway", "https://gateway.example.ch"),
        ("OIDC_ISSUER", "login", "https://gateway.example.ch"),
        ("SANDBOX_PORT", "0", "greater than or equal to 1"),
        ("CLAMAV_URL", "clamav:3310", "tcp://clamav:3310"),
        ("CLAMAV_URL", "tcp://clamav", "tcp://clamav:3310"),
        ("CLAMAV_URL", "tcp://clamav:x", "tcp://clamav:3310"),
        ("CLOCK", "tomorrow", "2026-12-02T10:15:00+01:00"),
        ("DEBUG", "perhaps", "valid boolean"),
        ("LOG_FORMAT", "xml", "auto|json|console"),
        ("SERVICE_NOTICE", "x" * 301, "one line of at most 300 characters"),
        ("SERVICE_NOTICE", "two\nlines", "one line of at most 300 characters"),
        ("SERVICE_NOTICE", "back\u202ewards", "one line of at most 300 characters"),
    ],
)
def test_wrong_setting_is_named_with_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    message = refusal(monkeypatch, **{name: value})
    assert message.startswith(f"CORNAVIN_{name} is wrong: ")
    assert expected in message
    assert len(message.splitlines()) == 1


def test_debug_mode_is_refused_against_a_real_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    message = refusal(monkeypatch, DEBUG="1", ESERVICES_URL="https://gateway.example")
    assert "CORNAVIN_DEBUG" in message
    assert "CORNAVIN_ESERVICES_URL" in message
    assert "sandbox" in message
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("address", "secret"), [("ESERVICES_URL", "ESERVICES_CLIENT_SECRET"), ("OIDC_ISSUER", "OIDC_CLIENT_SECRET")]
)
def test_a_real_service_needs_its_secret(monkeypatch: pytest.MonkeyPatch, address: str, secret: str) -> None:
    message = refusal(monkeypatch, **{address: "https://service.example"})
    assert message.startswith(f"CORNAVIN_{secret} is missing")


def test_without_a_gateway_the_sandbox_is_called_and_logs_people_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORNAVIN_SANDBOX_PORT", "8123")
    settings = Settings.load()
    assert settings.gateway_url == "http://127.0.0.1:8123"
    assert settings.login_issuer == "http://127.0.0.1:8123/oidc"
    monkeypatch.setenv("CORNAVIN_ESERVICES_URL", "https://gateway.example")
    monkeypatch.setenv("CORNAVIN_ESERVICES_CLIENT_SECRET", "of the gateway")
    settings = Settings.load()
    assert settings.gateway_url == "https://gateway.example"
    assert settings.login_issuer is None


def test_real_gateway_without_debug_mode_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORNAVIN_ESERVICES_URL", "https://gateway.example")
    monkeypatch.setenv("CORNAVIN_ESERVICES_CLIENT_SECRET", "of the gateway")
    assert Settings.load().eservices_url == "https://gateway.example"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://clerk:hunter2@host/cornavin",
        "hunter2",
        "postgresql://clerk:hunter2@host:port/cornavin",
        "postgresql://clerk:p@ss:hunter2@host/cornavin",
    ],
)
def test_wrong_database_address_does_not_give_away_the_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert "hunter2" not in refusal(monkeypatch, DATABASE_URL=url)


def test_another_wrong_setting_does_not_give_away_the_secret_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in refusal(monkeypatch, SECRET_KEY="hunter2" * 3, DEBUG="1", ESERVICES_URL="https://x.example")


def test_short_secret_key_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, SECRET_KEY="hunter2")
    assert "SECRET_KEY" in said
    assert "16" in said
    assert "hunter2" not in said


def test_secret_key_is_read_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORNAVIN_SECRET_KEY", "hunter2" * 3)
    settings = Settings.load()
    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == "hunter2" * 3
    assert "hunter2" not in repr(settings)


def test_settings_are_shown_without_the_password_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORNAVIN_DATABASE_URL", "postgresql://clerk:hunter2@host/cornavin")
    settings = Settings.load()
    assert "hunter2" in settings.database_url
    assert "hunter2" not in f"{settings!r} {settings}"


def test_data_folder_may_have_any_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "100 % été ?#"
    monkeypatch.setenv("CORNAVIN_DATA_DIR", str(folder))
    assert make_url(Settings.load().database_url).database == str(folder / "cornavin.db")


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.load()
    assert settings.data_dir == PROJECT / "var"
    assert settings.models_dir == PROJECT / "var" / "models"
    assert make_url(settings.database_url).database == str(PROJECT / "var" / "cornavin.db")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.session_rate, settings.address_rate) == ("40/minute", "600/minute")
    assert settings.allowed_origins == ()
    assert settings.trusted_proxies == "127.0.0.1"
    assert settings.eservices_url is None
    assert settings.service_notice is None
    assert settings.secret_key is None
    assert settings.clamav_url is None
    assert settings.debug is False
    assert settings.clock is None
    assert settings.log_format == "auto"


def test_database_lies_in_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CORNAVIN_DATA_DIR", str(tmp_path))
    url = make_url(Settings.load().database_url)
    assert url.get_backend_name() == "sqlite"
    assert url.database == str(tmp_path / "cornavin.db")


@pytest.mark.parametrize("name", ["DATABASE_URL", "CLOCK", "ALLOWED_ORIGINS", "SERVICE_NOTICE"])
def test_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    default = getattr(Settings.load(), name.lower())
    monkeypatch.setenv(f"{PREFIX}{name}", "")
    assert getattr(Settings.load(), name.lower()) == default


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_spellings_of_a_postgresql_address_mean_the_same(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("CORNAVIN_DATABASE_URL", f"{scheme}://clerk:p%40ss@host:5433/cornavin")
    url = make_url(Settings.load().database_url)
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.port) == ("clerk", "p@ss", "host", 5433)
    assert url.database == "cornavin"


@pytest.mark.parametrize("file", ["data/cornavin.db", "/var/lib/cornavin.db", "/var/my data/cornavin.db"])
def test_sqlite_address_names_its_file(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    monkeypatch.setenv("CORNAVIN_DATABASE_URL", f"sqlite:///{file}")
    url = make_url(Settings.load().database_url)
    assert url.drivername == "sqlite+inline"
    assert url.database == file


def test_allowed_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORNAVIN_ALLOWED_ORIGINS", "https://www.ge.ch/, https://ge.ch,,")
    assert Settings.load().allowed_origins == ("https://www.ge.ch", "https://ge.ch")


def test_service_notice_is_read_without_the_space_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORNAVIN_SERVICE_NOTICE", "  Job-Room est fermé dimanche. ")
    assert Settings.load().service_notice == "Job-Room est fermé dimanche."


def test_clock_setting_is_a_time_in_zurich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORNAVIN_CLOCK", "2026-12-02T10:15:00")
    assert Settings.load().clock == datetime(2026, 12, 2, 10, 15, tzinfo=clock.ZONE)


def test_origins_are_written_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORNAVIN_ALLOWED_ORIGINS", "https://WWW.ge.ch:443,http://localhost:80,http://[::1]:8001")
    assert Settings.load().allowed_origins == ("https://www.ge.ch", "http://localhost", "http://[::1]:8001")
