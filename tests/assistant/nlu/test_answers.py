"""Short answers are interpreted for their question, or ignored if they do not fit."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from advisor.company import is_value
from advisor.interview import questions
from assistant.nlu.answers import answers_in_reply
from assistant.nlu.company_facts import read_reply as words_of_reply

BASICS = ("has_website", "has_crm", "has_cloud")
STATE = ("tech_works", "tech_upgrades_needed")
BUILD = ("dev_team", "custom_tech_needed")
AI_TODAY = ("leveraging_ai", "ai_strategy", "generic_tools_no_strategy")
PRESSURE = ("competitors_gaining", "build_vs_buy_pending")
READY = ("cto_ai_expertise", "cto_bandwidth", "cto_accountable")
UPGRADES = ("ai_strategy_needed_now",)
REVENUE = ("revenue_band",)
LEADS = ("leadership",)
BUSINESS = ("business",)
SIGNS = ("warn_later", "warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up")
NOTHING: dict[str, Any] = {}
YES, NO = {"says": "yes"}, {"says": "no"}


class Situation(NamedTuple):
    """An intent and a parsed reply to a question for these fields, with the expected answers."""

    name: str
    intent: str
    reply: dict[str, Any]
    fields: tuple[str, ...]
    answers: dict[str, Any]


SITUATIONS = [
    # not answering
    Situation("not knowing", "dont_know", {}, ("revenue_band",), {"revenue_band": "unknown"}),
    Situation("not saying", "rather_not_say", {}, ("revenue_band",), {"revenue_band": "declined"}),
    Situation("not knowing any of three", "dont_know", {}, BASICS, dict.fromkeys(BASICS, "unknown")),
    Situation("not knowing what is left", "dont_know", {}, ("has_cloud",), {"has_cloud": "unknown"}),
    # revenue
    Situation("an amount", "inform_company_size", {"amount_usd": 4e6}, ("revenue_band",), {"revenue_band": "1m_10m"}),
    Situation(
        "the edge", "inform_company_size", {"amount_usd": 10_000_000}, ("revenue_band",), {"revenue_band": "1m_10m"}
    ),
    Situation(
        "a range within a band",
        "inform_company_size",
        {"amount_usd_min": 2e6, "amount_usd_max": 3e6},
        ("revenue_band",),
        {"revenue_band": "1m_10m"},
    ),
    Situation("under a million", "choose", {"amount_usd_max": 1_000_000}, ("revenue_band",), {"revenue_band": "lt_1m"}),
    Situation(
        "over fifty million", "choose", {"amount_usd_min": 50_000_000}, ("revenue_band",), {"revenue_band": "ge_50m"}
    ),
    Situation(
        "a range over the edge",
        "inform_company_size",
        {"amount_usd_min": 5e6, "amount_usd_max": 2e7},
        ("revenue_band",),
        NOTHING,
    ),
    Situation("a month", "choose", {"amount_usd": 2e5, "monthly": True}, ("revenue_band",), NOTHING),
    Situation("euros", "choose", {"amount": 2e6, "currency": "EUR"}, ("revenue_band",), NOTHING),
    Situation("a yes to revenue", "affirm", YES, ("revenue_band",), NOTHING),
    Situation("a number of people is no revenue", "choose", {"number": 35}, ("revenue_band",), NOTHING),
    # business
    Situation("services", "choose", {"mentioned": ["service"]}, ("business",), {"business": ["service"]}),
    Situation(
        "two kinds",
        "choose",
        {"mentioned": ["software_product", "service"]},
        ("business",),
        {"business": ["service", "software_product"]},
    ),
    Situation("something else named", "choose", {"mentioned": ["has_crm"]}, ("business",), NOTHING),
    # who leads
    Situation("nobody", "choose", {"mentioned": ["nobody"]}, ("leadership",), {"leadership": "none"}),
    Situation("a no", "deny", NO, ("leadership",), {"leadership": "none"}),
    Situation("neither", "choose", {"scope": "none"}, ("leadership",), {"leadership": "none"}),
    Situation("a CTO", "choose", {"mentioned": ["cto"]}, ("leadership",), {"leadership": "cto"}),
    Situation("a CAIO", "choose", {"mentioned": ["caio"]}, ("leadership",), {"leadership": "caio"}),
    Situation(
        "a CTO and no CAIO",
        "choose",
        {"mentioned": ["cto"], "negated": ["caio"]},
        ("leadership",),
        {"leadership": "cto"},
    ),
    Situation("both by name", "choose", {"mentioned": ["cto", "caio"]}, ("leadership",), {"leadership": "both"}),
    Situation("both", "choose", {"scope": "both"}, ("leadership",), {"leadership": "both"}),
    Situation(
        "one person",
        "choose",
        {"mentioned": ["one_person"], "scope": "both"},
        ("leadership",),
        {"leadership": "one_person_both"},
    ),
    Situation("a yes to who", "affirm", YES, ("leadership",), NOTHING),
    # what there is
    Situation("all three", "choose", {"scope": "all"}, BASICS, dict.fromkeys(BASICS, True)),
    Situation("none", "choose", {"scope": "none"}, BASICS, dict.fromkeys(BASICS, False)),
    Situation("a no to all", "deny", NO, BASICS, dict.fromkeys(BASICS, False)),
    Situation(
        "one of them",
        "choose",
        {"mentioned": ["has_website"], "only": True},
        BASICS,
        {"has_website": True, "has_crm": False, "has_cloud": False},
    ),
    Situation(
        "two of them",
        "choose",
        {"mentioned": ["has_website", "has_cloud"]},
        BASICS,
        {"has_website": True, "has_crm": False, "has_cloud": True},
    ),
    Situation(
        "all but one",
        "choose",
        {"scope": "all", "negated": ["has_crm"]},
        BASICS,
        {"has_website": True, "has_crm": False, "has_cloud": True},
    ),
    Situation("one missing", "deny", {"negated": ["has_crm"]}, BASICS, {"has_crm": False}),
    Situation("yes to all of a list", "affirm", YES, BASICS, dict.fromkeys(BASICS, True)),
    Situation("yes to two questions in one", "affirm", YES, PRESSURE, NOTHING),
    Situation("yes to one", "affirm", YES, ("has_crm",), {"has_crm": True}),
    Situation("no to one", "deny", NO, ("has_crm",), {"has_crm": False}),
    Situation("something that was not asked", "choose", {"mentioned": ["competitors_gaining"]}, BASICS, NOTHING),
    Situation("the middle one", "choose", {"scope": "second"}, BASICS, NOTHING),
    # does it work, and are upgrades due: two questions in one, so a yes answers the first
    Situation("it works", "affirm", YES, STATE, {"tech_works": True}),
    Situation("it does not", "deny", NO, STATE, {"tech_works": False}),
    Situation(
        "upgrades named", "choose", {"mentioned": ["tech_upgrades_needed"]}, STATE, {"tech_upgrades_needed": True}
    ),
    Situation(
        "works, no upgrades",
        "choose",
        {"mentioned": ["tech_works"], "negated": ["tech_upgrades_needed"]},
        STATE,
        {"tech_works": True, "tech_upgrades_needed": False},
    ),
    # building
    Situation("neither to build", "choose", {"scope": "none"}, BUILD, dict.fromkeys(BUILD, False)),
    Situation("both to build", "choose", {"scope": "both"}, BUILD, dict.fromkeys(BUILD, True)),
    Situation(
        "a portal",
        "choose",
        {"mentioned": ["custom_tech_needed"]},
        BUILD,
        {"dev_team": False, "custom_tech_needed": True},
    ),
    # AI today
    Situation(
        "tools alone",
        "inform_ai_plans",
        {"mentioned": ["ai_tools"], "only": True},
        AI_TODAY,
        {"leveraging_ai": False, "ai_strategy": "none", "generic_tools_no_strategy": True},
    ),
    Situation(
        "a strategy",
        "inform_ai_plans",
        {"mentioned": ["ai_strategy"]},
        AI_TODAY,
        {"leveraging_ai": True, "ai_strategy": "in_place", "generic_tools_no_strategy": False},
    ),
    Situation(
        "no AI at all",
        "deny",
        NO,
        AI_TODAY,
        {"leveraging_ai": False, "ai_strategy": "none", "generic_tools_no_strategy": False},
    ),
    Situation("no strategy", "deny", {"negated": ["ai_strategy"]}, AI_TODAY, {"ai_strategy": "none"}),
    Situation("no to a strategy", "deny", NO, ("ai_strategy",), {"ai_strategy": "none"}),
    Situation(
        "competitors",
        "choose",
        {"mentioned": ["competitors_gaining"]},
        PRESSURE,
        dict(zip(PRESSURE, (True, False), strict=True)),
    ),
    # how many
    Situation("six", "choose", {"number": 6}, ("ai_initiatives",), {"ai_initiatives": 6}),
    Situation("five or more", "choose", {"number_min": 5}, ("ai_initiatives",), {"ai_initiatives": 5}),
    Situation("none running", "choose", {"scope": "none"}, ("ai_initiatives",), {"ai_initiatives": 0}),
    Situation("no initiatives", "deny", NO, ("ai_initiatives",), {"ai_initiatives": 0}),
    Situation("half a one", "choose", {"number": 2.5}, ("ai_initiatives",), NOTHING),
    Situation("an amount is no number", "choose", {"amount_usd": 5e6}, ("ai_initiatives",), NOTHING),
    # the CTO
    Situation("all conditions", "choose", {"scope": "all"}, READY, dict.fromkeys(READY, True)),
    Situation(
        "one condition and not another",
        "choose",
        {"mentioned": ["cto_ai_expertise"], "negated": ["cto_bandwidth"]},
        READY,
        {"cto_ai_expertise": True, "cto_bandwidth": False, "cto_accountable": False},
    ),
    Situation("no signs", "choose", {"scope": "none"}, SIGNS, dict.fromkeys(SIGNS, False)),
    Situation(
        "two signs",
        "choose",
        {"mentioned": ["warn_later", "warn_no_metrics"]},
        SIGNS,
        {"warn_later": True, "warn_tools_first": False, "warn_no_metrics": True, "warn_cannot_keep_up": False},
    ),
    # the upgrades, and AI with them or after
    Situation("yes, together", "affirm", YES, UPGRADES, {"ai_strategy_needed_now": True}),
    Situation("no, later", "deny", {**NO, "mentioned": ["wait"]}, UPGRADES, {"ai_strategy_needed_now": False}),
    Situation("it can not wait", "deny", {"negated": ["wait"]}, UPGRADES, {"ai_strategy_needed_now": True}),
    Situation("now and later", "choose", {"mentioned": ["at_once", "wait"]}, UPGRADES, NOTHING),
    # none of it
    Situation("nothing that was asked", "choose", {}, BASICS, NOTHING),
    Situation("a greeting", "greet", {}, ("has_crm",), NOTHING),
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=[situation.name for situation in SITUATIONS])
def test_reply_is_interpreted_for_its_question(situation: Situation) -> None:
    assert answers_in_reply(situation.intent, situation.reply, situation.fields) == situation.answers


@pytest.mark.parametrize(
    ("text", "fields", "answers"),
    [
        ("all three", BASICS, dict.fromkeys(BASICS, True)),
        ("just the website", BASICS, {"has_website": True, "has_crm": False, "has_cloud": False}),
        ("everything but a CRM", BASICS, {"has_website": True, "has_crm": False, "has_cloud": True}),
        ("none of them", BASICS, dict.fromkeys(BASICS, False)),
        ("about 4 mil", ("revenue_band",), {"revenue_band": "1m_10m"}),
        ("$600k", ("revenue_band",), {"revenue_band": "lt_1m"}),
        ("nobody really", ("leadership",), {"leadership": "none"}),
        ("one person does both", ("leadership",), {"leadership": "one_person_both"}),
        ("half a dozen", ("ai_initiatives",), {"ai_initiatives": 6}),
        ("it's always after the migration", ("warn_later",), {"warn_later": True}),
        ("no developers, but a client portal", BUILD, {"dev_team": False, "custom_tech_needed": True}),
        ("expertise yes, time no", READY, {"cto_ai_expertise": True, "cto_bandwidth": False, "cto_accountable": False}),
        ("competitors are ahead", PRESSURE, {"competitors_gaining": True, "build_vs_buy_pending": False}),
        ("it works fine", STATE, {"tech_works": True}),
        ("just chatgpt", AI_TODAY, {"leveraging_ai": False, "ai_strategy": "none", "generic_tools_no_strategy": True}),
        ("the second one", BASICS, {}),
    ],
)
def test_answers_are_read_from_the_words_of_a_reply(
    text: str, fields: tuple[str, ...], answers: dict[str, Any]
) -> None:
    assert answers_in_reply("choose", words_of_reply(text), fields) == answers


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.fields[0])
@pytest.mark.parametrize("intent", ["affirm", "deny", "choose", "dont_know", "rather_not_say", "inform_ai_plans"])
def test_replies_set_only_requested_fields_to_valid_values(question: Any, intent: str) -> None:
    replies: list[dict[str, Any]] = [
        {},
        {"scope": "all"},
        {"scope": "none"},
        {"scope": "both"},
        {"number": 3},
        {"amount_usd": 2e6},
        {
            "mentioned": [
                "has_website",
                "tech_upgrades_needed",
                "cto",
                "ai_tools",
                "service",
                "cto_ai_expertise",
                "warn_later",
            ]
        },
        {
            "mentioned": ["ai_strategy", "ai_use", "tech_works"],
            "negated": ["has_crm", "caio", "cto_bandwidth", "warn_tools_first"],
        },
    ]
    for fields in (question.fields, question.fields[:1], question.fields[-1:]):
        for reply in replies:
            answers = answers_in_reply(intent, reply, fields)
            assert set(answers) <= set(fields), (reply, fields)
            assert all(is_value(field, value) for field, value in answers.items()), (reply, answers)


@pytest.mark.parametrize("field", [field for question in questions() for field in question.fields])
def test_single_boolean_field_is_answered_by_yes_or_no(field: str) -> None:
    if is_value(field, True):
        assert answers_in_reply("affirm", YES, (field,)) == {field: True}
        assert answers_in_reply("deny", NO, (field,)) == {field: False}


@pytest.mark.parametrize("field", [field for question in questions() for field in question.fields])
def test_text_that_only_resembles_yes_or_no_is_neither(field: str) -> None:
    assert answers_in_reply("affirm", words_of_reply("looks good"), (field,)) in ({}, {"tech_works": True})
    assert answers_in_reply("deny", words_of_reply("no, I just said that we are leaving"), (field,)) == {}


def _both(fields: tuple[str, ...], *values: bool) -> dict[str, bool]:
    return dict(zip(fields, values, strict=True))


@pytest.mark.parametrize(
    ("text", "fields", "answers"),
    [
        # denied, settled or unclear: nothing that is only named is taken for so
        ("no to both", PRESSURE, _both(PRESSURE, False, False)),
        ("no and no", PRESSURE, _both(PRESSURE, False, False)),
        ("neither applies", PRESSURE, _both(PRESSURE, False, False)),
        ("competitors aren't doing anything", PRESSURE, {"competitors_gaining": False}),
        ("our competitors are not using AI yet", PRESSURE, {"competitors_gaining": False}),
        ("we're ahead of our competitors", PRESSURE, {"competitors_gaining": False}),
        ("competitors aren't standing still", PRESSURE, {}),
        ("competitors are expensive", PRESSURE, {}),
        ("build or buy is decided", PRESSURE, {"build_vs_buy_pending": False}),
        ("not all of them", BASICS, {}),
        ("we stopped using our CRM", BASICS, {"has_crm": False}),
        ("she keeps up fine", SIGNS, {"warn_cannot_keep_up": False}),
        ("she has no trouble keeping up", SIGNS, {"warn_cannot_keep_up": False}),
        ("we gave up using our CRM", BASICS, {"has_crm": False}),
        ("our clients use AI", AI_TODAY, {}),
        ("the board is discussing a strategy", AI_TODAY, {"ai_strategy": "none"}),
        # a strategy that is not there
        ("No AI strategy written down yet", AI_TODAY, {"ai_strategy": "none"}),
        ("We don't have a strategy for AI written down", AI_TODAY, {"ai_strategy": "none"}),
        ("our AI strategy is nonexistent", AI_TODAY, {"ai_strategy": "none"}),
        ("a strategy is being written", AI_TODAY, {"ai_strategy": "none"}),
        ("roadmap is in progress", AI_TODAY, {"ai_strategy": "none"}),
        ("we need a strategy", AI_TODAY, {"ai_strategy": "none"}),
        ("we plan to use AI next year", AI_TODAY, {}),
        ("no. people don't use ChatGPT without a plan", ("generic_tools_no_strategy",), {}),
        # a contractor, and custom work for others
        ("HVAC contractor, 25 people. No CTO", BUILD, {}),
        ("two contractors", BUILD, _both(BUILD, True, False)),
        ("we build custom websites for clients", BUILD, {}),
        ("we make custom furniture", BUILD, {}),
        ("a portal for our customers", BUILD, _both(BUILD, False, True)),
        ("neither", BUILD, _both(BUILD, False, False)),
        # who leads
        ("our CTO is leaving", LEADS, {}),
        ("our CTO gave notice", LEADS, {}),
        ("I'm a CTO. Sorry, no, she's Head of Product", LEADS, {}),
        ("we don't use AI, the doctors are afraid of it", LEADS, {}),
        ("we don't have a website", LEADS, {}),
        ("we don't have one", LEADS, {"leadership": "none"}),
        ("our IT guy", LEADS, {"leadership": "none"}),
        ("an outside IT company", LEADS, {"leadership": "none"}),
        ("the owner's son", LEADS, {"leadership": "none"}),
        ("our CIO", LEADS, {"leadership": "none"}),
        ("head of engineering", LEADS, {"leadership": "cto"}),
        ("VP engineering", LEADS, {"leadership": "cto"}),
        ("tech lead who runs it all", LEADS, {"leadership": "cto"}),
        ("there is a head of engineering but no CTO", LEADS, {}),
        ("a CTO, Dana", LEADS, {"leadership": "cto"}),
        # with the upgrades, or after them
        ("AI can wait", UPGRADES, {"ai_strategy_needed_now": False}),
        ("the upgrades are urgent, AI can wait a year", UPGRADES, {"ai_strategy_needed_now": False}),
        ("next year is fine", UPGRADES, {"ai_strategy_needed_now": False}),
        ("later", UPGRADES, {"ai_strategy_needed_now": False}),
        ("no rush", UPGRADES, {"ai_strategy_needed_now": False}),
        ("not at the same time", UPGRADES, {"ai_strategy_needed_now": False}),
        ("it can't wait", UPGRADES, {"ai_strategy_needed_now": True}),
        ("no, it can't wait", UPGRADES, {"ai_strategy_needed_now": True}),
        ("simultaneously", UPGRADES, {"ai_strategy_needed_now": True}),
        ("at the same time", UPGRADES, {"ai_strategy_needed_now": True}),
        ("both at once", UPGRADES, {"ai_strategy_needed_now": True}),
        # a no that only leads to something else
        ("no, that's wrong, there is a plan", ("ai_initiatives",), {}),
        ("No, I just said no developers", STATE, {}),
        ("no, we have three", ("ai_initiatives",), {"ai_initiatives": 3}),
        ("no, it doesn't", STATE, {"tech_works": False}),
        ("just the one pilot", ("ai_initiatives",), {"ai_initiatives": 1}),
        ("none right now", ("ai_initiatives",), {"ai_initiatives": 0}),
        ("looks good", ("custom_tech_needed",), {}),
        ("of course", ("custom_tech_needed",), {"custom_tech_needed": True}),
        # does it work
        ("it mostly works but the phone system needs replacing", STATE, _both(STATE, True, True)),
        ("yes, but upgrades are due", STATE, _both(STATE, True, True)),
        ("no, it holds us back", STATE, _both(STATE, False, True)),
        ("upgrades are planned for next year", STATE, {}),
        ("good enough for now", STATE, {"tech_works": True}),
        # all of a list
        *((text, BASICS, dict.fromkeys(BASICS, True)) for text in (
            "yes", "yep", "yeah all of em", "everything you listed", "we have them all", "of course we do", "al 3")),
        # the CTO
        ("yes", READY, dict.fromkeys(READY, True)),
        ("she's not an AI person", READY, {"cto_ai_expertise": False}),
        ("not an AI specialist", READY, {"cto_ai_expertise": False}),
        ("she has no time", READY, {"cto_bandwidth": False}),
        ("I have the time", ("cto_bandwidth",), {"cto_bandwidth": True}),
    ],
)  # fmt: skip
def test_denied_postponed_and_third_party_things_are_not_affirmed(
    text: str, fields: tuple[str, ...], answers: dict[str, Any]
) -> None:
    for intent in ("choose", "deny", "affirm"):  # regardless of the intent
        assert answers_in_reply(intent, words_of_reply(text), fields) == answers


@pytest.mark.parametrize(
    ("text", "band"),
    [
        *((text, None) for text in (
            "2 million in profit", "8m in funding", "we lost 2 million last year", "5 million customers",
            "2 million loss", "a loss of 2 million",
            "we want to reach 50 million", "our target is 20 million", "-5 million", "minus 2 million",
            "raised 3 million", "80k MRR", "$400k a month", "5", "3.5", "12", "35 people", "2024", "12345")),
        ("7,500,000", "1m_10m"),
        ("850000", "lt_1m"),
        ("3.1M", "1m_10m"),
        ("1-10", "1m_10m"),
        ("10 to 50", "10m_50m"),
        ("zero", "lt_1m"),
        ("Let's say eight million", "1m_10m"),
        ("should be around 4 million", "1m_10m"),
        ("6 million in sales, 400k profit", "1m_10m"),
    ],
)  # fmt: skip
def test_revenue_is_distinguished_from_other_amounts_and_counts(text: str, band: str | None) -> None:
    assert answers_in_reply("choose", words_of_reply(text), REVENUE) == ({"revenue_band": band} if band else {})


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        *((text, ["other"]) for text in (
            "other", "something else, we're a distributor", "We sell furniture", "a restaurant", "we make steel parts",
            "a farm", "construction", "private school", "nonprofit", "hotel", "we sell shoes online", "none of these",
            "we're a retailer")),
        *((text, ["service"]) for text in (
            "accounting", "bookkeeping and tax", "consulting", "a marketing agency", "dental clinic", "law firm",
            "construction services", "plumbing", "bookkeeping for restaurants")),
        *((text, ["software_product"]) for text in ("SaaS", "an app", "a dentists' platform", "tax software")),
        *((text, ["ai_product"]) for text in ("AI assistant", "an AI tool for lawyers", "an AI bookkeeping assistant")),
        ("we build software for our own use", None),
        ("the software is just internal", None),
        ("we build websites for shops", None),
        ("we use ChatGPT", None),
        ("hm", None),
    ],
)  # fmt: skip
def test_business_kind_is_inferred_from_the_trade(text: str, kinds: list[str] | None) -> None:
    assert answers_in_reply("choose", words_of_reply(text), BUSINESS) == ({"business": kinds} if kinds else {})
