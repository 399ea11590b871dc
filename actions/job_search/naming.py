"""Which employer, place and post a line names: what is left when everything else was recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.job_search import clues, words
from actions.job_search.spans import HARD, SOFT, Reading, Span
from base.plain import plain

_NAMES = frozenset({"company", "described", "occupation", "unknown"})
_EMPLOYERS = _NAMES - {"occupation"}


def name_employers(reading: Reading) -> None:
    """Employers, places and posts, in what is left."""
    for start, end in _left(reading):
        _Naming(reading, start, end).walk()


def _left(reading: Reading) -> Iterator[tuple[int, int]]:
    """The stretches between separators and what was recognised."""
    taken = [(span.start, span.end) for span in reading.found if span.start < span.end]
    taken += [match.span() for match in HARD.finditer(reading.plain)]
    place = 0
    for start, end in [*sorted(taken), (len(reading.text), len(reading.text))]:
        if place < start and reading.plain[place:start].strip():
            yield place, start
        place = max(place, end)


class _Naming:
    """Reads one stretch from left to right.

    Args:
        reading: The line that it is of.
        start: Where it begins.
        end: Where it ends.
    """

    def __init__(self, reading: Reading, start: int, end: int) -> None:
        self._reading = reading
        self._at = start
        self._end = end
        self._unknown: int | None = None
        """Where what nothing has recognised begins."""
        self._is_sentence = words.SENTENCE.search(_clause(reading, start, end)) is not None

    def walk(self) -> None:
        """Adds what is named."""
        ways = (
            self._after_post_word,
            self._after_for,
            self._after_one,
            self._after_chez,
            self._after_to,
            self._employer,
            self._place,
            self._post,
            self._trade,
        )
        while (at := self._skip(self._at)) < self._end:
            self._at = at
            is_word = at == 0 or not self._reading.plain[at - 1].isalnum()
            if not (is_word and any(way() for way in ways)):
                self._unknown = at if self._unknown is None else self._unknown
                self._at = self._word_end(at)
        self._flush(self._end)

    # What a word says to be an employer or a post.

    def _after_post_word(self) -> bool:
        """«comme vendeuse», «poste de vendeuse»."""
        word = self._see(clues.POST_AFTER, self._at)
        if word and (self._is_post(word.end()) or self._see(clues.TRADE, word.end())):
            return self._take_post(word.end())
        marker = self._see(clues.POST_MARKER, self._at)
        start = self._skip(marker.end(), clues.ARTICLE) if marker else self._end
        return start < self._end and self._take_post(start)

    def _after_for(self) -> bool:
        """«pour Sodexo» names an employer, «pour caissière» a post, «pour la blanchisserie» no employer."""
        marker = self._see(clues.FOR, self._at)
        start = self._skip(marker.end()) if marker else self._end
        if marker is None or start == self._end:
            return False
        if self._is_post(start) or self._see(clues.TRADE, start):
            return self._take_post(start)
        if self._see(clues.KNOWN, start) or (self._reading.is_capital(start) and " " not in marker[0]):
            return self._take_employer(start, is_named=True)
        return self._see(clues.EMPLOYER, start) is not None and self._pass_over(self._word_end(start))

    def _after_one(self) -> bool:
        """«dans une boulangerie»: an employer that is not named."""
        marker = self._see(clues.ONE, self._at)
        start = self._skip(marker.end()) if marker else self._end
        if marker is None or start == self._end:
            return False
        if self._is_post(start) and marker.end() - marker.start() <= len("une") and self._is_somebody(start):
            return self._take(start, self._post_end(start), "described")
        noun = self._see(clues.EMPLOYER, start)
        is_one = noun is not None and not noun[0].endswith("s")
        return (is_one or marker[0].startswith("chez")) and self._describe(start)

    def _is_somebody(self, start: int) -> bool:
        """Whether a post is who employs: «un paysagiste à Bernex», «un coiffeur cherchait»."""
        before = self._reading.plain[: self._at].rstrip()
        is_next = SOFT.search(before[-8:]) is not None
        begins = is_next or _begins(self._reading, self._at)
        end = self._post_end(start)
        return begins and self._see(clues.SOMEBODY, end) is not None and (is_next or not self._has_name())

    def _after_chez(self) -> bool:
        marker = self._see(clues.IN, self._at)
        start = self._skip(marker.end(), clues.THE) if marker else self._end
        if several := self._see(clues.SOME, start):
            return self._pass_over(several.end())  # «chez trois agences»
        return start < self._end and self._take_employer(start, is_named=True)

    def _after_to(self) -> bool:
        """«à la Coop», «au restaurant Le Lyrique», «à Nestlé», and «à Carouge»."""
        marker = self._see(clues.TO, self._at)
        if marker is None:
            return False
        if clues.SEEN.search(self._reading.plain[: self._at]):
            return self._pass_over(self._end)  # where they saw the offer
        start = self._skip(marker.end())
        place = self._see(clues.PLACE, start)
        if place and not marker[0].startswith(("la", "le", "l'")):
            return self._take(start, place.end(), "city")
        if marker[0] == "a" and self._reading.is_capital(start) and self._follows_employer():
            return self._take(start, self._capitals_end(start), "city")
        if words.OFFICES.match(self._reading.plain[start : self._end]):
            return self._pass_over(self._capitals_end(start))
        return self._take_who_is_there(start, marker[0])

    def _take_who_is_there(self, start: int, marker: str) -> bool:
        """Takes the employer that «à», «au» or «de» leads to."""
        if self._see(clues.KNOWN, start) or self._see(clues.EMPLOYER, start):
            is_part = self._reading.is_capital(self._at) and self._see(clues.WITH_ARTICLE, self._at)
            return self._take_employer(self._at if is_part else start)
        goes_to = marker in {"a", "au", "aux", "a la", "a l'"}
        is_name = self._reading.is_capital(start) or (self._has_applied() and not self._see(clues.NOT_TO, start))
        return goes_to and start < self._end and is_name and self._take_employer(start, is_named=True)

    def _follows_employer(self) -> bool:
        """Whether an employer stands just before: «Hôpital Riviera-Chablais à Rennaz»."""
        before = len(self._reading.plain[: self._at].rstrip())
        return any(span.field in {"company", "described"} and span.end == before for span in self._reading.found)

    def _capitals_end(self, start: int) -> int:
        """Words go on while they have capitals: «Le Mont», «caisse Unia»."""
        end = self._word_end(start)
        while (at := self._skip(end)) < self._end and self._reading.is_capital(at):
            end = self._word_end(at)
        return end

    def _has_applied(self) -> bool:
        """Whether what stands just before says that somebody applied: «envoyé ma candidature à …»."""
        before = len(self._reading.plain[: self._at].rstrip())
        return any(
            span.end == before and clues.APPLIED.search(self._reading.plain[span.start : before])
            for span in self._reading.found
        )

    # What is recognised as such.

    def _employer(self) -> bool:
        at = self._at
        if clues.THROUGH.search(self._reading.plain, 0, at):
            return self._pass_over(self._capitals_end(at))  # «via Adecco»
        if self._see(clues.KNOWN, at) or self._see(clues.OF_A_PLACE, at):
            return self._take_employer(at)
        is_post = self._is_post(at) and not self._goes_on()
        noun = self._see(clues.EMPLOYER, at)
        if noun and (
            clues.SEVERAL.search(self._reading.plain, 0, at) or (self._see(clues.PLACE, at) and self._has_name())
        ):
            return self._see(clues.PLACE, at) is None and self._pass_over(noun.end())  # «deux agences»
        if noun and self._goes_on():
            return False  # «LPP Clinique dentaire»
        if noun and self._goes_before(at) and self._skip(noun.end()) == self._end:
            return self._pass_over(noun.end())  # «Audemars Piguet boutique»
        return not is_post and self._see(clues.EMPLOYER, at) is not None and self._take_employer(at)

    def _place(self) -> bool:
        place = self._see(clues.PLACE, self._at)
        before = self._reading.plain[: self._at].rstrip()
        follows = any(span.field in _NAMES and span.end == len(before) for span in self._reading.found)
        is_alone = place is not None and _is_alone(self._reading, self._at, place.end()) and self._has_name()
        is_place = place is not None and (self._unknown is not None or follows or is_alone)
        return is_place and place is not None and self._take(self._at, place.end(), "city")

    def _post(self) -> bool:
        if not self._is_post(self._at) or self._goes_on():
            return False
        if clues.THEIRS.search(self._reading.plain[: self._at]):
            return self._pass_over(self._post_end(self._at))  # «mon conseiller»
        start, self._unknown = self._begins_post(), None if self._begins_post() != self._at else self._unknown
        return self._take_post(start)

    def _trade(self) -> bool:
        """«Work Selection cuisine», «plonge à l'auberge»."""
        trade = self._see(clues.TRADE, self._at)
        if trade is None:
            return False
        after = self._skip(trade.end())
        is_heading = self._reading.plain[after : after + 1] == ":"
        leads = _begins(self._reading, self._at) and (
            is_heading or self._see(clues.IN, after) or self._see(clues.AT, after)
        )
        follows = self._goes_before(self._at) and (after == self._end or self._see(words.SENTENCE, after))
        return bool(leads or follows) and self._take(self._at, trade.end(), "occupation")

    def _begins_post(self) -> int:
        """Where a post begins: «senior accountant», after its employer."""
        unknown = self._unknown
        if unknown is None or self._is_sentence or self._reading.is_capital(unknown) or not self._has_name():
            return self._at
        leading = self._skip(unknown, clues.LEADING)
        return leading if _begins(self._reading, unknown) else self._at

    def _goes_on(self) -> bool:
        """Whether a capital continues a name that nothing has recognised: «Temple Architectes»."""
        is_capital = self._reading.is_capital
        return self._unknown is not None and is_capital(self._at) and is_capital(self._unknown)

    def _goes_before(self, at: int) -> bool:
        """Whether a name that nothing has recognised stands before a word that is none."""
        return (
            self._unknown is not None and self._reading.is_capital(self._unknown) and not self._reading.is_capital(at)
        )

    def _is_post(self, at: int) -> bool:
        if self._see(clues.POST, at):
            return self._see(clues.NO_POST, at) is None
        return self._see(clues.POST_ENDING, at) is not None and not self._reading.is_capital(at)

    # How far it goes.

    def _take_post(self, start: int) -> bool:
        return self._take(start, self._post_end(start), "occupation")

    def _post_end(self, start: int) -> int:
        """A post goes on to where an employer, a place or something else begins."""
        end, previous = self._word_end(start), ""
        while (at := self._skip(end)) < self._end and not (
            self._see(clues.ENDS_POST, at) or self._see(words.SENTENCE, at)
        ):
            joins = previous in clues.JOINING or self._reading.plain[:at].rstrip().endswith(("d'", " en", " de"))
            is_employer = self._see(clues.KNOWN, at) or self._see(clues.EMPLOYER, at)
            if is_employer and not joins and not (self._has_employer() and self._word_end(at) == self._end):
                break
            if self._see(clues.PLACE, at):
                return end - len(previous) - 1 if previous in clues.JOINING else end
            end = self._word_end(at)
            previous = self._reading.plain[at:end]
        return end

    def _has_name(self) -> bool:
        """Whether something before may be the name of an employer."""
        return any(span.field in _NAMES and span.start < self._at for span in self._reading.found)

    def _has_employer(self) -> bool:
        return any(span.field in _EMPLOYERS for span in self._reading.found)

    def _describe(self, start: int) -> bool:
        """Takes an employer that is not named: «une banque privée»."""
        end = self._word_end(start)
        while kind := self._see(clues.KIND_OF, self._skip(end)):
            end = kind.end()
        return self._take(start, end, "described")

    def _take_employer(self, start: int, *, is_named: bool = False) -> bool:
        """Takes an employer with the name that follows.

        Args:
            is_named: Whether what stands there must be a name.
        """
        if of_place := self._see(clues.OF_A_PLACE, start):
            return self._take(start, self._word_end(of_place.end()), "company")
        known = self._see(clues.KNOWN, start)
        noun = None if known else self._see(clues.EMPLOYER, start)
        end = known.end() if known else self._word_end(start)
        is_named = known is not None or (is_named and noun is None)
        while (at := self._skip(end)) < self._end and not self._ends_employer(at, known, noun, is_named, start):
            if noun and (kind := self._see(clues.KIND_OF, at)):
                end = kind.end()
                continue
            particle = self._see(clues.PARTICLE, at)
            after = self._skip(particle.end()) if particle else at
            if after == self._end:
                break
            end, is_named = self._word_end(after), True
        if noun and not is_named and noun[0].endswith("s"):
            return self._pass_over(end)  # «des restos»
        is_capital = self._reading.is_capital(start)
        if noun and is_named and not is_capital and (nothing := self._see(clues.NO_NAME, start)):
            start = nothing.end()
        return self._take(start, end, "company" if is_named else "described")

    def _ends_employer(
        self, at: int, known: re.Match[str] | None, noun: re.Match[str] | None, is_named: bool, start: int
    ) -> bool:
        """Whether the name of an employer ends before what stands here."""
        is_capital = self._reading.is_capital
        if known and not is_capital(at):
            return self._see(clues.REGIONAL, at) is None
        if self._see(clues.ENDS_COMPANY, at) or self._see(clues.TO_PLACE, at) or self._see(words.SENTENCE, at):
            return True
        particle = self._see(clues.PARTICLE, at)
        if place := self._see(clues.PLACE, self._skip(particle.end()) if particle else at):
            after = self._skip(place.end())
            if (
                noun
                and particle is None
                and after < self._end
                and is_capital(after)
                and not self._see(clues.PLACE, after)
            ):
                return self._is_post(after)  # «cabinet Champel Santé»
            of_place = particle is not None and known is None and noun is None and is_capital(start)
            of_noun = noun is not None and (
                particle[0].strip() in clues.OF_THE if particle is not None else not is_named
            )  # «garage de la Praille», «Hôtel Cornavin»
            return not (of_place or of_noun)
        return self._is_post(at) and not (noun and not is_named and is_capital(at))

    # Moving on.

    def _see(self, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
        return pattern.match(self._reading.plain, at, self._end)

    def _skip(self, at: int, pattern: re.Pattern[str] = clues.BLANK) -> int:
        match = self._see(pattern, at)
        return match.end() if match else at

    def _word_end(self, at: int) -> int:
        match = self._see(clues.WORD, at)
        return match.end() if match else self._end

    def _pass_over(self, end: int) -> bool:
        """Leaves out what names nothing."""
        self._flush(self._at)
        self._at = end
        return True

    def _take(self, start: int, end: int, name: str) -> bool:
        self._flush(self._at)
        is_office = name in {"company", "described"} and words.OFFICES.match(self._reading.plain[start:end])
        if not is_office and (written := self._reading.written(start, end)):
            self._reading.add(Span(start, end, name, written))
        self._at = end
        return True

    def _flush(self, end: int) -> None:
        """What nothing recognised: a name or a post in catchwords, nothing in a sentence."""
        start, self._unknown = self._unknown, None
        if start is None:
            return
        leading = clues.LEADING.match(self._reading.plain, start, end)
        if self._is_sentence:
            name = clues.PROPER_NAME.match(self._reading.text, leading.end() if leading else start, end)
            if (
                name is None
                or not self._may_be_named(name.start(), name[0])
                or clues.NO_PROPER_NAME.fullmatch(plain(name[0]))
            ):
                return
            leading, end = None, name.end()
            start = name.start()
        elif auxiliary := clues.AUXILIARY.search(self._reading.plain, start, end):
            end = auxiliary.start()
        if leading and self._is_article_of_name(start, leading.end()):
            leading = None
        if trailing := clues.TRAILING.search(self._reading.plain, start, end):
            end = trailing.start()
        written = self._reading.written(leading.end() if leading else start, end)
        simple = plain(written)
        is_name = (
            re.search(r"[a-z]{2}", simple)
            and not clues.NUMBER_OR_MONTH.fullmatch(simple)
            and not SOFT.fullmatch(simple)
            and not words.OFFICES.match(simple)
        )
        if is_name and not words.SENTENCE.search(simple):
            self._reading.add(Span(start, end, "unknown", written))

    def _may_be_named(self, at: int, name: str) -> bool:
        """Whether a capital in a sentence is that of a name, and not only of its beginning."""
        is_acronym = sum(character.isupper() for character in self._reading.text[at : self._word_end(at)]) > 1
        employers = (span.value for span in self._reading.found if span.field == "company")
        is_known = any(plain(name) in plain(employer).split() for employer in employers)
        return is_acronym or is_known or len(name.split()) > 1 or not _begins(self._reading, at)

    def _is_article_of_name(self, start: int, after: int) -> bool:
        """Whether an article belongs to a name: «La Cave du Palais»."""
        text = self._reading.text
        return text[start].isupper() and text[after].isupper() and not text[after + 1].isupper() and text[start] == "L"


def _begins(reading: Reading, at: int) -> bool:
    """Whether something stands right behind a separator."""
    before = reading.plain[:at].rstrip()
    return not before or HARD.search(f"{before[-1]} ") is not None


def _is_alone(reading: Reading, start: int, end: int) -> bool:
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
