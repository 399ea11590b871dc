"""A stretch of a line in which nothing was recognised yet: what stands in it, and around it."""

from __future__ import annotations

import re

from actions.job_search import clues, words
from actions.job_search.spans import HARD, SOFT, Reading

NAMES = frozenset({"company", "described", "occupation", "unknown"})
EMPLOYERS = NAMES - {"occupation"}
LONGEST_OF_POST = 3
"""How many words may say where somebody works, behind a post."""


class Stretch:
    """A stretch that is read from left to right.

    Args:
        reading: The line that it is of.
        start: Where it begins.
        end: Where it ends.
    """

    def __init__(self, reading: Reading, start: int, end: int) -> None:
        self.reading = reading
        self.at = self.start = start
        self.end = end
        self.unknown: int | None = None
        """Where what nothing has recognised begins."""
        self.is_sentence = words.SENTENCE.search(_clause(reading, start, end)) is not None

    # What stands somewhere.

    def see(self, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
        return pattern.match(self.reading.plain, at, self.end)

    def skip(self, at: int, pattern: re.Pattern[str] = clues.BLANK) -> int:
        match = self.see(pattern, at)
        return match.end() if match else at

    def word_end(self, at: int) -> int:
        match = self.see(clues.WORD, at)
        return match.end() if match else self.end

    def is_post(self, at: int) -> bool:
        if self.see(clues.POST, at):
            return self.see(clues.NO_POST, at) is None
        return self.see(clues.POST_ENDING, at) is not None and not self.reading.is_capital(at)

    def noun(self, at: int) -> re.Match[str] | None:
        """What an employer can be, at the beginning of its name."""
        if noun := self.see(clues.EMPLOYER, at):
            return noun
        firm = self.see(clues.FIRM, at)
        follows = any(
            span.field in NAMES and not self.reading.plain[span.end : at].strip() for span in self.reading.found
        )
        is_first = not follows and self.unknown is None
        is_named = firm is not None and (self._is_named_behind(firm.end()) or self._is_of_town(at, firm.end()))
        return firm if is_first and is_named else None

    def kind(self, at: int) -> re.Match[str] | None:
        """What says more of what an employer is: «banque privée», and not «agence Interima»."""
        return None if self.see(clues.KNOWN, at) else self.see(clues.KIND_OF, at)

    def legal(self, at: int) -> re.Match[str] | None:
        """A name with its legal form, where it begins."""
        return None if self.unknown is not None else clues.LEGAL.match(self.reading.text, at, self.end)

    def _is_named_behind(self, at: int) -> bool:
        """Whether a name follows, perhaps after a particle: «Transports Pellet», «transports du Chablais»."""
        after = self.skip(at)
        particle = self.see(clues.PARTICLE, after)
        return self.is_name(self.skip(particle.end()) if particle else after)

    def _is_of_town(self, start: int, end: int) -> bool:
        """Whether a town belongs to a name: «Transports Nyon»."""
        town, is_capital = self.skip(end), self.reading.is_capital
        return is_capital(start) and is_capital(town) and self.see(clues.PLACE, town) is not None

    def _begins_words_of_name(self, at: int) -> bool:
        """Whether a word of sentences belongs to a name: «pizzeria Il Forno»."""
        is_capital = self.reading.is_capital
        return is_capital(at) and is_capital(self.skip(self.word_end(at)))

    def is_name(self, at: int) -> bool:
        """Whether a word that means nothing else stands there."""
        others = (words.SENTENCE, clues.ENDS_COMPANY, clues.PARTICLE, clues.PLACE, clues.TRADE)
        return at < self.end and not self.is_post(at) and not any(self.see(other, at) for other in others)

    def is_article_of_name(self, start: int, after: int) -> bool:
        """Whether an article belongs to a name: «La Cave du Palais»."""
        text = self.reading.text
        return text[start].isupper() and text[after].isupper() and not text[after + 1].isupper() and text[start] == "L"

    # What stands around.

    def has_name(self) -> bool:
        """Whether something before may be the name of an employer."""
        return any(span.field in NAMES and span.start < self.at for span in self.reading.found)

    def has_employer(self) -> bool:
        return any(span.field in EMPLOYERS for span in self.reading.found)

    def has_post(self) -> bool:
        """Whether the employer before has its post already."""
        before = sorted((span for span in self.reading.found if span.start < self.at), key=lambda span: span.start)
        return next((span.field for span in reversed(before) if span.field in NAMES), None) == "occupation"

    def follows_employer(self) -> bool:
        """Whether an employer stands just before: «Hôpital Riviera-Chablais à Rennaz»."""
        before = len(self.reading.plain[: self.at].rstrip())
        return any(span.field in {"company", "described"} and span.end == before for span in self.reading.found)

    def follows_post(self) -> bool:
        """Whether a post stands just before: «chauffeur aux TPG»."""
        before = len(self.reading.plain[: self.at].rstrip())
        return any(span.field == "occupation" and span.end == before for span in self.reading.found)

    def has_applied(self) -> bool:
        """Whether what stands just before says that somebody applied: «envoyé ma candidature à …»."""
        before = len(self.reading.plain[: self.at].rstrip())
        return any(
            span.end == before
            and (span.field != "results" or clues.THE_POST.search(self.reading.plain[span.start : before]))
            and clues.APPLIED.search(self.reading.plain[span.start : before])
            for span in self.reading.found
        )

    def goes_on(self) -> bool:
        """Whether a capital continues a name that nothing has recognised: «Temple Architectes»."""
        is_capital = self.reading.is_capital
        return self.unknown is not None and is_capital(self.at) and is_capital(self.unknown)

    def goes_before(self, at: int) -> bool:
        """Whether a name that nothing has recognised stands before a word that is none."""
        return self.unknown is not None and self.reading.is_capital(self.unknown) and not self.reading.is_capital(at)

    def fills(self, start: int, end: int) -> bool:
        """Whether something is all that nothing was recognised in between two things that were."""
        return not self.reading.plain[self.start : start].strip() and self.skip(end) == self.end

    def is_theirs(self) -> bool:
        """Whether somebody's own are spoken of: «mon conseiller», and not «Transit SA monteur»."""
        theirs = clues.THEIRS.search(self.reading.plain, 0, self.at)
        return theirs is not None and not self.reading.is_capital(theirs.start())

    def is_person(self) -> bool:
        """Whether a post is that of somebody who was met, before where they work or their name."""
        of = self.see(clues.OF_WHERE, self.word_end(self.at))
        where = of is not None and (self.see(clues.KNOWN, of.end()) or self.see(clues.EMPLOYER, of.end()))
        after = self.skip(self.word_end(self.at))
        is_called = any(span.field == "contact_person" and span.start == after for span in self.reading.found)
        return bool(where or is_called) and clues.DEFINITE.search(self.reading.plain, 0, self.at) is not None

    # How far it goes.

    def capitals_end(self, start: int) -> int:
        """Words go on while they have capitals: «Le Mont», «caisse Unia»."""
        end = self.word_end(start)
        while (at := self.skip(end)) < self.end and self.reading.is_capital(at):
            end = self.word_end(at)
        return end

    def post_end(self, start: int) -> int:
        """A post goes on to where an employer, a place or something else begins."""
        end, previous = self.word_end(start), ""
        while (at := self.skip(end)) < self.end:
            joins = previous in clues.JOINING or self.reading.plain[:at].rstrip().endswith(("d'", " en", " de"))
            if (self.see(words.SENTENCE, at) and not clues.LETTER.match(self.reading.text, at)) or (
                self.see(clues.ENDS_POST, at) and not (joins and self.see(clues.ARTICLE_OF, at))
            ):
                break
            if clues.LEGAL.match(self.reading.text, at, self.end):
                break
            noun = self.see(clues.EMPLOYER, at)
            is_many = noun is not None and noun[0].endswith("s") and clues.EMPLOYER.fullmatch(noun[0][:-1])
            is_employer = self.see(clues.KNOWN, at) or (noun and not is_many)
            if is_employer and not joins and not self._is_of_post(at):
                break
            if self.see(clues.PLACE, at):
                return end - len(previous) - 1 if previous in clues.JOINING else end
            end = self.word_end(at)
            previous = self.reading.plain[at:end]
        return end

    def _is_of_post(self, at: int) -> bool:
        """Whether where one works only says more of a post: «portier boîte de nuit», after its employer."""
        joined = SOFT.search(self.reading.plain, at, self.end)
        rest = self.reading.text[at : joined.start() if joined else self.end]
        is_told = self.has_employer() or (self.unknown is not None and self.reading.is_capital(self.unknown))
        return is_told and rest.islower() and len(rest.split()) <= LONGEST_OF_POST

    def _is_only_trade(self, at: int) -> bool:
        """Whether a trade stands there that is no part of names: «plonge», and not «maçonnerie»."""
        return self.see(clues.TRADE, at) is not None and self.see(clues.FIRM, at) is None

    def is_name_of(self, at: int) -> bool:
        """Whether a particle and a capital go on with a name."""
        particle = self.see(clues.PARTICLE, at)
        after = self.skip(particle.end()) if particle and particle[0].strip() != "et" else at
        return self.reading.is_capital(after) and not self.see(clues.PLACE, after) and not self.is_post(after)

    def goes_on_alone(self, at: int) -> bool:
        """Whether the rest of a stretch may belong to a name: «marti meca»."""
        return self.is_name(at) and self.word_end(at) == self.end and not self.is_sentence

    def ends_employer(
        self, at: int, known: re.Match[str] | None, noun: re.Match[str] | None, is_named: bool, start: int
    ) -> bool:
        """Whether the name of an employer ends before what stands here."""
        is_capital = self.reading.is_capital
        is_kind = noun is not None and not is_named and self.kind(at) is not None
        is_of_known = known is not None and not is_capital(at) and self.is_name_of(at)
        if is_kind or (is_of_known and not self.see(clues.ENDS_COMPANY, at)):
            return False  # «cabinet vétérinaire», «Hirslanden Clinique des Grangettes»
        if known and not is_capital(at) and (is_capital(start) or not self.goes_on_alone(at)):
            return self.see(clues.REGIONAL, at) is None and self.see(clues.DEPARTMENT, at) is None
        is_trade = is_named and not is_capital(at) and is_capital(start) and self._is_only_trade(at)
        if is_trade or self.see(clues.ENDS_COMPANY, at) or self.see(clues.TO_PLACE, at):
            return True
        if self.see(words.SENTENCE, at) and not (noun and self._begins_words_of_name(at)):
            return True
        particle = self.see(clues.PARTICLE, at)
        if place := self.see(clues.PLACE, self.skip(particle.end()) if particle else at):
            return not self._has_town(particle, place, known, noun, is_named, start)
        return self.is_post(at) and not (noun and not is_named and is_capital(at))

    def _has_town(
        self,
        particle: re.Match[str] | None,
        place: re.Match[str],
        known: re.Match[str] | None,
        noun: re.Match[str] | None,
        is_named: bool,
        start: int,
    ) -> bool:
        """Whether a town belongs to the name: «garage de la Praille», «Hôtel Cornavin», «Clinique de Genolier»."""
        after, is_capital = self.skip(place.end()), self.reading.is_capital
        if noun and particle is None and is_capital(after) and after < self.end and not self.see(clues.PLACE, after):
            return not self.is_post(after)  # «cabinet Champel Santé»
        if particle is None:
            return noun is not None and not is_named
        is_of_noun = noun is not None and particle[0].strip() in clues.OF_THE
        return is_of_noun or (known is None and is_capital(start) and not (noun and is_named))


def begins(reading: Reading, at: int) -> bool:
    """Whether something stands right behind a separator."""
    before = reading.plain[:at].rstrip()
    return not before or HARD.search(f"{before[-1]} ") is not None


def is_alone(reading: Reading, start: int, end: int) -> bool:
    """Whether something is all that stands between two separators."""
    before = max((match.end() for match in HARD.finditer(reading.plain) if match.end() <= start), default=0)
    after = HARD.search(reading.plain, end)
    return not reading.plain[before:start].strip() and not reading.plain[end : after.start() if after else None].strip()


def _clause(reading: Reading, start: int, end: int) -> str:
    """What stands around a stretch between two separators, without what was recognised in it."""
    begin = max((match.end() for match in HARD.finditer(reading.plain, 0, start) if match.end() <= start), default=0)
    following = HARD.search(reading.plain, end)
    clause = list(reading.plain[begin : following.start() if following else len(reading.plain)])
    for span in reading.found:
        if span.field != "noise" and span.start >= begin:
            clause[span.start - begin : span.end - begin] = " " * (
                min(span.end - begin, len(clause)) - (span.start - begin)
            )
    return "".join(clause)
