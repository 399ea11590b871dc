"""What docs/security.md says of tests is true."""

from __future__ import annotations

import ast
import re

from base.paths import PROJECT

NAMED = re.compile(r"`(?P<file>[\w/]+\.py)?::(?P<test>test_\w+)`|(?P<end>\n)")


def test_every_test_that_is_named_exists() -> None:
    named, file = set(), ""
    for found in NAMED.finditer((PROJECT / "docs" / "security.md").read_text(encoding="utf-8")):
        file = "" if found["end"] else found["file"] or file  # without a file, that of the test before it
        if found["test"]:
            named.add((file, found["test"]))
    assert len(named) > 100
    assert [f"{file}::{test}" for file, test in sorted(named) if test not in defined_in(file)] == []


def defined_in(file: str) -> set[str]:
    path = PROJECT / "tests" / file
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
