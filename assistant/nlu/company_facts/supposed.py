"""What a "what if" supposes: "what if we had a CTO?" is read as if it were so."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from advisor.fields import UNANSWERED
from assistant.nlu.company_facts.clauses import sentences_of
from assistant.nlu.company_facts.figures import UNCLEAR
from assistant.nlu.company_facts.heard import Clause, Heard, Sentence
from assistant.nlu.company_facts.model import CompanyModel
from assistant.nlu.company_facts.plain_text import plain_text
from assistant.nlu.company_facts.reader import read_answer

_LEAD = re.compile(
    r"^.*?\b(?:what if|if|suppos(?:e|ing)(?: that)?|imagine(?: that)?|assum(?:e|ing)(?: that)?|let's say|say|and with|with)\b",
    re.I | re.S,
)
_ASKED = re.compile(
    r",? (?:would|what (?:would|then|changes|happens)|does|do you|how|which|who|then what)\b.*$", re.I | re.S
)
_STATED = (
    (
        re.compile(
            r"\b(we|i) (?:decided?|chose|choose|plan(?:ned)?|want(?:ed)?|start(?:ed)?|beg[ai]n|were|are going)"
            r"(?: (?:next|this) \w+| later| one day| someday)? to ",
            re.I,
        ),
        r"\1 ",
    ),
    (
        re.compile(r"\b(?:we|i) (?:had|have had|were to have|got|hired|get|hire)\b", re.I),
        "we have",
    ),
    (
        re.compile(
            r"\b(?:we|i) (?:grow|grew|doubled?|tripled?|shr[iau]nk|reach(?:ed)?|hit|go|get) (?:to |past )?(?=\W?\d)",
            re.I,
        ),
        "we are at ",
    ),
    (re.compile(r"\bdidn't\b", re.I), "don't"),
    (re.compile(r"\b(?:we|i) (?:were|was)\b", re.I), "we are"),
    (re.compile(r"\b(?:did|made)\b", re.I), "do"),
    (re.compile(r"\bwould(?:n't)? |\bcould \b", re.I), ""),
)


def read_hypothetical(text: str, model: CompanyModel) -> dict[str, Any]:
    """The fields that a message supposes; empty if it supposes nothing about the company."""
    part = _ASKED.sub("", _LEAD.sub("", plain_text(text), count=1)).strip(" ?.,")
    for pattern, meant in _STATED:
        part = pattern.sub(meant, part)
    if not part:
        return {}
    sentences = [
        Sentence(_as_stated(one.whole, model), tuple(_as_stated(clause, model) for clause in one.clauses))
        for one in sentences_of(part)
    ]
    facts = read_answer(Heard(part, sentences), (), supposed=True).facts
    return {name: value for name, value in facts.items() if value not in (UNCLEAR, *UNANSWERED)}


def _as_stated(clause: Clause, model: CompanyModel) -> Clause:
    return replace(
        clause,
        question=False,
        supposed=False,
        wished=False,
        past=False,
        own=True,
        likely=dict(model.statements.predict(clause.text)),
    )
