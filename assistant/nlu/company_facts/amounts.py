"""Amounts in a text: "3 and a half mil", "£6.5m", "between 8 and 12 million", "almost a million", "two dozen".

One rule for all of them: an amount is a span from ``low`` to ``high``. What it counts is for the caller to say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_TOKEN = re.compile(r"[$£€₹¥]|\d+(?:[.,]\d+)*|[A-Za-z]+(?:'[a-z]+)?|[^\w\s]")
_UNITS = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SCALES = {
    **dict.fromkeys(("k", "thousand", "grand"), 1e3),
    **dict.fromkeys(("m", "mm", "mil", "mill", "mils", "million", "millions", "mln", "mio"), 1e6),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 1e9),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), 1e5),
    **dict.fromkeys(("crore", "crores", "cr"), 1e7),
}
_INDIAN = {word for word, scale in _SCALES.items() if scale in (1e5, 1e7)}
_CURRENCIES = {
    **dict.fromkeys(("$", "usd", "dollar", "dollars", "bucks"), "USD"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "quid"), "GBP"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "EUR"),
    **dict.fromkeys(("₹", "inr", "rupee", "rupees"), "INR"),
    **dict.fromkeys(("¥", "yen", "yuan", "rmb", "cny"), "CNY"),
    **dict.fromkeys(("cad", "canadian", "loonies"), "CAD"),
    **dict.fromkeys(("aud", "australian", "aussie"), "AUD"),
    **dict.fromkeys(("nzd", "sgd", "hkd", "mxn", "brl", "zar", "sek", "nok", "dkk", "pln", "aed"), "other"),
    **dict.fromkeys(
        ("pesos", "peso", "reais", "francs", "chf", "kronor", "kroner", "rand", "zloty", "dirhams"), "other"
    ),
}
_BELOW = re.compile(
    r"\b(almost|nearly|not quite|close to|approaching|just shy of|shy of|just under|a hair under|just below)( the)?$"
)
_UNDER = re.compile(
    r"(?:<|\b(?:under|below|less than|fewer than|(?<!back )(?<!now )up to|at most|not even|"
    r"never more than|max|maximum))( the)?$"
)
_JUST_OVER = re.compile(r"\b(just|slightly|a bit|a little|a hair|barely) (over|above|past|north of)( the)?$")
_OVER = re.compile(
    r"(?:(?<!turn )(?<!turned )(?<!turns )(?<!turning )(?<!take )\bover|>|"
    r"\b(?:above|more than|north of|past|at least|upwards of|exceeding|topped|crossed|passed))( the)?$"
)
_MORE = re.compile(r"^ ?(\+|plus\b|or more\b|and (?:up|change|counting)\b|and above\b)")
_PERIODS = (
    (
        "month",
        re.compile(
            r"^[ ,]*(?:\w+ ){0,2}?(?:a|per|each|every|/|in a|the)? ?(?:month|mo|mth|monthly|mrr)\b|"
            r"^ ?/ ?(?:mo|month)\b"
        ),
    ),
    (
        "quarter",
        re.compile(
            r"^[ ,]*(?:\w+ ){0,2}?(?:a|per|each|every|/) ?(?:quarter|qtr)\b(?! (?:of a )?million)|^ quarterly\b"
        ),
    ),
    ("week", re.compile(r"^[ ,]*(?:\w+ ){0,2}?(?:a|per|each|every|/) ?(?:week|wk|day)\b|^ weekly\b")),
)
_RANGE = re.compile(r"^ ?(-|to|and|or|maybe|up to|or maybe) ?[$£€]?$")
_BETWEEN = re.compile(r"\b(between|from|somewhere between)[ $£€]*$")
_GREW = re.compile(
    r"\b(?:gr[eo]wn?|went|gone|expanded|jumped|climbed|moved|shrunk|shrank|fell|dropped|down|cut) from[ $£€]*$"
)
_FIGURES = re.compile(r"\b(low|mid|high|upper)?[ -]?(five|six|seven|eight|nine|5|6|7|8|9)[ -]figures?\b", re.I)
_TENS_AND_SOME = re.compile(r"(- )?(?:some|odd)\b(?! of)")
_QUARTER = re.compile(r"((?:a |one )?quarter(?: of a)?) (?:million|billion)\b")

_MOST_UNITS = 19  # "four thousand two hundred" is one number, "four thousand, two" are two
_MOST = 40  # amounts of a text: who writes more of them states nothing
ALMOST = 0.85
"""How much of an amount there is at least where there is almost that much."""


@dataclass(frozen=True)
class Amount:
    """A span of numbers and where it stands; ``currency`` and ``period`` are None where the text names none."""

    low: float
    high: float
    start: int
    end: int
    currency: str | None = None
    period: str | None = None
    scaled: bool = False
    is_range: bool = False
    hedge: str = ""

    @property
    def is_year(self) -> bool:
        return not self.scaled and self.currency is None and 1900 <= self.low <= 2100 and self.low == self.high


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int


def amounts(text: str) -> list[Amount]:
    """The amounts of a text, in its order."""
    lowered = text.lower()
    tokens = [_Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(lowered)]
    found = list(_figures(lowered))
    place = 0
    while place < len(tokens) and len(found) < _MOST:
        read = _number(tokens, place)
        if read is None:
            place += 1
            continue
        amount, place = read
        if not any(one.start <= amount.start < one.end for one in found):
            found.append(amount)
    found.sort(key=lambda one: one.start)
    return [_bounded(one, lowered) for one in _joined(found, lowered)]


def _figures(text: str) -> Iterator[Amount]:
    for match in _FIGURES.finditer(text):
        digits = _UNITS.get(match[2]) or int(match[2])
        low, high = 10.0 ** (digits - 1), 10.0**digits - 1
        part = (high - low) / 3
        low, high = {"low": (low, low + part), "mid": (low + part, high - part)}.get(
            match[1] or "", (high - part, high) if match[1] else (low, high)
        )
        yield Amount(low, high, match.start(), match.end(), scaled=True, is_range=True)


def _number(tokens: Sequence[_Token], place: int) -> tuple[Amount, int] | None:
    """The number that begins at a token, and the place after it."""
    first, currency = place, None
    word = tokens[place].text
    if word in _CURRENCIES and place + 1 < len(tokens) and (word in "$£€₹¥" or len(word) == 3):
        if not tokens[place + 1].text[0].isdigit():
            return None
        currency, place = _CURRENCIES[word], place + 1
    read = _value(tokens, place)
    if read is None:
        return None
    value, place = read
    some = 0.0
    if value and not value % 10 and value < 1000 and (said := _TENS_AND_SOME.match(_joined_texts(tokens, place))):
        some, place = (10 if value % 100 else 100) - 1, place + (2 if said[1] else 1)
    scaled = False
    while place < len(tokens):
        word = tokens[place].text
        close = tokens[place].start - tokens[place - 1].end
        if word == "ish" and not close and place + 1 < len(tokens) and tokens[place + 1].text in _SCALES:
            place += 1
        elif word in _SCALES and (len(word) > 1 or close == 0 or (close == 1 and currency and word in "kmb")):
            value, some, place, scaled = value * _SCALES[word], some * _SCALES[word], place + 1, True
            if word in _INDIAN and currency is None:
                currency = "INR?"
            if _texts(tokens, place, 3) == ["and", "a", "half"]:
                value, place = value + _SCALES[word] / 2, place + 3
            if word == "thousand" and (rest := _hundreds(tokens, place)):
                value, place = value + rest[0], rest[1]
        elif word == "hundred":
            value, place = value * 100, place + 1
        elif word == "dozen":
            value, place = value * 12, place + 1
        else:
            break
    if (
        place < len(tokens)
        and tokens[place].text in ("us",)
        and place + 1 < len(tokens)
        and tokens[place + 1].text in ("dollars", "$")
    ):
        place += 1
    if place < len(tokens) and tokens[place].text in _CURRENCIES and tokens[place].text != "$":
        currency, place = _CURRENCIES[tokens[place].text], place + 1
    if currency == "INR?":
        currency = "INR"
    end = tokens[place - 1].end
    return Amount(value, value + some, tokens[first].start, end, currency, scaled=scaled, is_range=some > 0), place


def _hundreds(tokens: Sequence[_Token], place: int) -> tuple[float, int] | None:
    """What follows a thousand in words: "four thousand two hundred"."""
    if not set(_texts(tokens, place, 1)) & {*_UNITS, *_TENS}:
        return None
    read = _value(tokens, place)
    return read if read is not None and _MOST_UNITS < read[0] < 1000 else None


def _value(tokens: Sequence[_Token], place: int) -> tuple[float, int] | None:
    word = tokens[place].text
    value: float
    if quarter := _QUARTER.match(_joined_texts(tokens, place)):
        return 0.25, place + len(quarter[1].split())
    if word[0].isdigit():
        value, place = _in_digits(word), place + 1
    elif word in _UNITS or word in _TENS or _texts(tokens, place, 2) == ["a", "hundred"]:
        value, place = (1.0, place + 1) if word == "a" else (0.0, place)
        while place < len(tokens) and (word := tokens[place].text) in (*_UNITS, *_TENS, "hundred", "and", "-"):
            following = _texts(tokens, place + 1, 1)
            if word == "hundred":
                value *= 100
            elif word == "and":
                if value < 100 or value % 100 or not following or following[0] not in (*_UNITS, *_TENS):
                    break
            elif word in _TENS:
                value += _TENS[word]
            elif word in _UNITS:
                if value % 10 and value < 100:
                    break
                value += _UNITS[word]
            elif not following or following[0] not in _UNITS or value % 10 or not value:
                break
            place += 1
    elif (
        word == "half"
        and _texts(tokens, place + 1, 1) == ["a"]
        and _texts(tokens, place + 2, 1)[:1]
        and (tokens[place + 2].text in _SCALES or tokens[place + 2].text == "dozen")
    ):
        return 0.5, place + 2
    elif (
        word in ("a", "an", "one")
        and (after := _texts(tokens, place + 1, 1))
        and (after[0] == "dozen" or (after[0] in _SCALES and len(after[0]) > 2))
    ):
        return 1.0, place + 1
    elif word == "couple":
        place += 1
        return 2.0, place + (
            _texts(tokens, place, 1) == ["of"]
            and _texts(tokens, place + 1, 1)[:1] != []
            and tokens[place + 1].text in _SCALES
        )
    elif word == "dozen":
        return 12.0, place + 1
    else:
        return None
    for words, part in ((["and", "a", "half"], 0.5), (["and", "a", "quarter"], 0.25), (["point", "five"], 0.5)):
        if _texts(tokens, place, 3)[: len(words)] == words:
            return value + part, place + len(words)
    if _texts(tokens, place, 1) == ["point"] and place + 1 < len(tokens) and tokens[place + 1].text in _UNITS:
        return value + _UNITS[tokens[place + 1].text] / 10, place + 2
    return value, place


def _in_digits(word: str) -> float:
    if word.count(".") > 1 or (word.count(",") >= 1 and re.fullmatch(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?", word)):
        return float(word.replace(".", "") if word.count(".") > 1 else word.replace(",", ""))
    parts = word.replace(",", ".").split(".")
    return float(parts[0] + "." + "".join(parts[1:])) if len(parts) > 1 else float(word)


def _texts(tokens: Sequence[_Token], place: int, count: int) -> list[str]:
    return [token.text for token in tokens[place : place + count]]


def _joined_texts(tokens: Sequence[_Token], place: int) -> str:
    return " ".join(_texts(tokens, place, 5))


def _joined(found: Sequence[Amount], text: str) -> Iterator[Amount]:
    """Two amounts with "to" or a dash between them are one range; the first may leave its scale to the second."""
    waiting: Amount | None = None
    for one in found:
        if waiting is None:
            waiting = one
            continue
        link = _RANGE.match(text[waiting.end : one.start])
        between = _BETWEEN.search(text[: waiting.start]) is not None
        if link and _GREW.search(text[: waiting.start]):
            waiting = one  # what it is today
            continue
        low, high = waiting.low, one.high
        if link and (link[1] != "and" or between) and not waiting.is_range:
            if one.scaled and not waiting.scaled:
                scale = next((size for size in (1e9, 1e6, 1e5, 1e3) if high >= size), 1.0)
                low = low * scale if low < high / scale * 100 else low
            if low <= high:
                waiting = replace(
                    one, low=low, start=waiting.start, is_range=True, currency=one.currency or waiting.currency
                )
                continue
        yield waiting
        waiting = one
    if waiting is not None:
        yield waiting


def _bounded(one: Amount, text: str) -> Amount:
    """With the words around it: bounds, period and a currency that follows."""
    before, after = text[max(0, one.start - 40) : one.start].rstrip(" $£€"), text[one.end : one.end + 30]
    period = next((name for name, pattern in _PERIODS if pattern.match(after)), None)
    if period is None and re.search(r"\b(monthly|mrr|a month)\b[^.]{0,20}$", before):
        period = "month"
    currency = one.currency
    if match := re.match(
        r"^ (?:but )?(?:that's |thats |in )?(canadian|australian|cad|aud|euros?|pounds|quid)\b", after
    ):
        currency = _CURRENCIES.get(match[1], "EUR")
    one = replace(one, period=period, currency=currency)
    if _BELOW.search(before):
        return replace(one, low=one.low * ALMOST, hedge="below")
    if _UNDER.search(before):
        return replace(one, low=0, hedge="under")
    if _JUST_OVER.search(before):
        return replace(one, high=one.high * 1.15, hedge="over")
    if _OVER.search(before) or _MORE.match(after):
        return replace(one, high=math.inf, hedge="over")
    return one
