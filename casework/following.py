"""Tasks that follow their person: begun in one conversation, they go on in another one of the same person.

A draft is in one conversation at a time, and its files and identifiers move with it. Nothing moves by itself: the
person says so where they want to go on, once it is known there who they are.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from base.database import UnitOfWork
from casework import drafts, persons
from casework.desk import desk
from casework.drafts import Stored


async def elsewhere(connection: AsyncConnection, session_id: str, kinds: Collection[str]) -> tuple[Stored, ...]:
    """What the person of a conversation has begun in their others, the latest of each kind first.

    Args:
        kinds: Of drafts that can move.

    Returns:
        Nothing while nobody is logged in.
    """
    _, *others = await persons.chats_of(connection, session_id)
    found = await drafts.begun(connection, others) if others else ()
    latest = {draft.kind: draft for draft in reversed(found) if draft.kind in kinds}
    return tuple(draft for draft in found if draft in latest.values())


async def bring(work: UnitOfWork, session_id: str, kind: str) -> bool:
    """Brings a draft of that kind from another conversation of the person, in place of what this one has of it.

    Args:
        work: Serialised by this conversation.

    Returns:
        False when there is none, or something is being said there at this moment.

    Raises:
        Undecipherable: When the secret of an identifier is missing, or somebody changed it.
    """
    found = await elsewhere(work.connection, session_id, {kind})
    if not found or not await work.serialise(found[0].session_id):
        return False
    found = await elsewhere(work.connection, session_id, {kind})  # as it is now that nobody else can change it
    if not found:
        return False
    draft = found[0]
    carried = await desk().vault.carried(
        work, draft.session_id, session_id, json.dumps(draft.content, ensure_ascii=False)
    )
    content = json.loads(carried)
    await desk().submissions.files.move(work, content.get("files") or (), draft.session_id, session_id)
    await drafts.move(work, draft, session_id, content)
    return True
