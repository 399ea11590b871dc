"""What nothing in a stretch has told: the name of an employer or a post in catchwords, a proper name in a sentence."""

from __future__ import annotations

import itertools

from actions.job_search import clues, words
from actions.job_search.spans import SOFT, Span
from actions.job_search.stretch import Stretch, begins
from base.plain import plain


def add_left(stretch: Stretch, start: int, end: int) -> None:
    """What nothing recognised: a name or a post in catchwords, nothing in a sentence."""
    leading = clues.LEADING.match(stretch.reading.plain, start, end)
    if stretch.is_sentence:
        is_whole = leading is not None and stretch.is_article_of_name(start, leading.end())
        name = clues.PROPER_NAME.match(stretch.reading.text, leading.end() if leading and not is_whole else start, end)
        name = name or clues.LAST_NAME.search(stretch.reading.text, start, end)
        if name is None and (rare := _rare_words(stretch, start, end)) is not None:
            stretch.reading.add(Span(*rare, "unknown", stretch.reading.written(*rare)))
            return
        if (
            name is None
            or not _may_be_named(stretch, name.start(), name[0])
            or clues.NO_PROPER_NAME.fullmatch(plain(name[0]))
        ):
            return
        leading, end = None, name.end()
        start = name.start()
    elif auxiliary := clues.AUXILIARY.search(stretch.reading.plain, start, end):
        end = auxiliary.start()
    if leading and stretch.is_article_of_name(start, leading.end()):
        leading = None
    if leading and clues.PLACED.match(leading[0]) and not stretch.reading.is_capital(leading.end()):
        return  # «au dépôt»
    if trailing := clues.TRAILING.search(stretch.reading.plain, start, end):
        end = trailing.start()
    written = stretch.reading.written(leading.end() if leading else start, end)
    simple = plain(written)
    is_name = (
        clues.IS_NAME.search(simple)
        and not clues.NUMBER_OR_MONTH.fullmatch(simple)
        and not SOFT.fullmatch(simple)
        and not words.OFFICES.match(simple)
        and not (written.islower() and (clues.DONE.search(written) or _says_nothing(simple)))
    )
    if is_name and not words.SENTENCE.search(simple):
        _add_names(stretch, leading.end() if leading else start, end, start)


def _says_nothing(simple: str) -> bool:
    """Whether all words are those that people tell with: «repasser plus tard»."""
    said = simple.split()
    are_common = [words.COMMON.match(word) is not None for word in said]
    is_told = any(are_common) and clues.KIN.match(said[-1]) is None
    may_be_verbs = [words.VERB.fullmatch(word) is not None for word in said]
    return all(are_common) or (is_told and all(map(any, zip(are_common, may_be_verbs, strict=True))))


def _add_names(stretch: Stretch, start: int, end: int, begin: int) -> None:
    """Adds a name, or two: «Adecco et Randstad»."""
    both = clues.BOTH.fullmatch(stretch.reading.text, start, end)
    if both and not clues.KIN.match(stretch.reading.plain, both.start("other")):
        stretch.reading.add(Span(begin, both.end("one"), "unknown", stretch.reading.written(start, both.end("one"))))
        begin = start = both.start("other")
    stretch.reading.add(Span(begin, end, "unknown", stretch.reading.written(start, end)))


def _rare_words(stretch: Stretch, start: int, end: int) -> tuple[int, int] | None:
    """The words that may be a name without capitals, before a post, a place or a day: «et ikea le 9»."""
    at = len(stretch.reading.plain[:end].rstrip())
    after = stretch.skip(end)
    leads = stretch.is_post(after) or any(
        span.start == after and span.field in {"apply_date", "city", "occupation"} for span in stretch.reading.found
    )
    found = list(clues.WORD.finditer(stretch.reading.plain, start, at))
    tail = list(
        itertools.takewhile(
            lambda match: not any(known.match(match[0]) for known in (words.COMMON, words.VERB, words.SENTENCE)),
            reversed(found),
        )
    )
    if not leads or not 0 < len(tail) <= 2 or not all(match[0].isascii() and match[0].isalnum() for match in tail):
        return None
    if any(character.isupper() for character in stretch.reading.text[start:at]):
        return None
    before = found[len(found) - len(tail) - 1] if len(found) > len(tail) else None
    return None if before and clues.BEFORE_NOUN.fullmatch(before[0]) else (tail[-1].start(), at)


def _may_be_named(stretch: Stretch, at: int, name: str) -> bool:
    """Whether a capital in a sentence is that of a name, and not only of its beginning."""
    is_acronym = sum(character.isupper() for character in stretch.reading.text[at : stretch.word_end(at)]) > 1
    employers = (span.value for span in stretch.reading.found if span.field == "company")
    is_known = any(plain(name) in plain(employer).split() for employer in employers)
    return is_acronym or is_known or len(name.split()) > 1 or not begins(stretch.reading, at)
