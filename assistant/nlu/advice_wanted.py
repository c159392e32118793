"""Whether a message asks for the recommendation, whatever question its words resemble."""

from __future__ import annotations

import re

ADVICE, VERDICT = "ask_for_advice", "ask_verdict_now"
WHICH_FIRST = ("faq/need", "faq/first")
ON_TERMS = ("faq/mode", "faq/when_full_time")
_DIFFERENCE = "faq/difference"
_TELLING = 2  # facts that a description states at least
_CHOICE = re.compile(
    r"(?:^|[.,;!] |first|us|we|need)[\s:,]*(?:an? )?(?:cto|caio|ai officer)"
    r" or (?:an? |the )?(?:cto|caio|ai officer)(?:\W*$|[?!.]|,? and\b)",
    re.I,
)
_EITHER = r"(?:an? )?(?:cto|caio|ai officer)"
_LISTED = re.compile(rf"\b{_EITHER}[,/] ?(?:or )?{_EITHER},? (?:or )?(?:both|neither|none)\b", re.I)
"""All that may come of it: "So: CAIO, CTO, both, neither?"."""
_BEGINS_WITH_IT = re.compile(
    r"(?:^|[.,;!?\n] ?)(?:(?:so|ok|okay|and|then|alright|well|fine|right)[ ,]+)*"
    r"(?:(?:what(?:'s| is) )?your (?:verdict|recommendation|call)(?: then| now)?[?.!]"
    r"|(?:(?:can|could|would|will) you )?(?:please )?(?:just )?(?:give|tell) (?:me|us) (?:your|the|a) "
    r"(?:verdict|recommendation)"
    r"|what (?:would you do|(?:would|do) you (?:recommend|advise|suggest))"
    r"(?: (?:us|here|in our (?:place|shoes|position)))?(?:[?.!]|, and\b))"
    rf"|(?:^|[.;!?\n] ?)(?:so|ok|okay|well|then),? {_EITHER} or {_EITHER}\?",
    re.I,
)
"""A sentence that begins with it: "so, your verdict? Do we hire someone or leave it with her?"."""
_ENDS_WITH_IT = re.compile(
    r"[.,;!?\n]\s*(?:so|ok|so what|well|just tell me|(?:(?:what(?:'s| is)|give me|let's hear) )?"
    r"your (?:verdict|call|view|recommendation)|what (?:do|would) you (?:say|recommend|advise))"
    r"(?: (?:please|now|then|for us))?[ .!?]*$",
    re.I,
)
"""How a description ends that wants no more questions."""
_OUTRIGHT = re.compile(r"verdict|your recommendation|recommend\b|advise\b", re.I)
"""Words for it that need no description: "do I replace her, or what? Give me your recommendation"."""
_OF_THE_HIRE = re.compile(
    r"\byour (?:verdict|recommendation|advice)\b|\b(?:do|would) you (?:recommend|advise|suggest)\b"
    r"|\b(?:my|our) first hire\b|\b(?:who|whom|what|which)(?: one)? (?:should|do) (?:we|i) (?:hire|need|get)\b",
    re.I,
)
"""How a question on the terms asks for it: "what's your recommendation, and full or part time?"."""
_OF_ANY_COMPANY = re.compile(
    r"\b(?:does|do|should|would|when is|at what point does) (?:an?|any|every|each|most|some) (?:[\w-]+ ){0,2}?"
    r"(?:company|companies|business|businesses|firm|firms|startup|startups|agency|agencies)\b",
    re.I,
)
"""Asks of companies in general: "at what point does a portfolio company need both?"."""
_WHICH_BESIDES = re.compile(r"\b(?:which one|who first|cto or caio|caio or cto),? and\b", re.I)


def advice_wanted(text: str, topic: str | None, stated: int) -> str | None:
    """The intent of a message that asks for the recommendation; None of any other.

    Args:
        text: the message.
        topic: what it seems to ask, without role and engagement.
        stated: how many facts about the company it states.
    """
    a_choice = topic == _DIFFERENCE or (stated and topic in (None, *WHICH_FIRST))
    if (a_choice and _CHOICE.search(text)) or (stated and _LISTED.search(text)):  # "building an app. cto or caio?"
        return ADVICE
    if _BEGINS_WITH_IT.search(text):
        return VERDICT
    if topic in ON_TERMS and _OF_THE_HIRE.search(text):
        return ADVICE
    if stated and topic in WHICH_FIRST and not _OF_ANY_COMPANY.search(text):  # "bakery, 3 million, do we need a CTO?"
        return ADVICE
    ending = _ENDS_WITH_IT.search(text)
    return VERDICT if ending and (stated >= _TELLING or _OUTRIGHT.search(ending[0])) else None


def asks_which_besides(text: str) -> bool:
    """Whether a question asks for it beside another one: "which one, and does that person handle HIPAA?"."""
    return _WHICH_BESIDES.search(text) is not None
