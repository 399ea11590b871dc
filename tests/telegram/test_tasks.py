"""One dialogue of each task on Telegram, from the first words to what is received."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casework.files import samples
from tests.support.bot_api import Phone
from tests.support.conversing import Talk
from tests.support.telegram import Line


@pytest.fixture
async def known(line: Line, phone: Phone) -> Phone:
    """The phone of somebody who has logged in and has agreed that we keep what they give."""
    phone.types("/start")
    await line.carry()
    await line.counter.link(Talk(line.program.assistant, await line.session(phone)))
    return phone


async def played(line: Line, phone: Phone, *steps: str) -> str:
    """What is on the phone after each step is taken: `[label]` taps, `FILE name` sends, all else is typed."""
    before = len(phone.shown)
    for step in steps:
        before = len(phone.shown)
        if step.startswith("["):
            phone.taps(step.strip("[]"))
        elif step.startswith("FILE "):
            phone.sends(samples.pdf(), step.removeprefix("FILE "))
        else:
            phone.types(step)
        await line.carry()
    return "\n".join(shown.text for shown in phone.shown[before:])


async def requests(line: Line, operation: str) -> list[dict[str, Any]]:
    """What the sandbox has taken."""
    entries = (await line.counter.gateway.get("/sandbox/journal")).json()
    return [entry["request"] for entry in entries if entry["operation"] == operation]


async def test_searches_are_entered_and_shown_as_a_list(line: Line, known: Phone) -> None:
    shown = await played(
        line,
        known,
        "/recherches",
        "[D'accord, continuer]",
        "Migros Carouge vendeur en ligne le 2 mars, emploi@migros.test, plein temps, pas de réponse",
        "[Non]",
    )
    assert "1. Migros Carouge" in shown
    assert "lundi 2 mars 2026" in shown
    (written,) = await requests(line, "add_effort")
    assert written["company"]["name"] == "Migros"


async def test_incapacity_is_announced_with_the_certificate_by_our_own_page(line: Line, known: Phone) -> None:
    asked = await played(
        line,
        known,
        "je suis malade depuis lundi, arrêt à 100 % jusqu'à vendredi, je veux l'annoncer",
        "[D'accord, continuer]",
        "FILE certificat.pdf",
    )
    assert "ne passe pas par Telegram" in asked
    assert "/depot/" in known.last.html
    assert await requests(line, "send_incapacity") == []


async def test_ipa_without_anything_to_report_is_three_steps(line: Line, known: Phone) -> None:
    shown = await played(line, known, "/ipa", "[D'accord, continuer]", "[Non à tout]")
    assert "• Travail pour un employeur : non" in shown
    done = await played(line, known, "oui")
    assert "Reçu par Job-Room le 11 mars 2026" in done
    assert await requests(line, "send_ipa") == [{"absences": [], "situations": []}]
    assert any(shown.name == "Reçu d'envoi.pdf" and shown.content.startswith(b"%PDF") for shown in known.shown)


async def test_check_of_a_measure_is_a_list(line: Line, phone: Phone) -> None:
    shown = await played(
        line,
        phone,
        "j'ai le permis C, fin de droit le 15 février, j'habite Carouge depuis 10 ans, est-ce que j'ai droit à une ARE ?",
        "un CDI",
        "pas encore commencé",
        "non jamais",
        "oui",
        "non",
    )
    assert "• " in shown
    assert "|" not in shown
    assert "remplie, selon vous" in shown
    assert "art. 31 al. 1 LMC" in shown
