"""Tickets: whose conversation a page shows, or gets a file, signed so that nobody can make one up."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass, replace
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from base import clock
from conversations import store

LIFETIME_SECONDS = 24 * 3600
"""How long after its page was made a ticket can be used."""

CHAT, DEPOSIT = "chat without JavaScript", "deposit of a file"
"""What tickets are for; one for the one opens nothing of the other."""
_NONCE_BYTES = 12


class TicketRefused(Exception):
    """A ticket cannot be used.

    Args:
        expired: It was ours, and is too old; otherwise it was never ours.
    """

    def __init__(self, *, expired: bool) -> None:
        super().__init__("expired" if expired else "not ours")
        self.expired = expired


@dataclass(frozen=True)
class Ticket:
    """What a page needs to go on.

    Args:
        session_id: The conversation.
        begun: Whether there was anything in it when the page was made.
        nonce: New for each page.
    """

    session_id: str
    begun: bool
    nonce: str

    @classmethod
    def for_new_conversation(cls) -> Ticket:
        """A ticket for a conversation that begins with what is posted with it."""
        return cls(store.new_session_id(), begun=False, nonce=secrets.token_urlsafe(_NONCE_BYTES))

    @classmethod
    def for_file(cls, session_id: str) -> Ticket:
        """A ticket with which one file can be given to a conversation."""
        return cls(session_id, begun=True, nonce=secrets.token_urlsafe(_NONCE_BYTES))

    def for_next_page(self) -> Ticket:
        """A ticket for the page that follows."""
        return replace(self, begun=True, nonce=secrets.token_urlsafe(_NONCE_BYTES))

    def client_id(self, said: str) -> str:
        """The same for the same page posted again, and another one when something else is said on it."""
        return hashlib.sha256(f"{self.nonce} {said}".encode()).hexdigest()


class _Signer(TimestampSigner):
    """Signs with the time of the program's clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


class Tickets:
    """Signs tickets and reads them back.

    Args:
        key: Known to the server only.
        purpose: What they are for.
    """

    def __init__(self, key: str, purpose: str = CHAT) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt=purpose, signer=_Signer)

    def write(self, ticket: Ticket) -> str:
        """The ticket as text for a hidden field."""
        written = self._serializer.dumps(asdict(ticket))
        return written if isinstance(written, str) else written.decode()

    def read(self, text: str, *, even_expired: bool = False) -> Ticket:
        """The ticket that was written.

        Args:
            text: What came back.
            even_expired: For what must always be possible, such as erasing.

        Raises:
            TicketRefused: When it was changed, made up, or is too old.
        """
        try:
            found: Any = self._serializer.loads(text, max_age=None if even_expired else LIFETIME_SECONDS)
            return Ticket(**found)
        except SignatureExpired:
            raise TicketRefused(expired=True) from None
        except (BadSignature, TypeError):
            raise TicketRefused(expired=False) from None
