"""The secrets of this installation: what signs, and what encryption keys are derived from."""

import secrets

from base.errors import OperatorError
from base.settings import SHORTEST_KEY, Settings, secrets_in

FILE_NAME = "secret.key"
_KEY_BYTES = 32


class SecretKeyMissing(OperatorError):
    """The database is shared, and nothing was set that every machine could share with it."""

    def __init__(self) -> None:
        super().__init__(
            cause="CORNAVIN_SECRET_KEY is not set, and files in a PostgreSQL database are encrypted with it",
            remedy="set it to the same long random value on every machine, e.g. from `openssl rand -base64 32`",
        )


def signing_key(settings: Settings) -> str:
    """The key that signs what is handed out and must come back unchanged: the current secret.

    Raises:
        SecretKeyMissing: See `secrets_of`.
    """
    return secrets_of(settings)[0]


def secrets_at_hand(settings: Settings) -> tuple[str, ...]:
    """The secrets as `secrets_of` gives them, if there are any yet: none is made, and none is no error."""
    is_set = settings.secret_key is not None
    return secrets_of(settings) if is_set or (settings.data_dir / FILE_NAME).exists() else ()


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The secrets of the settings, the current one first and those it replaced after it.

    Without any, one is made on the first start and kept in the data folder. Such a one is only good for processes that
    share this folder, and so serves SQLite only.

    Raises:
        SecretKeyMissing: With PostgreSQL and no `CORNAVIN_SECRET_KEY`.
        OperatorError: When the file in the data folder holds no such secret.
    """
    written = settings.secret_key.get_secret_value() if settings.secret_key is not None else ""
    if found := secrets_in(written):
        return found
    if not settings.database_url.startswith("sqlite"):
        raise SecretKeyMissing
    return (_of_this_machine(settings),)


def _of_this_machine(settings: Settings) -> str:
    file = settings.data_dir / FILE_NAME
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    complete = file.with_name(f".{FILE_NAME}.{secrets.token_hex(4)}")
    if not file.exists():
        complete.touch(mode=0o600)
        complete.write_text(secrets.token_urlsafe(_KEY_BYTES))
        try:
            file.hardlink_to(complete)  # whole, and only if no other process was faster
        except FileExistsError:
            pass
        finally:
            complete.unlink()
    key = file.read_text().strip()
    if len(key) < SHORTEST_KEY:
        raise OperatorError(f"{file} holds no key, or too short a one", "delete it, and a new one is made")
    return key
