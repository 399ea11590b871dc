"""What stands for an identifier looks like nothing else, and like an identifier to who learned from them."""

import pytest

from base.identifiers import Kind
from base.spotting import spot
from base.tokens import blanked, exemplified, first, token, typed

KEPT = [kind for kind in Kind if kind is not Kind.UID]


@pytest.mark.parametrize("kind", KEPT)
def test_example_is_an_identifier_of_its_kind(kind: Kind) -> None:
    assert [one.kind for one in spot(exemplified(token(kind, 3)), kind)] == [kind]


@pytest.mark.parametrize("kind", KEPT)
def test_token_is_no_identifier_and_not_what_is_typed(kind: Kind) -> None:
    assert spot(token(kind, 12), kind) == ()
    assert first(kind, f"voici {token(kind, 2)} et {token(kind, 1)}") == token(kind, 2)
    assert first(kind, typed(token(kind, 1))) is None


def test_words_inside_tokens_are_not_seen() -> None:
    text = "écrivez à ⟦email:1⟧ ou au ⟦phone:12⟧ par e-mail"
    assert blanked(text) == "écrivez à ········· ou au ·········· par e-mail"
    assert len(blanked(text)) == len(text)
