"""An identifier that is typed without being asked for: the answer is that of the topic, and nobody sees the number."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from base.database import metadata
from bot.program import Program
from casework.cases import open_cases
from casework.vault import Vault
from tests.support.conversing import Talk, text_of, transcript

TYPED = {
    "mon numéro AVS 756.1234.5678.97 marche pas dans la case numéro personnel": "personal_number",
    "j'ai mis mon AVS 756.9217.0769.85 comme numéro personnel, c'est juste ?": "personal_number",
    "mon numéro personnel 48151623 est refusé par job-room": "personal_number",
    "où est mon numéro personnel, mon tél est le 076 481 62 34": "personal_number",
    "vous avez quoi comme données sur moi, amelie.dupont@exemple.ch": "tx_my_data",
    "c'est combien les sanctions, née le 12 mars 1980": "sanctions",
}


@pytest.mark.parametrize("text", TYPED)
async def test_topic_is_understood_and_the_number_is_not_repeated(program: Program, talk: Talk, text: str) -> None:
    reply = await talk.say(text)
    assert reply.debug.topic == TYPED[text]
    said = (await transcript(program.database, talk.session))[0].text
    assert "••" in said
    assert not any(part in text_of(reply) for part in text.split() if any(map(str.isdigit, part)))
    assert "⟦" not in said + text_of(reply)


@pytest.mark.parametrize(("one", "other"), [("756.1234.5678.97", "7569217076985"), ("076 481 62 34", "+41223187234")])
async def test_digits_do_not_change_what_is_understood(program: Program, talk: Talk, one: str, other: str) -> None:
    text = "mon numéro {} ne marche pas pour m'inscrire sur job-room"
    replies = [await talk.say(text.format(number)) for number in (one, other)]
    assert replies[0].debug.confidence == replies[1].debug.confidence
    assert replies[0].debug.topic == replies[1].debug.topic


async def test_case_shows_masks(program: Program, talk: Talk) -> None:
    await talk.say("mon AVS est 756.1234.5678.97")
    await talk.say("je veux parler à quelqu'un, appelez le 076 481 62 34")
    async with program.database.reading() as connection:
        (case,) = await open_cases(connection)
    said = [line.text for line in case.transcript if line.author == "user"]
    assert said == ["mon AVS est •••• 7897", "je veux parler à quelqu'un, appelez le •••• 6234"]


async def test_tokens_that_people_type_mean_nothing(program: Program, talk: Talk) -> None:
    await talk.say("mon AVS est 756.1234.5678.97")
    reply = await talk.say("mon numéro personnel est ⟦avs:1⟧ ⟦personal_number:1⟧")
    assert "personal_number" not in reply.debug.slots
    said = (await transcript(program.database, talk.session))[-2].text
    assert said == "mon numéro personnel est [avs:1] [personal_number:1]"


async def test_e_mail_address_is_no_way_of_delivery(program: Program) -> None:
    understood = await program.dialogue.understand("j'ai reçu la décision de ⟦email:1⟧")
    assert "delivery" not in {entity["entity"] for entity in understood.parsed["entities"]}


async def test_nothing_is_kept_of_a_turn_that_fails(
    program: Program, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(Vault, "conceal", fail)
    with pytest.raises(RuntimeError):
        await talk.say("mon AVS est 756.1234.5678.97")
    async with program.database.reading() as connection:
        for name in ("turns", "messages", "identifiers"):
            assert (await connection.execute(select(metadata.tables[name]))).all() == []
