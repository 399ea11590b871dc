"""Which employer, place and post a line names: what is left when everything else was recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.job_search import clues, words
from actions.job_search.leftovers import add_left
from actions.job_search.spans import HARD, SOFT, Reading, Span
from actions.job_search.stretch import EMPLOYERS, NAMES, Stretch, begins, is_alone
from base.plain import plain


def name_employers(reading: Reading) -> None:
    """Employers, places and posts, in what is left."""
    for start, end in _left(reading):
        _Naming(reading, start, end).walk()


def _left(reading: Reading) -> Iterator[tuple[int, int]]:
    """The stretches between separators and what was recognised."""
    taken = [(span.start, span.end) for span in reading.found if span.start < span.end]
    known = [match.span() for match in clues.WITH_SIGN.finditer(reading.plain)]
    taken += [
        match.span()
        for match in HARD.finditer(reading.plain)
        if not any(start < match.start() < end for start, end in known)
    ]
    place = 0
    for start, end in [*sorted(taken), (len(reading.text), len(reading.text))]:
        if place < start and reading.plain[place:start].strip():
            yield place, start
        place = max(place, end)


class _Naming(Stretch):
    """Reads a stretch and adds what it names."""

    def walk(self) -> None:
        """Adds what is named."""
        ways = (
            self._after_page,
            self._after_verb,
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
        while (at := self.skip(self.at)) < self.end:
            self.at = at
            is_word = at == 0 or not self.reading.plain[at - 1].isalnum()
            if not (is_word and any(way() for way in ways)):
                self.unknown = at if self.unknown is None else self.unknown
                self.at = self.word_end(at)
        self._flush(self.end)

    def _after_page(self) -> bool:
        """«sur le site du CHUV» names an employer again."""
        if not self.has_name() or not clues.ITS_PAGE.search(self.reading.plain, 0, self.at):
            return False
        particle = self.see(clues.PARTICLE, self.at)
        start = self.skip(particle.end()) if particle else self.at
        named = self.see(clues.KNOWN, start) or self.see(clues.PLACE, start)
        employers = [plain(str(span.value)) for span in self.reading.found if span.field in EMPLOYERS]
        return named is not None and any(named[0] in one for one in employers) and self._pass_over(named.end())

    def _after_post_word(self) -> bool:
        """«comme vendeuse», «poste de vendeuse»."""
        word = None if self.is_post(self.at) else self.see(clues.POST_AFTER, self.at)
        if word and (self.is_post(word.end()) or self.see(clues.TRADE, word.end())):
            return self._take_post(word.end(), is_told=True)
        marker = self.see(clues.POST_MARKER, self.at)
        start = self.skip(marker.end(), clues.ARTICLE) if marker else self.end
        return start < self.end and self._take_post(start, is_told=True)

    def _after_for(self) -> bool:
        """«pour Sodexo» names an employer, «pour caissière» a post, «pour la blanchisserie» no employer."""
        marker = self.see(clues.FOR, self.at)
        start = self.skip(marker.end()) if marker else self.end
        if marker is None or start == self.end:
            return False
        if self.is_post(start) or self.see(clues.TRADE, start):
            return self._take_post(start, is_told=self.is_post(start))
        if self.see(clues.KNOWN, start) or (self.reading.is_capital(start) and " " not in marker[0]):
            return self._take_employer(start, is_named=True)
        noun = self.see(clues.EMPLOYER, start)
        if noun is not None and self.is_name_of(self.skip(noun.end())):
            return self._take_employer(start)  # «pour la pizzeria Il Forno»
        return noun is not None and self._pass_over(noun.end())

    def _after_one(self) -> bool:
        """«dans une boulangerie»: an employer that is not named."""
        marker = self.see(clues.ONE, self.at)
        start = self.skip(marker.end()) if marker else self.end
        if marker is None or start == self.end:
            return False
        is_to = marker[0].startswith(("a ", "chez ", "aupres ")) and self.see(clues.SELF_EMPLOYED, start) is not None
        is_first = marker.end() - marker.start() <= len("une") and self._is_somebody(start)
        if self.is_post(start) and (is_to or is_first):
            return self._take(start, self.post_end(start), "described")
        noun = self.see(clues.EMPLOYER, self.skip(start, clues.ADJECTIVE))
        is_one = noun is not None and not noun[0].endswith("s")
        return (is_one or marker[0].startswith("chez")) and self._describe(start)

    def _is_somebody(self, start: int) -> bool:
        """Whether a post is who employs: «un paysagiste à Bernex», «un coiffeur cherchait»."""
        before = self.reading.plain[: self.at].rstrip()
        is_next = SOFT.search(before[-8:]) is not None
        is_first = is_next or begins(self.reading, self.at)
        end = self.post_end(start)
        return is_first and self.see(clues.SOMEBODY, end) is not None and (is_next or not self.has_name())

    def _after_verb(self) -> bool:
        """«j'ai appelé Batigroup»."""
        at = self.at
        before = len(self.reading.plain[:at].rstrip())
        is_called = self.unknown is None and any(
            span.end == before and clues.CALLED.search(self.reading.plain[span.start : before])
            for span in self.reading.found
        )
        is_name = is_called and self.reading.is_capital(at) and not self.reading.is_capital(at + 1) and self.is_name(at)
        return is_name and self._take_employer(at, is_named=True)

    def _after_chez(self) -> bool:
        marker = self.see(clues.IN, self.at)
        start = self._behind_article(self.skip(marker.end()), clues.THE) if marker else self.end
        if start < self.end and self.is_post(start) and self.see(clues.KNOWN, self.skip(self.word_end(start))):
            start = self.skip(self.word_end(start))  # «chez l'opticien Visilab»
        if several := self.see(clues.SOME, start) or (marker and self.see(clues.OTHERS, self.skip(marker.end()))):
            return self._pass_over(several.end())  # «chez trois agences»
        return start < self.end and self._take_employer(start, is_named=True)

    def _behind_article(self, at: int, article: re.Pattern[str]) -> int:
        """Where a name begins: behind an article, unless it is a part of the name, as in «La Halle»."""
        after = self.skip(at, article)
        return at if after > at and self.is_article_of_name(at, after) else after

    def _after_to(self) -> bool:
        """«à la Coop», «au restaurant Le Lyrique», «à Nestlé», and «à Carouge»."""
        marker = self.see(clues.TO, self.at)
        if marker is None:
            return False
        is_seen = clues.SEEN.search(self.reading.plain[: self.at]) and not self.see(clues.NOTICE_OF, marker.end())
        if is_seen or (marker[0] in clues.ON_BOARD and clues.NOTICE.search(self.reading.plain[: self.at])):
            return self._pass_over(self.end)  # where they saw the offer
        start = self.skip(marker.end())
        if marker[0] in {"a la", "a l'"}:
            start = self._behind_article(self.at + len("a "), clues.LA)
        place = self.see(clues.PLACE, start)
        if place and not marker[0].startswith(("la", "le", "l'")):
            return self._take(start, place.end(), "city")
        if marker[0] == "a" and self.reading.is_capital(start) and self.follows_employer():
            return self._take(start, self.capitals_end(start), "city")
        if words.OFFICES.match(self.reading.plain[start : self.end]):
            return self._pass_over(self.capitals_end(start))
        return self._take_who_is_there(start, marker[0])

    def _take_who_is_there(self, start: int, marker: str) -> bool:
        """Takes the employer that «à», «au» or «de» leads to."""
        if self.see(clues.KNOWN, start) or self.noun(start):
            is_part = self.see(clues.WITH_ARTICLE, self.at) or (
                self.reading.is_capital(self.at) and self.is_article_of_name(self.at, start)
            )
            return self._take_employer(self.at if is_part else start)
        if marker in {"au", "aux"} and self._is_whole_name(start):
            return self._take_employer(self.at, is_named=True)  # «…, Aux Merveilleux, vendeuse»
        if self.is_post(start) and not self.reading.is_capital(start):
            if marker in {"de", "d'"} and self.at == self.start:
                return self._take_post(start)  # «candidature d'infirmier»
            return marker in {"a la", "au", "a l'", "aux"} and self._pass_over(
                self.word_end(start)
            )  # «à la responsable»
        goes_to = marker in {"a", "au", "aux", "a la", "a l'", "o"}
        leads = self.has_applied() or (marker != "a" and self.follows_post())
        is_name = self.reading.is_capital(start) or (leads and not self.see(clues.NOT_TO, start))
        return goes_to and start < self.end and is_name and self._take_employer(start, is_named=True)

    def _is_whole_name(self, start: int) -> bool:
        """Whether «Au» begins a name: it has a capital inside of a line."""
        at, is_capital = self.at, self.reading.is_capital
        inside = at > 0 and begins(self.reading, at) and self.reading.plain[:at].rstrip().endswith((",", ";", "/"))
        return inside and is_capital(at) and is_capital(start)

    def _employer(self) -> bool:
        at = self.at
        is_by = clues.BY.search(self.reading.plain, 0, at) and self.see(clues.AGENCY, at) and self.has_name()
        if is_by or clues.THROUGH.search(self.reading.plain, 0, at):
            return self._pass_over(self.capitals_end(at))  # «via Adecco»
        if legal := self.legal(at):
            return self._take(at, legal.end(), "company")
        known = self.see(clues.KNOWN, at)
        if known and self.follows_employer() and self.reading.text[at : known.end()].isupper():
            return self._pass_over(known.end())  # «Hôpital de Nyon GHOL»
        if known or self.see(clues.OF_A_PLACE, at):
            return self._take_employer(at)
        return self._kind_of_employer(at)

    def _kind_of_employer(self, at: int) -> bool:
        """«garage du Lac», «clinique des Grangettes», and not «deux agences» or «LPP Clinique dentaire»."""
        noun = self.noun(at)
        if noun is None or self._continues(at):
            return False
        if self.is_theirs() or (self.follows_employer() and not self.reading.is_capital(at)):
            return self._pass_over(noun.end())  # «mon voisin», «Nespresso boutique»
        if self._are_several(at) or (self.see(clues.PLACE, at) and self.has_name()):
            return self.see(clues.PLACE, at) is None and self._pass_over(noun.end())  # «deux agences»
        if self.goes_before(at) and not self._names_more(noun.end()):
            return self._pass_over(self.end)  # «Audemars Piguet boutique», «Kinder Garten crèche anglaise»
        return not self.is_post(at) and self._take_employer(at)

    def _are_several(self, at: int) -> bool:
        """Whether a number stands before, which is no day: «deux agences», and not «le 3 Pharmacie du Lac»."""
        number = clues.SEVERAL.search(self.reading.plain, 0, at)
        return number is not None and self.reading.is_free(*number.span("number"))

    def _continues(self, at: int) -> bool:
        """Whether a word goes on with a name: «LPP Clinique dentaire», «Helvetia assurances»."""
        return self.goes_on() or (self.unknown is not None and self.see(clues.REGIONAL, at) is not None)

    def _names_more(self, at: int) -> bool:
        """Whether a name or a post follows in the stretch."""
        words_left = (match.start() for match in clues.WORD.finditer(self.reading.plain, at, self.end))
        return any(self.reading.is_capital(word) or self.is_post(word) for word in words_left)

    def _place(self) -> bool:
        place = self.see(clues.PLACE, self.at)
        before = self.reading.plain[: self.at].rstrip()
        follows = any(span.field in NAMES and span.end == len(before) for span in self.reading.found)
        stands_alone = place is not None and (
            is_alone(self.reading, self.at, place.end()) or self.fills(self.at, place.end())
        )
        is_place = place is not None and (self.unknown is not None or follows or stands_alone)
        return is_place and place is not None and self._take(self.at, place.end(), "city")

    def _post(self) -> bool:
        if not self.is_post(self.at) or self.goes_on():
            return False
        if self.is_theirs():
            return self._pass_over(self.post_end(self.at))  # «mon conseiller»
        if self.is_person():
            return self._pass_over(self.word_end(self.at))  # «le gérant du tea-room»
        if self.is_sentence and clues.SPEAKS.match(self.reading.plain, self.word_end(self.at)):
            return self._pass_over(self.word_end(self.at))  # «la responsable m'a dit»
        start, self.unknown = self._begins_post(), None if self._begins_post() != self.at else self.unknown
        return self._take_post(start)

    def _trade(self) -> bool:
        """«Work Selection cuisine», «plonge à l'auberge»."""
        trade = self.see(clues.TRADE, self.at)
        if trade is None:
            return False
        after = self.skip(trade.end())
        is_heading = self.reading.plain[after : after + 1] == ":"
        is_where = any(self.see(pattern, after) for pattern in (clues.IN, clues.AT, clues.FOR))
        leads = begins(self.reading, self.at) and (is_heading or is_where)
        follows = (self.goes_before(self.at) or self.follows_employer()) and (
            after == self.end or self.see(words.SENTENCE, after) is not None
        )
        return bool(leads or follows) and self._take(self.at, trade.end(), "occupation")

    def _begins_post(self) -> int:
        """Where a post begins: «senior accountant», after its employer."""
        unknown = self.unknown
        if unknown is None or self.is_sentence or self.reading.is_capital(unknown) or not self.has_name():
            return self.at
        if self.has_post():
            return self.at  # «…, chauffeur, 2.11 / keller limo chauffeur»
        leading = self.skip(self.skip(unknown, clues.COUNTED), clues.LEADING)
        return leading if begins(self.reading, unknown) else self.at

    def _take_post(self, start: int, *, is_told: bool = False) -> bool:
        return self._take(start, self.post_end(start), "occupation", is_told=is_told)

    def _describe(self, start: int) -> bool:
        """Takes an employer that is not named: «une banque privée»."""
        begin = self.skip(start, clues.ADJECTIVE)
        noun = self.see(clues.EMPLOYER, begin)
        end = noun.end() if noun else self.word_end(begin)
        while kind := self.kind(self.skip(end)):
            end = kind.end()
        return self._take(start, end, "described")

    def _take_employer(self, start: int, *, is_named: bool = False) -> bool:
        """Takes an employer with the name that follows.

        Args:
            is_named: Whether what stands there must be a name.
        """
        if of_place := self.see(clues.OF_A_PLACE, start):
            end = self.word_end(of_place.end())
            while more := self.see(clues.MORE_OF_PLACE, self.skip(end)):
                end = more.end()
            return self._take(start, end, "company")
        known = self.see(clues.KNOWN, start)
        noun = None if known else self.noun(start)
        end = known.end() if known else noun.end() if noun else self.word_end(start)
        is_named = known is not None or (is_named and noun is None)
        while (at := self.skip(end)) < self.end and not self.ends_employer(at, known, noun, is_named, start):
            if noun and (kind := self.kind(at)):
                end = kind.end()
                continue
            particle = self.see(clues.PARTICLE, at)
            after = self.skip(particle.end()) if particle else at
            if after == self.end:
                break
            end, is_named = self.word_end(after), True
        if noun and not is_named and noun[0].endswith("s"):
            return self._pass_over(end)  # «des restos»
        is_capital = self.reading.is_capital(start)
        nothing = self.see(clues.NO_NAME, start)
        if noun and is_named and not is_capital and nothing and not self.kind(nothing.end()):
            start = nothing.end()
        if is_named and not known and not is_capital and self.is_post(start) and end == self.word_end(start):
            is_named = False  # «chez l'avocat»
        return self._take(start, end, "company" if is_named else "described")

    def _pass_over(self, end: int) -> bool:
        """Leaves out what names nothing."""
        self._flush(self.at)
        self.at = end
        return True

    def _take(self, start: int, end: int, name: str, *, is_told: bool = False) -> bool:
        self._flush(self.at)
        is_office = name in {"company", "described"} and words.OFFICES.match(self.reading.plain[start:end])
        if not is_office and (written := self.reading.written(start, end)):
            self.reading.add(Span(start, end, name, written, is_told=is_told))
        self.at = end
        return True

    def _flush(self, end: int) -> None:
        """Adds what was passed by, and was nothing by itself."""
        start, self.unknown = self.unknown, None
        if start is not None:
            add_left(self, start, end)
