"""What people say when they want to be reminded: what, when, and how often."""

from __future__ import annotations

from datetime import date

import hypothesis
import hypothesis.strategies as st
import pytest

from actions.agenda.understanding import LONGEST_WORDS, numbers, wishes

WEDNESDAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mets-moi un rappel", {}),
        ("préviens-moi 3 jours avant", {"before": 3}),
        ("48 heures avant le délai envoie un message", {"matter": "dates", "before": 2}),
        ("la veille du délai d'opposition", {"matter": "objection", "before": 1}),
        ("une semaine à l'avance stp", {"before": 7}),
        ("plutôt le matin", {"hour": "09:00:00"}),
        ("toi rappeler moi chaque mois papier caisse", {"matter": "ipa", "repeats": "monthly"}),
        ("fais-moi signe à la fin du mois pour mes recherches", {"matter": "job_searches", "day": "2026-03-31"}),
        (
            "J'aimerais que tu me rappelles de demander ma fiche de paie.",
            {"matter": "free", "words": "demander ma fiche de paie"},
        ),
        (
            "note que je dois envoyer le certificat lundi et rappelle-le moi",
            {"matter": "certificate", "words": "envoyer le certificat", "day": "2026-03-16"},
        ),
        (
            "jeudi de la semaine prochaine à 8h du soir, relancer Manor",
            {"matter": "free", "words": "relancer Manor", "day": "2026-03-19", "hour": "20:00:00"},
        ),
        ("rappel demander mon attestation", {"matter": "free", "words": "demander mon attestation"}),
        (
            "rappelle moi aussi le rdv avec ma conseillère mardi à 14h",
            {"matter": "free", "words": "le rdv avec ma conseillère", "day": "2026-03-17", "hour": "14:00:00"},
        ),
        ("n'oublie pas mon rdv ORP demain", {"matter": "free", "words": "mon rdv ORP", "day": "2026-03-12"}),
        (
            "je veux déposer mon attestation de l'employeur à la caisse",
            {"matter": "free", "words": "déposer mon attestation de l'employeur à la caisse"},
        ),
        ("créer un rappel", {}),
        ("activer les notifications", {}),
    ],
)
def test_one_wish(text: str, expected: dict[str, object]) -> None:
    (wish,) = wishes(text, WEDNESDAY)
    assert {name: value for name, value in wish.model_dump(mode="json").items() if value not in (None, "")} == expected


def test_several_wishes_each_have_their_day() -> None:
    ipa, searches = wishes("rappel l'ipa le 25 et les recherches le 1er chaque mois", WEDNESDAY)
    assert (ipa.matter, str(ipa.day), ipa.repeats) == ("ipa", "2026-03-25", "monthly")
    assert (searches.matter, str(searches.day), searches.repeats) == ("job_searches", "2026-04-01", "monthly")
    assert len(wishes("rappelle-moi demain d'acheter du pain et des timbres", WEDNESDAY)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("supprime le 2", [2]),
        ("enlève les 1 et 3", [1, 3]),
        ("le n° 3", [3]),
        ("annule le rappel du 25", []),
        ("celui du 2 mars", []),
        ("le 2 mars", []),
        ("supprime le 7", []),
        ("le 3 jours avant", []),
        ("décale le deuxième à mercredi", [2]),
        ("supprime la dernière", [3]),
        ("enlève le cinquième", []),
        ("plutôt le premier avril", []),
    ],
)
def test_numbers_of_the_list(text: str, expected: list[int]) -> None:
    assert numbers(text, 3) == expected


@hypothesis.given(st.text(max_size=300))
@hypothesis.settings(max_examples=60)
def test_whatever_is_written_is_read(text: str) -> None:
    found = wishes(text, WEDNESDAY, is_matter=True)
    assert found
    assert all(len(wish.words) <= LONGEST_WORDS and not set("*[]<>`_") & set(wish.words) for wish in found)
