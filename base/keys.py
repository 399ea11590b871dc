"""The key that signs what is handed out and must come back unchanged."""

import secrets

import structlog

from base.errors import OperatorError
from base.settings import SHORTEST_KEY, Settings

log = structlog.get_logger(__name__)

FILE_NAME = "secret.key"
_KEY_BYTES = 32


def signing_key(settings: Settings) -> str:
    """The key of the settings, else one that is made on the first start and kept in the data folder.

    A key of the data folder is only good for processes that share this folder; several machines need
    `CORNAVIN_SECRET_KEY`.

    Raises:
        OperatorError: When the file in the data folder holds no such key.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    if not settings.database_url.startswith("sqlite"):
        log.warning("key.of_this_machine", remedy="set CORNAVIN_SECRET_KEY to the same value on every machine")
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
