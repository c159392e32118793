"""What visitors call their company and its revenue, to be said back as they put it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.company import Answers
from actions.wording import Wording
from assistant.nlu.answers import Reply
from assistant.nlu.company_facts.figures import Revenue

_KIND = (
    r"(?:agency|association|bakery|brewery|broker(?:age)?|builder|business|chain|charity|clinic|company|consultancy"
    r"|contractor|dealer(?:ship)?|distributor|farm|firm|foundation|group|gym|hotel|lab|maker|manufacturer|nonprofit|office"
    r"|operator|practice|producer|provider|publisher|restaurant|retailer|salon|school|shop|startup|store|studio|supplier"
    r"|wholesaler|winery)"
)
_WE_ARE = re.compile(
    r"\b(?:(?:we|i)(?:'re|’re| are|'m| run| own| have)|this is) (?:an?|our) "
    rf"(?P<what>(?:(?:\d[\d,]*[ -]?(?:person|people|employee|man|seat)|[^\W\d][\w&'’/-]*) ){{0,4}}?{_KIND})\b",
    re.I,
)
_COUNT = re.compile(r"^(?:\d[\d,]*[ -]?(?:person|people|employee|man|seat) )")
_VOWEL = re.compile(r"[aeio]|u(?!ni|se)|[FHLMNRSX][A-Z]")  # as it sounds: "an HR firm"
_YEARLY = (None, "year")
_DOLLARS = (None, "USD")
_ABOUT = 1.2  # times: a span that is one amount, said roughly
_LONGEST = 5  # words of a name that is worth repeating


@dataclass(frozen=True)
class OwnWords:
    """What the visitor calls things, by field: as a clause, and as the item of a list."""

    clauses: dict[str, str]
    briefs: dict[str, str]

    @classmethod
    def of(cls, wording: Wording, text: str, reply: Reply, new: Answers) -> OwnWords:
        """Take them from a message.

        Args:
            wording: the wording.
            text: the message as typed.
            reply: the same as it was read.
            new: the facts of the message.
        """
        said = {"business": _company(text), "revenue_band": _amount(reply.revenue, str(new.get("revenue_band")))}
        known = {field: words for field, words in said.items() if words and field in new}
        return cls(
            {field: wording.text(f"utter_{field}_said", said=words) for field, words in known.items()},
            {field: wording.text(f"utter_brief_{field}_said", said=words) for field, words in known.items()},
        )


def _company(text: str) -> str:
    """What a message calls the company, with its article: "an accounting firm"."""
    found = _WE_ARE.search(text)
    what = _COUNT.sub("", found["what"]) if found else ""
    if " " not in what or len(what.split()) > _LONGEST:
        return ""
    return f"{'an' if _VOWEL.match(what) else 'a'} {what}"


def _amount(revenue: Revenue | None, band: str) -> str:
    """Yearly revenue in dollars, in short: "$4M", "$3M to $4M", "over $60M"."""
    if revenue is None or revenue.period not in _YEARLY or revenue.currency not in _DOLLARS or revenue.band != band:
        return ""
    low, high = _in_short(revenue.low), _in_short(revenue.high)
    if low and high and low != high and revenue.high <= revenue.low * _ABOUT:  # "a bit over 3 million"
        return f"about {low}"
    return low if low == high else f"over {low}" if not high else f"{low} to {high}" if revenue.low else f"under {high}"


def _in_short(amount: float) -> str:
    """An amount of dollars, to three digits; empty for one without a bound."""
    for size, unit in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if size <= amount < float("inf"):
            return f"${amount / size:.3g}{unit}"
    return ""
