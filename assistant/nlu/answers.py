"""Answers, read in the light of the question that they answer: "yes", "just the website", "4 million"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from advisor.fields import DECLINED, UNANSWERED, UNKNOWN, yes_no_fields
from assistant.nlu.company_facts.figures import UNCLEAR, Revenue
from assistant.nlu.company_facts.heard import Clause, Heard
from assistant.nlu.company_facts.reader import LEAST, LEAST_DOUBTFUL, Answer, read_answer
from assistant.nlu.company_facts.replies import ends_telling

Answers = dict[str, Any]
"""Field -> value, unknown or declined, as slots hold them."""

LEFT_OPEN = {"dont_know": UNKNOWN, "rather_not_say": DECLINED, "skip": UNKNOWN}
"""Intents that leave a question open, and what its fields are then."""

_YES_OR_NO = {"affirm": True, "deny": False}
_SHORT = 12  # words: a longer message that states an amount says itself what it is
_SHORTEST_QUOTE, _LONGEST_QUOTE = 4, 10  # words
_JOINED = re.compile(r"^(?:(?:and|but|so|also|plus|because) )+", re.I)
_NO_SUBJECT = re.compile(r"(?:have|has|need|needs|is|are|do|does|don't|doesn't|use|uses)\b", re.I)
_PERSONAL = re.compile(r"@|\d{3}.?\d{3}")  # an e-mail address or a phone number


class Reply:
    """A message that may answer a question; it is read once for each question that it may answer."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        """Take what the company extractor stored; a forged payload, which holds something else, answers nothing."""
        self.intent: str | None = stored.get("intent")
        self._read: dict[tuple[tuple[str, ...], float], Answer] = {}
        try:
            self._heard = Heard.of_json(stored)
        except (KeyError, TypeError, ValueError):
            self._heard = Heard("", ())

    def answers(self, intent: str, fields: Sequence[str], *, doubtful: bool) -> Answers:
        """The answers to the open fields of a question; empty if the reply does not fit it.

        Args:
            intent: of the message.
            fields: the fields that the question asks for and that are open.
            doubtful: whether the message may be something else than an answer.
        """
        told = self._facts(fields, LEAST_DOUBTFUL if doubtful else LEAST)
        answers = {field: value for field, value in told.items() if field in fields and value != UNCLEAR}
        if not answers and intent in LEFT_OPEN:
            return dict.fromkeys(fields, LEFT_OPEN[intent])
        agrees = intent in _YES_OR_NO and not ends_telling(self._heard.text)
        if not answers and agrees and len(fields) == 1 and fields[0] in yes_no_fields():
            return {fields[0]: _YES_OR_NO[intent]}  # "yes, that's right"
        return answers

    def beside(self, fields: Sequence[str]) -> Answers:
        """What the reply states of fields that its question, which asks for ``fields``, does not ask for."""
        told = self._facts(fields)
        return {one: value for one, value in told.items() if one not in fields and value not in (UNCLEAR, *UNANSWERED)}

    def corrected_revenue(self, answers: Answers) -> Answers:
        """An amount of money where none is asked for: it can only mean the revenue that was given before."""
        if "revenue_band" not in answers or len(self._heard.text.split()) > _SHORT:
            return {}
        band = self._facts(("revenue_band",)).get("revenue_band", UNCLEAR)
        return {"revenue_band": band} if band not in (UNCLEAR, UNKNOWN, DECLINED) else {}

    @property
    def revenue(self) -> Revenue | None:
        """The revenue that the message states, as said, or that it gives to the question for it."""
        return self._answer(()).revenue or self._answer(("revenue_band",)).revenue

    def unread(self, fields: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
        """The parts that state something of the company which was not understood, and is not known otherwise."""
        parts = self._answer(fields).unread
        return tuple(_JOINED.sub("", words).strip(" .") for words, name in parts.items() if name not in known)

    def words_for(self, fields: Sequence[str]) -> dict[str, str]:
        """The words that state each fact, where they say more than the fact and can be quoted."""
        quotable = {field: _JOINED.sub("", words).strip(" .,;:-") for field, words in self.stated_in(fields).items()}
        return {
            field: words
            for field, words in quotable.items()
            if _SHORTEST_QUOTE <= len(words.split()) <= _LONGEST_QUOTE
            and not (_PERSONAL.search(words) or _NO_SUBJECT.match(words))
        }

    def stated_in(self, fields: Sequence[str]) -> Mapping[str, str]:
        """The words that state each fact, as they were read."""
        return self._answer(fields).stated_in

    def touching(self, field: str) -> tuple[float, str]:
        """How likely any words say something of a field (0 to 1), whether it was understood or not, and the words."""
        about = [(_likely(clause, field), clause.text) for clause in self._heard.clauses if not clause.question]
        return max(about, default=(0.0, ""))

    def sure(self, field: str, words: str) -> float:
        """How likely these words say something of a field, from 0 to 1; 1 where that is not a matter of likelihood."""
        return (
            max((_likely(clause, field) for clause in self._heard.clauses if clause.text == words), default=0.0) or 1.0
        )

    def _facts(self, fields: Sequence[str], least: float = LEAST) -> Mapping[str, Any]:
        return self._answer(fields, least).facts

    def _answer(self, fields: Sequence[str], least: float = LEAST) -> Answer:
        key = (tuple(fields), least)
        if key not in self._read:
            self._read[key] = read_answer(self._heard, fields, least)
        return self._read[key]


def _likely(clause: Clause, field: str) -> float:
    return sum(likely for label, likely in clause.likely.items() if label.startswith(f"{field}="))
