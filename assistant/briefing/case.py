"""A dossier as the parts of a brief look at it: with the wording, and what the decision table makes of the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from actions.advice import UNSETTLED
from actions.company import Answers, briefs, company_of
from actions.turn import asks_something
from actions.wording import Wording
from advisor.advice import advise
from advisor.company import Company
from assistant.briefing.left_out import left_out_of, only_sends
from assistant.briefing.reaching import holds_details, role_in, terms_in, times_in
from assistant.briefing.sentences import OF_THEMSELVES, about_them, sentence_with, sentences
from assistant.contacts.contact import Contact
from assistant.dossier import Asked, Dossier, Quote

_SAYS_SOMETHING = 3  # words
_LONGEST_SENTENCE = 22  # words; of a longer one the clause alone is quoted
_NO_TERMS = "NOT_COVERED"
_UNSURE = 0.5  # that an amount is the revenue if its sentence does not say so; of words whose certainty is not known
_MONEY = re.compile(r"[$€£]|\d ?(?:k|m|mm|million|billion)\b|\brevenue\b|\barr\b", re.I)
_REVENUE = re.compile(r"\b(?:revenues?|sales|turnover|arr)\b", re.I)
_IN_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {str(number): word for number, word in enumerate(_IN_WORDS)}
_TO_TALK = re.compile(r"\b(?:call|chat|talk|speak|contact|reach)\b", re.I)
_JOINED = re.compile(r"^(?:and|but|so|also) ", re.I)


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

    def words(self, name: str) -> Quote | None:
        """What an answer was read from: the whole sentence, or its clause if that is long; None after a button."""
        event = self.dossier.told.get(name)
        message = next((one for one in self.dossier.asked if one.event == event and one.typed), None)
        if message is None or self.answers.get(name) != self.dossier.answers.get(name):
            return None
        quoted = self.dossier.quotes.get(name)
        read = self.dossier.words.get(name) or (quoted and replace(quoted, sure=_UNSURE))
        if read and read.event == event:
            sentence = sentence_with(message.text, read.words)
            clause = _JOINED.sub("", read.words.rstrip("."))
            is_clause = clause in sentence and says_something(clause)  # the reader corrects the spelling
            return replace(read, words=clause if is_clause and len(sentence.split()) > _LONGEST_SENTENCE else sentence)
        return self._amount(name, message)

    def _amount(self, name: str, message: Asked) -> Quote | None:
        """The sentence with an amount, which the reader finds without saying where."""
        value = str(self.answers[name])
        signs = {
            "revenue_band": _MONEY,
            "headcount": re.compile(rf"\b(?:{value}|{_NUMBERS.get(value, value)})\b", re.I),
        }
        found = [one for one in sentences(message.text) if name in signs and signs[name].search(one)]
        return Quote(found[0], message.event, 1.0 if _REVENUE.search(found[0]) else _UNSURE) if found else None

    def fact(self, name: str) -> str:
        """What was noted, in words."""
        return about_them(", ".join(briefs(self.wording, {name: self.answers[name]})))

    def touching(self, name: str) -> Quote | None:
        """What the visitor wrote about a field of which nothing is known, as the whole sentence."""
        held = self.dossier.touched.get(name)
        if held is None:
            return None
        message = next(one for one in self.dossier.asked if one.event == held.event)
        sentence = sentence_with(message.text, held.words)
        return Quote(sentence, held.event) if says_something(sentence) else None

    @cached_property
    def wishes_for_contact(self) -> list[Asked]:
        """The messages in which the visitor asked for the call at some length, up to the consent."""
        lead = self.dossier.lead
        if lead is None:
            return []
        return [one for one in self.dossier.asked if _wishes_for_contact(one) and one.at <= lead.consented]

    @cached_property
    def terms(self) -> list[Quote]:
        """What says how, when or with whom to talk, and what to leave out."""
        lead = self.dossier.lead
        if lead is None or self.withheld:
            return []
        left_out = [Quote(one.text, one.event) for one in self.dossier.asked if only_sends(one) and left_out_of(one)]
        said = [Quote(said, one.event) for one in self.dossier.asked for said in terms_in(one, lead.contact)]
        return [*said, *(one for one in left_out if one not in said)]

    @cached_property
    def when(self) -> Quote | None:
        """When to call, in the words beside the contact details."""
        lead = self.dossier.lead
        if lead is None or self.withheld:
            return None
        found = [Quote(said, one.event) for one in self.dossier.asked if (said := times_in(one, lead.contact))]
        return found[-1] if found else None

    @cached_property
    def signature(self) -> Quote | None:
        """What the visitor is: "Jane Miller, CFO" beside the contact details, or "I'm the CFO"."""
        lead = self.dossier.lead
        if lead is None or self.withheld:
            return None
        found = [Quote(said, one.event) for one in self.dossier.asked if (said := role_in(one, lead.contact))]
        return next((one for one in reversed(found) if one not in self.terms), None)

    @property
    def role(self) -> str:
        """The recommendation as colleagues say it to each other."""
        role = self.advice["role"]
        return self.role_in_words(role, None if role in UNSETTLED else self.advice["engagement"])

    def role_in_words(self, role: str, engagement: str | None) -> str:
        """A role with its terms."""
        terms = self.wording.text(f"utter_brief_terms_{engagement}") if engagement else ""
        return ", ".join(filter(None, [self.wording.text(f"utter_brief_role_{role}"), terms]))

    def turned_to(self, role: str, engagement: str | None) -> str:
        """Another role, with its terms if there are any."""
        return self.role_in_words(role, None if engagement == _NO_TERMS else engagement)

    @cached_property
    def statements(self) -> list[Quote]:
        """The sentences in which the visitor states something, without what is about the contact."""
        return [
            Quote(sentence, one.event)
            for one in self.dossier.asked
            if one.typed and not only_sends(one)
            for sentence in sentences(one.text)
            if says_something(sentence) and not asks_something(sentence) and not self.is_about_contact(one, sentence)
        ]

    def is_about_contact(self, one: Asked, sentence: str) -> bool:
        """Whether a sentence holds contact details, only asks for the call, or says how, when or with whom to talk."""
        contact = self.dossier.lead.contact if self.dossier.lead else Contact()
        is_beside = one.gives_contact and _TO_TALK.search(sentence) and not OF_THEMSELVES.search(sentence)
        has_details = one.gives_contact and holds_details(sentence, contact)
        return bool(is_beside) or has_details or Quote(sentence, one.event) in self.terms


def says_something(words: str) -> bool:
    """Whether this is enough to be quoted."""
    return len(words.split()) >= _SAYS_SOMETHING


def _wishes_for_contact(one: Asked) -> bool:
    return one.gives_contact and says_something(one.text)
