"""Finding the identifiers in what a person typed.

What can be checked is found wherever it stands. What cannot is found when it was asked for, or when words say what it
is: a date is a birth date after «né le». Numbers of companies are public and stay.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

import stdnum.iban
from phonenumbers import Leniency, PhoneNumberMatcher, PhoneNumberType, number_type
from stdnum.exceptions import ValidationError

from base import birth_dates, clock
from base.identifiers import EMAIL, HOME, MASK, InvalidIdentifier, Kind, read
from base.plain import plain

_BETWEEN = r"[ .,;:/'_|()-]{0,3}"
"""What may stand between two characters of one number."""
_AVS = re.compile(rf"(?<!\d)7(?={_BETWEEN}5{_BETWEEN}6)(?:{_BETWEEN}\d){{12}}(?!\d)")
_UID = re.compile(rf"\bche(?:{_BETWEEN}\d){{9}}(?!\d)")
_IBAN = re.compile(rf"(?=[a-z]{{2}}{_BETWEEN}\d{_BETWEEN}\d)")
_IBAN_LENGTHS = range(34, 14, -1)
_EIGHT_DIGITS = re.compile(
    r"(?<!\d)(?<!\d[.,/'_-])(?<![a-z]-)"
    r"(?:\d{8}|(?<!\d )(?:\d\d([ .-])\d\d\1\d\d\1\d\d|\d\d([ .-])\d{3}\2\d{3}|\d{4}([ .-])\d{4}))"
    r"(?!\d)(?![.,/'_-]\d)(?!-[a-z])"
)
_MORE_DIGITS = re.compile(r" ?\d")
_TWO_YEARS = re.compile(r"(?:19|20)\d\d\D(?:19|20)\d\d")
_CALLED_PERSONAL = re.compile(r"\bpers(?:o|\.|onn?el\w*|onal\w*)?\b[^\d]{0,20}$")
_CURRENCY = r"chf|frs?|francs?|sfr|eur|euros?|€|\$"
_AFTER_CURRENCY = re.compile(rf"(?:{_CURRENCY})[ .:]*$")
_BEFORE_CURRENCY = re.compile(rf" ?(?:(?:{_CURRENCY})(?![a-z])|\.-|%)")
_BORN = re.compile(
    r"\bne(?:e|\(e\)|[.-]e)?s?\b[ :]*(?:le|en|au|a)?[ :]*(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?$"
    r"|(?<!acte de )(?<!actes de )(?<!certificat de )\bnaiss\w*\b\D{0,30}$"
    r"|\b(?:gebor\w*|geb|geburt\w*|nat[oa]|nascit\w*|born|birth\w*|dob|nacid\w*|nacim\w*|nascid\w*|nascim\w*)\b\D{0,30}$"
)
_YEAR = re.compile(r"(?<![\d.,/'-])(?:19|20)\d\d(?![.,/'-]?\d)")
_YEAR_ONLY = re.compile(
    r"(?:\bne(?:e|\(e\)|[.-]e)?s? en|\bannee de naissance\D{0,10}|\bborn in|\bnat[oa] nel|\bjahrgang) $"
)
_NEARLY_A_NUMBER = re.compile(r"\d(?:[ '’]?\d){4,}")
YOUNGEST = 14
"""Years that somebody has lived at least who looks for work."""
_BEFORE = 60
"""Characters that are looked at for what a number is called."""
_OF_ORGANISATIONS = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
)


@dataclass(frozen=True)
class Spot:
    """An identifier in a text.

    Args:
        kind: What it identifies.
        start: Position of its first character.
        end: Position after its last.
        value: As `identifiers.read` gives it.
    """

    kind: Kind
    start: int
    end: int
    value: str


def spot(text: str, expected: Kind | None = None, public: Collection[str] = ()) -> tuple[Spot, ...]:
    """The identifiers in a text, in reading order.

    Args:
        text: As a person typed it.
        expected: What they were asked for; then eight digits are a personal number even if they read as a date, or any
            date is a birth date.
        public: Phone numbers and e-mail addresses that are everybody's, as `identifiers.read` gives them.
    """
    if not any(character.isdecimal() or character == "@" for character in text):
        return ()
    simple = plain(text)
    found: list[Spot] = []
    for finder in _finders(expected):
        for one in finder(simple):
            if all(one.end <= other.start or one.start >= other.end for other in found):
                found.append(one)
    kept = (_as_typed(one, text) for one in found if one.kind is not Kind.UID and one.value not in public)
    return tuple(sorted(kept, key=lambda one: one.start))


def blotted(text: str) -> str:
    """A text that was to be a personal number, and nearly is one, with bullets for its digits."""
    return _NEARLY_A_NUMBER.sub(lambda match: re.sub(r"\d", MASK, match[0]), text)


def _as_typed(one: Spot, text: str) -> Spot:
    """With the accents of an e-mail address, which are part of it."""
    if one.kind is not Kind.EMAIL:
        return one
    return replace(one, value="".join(text[one.start : one.end].lower().split()))


def _finders(expected: Kind | None) -> tuple[Callable[[str], Iterator[Spot]], ...]:
    """The most certain first: of two that overlap, the first one counts."""
    always = (_companies, _emails, _ibans, _avs_numbers, _phones)
    if expected is Kind.BIRTH_DATE:
        return (*always, _dates, _personal_numbers)
    if expected is Kind.PERSONAL_NUMBER:
        return (*always, _eight_digits, _birth_dates, _dates_of_adults)
    return (*always, _birth_dates, _personal_numbers)


def _companies(text: str) -> Iterator[Spot]:
    yield from _checked(Kind.UID, text, _UID)


def _emails(text: str) -> Iterator[Spot]:
    yield from _checked(Kind.EMAIL, text, EMAIL)


def _avs_numbers(text: str) -> Iterator[Spot]:
    yield from _checked(Kind.AVS, text, _AVS, separated=True)


def _checked(kind: Kind, text: str, pattern: re.Pattern[str], *, separated: bool = False) -> Iterator[Spot]:
    for match in pattern.finditer(text):
        typed = re.sub(r"\D", "", match[0]) if separated else match[0]
        try:
            value = read(kind, typed)
        except InvalidIdentifier:
            continue
        yield Spot(kind, match.start(), match.end(), value)


def _ibans(text: str) -> Iterator[Spot]:
    for match in _IBAN.finditer(text):
        places = _places(text, match.start())
        for length in _IBAN_LENGTHS:
            if length > len(places) or _goes_on(text, places[length - 1] + 1):
                continue
            compact = "".join(text[place] for place in places[:length]).upper()
            if _is_iban(compact):
                yield Spot(Kind.IBAN, match.start(), places[length - 1] + 1, compact)
                break


def _places(text: str, start: int) -> list[int]:
    """Where the letters and digits are that may belong to an account number."""
    places, between = [], 0
    for place in range(start, len(text)):
        if text[place].isascii() and text[place].isalnum():
            places.append(place)
            between = 0
        else:
            between += 1
        if between > 3 or len(places) == _IBAN_LENGTHS[0]:
            break
    return places


def _goes_on(text: str, place: int) -> bool:
    return place < len(text) and text[place].isalnum()


def _is_iban(compact: str) -> bool:
    turned = "".join(str(int(character, 36)) for character in compact[4:] + compact[:4])
    if int(turned) % 97 != 1:
        return False
    try:
        stdnum.iban.validate(compact)
    except ValidationError:
        return False
    return True


def _phones(text: str) -> Iterator[Spot]:
    for match in PhoneNumberMatcher(text, HOME, leniency=Leniency.VALID):
        if number_type(match.number) not in _OF_ORGANISATIONS:
            yield Spot(Kind.PHONE, match.start, match.end, read(Kind.PHONE, match.raw_string))


def _dates(text: str) -> Iterator[Spot]:
    for found in birth_dates.find(text):
        yield Spot(Kind.BIRTH_DATE, found.start, found.end, found.value)


def _dates_of_adults(text: str) -> Iterator[Spot]:
    """Where somebody is asked who they are, a day so long ago is hardly anything else."""
    youngest = clock.today().year - YOUNGEST
    yield from (one for one in _dates(text) if int(one.value[:4]) <= youngest)


def _birth_dates(text: str) -> Iterator[Spot]:
    for one in _dates(text):
        if _BORN.search(_before(text, one.start)):
            yield one
    for match in _YEAR.finditer(text):
        if _YEAR_ONLY.search(_before(text, match.start())):
            yield Spot(Kind.BIRTH_DATE, match.start(), match.end(), match[0])


def _personal_numbers(text: str) -> Iterator[Spot]:
    for one in _eight_digits(text):
        before = _before(text, one.start)
        is_amount = _AFTER_CURRENCY.search(before) or _BEFORE_CURRENCY.match(text, one.end)
        is_date = one.end - one.start == len(one.value) and _reads_as_date(one.value)
        if _CALLED_PERSONAL.search(before) or not (is_amount or is_date):
            yield one


def _reads_as_date(digits: str) -> bool:
    """Whether eight digits are a day of this century or the last, as 20260312 and 12032026 are."""
    for year, month, day in ((digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[2:4], digits[:2])):
        if year[:2] in {"19", "20"}:
            try:
                date(int(year), int(month), int(day))
            except ValueError:
                continue
            return True
    return False


def _eight_digits(text: str) -> Iterator[Spot]:
    for match in _EIGHT_DIGITS.finditer(text):
        is_grouped = len(match[0]) > 8
        if is_grouped and (_TWO_YEARS.fullmatch(match[0]) or _MORE_DIGITS.match(text, match.end())):
            continue
        yield Spot(Kind.PERSONAL_NUMBER, match.start(), match.end(), read(Kind.PERSONAL_NUMBER, match[0]))


def _before(text: str, place: int) -> str:
    return text[max(0, place - _BEFORE) : place]
