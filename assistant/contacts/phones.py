"""Phone numbers in a message, as people write or say them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    format_number,
    is_possible_number,
    parse,
)

from assistant.contacts.contact import EXTENSION
from assistant.contacts.detail import Detail
from assistant.contacts.said import SAID, said_digits

_REGION = "US"  # of a number without a country's code
_TRIES = 20  # candidates that are looked at
_FEWEST_UNBROKEN = 9  # digits that are no amount
_FEWEST, _MOST = 7, 15  # digits
_CUE = re.compile(
    r"\b(?:call|phone|cell|mobile|mob|tel|telefon|telephone|text|txt|ring|ping|dial|number|num|direct|office|desk|whatsapp|line|reach|contact|ph|handy|landline|rückruf|(?:za)?dzwo[nń]\w{1,6})\b"
    r"|\b[tmpcd][:.]|#|☎|📞",
    re.I,
)
_SPOKEN = re.compile(rf"(?<![^\W\d_])(?:plus )?(?:(?:{SAID}|\d)[ ,.-]{{0,2}}){{4,40}}(?<=[a-z\d])(?![^\W\d_])", re.I)
_WORDS = re.compile(SAID, re.I)
_FEWEST_WORDS = 3  # of a number that is said
_WRITTEN = re.compile(r"(?<![\w$€£.,/-])(?<!\d:)\+?\(?\d(?:[ ().\-/]{0,3}\d){6,14}(?![\w%]|[.,]\d)")
_ENDED = re.compile(
    r"(?:\d{1,2}-)?\d{1,2}\. (?=[^.]{7,}$)|\d{3,4}\. (?=[^.]{10,}$)"
)  # a number that ends the sentence before: "I close at 3. 415 …"
_BEGUN = re.compile(r"\. \d{1,2}$")  # a number that begins the sentence after it: "… 0142. 5 pm is best"
_EXTENSION = re.compile(
    r"(?: \([^()\n]{1,20}\)|, (?:that's|which is) (?:the |our |my )?(?:\w{1,20} )?\w{1,20})?[ ,;]{0,3}-? ?\(?(?:(?:demandez|demander|ask for|then|dial|press) (?:le |the )?)?"
    rf"(?:x|extn?\.?|extension|int\.?(?= ?\d)|dw|durchwahl|poste|interno|anexo|ramal|toestel|доб\.?|内線)(?: (?:number|no\.?|is))?[ :#.]{{0,2}}(\d{{1,6}}|{SAID}(?:[ -]{SAID}){{0,5}})\b\)?",
    re.I,
)
_AREA = re.compile(r",? \(?area(?: code)? (\d{3})\b\)?", re.I)
_SHAPED = re.compile(r"\+\d|00[1-9]|\(?\b\d{3}\)?[ .-]{0,3}\d{3}[ .-]{0,3}\d{4}\b|\(\d{2,4}\)|0\d")
_NO_PHONE = re.compile(
    r"(?<![\w.-])(?:\d{1,3}(?:\.\d{1,3}){3}|\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?([-/.])\d\d?\1(?:19|20)\d\d|(?:19|20)\d\d ?- ?(?:19|20)\d\d|\d{1,3}(?:,\d{3})+)(?![\w-])"
)
_NO_PHONE_BEFORE = re.compile(
    r"(?:[$€£]|\b(?:invoice|order|ticket|account|acct|id|case|ref|reference|po|revenue|zip|ein|vat|tax|serial|policy|usd|eur|gbp|(?<!handy )(?<!phone )(?<!mobile )(?<!tel )nr|hrb|reg|registration"
    r"|confirmation|booking|reservation|routing|imei|abn|kvk|gst|npi|barcode|vin|version|isbn|sku|population|budget|duns|siren|siret|iban|tracking|license|licence|permit|claim|part|model|batch|(?-i:LOT|Lot)|lot (?:no|nr|number))\b(?:[ #:a-z]|\.(?! )){0,12})$",
    re.I,
)
_NO_PHONE_AFTER = re.compile(
    r" ?(?:%|(?:dollars|usd|eur|euros?|pounds|people|employees|users|rows|records|customers|million|k|m(?!\.)|a (?:year|month)|per|to \d+ a|visitors|sq|bucks|rupees|yen|views|orders)\b)",
    re.I,
)


def phones_in(text: str, details: Iterable[Detail], *, asked: bool) -> list[Detail]:
    """The phone numbers of a message outside of other details, in its order."""
    taken = list(details)
    found: list[Detail] = []
    none = [match.span() for match in _NO_PHONE.finditer(text)]
    for start, end, number in sorted(_numbers(text, taken, asked=asked)):
        others = [*taken, *found]
        if any(one.meets(start, end) for one in others) or any(begin < end and start < stop for begin, stop in none):
            continue
        if _NO_PHONE_BEFORE.search(text[max(start - 24, 0) : start]) or _NO_PHONE_AFTER.match(text, end):
            continue
        if area := _AREA.match(text, end):
            number, end = f"{area[1]} {number}", area.end()
        if extension := _EXTENSION.match(text, end):
            number, end = f"{number}{EXTENSION}{said_digits(extension[1])}", extension.end()
        found.append(Detail("phone", number, start, end))
    return found


def _numbers(text: str, taken: Sequence[Detail], *, asked: bool) -> Iterator[tuple[int, int, str]]:
    """Places and values of what can be a phone number."""
    for match in _SPOKEN.finditer(text):
        if len(_WORDS.findall(match.group())) >= _FEWEST_WORDS and (digits := _spoken(match.group())):
            yield match.start(), match.start() + len(match.group().rstrip(" ,.-")), digits
    if sum(character.isdigit() for character in text) < _FEWEST:
        return
    found = [
        (match.start, match.start + len(match.raw_string))
        for match in islice(PhoneNumberMatcher(text, _REGION, Leniency.POSSIBLE, max_tries=_TRIES), _TRIES)
    ]
    for match in _WRITTEN.finditer(text):
        covered = [(start, end) for start, end in found if start < match.end() and match.start() < end]
        if len(covered) < 2:  # a finder of American numbers takes a part of others
            found = [*(place for place in found if place not in covered), _longer(match.span(), *covered)]
    for start, end in found[:_TRIES]:
        written = _EXTENSION.split(text[start:end])[0]
        if ended := _ENDED.match(written):
            start, written = start + ended.end(), written[ended.end() :]
        written = _BEGUN.sub("", written)
        if "(" in written and ")" not in written:
            start, written = start + written.index("(") + 1, written.partition("(")[2]
        end = start + len(written)
        if written.isdigit() and len(written) < _FEWEST_UNBROKEN and not asked:
            continue
        if (
            asked
            or _has_cue(text, start)
            or _AREA.match(text, end)
            or _EXTENSION.match(text, end)
            or _alone(text, start, end)
            or _SHAPED.match(written)
        ):
            yield start, end, _international(written)


def _longer(*places: tuple[int, int]) -> tuple[int, int]:
    return max(places, key=lambda place: place[1] - place[0])


def _international(written: str) -> str:
    """A number with a country's code in its international form, another one as written."""
    written = written.strip()
    plain = f"+{written[2:]}" if written.startswith("00") else written
    if not plain.startswith("+"):
        return written
    try:
        number = parse(plain.replace("(0)", ""))
    except NumberParseException:
        return written
    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else written


def _spoken(words: str) -> str | None:
    """The number said, if it has as many digits as phone numbers have."""
    digits = said_digits(words)
    plus = "+" if words.lower().startswith("plus") else ""
    return f"{plus}{digits}" if _FEWEST <= len(digits) <= _MOST else None


def _has_cue(text: str, start: int) -> bool:
    return _CUE.search(text[max(start - 30, 0) : start]) is not None


def _alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands between the separators around it, as in a signature."""
    before, after = text[:start].rstrip(" "), text[end:].lstrip(" ")
    return (not before or before[-1] in ",;|\n.!?:-)") and (not after or after[0] in ",;|\n.!(-" or not after.strip())
