"""Figures for who leads an office: as a table, as a chart, and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from base import clock
from bot.figures import Figures, figures
from bot.helpdesk import wording
from bot.helpdesk.permissions import Deed
from bot.helpdesk.rendering import NOT_KEPT, console
from bot.helpdesk.visits import Visit, VisitOf, serve
from casework.agents import Role
from casework.figures import OfficeFigures

PERIODS = (7, 28, 90)
USUAL = 28
"""Days."""
ROW_HEIGHT, NAME_WIDTH, BAR_WIDTH, VALUE_WIDTH = 34, 250, 380, 60
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for a formula."""

router = APIRouter()


@dataclass(frozen=True)
class Bar:
    """One row of a chart, in its own units.

    Args:
        name: What it stands for.
        value: How much.
        y: Where it begins.
        length: Of the bar.
    """

    name: str
    value: int
    y: int
    length: float


@dataclass(frozen=True)
class Chart:
    """Bars beside their names."""

    bars: tuple[Bar, ...]

    @classmethod
    def of(cls, values: Sequence[tuple[str, int]]) -> Chart:
        """A chart of named values; the largest has the longest bar."""
        largest = max((value for _, value in values), default=0) or 1
        return cls(
            tuple(
                Bar(name, value, index * ROW_HEIGHT, round(value / largest * BAR_WIDTH, 1))
                for index, (name, value) in enumerate(values)
            )
        )

    @property
    def width(self) -> int:
        return NAME_WIDTH + BAR_WIDTH + VALUE_WIDTH

    @property
    def height(self) -> int:
        return max(1, len(self.bars)) * ROW_HEIGHT


@serve(router, Deed.FIGURES)
async def show(request: Request, visit: VisitOf) -> Response:
    """The page."""
    days = _days(request)
    found = await _figures(visit, days)
    offices = _theirs(visit, found)
    return console(
        "figures.html",
        visit,
        days=days,
        periods=PERIODS,
        figures=found,
        offices=offices,
        open_chart=Chart.of([(wording.OFFICES[one.office], one.unresolved) for one in offices]),
        topic_chart=Chart.of([(wording.topic(one.topic), one.cases) for one in found.of_cases.topics]),
        name_width=NAME_WIDTH,
    )


@serve(router, Deed.FIGURES_FILE)
async def download(request: Request, visit: VisitOf) -> Response:
    """The same for a spreadsheet."""
    days = _days(request)
    found = await _figures(visit, days)
    name = f"service-d-aide-{clock.today().isoformat()}-{days}-jours.csv"
    headers = {**NOT_KEPT, "content-disposition": f'attachment; filename="{name}"'}
    return Response(table(_rows(found, _theirs(visit, found))), media_type="text/csv; charset=utf-8", headers=headers)


def table(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a file that spreadsheets open, none of whose cells is taken for a formula."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _rows(found: Figures, offices: Sequence[OfficeFigures]) -> Iterable[Sequence[object]]:
    yield ("Rubrique", "Nom", "Mesure", "Valeur")
    for one in offices:
        name = wording.OFFICES[one.office]
        yield ("Office", name, "cas non clos", one.unresolved)
        yield ("Office", name, "date conseillée la plus proche", one.oldest_safe and one.oldest_safe.isoformat())
        yield ("Office", name, "cas ouverts pendant la période", one.opened)
        yield ("Office", name, "attente médiane avant réponse, en minutes", _minutes(one.wait))
        yield ("Office", name, "durée médiane jusqu'à la clôture, en minutes", _minutes(one.resolution))
    for topic in found.of_cases.topics:
        yield ("Sujet", wording.topic(topic.topic), "cas", topic.cases)
        yield ("Sujet", wording.topic(topic.topic), "dont pas compris", topic.not_understood)
    yield ("Assistant", "", "conversations", found.conversations)
    yield ("Assistant", "", "sans cas", found.settled_alone)
    yield (
        "Assistant",
        "",
        "part sans cas, en %",
        None if found.share_alone is None else round(found.share_alone * 100),
    )
    yield ("Avis", "", "cela m'a aidé", found.of_cases.helped)
    yield ("Avis", "", "cela ne m'a pas aidé", found.of_cases.not_helped)


def _minutes(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds() / 60)


def _theirs(visit: Visit, found: Figures) -> tuple[OfficeFigures, ...]:
    """The offices that the agent leads."""
    led = visit.agent.offices_as(Role.SUPERVISOR)
    return tuple(one for one in found.of_cases.offices if one.office in led)


def _days(request: Request) -> int:
    given = request.query_params.get("days", "")
    return int(given) if given in {str(days) for days in PERIODS} else USUAL


async def _figures(visit: Visit, days: int) -> Figures:
    async with visit.program.database.reading() as connection:
        return await figures(connection, clock.now() - timedelta(days=days))
