"""How the sandbox is set up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from base.settings import SANDBOX_SECRET, Settings

FOLDER = "sandbox"
FILE = "sandbox.db"


@dataclass(frozen=True)
class SandboxConfig:
    """Where it listens, what it keeps, and whom it lets in.

    Args:
        url: Its own address.
        file: Its database; None for one in memory.
        client_id: Of the program that calls it.
        client_secret: Of the same.
        oidc_client_id: Of the program that lets people log in.
        oidc_client_secret: Of the same.
        helpdesk_client_id: Of the program that lets agents of the helpdesk sign in.
        helpdesk_client_secret: Of the same.
        return_origins: Where people may return to after the login, besides this machine.
    """

    url: str
    file: Path | None
    client_id: str
    client_secret: str
    oidc_client_id: str
    oidc_client_secret: str
    helpdesk_client_id: str = "cornavin-helpdesk"
    helpdesk_client_secret: str = SANDBOX_SECRET
    return_origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings) -> SandboxConfig:
        """As the program's settings say."""
        return cls(
            url=settings.sandbox_url,
            file=settings.data_dir / FOLDER / FILE,
            client_id=settings.eservices_client_id,
            client_secret=settings.eservices_client_secret.get_secret_value(),
            oidc_client_id=settings.oidc_client_id,
            oidc_client_secret=settings.oidc_client_secret.get_secret_value(),
            helpdesk_client_id=settings.helpdesk_client_id,
            helpdesk_client_secret=settings.helpdesk_client_secret.get_secret_value(),
            return_origins=frozenset({settings.public_url}),
        )
