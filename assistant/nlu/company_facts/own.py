"""What a message says of the writer's own company, and the figures in it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.nlu.company_facts.classifier import NOTHING
from assistant.nlu.company_facts.figures import Revenue, count_in, headcount_in, initiatives_in, revenue_in
from assistant.nlu.company_facts.heard import Clause, Heard
from assistant.nlu.company_facts.names import trade_in
from assistant.nlu.company_facts.reply_model import A_NUMBER

_BARE = 4  # words: a bare number answers the question for one
_COUNTED = 7  # words: a longer clause that tells nothing counts nothing either
_SILENT, _MUTE = 0.6, 0.9  # probability of nothing, above which a clause counts nothing
_COUNTING = 0.9  # probability that a reply as a whole gives a number, above which all of its clauses count
_PLAIN = re.compile(r"[\w\s.,+~'-]+")


@dataclass(frozen=True)
class Figures:
    """The amounts in what is said of this company, and the facts that they come to."""

    people: tuple[float, float] | None
    revenue: Revenue | None
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, heard: Heard, asked: Sequence[str], *, describes: bool = False) -> Figures:
        """Read them in the light of a question, or in a message that is known to describe the company."""
        facts: dict[str, Any] = {}
        stated = _own_words(heard, asked, described=describes)
        revenue = revenue_in(stated, asked="revenue_band" in asked, described=describes)
        if revenue is not None:
            facts["revenue_band"] = revenue.band
        people = headcount_in(stated, heard.text)
        if people and people[1] in (people[0], math.inf) and not (asked and people[0] < 3):
            facts["headcount"] = int(people[0])
        if "ai_initiatives" in asked:
            counts_all = heard.as_reply.get("ai_initiatives", {}).get(A_NUMBER, 0.0) > _COUNTING
            count = count_in(_own_words(heard, asked, (lambda _: True) if counts_all else _counts))
            if count is not None:
                facts["ai_initiatives"] = count
                if facts.get("headcount") == count:
                    del facts["headcount"]
        elif (count := initiatives_in(stated)) is not None:
            facts["ai_initiatives"] = count
        return cls(people, revenue, facts)


def is_own(heard: Heard) -> bool:
    """Whether a message speaks of the writer's company: "we are …", or, without a subject, "law firm, 40 people"."""
    if _says_we(heard):
        return True
    clauses = heard.clauses
    stated = "; ".join(clause.text for clause in clauses if not clause.question)
    if any(clause.foreign or clause.supposed for clause in clauses):
        return False
    if revenue_in(stated, asked=False) is not None:
        return True
    has_amount = revenue_in(stated, asked=True) is not None
    if has_amount and (trade_in(stated, asked=False) or any(map(_names_a_trade, clauses))):
        return True
    introduces = any(map(_names_a_trade, clauses[:1])) and not any(clause.question for clause in clauses)
    return len(clauses) > 1 and (headcount_in(stated) is not None or (len(clauses) > 2 and (has_amount or introduces)))


def _names_a_trade(clause: Clause) -> bool:
    return sum(clause.likely.get(f"business={kind}", 0.0) for kind in ("service", "other")) > _SILENT


def _says_we(heard: Heard) -> bool:
    return any(clause.own for one in heard.sentences for clause in (one.whole, *one.clauses))


def _counts(clause: Clause) -> bool:
    nothing, words = clause.likely.get(NOTHING, 0.0), len(clause.text.split())
    bare = words <= _BARE and _PLAIN.fullmatch(clause.text) is not None
    return bare or nothing < _SILENT or (words < _COUNTED and nothing < _MUTE)


def _own_words(
    heard: Heard,
    asked: Sequence[str] = (),
    counts: Callable[[Clause], bool] = lambda clause: True,
    *,
    described: bool = False,
) -> str:
    """What is said of the writer's company, without questions, suppositions and other companies."""
    parts = [[part for part in one.clauses or (one.whole,) if not part.question] for one in heard.sentences]
    if not (asked or described or is_own(heard)):
        return ""
    told = []
    for one, clauses in zip(heard.sentences, parts, strict=True):
        ours = [part.text.strip(" .") for part in clauses if not part.foreign and not part.supposed and counts(part)]
        whole = len(ours) == len(one.clauses or (one.whole,))
        told += [one.whole.text.strip(" .")] if whole else ours
    return "; ".join(told)
