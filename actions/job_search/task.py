"""What must be known of a month's job searches, and how it is understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.job_search import understanding
from actions.job_search.draft import ASSIGNED, GROUPS, RESULTS, WORKLOAD, Entry, Group, JobSearchDraft
from actions.job_search.effort import PLACE, Effort, as_entered, from_entered
from actions.job_search.parsing import read
from actions.sending import CONFIRMED, LOGIN
from actions.tasks import CORRECTION, NO, YES, Question, Said, Task, Unusable
from base import clock
from base.database import UnitOfWork
from base.plain import plain
from base.reading import months
from base.tokens import TOKEN
from base.wording import Translations, mark
from casework import efforts, persons
from casework.desk import desk
from casework.submissions import State
from eservices.models import Result, Workload
from eservices.models.common import period_of as written
from law.periods import SEARCHES_DUE_DAY, Month, job_searches_due, searches_transmissible_from

ENTRIES = Question("entries", "text", help="utter_help_job_search_entries")
DETAILS = Question("details", "text", help="utter_help_job_search_details")
DONE = Question("is_done", "choice", help="utter_help_job_search_done")
DAYS_AHEAD = 5
MONTHS_BACK = 6
"""How far from today an application can lie: from the first day of the month six months ago, to five days ahead."""

_REMOVED, _TARGET = mark("{name} : effacée"), mark("{count} recherches demandées")
KEPT = "⟦⟧"
"""Stands in a draft for an identifier that was handed in from another conversation."""
_IDENTIFIERS = ("phone", "email")
_TELLING = frozenset({"apply_date", "channels", "occupation", "workload", "results"})
LEAST_TOLD = 3
"""How much an employer must come with to be an effort, whatever the message looks like otherwise."""
LATER, SAME, FINISHED, SEND = "later", "same", "done", "send"
"""Values of answers: what is missing comes later; the same address; nothing to add; transmit now."""
_LACKED: Mapping[str, str] = {
    "contact_person": "contact_person",
    "phone": "phone",
    "email": "online",
    "form_url": "online",
    "rejection_reason": "rejection_reason",
    **dict.fromkeys(PLACE, "address"),
}
"""What says by itself what is missing that it fills."""
_GROUP_ANSWERS: Mapping[str, Any] = {
    "full": Workload.FULLTIME,
    "part": Workload.PARTTIME,
    "pending": (Result.PENDING,),
    "rejected": (Result.REJECTED,),
    "interview": (Result.INTERVIEW,),
    YES: True,
    NO: False,
}


def _asked(group: Group) -> Question:
    return Question(group.slot, "choice", help="utter_help_job_search_group")


_QUESTIONS = {group.slot: group for group in GROUPS}


class JobSearchTask(Task[JobSearchDraft]):
    """Entering the job searches of a month, and transmitting them."""

    name = "job_search"
    intent = "tx_job_search"
    title = mark("Recherches d'emploi du mois")
    model = JobSearchDraft
    cancelled = "utter_job_search_cancelled"
    also_noted = frozenset({"target"})
    takes_files = True

    def begin(self, said: Said, previous: JobSearchDraft | None) -> JobSearchDraft:
        """The month that is due by the date, unless another is named; what was begun for it goes on."""
        named = _period(said.text, said.today)
        period = written(named or month_due(said.today))
        if previous is None or previous.period != period:
            target = previous.target if previous else None
            return JobSearchDraft(period=period, is_named=named is not None, target=target)
        kept = {"is_done": None, "is_confirmed": None, "transmits": False, "is_questioned": False}
        return previous.model_copy(update={**kept, "touched": (), "removed": ()})

    def tells(self, text: str) -> bool:
        """Employers with when, how or for which post somebody applied there, or several of them that somebody has tried."""
        told = [one for one in read(text, clock.today()) if one.company]
        is_list = len(told) > 1 and understanding.speaks_of_applying(text)
        return is_list or any(len(_TELLING & one.said.keys()) >= LEAST_TOLD for one in told)

    def questions(self, draft: JobSearchDraft) -> Sequence[Question]:
        if draft.is_elsewhere or draft.is_transmitted:
            return ()
        asked = (LOGIN, ENTRIES, _asked(ASSIGNED), _asked(WORKLOAD), _asked(RESULTS), DETAILS, DONE)
        return (*asked, CONFIRMED) if draft.transmits else asked

    def keeps(self, draft: JobSearchDraft) -> bool:
        return not draft.is_elsewhere

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: JobSearchDraft, *, is_new: bool
    ) -> JobSearchDraft:
        """What was entered before belongs to the person, whichever conversation it was entered in."""
        if not desk().is_open:
            return draft.model_copy(update={"is_elsewhere": True})
        person_id = await persons.person_of(connection, session_id)
        if person_id is None:
            return draft.model_copy(update={"is_linked": None})
        account, today = await efforts.account(desk().submissions, connection, person_id), clock.today()
        if is_new and not draft.is_named and account.is_transmitted(draft.period, today):
            following = written(draft.month.later(1))
            if following <= written(Month.of(today)):
                draft = draft.model_copy(update={"period": following, "entries": None})
        entered = {one.id: one for one in account.of(draft.period)}
        entries = [_compared(entry, entered.pop(entry.id, None)) for entry in draft.entries or ()]
        gone = {entry.id for entry in draft.removed}
        entries += [_entry(one) for one in entered.values() if one.id not in gone]
        return draft.model_copy(
            update={
                "is_linked": True,
                "entries": tuple(entries) or None,
                "is_transmitted": account.is_transmitted(draft.period, today),
                "known": {plain(one.effort.company.name): _found_at(one) for one in account.efforts},
            }
        )

    def noticed(self, known: JobSearchDraft | None, current: JobSearchDraft) -> str | None:
        if known is None:
            return None
        if known.is_linked and not current.is_linked:
            return "utter_sending_unlinked"
        return "utter_sending_linked" if current.is_linked and not known.is_linked else None

    def read(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        fresh: dict[str, Any] = {"touched": (), "removed": (), "is_listed": False, "has_new_files": False}
        if said.files:
            return {**fresh, "files": (*(draft.files or ()), *said.files), "has_new_files": True}
        values = self._tapped(said, draft, pending) if said.tapped else self._typed(said, draft, pending)
        return {**fresh, **values} if values else {}

    async def let_go(
        self, work: UnitOfWork, session_id: str, draft: JobSearchDraft, kept: JobSearchDraft | None
    ) -> None:
        """What was typed from goes with the month."""
        for file_id in set(draft.files or ()) - set((kept and kept.files) or ()):
            await desk().submissions.files.delete(work, file_id)

    def _tapped(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        if named := next(iter(said.values("month")), None):
            return {"period": named, "is_named": True, "entries": None, "is_done": None}
        answer = next(iter(said.values("answer")), None)
        if answer is None or said.late or pending is None:
            return {}
        group = _QUESTIONS.get(pending.slot)
        if group is not None and answer in _GROUP_ANSWERS:
            return _grouped(draft, group, {entry.id: _GROUP_ANSWERS[answer] for _, entry in draft.lacking(group)})
        if pending is DETAILS and draft.incomplete is not None:
            return self._about_details(answer, draft, draft.incomplete[1])
        if pending is CONFIRMED:
            return _decision(answer == YES)
        return {FINISHED: {"is_done": True}, SEND: _transmission(draft, said.today) if answer == SEND else {}}.get(
            answer, {}
        )

    @staticmethod
    def _about_details(answer: str, draft: JobSearchDraft, entry: Entry) -> Mapping[str, Any]:
        if answer == LATER:
            return _postponed(draft, [entry])
        return _changed(draft, entry, draft.known.get(plain(entry.name), Effort())) if answer == SAME else {}

    def _typed(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        wanted = understanding.target(said.text)
        if wanted is not None and pending is DETAILS:
            return {"target": wanted}
        ways = (
            self._decided,
            self._listed,
            self._ended,
            self._removed,
            self._grouped,
            self._numbered,
            self._told,
            self._pointed,
            self._filled,
            self._moved,
        )
        for way in ways:
            if values := way(said, draft, pending):
                return values if wanted is None else {**values, "target": wanted}
        return {} if wanted is None else {"target": wanted}

    # What a message can be, in the order in which it is tried.

    def _decided(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """An answer to whether to transmit."""
        return _decision(said.agrees) if pending is CONFIRMED and (said.agrees or said.declines) else {}

    def _listed(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """«Montre la liste»."""
        if not draft.entries or not understanding.wants_list(said.text):
            return {}
        answered = {pending.slot: getattr(draft, pending.slot, None)} if pending else {}  # and asked again
        return {**answered, "is_listed": True}

    def _ended(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """«C'est tout», or the wish to transmit."""
        if not draft.entries:
            return {}
        if understanding.says_done(said.text) and (pending is DONE or not said.declines):
            return {**_postponed(draft, [entry for entry in draft.entries if entry.missing]), "is_done": True}
        is_free = pending in {DONE, CORRECTION, None} or understanding.says_transmit(said.text)
        wants = is_free and understanding.wants_transmission(said.text) and not said.asks
        return _transmission(draft, said.today) if wants and not read(said.text, said.today) else {}

    def _removed(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """«Efface le 2»."""
        taken = understanding.removed(said.text, draft.entries or ())
        return _without(draft, taken) if taken else {}

    def _grouped(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """An answer to what was asked of several efforts."""
        group = _QUESTIONS.get(pending.slot) if pending else None
        if group is None or said.asks or self._names_others(said, draft):
            return {}
        lacking, count = draft.lacking(group), len(draft.entries or ())
        return _grouped(draft, group, understanding.spread(said.text, group.field, lacking, said.today, count))

    def _numbered(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """«Le 3 : c'était par téléphone»."""
        found = understanding.numbered(said.text, len(draft.entries or ()))
        if found is None or "\n" in said.text.strip() or self._names_others(said, draft):
            return {}
        number, correction = found
        return self._corrected(draft, (draft.entries or ())[number - 1], correction, said.today)

    def _told(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """Efforts, or what was missing of one."""
        told = () if said.asks and pending is not ENTRIES else _dated(said.text, draft, said.today)
        if pending is DETAILS and draft.incomplete is not None and not said.asks:
            _, entry = draft.incomplete
            is_theirs = self._names_others(said, draft) and "company" not in entry.missing
            is_known = any(
                one.is_with(effort.company) for effort in told for one in draft.entries or () if one != entry
            )
            if not (is_theirs or is_known):
                return self._completed(said, draft, entry)
        if pending not in {ENTRIES, DONE, None}:
            told = tuple(one for one in told if one.company or one.described)
        return self._with(draft, told, said) if told else {}

    def _pointed(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """What is said of an effort by a part of its name: «l'EMS, c'est Mme Favre»."""
        if said.asks or pending in {ENTRIES, None}:
            return {}
        entry = understanding.pointed(said.text, draft.entries or ())
        found = understanding.details(said.text, _reference(draft, said.today)) if entry else Effort()
        return _changed(draft, entry, self._within(draft, found, said.today)) if entry and found.said else {}

    def _filled(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """What only one effort lacks, while something else is asked: «022 731 89 50»."""
        if said.asks or pending is None or pending.slot not in _QUESTIONS:
            return {}
        found = understanding.details(said.text, _reference(draft, said.today)).said
        news = Effort(**{name: value for name, value in found.items() if name in _LACKED})
        lacking = [one for one in draft.entries or () if {_LACKED[name] for name in news.said} & set(one.missing)]
        if not lacking and (way := understanding.way(news.said)) is not None:
            news = news.model_copy(update={"channels": (way,)})
            lacking = [one for one in draft.entries or () if "channels" in one.missing]
        return _changed(draft, lacking[0], news) if len(lacking) == 1 else {}

    def _moved(self, said: Said, draft: JobSearchDraft, pending: Question | None) -> Mapping[str, Any]:
        """Another month, by its name."""
        named = None if said.asks else _period(said.text, said.today)
        if named is None or written(named) == draft.period or named > Month.of(said.today):
            return {}
        return {"period": written(named), "is_named": True, "entries": None, "is_done": None}

    def _names_others(self, said: Said, draft: JobSearchDraft) -> bool:
        """Whether a message tells of an effort that is not known yet, with more than an employer."""
        return any(
            len(one.said) > 1
            and (one.company or one.described)
            and not any(entry.is_with(one.company or one.described) for entry in draft.entries or ())
            for one in _dated(said.text, draft, said.today)
        )

    def _completed(self, said: Said, draft: JobSearchDraft, entry: Entry) -> Mapping[str, Any]:
        """What a message says to what was missing of an effort."""
        if said.agrees and (same := draft.known.get(plain(entry.name))) is not None:
            return _changed(draft, entry, same)
        if understanding.puts_off(said.text):
            return _postponed(draft, [entry])
        found = understanding.answer(said.text, entry.missing, _reference(draft, said.today))
        return _changed(draft, entry, self._within(draft, found, said.today)) if found.said else {}

    def _corrected(self, draft: JobSearchDraft, entry: Entry, correction: str, today: date) -> Mapping[str, Any]:
        if understanding.removed(f"{correction} 1", (entry,)):
            return _without(draft, (entry,))
        found = understanding.details(correction, _reference(draft, today))
        if not found.said:
            found = understanding.answer(correction, entry.missing, _reference(draft, today))
        if not found.said:
            return {"is_questioned": True}
        return _changed(draft, entry, self._within(draft, found, today))

    def _within(self, draft: JobSearchDraft, effort: Effort, today: date) -> Effort:
        """An effort whose day lies in the month.

        Raises:
            Unusable: When it does not.
        """
        _check_day(draft, effort, today)
        return effort

    def _with(self, draft: JobSearchDraft, told: Sequence[Effort], said: Said) -> Mapping[str, Any]:
        """The draft with what a message tells of efforts, known and new."""
        if not draft.entries and (other := _other_month(told, draft, said.today)) is not None:
            draft = draft.model_copy(update={"period": written(other)})
        entries, touched = list(draft.entries or ()), list[str]()
        problem: Unusable | None = None
        for effort in told:
            try:
                _check_day(draft, effort, said.today)
                _check_clear(entries, effort)
            except Unusable as unclear:
                problem = problem or unclear
                continue
            place = next(iter(_meant(entries, effort)), None)
            if place is None:
                entries.append(Entry(effort=effort))
            else:
                known = entries[place]
                news = understanding.merged(known.effort, _unnamed(effort))
                if news == known.effort:
                    problem = problem or Unusable("utter_job_search_known", name=known.name, number=str(place + 1))
                    continue
                entries[place] = known.model_copy(update={"effort": news, "is_postponed": False})
            touched.append(entries[-1 if place is None else place].id)
        values: dict[str, Any] = {}
        if touched:
            values = {"period": draft.period, "entries": tuple(entries), "touched": tuple(touched), "is_done": None}
        if problem is not None:
            problem.kept = {"removed": (), **values} if values else {}
            raise problem
        return values

    def acknowledge(
        self, values: Mapping[str, Any], draft: JobSearchDraft, translations: Translations
    ) -> Sequence[str]:
        told = [
            f"{number}. {entry.name}"
            for number, entry in enumerate(draft.entries or (), start=1)
            if "entries" in values and entry.id in draft.touched
        ]
        told += [translations.translate(_REMOVED).format(name=entry.name) for entry in draft.removed]
        return [*told, translations.translate(_TARGET).format(count=values["target"])] if "target" in values else told

    def shown(self, draft: JobSearchDraft) -> Mapping[str, Any]:
        return {"month": draft.period, "count": len(draft.entries or ())}

    async def carry_out(self, work: UnitOfWork, session_id: str, draft: JobSearchDraft) -> JobSearchDraft:
        """Hands in every effort that the message made complete, and takes back what it removed."""
        person_id = await persons.person_of(work.connection, session_id)
        if person_id is None or not draft.has_consented or draft.is_transmitted or not (draft.removed or draft.entries):
            return draft
        for entry in draft.removed:
            if entry.version:
                await self._write(work, session_id, person_id, draft, entry, None, 0)
        entries = []
        for place, entry in enumerate(draft.entries or ()):
            is_changed = not entry.missing and entry.effort != entry.entered
            is_wanted = entry.state is not State.REFUSED or entry.id in draft.touched
            effort = entry.effort if is_changed and is_wanted else None
            entries.append(
                await self._write(work, session_id, person_id, draft, entry, effort, place) if effort else entry
            )
        return draft.model_copy(update={"entries": tuple(entries) or None, "removed": (), "touched": ()})

    async def _write(
        self,
        work: UnitOfWork,
        session_id: str,
        person_id: str,
        draft: JobSearchDraft,
        entry: Entry,
        effort: Effort | None,
        place: int,
    ) -> Entry:
        try:
            revealed = await _revealed(work, session_id, person_id, entry.id, effort) if effort is not None else None
            written = as_entered(revealed) if revealed is not None else None
        except ValidationError:
            return entry.model_copy(update={"is_postponed": False})
        version = entry.version + 1
        await efforts.write(
            desk().submissions,
            work,
            session_id=session_id,
            person_id=person_id,
            period=draft.period,
            entry_id=entry.id,
            effort=written,
            version=version,
            place=place,
        )
        change = "remove" if effort is None else "change" if entry.version else "add"
        work.effect("save_effort", change=change, month=draft.period)
        return entry.model_copy(update={"entered": effort, "version": version, "state": State.RECORDED})


def month_due(today: date) -> Month:
    """The month whose searches are due: until the 5th that of before."""
    month = Month.of(today)
    return month.later(-1) if today.day <= SEARCHES_DUE_DAY else month


def other_month(month: Month, today: date) -> Month | None:
    """The other one of the two months that are open from the 1st to the 5th; None when there is one only."""
    due, running = month_due(today), Month.of(today)
    if due == running:
        return None
    return running if month == due else due


def is_transmissible(month: Month, today: date) -> bool:
    """Whether a month can be transmitted by hand."""
    return searches_transmissible_from(month) <= today


def is_late(month: Month, today: date) -> bool:
    """Whether the day has passed by which the law wants a month's searches."""
    return job_searches_due(month).deadline < today


def _period(text: str, today: date) -> Month | None:
    """The month that a text names."""
    if found := months(text, today):
        return Month.of(date.fromisoformat(f"{found[-1].value}-01"))
    if understanding.speaks_of_time_before(text):
        return Month.of(today).later(-1)
    return None


def _reference(draft: JobSearchDraft, today: date) -> date:
    """The day from which days without a month are counted back: the last of the month, or today in it."""
    return min(today, draft.month.last_day) if draft.month < Month.of(today) else today


def _dated(text: str, draft: JobSearchDraft, today: date) -> tuple[Effort, ...]:
    """The efforts of a text; «le 12» is meant of the month that is spoken of, if it can be."""
    told, reference = read(text, today), _reference(draft, today)
    if reference == today:
        return told
    again = read(text, reference)
    return (
        tuple(
            other
            if one.apply_date is not None
            and other.apply_date is not None
            and Month.of(other.apply_date) == draft.month
            and Month.of(one.apply_date) != draft.month
            else one
            for one, other in zip(told, again, strict=True)
        )
        if len(again) == len(told)
        else told
    )


def _check_day(draft: JobSearchDraft, effort: Effort, today: date) -> None:
    """Raises Unusable when an effort does not lie in the month, with where it belongs."""
    day = effort.apply_date
    if day is None:
        return
    if day > today + timedelta(days=DAYS_AHEAD):
        raise Unusable("utter_job_search_ahead", day=day)
    if Month.of(day) < Month.of(today).later(-MONTHS_BACK):
        raise Unusable("utter_job_search_too_old", day=day)
    if Month.of(day) != draft.month:
        raise Unusable("utter_job_search_outside", day=day, name=effort.company or effort.described or "…")


def _other_month(told: Sequence[Effort], draft: JobSearchDraft, today: date) -> Month | None:
    """The month in which all days lie that a message names, if it is another one that can be entered."""
    named = {Month.of(one.apply_date) for one in told if one.apply_date is not None}
    if len(named) != 1:
        return None
    (month,) = named
    is_open = Month.of(today).later(-MONTHS_BACK) <= month <= Month.of(today + timedelta(days=DAYS_AHEAD))
    return month if is_open and month != draft.month else None


def _meant(entries: Sequence[Entry], effort: Effort) -> Sequence[int]:
    """Places of the efforts that a message can mean."""
    same = [place for place, entry in enumerate(entries) if entry.is_with(effort.company or effort.described)]
    alike = [place for place in same if _is_alike(entries[place].effort, effort)]
    is_another = effort.apply_date or effort.occupation or effort.channels
    return alike if alike or is_another or len(same) > 1 else same  # «Coop, c'est à la rue du Stand»


def _unnamed(effort: Effort) -> Effort:
    """An effort without its employer, whose name is known as it was written first."""
    return effort.model_copy(update={"company": None, "described": None})


def _is_alike(known: Effort, effort: Effort) -> bool:
    """Whether nothing tells two efforts with the same employer apart."""
    days = known.apply_date and effort.apply_date and known.apply_date != effort.apply_date
    posts = known.occupation and effort.occupation and plain(known.occupation) != plain(effort.occupation)
    places = known.city and effort.city and plain(known.city) != plain(effort.city)
    return not (days or posts or places)


def _check_clear(entries: Sequence[Entry], effort: Effort) -> None:
    """Raises Unusable when a message could mean several efforts with one employer."""
    meant = [place + 1 for place in _meant(entries, effort)]
    if len(meant) > 1 and effort.results:
        numbers = ", ".join(map(str, meant))
        name = effort.company or effort.described or "…"
        raise Unusable("utter_job_search_which", name=name, numbers=numbers, number=str(meant[0]))


def _changed(draft: JobSearchDraft, entry: Entry, news: Effort) -> Mapping[str, Any]:
    effort = understanding.merged(entry.effort, news)
    if effort == entry.effort:
        return {}
    changed = draft.with_entry(entry.id, lambda one: one.model_copy(update={"effort": effort, "is_postponed": False}))
    return {"entries": changed, "touched": (entry.id,), "is_done": None}


def _postponed(draft: JobSearchDraft, entries: Sequence[Entry]) -> Mapping[str, Any]:
    """Nothing more is asked of these for now."""
    later = {entry.id for entry in entries}
    return {
        "entries": tuple(
            entry.model_copy(update={"is_postponed": True}) if entry.id in later else entry
            for entry in draft.entries or ()
        )
    }


def _decision(is_yes: bool) -> Mapping[str, Any]:
    return {"is_confirmed": True} if is_yes else {"transmits": False, "is_done": None}


def _without(draft: JobSearchDraft, taken: Sequence[Entry]) -> Mapping[str, Any]:
    gone = {entry.id for entry in taken}
    left = tuple(entry for entry in draft.entries or () if entry.id not in gone)
    return {"entries": left or None, "removed": tuple(taken), "is_done": None}


def _grouped(draft: JobSearchDraft, group: Group, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The draft with what was said of one field of several efforts, by their ids."""
    entries = tuple(
        entry.model_copy(update={"effort": understanding.merged(entry.effort, Effort(**{group.field: said[entry.id]}))})
        if entry.id in said
        else entry
        for entry in draft.entries or ()
    )
    return {"entries": entries, "touched": ()} if said else {}


def _transmission(draft: JobSearchDraft, today: date) -> Mapping[str, Any]:
    """The wish to transmit now.

    Raises:
        Unusable: When Job-Room does not take it yet.
    """
    if not is_transmissible(draft.month, today):
        raise Unusable("utter_job_search_not_yet", day=searches_transmissible_from(draft.month))
    return {"transmits": True, "is_done": True}


def _compared(entry: Entry, entered: efforts.Entered | None) -> Entry:
    """An effort of the draft, with what has become of it."""
    if entered is None:
        return entry.model_copy(update={"entered": None, "state": State.REFUSED}) if entry.version else entry
    return entry.model_copy(update={"version": max(entry.version, entered.version), "state": entered.state})


def _entry(entered: efforts.Entered) -> Entry:
    """An effort that was entered in another conversation; drafts hold no identifiers."""
    effort = from_entered(entered.effort)
    effort = effort.model_copy(update={name: KEPT for name in _IDENTIFIERS if getattr(effort, name) is not None})
    return Entry(id=entered.id, effort=effort, entered=effort, version=entered.version, state=entered.state)


def _found_at(entered: efforts.Entered) -> Effort:
    """Where an employer is found that was entered before."""
    said = from_entered(entered.effort).said
    return Effort(**{name: said[name] for name in (*PLACE, "contact_person") if name in said})


async def _revealed(work: UnitOfWork, session_id: str, person_id: str, entry_id: str, effort: Effort) -> Effort:
    """An effort with what its tokens stand for."""
    values = {
        name: await desk().vault.reveal(work.connection, session_id, value)
        for name, value in effort.said.items()
        if isinstance(value, str) and TOKEN.fullmatch(value)
    }
    if kept := [name for name in _IDENTIFIERS if getattr(effort, name) == KEPT]:
        account = await efforts.account(desk().submissions, work.connection, person_id)
        before = next(from_entered(one.effort) for one in account.efforts if one.id == entry_id)
        values |= {name: getattr(before, name) for name in kept}
    return effort.model_copy(update=values)
