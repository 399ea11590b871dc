"""Tokens such as `⟦avs:1⟧` that stand for identifiers wherever a conversation is kept, and how they are shown.

`casework.vault` puts them in the place of what was typed, and keeps that encrypted in the table of this module. The
table is here because conversations read the masks in it.
"""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base.database import metadata
from base.identifiers import MASK, Kind

TOKEN = re.compile(r"⟦(?P<kind>[a-z_]{1,16}):(?P<number>[0-9]{1,9})⟧")
_TYPED = str.maketrans("⟦⟧", "[]")
_EXAMPLES: Mapping[str, str] = {
    Kind.AVS: "756.1234.5678.97",
    Kind.PERSONAL_NUMBER: "12345678",
    Kind.IBAN: "CH93 0076 2011 6238 5295 7",
    Kind.PHONE: "022 123 45 67",
    Kind.EMAIL: "prenom.nom@exemple.ch",
    Kind.BIRTH_DATE: "12.03.1980",
}

identifiers = Table(
    "identifiers",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("mask", String(32), nullable=False),
    # A keyed hash, by which the same value is recognised.
    Column("fingerprint", String(64), nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("key_wrapped_by", String(16), nullable=False),
    UniqueConstraint("session_id", "kind", "number"),
    UniqueConstraint("session_id", "fingerprint"),
)


def token(kind: Kind, number: int) -> str:
    """What stands for the identifier with this number among those of its kind in a conversation."""
    return f"⟦{kind}:{number}⟧"


def typed(text: str) -> str:
    """A text that a person typed, in which nothing looks like a token."""
    return text.translate(_TYPED)


def first(kind: Kind, text: str) -> str | None:
    """The first token of a kind in a text."""
    return next((match[0] for match in TOKEN.finditer(text) if match["kind"] == kind), None)


def exemplified(text: str) -> str:
    """A text with an example in the place of each token, for who learned from texts as people type them."""
    return TOKEN.sub(lambda match: _EXAMPLES.get(match["kind"], ""), text)


def blanked(text: str) -> str:
    """A text of the same length without the words inside its tokens, for who looks for words."""
    return TOKEN.sub(lambda match: "·" * len(match[0]), text)


async def masked(connection: AsyncConnection, session_id: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Texts of a conversation as they may be shown: each token is a mask, and bullets alone when its row is gone."""
    named = {match.groups() for text in texts for match in TOKEN.finditer(text)}
    if not named:
        return tuple(texts)
    query = select(identifiers.c.kind, identifiers.c.number, identifiers.c.mask).where(
        identifiers.c.session_id == session_id,
        identifiers.c.kind.in_({kind for kind, _ in named}),
        identifiers.c.number.in_({int(number) for _, number in named}),
    )
    masks = {token(row.kind, row.number): row.mask for row in await connection.execute(query)}
    return tuple(TOKEN.sub(lambda match: masks.get(match[0], MASK * 4), text) for text in texts)
