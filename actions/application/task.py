"""What to prepare for the application for unemployment benefit (demande d'indemnité), and how it is ticked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta

from actions.agenda.understanding import numbers
from actions.tasks import FIELD, Question, Said, Task, TaskDraft, Unusable
from base import reading
from base.plain import plain
from base.wording import Translations, mark, write_month
from law.periods import Month

MONTH = Question("month", "month")
MORE = Question("is_paused", "choice", help="utter_help_application")
ITEM = "item"
"""Entity that names an item; `KEEP` and `SHOW` are no items."""
KEEP, SHOW = "keep", "show"
NEAR = 3
"""Months ahead in which the first month can lie; what is farther was meant of the past."""


class Item(StrEnum):
    """What the sources name, in the order in which people come across it."""

    REGISTERED = "registered"
    ACCOUNT = "account"
    FUND = "fund"
    EMPLOYERS = "employers"
    IPA = "ipa"
    OTHERS = "others"
    SENT = "sent"


LABELS: Mapping[Item, str] = {
    Item.REGISTERED: mark("inscription au chômage"),
    Item.ACCOUNT: mark("compte Job-Room"),
    Item.FUND: mark("caisse de chômage choisie"),
    Item.EMPLOYERS: mark("attestations des employeurs"),
    Item.IPA: mark("IPA du premier mois"),
    Item.OTHERS: mark("autres documents demandés"),
    Item.SENT: mark("demande transmise"),
}
_NAMES: tuple[tuple[Item, re.Pattern[str]], ...] = (
    (
        Item.EMPLOYERS,
        re.compile(
            r"\battestations?\b|\bcertif\w* (?:de l'|d'|des? )?employeur|\bpapiers? (?:du|de l'|des?) (?:patron|employeur|chef)"
        ),
    ),
    (Item.IPA, re.compile(r"\bl?'?i\.?p\.?a\b|\bindications? de la personne")),
    (
        Item.OTHERS,
        re.compile(r"\bautres? (?:documents?|pieces?|papiers?)|\bdocuments? (?:en plus|suppl\w*|que (?:la|ma) caisse)"),
    ),
    (
        Item.SENT,
        re.compile(
            r"\btransmi\w*|\b(?:demande|formulaire) (?:\w+ ){0,3}(?:envoy\w+|parti\w*|remise|deposee?)|\benvoye (?:la|ma) demande"
        ),
    ),
    (Item.ACCOUNT, re.compile(r"\bcompte\b|\bjob-? ?room\b|\benregistr\w*")),
    (Item.FUND, re.compile(r"\bcaisse\b")),
    (Item.REGISTERED, re.compile(r"\binscri\w*")),
)
_NOT_LISTED = re.compile(
    r"\b(?:contrats?|fiches? de (?:salaire|paie|paye)|bulletins? de salaire|permis|cartes? d'identite|passeport|lettre de (?:licenciement|demission|conge)|"
    r"rib|iban|certificats? de travail|diplomes?|cv)\b"
)
"""Papers that people have ready and that no source names for this."""
_CLAUSE = re.compile(r"[,.;:!?\n]+|\b(?:mais|par contre|et pas|sauf)\b|\bet (?=(?:je|j'|pas|il|la|le|l'|mon|ma|mes)\b)")
_MISSING = re.compile(
    r"\b(?:pas|manque\w*|attends?|attend|toujours rien|decoche\w*|enleve\w*|sans|reste|en attente)\b|\b(?:il me faut|faut encore|dois encore)\b"
)
_ALL = re.compile(
    r"\b(?:j'ai|jai|c'est|tout est|je crois que j'ai)? ?tout (?:est )?(?:fait|pret|bon|recu|envoye|la)?\b(?! (?:de suite|a l'heure|va|seule?))"
)
_BUT = re.compile(r"\btout(?:es)?\b.*\bsauf\b")
_SHOWN = re.compile(
    r"\b(?:ou (?:j'?)?en (?:suis|est)|ma liste|la liste|(?:re)?montre\w*|qu'est-ce qui (?:me )?manque|(?:que|quoi) (?:me )?(?:reste|manque)|reste quoi|manque quoi)\b"
)
_PAUSE = re.compile(
    r"\b(?:plus tard|(?:c'est|cest) (?:tout|bon)(?: pour)?|je (?:reviens|continue|reprends)|a (?:demain|plus|bientot)|demain|la semaine prochaine|"
    r"on (?:continue|reprend)|pas maintenant|pause|j'y reviens|rien d'autre|rien de plus)\b"
)
_ANEW = re.compile(r"\b(?:recommenc\w*|(?:a|de) zero|nouvelle liste)\b")
_BARE = re.compile(r"(?:\s*(?:n[°o.]? ?)?\d\s*(?:,|et|\s)?)+")


class ApplicationDraft(TaskDraft):
    """What is known of an application that is prepared.

    Args:
        month: The first month for which benefit is asked, as `2026-11`.
        ready: What is done.
        is_paused: Whether the person goes on another day.
        told: The month whose time limit the person has been told.
    """

    month: str | None = None
    ready: tuple[Item, ...] = ()
    is_paused: bool | None = None
    told: str | None = None

    @property
    def is_complete(self) -> bool:
        return set(self.ready) == set(Item)

    @property
    def law_month(self) -> Month:
        """The first month.

        Raises:
            ValueError: When it is not known.
        """
        year, number = (self.month or "").split("-")
        return Month(int(year), int(number))


class ApplicationTask(Task[ApplicationDraft]):
    """Preparing the application: a list that stays until all of it is done."""

    name = "application"
    intent = "tx_application"
    title = mark("Liste pour ma demande d'indemnité")
    model = ApplicationDraft
    cancelled = "utter_application_cancelled"

    def begin(self, said: Said, previous: ApplicationDraft | None) -> ApplicationDraft:
        """Goes on with the list that there is, unless the person wants a new one."""
        if previous is None or previous.is_complete or _ANEW.search(plain(said.text)):
            return ApplicationDraft()
        return previous.model_copy(update={"is_paused": None, "told": None})

    def questions(self, draft: ApplicationDraft) -> Sequence[Question]:
        return (MONTH,) if draft.month is not None and draft.is_complete else (MONTH, MORE)

    def read(self, said: Said, draft: ApplicationDraft, pending: Question | None) -> Mapping[str, Any]:
        values: dict[str, Any] = {"month": None} if "month" in said.values(FIELD) else {}
        if (month := _month(said, pending)) is not None:
            values["month"] = month
        if pending is MONTH:
            return values
        named = said.values(ITEM)
        if said.tapped:
            ready, missing = {Item(name) for name in named if name in set(Item)}, set[Item]()
            if KEEP in named:
                values["is_paused"] = True
            elif SHOW in named:
                values["is_paused"] = None
        else:
            ready, missing = _ticked(said.text, is_asked=pending is MORE)
            if pending is MORE and not (ready or missing or values):
                values |= _paused(said)
        now = (set(draft.ready) | ready) - missing
        if now != set(draft.ready) or ready or missing:
            values |= {"ready": tuple(item for item in Item if item in now), "is_paused": None}
        elif not values and _NOT_LISTED.search(plain(said.text)) and not said.asks and not said.tapped:
            raise Unusable("utter_application_not_listed")
        return values

    def acknowledge(
        self, values: Mapping[str, Any], draft: ApplicationDraft, translations: Translations
    ) -> Sequence[str]:
        month = values.get("month")
        return [write_month(date.fromisoformat(f"{month}-01"), translations.locale)] if month else []

    def shown(self, draft: ApplicationDraft) -> Mapping[str, Any]:
        return {"month": draft.month} if draft.month else {}


def _month(said: Said, pending: Question | None) -> str | None:
    """The first month that a message names: the next such month where it is near, else the last one."""
    if pending is not MONTH and not said.tapped and not re.search(r"\bmois\b", plain(said.text)):
        return None
    tapped = {"last": -1, "this": 0, "next": 1}
    for value in said.values("month"):
        if value in tapped:
            return str(Month.of(said.today).later(tapped[value]).first_day)[:7]
    found = reading.months(said.text, said.today) or (reading.days(said.text, said.today) if pending is MONTH else [])
    if not found:
        return None
    month = date.fromisoformat(f"{found[0].value[:7]}-01")
    is_dated = re.search(r"\d{4}", said.text[found[0].start : found[0].end]) is not None
    later = month + relativedelta(years=1)
    is_near = month < said.today.replace(day=1) and later <= said.today.replace(day=1) + relativedelta(months=NEAR)
    return str(later if is_near and not is_dated else month)[:7]


def _ticked(text: str, *, is_asked: bool) -> tuple[set[Item], set[Item]]:
    """What a text says is done, and what it says is not."""
    written = plain(text)
    ready, missing = set[Item](), set[Item]()
    is_all_but = _BUT.search(written) is not None
    places = [int(one) for one in re.findall(r"\d", written)] if is_asked and _BARE.fullmatch(written) else []
    if named := places or numbers(re.sub(r"\b(?:de)?coche[rz]? ", "le ", written), len(Item)):
        chosen = {list(Item)[place - 1] for place in named if 1 <= place <= len(Item)}
        return (set(), chosen) if _MISSING.search(written) else (chosen, set())
    for clause, is_after_but in _clauses(written):
        items = _items(clause)
        if _MISSING.search(clause) or (is_all_but and is_after_but):
            missing |= items
        else:
            ready |= items
    if is_all_but or (is_asked and not ready and not missing and _ALL.fullmatch(written.strip(" .!"))):
        ready = set(Item)
    return ready - missing, missing


def _clauses(written: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text that are true or not by themselves, and whether «sauf» stands before them."""
    end = 0
    for match in _CLAUSE.finditer(written):
        yield written[end : match.start()], "sauf" in written[:end]
        end = match.end()
    yield written[end:], "sauf" in written[:end]


def _items(clause: str) -> set[Item]:
    """What a clause names; the place where something is sent is not meant besides."""
    found = {item for item, pattern in _NAMES if pattern.search(clause)}
    if found & {Item.EMPLOYERS, Item.IPA, Item.OTHERS, Item.SENT}:
        found -= {Item.FUND, Item.ACCOUNT}
    if Item.ACCOUNT in found:
        found -= {Item.REGISTERED}
    return found


def _paused(said: Said) -> dict[str, Any]:
    written = plain(said.text)
    if _SHOWN.search(written):
        return {"is_paused": None}
    return {"is_paused": True} if said.declines or (_PAUSE.search(written) and not said.asks) else {}
