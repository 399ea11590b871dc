"""The project's own files, as tests read them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from base.paths import PROJECT
from bot.engine import evaluation
from bot.engine.text import normalise

TEST_SPLIT = PROJECT / "tests" / "understanding"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def responses() -> Mapping[str, list[dict[str, Any]]]:
    """Every response of the domain, by name."""
    found = dict(read(PROJECT / "domain.yml")["responses"])
    for path in sorted((PROJECT / "data" / "answers").glob("*.yml")):
        found.update(read(path)["responses"])
    return found


def examples(folder: Path) -> list[tuple[str, str]]:
    """Every example below a folder with its intent."""
    return [(question.text, question.intent) for question in evaluation.read(folder.rglob("*.yml"))]


def comparable(text: str) -> str:
    """A text by which two examples are the same to a reader: letters and digits alone."""
    return " ".join("".join(c if c.isalnum() else " " for c in normalise(text)).split())
