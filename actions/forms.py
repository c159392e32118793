"""The forms of the interview: each asks the questions of its part, and reads what comes as an answer."""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import replace

from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.acknowledgement import record_facts
from actions.advice import is_settled, so_far
from actions.company import Answers, clauses, company_of
from actions.faq import answer_topics
from actions.history import REQUESTED_SLOT
from actions.interview import asked_before, likely_left, next_question, open_now, ready_now, reason_of, response_of
from actions.misses import say_missed
from actions.summary import summary, summary_card
from actions.turn import CONFIRMED, REVISITED, Events, Turn, TurnAction, asks_something
from actions.wording import uncapitalized
from advisor.decision import contradictions
from advisor.fields import UNANSWERED, UNKNOWN
from advisor.interview import Question, question_of
from assistant.nlu.answers import LEFT_OPEN

ANSWERING = {
    "answer", "choose", "affirm", "deny", "dont_know", "rather_not_say", "skip",
    "inform_company_size", "inform_tech_stack", "inform_ai_plans",
}  # fmt: skip
"""Intents that can only be meant as an answer while a question is open."""

OPEN_TO_FACTS = {
    *("faq", "not_in_article", "ask_for_advice", "nlu_fallback", "out_of_scope"),
    *("greet", "thank", "help", "complain", "change_answer"),
}
"""Intents that a message which states facts may be taken for; others ask for something of their own."""


_QUESTIONS = ("faq", "not_in_article", "ask_for_advice")
_FEW = 3  # words
_TOUCHED = 0.5  # probability that a message is about a field
_PATIENCE = 2  # times that a question is asked before another one, of those who tell other things
_ANNOUNCES_CORRECTION = re.compile(
    r"\b(?:(?:have|need|want) to correct|correct (?:something|myself|one thing)|a correction|my mistake|i misspoke"
    r"|i (?:got|had) (?:that|something|it) wrong)\b",
    re.I,
)
_INTERJECTION = re.compile(r"(?:all ?right|ok(?:ay)?|right|fine|great|good|cool|got it|thanks)\b(?!.*\d)", re.I | re.S)


class _Form(TurnAction):
    """What all forms share: record the answer, or leave a message that is not one to the rules."""

    @property
    @abstractmethod
    def part(self) -> str:
        """The part of the interview, as in advisor/interview.yml."""

    def name(self) -> str:
        return f"validate_{self.part}_form"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        answers = turn.answers
        events: Events = []
        given: Answers = {}
        told = False
        if turn.requested and _is_a_reply(turn):
            given = self.read(turn, turn.requested)
            beside = self.beside(turn, turn.requested) if turn.intent in ANSWERING | OPEN_TO_FACTS else {}
            touched = _touched(turn)
            tells = touched or (turn.stated and turn.intent in OPEN_TO_FACTS)
            lost = not (given or beside or turn.stated) and _ANNOUNCES_CORRECTION.search(turn.text) is not None
            if not (given or beside or tells or lost or _is_an_attempt(turn)):
                return [ActionExecutionRejected(f"{self.part}_form")]
            if given and turn.reply_intent in LEFT_OPEN and set(given.values()) <= UNANSWERED:
                dispatcher.utter_message(text=turn.wording.text(f"utter_left_open_{turn.reply_intent}"))
            if given and turn.intent == "ask_why":  # "why do you want to know? I'd rather not say"
                dispatcher.utter_message(text=turn.wording.text(reason_of(turn.wording, question_of(turn.requested))))
            told = not turn.by_button and bool(given or beside or turn.stated)
            facts = {**beside, **{field: value for field, value in given.items() if field != CONFIRMED}}
            answers, events = record_facts(dispatcher, turn, facts)
            # Always set: Rasa reads a turn that sets no requested slot as one that has nothing to do with the form.
            present = turn.confirmed or None if turn.requested == CONFIRMED else turn.answers.get(turn.requested)
            events = [SlotSet(turn.requested, given.get(turn.requested, present)), *events]
            if lost:  # "I have to correct something: …. Does that change anything?"
                dispatcher.utter_message(response="utter_correction_unread")
                return [*events, *self.ask(dispatcher, turn, answers, told=True)]
            if turn.wants_advice and is_settled(answers):  # which the interview gives once this form is left
                return [*events, SlotSet(REQUESTED_SLOT, None)]
            lean = so_far(turn.wording, answers) if turn.wants_advice else ""
            if lean:  # "we have a strategy. do we need a CAIO?"
                dispatcher.utter_message(text=lean)
            is_answered = given or beside or (turn.stated and not asks_something(turn.text))
            asks = turn.asks_besides or (turn.intent in _QUESTIONS and "?" in turn.text and asks_something(turn.text))
            topics = turn.topics if asks or not (is_answered or touched) else ()
            if topics and CONFIRMED not in given:
                events += answer_topics(dispatcher, turn, topics)
            elif not is_answered and not turn.stated and not turn.by_button:
                if touched:  # "I use ChatGPT for captions": on purpose or not?
                    dispatcher.utter_message(response="utter_asked_of_that")
                    turn = replace(turn, revisited=touched)
                    events.append(SlotSet(REVISITED, touched))
                elif turn.unclear_revenue is None:  # which is asked about again
                    _say_not_understood(dispatcher, turn)
        if CONFIRMED in given:
            return [*events, SlotSet(REQUESTED_SLOT, None)]
        return [*events, *self.ask(dispatcher, turn, answers, told=told)]

    def read(self, turn: Turn, requested: str) -> Answers:
        """What a short reply answers of the fields that were open when it came, also those that it states by itself."""
        fields = _asked(turn, requested)
        if _INTERJECTION.match(turn.text) and asks_something(turn.text):  # "alright, who do we hire?" is no yes
            return {}
        intent = turn.reply_intent
        states = intent in _QUESTIONS and not asks_something(turn.text)  # whatever it resembles
        doubtful = intent not in ANSWERING and intent != "nlu_fallback" and not states
        answers = turn.reply.answers(intent, fields, doubtful=doubtful)
        if doubtful and intent not in OPEN_TO_FACTS:  # "no idea, why do you ask?" wants the reason first
            answers = {field: value for field, value in answers.items() if value != UNKNOWN}
        return answers or turn.reply.corrected_revenue(turn.answers)

    def beside(self, turn: Turn, requested: str) -> Answers:
        """What a message states of other fields, if it is not a question: an answer is about the company."""
        if turn.by_button or requested == CONFIRMED or asks_something(turn.text):
            return {}
        return turn.reply.beside(_asked(turn, requested))

    def ask(self, dispatcher: CollectingDispatcher, turn: Turn, answers: Answers, *, told: bool = False) -> Events:
        """Ask the next question of this part; without one the form is done.

        Args:
            dispatcher: takes what is said.
            turn: the message that came last.
            answers: all of them as they are now.
            told: whether the message stated something of the company.
        """
        still_open = open_now(answers)
        question = next_question(turn, answers, still_open)
        moved: Events = []
        if told and question and turn.history.times_asked(question.fields[0]) >= _PATIENCE:
            others = [one for one in ready_now(answers) if one.fields[0] != question.fields[0]]
            question = next(iter(others), question)  # people who offer other facts are asked for those first
            moved = [SlotSet(REVISITED, question.fields[0])] if others else []
        if question is None or question.part != self.part:
            return [*moved, SlotSet(REQUESTED_SLOT, None)]
        wording, response = turn.wording, response_of(turn.wording, question)
        text = wording.text(response)
        if turn.unclear_revenue and question.fields[0] == "revenue_band":
            text = wording.text("utter_revenue_unclear", said=turn.unclear_revenue)
        elif len(still_open) == 1 and "\n" not in text:
            text = wording.text("utter_last_question", question=text)
        elif _comes_back(turn, question):
            text = wording.text("utter_back_to_the_question", question=uncapitalized(text))
        elif told and turn.requested == question.fields[0]:
            text = wording.text("utter_and_the_question", question=uncapitalized(text))
        card = cards.progress(wording, asked_before(answers), likely_left(answers), wording.several(response))
        dispatcher.utter_message(text=text, buttons=wording.buttons(response), json_message=card)
        return [*moved, SlotSet(REQUESTED_SLOT, question.fields[0])]


class AskCompanySize(_Form):
    part = "company_size"


class AskTechStack(_Form):
    part = "tech_stack"


class AskAiPlans(_Form):
    part = "ai_plans"


class AskCtoReadiness(_Form):
    part = "cto_readiness"


class AskConfirmation(_Form):
    """Sums up what was understood, before any advice is given."""

    part = "confirmation"

    def read(self, turn: Turn, requested: str) -> Answers:
        """A yes, or the wish to go on, is all that can be given here; what states a fact is a correction."""
        says_yes = turn.reply_intent in ("affirm", "ask_for_advice", "ask_verdict_now", "skip") or turn.confirms
        return {CONFIRMED: True} if says_yes and not turn.stated else turn.reply.corrected_revenue(turn.answers)

    def ask(self, dispatcher: CollectingDispatcher, turn: Turn, answers: Answers, *, told: bool = False) -> Events:
        """Show the summary, unless it was confirmed or a correction opened another question."""
        if turn.confirmed or next_question(turn, answers):
            return [SlotSet(REQUESTED_SLOT, None)]
        wording = turn.wording
        if turn.requested == CONFIRMED:  # the summary was shown; what has changed since was said
            text = wording.text("utter_confirm_again")
            dispatcher.utter_message(text=text, buttons=wording.buttons("utter_confirm"))
            return [SlotSet(REQUESTED_SLOT, CONFIRMED)]
        doubts = _contradictions(turn, answers)
        question = wording.text("utter_confirm")
        text = "\n".join([summary(wording, answers), *doubts, question])
        card = summary_card(wording, answers, "\n".join([*doubts, question]))
        dispatcher.utter_message(text=text, buttons=wording.buttons("utter_confirm"), json_message=card)
        return [SlotSet(REQUESTED_SLOT, CONFIRMED)]


def _asked(turn: Turn, requested: str) -> tuple[str, ...]:
    """The fields that the open question asks for: those of them that were open, or are stated now."""
    whole = question_of(requested)
    fields = tuple(one for one in whole.fields if one not in turn.answers or one in turn.stated)
    asked = turn.wording.asked_by(response_of(turn.wording, Question(whole.part, (requested, *fields))))
    return tuple(one for one in fields if one in asked)


def _touched(turn: Turn) -> str | None:
    """The first field of another open question that a message says something of, though it cannot be read what."""
    if turn.intent not in ANSWERING | OPEN_TO_FACTS or turn.by_button or asks_something(turn.text):
        return None
    likely = {
        one.fields[0]: max(turn.reply.touching(field)[0] for field in one.fields)
        for one in open_now(turn.answers)
        if turn.requested not in one.fields
    }
    field = max(likely, key=lambda one: likely[one], default=None)
    return field if field and likely[field] >= _TOUCHED else None


def _contradictions(turn: Turn, answers: Answers) -> list[str]:
    """Answers that do not fit together, a sentence each."""
    said = []
    for fields in contradictions(company_of(answers)):
        facts = "; ".join(clause for field in fields for clause in clauses(turn.wording, {field: answers[field]}))
        said.append(turn.wording.text("utter_contradiction", facts=facts))
    return said


def _comes_back(turn: Turn, question: Question) -> bool:
    """Whether the same question is asked again after something else was said."""
    return turn.requested == question.fields[0] and not _is_a_reply(turn)


def _say_not_understood(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    if turn.requested == CONFIRMED:
        dispatcher.utter_message(response="utter_what_to_change")
    elif turn.intent == "affirm":  # agrees to what we said back, not to the question
        dispatcher.utter_message(response="utter_agreed")
    else:
        say_missed(dispatcher, turn, "utter_not_an_answer")


def _is_an_attempt(turn: Turn) -> bool:
    """Whether a message can only be meant as an answer, understood or not: so few words are not about other things."""
    return turn.intent in ANSWERING or (turn.intent == "out_of_scope" and len(turn.text.split()) <= _FEW)


def _is_a_reply(turn: Turn) -> bool:
    """Whether the form is asked about a new message, and not started or resumed after something else."""
    return all(name.endswith("_form") for name in turn.history.actions)
