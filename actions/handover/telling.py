"""What happens next with a case, said to the person as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import UnitOfWork
from base.wording import Translations, mark, write_day, write_moment
from casework import cases, figures
from casework.cases import Case
from casework.desk import desk
from conversations.models import WEB

EMAIL = "contact_email"
"""Name of the need that is a way to reach somebody."""
_FIRST = mark("Votre demande est la première de la file.")
_PLACE_ONE = mark("Il y a **une demande** avant la vôtre.")
_PLACE = mark("Il y a **{count} demandes** avant la vôtre.")
_WAIT_MINUTES = mark("Ces dernières semaines, la première réponse est venue après environ {count} minutes.")
_WAIT_HOURS = mark("Ces dernières semaines, la première réponse est venue après environ {count} heures.")
_WAIT_DAYS = mark("Ces dernières semaines, la première réponse est venue après environ {count} jours.")
_NO_WAIT = mark("Je ne peux pas vous promettre une heure de réponse.")
_CLOSED = mark("Le service d'aide est fermé en ce moment. Il rouvre le **{opens}**. Votre demande l'attend.")
_ANSWERED_HERE = mark("La réponse vient ici, dans cette conversation.")
_CODE = mark(
    "Votre code de retour : `{code}`. Notez-le, et ne le donnez à personne. Si vous fermez cette page, tapez-le dans une "
    "nouvelle conversation, ici{or_elsewhere}, pour lire la réponse."
)
_OR_TELEGRAM = mark(" ou [sur Telegram]({address})")
_LEAVE_EMAIL = mark("Laisser une adresse e-mail")


async def next_steps(work: UnitOfWork, case: Case, translations: Translations, *, is_new: bool) -> Mapping[str, Any]:
    """Values of the responses that tell of a case: `case_number`, `next_steps` and `buttons`.

    Args:
        is_new: Whether it was opened just now; only then a code is given.
    """
    lines = [await _place(work.connection, case, translations)]
    lines.append(await _wait(work.connection, case, translations))
    hours, moment = desk().hours, clock.now()
    if not hours.is_open(moment):
        lines.append(_opens(translations))
    else:
        lines.append(translations.translate(_ANSWERED_HERE))
    paragraphs = [" ".join(lines)]
    has_email = any(need.item == EMAIL and need.value for need in case.needs)
    is_anonymous = case.channel == WEB and is_new
    if is_anonymous:
        code = await desk().codes.issue(work, case)
        address = desk().telegram_url(code)
        elsewhere = translations.translate(_OR_TELEGRAM).format(address=address) if address else ""
        paragraphs.append(translations.translate(_CODE).format(code=code, or_elsewhere=elsewhere))
    offers = [{"title": translations.translate(_LEAVE_EMAIL), "payload": "/leave_email"}]
    return {
        "case_number": case.number,
        "next_steps": "".join(f"\n\n{paragraph}" for paragraph in paragraphs),
        "buttons": offers if is_anonymous and not has_email else [],
    }


async def _place(connection: AsyncConnection, case: Case, translations: Translations) -> str:
    count = await cases.ahead_of(connection, case)
    text = (_FIRST, _PLACE_ONE)[count] if count < 2 else _PLACE
    return translations.translate(text).format(count=count)


async def _wait(connection: AsyncConnection, case: Case, translations: Translations) -> str:
    """How long others have waited; without enough of them, that nothing can be promised."""
    wait = await figures.expected_wait(connection, case.office)
    if wait is None:
        return translations.translate(_NO_WAIT)
    for unit, text in ((timedelta(days=1), _WAIT_DAYS), (timedelta(hours=1), _WAIT_HOURS)):
        if wait >= 2 * unit:
            return translations.translate(text).format(count=round(wait / unit))
    return translations.translate(_WAIT_MINUTES).format(count=max(1, round(wait / timedelta(minutes=1))))


def _opens(translations: Translations) -> str:
    """When somebody is there again; without hours, only the day is known."""
    hours = desk().hours
    opens = hours.opens_at(clock.now())
    written = (
        write_moment(opens, translations, with_weekday=True)
        if hours.spans
        else write_day(opens.date(), translations.locale)
    )
    return translations.translate(_CLOSED).format(opens=written)
