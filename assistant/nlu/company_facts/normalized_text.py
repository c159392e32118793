"""Normalized text of a message: tags in capitals replace names and numbers.

"We're a 35-person firm on HubSpot" reads "we're a NUM-PEOPLE firm on CRM". Patterns then need not
cover the many ways to name a CRM or write a number, and cannot mistake "Microsoft 365" for a headcount.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from .lexicon import any_of, lexicon, names_in, pattern
from .quantities import Quantity, find_quantities

MAX_CHARACTERS = 4_000  # longer texts are truncated; no company description needs more
_COVER = "¤"
_MASKS = (
    ("URL", r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|io|ai|co|net|org|app|dev)(?:\.\w\w)?\b"),
    (
        "PHONE",
        r"(?<![\w$£€.,])(?!\d{1,3}(?: \d{3})* 000\b)\+?\(?\d{2,4}\)?(?:[\s.-]\(?\d{2,4}\)?){2,4}"
        r"(?![\w.,]\d|\w)(?=\W|$)",
    ),
    ("PERCENT", r"[\d.,]+\s?(?:%|percent\b|per cent\b)"),
    ("TIME", r"\b(?:\d{1,2}[:/]\d{1,2}(?:/\d{2,4})?|\d{1,2}\s?(?:am|pm)|q[1-4]|h[12]|\d+(?:st|nd|rd|th)|\d{4}s)\b"),
)
_YEAR = re.compile(r"(?<![\w$£€¥.,])(?:19|20)\d\d(?![\w,.]\d|\w)(?!\s?(?:k|m|mil|million|dollars|usd|pounds|euros)\b)")
_SELF_ASKED = re.compile(
    r"(?P<ask>\b(?:how many|how much|what's (?:our|the)|our) )?"
    r"(?P<what>\b(?:revenue|sales|turnover|arr|mrr|PEOPLE|headcount|team|size))\? (?=NUM)"
)
_RETRACTED = (
    r"(?P<noun>(?:[ -]?(?!no |make |or |i |well |wait )\w+\b){1,2}?)?"
    r"[\s,.;:-]+\(?{retracts}(?:[\s,.;:-]+(?:{retracts}|{number_again})){0,6}[\s,.;:-]*"
)
_ANSWERED = r"\s?\?+\s+(?=(?:{})(?!\w))"
_TOPIC = r"(?:CRM|WEBSITE|CLOUD|CTO|CAIO|DEVS|STRATEGY)"
_ANSWERED_AFTER_COMMA = (
    rf"(?:(?<=[.!?;,=\n]) |(?<=\n)|^)(?:(?:regarding|and|but|so|an?|any|the|our|own|in-house) )*{_TOPIC}(?P<comma>,) "
    r"(?=(?:{no_after}|{yes_after})(?= ?(?:$|[.!;,\n])))"
)
_APPOSED = re.compile(
    r"\b(?:software|saas|app|platform|product|tool)(?P<comma>,) (?=an? (?:[\w-]+ ){0,2}AI(?:TOOL)?\b)"
)
_LABELLED = re.compile(
    r"\b(?:PEOPLE|headcount|team|staff|size|revenue|turnover|sales)(?P<dash> [-\u2013\u2014]) (?=NUM)"
)


@dataclass(frozen=True)
class NormalizedText:
    text: str
    quantities: dict[int, Quantity]  # by the position of their NUM in the text
    kinds: dict[int, str]  # kind of a name (kind, product, …) by the position of its tag


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    tag: str
    kind: str = ""
    quantity: Quantity | None = None


@cache
def _spelling() -> re.Pattern[str]:
    return re.compile(any_of(lexicon().spellings, literal=True).replace(r"(?<!\w)", "(?<![a-z])"))


@cache
def _fillers() -> re.Pattern[str]:
    return pattern(r"(,\s*)?{filler}(\s*,)?")


@cache
def _denied_twice() -> re.Pattern[str]:
    denials = any_of(lexicon().undenied, literal=True)
    return pattern(rf"{{denies_that}} (?P<before>[^.,;!?\n]{{0,60}}?)(?P<denial>{denials})")


@cache
def _never_without() -> re.Pattern[str]:
    """ "Nobody uses ChatGPT without a plan" says neither that they use it nor that there is no plan."""
    return re.compile(
        r"(?:n't|\b(?:never|not|nobody|no one|none of us))(?: (?!and\b|but\b|or\b|so\b)[\w'/-]+){1,5}?"
        r" without\b[^,.;!?\n]*"
    )


@cache
def _answered() -> re.Pattern[str]:
    cues = lexicon().cues
    return re.compile(_ANSWERED.replace("{}", f"{cues['no_after']}|{cues['yes_after']}"))


@cache
def _answered_in_brackets() -> re.Pattern[str]:
    return pattern(r" ?\(({no_after}|{yes_after})\)")


def plain(text: str) -> str:
    """Lower case, one kind of apostrophe and dash, usual spelling; a question answered at once becomes "crm = no"."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS].lower()
    text = re.sub(r"</?[a-z!][^<>]*>", " ", text)  # markup says nothing
    text = re.sub(r"[\u2018\u2019\u02bc\u00b4`]", "'", text)
    text = re.sub(r"[^\w\s]{12,}|[!-~]{80,}", " ", text)  # a wall of signs says nothing and is dear to read
    text = re.sub(r"[\u201c\u201d\"*_]", " ", text)
    text = re.sub(r"[^\S\n]+|[\x00-\x09\x0b-\x1f]", " ", text)
    text = re.sub(r"(?<=\d)(?=(?:ppl|people|person|employees|staff|ftes?)\b)", " ", text)
    text = _spelling().sub(lambda match: lexicon().spellings[match[0]], text)
    text = re.sub(r"(^|[.!?,;\n] ?)were (?=(?:a|an|about|around|\d+)\b)", r"\1we're ", text)
    text = re.sub(
        r"\bits (?=(?:a|an|about|around|roughly|like|just|less|more|over|under|not|only|\d+)\b)", "it's ", text
    )
    text = _fillers().sub(lambda match: ", " if bool(match[1]) != bool(match[2]) else " ", text)
    text = _denied_twice().sub(lambda match: match["before"] + lexicon().undenied[match["denial"]], text)
    text = _never_without().sub("", text)
    text = re.sub(r"(?:^|(?<=\s))\(?\d{1,2}\) ", ", ", text)  # "1) 22 people 2) no CTO"
    text = re.sub(r" {2,}", " ", text)
    text = _answered_in_brackets().sub(r" = \1", text)
    return _answered().sub(" = ", text).strip()


def _covered(text: str, spans: list[_Span]) -> str:
    """The text with spans that are already recognized masked; positions do not change."""
    for span in spans:
        text = text[: span.start] + _COVER * (span.end - span.start) + text[span.end :]
    return text


def _spans(text: str, years: bool) -> list[_Span]:
    spans = [_Span(name.start_char, name.end_char, name.label_, name.ent_id_) for name in names_in(text)]
    people = {span.start for span in spans if span.tag == "PEOPLE"}
    for tag, mask in _MASKS:
        spans += [_Span(*match.span(), tag) for match in re.finditer(mask, _covered(text, spans))]
    for match in _YEAR.finditer(_covered(text, spans)) if years else ():
        if match.end() + 1 not in people:
            spans.append(_Span(*match.span(), "YEAR"))
    for quantity in find_quantities(_covered(text, spans)):
        spans.append(_Span(quantity.start, quantity.end, "NUM", quantity=quantity))
    return sorted(spans, key=lambda span: span.start)


def _without_retractions(text: str, years: bool) -> tuple[str, list[_Span]]:
    """The text with the number that a speaker takes back left out: "40, no sorry 45 people" reads "45 people"."""
    spans = _spans(text, years)
    numbers = [(span, span.quantity) for span in spans if span.quantity]
    changed = False
    for (first, old), (second, new) in reversed(list(pairwise(numbers))):
        between = pattern(_RETRACTED).fullmatch(text, first.end, second.start)
        if between and (old.scaled == new.scaled or not between["noun"]):
            after = text[second.end :]
            noun = "" if re.match(r"[ -]\w", after) else between["noun"] or ""  # "50 employees, or rather 55"
            text, changed = text[: first.start] + text[second.start : second.end] + noun + after, True
    return text, _spans(text, years) if changed else spans


@lru_cache(maxsize=16)  # facts, the reply and what is named are read from the same message
def normalize(text: str, *, years: bool = True) -> NormalizedText:
    """Normalize a message of any length, script or content. With ``years=False``, 2000 counts as a number."""
    text, spans = _without_retractions(plain(text), years)
    written, position = "", 0
    quantities: dict[int, Quantity] = {}
    kinds: dict[int, str] = {}
    for span in spans:
        written += text[position : span.start]
        if span.quantity:
            quantities[len(written)] = span.quantity
        kinds[len(written)] = span.kind
        written += text[span.start : span.end] if span.tag == "OTHER" else span.tag
        position = span.end
        if span.quantity and text[position : position + 1].isalnum():
            written += " "
    return NormalizedText(_told(written + text[position:]), quantities, kinds)


def _told(text: str) -> str:
    """ "How many people? 33." is told as "people= 33", letter for letter as long, so that positions stay.

    So are "CRM, no.", "people - 33" and "an app, an AI tutor": what belongs together is not cut at the sign between."""
    text = re.sub(r"\b(CRM|WEBSITE|CLOUD)\? (?=\1\b)", r"\1= ", text)
    for signs, group in ((pattern(_ANSWERED_AFTER_COMMA), "comma"), (_APPOSED, "comma"), (_LABELLED, "dash")):
        for match in signs.finditer(text):
            start, end = match.span(group)
            text = f"{text[:start]}{'=':>{end - start}}{text[end:]}"
    return _SELF_ASKED.sub(lambda match: " " * len(match["ask"] or "") + match["what"] + "= ", text)
