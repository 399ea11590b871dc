"""What employers, places and posts are called: the lists of `lexicon.yml` as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "lexicon.yml"
_BETWEEN = re.compile(r"\|(?![^(]*\))")
"""Between two entries, and not between the alternatives of one."""


def _entries(written: str | Mapping[str, str]) -> Iterator[str]:
    """The entries of a list, in groups or not."""
    for group in [written] if isinstance(written, str) else written.values():
        yield from (entry.strip() for entry in _BETWEEN.split(group) if entry.strip())


def _any_of(entries: Iterator[str]) -> str:
    """A pattern of alternatives, the longest first."""
    return "|".join(sorted(set(entries), key=len, reverse=True))


def _place(name: str) -> str:
    """The ways to write the name of a place."""
    return re.sub(r"\bsaint-", "(?:saint|st)-", name).replace("-", "[ -]")


_LISTS = yaml.load(_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)

COMPANIES = _any_of(_entries(_LISTS["companies"]))
"""Employers that people name without a word that says what they are."""
EMPLOYERS = _any_of(_entries({name: group for name, group in _LISTS["employers"].items() if name != "firms"}))
"""What an employer can be; with a name behind it, its name."""
FIRMS = _any_of(_entries(_LISTS["employers"]["firms"]))
"""What an employer is only with a name behind it: «Transports Pellet»."""
PLACES = _any_of(_place(name) for name in _entries(_LISTS["places"]))
"""Communes and quarters of Geneva, and towns that people of Geneva apply in."""
POSTS = _any_of(_entries(_LISTS["posts"]))
"""How the names of posts begin."""
TRADES = _any_of(_entries(_LISTS["trades"]))
"""What work is about, where it stands for a post: «pour la cuisine», «travail nettoyage»."""
