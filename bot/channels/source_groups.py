"""Where an answer comes from: a line for each text, with its articles; the same as in `web/static/chat/sources.js`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conversations.models import Source


@dataclass(frozen=True)
class SourceGroup:
    """Sources of the same text and state, as one.

    Args:
        sources: At least one, in the order of the answer.
    """

    sources: tuple[Source, ...]

    @property
    def text(self) -> Source:
        """Any of them, for what they have in common."""
        return self.sources[0]

    @property
    def articles(self) -> tuple[Source, ...]:
        """Those that name an article."""
        return tuple(source for source in self.sources if source.article)

    @property
    def url(self) -> str | None:
        """The address of the text, when all its articles have the same; otherwise each article has its own."""
        return self.text.url if self._has_one_address else None

    def url_of(self, source: Source) -> str | None:
        """The address of one article, when it has one of its own."""
        return None if self._has_one_address else source.url

    @property
    def _has_one_address(self) -> bool:
        return all(source.url == self.text.url for source in self.sources)


def grouped(sources: Iterable[Source]) -> tuple[SourceGroup, ...]:
    """The sources of an answer, text by text, in the order in which the texts first appear."""
    groups: dict[tuple[str, str, str], list[Source]] = {}
    for source in sources:
        groups.setdefault((source.title, source.as_of, source.standing), []).append(source)
    return tuple(SourceGroup(tuple(group)) for group in groups.values())
