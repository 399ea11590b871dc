"""The check of the conditions: what is asked, what is taken over, and what is forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.measures import questions as asked
from actions.measures.draft import MeasuresDraft
from actions.measures.understanding import read
from actions.measures.wishes import FORGET, KEEP, begins_anew, forgets, items, keeps, wants_forgotten
from actions.measures.wording import noted
from actions.tasks import CONSENT, Question, Said, Task, Unusable
from base import clock
from base.database import UnitOfWork
from base.wording import Translations
from conversations import store


class MeasuresTask(Task[MeasuresDraft]):
    """Going through the conditions of one cantonal measure, or of all four."""

    name = "measures"
    intent = "tx_measures_check"
    model = MeasuresDraft
    cancelled = "utter_measures_cancelled"
    also_noted = frozenset({"is_kept"})

    def begin(self, said: Said, previous: MeasuresDraft | None) -> MeasuresDraft:
        """Nobody says twice what they have just said, or had kept; only the measure is asked anew."""
        if previous is None or begins_anew(said):
            return MeasuresDraft()
        try:
            tells = bool(items(said) or read(said, previous, None))
        except Unusable:
            tells = True
        return previous if tells else previous.model_copy(update={"measure": None})

    def keeps(self, draft: MeasuresDraft) -> bool:
        """Only what the person wants to be kept."""
        return draft.is_kept

    def passes(self, draft: MeasuresDraft) -> bool:
        return not draft.is_kept

    def noticed(self, known: MeasuresDraft | None, current: MeasuresDraft) -> str | None:
        if known is not None or current.measure is not None:
            return None
        has_answers = any(getattr(current, one.slot) is not None for one in asked.ORDER)
        return "utter_measures_taken_over" if has_answers else "utter_measures_begun"

    def claims(self, text: str) -> bool:
        return forgets(text) or keeps(text)

    def ends(self, said: Said, draft: MeasuresDraft, pending: Question | None) -> str | None:
        has_answers = any(getattr(draft, one.slot) is not None for one in asked.ORDER)
        if pending is None and not has_answers and (items(said) & {KEEP, FORGET} or self.claims(said.text)):
            return "utter_measures_nothing_kept"
        return "utter_measures_forgotten" if wants_forgotten(said) else super().ends(said, draft, pending)

    async def let_go(self, work: UnitOfWork, session_id: str, draft: MeasuresDraft, kept: MeasuresDraft | None) -> None:
        """The messages that the answers stood in go with them."""
        if kept is None:
            await store.forget_passing(work, session_id)

    async def carry_out(self, work: UnitOfWork, session_id: str, draft: MeasuresDraft) -> MeasuresDraft:
        if draft.is_kept and draft.has_consented:
            await store.keep_passing(work, session_id)
        return draft

    def questions(self, draft: MeasuresDraft) -> Sequence[Question]:
        return asked.questions(draft, clock.today())

    def read(self, said: Said, draft: MeasuresDraft, pending: Question | None) -> Mapping[str, Any]:
        return read(said, draft, pending)

    def acknowledge(self, values: Mapping[str, Any], draft: MeasuresDraft, translations: Translations) -> Sequence[str]:
        is_said_otherwise = self.pending(draft) in {None, CONSENT}  # at the end, and while it is not agreed to
        said = {name: value for name, value in values.items() if name != "is_kept" or not is_said_otherwise}
        return noted(said, draft, translations)

    def shown(self, draft: MeasuresDraft) -> Mapping[str, Any]:
        days = {"start_date": draft.sick_since, "end_date": draft.end}
        return {name: str(day) for name, day in days.items() if day is not None and day != "unknown"}
