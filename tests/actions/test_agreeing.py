"""What counts as a yes to a summary: no false one, since it sends."""

from __future__ import annotations

from datetime import date

import pytest

from actions.tasks import YES, Entity, Said, is_thumb_up


def said(text: str, *entities: Entity, tapped: bool = False, late: bool = False) -> Said:
    return Said(text, "nlu_fallback", 0.5, entities, date(2026, 3, 11), tapped=tapped, late=late)


@pytest.mark.parametrize(
    "text",
    [
        "oui",
        "Oui.",
        "OUI !!",
        "ouiii",
        "oui oui",
        "ouais",
        "yes",
        "ok",
        "okay",
        "oki",
        "d'accord",
        "d’accord",
        "daccord",
        "parfait",
        "parfait, merci",
        "exact",
        "volontiers",
        "bien sûr",
        "mais oui",
        "ah oui",
        "oui merci",
        "oui s'il vous plaît",
        "oui svp",
        "merci, oui",
        "c'est bon",
        "c’est bon",
        "c bon",
        "c'est tout bon",
        "c'est juste",
        "c'est bien ça",
        "c'est ok pour moi",
        "tout est juste",
        "tout est en ordre",
        "ça joue",
        "ça marche",
        "oui, ça joue, merci",
        "je confirme",
        "je confirme l'envoi",
        "je valide",
        "envoie",
        "envoyez",
        "envoyez-le",
        "envoie-le maintenant",
        "oui envoie le",
        "oui, envoyez mon CV",
        "oui envoyez le document à l'orp",
        "oui tu peux envoyer",
        "vous pouvez l'envoyer",
        "tu peux y aller",
        "vas-y",
        "vas y envoie",
        "allez-y, merci",
        "ok vas-y",
        "oui, j'ai vérifié",
        "transmettez",
        "je suis d'accord",
        "👍",
        "👍🏽",
        "oui 👍",
        "✅",
    ],
)
def test_explicit_yes_agrees(text: str) -> None:
    assert said(text).agrees
    assert not said(text).declines


@pytest.mark.parametrize(
    "text",
    [
        "",
        "oui ?",
        "ok ?",
        "oui mais",
        "oui mais attends",
        "oui mais c'est pas le bon",
        "oui si c'est le bon",
        "oui sauf la photo",
        "oui non",
        "oui enfin non",
        "oui demain",
        "oui plus tard",
        "oui pourquoi",
        "oui je crois",
        "oui je pense",
        "je crois",
        "je crois que oui",
        "je pense que oui",
        "peut-être",
        "peut-être oui",
        "euh oui",
        "euh",
        "merci",
        "merci beaucoup",
        "s'il vous plaît",
        "svp",
        "alors",
        "allez",
        "bonjour",
        "pour moi",
        "j'ai vérifié",
        "super",
        "je veux",
        "je sais pas",
        "pas oui",
        "pas d'accord",
        "c'est pas bon",
        "c'est pas ça",
        "c'est bon ?",
        "c'est bon non",
        "c'est bon pour la photo mais pas le type",
        "c'est envoyé ?",
        "tu l'as envoyé",
        "envoie pas",
        "n'envoie pas",
        "envoie-le pas",
        "envoie-le demain",
        "envoie-le à la caisse",
        "envoyez plutôt l'autre",
        "ok mais change le fichier",
        "ok attends",
        "d'accord avec quoi",
        "confirmer quoi",
        "comment j'envoie",
        "je valide quand",
        "ça marche pas",
        "oui, c'est une lettre de motivation",
        "ou",
        "ouf",
        "👎",
        "👍👎",
        "non",
        "on verra",
    ],
)
def test_anything_else_does_not(text: str) -> None:
    assert not said(text).agrees


@pytest.mark.parametrize(
    "text",
    [
        "non",
        "Non.",
        "non non",
        "nonnn",
        "nan",
        "nope",
        "non merci",
        "pas encore",
        "non, pas encore",
        "pas maintenant",
        "plus tard",
        "attends",
        "attends un peu",
        "attendez",
        "stop",
        "surtout pas",
        "n'envoie pas",
        "envoie pas",
        "ne l'envoyez pas",
        "n’envoyez pas",
    ],
)
def test_plain_no_declines(text: str) -> None:
    assert said(text).declines
    assert not said(text).agrees


@pytest.mark.parametrize("text", ["oui", "non, mon diplôme", "non c'est bon", "pas mal", "ninon", "", "stop ou encore"])
def test_anything_else_is_no_plain_no(text: str) -> None:
    assert not said(text).declines


@pytest.mark.parametrize("text", ["non, c'est mon diplôme", "en fait c'est mon diplôme", "oups", "je me suis trompé"])
def test_corrections_are_neither(text: str) -> None:
    assert said(text).corrects
    assert not said(text).agrees


def test_tapped_yes_agrees_unless_something_was_asked_since() -> None:
    yes = Entity("answer", YES)
    assert said("Oui, envoyer", yes, tapped=True).agrees
    assert not said("Oui, envoyer", yes, tapped=True, late=True).agrees
    assert not said("oui", tapped=True).agrees, "a label is no answer"


def test_long_text_is_read_at_once() -> None:
    assert not said("oui " * 400 + "mais").agrees
    assert not said("merci, " * 300).agrees


@pytest.mark.parametrize(
    ("text", "is_one"), [("👍", True), ("👍🏽 ✅", True), ("👍 ok", False), ("", False), ("🙈", False)]
)
def test_thumb_up(text: str, is_one: bool) -> None:
    assert is_thumb_up(text) == is_one
