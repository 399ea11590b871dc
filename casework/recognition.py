"""Asking the gateway who somebody is: the handlers of the outbox rows of `casework.identification`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from types import MappingProxyType

import structlog

from base.database import Database
from base.outbox import Handler, Item
from casework.deliveries import OURS, Misunderstood
from casework.identification import CHECK, SETTLED, Identifications, Outcome
from casework.vault import Vault
from eservices.client import EServices
from eservices.errors import Refused
from eservices.models import EnrolmentCheck
from eservices.reasons import Reason

log = structlog.get_logger(__name__)

GoOn = Callable[[str, str], Awaitable[None]]
"""Goes on with a conversation, named by its session id; the same second id again changes nothing."""

_OUTCOMES: Mapping[Reason | None, Outcome] = MappingProxyType(
    {
        Reason.ENROLMENT_MISMATCH: Outcome.MISMATCH,
        Reason.ENROLMENT_TAKEN: Outcome.TAKEN,
        Reason.TOO_MANY_ATTEMPTS: Outcome.LOCKED,
    }
)


class Recognition:
    """Asks the gateway, and lets the conversation go on with what it says.

    Args:
        database: Where identifications are kept.
        identifications: How they are kept.
        vault: Knows what tokens stand for.
        services: The gateway.
        go_on: Lets the conversation go on.
    """

    def __init__(
        self,
        database: Database,
        identifications: Identifications,
        vault: Vault,
        services: EServices,
        go_on: GoOn,
    ) -> None:
        self._database = database
        self._identifications = identifications
        self._vault = vault
        self._services = services
        self._go_on = go_on

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kinds of outbox rows that ask, and that say what came of it."""
        return {CHECK: self._check, SETTLED: self._tell}

    async def _check(self, item: Item) -> None:
        """One attempt.

        Raises:
            EServicesError: When the gateway does not answer; the next attempt will tell.
            Misunderstood: When it does not understand us, which says nothing about the person.
        """
        session_id, check_id = str(item.payload["session"]), str(item.payload["check"])
        async with self._database.reading() as connection:
            subject = await self._identifications.subject(connection, session_id, check_id)
            if subject is None:
                return
            number = await self._vault.reveal(connection, session_id, item.payload["personal_number"])
            born = await self._vault.reveal(connection, session_id, item.payload["birth_date"])
        asked = EnrolmentCheck(personal_number=number, birth_date=date.fromisoformat(born), subject=subject)
        try:
            found = await self._services.check_enrolment(asked, f"check-{check_id}")
        except Refused as refusal:
            if refusal.reason in OURS:
                log.error("identification.misunderstood", reason=refusal.type)  # noqa: TRY400  # no trace says more
                raise Misunderstood from refusal
            outcome = _OUTCOMES.get(refusal.reason, Outcome.FAILED)
            log.warning("identification.refused", reason=refusal.type, instance=refusal.instance)
            async with self._database.unit_of_work(serialise=session_id) as work:
                await self._identifications.refused(work, session_id, check_id, outcome)
        else:
            async with self._database.unit_of_work(serialise=session_id) as work:
                await self._identifications.recognised(work, session_id, check_id, found.person.person_id)

    async def _tell(self, item: Item) -> None:
        await self._go_on(str(item.payload["session"]), f"check:{item.payload['check']}")
