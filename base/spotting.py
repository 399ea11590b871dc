"""Finding the identifiers in what a person typed.

What can be checked is found wherever it stands. What cannot is found when it was asked for, or when words say what it
is: a date is a birth date after «né le». Numbers of companies are public and stay.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

import phonenumbers
import stdnum.iban
from phonenumbers import PhoneNumberType

from base import birth_dates, clock
from base.identifiers import EMAIL, HOME, MASK, InvalidIdentifier, Kind, read
from base.plain import plain

_BETWEEN = r"[ .,;:/'_|()-]{0,3}"
"""What may stand between two characters of one number."""
_AVS = re.compile(rf"(?<!\d)7(?={_BETWEEN}5{_BETWEEN}6)(?:{_BETWEEN}\d){{12}}(?!\d)")
_UID = re.compile(rf"\bche(?:{_BETWEEN}\d){{9}}(?!\d)")
_IBAN = re.compile(rf"(?=[a-z]{_BETWEEN}[a-z]{_BETWEEN}\d{_BETWEEN}\d)")
_SHORTEST_IBAN, _LONGEST_IBAN = 15, 34
_PHONE = re.compile(rf"(?<!\d)(?<!\d[.,/'_-])0(?:{_BETWEEN}\d){{9}}(?!\d)")
_PHONE_WITH_COUNTRY = re.compile(rf"(?:\+|(?<!\d)00){_BETWEEN}[1-9](?:{_BETWEEN}\d){{7,14}}")
_FEWEST_DIGITS = 8
_DATE = re.compile(r"\d\d?[ ./-]{1,3}\d\d?[ ./-]{1,3}(?:19|20)\d\d(?!\d)")
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
    r"\bne(?:e|\(e\)|[.-]e)?s?(?![a-z])[ :]*(?:le|en|au|a)?[ :]*(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?$"
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
    found, taken = [], bytearray(len(text))
    for finder in _finders(expected):
        for one in finder(simple):
            if not any(taken[one.start : one.end]):
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
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
        for end, compact in _with_right_check_digits(text, match.start()):
            if stdnum.iban.is_valid(compact):
                yield Spot(Kind.IBAN, match.start(), end, compact)
                break


def _with_right_check_digits(text: str, start: int) -> Iterator[tuple[int, str]]:
    """What begins there and is an account number by its check digits: where it ends, and its letters and digits.

    The number modulo 97, with its first four characters behind all others, is 1.
    """
    compact, rest, between = "", 0, 0
    for place in range(start, len(text)):
        character = text[place]
        if not (character.isascii() and character.isalnum()):
            between += 1
            if between > 3:
                return
            continue
        between = 0
        compact += character.upper()
        if len(compact) > 4:
            rest = (rest * (10 if character.isdigit() else 100) + int(character, 36)) % 97
        if len(compact) > _LONGEST_IBAN:
            return
        if len(compact) >= _SHORTEST_IBAN and not text[place + 1 : place + 2].isalnum():
            first = "".join(str(int(one, 36)) for one in compact[:4])
            if (rest * 10 ** len(first) + int(first)) % 97 == 1:
                yield place + 1, compact


def _phones(text: str) -> Iterator[Spot]:
    for match in _PHONE_WITH_COUNTRY.finditer(text):
        digits = [place for place in range(*match.span()) if text[place].isdigit()]
        for count in range(len(digits), _FEWEST_DIGITS - 1, -1):
            end = digits[count - 1] + 1
            if not text[end : end + 1].isdigit() and (found := _phone(text, match.start(), end)):
                yield found
                break
    for match in _PHONE.finditer(text):
        if not _DATE.match(match[0]) and (found := _phone(text, *match.span())):
            yield found


def _phone(text: str, start: int, end: int) -> Spot | None:
    digits = re.sub(r"[^\d+]", "", text[start:end].replace("(0)", ""))
    try:
        number = phonenumbers.parse(digits, HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in _OF_ORGANISATIONS:
        return None
    return Spot(Kind.PHONE, start, end, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


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
