"""A dossier as the parts of a brief look at it: with the wording, and what the decision table makes of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from actions.company import Answers, company_of
from actions.wording import Wording
from advisor.advice import advise
from advisor.company import Company
from assistant.dossier import Asked, Dossier

_SAYS_SOMETHING = 3  # words
_DESCRIBES = 8  # words


@dataclass(frozen=True)
class Case:
    """A dossier, and what the decision table makes of it."""

    dossier: Dossier
    wording: Wording

    @property
    def withheld(self) -> bool:
        """Whether the firm may not see the answers."""
        return self.dossier.lead is not None and not self.dossier.lead.answers_included

    @cached_property
    def answers(self) -> Answers:
        """What the advice was given for; before there is one, what is known so far."""
        return self.dossier.verdict.inputs if self.dossier.verdict else self.dossier.answers

    @cached_property
    def company(self) -> Company:
        return company_of(self.answers)

    @cached_property
    def advice(self) -> Mapping[str, Any]:
        """The advice as it was given, or as it would be."""
        return self.dossier.verdict.output if self.dossier.verdict else advise(self.company).as_json()

    @property
    def decided(self) -> tuple[int, ...]:
        """The event with the verdict; without one, the last."""
        return (self.dossier.verdict.event if self.dossier.verdict else self.dossier.last,)

    @property
    def shown(self) -> tuple[int, ...]:
        """The event with the card of the verdict."""
        return (self.dossier.verdict.card_event,) if self.dossier.verdict else self.decided

    def card_items(self, response: str) -> list[Mapping[str, str]]:
        """The items of the section of the verdict with this title, as the visitor read them."""
        card = self.dossier.verdict.card if self.dossier.verdict else {}
        title = self.wording.text(response)
        return [item for section in card.get("sections", ()) if section["title"] == title for item in section["items"]]

    def told(self, names: Iterable[str]) -> tuple[int, ...]:
        """The events in which these fields were answered."""
        events = sorted({self.dossier.told[name] for name in names if name in self.dossier.told})
        return tuple(events) or self.decided

    @property
    def role(self) -> str:
        """The recommendation as colleagues say it to each other."""
        return self.role_in_words(self.advice["role"], self.advice["engagement"])

    def role_in_words(self, role: str, engagement: str | None) -> str:
        """A role with its terms."""
        terms = self.wording.text(f"utter_brief_terms_{engagement}") if engagement else ""
        return ", ".join(filter(None, [self.wording.text(f"utter_brief_role_{role}"), terms]))

    @cached_property
    def descriptions(self) -> list[Asked]:
        """The messages in which the visitor tells of the company at some length."""
        telling = {*self.dossier.told.values(), *(quote.event for quote in self.dossier.quotes.values())}
        return [
            one
            for one in self.dossier.asked
            if one.typed and one.event in telling and len(one.text.split()) >= _DESCRIBES and not one.replies
        ]


def says_something(words: str) -> bool:
    """Whether this is enough to be quoted."""
    return len(words.split()) >= _SAYS_SOMETHING
