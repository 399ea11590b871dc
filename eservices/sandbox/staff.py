"""Invented agents of the helpdesk, each with roles of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from base.settings import STAFF_PATH
from eservices.sandbox.login import Entry

ROLES_CLAIM = "cornavin_roles"


@dataclass(frozen=True)
class Invented:
    """One of them.

    Args:
        given_name: Theirs.
        family_name: Theirs.
        story: What they do.
        roles: As the helpdesk reads them: a role and, after a colon, the office it holds for.
    """

    given_name: str
    family_name: str
    story: str
    roles: tuple[str, ...]


AGENTS = (
    Invented("Nadia", "Keller", "Répond pour l'ORP et pour l'assistance Job-Room.", ("agent:orp", "agent:seco")),
    Invented("Marc", "Duvanel", "Répond pour l'ORP.", ("agent:orp",)),
    Invented("Bruno", "Vuille", "Répond pour la caisse.", ("agent:fund",)),
    Invented("Claire", "Monnier", "Responsable à l'ORP et à la caisse.", ("supervisor:orp", "supervisor:fund")),
    Invented("Alain", "Jotterand", "Administre le service d'aide, tous offices.", ("administrator",)),
    Invented("Zoé", "Perrin", "A un compte, mais aucun rôle ici.", ()),
)


def staff_id(index: int) -> str:
    """Name of the agent at this place of `AGENTS`, counted from 1."""
    return f"s-{index:04}"


class Staff:
    """Those whom the helpdesk's provider knows."""

    path = STAFF_PATH
    heading = "Choisir un agent inventé"

    def entries(self) -> Sequence[Entry]:
        """All of them."""
        return [
            Entry(staff_id(index), f"{one.given_name} {one.family_name}", one.story)
            for index, one in enumerate(AGENTS, start=1)
        ]

    def claims(self, entry_id: str) -> dict[str, object] | None:
        """Name and roles."""
        for index, one in enumerate(AGENTS, start=1):
            if staff_id(index) == entry_id:
                return {
                    "sub": f"sub-{entry_id}",
                    "name": f"{one.given_name} {one.family_name}",
                    "given_name": one.given_name,
                    "family_name": one.family_name,
                    ROLES_CLAIM: list(one.roles),
                }
        return None
