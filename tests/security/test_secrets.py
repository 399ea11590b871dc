"""Secrets are compared in constant time. This reads the code: clocks on busy machines prove nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from base.paths import PROJECT

FLOORS = ("base", "law", "eservices", "casework", "conversations", "actions", "bot")
WORDS = {"secret", "token", "ticket", "signature", "digest", "hash", "nonce", "verifier", "challenge", "password"}
WORDS |= {f"{word}s" for word in WORDS}
LOOKED_UP = {
    ("casework/agents.py", "sessions.c.secret_hash == _hash(secret)"),
    ("casework/persons.py", "logins.c.ticket_hash == _hash(ticket)"),
    ("casework/persons.py", "logins.c.state_hash == _hash(state)"),
    ("conversations/store.py", "chat_sessions.c.token_hash == _hash(token)"),
}
"""Conditions of statements: the database looks for the hash of what was sent, which tells nothing of what is near it."""


def names(node: ast.expr) -> Iterator[str]:
    """What an operand is called: the last part of its name, or that of what makes it."""
    if isinstance(node, ast.Call):
        yield from names(node.func)
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Subscript):
        yield from names(node.value)
        if isinstance(node.slice, ast.Constant):
            yield str(node.slice.value)


def is_secret(node: ast.expr) -> bool:
    return any(WORDS & set(name.lower().strip("_").split("_")) for name in names(node))


def comparisons(source: str) -> Iterator[str]:
    """Where two values are compared and one of them is called a secret; comparing with a constant tells nothing."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            sides = (node.left, node.comparators[0])
            if any(map(is_secret, sides)) and not any(isinstance(side, ast.Constant) for side in sides):
                yield ast.unparse(node)


def test_secrets_are_compared_in_constant_time() -> None:
    found = {
        (str(file.relative_to(PROJECT)), comparison)
        for floor in FLOORS
        for file in sorted((PROJECT / floor).rglob("*.py"))
        for comparison in comparisons(file.read_text(encoding="utf-8"))
    }
    assert found == LOOKED_UP


@pytest.mark.parametrize(
    "source", ["shown == settings.metrics_token", "row['token_hash'] != given", "_hash(browser) == known", "nonce == x"]
)
def test_comparison_of_a_secret_is_seen(source: str) -> None:
    assert list(comparisons(source))
