"""What people write of their job searches is read well enough. The figures are printed by `cornavin evaluate`."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import add
from pathlib import Path

import pytest
from pydantic import ValidationError

from actions.job_search.effort import LONGEST, PLACE, Effort, as_entered, missing
from bot.engine.extraction import FieldFigures, examples, judge
from eservices.models import ApplyChannel, Result, Workload

FOLDER = Path(__file__).parent / "job_search"
PATHS = WRITTEN, HELD_OUT, INVENTED, *STRANGERS = [
    FOLDER / f"{name}.yml" for name in ("written", "held_out", "invented", "strangers", "strangers_2", "strangers_3")
]
"""The last three were written by people who had not seen the rules; the rules were mended with all of them since."""
UNSEEN = [FOLDER / f"{name}.yml" for name in ("unseen", "unseen_2")]
"""Lines of two hands that no rule was made for: what is to be expected of people's own, and below the goal."""
FEWEST_LINES, FEWEST_HELD_OUT = 600, 100
FLOOR, FLOOR_STRANGERS, FLOOR_UNSEEN, FLOOR_UNSEEN_PRECISION = 0.95, 0.97, 0.87, 0.90
FLOOR_FIELD = 0.90
ENOUGH = 20
"""How often a field must occur for its own figures to say something."""


def test_there_are_enough_examples_and_none_twice() -> None:
    texts = [example.text for path in (*PATHS, *UNSEEN) for example in examples(path)]
    assert len(examples(HELD_OUT)) >= FEWEST_HELD_OUT
    assert len(texts) >= FEWEST_LINES
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_fields_are_read_as_they_were_said(path: Path) -> None:
    figures = judge(examples(path))
    together = reduce(add, figures.values(), FieldFigures(0, 0, 0))
    assert together.share_right >= (FLOOR_STRANGERS if path in STRANGERS else FLOOR)
    assert together.precision >= FLOOR, "what was not said is not filled"
    weak = {
        name: one
        for name, one in figures.items()
        if one.right + one.missed >= ENOUGH and min(one.precision, one.recall) < FLOOR_FIELD
    }
    assert weak == {}


@pytest.mark.parametrize("path", UNSEEN, ids=[path.stem for path in UNSEEN])
def test_lines_that_no_rule_was_made_for_do_not_get_worse(path: Path) -> None:
    together = reduce(add, judge(examples(path)).values(), FieldFigures(0, 0, 0))
    assert together.share_right >= FLOOR_UNSEEN
    assert together.precision >= FLOOR_UNSEEN_PRECISION


def test_figures_are_counted_as_they_are_defined() -> None:
    figures = FieldFigures(right=8, invented=2, missed=0)
    assert (figures.precision, figures.recall, figures.share_right) == (0.8, 1.0, 0.8)
    assert FieldFigures(1, 0, 1) + FieldFigures(1, 1, 0) == FieldFigures(2, 1, 1)


COMPLETE = Effort(
    apply_date=date(2026, 3, 5),
    company="Payot",
    street="rue du Rhône",
    postal_code="1204",
    city="Genève",
    channels=(ApplyChannel.MAIL,),
    occupation="libraire",
    assigned_by_orp=False,
    workload=Workload.FULLTIME,
    results=(Result.REJECTED,),
    rejection_reason="trop loin",
)


@pytest.mark.parametrize("name", ["company", "occupation", "rejection_reason", "street", "city"])
def test_what_is_longer_than_job_room_takes_is_still_missing(name: str) -> None:
    """The contract decides what fits, so that nothing that is complete for us is refused there."""
    assert missing(COMPLETE) == ()
    fitting, too_long = (COMPLETE.model_copy(update={name: "x" * (LONGEST[name] + more)}) for more in (0, 1))
    assert missing(fitting) == ()
    as_entered(fitting)
    assert missing(too_long) == ("address" if name in PLACE else name,)
    with pytest.raises(ValidationError):
        as_entered(too_long)
