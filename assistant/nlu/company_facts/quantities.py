"""Numbers as people write them: "$1.2M", "2-3 mil", "thirty five", "just under a million", "seven figures"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assistant.nlu.budget import check

from .lexicon import any_of, lexicon

_FIGURES = {"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?!\d)|\d{1,15}\.\d{1,6}|"
    r"\d{1,15},\d{1,2}(?=\s?(?:m|mil|million|mio)\b)|\d{1,15}|\.\d{1,6}"
)
_ARTICLES = {
    r"three quarters of an?": 0.75,
    r"a quarter(?: of)?(?: an?)?|quarter(?: of)? an?|quarter": 0.25,
    r"half an?|half": 0.5,
    r"(?:a\s)?couple(?: of)?(?: of)?": 2.0,
    r"an?": 1.0,
}
_DEGREE = r"(?:(?:low|lower|mid|middle|high|higher|upper|solid|strong)(?:[\s-]to[\s-](?:mid|high|low))?[\s-])?"
_POWER = r"(?:five|six|seven|eight|nine|ten|[5-9]|10)"
_PLACES = {"single": 6, "double": 7, "triple": 8}
_ARTICLE = "|".join(_ARTICLES)
_LIKE_SIGNS = r"(?:\s?-?(?:ish|odd)\b|\s(?:or so|odd|give or take|approx(?:imately)?|roughly)\b)?"
_JOIN = r"\s?(?P<join>[-\u2013\u2014]|\bto\b|\bor\b|\band\b|\bthrough\b)\s?(?:about |around |maybe )?"
_MORE = r"(?P<more>\s?\+|\s(?:or (?:more|above|over)|plus(?!\s\d)|and (?:up|above|over)|minimum)\b)?"
_LESS = r"(?P<less>\s(?:or (?:less|fewer|under|below)|at most|max(?:imum)?|tops)\b)?"


@dataclass(frozen=True)
class Quantity:
    """A number or a range found in a text. An end that the text leaves open is None."""

    start: int
    end: int
    low: float | None
    high: float | None
    currency: str | None  # ISO code, where the text shows one
    scaled: bool  # said in thousands or more ("4 mil", "10k", "seven figures")

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def amounts(self) -> dict[str, int | float]:
        """The value under "" or its ends under "_min" and "_max"."""
        if self.exact and self.low is not None:
            return {"": whole(self.low)}
        ends = {"_min": self.low, "_max": self.high}
        return {name: whole(end) for name, end in ends.items() if end is not None}


@dataclass(frozen=True)
class _Number:
    value: float
    mantissa: float
    scale: float
    currency: str | None


def whole(value: float) -> int | float:
    """Whole numbers as int, so that 4000000.0 is not shown as a measured decimal."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


@cache
def _currency_patterns() -> tuple[str, str]:
    before = [word for sides in lexicon().currencies.values() for word in sides["before"]]
    after = [word for sides in lexicon().currencies.values() for word in sides["after"]]
    signs = "|".join(re.escape(word) for word in sorted(before, key=len, reverse=True))
    return rf"(?:{signs})\s?", any_of(after, literal=True).replace(r"(?<!\w)", "")


@cache
def _currency_codes() -> dict[str, str]:
    return {
        word: code
        for code, sides in reversed(lexicon().currencies.items())
        for side in ("before", "after")
        for word in sides[side]
    }


def _number(name: str) -> str:
    """A pattern for one number, its groups marked by `name`."""
    before, after = _currency_patterns()
    words = lexicon().numbers
    one, scale = words.one_of(words.ones), words.one_of(words.scales)
    small = rf"(?:{words.one_of(words.tens)}(?:[\s-]{one})?|{one})"
    spelled = rf"(?:{small}\s|a\s)?hundred(?:\s(?:and\s)?{small})?|{small}(?:\spoint\s{small})?"
    return (
        rf"(?P<before{name}>{before})?(?:(?P<digits{name}>{_DIGITS})(?![\d])"
        rf"|(?<![a-z])(?:(?P<words{name}>{spelled})|(?P<article{name}>{_ARTICLE})(?=[\s-])))(?P<half{name}>\sand\sa\shalf)?"
        rf"(?P<scale{name}>(?:[\s-]?{scale}(?![a-z0-9]))+)?(?P<tail{name}>\sand\sa\shalf)?(?:[\s-]?(?P<after{name}>{after}))?"
    )


@cache
def _pattern() -> re.Pattern[str]:
    words = lexicon().numbers
    about = rf"(?:{words.approximately}\s*){{0,4}}"
    slightly = rf"(?:{words.slightly} )?"
    return re.compile(
        rf"(?<![\w.,$£€#])(?P<approx>{about})(?<!few )(?<!several )(?<!turn )(?<!turns )(?<!turned )(?<!turning )"
        rf"(?:(?P<below>{slightly}{words.below}\s*)|(?P<above>{slightly}{words.above}\s*))?(?P<grown>{words.grown}\s)?"
        rf"(?(below){about}|(?(above){about}|(?(grown){about})))"
        rf"(?:{_DEGREE}(?:(?P<from>{_POWER})(?:[\s-]figures?)?\s(?:to|or)\s{_DEGREE})?(?P<figures>{_POWER})[\s-]figures?"
        rf"|{_DEGREE}(?P<places>single|double|triple)[\s-]digit[\s-]millions?|{_number('1')})"
        rf"(?:{_JOIN}{_number('2')})?{_LIKE_SIGNS}{_MORE}{_LESS}(?![\w%])(?!\s?(?:percent|per cent|%))"
    )


def _small(words: str) -> float:
    total = 0.0
    for word in re.split(r"[\s-]+", words):
        if word == "hundred":
            total = max(total, 1) * 100
        elif word not in {"and", "a"}:
            total += lexicon().numbers.ones.get(word, 0) + lexicon().numbers.tens.get(word, 0)
    return total


def _mantissa(match: re.Match[str], name: str) -> float | None:
    digits, words, article = (match[group + name] for group in ("digits", "words", "article"))
    if digits:
        return float(digits.replace(" ", "").replace(",", "." if re.fullmatch(r"\d+,\d{1,2}", digits) else ""))
    if words:
        left, _, right = words.partition(" point ")
        return _small(left) + (float(f"0.{int(_small(right))}") if right else 0)
    if article:
        return next(value for pattern, value in _ARTICLES.items() if re.fullmatch(pattern, article))
    return None


def _read(match: re.Match[str], name: str) -> _Number | None:
    mantissa = _mantissa(match, name)
    if mantissa is None:
        return None
    scale = 1.0
    for word in re.findall(r"[a-z]+", match["scale" + name] or ""):
        scale *= lexicon().numbers.scales[word]
    if match["half" + name]:
        mantissa += 0.5
    value = mantissa * scale + (scale / 2 if match["tail" + name] else 0)
    sign = (match["before" + name] or match["after" + name] or "").strip()
    return _Number(value, mantissa, scale, _currency_codes().get(sign))


def _is_only_an_article(match: re.Match[str]) -> bool:
    """'a', 'half' and 'one' are numbers only with a scale ('half a million'), 'a couple' also with 'of'."""
    if match["words1"] in {"one", "zero"}:
        return not (match["scale1"] or match["half1"] or match["join"] or match["after1"] or match["before1"])
    return (
        bool(match["article1"])
        and not match["scale1"]
        and not (match["article1"].endswith("couple of") or match["half1"])
    )


def _quantity(match: re.Match[str]) -> Quantity | None:
    span = match.span()
    if match["grown"] and not match["join"]:  # "went from 10 people to 35": the growth is told outside this number
        span = (match.end("grown"), match.end())
    if match["figures"]:
        power = _FIGURES.get(match["figures"]) or int(match["figures"])
        first_power = (_FIGURES.get(match["from"]) or int(match["from"])) if match["from"] else power
        return Quantity(*span, 10.0 ** (first_power - 1), 10.0**power - 1, None, True)
    if match["places"]:
        power = _PLACES[match["places"]]
        return Quantity(*span, 10.0**power, 10.0 ** (power + 1) - 1, None, True)
    first, second = _read(match, "1"), _read(match, "2")
    if first is None or _is_only_an_article(match):
        return None
    currency = first.currency or (second.currency if second else None)
    if second is not None and not match["grown"]:
        return _range(span, first, second, currency)
    last = second or first
    low: float | None = None if match["below"] or match["less"] else last.value
    high: float | None = None if match["above"] or match["more"] else last.value
    if match["below"]:
        high = last.value
    return Quantity(*span, low, high, currency, last.scale >= 1_000)


def _range(span: tuple[int, int], first: _Number, second: _Number, currency: str | None) -> Quantity | None:
    shared = first.scale == 1 and second.scale >= 100 and first.mantissa <= second.mantissa
    low = first.mantissa * second.scale if shared else first.value
    if low > second.value:
        return None
    return Quantity(*span, low, second.value, currency, second.scale >= 1_000)


def find_quantities(text: str) -> list[Quantity]:
    """All numbers of a lower-case text, left to right. Years, percentages, times and versions are not among them."""
    found: list[Quantity] = []
    position = 0
    while (match := _pattern().search(text, position)) is not None:
        check()
        quantity = _quantity(match) if _joins_well(match) else None
        if (
            quantity is None
            and match["join"]
            and (shorter := _pattern().match(text[: match.start("join")], match.start()))
        ):
            match, quantity = shorter, _quantity(shorter)
        if quantity is not None:
            found.append(quantity)
        position = max(match.end(), match.start() + 1)
    return found


def _joins_well(match: re.Match[str]) -> bool:
    """'and' makes a range only after 'between'; a range needs two numbers, not '5 to a client'."""
    if match["join"] == "and":
        return "between" in match.group()
    return not (match["join"] and match["article2"] and not match["scale2"])
