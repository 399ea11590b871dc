"""What each role may do: one table, from which the routes, their checks and what is shown of them come.

A role holds for an office. What concerns a case needs the role for the office whose queue the case is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casework.agents import Colleague, Role
from casework.triage import Office

PATH = "/helpdesk"
CASE = f"{PATH}/cases/{{number}}"


class Deed(StrEnum):
    """Something that agents do."""

    QUEUE = "queue"
    QUEUE_LIVE = "queue_live"
    CASE = "case"
    CASE_LIVE = "case_live"
    FILE = "file"
    REVEAL = "reveal"
    SUGGESTION = "suggestion"
    FILL_ANSWER = "fill_answer"
    CLAIM = "claim"
    RELEASE = "release"
    ASSIGN = "assign"
    TRANSFER = "transfer"
    SNOOZE = "snooze"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    REPLY = "reply"
    NOTE = "note"
    LABEL = "label"
    TAKE_OVER = "take_over"
    GIVE_BACK = "give_back"
    ANSWERS = "answers"
    SAVE_ANSWER = "save_answer"
    DELETE_ANSWER = "delete_answer"
    FIGURES = "figures"
    FIGURES_FILE = "figures_file"
    AGENTS = "agents"
    SIGN_OUT = "sign_out"


@dataclass(frozen=True)
class Permission:
    """One line of the table.

    Args:
        method: HTTP method.
        path: Pattern of the address.
        least: The least role that may; None for everybody who is signed in.
        of_case: Whether the role must be for the office of the case in the address; otherwise any office will do.
    """

    method: str
    path: str
    least: Role | None
    of_case: bool = False


PERMISSIONS: Mapping[Deed, Permission] = {
    Deed.QUEUE: Permission("GET", PATH, Role.AGENT),
    Deed.QUEUE_LIVE: Permission("GET", f"{PATH}/live", Role.AGENT),
    Deed.CASE: Permission("GET", CASE, Role.AGENT, of_case=True),
    Deed.CASE_LIVE: Permission("GET", f"{CASE}/live", Role.AGENT, of_case=True),
    Deed.FILE: Permission("GET", f"{CASE}/files/{{file_id}}", Role.AGENT, of_case=True),
    Deed.REVEAL: Permission("POST", f"{CASE}/reveal", Role.AGENT, of_case=True),
    Deed.SUGGESTION: Permission("GET", f"{CASE}/suggestion", Role.AGENT, of_case=True),
    Deed.FILL_ANSWER: Permission("GET", f"{CASE}/answer", Role.AGENT, of_case=True),
    Deed.CLAIM: Permission("POST", f"{CASE}/claim", Role.AGENT, of_case=True),
    Deed.RELEASE: Permission("POST", f"{CASE}/release", Role.AGENT, of_case=True),
    Deed.ASSIGN: Permission("POST", f"{CASE}/assign", Role.SUPERVISOR, of_case=True),
    Deed.TRANSFER: Permission("POST", f"{CASE}/transfer", Role.AGENT, of_case=True),
    Deed.SNOOZE: Permission("POST", f"{CASE}/snooze", Role.AGENT, of_case=True),
    Deed.RESOLVE: Permission("POST", f"{CASE}/resolve", Role.AGENT, of_case=True),
    Deed.REOPEN: Permission("POST", f"{CASE}/reopen", Role.AGENT, of_case=True),
    Deed.REPLY: Permission("POST", f"{CASE}/reply", Role.AGENT, of_case=True),
    Deed.NOTE: Permission("POST", f"{CASE}/note", Role.AGENT, of_case=True),
    Deed.LABEL: Permission("POST", f"{CASE}/label", Role.AGENT, of_case=True),
    Deed.TAKE_OVER: Permission("POST", f"{CASE}/take-over", Role.AGENT, of_case=True),
    Deed.GIVE_BACK: Permission("POST", f"{CASE}/give-back", Role.AGENT, of_case=True),
    Deed.ANSWERS: Permission("GET", f"{PATH}/answers", Role.SUPERVISOR),
    Deed.SAVE_ANSWER: Permission("POST", f"{PATH}/answers", Role.SUPERVISOR),
    Deed.DELETE_ANSWER: Permission("POST", f"{PATH}/answers/{{answer_id}}/delete", Role.SUPERVISOR),
    Deed.FIGURES: Permission("GET", f"{PATH}/figures", Role.SUPERVISOR),
    Deed.FIGURES_FILE: Permission("GET", f"{PATH}/figures.csv", Role.SUPERVISOR),
    Deed.AGENTS: Permission("GET", f"{PATH}/agents", Role.ADMINISTRATOR),
    Deed.SIGN_OUT: Permission("POST", f"{PATH}/sign-out", None),
}


def may(agent: Colleague, deed: Deed, office: Office | None = None) -> bool:
    """Whether an agent may do this.

    Args:
        agent: Who.
        deed: What.
        office: The office of the case, where it concerns one.
    """
    permission = PERMISSIONS[deed]
    if permission.least is None:
        return True
    held = agent.offices_as(permission.least)
    return office in held if permission.of_case else bool(held)
