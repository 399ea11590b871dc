"""An agent speaks with somebody on Telegram."""

from __future__ import annotations

import re

from casework import case_work
from casework.case_events import Agent
from casework.cases import open_cases
from conversations.models import WEB
from tests.support.bot_api import Phone
from tests.support.conversing import text_of
from tests.support.telegram import Line

ANNE = Agent("anne", "Anne Favre")


async def test_agent_takes_over_answers_and_gives_back(line: Line, phone: Phone) -> None:
    phone.types("je veux parler à quelqu'un")
    await line.carry()
    async with line.program.database.unit_of_work() as work:
        (case,) = await open_cases(work.connection)
        case = await case_work.take_over(work, case.id, case.version, ANNE)
    await line.work()
    assert case.number in phone.shown[0].text
    assert "Anne Favre" in phone.last.text
    shown = len(phone.shown)
    phone.types("c'est pour mon IPA")
    await line.carry()
    assert len(phone.shown) == shown, "the assistant is silent"
    async with line.program.database.unit_of_work() as work:
        case = await case_work.reply(work, case.id, case.version, ANNE, "Quel mois ?")
    await line.work()
    assert phone.last.text == "Quel mois ?"
    async with line.program.database.unit_of_work() as work:
        await case_work.give_back(work, case.id, case.version, ANNE)
    await line.work()
    phone.types("il est où mon numéro personnel")
    await line.carry()
    assert "confirmation d'inscription" in phone.last.text


async def test_visitor_of_the_web_goes_on_with_their_case_on_telegram(line: Line, phone: Phone) -> None:
    await line.telegram.begin()
    async with line.counter.talking(None, channel=WEB) as visitor:
        given = text_of(await visitor.say("je veux parler à quelqu'un"))
    link = re.search(r"\[sur Telegram\]\(https://t\.me/\w+\?start=([\w-]+)\)", given)
    assert link is not None
    phone.types(f"/start {link[1]}")
    await line.carry()
    async with line.program.database.unit_of_work() as work:
        (case,) = await open_cases(work.connection)
        assert case.number in phone.last.text
        await case_work.reply(work, case.id, case.version, ANNE, "Appelez votre caisse.")
    await line.work()
    assert phone.last.text == "Appelez votre caisse."
