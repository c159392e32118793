"""The advice in words: the role and its terms, how firm it is, what it costs, and what would change it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

from actions.company import Answers, briefs, clauses, company_of, is_known, name_of
from actions.wording import Wording, listed
from advisor.advice import Advice, advise
from advisor.company import Company
from advisor.fields import UNKNOWN, fields
from advisor.interview import is_askable, questions
from advisor.whatif import Change, Situation, changeable

NO_ADVICE = "NOT_ENOUGH_KNOWN"  # to know less is nothing that would change the advice
UNSETTLED = (NO_ADVICE, "NOT_COVERED", "ONE_OF_THE_TWO")
HIRES = {
    **dict.fromkeys(("CTO_FIRST", "CTO_THEN_CAIO", "ADD_CTO"), "cto"),
    **dict.fromkeys(("CAIO_FIRST", "ADD_CAIO"), "caio"),
    "BOTH_FRACTIONAL": "both",
}
"""The role to hire by each recommendation that names one."""
_NO_OTHER_ADVICE = (NO_ADVICE, "NOT_COVERED")
_FOR_A_CAIO = ("generic_tools_no_strategy", "competitors_gaining", "build_vs_buy_pending")
_OTHER_ROLE = {
    "CAIO_FIRST": ("cto", ("dev_team", "custom_tech_needed", "tech_upgrades_needed")),
    "CTO_FIRST": ("caio", _FOR_A_CAIO),
    "CTO_IN_PLACE": ("caio", _FOR_A_CAIO),
}
"""The role that is not the first hire, and the article's reasons for it that a visitor can deny."""
_BY_ITS_REASONS = ("P50", "P55", "P80")
"""The rules that decide by the reasons for one role, where there is none for the other."""
_NEED_WORK = ("tech_works", "tech_upgrades_needed")
_BASICS = ("has_website", "has_crm", "has_cloud")
_FRACTIONAL = "E30"
"""The rule on terms by which a company of that size needs nobody full time."""
_OPEN_TERMS = "E99"
"""The rule by which the terms are open."""
_OTHER_SIZES = ("lt_1m", "10m_50m", "ge_50m")
"""Revenues for which the article recommends no terms."""
_DAILY, _SOFTWARE = "daily_hands_on_cto", {"software_product", "ai_product"}
_BOTH_REASONS, _OF_AI, _NEEDS_STRATEGY = "P60", "F074", "ai_strategy_needed_now"
_ENOUGH, _MOST = 3, 5  # answers
_CHANGES_SHOWN = 3
_CHANGES_A_ROLE = 2
_ROLES_SHOWN = 2
_DECIDING_SHOWN = 3
_UNKNOWNS_SHOWN = 2
_REASONS_SHOWN = 3
_NO_HIRE = ("CTO_COVERS_AI", "CTO_IN_PLACE", "ROLES_IN_PLACE")


def outcome(wording: Wording, advice: Advice) -> str:
    """The role and its terms in a few words."""
    return ", ".join(filter(None, [wording.text(f"utter_role_{advice.role}"), engagement(wording, advice)]))


def so_far(wording: Wording, answers: Answers, told: str = "") -> str:
    """Where the answers point before the advice is given; empty if they settle nothing.

    Args:
        wording: the wording.
        answers: by field.
        told: what they are, in a few words, to be said along with it.
    """
    advice = advise(company_of(answers)) if any(map(is_known, answers.values())) else None
    if advice is None or advice.role in UNSETTLED or (advice.strength == "hedged" and _turns_on_basics(answers)):
        return ""
    response = "utter_so_far_hedged" if advice.strength == "hedged" else "utter_so_far"
    return wording.text(f"{response}_told" if told else response, now=outcome(wording, advice), told=told)


def _turns_on_basics(answers: Answers) -> bool:
    """Whether a company lacks some of the basics, so that a CTO may come first.

    That is if it lacks all of them, as far as is known, or if those that it has need work (clash X09 of the article).
    """
    held = [answers.get(field) for field in _BASICS]
    lacks_some = False in held and held.count(False) < len(held)
    needs_are_open = not any(is_known(answers.get(field, UNKNOWN)) for field in _NEED_WORK)
    return lacks_some and (needs_are_open or True not in held)


def is_settled(answers: Answers) -> bool:
    """Whether the answers are enough for a recommendation that asking on may refine; a likely one takes more."""
    known = sum(map(is_known, answers.values()))
    advice = advise(company_of(answers))
    if known < _ENOUGH or advice.role in UNSETTLED:
        return False
    return advice.strength != "hedged" or (known >= _MOST and not _turns_on_basics(answers))


def engagement(wording: Wording, advice: Advice) -> str:
    """The terms in a word or two; empty where the role says them already, or the article leaves them open."""
    response = f"utter_engagement_{advice.words.terms}"
    responses = (f"{response}_{advice.role}", response)
    return next((wording.text(one) for one in responses if one in wording), "")


def firmness(wording: Wording, advice: Advice) -> list[str]:
    """How firm the advice is; a firm rule presumes that nobody holds the role today, where that is not known."""
    presumes = "_if_nobody" if "leadership" in advice.contingent_on else ""
    responses = (f"utter_strength_{advice.strength}{presumes}", f"utter_strength_{advice.strength}")
    return [wording.text(response) for response in responses if response in wording][:1]


def flags(wording: Wording, advice: Advice) -> list[str]:
    """The remarks that come with an advice."""
    return [wording.text(f"utter_flag_{flag}") for flag in advice.words.flags]


def contingencies(wording: Wording, company: Company, advice: Advice) -> list[str]:
    """What is not known and could still change the advice, as far as it makes sense to ask this company for it."""
    named = [name_of(wording, field) for field in advice.contingent_on if is_askable(field, company)]
    unknown = listed(named[:_UNKNOWNS_SHOWN], "and")
    return [wording.text("utter_contingent_on", unknown=unknown)] if unknown else []


def deciding(wording: Wording, company: Company) -> str:
    """The first answers that are not known and would settle the role."""
    named = [name_of(wording, field) for field in Situation(company).would_settle()[:_DECIDING_SHOWN]]
    return listed(named, "or")


def technology(wording: Wording, advice: Advice) -> str:
    """The reasons that the answers give for a CTO, in words."""
    of_technology = [reason for reason in advice.words.reasons if not reason.startswith(_OF_AI)]
    return listed([wording.text(f"utter_reason_{reason}") for reason in of_technology[:_REASONS_SHOWN]], "and")


def reasons(wording: Wording, company: Company, advice: Advice) -> str:
    """The reasons that the answers give for the rule, in words."""
    no_strategy = "F068" in advice.facts and company.get("ai_strategy") == "none"
    said = clauses(wording, {"ai_strategy": "none"} if no_strategy else {})
    said += [wording.text(f"utter_reason_{reason}") for reason in advice.words.reasons]
    of_ai = no_strategy or any(reason.startswith(_OF_AI) for reason in advice.words.reasons)
    if advice.rule == _BOTH_REASONS and not of_ai and company.get(_NEEDS_STRATEGY) is True:
        said += clauses(wording, {_NEEDS_STRATEGY: True})
    return listed(said[:_REASONS_SHOWN], "and")


def other_role(wording: Wording, company: Company, advice: Advice) -> list[str]:
    """Why the other role can wait: what the visitor denied of the article's reasons for it."""
    role, grounds = _OTHER_ROLE.get(advice.role, ("", ()))
    denied: Answers = {field: False for field in grounds if company.get(field) is False}
    if facts := listed(briefs(wording, denied), "and"):
        return [wording.text(f"utter_can_wait_{role}", facts=facts)]
    return [wording.text(f"utter_not_called_for_{role}")] if advice.rule in _BY_ITS_REASONS else []


def takes(company: Company, advice: Advice) -> Iterator[tuple[str, str]]:
    """What the hire takes, if one is advised: its terms, its costs and its hours, by kind and name of the words."""
    if advice.words.terms:
        yield "terms", f"{advice.words.terms}{_exception(company, advice)}"
        yield from (("cost", name) for name in advice.words.costs)
        yield from (("hours", name) for name in advice.words.hours)


def _exception(company: Company, advice: Advice) -> str:
    """The ending of the words for terms that are otherwise at this company's size, or may be in its situation."""
    if advice.words.terms == _OPEN_TERMS and company.get("revenue_band") in _OTHER_SIZES:
        return "_at_your_size"
    may_need_one_daily = _DAILY not in company and (company.get("dev_team") or builds_software(company))
    excepted = advice.words.terms == _FRACTIONAL and HIRES.get(advice.role) == "cto" and may_need_one_daily
    return "_unless_daily" if excepted else ""


def builds_software(company: Company) -> bool:
    """Whether a company sells software of its own."""
    held = company.get("business", ())
    return isinstance(held, tuple) and not _SOFTWARE.isdisjoint(held)


def costs(wording: Wording, advice: Advice) -> list[str]:
    """What it costs, as far as the article states it."""
    return [wording.text(f"utter_cost_{name}") for name in advice.words.costs] if advice.words.terms else []


def hours(wording: Wording, advice: Advice) -> list[str]:
    """How much time it takes, as far as the article states it."""
    return [wording.text(f"utter_hours_{name}") for name in advice.words.hours] if advice.words.terms else []


def changes(wording: Wording, company: Company, advice: Advice) -> list[list[Change]]:
    """The answers that would lead to another role if they were different: the first two of each of two roles.

    Of what is not known, only what a company may lack besides what it lacks: the rest is said to be open.
    """
    lacking = [question for question in questions() if any(company.get(field) is False for field in question.fields)]
    open_fields = [field for question in lacking for field in question.fields if field not in company]
    half_answered = [field for field in open_fields if is_askable(field, company)]
    answered = [*half_answered[:1], *(field for field in _negotiable() if field in company)]
    same = {advice.role, *_NO_OTHER_ADVICE, *(_NO_HIRE if advice.role in _NO_HIRE else ())}
    found = [
        change
        for change in Situation(company).would_change(answered)
        if change.role not in same and fact_of(wording, company, change)
    ]
    by_role: dict[str, list[Change]] = {}
    for change in _one_a_field(found):
        by_role.setdefault(change.role, []).append(change)
    shown = [led_to_one[:_CHANGES_A_ROLE] for led_to_one in by_role.values()][:_ROLES_SHOWN]
    return [led[:1] if all(_is_one_of_the_basics(company, one) for one in led) else led for led in shown]


def changes_to(wording: Wording, company: Company, roles: Collection[str]) -> list[Change]:
    """What would lead to one of these roles, if an answer or two of them would."""
    found = Situation(company).would_lead_to(roles, _negotiable())
    return _one_a_field([change for change in found if fact_of(wording, company, change)])[:_CHANGES_SHOWN]


def fact_of(wording: Wording, company: Company, change: Change) -> str:
    """What would be different, or nothing: of kinds of business only what comes in addition can be said in a clause."""
    held = company.get("business", ())
    new = {
        field: [kind for kind in value if not (isinstance(held, tuple) and kind in held)]
        if isinstance(value, tuple)
        else value
        for field, value in change.set.items()
    }
    said = [clauses(wording, {field: value}) for field, value in new.items()]
    return " and ".join(clause for clause_of_field in said for clause in clause_of_field) if all(said) else ""


def what_if_payload(change: Change) -> str:
    """The payload of a button that tries a change."""
    return f"/what_if{json.dumps({'supposed': dict(change.set)})}"


def changed(wording: Wording, company: Company, led_to_one: Sequence[Change]) -> str:
    """What would be different, and the one role that each of these changes leads to."""
    outcome_then = wording.text(f"utter_role_{led_to_one[0].role}")
    if all(_is_one_of_the_basics(company, change) for change in led_to_one):
        return wording.text("utter_change_basics", outcome=outcome_then)
    facts = " or ".join(fact_of(wording, company, change) for change in led_to_one)
    return wording.text("utter_change", fact=facts, outcome=outcome_then)


def _is_one_of_the_basics(company: Company, change: Change) -> bool:
    """Whether a company that lacks all of the basics would have one of them."""
    return {*change.set} <= {*_BASICS} and all(company.get(field) is False for field in _BASICS)


def _negotiable() -> list[str]:
    """The fields whose answer a company might change to get another advice."""
    return [field for field in changeable() if not fields()[field].given]


def _one_a_field(found: list[Change]) -> list[Change]:
    """The first change of each field, other roles before other terms."""
    first: dict[tuple[str, ...], Change] = {}
    for change in found:
        first.setdefault(tuple(change.set), change)
    return list(first.values())
