"""The questions that were asked and had no answer: the firm owes it to the prospect."""

from __future__ import annotations

import re

from actions.turn import asks_something
from assistant.briefing.case import Case
from assistant.briefing.sentences import fitting, sentences
from assistant.dossier import Asked, Quote

_LONGEST = 30  # words
_ANSWERS_ITSELF = 3  # words
_NUMBER = re.compile(r"[\W\d]+")
_REQUESTS = re.compile(
    r"^(?:please |pls )?(?:show|send|give|tell|explain|name|list|compare|describe)\b",
    re.I,
)


def owed(case: Case) -> list[Quote]:
    """What was asked and had no answer, the newest first, in whole sentences."""
    if case.withheld:
        return []
    found = [one for one in reversed(case.dossier.asked) if one.text and _had_no_answer(one) and not one.gives_contact]
    quotes = [Quote(_question(case, one), one.event) for one in found]
    return [one for one in quotes if one.words]


def _had_no_answer(one: Asked) -> bool:
    is_lost = one.intent == "nlu_fallback" and not one.replies or not one.understood
    return is_request(one.text) and (not one.answered or (is_lost and not one.topics))


def is_request(text: str) -> bool:
    """Whether a message asks for something, and does not only tell something."""
    return any(_is_question(one) or _REQUESTS.search(one) for one in sentences(text))


def _question(case: Case, one: Asked) -> str:
    """A message that can be read whole, or the questions of a long one; nothing if it answers them itself."""
    said = [sentence for sentence in sentences(one.text) if Quote(sentence, one.event) not in case.terms]
    asked = questions_in(said)
    if not asked:
        return "" if any(map(asks_something, said)) else fitting(" ".join(said), _LONGEST)
    whole = " ".join(said)
    return whole if len(whole.split()) <= _LONGEST else fitting(" ".join(asked), _LONGEST)


def questions_in(said: list[str]) -> list[str]:
    """The sentences that are questions to us: not "Who's accountable? Nobody."."""
    return [one for one, then in zip(said, [*said[1:], ""], strict=False) if _is_question(one) and not _settles(then)]


def _is_question(sentence: str) -> bool:
    """Whether a sentence asks something; "3?" is an answer."""
    return asks_something(sentence) and _NUMBER.fullmatch(sentence) is None


def _settles(then: str) -> bool:
    """Whether a sentence answers the question before it."""
    return 0 < len(then.split()) <= _ANSWERS_ITSELF and not asks_something(then)
