"""Answers, read in the light of the question that they answer: "yes", "just the website", "4 million"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from advisor.fields import DECLINED, UNANSWERED, UNKNOWN, yes_no_fields
from assistant.nlu.company_facts.figures import UNCLEAR
from assistant.nlu.company_facts.heard import Heard
from assistant.nlu.company_facts.reader import LEAST, LEAST_DOUBTFUL, read_answer

Answers = dict[str, Any]
"""Field -> value, unknown or declined, as slots hold them."""

LEFT_OPEN = {"dont_know": UNKNOWN, "rather_not_say": DECLINED, "skip": UNKNOWN}
"""Intents that leave a question open, and what its fields are then."""

_YES_OR_NO = {"affirm": True, "deny": False}
_SHORTEST_QUOTE, _LONGEST_QUOTE = 4, 10  # words
_PERSONAL = re.compile(r"@|\d{3}.?\d{3}")  # an e-mail address or a phone number
_SHORT = 12  # words: a longer message that states an amount says itself what it is


def answers_in_reply(intent: str, reply: Mapping[str, Any], fields: Sequence[str], *, doubtful: bool) -> Answers:
    """The answers to the open fields of a question; empty if the reply does not fit it.

    Args:
        intent: of the message.
        reply: the message as it was heard, see ``assistant.nlu.company_facts.heard``.
        fields: the fields that the question asks for and that are open.
        doubtful: whether the message may be something else than an answer.
    """
    heard = _heard(reply)
    told = {} if heard is None else read_answer(heard, fields, LEAST_DOUBTFUL if doubtful else LEAST).facts
    answers = {field: value for field, value in told.items() if field in fields and value != UNCLEAR}
    if not answers and intent in LEFT_OPEN:
        return dict.fromkeys(fields, LEFT_OPEN[intent])
    if not answers and intent in _YES_OR_NO and len(fields) == 1 and fields[0] in yes_no_fields():
        return {fields[0]: _YES_OR_NO[intent]}  # "yes, that's right"
    return answers


def told_beside(reply: Mapping[str, Any], fields: Sequence[str]) -> Answers:
    """What a reply states of fields that its question does not ask for.

    Args:
        reply: the message as it was heard.
        fields: the open fields of the question that is open.
    """
    heard = _heard(reply)
    told = {} if heard is None else read_answer(heard, fields).facts
    return {
        field: value for field, value in told.items() if field not in fields and value not in (UNCLEAR, *UNANSWERED)
    }


def corrected_revenue(reply: Mapping[str, Any], answers: Answers) -> Answers:
    """An amount of money where none is asked for: it can only mean the revenue that was given before."""
    heard = _heard(reply)
    if heard is None or "revenue_band" not in answers or len(heard.text.split()) > _SHORT:
        return {}
    band = read_answer(heard, ("revenue_band",)).facts.get("revenue_band", UNCLEAR)
    return {"revenue_band": band} if band not in (UNCLEAR, UNKNOWN, DECLINED) else {}


def unread(reply: Mapping[str, Any], fields: Sequence[str]) -> tuple[str, ...]:
    """The parts of a message that state something of the company which was not understood.

    Args:
        reply: the message as it was heard.
        fields: the open fields of the question that is open, if one is.
    """
    heard = _heard(reply)
    return () if heard is None else read_answer(heard, fields).unread


def words_for(reply: Mapping[str, Any], fields: Sequence[str]) -> dict[str, str]:
    """The words in which a message states facts, by field, where they say more than the fact and can be quoted.

    Args:
        reply: the message as it was heard.
        fields: the open fields of the question that is open, if one is.
    """
    heard = _heard(reply)
    stated_in = {} if heard is None else read_answer(heard, fields).stated_in
    quotable = {field: words.strip(" .,;:-") for field, words in stated_in.items()}
    return {
        field: words
        for field, words in quotable.items()
        if _SHORTEST_QUOTE <= len(words.split()) <= _LONGEST_QUOTE and not _PERSONAL.search(words)
    }


def _heard(reply: Mapping[str, Any]) -> Heard | None:
    """The message as it was heard; None where a forged payload holds something else."""
    try:
        return Heard.of_json(reply)
    except (KeyError, TypeError, ValueError):
        return None
