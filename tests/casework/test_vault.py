"""Identifiers become tokens, the same one the same token, and only the vault knows what they stand for; on both engines."""

import pytest
from sqlalchemy import select

from base.database import Database
from base.encryption import KeyRing, Undecipherable
from base.identifiers import Kind
from base.tokens import identifiers
from casework import sealing
from casework.vault import Gone, Vault
from conversations import store as chats

AVS, OTHER_AVS = "756.1234.5678.97", "756.9217.0769.85"
OLD, NEW = "old secret" * 4, "new secret" * 4


@pytest.fixture
def vault() -> Vault:
    return Vault(KeyRing([OLD]))


async def begun(database: Database) -> str:
    async with database.unit_of_work() as work:
        session, _ = await chats.open_session(work, "web", "fr")
    return session.id


async def concealed(database: Database, vault: Vault, session: str, text: str, expected: Kind | None = None) -> str:
    async with database.unit_of_work(serialise=session) as work:
        return await vault.conceal(work, session, text, expected)


async def revealed(database: Database, vault: Vault, session: str, token: str) -> str:
    async with database.reading() as connection:
        return await vault.reveal(connection, session, token)


async def masked(database: Database, vault: Vault, session: str, text: str) -> str:
    async with database.reading() as connection:
        (shown,) = await vault.masked(connection, session, [text])
    return shown


async def test_identifier_becomes_a_token_that_is_shown_as_a_mask(database: Database, vault: Vault) -> None:
    session = await begun(database)
    text = await concealed(database, vault, session, f"mon numéro AVS {AVS} marche pas, appelez le 022 318 72 34")
    assert text == "mon numéro AVS ⟦avs:1⟧ marche pas, appelez le ⟦phone:1⟧"
    assert await masked(database, vault, session, text) == "mon numéro AVS •••• 7897 marche pas, appelez le •••• 7234"
    assert await revealed(database, vault, session, "⟦avs:1⟧") == "7561234567897"
    assert await revealed(database, vault, session, "⟦phone:1⟧") == "+41223187234"


async def test_same_identifier_has_the_same_token_however_it_is_typed(database: Database, vault: Vault) -> None:
    session = await begun(database)
    assert await concealed(database, vault, session, f"{AVS} {OTHER_AVS}") == "⟦avs:1⟧ ⟦avs:2⟧"
    again = await concealed(database, vault, session, "756 9217 0769 85, a.b@c.ch, 7561234567897")
    assert again == "⟦avs:2⟧, ⟦email:1⟧, ⟦avs:1⟧"


async def test_conversations_have_nothing_in_common(database: Database, vault: Vault) -> None:
    mine, other = await begun(database), await begun(database)
    assert await concealed(database, vault, mine, AVS) == await concealed(database, vault, other, AVS) == "⟦avs:1⟧"
    await concealed(database, vault, other, OTHER_AVS)
    async with database.reading() as connection:
        rows = (await connection.execute(select(identifiers))).mappings().all()
    assert len({row["fingerprint"] for row in rows}) == len({row["value"] for row in rows}) == 3
    with pytest.raises(Gone):
        await revealed(database, vault, mine, "⟦avs:2⟧")


async def test_erasing_a_conversation_leaves_bullets(database: Database, vault: Vault) -> None:
    session = await begun(database)
    text = await concealed(database, vault, session, AVS)
    async with database.unit_of_work() as work:
        await chats.erase(work, session)
    assert await masked(database, vault, session, f"voici {text}") == "voici ••••"
    with pytest.raises(Gone):
        await revealed(database, vault, session, text)


async def test_what_is_typed_like_a_token_is_none(database: Database, vault: Vault) -> None:
    session = await begun(database)
    await concealed(database, vault, session, AVS)
    text = await concealed(database, vault, session, f"⟦avs:1⟧ ⟦⟦avs:1⟧⟧ {OTHER_AVS}")
    assert text == "[avs:1] [[avs:1]] ⟦avs:2⟧"
    for other in ("avs:1", "[avs:1]", "⟦avs:1⟧ ", "⟦avs:01⟧ou", "⟦avs:9⟧", "⟦iban:1⟧", ""):
        with pytest.raises(Gone):
            await revealed(database, vault, session, other)


async def test_numbers_of_offices_stay(database: Database, vault: Vault) -> None:
    session = await begun(database)
    text = "j'ai appelé le 143 et écrit à SE@etat.ge.ch, CHE-100.155.212 TVA"
    assert await concealed(database, vault, session, text) == text


async def test_new_secret_reads_all_and_knows_them_again(database: Database, vault: Vault) -> None:
    session = await begun(database)
    token = await concealed(database, vault, session, AVS)
    both, only_new = KeyRing([NEW, OLD]), KeyRing([NEW])
    with pytest.raises(Undecipherable):
        await revealed(database, Vault(only_new), session, token)
    async with database.reading() as connection:
        assert await sealing.unreadable(connection, only_new) == 1
    assert await concealed(database, Vault(both), session, AVS) == token
    assert await sealing.wrap_anew(database, both) == 1
    assert await revealed(database, Vault(only_new), session, token) == "7561234567897"


async def test_what_was_asked_for_decides(database: Database, vault: Vault) -> None:
    session = await begun(database)
    assert await concealed(database, vault, session, "12.03.1980") == "12.03.1980"
    assert await concealed(database, vault, session, "12031980") == "12031980"
    assert await concealed(database, vault, session, "12.03.1980", Kind.BIRTH_DATE) == "⟦birth_date:1⟧"
    assert await concealed(database, vault, session, "12031980", Kind.PERSONAL_NUMBER) == "⟦personal_number:1⟧"
    assert await revealed(database, vault, session, "⟦birth_date:1⟧") == "1980-03-12"
    assert await masked(database, vault, session, "⟦birth_date:1⟧") == "••.••.••••"
