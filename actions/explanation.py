"""Why we ask and why we advise so, from the trace: reasons, rules, how sure, what would change it, what if."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.advice import ADVICE, ADVISED_ON, changes, changes_to, contingencies, outcome
from actions.company import Answers, answers_of, clauses, company_of, is_known
from actions.faq import ABOUT, answer_topics
from actions.follow_up import roles_named, say_more
from actions.interview import CONFIRMED, REQUESTED_SLOT, next_question, rules_named, without_it
from actions.notes import take_in
from actions.wording import buttons, has, source_line, wording
from advisor.advice import Advice, advise
from advisor.stakes import stakes_of

Tell = Callable[[DomainDict, Answers, Advice], list[str]]

_SEATS: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {
    ("cto",): (("CTO_FIRST", "CTO_THEN_CAIO"), "faq/cto_first"),
    ("caio",): (("CAIO_FIRST", "ADD_CAIO"), "faq/caio_first"),
    ("cto", "caio"): (("BOTH_FRACTIONAL",), "faq/one_or_both"),
}
"""The roles that a message can name: the seats that are meant by it, and the topic where no company is known yet."""


class ExplainWhy(Action):
    """The reason of what was said last: of the open question, of the advice, or more on an answer."""

    def name(self) -> str:
        return "action_explain_why"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        answers, events = take_in(dispatcher, domain, tracker)
        question = next_question(tracker, answers)
        requested = tracker.get_slot(REQUESTED_SLOT)
        if requested == CONFIRMED:
            dispatcher.utter_message(response="utter_why_confirm")
        elif requested and question:
            stakes = stakes_of(question, company_of(answers), answers)
            reason = wording(domain, "utter_why_question", rules=rules_named(domain, stakes.rules))
            all_lost = stakes.lost == stakes.rules
            skipped = (
                wording(domain, "utter_without_it_all_lost") if all_lost else without_it(domain, answers, question)
            )
            dispatcher.utter_message(text=f"{reason} {skipped}")
        elif tracker.get_slot(ABOUT) and tracker.get_slot(ABOUT) != ADVICE:
            events += say_more(dispatcher, tracker, domain)
        else:
            _say_of_the_advice(dispatcher, tracker, domain, _rules)
        return events


class ExplainRules(Action):
    """The rule that decided, and those that matched behind it."""

    def name(self) -> str:
        return "action_explain_rules"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        _say_of_the_advice(dispatcher, tracker, domain, _rules)
        return []


class ExplainCertainty(Action):
    """How strong the deciding rule is, and what is not known."""

    def name(self) -> str:
        return "action_explain_certainty"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        _say_of_the_advice(dispatcher, tracker, domain, _certainty)
        return []


class ExplainWhatWouldChange(Action):
    """The single answers that would lead to another seat."""

    def name(self) -> str:
        return "action_explain_what_would_change"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        _say_of_the_advice(dispatcher, tracker, domain, _what_would_change)
        return []


class ExplainWhyNot(Action):
    """What would have to be different for the seat that is asked for."""

    def name(self) -> str:
        return "action_explain_why_not"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        named = tuple(roles_named(tracker))
        wanted, topic = _SEATS.get(named, _SEATS[("cto", "caio")])
        answers = tracker.get_slot(ADVISED_ON) or answers_of(tracker)
        if not any(map(is_known, answers.values())):
            return answer_topics(dispatcher, domain, tracker, [topic])
        company = company_of(answers)
        advice = advise(company)
        lines = [wording(domain, "utter_as_things_stand", now=outcome(domain, advice))]
        if advice.role in wanted:
            lines = [wording(domain, "utter_that_is_my_reading", now=outcome(domain, advice))]
        else:
            lines += changes_to(domain, company, wanted) or [wording(domain, "utter_nothing_leads_there")]
        dispatcher.utter_message(text="\n".join(lines))
        return []


class WhatIf(Action):
    """The advice for a company that is different in what the visitor supposes; no answer is touched."""

    def name(self) -> str:
        return "action_what_if"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        answers = answers_of(tracker)
        supposed: Answers = next(
            (one["value"] for one in tracker.latest_message["entities"] if one["entity"] == "supposed"), {}
        )
        if not supposed or not clauses(domain, supposed):
            dispatcher.utter_message(response="utter_what_if_unclear")
            return []
        now, then = advise(company_of(answers)), advise(company_of({**answers, **supposed}))
        same = (now.role, now.engagement) == (then.role, then.engagement)
        lines = [
            wording(domain, "utter_what_if", facts=" and ".join(clauses(domain, supposed)), then=outcome(domain, then)),
            wording(domain, "utter_what_if_rule", rule=wording(domain, f"utter_feeds_{then.rule}")),
            wording(domain, "utter_what_if_same" if same else "utter_what_if_other", now=outcome(domain, now)),
        ]
        lines += [wording(domain, f"utter_flag_{flag}") for flag in then.flags if flag not in now.flags]
        dispatcher.utter_message(text="\n".join(lines))
        return []


def _say_of_the_advice(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, tell: Tell) -> None:
    """Say something of the advice that was given; before there is one, of where the answers so far point."""
    advised_on = tracker.get_slot(ADVISED_ON)
    answers: Answers = advised_on or answers_of(tracker)
    if not any(map(is_known, answers.values())):
        offers = [] if tracker.active_loop.get("name") else buttons(domain, "utter_no_advice_yet")
        dispatcher.utter_message(text=wording(domain, "utter_no_advice_yet"), buttons=offers)
        return
    advice = advise(company_of(answers))
    so_far = advised_on is None
    if so_far and advice.role == "NOT_COVERED":
        dispatcher.utter_message(text=wording(domain, "utter_too_little_yet"))
        return
    lines = [wording(domain, "utter_so_far", now=outcome(domain, advice))] if so_far else []
    dispatcher.utter_message(text="\n".join([*lines, *tell(domain, answers, advice)]))


def _rules(domain: DomainDict, answers: Answers, advice: Advice) -> list[str]:
    lines = [wording(domain, "utter_rule_decided", rule=wording(domain, f"utter_feeds_{advice.rule}"), id=advice.rule)]
    others = [rule for rule in advice.matched if rule != advice.rule]
    if others:
        named = "; ".join(f"{wording(domain, f'utter_feeds_{rule}')} ({rule})" for rule in others)
        lines.append(wording(domain, "utter_rules_behind", rules=named))
    lines.append(wording(domain, "utter_framework", version=advice.framework_version))
    return [*lines, source_line(domain, list(advice.facts))]


def _certainty(domain: DomainDict, answers: Answers, advice: Advice) -> list[str]:
    strength = f"utter_strength_{advice.strength}"
    lines = [wording(domain, strength if has(domain, strength) else "utter_strength_unranked")]
    lines.append(contingencies(domain, advice) if advice.contingent_on else wording(domain, "utter_nothing_contingent"))
    return [*lines, wording(domain, "utter_same_answers")]


def _what_would_change(domain: DomainDict, answers: Answers, advice: Advice) -> list[str]:
    lines = changes(domain, company_of(answers), advice)
    if advice.contingent_on:
        lines.append(contingencies(domain, advice))
    return lines or [wording(domain, "utter_nothing_changes")]
