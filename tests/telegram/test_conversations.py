"""Conversations on Telegram, as people have them."""

from __future__ import annotations

from tests.support.bot_api import Phone
from tests.support.telegram import Line


async def test_question_gets_its_answer_with_its_source(line: Line, phone: Phone) -> None:
    phone.types("il est où mon numéro personnel")
    await line.carry()
    assert "confirmation d'inscription" in phone.last.text
    assert "<b>" in phone.last.html
    assert "Sources" in phone.last.text
    assert 'href="https://' in phone.last.html
