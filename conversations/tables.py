"""The tables of chat sessions and what was said in them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, false

from base.database import Instant, Json, metadata

chat_sessions = Table(
    "chat_sessions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("locale", String(16), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
)

turns = Table(
    "turns",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Json, nullable=False),
    Column("debug", Json, nullable=False),
    Column("is_passing", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("session_id", "client_id"),
    sqlite_autoincrement=True,
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("turn_id", ForeignKey("turns.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("author", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("lang", String(16), nullable=False),
    Column("sources", Json, nullable=False),
    Column("choices", Json, nullable=False),
    Column("attachments", Json, nullable=False, server_default="[]"),
    Index("ix_messages_session_id_id", "session_id", "id"),
    sqlite_autoincrement=True,
)

feedback = Table(
    "feedback",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("value", String(4), nullable=False),
    Column("comment", Text),
    Column("at", Instant, nullable=False),
)
