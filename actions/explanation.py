"""Why we ask and why we advise so, from the trace: reasons, rules, how sure, what would change it, what if."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledgement import record_facts
from actions.advice import (
    HIRES,
    NO_ADVICE,
    UNSETTLED,
    changed,
    changes,
    changes_to,
    contingencies,
    deciding,
    fact_of,
    firmness,
    flags,
    is_settled,
    other_role,
    outcome,
    so_far,
    what_if_payload,
)
from actions.company import Answers, clauses, company_of, is_known
from actions.faq import answer_topics
from actions.follow_up import roles_named, say_more
from actions.interview import next_question, reason_of
from actions.turn import ADVICE, ASKING, CONFIRMED, Events, Turn, TurnAction
from actions.verdict import because, quoted, why
from actions.wording import Wording, capitalized, listed, split_topic
from advisor.advice import Advice, advise
from advisor.company import Company
from advisor.fields import fields
from advisor.interview import question_of, questions
from advisor.whatif import Change
from assistant.nlu.speaker import in_first_person

Tell = Callable[[Turn, Answers, Advice], list[str]]

_OF_RULES = re.compile(r"\brules?\b", re.I)
_RULES_SHOWN = 1
_SUPPOSES = re.compile(r"^/|\b(?:if|suppos\w+|imagine|assum\w+)\b", re.I)
_WHY_ASK = re.compile(r"\b(?:ask|asking|asked|need|want|have) (?:that|this|me|to know)\b|\bask\W*$", re.I)
_WHY_ALL = re.compile(r"\b(?:all (?:this|that|these|of)|so many|(?:these|your) questions|everything)\b", re.I)
_BARE_WHY = re.compile(
    r"\W*(?:but |and )?(?:why(?:'s that| is that| so| tho| though| exactly)?|how (?:come|so))\W*", re.I
)
_CHANGES_SHOWN = 4
_PAIRS_SHOWN = 2  # of answers that only change the advice together

_OF_A_LEADER: dict[Any, str] = {"cto": "faq/have_cto", "caio": "faq/have_caio"}
"""What is asked by supposing a leader of a company that we know nothing else of."""

_OUTCOMES: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {
    named: (tuple(role for role, hire in HIRES.items() if hire == wanted), f"faq/first/{wanted}")
    for named, wanted in ((("cto",), "cto"), (("caio",), "caio"), (("cto", "caio"), "both"))
}
"""The roles that a message can name: the outcomes that are meant by it, and the topic where no company is known yet."""


class ExplainWhy(TurnAction):
    """The reason of what was said last: of the open question, of the advice, or more on an answer."""

    def name(self) -> str:
        return "action_explain_why"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if turn.history.is_about_contact:
            dispatcher.utter_message(response="utter_why_contact")
            return []
        answers, events = record_facts(dispatcher, turn)
        requested = turn.requested
        askable = {field for question in questions() for field in question.fields}
        named = next((question_of(name) for name in turn.named if name in askable), None)
        question = named or next_question(turn, answers)
        if requested == CONFIRMED:
            dispatcher.utter_message(response="utter_why_confirm")
        elif _asks_of_the_lean(turn):
            events += _say_of_the_advice(dispatcher, turn, _reasons)
        elif requested and not turn.named and _WHY_ALL.search(turn.text):
            dispatcher.utter_message(response="utter_why_all")
        elif requested and question:
            dispatcher.utter_message(text=turn.wording.text(reason_of(turn.wording, question)))
        elif reason := _reason_of_closing(turn):
            dispatcher.utter_message(text=turn.wording.text(reason))
        elif turn.about and turn.about != ADVICE:
            events += say_more(dispatcher, turn)
        else:
            events += _say_of_the_advice(dispatcher, turn, _reasons)
        return events


def _asks_of_the_lean(turn: Turn) -> bool:
    """Whether a mere "why?" follows our saying where the answers point, and is about that."""
    if not _BARE_WHY.fullmatch(turn.text) or not so_far(turn.wording, turn.answers):
        return False
    return _was_said(turn, advise(company_of(turn.answers)))


def _was_said(turn: Turn, advice: Advice) -> bool:
    """Whether we said right before what this advice comes to."""
    return outcome(turn.wording, advice) in turn.history.said_before


def _reason_of_closing(turn: Turn) -> str:
    """The response that says why the last answer closed with its question, if the message is about asking it."""
    answered = turn.wording.cell(turn.about or "")
    if answered is None or answered.asks is None or not _WHY_ASK.search(turn.text):
        return ""
    asked = answered.asks
    return reason_of(turn.wording, question_of(asked)) if asked in fields() else f"utter_why_{asked}"


class ExplainQuestion(TurnAction):
    """What the open question means, or a word that the visitor names; otherwise more on what was said last."""

    def name(self) -> str:
        return "action_explain_question"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        asked = [turn.requested] if turn.requested else []
        meaning = next(
            (one for name in [*turn.named, *asked] if (one := f"utter_meaning_{name}") in turn.wording), None
        )
        if meaning is None:
            return ExplainWhy().respond(dispatcher, turn)
        _, events = record_facts(dispatcher, turn)
        dispatcher.utter_message(text=turn.wording.text(meaning))
        return events


class ExplainRules(TurnAction):
    """The rule that decided, and those that matched behind it."""

    def name(self) -> str:
        return "action_explain_rules"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        return _say_of_the_advice(dispatcher, turn, _rules if _OF_RULES.search(turn.text) else _reasons)


class ExplainCertainty(TurnAction):
    """How strong the deciding rule is, and what is not known."""

    def name(self) -> str:
        return "action_explain_certainty"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        # "what's your recommendation, and how sure are you?"
        wants_it = any(intent in ASKING for intent in turn.nearest[:2])
        if wants_it and turn.advised_on is None and is_settled(turn.answers):
            return [FollowupAction("action_advise_now")]
        return _say_of_the_advice(dispatcher, turn, _certainty)


class ExplainWhatWouldChange(TurnAction):
    """The single answers that would lead to another role."""

    def name(self) -> str:
        return "action_explain_what_would_change"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        return _say_of_the_advice(dispatcher, turn, _what_would_change)


class ExplainNextStep(TurnAction):
    """What to do now with the advice."""

    def name(self) -> str:
        return "action_explain_next_step"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if turn.advised_on is None and not turn.form:  # "where do we start?"
            return [FollowupAction("action_continue_interview")]
        return _say_of_the_advice(dispatcher, turn, _next_step)


class ExplainWhyNot(TurnAction):
    """What would have to be different for the role that is asked about."""

    def name(self) -> str:
        return "action_explain_why_not"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        named = tuple(roles_named(turn))
        wanted, topic = _OUTCOMES.get(named, _OUTCOMES[("cto", "caio")])
        answers = turn.advised_on or turn.answers
        company = company_of(answers)
        advice = advise(company)
        if not any(map(is_known, answers.values())) or advice.role in UNSETTLED:
            return answer_topics(dispatcher, turn, [topic])
        now = outcome(turn.wording, advice)
        if advice.role in wanted:
            agreed = [turn.wording.text("utter_that_is_my_reading", now=now)] if named else []
            dispatcher.utter_message(text=" ".join([*agreed, *because(turn.wording, advice)]))
            return []
        found = changes_to(turn.wording, company, wanted)
        standing = [] if turn.advised_on else [turn.wording.text("utter_as_things_stand", now=now)]
        lines = [*standing, *other_role(turn.wording, company, advice), *why(turn.wording, company, advice)[:1]]
        alone = all(len(change.set) == 1 for change in found)
        found = found if alone else found[:_PAIRS_SHOWN]
        said = [fact_of(turn.wording, company, one) for one in found]
        facts = listed(said, "or") if alone else ", or if ".join(said)
        response = f"utter_would_lead_there_{split_topic(topic)[2]}" if found else "utter_nothing_leads_there"
        lines.append(turn.wording.text(response, facts=facts))
        dispatcher.utter_message(text=" ".join(lines), buttons=_what_ifs(turn.wording, company, found))
        return []


class WhatIf(TurnAction):
    """The advice for a company that is different in what the visitor supposes; no answer is touched."""

    def name(self) -> str:
        return "action_what_if"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        answers, wording = turn.answers, turn.wording
        company, supposed = company_of(answers), turn.supposed
        now = advise(company)
        if not supposed and turn.second_topic and not _SUPPOSES.search(turn.text):  # "and their budgets?"
            return answer_topics(dispatcher, turn, [turn.second_topic])
        topic = None if company else _OF_A_LEADER.get(supposed.get("leadership"))
        if topic:  # "and if we already have a CTO"
            return answer_topics(dispatcher, turn, [topic])
        if not supposed and not company and not turn.by_button:  # "if we only have a website"
            return [FollowupAction("action_continue_interview")]
        if not supposed or not clauses(wording, supposed):
            found = [one for led_to_one in changes(wording, company, now) for one in led_to_one] if company else []
            offers = _what_ifs(wording, company, found)
            asked = "utter_what_if_which" if turn.text.startswith("/") else "utter_what_if_unclear"
            dispatcher.utter_message(text=wording.text(asked), buttons=[] if turn.form else offers)
            return []
        company_then = company_of({**answers, **supposed})
        then = advise(company_then)
        keep = {"title": wording.text("utter_keep_what_if"), "payload": f"/answer{json.dumps(supposed)}"}
        if then.role == NO_ADVICE:  # "so if we already have a website and a CRM then"
            known = {**answers, **supposed}
            text = wording.fitting("utter_too_little_yet", known, deciding=deciding(wording, company_then))
            offers = [{**keep, "title": wording.text("utter_keep_so_far")}, *wording.buttons("utter_ask_the_rest")]
            untouched = wording.text("utter_what_if_untouched")
            text, shown = (f"{text} {untouched}", []) if turn.form else (text, offers)
            dispatcher.utter_message(text=text, buttons=shown)
            return []
        same = (now.role, now.engagement) == (then.role, then.engagement)
        values = {"facts": " and ".join(clauses(wording, supposed)), "then": outcome(wording, then)}
        lines = [wording.text("utter_what_if_same" if same else "utter_what_if", **values)]
        if not same and (reason := f"utter_what_if_{then.rule}") in wording:
            lines.append(wording.text(reason))
        lines += [flag for flag in flags(wording, then) if flag not in flags(wording, now)][:1]
        lines.append(wording.text("utter_what_if_untouched"))
        buttons = [] if turn.form else [keep, *wording.buttons("utter_what_if_untouched")]
        dispatcher.utter_message(text=" ".join(lines), buttons=buttons)
        return []


def _what_ifs(wording: Wording, company: Company, found: list[Change]) -> list[dict[str, str]]:
    """A button for each of some changes, which tries it."""
    return [
        {"title": capitalized(in_first_person(fact)), "payload": what_if_payload(change)}
        for change in found[:_CHANGES_SHOWN]
        if (fact := fact_of(wording, company, change))
    ]


def _say_of_the_advice(dispatcher: CollectingDispatcher, turn: Turn, tell: Tell) -> Events:
    """Say something of the advice that was given; before there is one, of where the answers so far point.

    A visitor of whom we know nothing yet more likely asked about the roles.
    """
    advised_on = turn.advised_on
    answers: Answers = advised_on or turn.answers
    if not any(map(is_known, answers.values())):
        if turn.second_topic:
            return answer_topics(dispatcher, turn, [turn.second_topic])
        offers = [] if turn.form else turn.wording.buttons("utter_no_advice_yet")
        dispatcher.utter_message(text=turn.wording.text("utter_no_advice_yet"), buttons=offers)
        return []
    advice = advise(company_of(answers))
    only_leans = advised_on is None
    lean = so_far(turn.wording, answers) if only_leans else ""
    if only_leans and not lean:
        named = deciding(turn.wording, company_of(answers))
        said = turn.wording.fitting("utter_too_little_yet", answers, deciding=named)
        if tell is _certainty and said in turn.history.said_before:
            said = turn.wording.text("utter_not_sure_yet", deciding=named)
        dispatcher.utter_message(text=said)
        return []
    shown = [] if not lean or _was_said(turn, advice) else [lean]
    text = " ".join([*shown, *tell(turn, answers, advice)])
    source = turn.wording.source_line(list(advice.facts)) if tell in (_reasons, _rules) else ""
    buttons = [] if turn.form else turn.wording.buttons(_FOLLOWED_BY[tell])
    dispatcher.utter_message(text=text, source=source, buttons=buttons)
    return []


def _reasons(turn: Turn, answers: Answers, advice: Advice) -> list[str]:
    """What decided and what is behind it; in the visitor's own words if it was said in ours right before."""
    behind = because(turn.wording, advice)
    if not behind:
        return _rules(turn, answers, advice)
    company = company_of(answers)
    rule, *besides = why(turn.wording, company, advice)
    own = quoted(turn.wording, company, turn.quotes)
    if rule in turn.history.said_before:
        return [*own, *behind]
    return [rule, *besides, *own] if behind[0] in turn.history.said_before else [rule, *behind]


def _rules(turn: Turn, answers: Answers, advice: Advice) -> list[str]:
    """The rule that decided, and what else speaks for the same."""
    lines = why(turn.wording, company_of(answers), advice)
    others = [turn.wording.text(f"utter_feeds_{one}") for one in advice.matched if one != advice.rule][:_RULES_SHOWN]
    if others and len(lines) == 1:
        lines.append(turn.wording.text("utter_rules_behind", rules="; ".join(others)))
    return lines


def _certainty(turn: Turn, answers: Answers, advice: Advice) -> list[str]:
    wording, company = turn.wording, company_of(answers)
    lines = firmness(wording, advice) or [wording.text("utter_strength_unranked")]
    lines += contingencies(wording, company, advice) or [wording.text("utter_nothing_contingent")]
    return [*lines, *(f"{changed(wording, company, one)}." for one in changes(wording, company, advice)[:1])]


def _next_step(turn: Turn, answers: Answers, advice: Advice) -> list[str]:
    wording = turn.wording
    unknown = deciding(wording, company_of(answers))
    steps = wording.fitting(f"utter_steps_{advice.role}", answers, deciding=unknown)
    return ["\n".join([steps, wording.text("utter_next_step_talk")])]


def _what_would_change(turn: Turn, answers: Answers, advice: Advice) -> list[str]:
    wording = turn.wording
    company = company_of(answers)
    shown = [f"- {changed(wording, company, led_to_one)}" for led_to_one in changes(wording, company, advice)]
    lines = [wording.text("utter_would_change", changes="\n".join(shown))] if shown else []
    unknown = contingencies(wording, company, advice)
    return ["\n".join([*lines, *unknown])] if lines or unknown else [wording.text("utter_nothing_changes")]


_FOLLOWED_BY: dict[Tell, str] = {
    _reasons: "utter_after_rules",
    _rules: "utter_after_rules",
    _certainty: "utter_after_certainty",
    _what_would_change: "utter_after_what_would_change",
    _next_step: "utter_next_step_talk",
}
"""The response with the buttons that come under each explanation."""
