"""Codes with which somebody without a name comes back to their case; the case keeps no more than a keyed hash."""

from __future__ import annotations

import re
import secrets

from sqlalchemy import select, update

from base.database import UnitOfWork
from base.encryption import KeyRing
from casework import case_events
from casework.case_events import Event
from casework.cases import Case, CaseState, cases, find

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nothing that is mistaken for something else when read aloud."""
_CODE = re.compile(
    r"(?<![\w-])D[-‐-―−]([0-9A-Z]{4})[ -‐-―−-]?([0-9A-Z]{4})[ -‐-―−-]?([0-9A-Z]{4})(?![\w-])", re.IGNORECASE
)
HIDDEN = "D-••••-••••-••••"
"""What stands for a code where it is not to be read."""


def spot(text: str) -> str | None:
    """The first code in a text, as it was given; None when there is none."""
    match = _CODE.search(text)
    return f"D-{'-'.join(_tidy(part) for part in match.groups())}" if match else None


def hidden(text: str) -> str:
    """A text without the codes in it."""
    return _CODE.sub(HIDDEN, text)


class ReturnCodes:
    """Gives codes and knows them again.

    Args:
        keys: Hash them.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def issue(self, work: UnitOfWork, case: Case) -> str:
        """A new code for a case, in place of the one that it had; 60 random bits, e.g. `D-7F3K-9Q2M-X4TB`."""
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
        code = f"D-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
        kept = self._keys.fingerprints(_owned(code))[0]
        await work.connection.execute(update(cases).where(cases.c.id == case.id).values(code_hash=kept))
        return code

    async def come_back(self, work: UnitOfWork, session_id: str, code: str) -> Case | None:
        """The case that a code opens; who has typed it is answered in their conversation from now on.

        Returns:
            None when there is no such code, or not any more.
        """
        query = select(cases.c.id).where(cases.c.code_hash.in_(self._keys.fingerprints(_owned(code))))
        case_id = (await work.connection.execute(query)).scalar_one_or_none()
        case = await find(work.connection, case_id) if case_id is not None else None
        if case is None or session_id in {case.chat_id, case.session_id}:
            return case
        changed = update(cases).where(cases.c.id == case.id).values(chat_id=session_id)
        await work.connection.execute(changed)
        if case.state is not CaseState.RESOLVED:
            await case_events.note(work, case.id, Event.RETURNED, case.version)
        return await find(work.connection, case.id)


def _tidy(part: str) -> str:
    return part.upper().translate(str.maketrans("OIL", "011"))


def _owned(code: str) -> str:
    return f"return code\0{code}"
