"""Why we ask and why we advise so, from the trace: reasons, rules, how sure, what would change it, what if."""

from __future__ import annotations

from collections.abc import Callable

from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledgement import record_facts
from actions.advice import changes, changes_to, contingencies, deciding, firmness, new_flags, outcome
from actions.company import Answers, clauses, company_of, is_known
from actions.faq import answer_topics
from actions.follow_up import roles_named, say_more
from actions.interview import next_question, rules_named, skip_consequence
from actions.turn import ADVICE, CONFIRMED, Events, Turn, TurnAction
from actions.wording import Wording
from advisor.advice import Advice, advise
from advisor.impact import impact_of

Tell = Callable[[Wording, Answers, Advice], list[str]]

_OUTCOMES: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {
    ("cto",): (("CTO_FIRST", "CTO_THEN_CAIO", "ADD_CTO"), "faq/first/cto"),
    ("caio",): (("CAIO_FIRST", "ADD_CAIO"), "faq/first/caio"),
    ("cto", "caio"): (("BOTH_FRACTIONAL",), "faq/first/both"),
}
"""The roles that a message can name: the outcomes that are meant by it, and the topic where no company is known yet."""


_UNSETTLED = ("NOT_ENOUGH_KNOWN", "NOT_COVERED")


class ExplainWhy(TurnAction):
    """The reason of what was said last: of the open question, of the advice, or more on an answer."""

    def name(self) -> str:
        return "action_explain_why"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        answers, events = record_facts(dispatcher, turn)
        question = next_question(turn, answers)
        requested = turn.requested
        if requested == CONFIRMED:
            dispatcher.utter_message(response="utter_why_confirm")
        elif requested and question:
            impact = impact_of(question, company_of(answers), answers)
            reason = turn.wording.text("utter_why_question", rules=rules_named(turn.wording, impact.rules))
            all_lost = impact.lost == impact.rules
            skipped = (
                turn.wording.text("utter_without_it_all_lost")
                if all_lost
                else skip_consequence(turn.wording, answers, question)
            )
            dispatcher.utter_message(text=f"{reason} {skipped}")
        elif turn.about and turn.about != ADVICE:
            events += say_more(dispatcher, turn)
        else:
            events += _say_of_the_advice(dispatcher, turn, _rules)
        return events


class ExplainRules(TurnAction):
    """The rule that decided, and those that matched behind it."""

    def name(self) -> str:
        return "action_explain_rules"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        return _say_of_the_advice(dispatcher, turn, _rules)


class ExplainCertainty(TurnAction):
    """How strong the deciding rule is, and what is not known."""

    def name(self) -> str:
        return "action_explain_certainty"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        return _say_of_the_advice(dispatcher, turn, _certainty)


class ExplainWhatWouldChange(TurnAction):
    """The single answers that would lead to another role."""

    def name(self) -> str:
        return "action_explain_what_would_change"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        return _say_of_the_advice(dispatcher, turn, _what_would_change)


class ExplainWhyNot(TurnAction):
    """What would have to be different for the role that is asked about."""

    def name(self) -> str:
        return "action_explain_why_not"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        named = tuple(roles_named(turn))
        wanted, topic = _OUTCOMES.get(named, _OUTCOMES[("cto", "caio")])
        answers = turn.advised_on or turn.answers
        if not any(map(is_known, answers.values())):
            return answer_topics(dispatcher, turn, [topic])
        company = company_of(answers)
        advice = advise(company)
        lines = [turn.wording.text("utter_as_things_stand", now=outcome(turn.wording, advice))]
        if advice.role in wanted:
            lines = [turn.wording.text("utter_that_is_my_reading", now=outcome(turn.wording, advice))]
        else:
            lines += changes_to(turn.wording, company, wanted) or [turn.wording.text("utter_nothing_leads_there")]
        dispatcher.utter_message(text="\n".join(lines))
        return []


class WhatIf(TurnAction):
    """The advice for a company that is different in what the visitor supposes; no answer is touched."""

    def name(self) -> str:
        return "action_what_if"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        answers = turn.answers
        supposed = turn.supposed
        if not supposed or not clauses(turn.wording, supposed):
            dispatcher.utter_message(response="utter_what_if_unclear")
            return []
        now, then = advise(company_of(answers)), advise(company_of({**answers, **supposed}))
        same = (now.role, now.engagement) == (then.role, then.engagement)
        lines = [
            turn.wording.text(
                "utter_what_if", facts=" and ".join(clauses(turn.wording, supposed)), then=outcome(turn.wording, then)
            ),
            turn.wording.text("utter_what_if_rule", rule=turn.wording.text(f"utter_feeds_{then.rule}")),
            turn.wording.text("utter_what_if_same" if same else "utter_what_if_other", now=outcome(turn.wording, now)),
        ]
        lines += new_flags(turn.wording, now, then)
        dispatcher.utter_message(text="\n".join(lines))
        return []


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
    so_far = advised_on is None
    if so_far and advice.role in _UNSETTLED:
        named = deciding(turn.wording, company_of(answers))
        dispatcher.utter_message(text=turn.wording.text("utter_too_little_yet", deciding=named))
        return []
    lines = [turn.wording.text("utter_so_far", now=outcome(turn.wording, advice))] if so_far else []
    dispatcher.utter_message(text="\n".join([*lines, *tell(turn.wording, answers, advice)]))
    return []


def _rules(wording: Wording, answers: Answers, advice: Advice) -> list[str]:
    lines = [wording.text("utter_rule_decided", rule=wording.text(f"utter_feeds_{advice.rule}"), id=advice.rule)]
    others = [rule for rule in advice.matched if rule != advice.rule]
    if others:
        named = "; ".join(f"{wording.text(f'utter_feeds_{rule}')} ({rule})" for rule in others)
        lines.append(wording.text("utter_rules_behind", rules=named))
    lines.append(wording.text("utter_framework", version=advice.framework_version))
    return [*lines, wording.source_line(list(advice.facts))]


def _certainty(wording: Wording, answers: Answers, advice: Advice) -> list[str]:
    lines = firmness(wording, advice) or [wording.text("utter_strength_unranked")]
    lines.append(contingencies(wording, advice) if advice.contingent_on else wording.text("utter_nothing_contingent"))
    return [*lines, wording.text("utter_same_answers")]


def _what_would_change(wording: Wording, answers: Answers, advice: Advice) -> list[str]:
    lines = changes(wording, company_of(answers), advice)
    if advice.contingent_on:
        lines.append(contingencies(wording, advice))
    return lines or [wording.text("utter_nothing_changes")]
