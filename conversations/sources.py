"""Where the facts of an answer come from, as the person is shown it."""

from collections.abc import Iterable

from base.wording import Translations
from conversations.models import Source
from law.facts import fact


def sources_of(fact_ids: Iterable[str], translations: Translations) -> tuple[Source, ...]:
    """The sources of facts, each source and article once, in the order in which the answer uses them."""
    found: dict[tuple[str, str | None], Source] = {}
    for known in map(fact, fact_ids):
        origin = known.source
        found.setdefault(
            (origin.id, known.article),
            Source(
                id=origin.id,
                title=translations.translate(origin.title),
                url=origin.url,
                article=translations.translate(known.article) if known.article else None,
                as_of=origin.as_of,
                standing=known.standing,
            ),
        )
    return tuple(found.values())
