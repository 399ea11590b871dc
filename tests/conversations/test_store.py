"""What is kept of conversations, on both engines."""

import hashlib
import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Table, func, insert, select
from sqlalchemy.exc import IntegrityError

from base import clock
from base.database import Database, metadata
from bot.engine.tracker_store import trackers
from casework.cases import Matter, open_case
from conversations import store
from conversations.models import Draft, Offer, Phase, Session, Source, State, Turn
from conversations.tables import chat_sessions, feedback

SOURCE = Source(id="page", title="ge.ch", url="https://www.ge.ch", as_of="2026", standing="current")
OFFERS = (Offer("Oui", "/affirm"), Offer("Non", "/deny"))
STATE = State(phase=Phase.IN_FORM, form="docs_by_status_form", slot="status")


async def begun(database: Database) -> tuple[Session, str]:
    async with database.unit_of_work() as work:
        return await store.open_session(work, "web", "fr")


async def said(database: Database, session: Session, text: str, client_id: str | None = None) -> Turn:
    """A turn with one reply that shows a source and offers two choices."""
    drafts = (
        Draft("user", text, "fr"),
        Draft("bot", f"Vous dites : {text}", "fr", sources=(SOURCE,), offers=OFFERS),
    )
    async with database.unit_of_work() as work:
        turn_id, debug = str(uuid.uuid4()), {"topic": text, "slots": {"month": "2026-03"}}
        return await store.record_turn(work, session.id, turn_id, client_id or str(uuid.uuid4()), drafts, STATE, debug)


async def judged(database: Database, session: Session, message_id: int, value: str, comment: str | None = None) -> bool:
    async with database.unit_of_work() as work:
        return await store.give_feedback(work, session.id, message_id, value, comment)


async def count(database: Database, table: Table) -> int:
    async with database.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


# Sessions


async def test_session_is_found_by_its_token(database: Database) -> None:
    session, token = await begun(database)
    other, other_token = await begun(database)
    async with database.reading() as connection:
        assert await store.find_session(connection, token) == session == Session(session.id, "web", "fr")
        assert await store.find_session(connection, other_token) == other
        assert session.id != other.id


async def test_nobody_is_found_by_something_else(database: Database) -> None:
    session, token = await begun(database)
    async with database.reading() as connection:
        stored_hash = (await connection.execute(select(chat_sessions.c.token_hash))).scalar_one()
        for wrong in ("", session.id, token[:-1], token.swapcase(), stored_hash):
            assert await store.find_session(connection, wrong) is None


async def test_only_the_hash_of_a_token_is_stored(database: Database) -> None:
    _, token = await begun(database)
    async with database.reading() as connection:
        (row,) = (await connection.execute(select(chat_sessions))).mappings().all()
    assert row["token_hash"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in {str(value) for value in row.values()}


async def test_session_exists_until_it_is_erased(database: Database) -> None:
    session, _ = await begun(database)
    async with database.unit_of_work() as work:
        assert await store.session_exists(work.connection, session.id)
        await store.erase(work, session.id)
        assert not await store.session_exists(work.connection, session.id)


# Turns


async def test_recorded_turn_is_found_again_just_as_it_was_given(database: Database, frozen_clock: datetime) -> None:
    session, _ = await begun(database)
    turn = await said(database, session, "Bonjour", client_id="c1")
    (reply,) = turn.messages
    assert (reply.author, reply.text, reply.lang) == ("bot", "Vous dites : Bonjour", "fr")
    assert reply.at == frozen_clock
    assert reply.sources == (SOURCE,)
    assert [choice.label for choice in reply.choices] == ["Oui", "Non"]
    async with database.reading() as connection:
        assert await store.recorded_turn(connection, session.id, "c1") == turn
        assert await store.recorded_turn(connection, session.id, "c2") is None


async def test_replies_of_a_turn_keep_their_order(database: Database) -> None:
    session, _ = await begun(database)
    texts = [str(number) for number in range(12)]
    async with database.unit_of_work() as work:
        drafts = [Draft("user", "?", "fr"), *(Draft("bot", text, "fr") for text in texts)]
        turn = await store.record_turn(work, session.id, str(uuid.uuid4()), "c1", drafts, STATE, {})
    assert [message.text for message in turn.messages] == texts
    async with database.reading() as connection:
        assert await store.recorded_turn(connection, session.id, "c1") == turn


async def test_client_id_means_nothing_in_another_session(database: Database) -> None:
    session, _ = await begun(database)
    other, _ = await begun(database)
    await said(database, session, "Bonjour", client_id="c1")
    async with database.reading() as connection:
        assert await store.recorded_turn(connection, other.id, "c1") is None
    await said(database, other, "Salut", client_id="c1")


async def test_turn_cannot_be_recorded_twice(database: Database) -> None:
    session, _ = await begun(database)
    await said(database, session, "Bonjour", client_id="c1")
    with pytest.raises(IntegrityError):
        await said(database, session, "Bonjour", client_id="c1")
    async with database.reading() as connection:
        assert len(await store.history(connection, session.id)) == 2


async def test_conversation_stands_where_its_last_turn_left_it(database: Database) -> None:
    session, _ = await begun(database)
    other, _ = await begun(database)
    async with database.reading() as connection:
        assert await store.last_state(connection, session.id) == State()
    await said(database, session, "Bonjour")
    async with database.unit_of_work() as work:
        last = State(mode="human", phase=Phase.HANDED_OVER)
        await store.record_turn(work, session.id, str(uuid.uuid4()), "c2", [Draft("user", "?", "fr")], last, {})
    await said(database, other, "Salut")
    async with database.reading() as connection:
        assert await store.last_state(connection, session.id) == last


async def test_what_is_said_of_its_own_accord_is_not_the_open_question(database: Database) -> None:
    session, _ = await begun(database)
    turn = await said(database, session, "Bonjour")
    question = turn.messages[-1].id
    assert turn.state == STATE.model_copy(update={"question": question})
    async with database.unit_of_work() as work:
        assert await store.record_notice(work, session.id, "notice:1", Draft("bot", "N'oubliez pas.", "fr"))
    async with database.reading() as connection:
        history = await store.history(connection, session.id)
        assert history[-1].id > question
        assert (await store.last_state(connection, session.id)).question == question
    asked_again = await said(database, session, "Oui")
    assert asked_again.state.question == asked_again.messages[-1].id


async def test_what_was_asked_recently_comes_latest_first(database: Database) -> None:
    session, _ = await begun(database)
    other, _ = await begun(database)
    for topic in ("one", "two", "three"):
        await said(database, session, topic)
    await said(database, other, "four")
    async with database.reading() as connection:
        recent = await store.recently_asked(connection, session.id)
        assert await store.recently_asked(connection, session.id, limit=2) == recent[:2]
    assert [asked.topic for asked in recent] == ["three", "two", "one"]


# History


async def test_history_tells_everything_in_order(database: Database) -> None:
    session, _ = await begun(database)
    for text in ("Bonjour", "Merci"):
        await said(database, session, text)
    async with database.reading() as connection:
        messages = await store.history(connection, session.id)
    assert [(message.author, message.text) for message in messages] == [
        ("user", "Bonjour"),
        ("bot", "Vous dites : Bonjour"),
        ("user", "Merci"),
        ("bot", "Vous dites : Merci"),
    ]
    assert [message.id for message in messages] == sorted({message.id for message in messages})


async def test_history_goes_on_after_a_message(database: Database) -> None:
    session, _ = await begun(database)
    for text in ("Bonjour", "Merci"):
        await said(database, session, text)
    async with database.reading() as connection:
        messages = await store.history(connection, session.id)
        assert await store.history(connection, session.id, after=messages[1].id) == messages[2:]
        assert await store.history(connection, session.id, after=messages[3].id) == ()
        assert await store.history(connection, session.id, after=messages[0].id, limit=2) == messages[1:3]


async def test_history_is_that_of_one_session(database: Database) -> None:
    session, _ = await begun(database)
    other, _ = await begun(database)
    await said(database, session, "Bonjour")
    async with database.reading() as connection:
        assert await store.history(connection, other.id) == ()


async def test_what_a_choice_means_is_not_told(database: Database) -> None:
    session, _ = await begun(database)
    turn = await said(database, session, "Bonjour")
    async with database.reading() as connection:
        messages = (*turn.messages, *await store.history(connection, session.id))
    assert "/affirm" not in "".join(message.model_dump_json() for message in messages)


# Choices


async def test_choice_means_what_was_offered(database: Database) -> None:
    session, _ = await begun(database)
    (reply,) = (await said(database, session, "Bonjour")).messages
    yes, no = reply.choices
    async with database.reading() as connection:
        assert await store.offered(connection, session.id, yes.id) == (Offer("Oui", "/affirm"), reply.id)
        assert await store.offered(connection, session.id, no.id) == (Offer("Non", "/deny"), reply.id)


async def test_earlier_choice_is_still_understood(database: Database) -> None:
    session, _ = await begun(database)
    (reply,) = (await said(database, session, "Bonjour")).messages
    await said(database, session, "Merci")
    async with database.reading() as connection:
        assert await store.offered(connection, session.id, reply.choices[0].id) == (Offer("Oui", "/affirm"), reply.id)


async def test_choices_of_two_replies_of_one_turn_are_told_apart(database: Database) -> None:
    session, _ = await begun(database)
    async with database.unit_of_work() as work:
        drafts = [Draft("bot", "?", "fr", offers=(offer,)) for offer in OFFERS]
        turn = await store.record_turn(work, session.id, str(uuid.uuid4()), "c1", drafts, STATE, {})
    first, second = (message.choices[0] for message in turn.messages)
    async with database.reading() as connection:
        assert await store.offered(connection, session.id, first.id) == (Offer("Oui", "/affirm"), turn.messages[0].id)
        assert await store.offered(connection, session.id, second.id) == (Offer("Non", "/deny"), turn.messages[1].id)


async def test_choice_of_another_session_is_not_found(database: Database) -> None:
    session, _ = await begun(database)
    other, _ = await begun(database)
    (reply,) = (await said(database, session, "Bonjour")).messages
    await said(database, other, "Bonjour")
    async with database.reading() as connection:
        assert await store.offered(connection, other.id, reply.choices[0].id) is None


async def test_invented_choice_is_not_found(database: Database) -> None:
    session, _ = await begun(database)
    turn = await said(database, session, "Bonjour")
    async with database.reading() as connection:
        for invented in ("", "/affirm", "x", turn.id, f"{turn.id}.1.2", f"{turn.id}.0.0", f"{turn.id}.1.0é"):
            assert await store.offered(connection, session.id, invented) is None


# Feedback


async def test_feedback_is_kept_and_replaced(database: Database, frozen_clock: datetime) -> None:
    session, _ = await begun(database)
    (reply,) = (await said(database, session, "Bonjour")).messages
    assert await judged(database, session, reply.id, "up")
    later = frozen_clock + timedelta(minutes=5)
    with clock.at(later):
        assert await judged(database, session, reply.id, "down", "Pas clair")
    async with database.reading() as connection:
        (kept,) = (await connection.execute(select(feedback))).all()
    assert tuple(kept) == (reply.id, "down", "Pas clair", later)


async def test_feedback_of_one_reply_leaves_that_of_others(database: Database) -> None:
    session, _ = await begun(database)
    for text, value in (("Bonjour", "up"), ("Merci", "down")):
        (reply,) = (await said(database, session, text)).messages
        assert await judged(database, session, reply.id, value)
    assert await count(database, feedback) == 2


async def test_feedback_on_what_is_not_a_reply_to_this_session_is_refused(database: Database) -> None:
    session, _ = await begun(database)
    other, _ = await begun(database)
    (foreign,) = (await said(database, other, "Salut")).messages
    await said(database, session, "Bonjour")
    async with database.reading() as connection:
        own_words = (await store.history(connection, session.id))[0]
    assert own_words.author == "user"
    for message_id in (foreign.id, own_words.id, foreign.id + 1000):
        assert not await judged(database, session, message_id, "up")
    assert await count(database, feedback) == 0


# Erasing


async def test_erasing_a_session_leaves_nothing_of_it(database: Database) -> None:
    session, token = await begun(database)
    (reply,) = (await said(database, session, "Bonjour", client_id="c1")).messages
    await judged(database, session, reply.id, "down", "Je m'appelle Ada")
    async with database.unit_of_work() as work:
        await work.connection.execute(insert(trackers).values(session_id=session.id, events=[], updated_at=clock.now()))
        await open_case(work, session.id, Matter("handover", "fr"))
    async with database.unit_of_work() as work:
        await store.erase(work, session.id)
    for table in metadata.sorted_tables:
        assert await count(database, table) == 0, table.name
    async with database.reading() as connection:
        assert await store.find_session(connection, token) is None


async def test_erasing_a_session_leaves_the_others(database: Database) -> None:
    session, _ = await begun(database)
    other, token = await begun(database)
    await said(database, session, "Bonjour")
    (reply,) = (await said(database, other, "Salut")).messages
    await judged(database, other, reply.id, "up")
    async with database.unit_of_work() as work:
        await store.erase(work, session.id)
    async with database.reading() as connection:
        assert await store.find_session(connection, token) == other
        assert len(await store.history(connection, other.id)) == 2
    assert await count(database, feedback) == 1


async def test_message_ids_are_not_used_again_after_erasing(database: Database) -> None:
    session, _ = await begun(database)
    (before,) = (await said(database, session, "Bonjour")).messages
    async with database.unit_of_work() as work:
        await store.erase(work, session.id)
    session, _ = await begun(database)
    (after,) = (await said(database, session, "Bonjour")).messages
    assert after.id > before.id
