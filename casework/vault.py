"""The identifiers that people type: each is kept encrypted here, and a token stands for it everywhere else."""

from __future__ import annotations

import contextlib
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import tokens
from base.database import UnitOfWork
from base.encryption import KeyRing, WrappedKey
from base.identifiers import InvalidIdentifier, Kind, mask, read
from base.spotting import Spot, blotted, spot
from base.tokens import TOKEN, identifiers, token
from law.facts import Unit, facts

_VALUE = "value"
_PUBLIC = {Unit.PHONE: Kind.PHONE, Unit.EMAIL: Kind.EMAIL}


class Gone(Exception):
    """A token stands for nothing that is kept in its conversation."""


class Vault:
    """Keeps identifiers.

    Args:
        keys: What encrypts them.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def conceal(self, work: UnitOfWork, session_id: str, text: str, expected: Kind | None = None) -> str:
        """What a person typed, with a token in the place of each identifier; the same one has the same token.

        What was typed to look like a token is none afterwards.

        Args:
            work: Serialised by the conversation.
            session_id: A conversation that exists.
            expected: What was asked for.
        """
        text = tokens.typed(unicodedata.normalize("NFC", text))
        spots = spot(text, expected, _public())
        given = await self._tokens(work, session_id, spots) if spots else {}
        parts, place = [], 0
        for one in spots:
            parts += [text[place : one.start], given[one.kind, one.value]]
            place = one.end
        concealed = "".join((*parts, text[place:]))
        return blotted(concealed) if expected is Kind.PERSONAL_NUMBER else concealed

    async def reveal(self, connection: AsyncConnection, session_id: str, token: str) -> str:
        """The identifier that a token of this conversation stands for, as `identifiers.read` gives it.

        Raises:
            Gone: When the conversation has no such token.
            Undecipherable: When its secret is missing, or somebody changed it.
        """
        match = TOKEN.fullmatch(token)
        if match is None:
            raise Gone
        query = select(identifiers).where(
            identifiers.c.session_id == session_id,
            identifiers.c.kind == match["kind"],
            identifiers.c.number == int(match["number"]),
        )
        row = (await connection.execute(query)).mappings().one_or_none()
        if row is None:
            raise Gone
        key = self._keys.unwrap(WrappedKey(row["key_wrapped_by"], row["key"]), row["id"])
        return key.decrypt(row["value"], _VALUE).decode()

    async def carried(self, work: UnitOfWork, session_id: str, to: str, text: str) -> str:
        """A text of a conversation as another one keeps it: each token is one of that conversation.

        Args:
            work: Serialised by both conversations.

        Raises:
            Undecipherable: As `reveal`.
        """
        found: dict[str, Spot] = {}
        for match in TOKEN.finditer(text):
            with contextlib.suppress(Gone):  # it stands for nothing here, and will for nothing there
                value = await self.reveal(work.connection, session_id, match[0])
                found[match[0]] = Spot(Kind(match["kind"]), match.start(), match.end(), value)
        given = await self._tokens(work, to, tuple(found.values())) if found else {}
        there = {here: given[spot.kind, spot.value] for here, spot in found.items()}
        return TOKEN.sub(lambda match: there.get(match[0], tokens.token(Kind(match["kind"]), 0)), text)

    async def revealed(self, connection: AsyncConnection, session_id: str, text: str) -> str:
        """A text of this conversation with the identifiers that its tokens stand for.

        Raises:
            Gone: When the conversation has no such token.
            Undecipherable: When a secret is missing, or somebody changed something.
        """
        for found in {match[0] for match in TOKEN.finditer(text)}:
            text = text.replace(found, await self.reveal(connection, session_id, found))
        return text

    async def masked(self, connection: AsyncConnection, session_id: str, texts: Sequence[str]) -> tuple[str, ...]:
        """Texts as they may be shown: see `base.tokens.masked`."""
        return await tokens.masked(connection, session_id, texts)

    async def _tokens(self, work: UnitOfWork, session_id: str, spots: Sequence[Spot]) -> Mapping[tuple[Kind, str], str]:
        """A token for each identifier: the one it has, or a new one."""
        named = {
            (one.kind, one.value): self._keys.fingerprints(f"{session_id}\0{one.kind}\0{one.value}") for one in spots
        }
        of_session = identifiers.c.session_id == session_id
        columns = (identifiers.c.fingerprint, identifiers.c.kind, identifiers.c.number)
        wanted = {fingerprint for fingerprints in named.values() for fingerprint in fingerprints}
        known = {
            row.fingerprint: token(Kind(row.kind), row.number)
            for row in await work.connection.execute(
                select(*columns).where(of_session, identifiers.c.fingerprint.in_(wanted))
            )
        }
        query = select(identifiers.c.kind, func.max(identifiers.c.number).label("last")).where(of_session)
        last = {row.kind: row.last for row in await work.connection.execute(query.group_by(identifiers.c.kind))}
        given: dict[tuple[Kind, str], str] = {}
        rows: list[dict[str, Any]] = []
        for (kind, value), fingerprints in named.items():
            there = next((known[one] for one in fingerprints if one in known), None)
            if there is None:
                last[kind] = last.get(kind, 0) + 1
                rows.append(self._row(session_id, kind, last[kind], value, fingerprints[0]))
            given[kind, value] = there or token(kind, last[kind])
        if rows:
            await work.connection.execute(insert(identifiers), rows)
        return given

    def _row(self, session_id: str, kind: Kind, number: int, value: str, fingerprint: str) -> dict[str, Any]:
        row_id = str(uuid.uuid4())
        key, wrapped = self._keys.new_key(row_id)
        return {
            "id": row_id,
            "session_id": session_id,
            "kind": kind,
            "number": number,
            "mask": mask(kind, value),
            "fingerprint": fingerprint,
            "value": key.encrypt(value.encode(), _VALUE),
            "key": wrapped.content,
            "key_wrapped_by": wrapped.wrapped_by,
        }


@cache
def _public() -> frozenset[str]:
    """The phone numbers and e-mail addresses of offices, which are facts."""
    found = set()
    for fact in facts().values():
        if fact.unit in _PUBLIC:
            with contextlib.suppress(InvalidIdentifier):  # too short to be anybody's, such as 143
                found.add(read(_PUBLIC[fact.unit], str(fact.value)))
    return frozenset(found)
