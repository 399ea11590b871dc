"""Figures: whose they are, and as a file."""

from __future__ import annotations

from datetime import date

from bot.engine.topics import topics
from bot.helpdesk.figures import Chart, table
from bot.helpdesk.wording import TOPICS
from bot.program import Program
from casework.triage import Office
from tests.helpdesk.conftest import Console
from tests.support.helpdesk import CLAIRE, conversation, opened


async def test_who_leads_two_offices_sees_these(console: Console, program: Program) -> None:
    await conversation(program.database, "bonjour")
    await opened(program.database, await conversation(program.database, "aidez-moi"), safe=date(2026, 3, 20))
    await opened(program.database)
    await opened(program.database, office=Office.LEGAL)
    claire = await console.seat(CLAIRE)
    page = await claire.open("/figures")
    assert "ORP 2 20 mars 2026 2 pas encore connue" in page.text
    assert "Service juridique" not in page.text
    assert "Cas non clos par office : ORP 2, Caisse 0" in page.text
    file = await claire.open("/figures.csv?days=7")
    assert 'filename="service-d-aide-2026-03-11-7-jours.csv"' in file.response.headers["content-disposition"]
    lines = file.response.content.decode("utf-8-sig").splitlines()
    assert "Office;ORP;cas non clos;2" in lines
    assert "Office;ORP;date conseillée la plus proche;2026-03-20" in lines
    assert "Assistant;;part sans cas, en %;50" in lines
    assert "Sujet;Inscription;cas;3" in lines
    assert not [line for line in lines if "juridique" in line]


def test_no_cell_is_a_formula() -> None:
    written = table([("=1+1", "+41 22", "-1", "@x", "\tx", "sûr", 5, None)]).decode("utf-8-sig")
    assert written == "'=1+1;'+41 22;'-1;'@x;'\tx;sûr;5;\r\n"


def test_longest_bar_is_the_largest_value_and_nothing_is_no_bar() -> None:
    drawn = Chart.of([("a", 4), ("b", 2), ("c", 0)])
    assert [bar.length for bar in drawn.bars] == [380, 190, 0]
    assert [bar.length for bar in Chart.of([("a", 0)]).bars] == [0]


def test_every_topic_has_a_name_for_agents() -> None:
    assert set(topics().values()) <= set(TOPICS)
