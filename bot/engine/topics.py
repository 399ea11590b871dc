"""Which topic an intent belongs to: the name of the file that holds its examples."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from base.paths import PROJECT

EXAMPLES = PROJECT / "data" / "nlu"
OUT_OF_SCOPE = "out_of_scope"

_INTENT = re.compile(r"^\s*- intent:\s*(\S+)\s*$", re.MULTILINE)


@cache
def topics(folder: Path = EXAMPLES) -> Mapping[str, str]:
    """The topic of each intent, by its full name; one of a retrieval intent's keys also stands for the whole.

    Args:
        folder: Holds `<language>/<topic>.yml`.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*/*.yml")):
        for intent in _INTENT.findall(path.read_text(encoding="utf-8")):
            found[intent] = path.stem
    return MappingProxyType(found)


def topic_of(intent: str | None) -> str:
    """The topic of an intent; what was not understood is out of scope."""
    return topics().get(intent or "", OUT_OF_SCOPE)
