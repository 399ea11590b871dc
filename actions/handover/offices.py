"""Whose queue a case belongs to, and what that office needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from casework.triage import Office
from conversations.models import Asked
from law.documents import Recipient
from law.offices import DESKS, Item, Matter

UNKNOWN_MATTER = "human_handover"
"""Topic of a case of which nobody has said what it is about."""
NOT_A_MATTER = frozenset({"smalltalk", "human_handover", "correct_or_cancel", "out_of_scope", "language"})
"""Topics that do not say what somebody wants from a human."""


@dataclass(frozen=True)
class Destination:
    """Where a case goes.

    Args:
        office: Whose queue.
        needs: What it needs, the most important first.
        is_asked: Whether the assistant asks for it; otherwise the agent sees that it is missing.
    """

    office: Office
    needs: tuple[Item, ...] = ()
    is_asked: bool = False


_FUND = Destination(Office.FUND)
_LEGAL = Destination(Office.LEGAL, (Item.DECISION,))
_EMPLOYERS = Destination(Office.EMPLOYERS)
_VACANCY = Destination(Office.EMPLOYERS, DESKS[Matter.VACANCY].items)
_ACCOUNT = Destination(Office.SECO, DESKS[Matter.COMPANY_ACCOUNT].items, is_asked=True)
_WRITE_RIGHTS = Destination(Office.KAE_FFE, DESKS[Matter.RETROACTIVE_WRITE_RIGHTS].items, is_asked=True)

_BY_TOPIC: Mapping[str, Destination] = MappingProxyType(
    {
        "ipa_rules": _FUND,
        "ipa_attachments": _FUND,
        "tx_ipa": _FUND,
        "benefit_application": _FUND,
        "docs_by_status": _FUND,
        "repayment": _FUND,
        "pcm": _FUND,
        "pcm_contribution": _FUND,
        "objection": _LEGAL,
        "court_appeal": _LEGAL,
        "sanctions": _LEGAL,
        "tx_deadline": _LEGAL,
        "employer_charter": _EMPLOYERS,
        "employer_support": _EMPLOYERS,
        "employer_vacancy": _VACANCY,
        "employer_jobroom_account": _ACCOUNT,
    }
)
"""Everything else goes to the ORP."""
_BY_INTENT: Mapping[str, Destination] = MappingProxyType(
    {
        "faq/employer_jobroom_account_rights": _WRITE_RIGHTS,
        "faq/employer_jobroom_account_extension": _FUND,
        "not_covered/unpaid": _FUND,
        "not_covered/amount": _FUND,
        "not_covered/duration": _FUND,
    }
)
"""Three matters of one company go to three offices: see `law.offices`. So do those of which we know no rule."""
PASSED_ON: Mapping[str, int] = MappingProxyType({"not_covered/unpaid": 2, "not_covered/other": 3})
"""What only a human can settle: how often it is asked in one conversation before one looks without being asked for."""
BY_RECIPIENT: Mapping[Recipient, Office] = MappingProxyType({Recipient.ORP: Office.ORP, Recipient.FUND: Office.FUND})

_COMPLAINT = re.compile(
    r"\b(?:plaintes?|(?:me|nous) plaindre|me plains|r[ée]clamations?|inadmissible|inacceptable|scandale\w*|"
    r"m[ée]content\w*|raciste|m'a (?:mal )?(?:parl[ée]|insult[ée]|humili[ée])|m[ée]diateur)\b",
    re.IGNORECASE,
)


def matter_of(recent: Sequence[Asked]) -> str:
    """What somebody wants from a human, by what they asked before, the latest first."""
    return next((one.topic for one in recent if one.topic not in NOT_A_MATTER), UNKNOWN_MATTER)


def destination(topic: str, recent: Sequence[Asked] = ()) -> Destination:
    """Where a case of a topic goes."""
    intents = (one.intent for one in recent if one.topic == topic)
    found = _BY_INTENT.get(next(intents, None) or "")
    return found or _BY_TOPIC.get(topic, Destination(Office.ORP))


def is_complaint(text: str) -> bool:
    """Whether somebody complains of how they were treated."""
    return _COMPLAINT.search(text.replace("’", "'")) is not None
