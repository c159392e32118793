"""Facts that visitors state about their companies are read as a careful person would read them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.nlu.company_facts import read, read_hypothetical, read_reply

ROOT = Path(__file__).parents[3]
HELD_OUT: dict[str, list[dict[str, Any]]] = {
    name: yaml.safe_load((ROOT / f"tests/held_out/{name}.yml").read_text(encoding="utf-8"))
    for name in ("company_facts", "company_facts_blind")
}
SITUATIONS = [situation for situations in HELD_OUT.values() for situation in situations]
ENOUGH = 10  # expectations of a field from which on it is asked for figures of its own
CONTRACT = set(
    """
    headcount headcount_min headcount_max annual_revenue_usd annual_revenue_usd_min annual_revenue_usd_max
    monthly_revenue_usd monthly_revenue_usd_min monthly_revenue_usd_max industry has_website has_crm has_cloud
    building_software_product ai_product has_dev_team has_cto has_caio ai_initiatives uses_ai
    ai_strategy_exists revenue_currency revenue_amount revenue_amount_min revenue_amount_max
    monthly_revenue_amount monthly_revenue_amount_min monthly_revenue_amount_max service_business
    custom_tech_needed tech_works tech_upgrades_needed generic_tools_no_strategy competitors_gaining
    build_vs_buy_pending one_person_leads_both nobody_leads_tech cto_ai_expertise cto_bandwidth
    cto_accountable warn_later warn_tools_first warn_no_metrics warn_cannot_keep_up daily_hands_on_cto
    ai_full_time_scale
    """.split()  # noqa: SIM905
)


def _typed(facts: dict[str, Any]) -> set[tuple[str, str, Any]]:
    """Distinguish 1 from True, which are equal in Python but not as a headcount."""
    return {(field, "flag" if isinstance(value, bool) else "value", value) for field, value in facts.items()}


@pytest.mark.parametrize("name", HELD_OUT)
def test_precision_and_recall_on_held_out_descriptions(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    right, extra, missed = Counter[str](), Counter[str](), Counter[str]()
    for situation in HELD_OUT[name]:
        told, expected = _typed(read(situation["say"])), _typed(situation["facts"])
        right.update(field for field, *_ in told & expected)
        extra.update(field for field, *_ in told - expected)
        missed.update(field for field, *_ in expected - told)
    fields = sorted(right | extra | missed)
    precision, recall = right.total() / (right + extra).total(), right.total() / (right + missed).total()
    with capsys.disabled():
        print(f"\n{name}: precision {precision:.3f}, recall {recall:.3f} over {len(HELD_OUT[name])} descriptions")
        for field in fields:
            print(f"  {field:28} right {right[field]:3}  extra {extra[field]:3}  missed {missed[field]:3}")
    assert precision >= 0.97
    assert recall >= 0.92
    for field in (field for field in fields if right[field] + missed[field] >= ENOUGH):
        assert right[field] / (right[field] + extra[field]) >= 0.97, field
        assert right[field] / (right[field] + missed[field]) >= 0.92, field


def test_situations_expect_known_facts_only() -> None:
    assert {field for situation in SITUATIONS for field in situation["facts"]} <= CONTRACT


def test_situations_cover_every_boolean_fact() -> None:
    figures = {field for field in CONTRACT if "revenue" in field or "headcount" in field}
    assert CONTRACT - figures <= {field for situation in SITUATIONS for field in situation["facts"]} | {
        "cto_accountable"
    }


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("4 mil", {"amount_usd": 4_000_000}),
        ("$2-3M", {"amount_usd_min": 2_000_000, "amount_usd_max": 3_000_000}),
        ("£2m", {"amount": 2_000_000, "currency": "GBP"}),
        ("10k a month", {"amount_usd": 10_000, "monthly": True}),
        ("5", {"number": 5}),
        ("one", {"number": 1}),
        ("5+", {"number_min": 5}),
        ("between 1 and 4", {"number_min": 1, "number_max": 4}),
        ("2000", {"number": 2000}),
        ("just the website", {"mentioned": ["has_website"], "only": True}),
        ("HubSpot and AWS", {"mentioned": ["has_crm", "has_cloud"]}),
        ("website and crm, no cloud", {"mentioned": ["has_website", "has_crm"], "negated": ["has_cloud"]}),
        ("no crm", {"negated": ["has_crm"]}),
        ("everything but a website", {"negated": ["has_website"], "scope": "all"}),
        ("nothing but a website", {"mentioned": ["has_website"], "only": True, "scope": "none"}),
        ("all three", {"scope": "all"}),
        ("none of them", {"scope": "none"}),
        ("both", {"scope": "both"}),
        ("the first one", {"scope": "first"}),
        ("nobody", {"mentioned": ["nobody"]}),
        ("a fractional CTO", {"mentioned": ["cto"]}),
        ("the time and the accountability but not the expertise",
         {"mentioned": ["cto_bandwidth", "cto_accountable"], "negated": ["cto_ai_expertise"]}),
        ("an AI product", {"mentioned": ["ai_product"]}),
        ("what is a CRM?", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_short_reply_mentions_figures_and_things(reply: str, expected: dict[str, Any]) -> None:
    assert read_reply(reply) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("40, no sorry 45 people", {"headcount": 45}),
        ("50 employees, or rather 55", {"headcount": 55}),
        ("around 20 people (actually 22)", {"headcount": 22}),
        ("we are 30 people. sorry, 35 people", {"headcount": 35}),
        ("I meant 12 people not 20", {"headcount": 12}),
        ("I thought it was 80 but HR just told me 76", {"headcount": 76}),
        ("actually we're 42 not 40", {"headcount": 42}),
        ("actually it's 4 million", {"annual_revenue_usd": 4_000_000}),
        ("we did $2M, no wait, $2.5M last year", {"annual_revenue_usd": 2_500_000}),
        ("20 full-time and 10 part-time employees, 30 altogether", {"headcount": 30}),
        ("28 guys and me in the office, so 29", {"headcount": 29}),
        ("no, we do have a CRM", {"has_crm": True}),
        ("no wait we do have a CTO", {"has_cto": True}),
        ("scratch that, we have no CTO", {"has_cto": False}),
        ("I said we have no CRM but we actually use Pipedrive", {"has_crm": True}),
    ],
)  # fmt: skip
def test_corrections_and_totals_override_earlier_figures(text: str, expected: dict[str, Any]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my buddy's firm hired a CAIO, we don't have one", {"has_caio": False}),
        ("do we need an AI strategy? we have none", {"ai_strategy_exists": False}),
        ("My accountant says firms our size should have an AI strategy. We don't.", {"ai_strategy_exists": False}),
        ("they keep asking if we use AI. We do, sure, in drafting.", {"uses_ai": True}),
        ("what is a CAIO? no we don't have that", {"has_caio": False}),
        ("QuickBooks Desktop on an old Dell, works fine for us", {"tech_works": True}),
        ("a CTO runs technology", {}),
        ("Say a company had 15 people and did 2 mil, what would you charge?", {}),
    ],
)  # fmt: skip
def test_pronouns_refer_to_their_antecedents(text: str, expected: dict[str, Any]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We're pitching to a bank with 3,000 staff next week.", {}),
        ("we just signed a manufacturer with 400 employees", {}),
        ("a dental clinic hired us to redo their website", {}),
        ("The company across the street has 80 people and its own developers.", {}),
        ("My brother's shop has a website and Shopify, mine has nothing", {}),
        ("a buddy of mine owns a roofing business, 50 guys, does 8 mil a year", {}),
        ("My sister runs a marketing agency with 20 people. She makes 3 million a year.", {}),
        ("My neighbor has a construction company, he uses HubSpot and has 25 guys", {}),
        ("Just got off the phone with a hospital, 1,500 employees, they want our software", {}),
        ("we're bidding on a contract with a university that has 4,000 employees", {}),
        ("A startup with 30 people wants to buy us", {}),
        ("Yesterday a hotel chain with 700 employees contacted us about a project.", {}),
        ("we just won a deal with an insurer, 2,000 staff, big website", {}),
        ("someone I know runs a law firm with 15 lawyers and makes 4 million a year", {}),
        ("the guy next door has 5 employees and a Wix site", {}),
        ("We're negotiating with a hospital group that has 6,000 employees", {}),
        ("before this I worked at a bank with 10,000 employees and a CTO", {}),
        ("An old classmate runs a SaaS with 40 devs and a CTO", {}),
        ("She owns a dental practice with 12 staff", {}),
        ("Our neighbours, a design studio with 12 people, all use ChatGPT", {}),
    ],
)  # fmt: skip
def test_facts_about_other_companies_are_ignored(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A 200-person logistics firm reached out to us yesterday. We're only 9.", {"headcount": 9}),
        ("the firm next door makes 10 million a year, we make 2 million", {"annual_revenue_usd": 2_000_000}),
        ("at my last job we had 300 people and a CTO. Here it's 14 of us and no CTO",
         {"headcount": 14, "has_cto": False}),
        ("My previous employer had 2,000 staff; at my own company we're 6", {"headcount": 6}),
        ("We belong to a holding with 5,000 employees but there are just 40 of us here.", {"headcount": 40}),
        ("our parent has 1,200 people, we are 35", {"headcount": 35}),
        ("part of a larger group (800 staff); our office alone has 30", {"headcount": 30}),
        ("Our client has 500 people. There are eight of us.", {"headcount": 8}),
        ("Their team is 200 strong. Ours is 15.", {"headcount": 15}),
        ("My uncle's factory employs 300. Here at my shop it's 7 people.", {"headcount": 7}),
        ("the group employs 3,000 people worldwide, our branch has 45 of us", {"headcount": 45}),
        ("Our accountant's firm has 40 people, ours has 9", {"headcount": 9}),
        ("Our landlord runs a 60-person agency. We are 5.", {"headcount": 5}),
        ("I saw that a roofing company with 20 guys uses ChatGPT. We don't use AI.", {"uses_ai": False}),
        ("We got an enquiry from a retailer. 300 stores, 8,000 employees. Are we too small for that? We're 14.",
         {"headcount": 14}),
        ("they have 300 people over at the parent, here it's 25", {"headcount": 25}),
    ],
)  # fmt: skip
def test_own_facts_after_another_company_are_read(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A construction company, 40 people, 8 million a year",
         {"industry": "construction", "headcount": 40, "annual_revenue_usd": 8_000_000}),
        ("a small plumbing company with 8 guys", {"industry": "plumbing", "headcount": 8, "service_business": True}),
        ("A 12-person accounting firm here, no CRM",
         {"headcount": 12, "industry": "accounting", "service_business": True, "has_crm": False}),
        ("we're Miller & Sons, a plumbing company with 16 people",
         {"industry": "plumbing", "service_business": True, "headcount": 16}),
        ("I run Bright Smiles, a dental practice with 11 employees",
         {"industry": "dental", "service_business": True, "headcount": 11}),
        ("I'm the COO of a hospital with 900 employees", {"headcount": 900}),
        ("I work at a bank with 400 employees and no CAIO", {"headcount": 400, "has_caio": False}),
        ("We're a school with 50 staff and a website", {"industry": "education", "headcount": 50, "has_website": True}),
        ("I own a restaurant with 25 employees, 2 million a year",
         {"industry": "hospitality", "headcount": 25, "annual_revenue_usd": 2_000_000}),
        ("The company has 55 employees and an in-house development team", {"headcount": 55, "has_dev_team": True}),
        ("I took over a printing company with 35 employees", {"headcount": 35}),
        ("It's a two-person design studio, about 20k a month",
         {"industry": "design", "service_business": True, "headcount": 2, "monthly_revenue_usd": 20_000}),
        ("my wife and I run a hotel with 14 staff", {"industry": "hospitality", "headcount": 14}),
    ],
)  # fmt: skip
def test_self_introduction_is_about_the_visitors_company(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CTO? No. CAIO? No. Website? Yes.", {"has_cto": False, "has_caio": False, "has_website": True}),
        ("CRM? Sure. CTO? Never had one.", {"has_crm": True, "has_cto": False}),
        ("Developers? None. Cloud, yes.", {"has_dev_team": False, "has_cloud": True}),
        ("CTO, no. CRM, yes. Cloud, not yet.", {"has_cto": False, "has_crm": True, "has_cloud": False}),
        ("A website, sure. A CRM, no.", {"has_website": True, "has_crm": False}),
        ("Website yes. CTO, however, no.", {"has_website": True, "has_cto": False}),
        ("AI strategy? Not us.", {"ai_strategy_exists": False}),
        ("As for a CRM, yes. As for a CTO, no.", {"has_crm": True, "has_cto": False}),
        ("A CTO? We do have one. A CAIO, though, we don't.", {"has_cto": True, "has_caio": False}),
        ("Website? Of course. Developers, on the other hand, no.", {"has_website": True, "has_dev_team": False}),
        ("Yes to the website, no to the CRM.", {"has_website": True, "has_crm": False}),
        ("CAIO? We don't have one. CTO? We do.", {"has_caio": False, "has_cto": True}),
        ("a CTO? not for us, thanks", {}),
        ("CRM? Which one do you recommend?", {}),
        ("Website, check. CRM, check. AI strategy, nope.",
         {"has_website": True, "has_crm": True, "ai_strategy_exists": False}),
        ("A CTO? Sadly no. A website? Sure.", {"has_cto": False, "has_website": True}),
        ("CTO (no), CRM (Zoho), website (yes)", {"has_cto": False, "has_crm": True, "has_website": True}),
        ("CTO - no, CRM - yes, website - yes", {"has_cto": False, "has_crm": True, "has_website": True}),
        ("website's there, crm isn't, cto neither", {"has_website": True, "has_crm": False, "has_cto": False}),
        ("Do we have a CRM? Yes. A CTO? No. Developers? Also no.",
         {"has_crm": True, "has_cto": False, "has_dev_team": False}),
    ],
)  # fmt: skip
def test_inline_answer_refers_to_the_preceding_thing(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it's not that we don't have a CRM, nobody fills it in", {"has_crm": True}),
        ("It's not as if we have no website.", {"has_website": True}),
        ("It isn't that we lack a CTO, he just has no time for AI.", {"has_cto": True, "cto_bandwidth": False}),
        ("it's not true that we have no CRM", {"has_crm": True}),
        ("It's not like we don't have developers, they are just busy", {"has_dev_team": True}),
        ("we're not without a CTO", {"has_cto": True}),
        ("that's not to say we have no CTO", {"has_cto": True}),
        ("not true that we have no website", {"has_website": True}),
        ("It's not like we use AI", {"uses_ai": False}),
        ("it's not that we need a CRM, we just want one", {}),
        ("we don't have no CRM", {"has_crm": False}),
    ],
)  # fmt: skip
def test_double_negation_is_an_affirmation(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We used to have a website and a CRM. We have neither now.", {"has_website": False, "has_crm": False}),
        ("We used to be on AWS and HubSpot; both are gone now.", {"has_cloud": False, "has_crm": False}),
        ("A website or a CRM? We have neither.", {"has_website": False, "has_crm": False}),
        ("CTO and CAIO: we have both", {"has_cto": True, "has_caio": True}),
        ("Do we have a website and a CRM? We have both.", {"has_website": True, "has_crm": True}),
        ("Our biggest customer has a CTO and a CAIO. We ourselves have neither.",
         {"has_cto": False, "has_caio": False}),
        ("we had Salesforce and a CTO, now neither", {"has_crm": False, "has_cto": False}),
        ("We had developers and a CTO until last year; we have neither today.",
         {"has_dev_team": False, "has_cto": False}),
        ("We had neither a CRM nor a website last year, now we have both", {"has_crm": True, "has_website": True}),
        ("We had a CTO and developers once, not anymore.", {"has_cto": False, "has_dev_team": False}),
    ],
)  # fmt: skip
def test_neither_and_both_refer_to_the_two_preceding_things(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Users: 40k monthly. Team: 9.", {"headcount": 9}),
        ("Subscribers: 12k a month, staff: 3", {"headcount": 3}),
        ("Average basket is $45, we ship 2,000 orders a month, 6 people", {"headcount": 6}),
        ("Orders: 30k a year. Revenue: $1.5M a year.", {"annual_revenue_usd": 1_500_000}),
        ("our typical invoice is $900", {}),
        ("average sale is 15k, we close about 4 a month", {}),
        ("Sales: 25k monthly", {"monthly_revenue_usd": 25_000}),
        ("Followers: 200k. Team: 2. Revenue: 15k a month.", {"headcount": 2, "monthly_revenue_usd": 15_000}),
        ("Page views: 500k a month, revenue: 8k a month", {"monthly_revenue_usd": 8000}),
        ("Impressions 2m a month, team 5", {"headcount": 5}),
        ("Leads: 5k a month; sales: 80k a month", {"monthly_revenue_usd": 80_000}),
        ("Clients: 40. Staff: 12. Revenue: 1.1m.", {"headcount": 12, "annual_revenue_usd": 1_100_000}),
        ("mean contract value is 30k and we make 3 million a year", {"annual_revenue_usd": 3_000_000}),
        ("Average revenue over three years: 4 million a year", {"annual_revenue_usd": 4_000_000}),
    ],
)  # fmt: skip
def test_other_figures_are_not_read_as_revenue(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we're old school, pen and paper, 8 people", {"headcount": 8}),
        ("We're a bit old-school, no CRM", {"has_crm": False}),
        ("I learned it at the school of hard knocks. 12 employees.", {"headcount": 12}),
        ("we raised the bar this year, 20 of us", {"headcount": 20}),
        ("we do our hiring the old school way, 15 people", {"headcount": 15}),
        ("We're stuck between a rock and a hard place, 25 people, no CRM", {"headcount": 25, "has_crm": False}),
        ("We run a school, 30 teachers", {"industry": "education"}),
    ],
)  # fmt: skip
def test_trade_in_an_idiom_is_ignored(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sector: construction\nStaff: 30", {"industry": "construction", "headcount": 30}),
        ("Field: law. Team: 8.", {"industry": "law", "service_business": True, "headcount": 8}),
        ("Line of business: landscaping", {"industry": "landscaping", "service_business": True}),
        ("Business: HVAC, 12 techs", {"industry": "hvac", "service_business": True}),
        ("Vertical: healthcare. Headcount: 120.", {"industry": "healthcare", "headcount": 120}),
        ("What we do: plumbing", {"industry": "plumbing", "service_business": True}),
        ("80 people in logistics, SAP and no website",
         {"industry": "logistics", "headcount": 80, "has_website": False}),
        ("25 of us in consulting", {"industry": "consulting", "service_business": True, "headcount": 25}),
        ("6 guys doing landscaping", {"industry": "landscaping", "service_business": True, "headcount": 6}),
        ("3 people doing marketing for us", {}),
        ("we have 5 people in marketing", {}),
        ("15 folks doing electrical work", {"headcount": 15, "industry": "electrical", "service_business": True}),
        ("sector - logistics, people - 70", {"industry": "logistics", "headcount": 70}),
        ("a two-man plumbing outfit", {"industry": "plumbing", "service_business": True, "headcount": 2}),
        ("Business type: dental practice. Employees: 9.",
         {"industry": "dental", "service_business": True, "headcount": 9}),
    ],
)  # fmt: skip
def test_sector_is_read_from_a_label_or_a_single_word(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("healthcare, 200 staff, no CTO", {"industry": "healthcare", "headcount": 200, "has_cto": False}),
        ("Healthcare company with 70 employees", {"industry": "healthcare", "headcount": 70}),
        ("insurance. 40 people.", {"industry": "insurance", "headcount": 40}),
        ("Sector: real estate, 14 people", {"industry": "real estate", "headcount": 14}),
        ("real estate agency, 14 people", {"industry": "real estate", "service_business": True, "headcount": 14}),
        ("insurance brokerage, 14 people", {"industry": "insurance", "service_business": True, "headcount": 14}),
        ("We're a wealth management practice", {"industry": "financial services", "service_business": True}),
        ("Real estate, 40 people, Salesforce", {"industry": "real estate", "headcount": 40, "has_crm": True}),
        ("we're an insurance company, 300 people", {"industry": "insurance", "headcount": 300}),
        ("a medical practice with 10 staff", {"industry": "healthcare", "service_business": True, "headcount": 10}),
        ("we're a real estate firm, 40 people", {"industry": "real estate", "service_business": True, "headcount": 40}),
    ],
)  # fmt: skip
def test_broad_sector_does_not_imply_services(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's me and nobody else.", {"headcount": 1}),
        ("Only myself so far, 5k a month", {"headcount": 1, "monthly_revenue_usd": 5000}),
        ("I'm the whole company", {"headcount": 1}),
        ("Team: just me", {"headcount": 1}),
        ("me, myself and I", {"headcount": 1}),
        ("I do everything myself, there's no one else", {"headcount": 1}),
        ("nobody but me works here", {"headcount": 1}),
        ("one-man consulting shop, 15k a month",
         {"headcount": 1, "industry": "consulting", "service_business": True, "monthly_revenue_usd": 15_000}),
        ("is it just me or is AI overhyped?", {}),
        ("it's me and nobody else who codes here, 12 people in total", {"headcount": 12}),
        ("it's just me doing the marketing, we're 30 people", {"headcount": 30}),
        ("Headcount: me.", {"headcount": 1}),
    ],
)  # fmt: skip
def test_solo_business_has_a_headcount_of_one(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("team of nine building a logistics platform", {"headcount": 9, "building_software_product": True}),
        ("We're a crew of 15 renovating kitchens", {"headcount": 15}),
        ("we're a group of twelve selling handmade soap online", {"headcount": 12}),
        ("We have a team of three running support, 40 people in all", {"headcount": 40}),
        ("there's a team of 5 handling IT, the company is 80", {"headcount": 80}),
        ("we're a team of 11 helping restaurants with marketing", {"headcount": 11}),
        ("a crew of 8 fixing roofs", {"headcount": 8}),
    ],
)  # fmt: skip
def test_team_size_is_the_headcount(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we implement HubSpot for small firms, 12 people", {"headcount": 12}),
        ("We set up websites and Shopify for retailers", {}),
        ("we configure Salesforce for nonprofits", {}),
        ("we roll out Microsoft 365 for law firms; our own CRM is Pipedrive", {"has_crm": True}),
        ("we set up Salesforce for our sales team last year", {"has_crm": True}),
        ("we manage HubSpot for our clients", {}),
        ("our customers run on Salesforce, we run on Zoho", {"has_crm": True}),
        ("we deploy Salesforce for banks", {}),
        ("we use Salesforce for our donors and WordPress for the site", {"has_crm": True, "has_website": True}),
        ("We maintain WordPress sites for local businesses. 6 of us.", {"headcount": 6}),
        ("we partnered with an agency for our website, we're 12", {"has_website": True, "headcount": 12}),
    ],
)  # fmt: skip
def test_work_for_clients_is_not_read_as_own_use(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we want to begin with Copilot in January", {}),
        ("The plan is to start with AI tools in Q3", {}),
        ("we're going to start with ChatGPT", {}),
        ("we started with ChatGPT last year", {"uses_ai": True}),
        ("We always start with the tools instead of the problem", {"warn_tools_first": True}),
        ("every AI meeting starts with which tool to buy", {"warn_tools_first": True}),
        ("our AI talks begin with: which tools?", {"warn_tools_first": True}),
        ("We plan on starting with Copilot and ChatGPT", {}),
        ("we'd start with ChatGPT if we had time", {}),
        ("Every AI conversation here starts with ChatGPT vs Claude", {"warn_tools_first": True}),
    ],
)  # fmt: skip
def test_planned_first_steps_are_not_read_as_current_use(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we don't sell software, we sell pipes", {"building_software_product": False}),
        ("We're not a software company. Bakery, 9 people.",
         {"building_software_product": False, "industry": "hospitality", "headcount": 9}),
        ("no software product here, just consulting",
         {"building_software_product": False, "industry": "consulting", "service_business": True}),
        ("we write no software, we paint houses", {"building_software_product": False}),
        ("software isn't what we do, we're a bakery with 7 people",
         {"building_software_product": False, "headcount": 7}),
        ("We're building a SaaS, an AI assistant for nurses.", {"building_software_product": True, "ai_product": True}),
        ("our product is a SaaS, an AI scheduler for clinics", {"building_software_product": True, "ai_product": True}),
        ("we're building a mobile app, an AI nutritionist", {"building_software_product": True, "ai_product": True}),
        ("Our app is an AI coach for runners", {"building_software_product": True, "ai_product": True}),
        ("We're building an app. It's an AI trainer for dogs.",
         {"building_software_product": True, "ai_product": True}),
        ("We need an app, an AI chatbot for support", {}),
    ],
)  # fmt: skip
def test_built_software_is_distinguished_from_used_software(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No AI strategy written down yet", {"ai_strategy_exists": False}),
        ("We don't have a strategy for AI written down", {"ai_strategy_exists": False}),
        ("our AI strategy is nonexistent", {"ai_strategy_exists": False}),
        ("our AI strategy is being written", {}),
        ("people don't use ChatGPT without a plan", {}),
        ("nobody uses AI without a plan", {}),
        ("we dabble with ChatGPT", {}),
        ("we dabble with ChatGPT, nothing official",
         {"uses_ai": True, "ai_strategy_exists": False, "generic_tools_no_strategy": True}),
        ("our competitors already have AI", {"competitors_gaining": True}),
        ("concurrence have already AI", {"competitors_gaining": True}),
        ("competitors aren't doing anything", {"competitors_gaining": False}),
        ("our CEO has an ML PhD, does that count as a CTO?", {}),
        ("AI is used in sales without a plan", {"uses_ai": True, "ai_strategy_exists": False}),
        ("We are a contractor", {}),
        ("We are a small contractor with 12 people and no software", {}),
        ("we build software for our own use", {}),
        ("the software is just internal", {}),
        ("we might build an app next year", {}),
        ("we build custom websites for clients", {}),
        ("our CTO is leaving", {}),
        ("I'm a CTO. Sorry, no, she's Head of Product", {}),
        ("AI can wait", {}),
        ("AI always gets pushed back", {"warn_later": True}),
        ("the upgrades are urgent, AI can wait a year", {"tech_upgrades_needed": True}),
        ("she keeps up fine", {"warn_cannot_keep_up": False}),
        ("we stopped using our CRM", {"has_crm": False}),
        ("upgrades are planned for next year", {}),
        ("2 million in profit", {}),
        ("our target is 20 million", {}),
    ],
)  # fmt: skip
def test_denied_planned_and_departing_things_are_not_affirmed(text: str, expected: dict[str, Any]) -> None:
    facts = read(text)
    assert _typed({name: value for name, value in facts.items() if name != "headcount"}) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 engineers", {"has_dev_team": True}),
        ("2 founders code plus 4 ML engineers", {"has_dev_team": True}),
        ("no custom builds", {"custom_tech_needed": False}),
        ("I think around 12 million?", {"annual_revenue_usd": 12_000_000}),
        ("turns over roughly 6.5m USD, 90 employees", {"annual_revenue_usd": 6_500_000, "headcount": 90}),
        ("9 to 11 million", {"annual_revenue_usd_min": 9_000_000, "annual_revenue_usd_max": 11_000_000}),
        ("$400k a month", {"monthly_revenue_usd": 400_000}),
        ("We run a B2B SaaS", {"building_software_product": True}),
        ("We're building an AI bookkeeping assistant", {"ai_product": True}),
    ],
)  # fmt: skip
def test_facts_mentioned_in_passing_are_read(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read(text)) == _typed(expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        *((text, "yes") for text in (
            "yes", "yup", "well yes", "we do", "exactly", "sure thing", "it is", "uh huh", "i'd say so", "yes please")),
        *((text, "no") for text in (
            "no", "nope, not yet", "well no", "not at all", "I don't think so", "no sir", "hell no", "it doesn't",
            "we have not", "we don't have one", "not at the moment", "afraid not", "no they aren't", "no, nothing",
            "sorry, no", "that's not us")),
        *((text, "other") for text in ("no, that's wrong", "No, I just said no developers", "no. our people are fine")),
        *((text, None) for text in ("looks good", "go on", "we don't use AI", "no developers", "not all of them")),
    ],
)  # fmt: skip
def test_yes_and_no_are_distinguished_from_text_that_begins_alike(text: str, says: str | None) -> None:
    assert read_reply(text).get("says") == says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what if we had five initiatives?", {"ai_initiatives": 5}),
        ("suppose we hired developers", {"has_dev_team": True}),
        ("and if our revenue were 12 million", {"annual_revenue_usd": 12_000_000}),
        ("would it change if we had a CTO", {"has_cto": True}),
        ("what if the CTO left", {"has_cto": False}),
        ("without a CTO?", {"has_cto": False}),
        ("imagine we did have an AI strategy", {"ai_strategy_exists": True}),
        ("let's say we get a CRM", {"has_crm": True}),
        ("what if we needed custom software", {"custom_tech_needed": True}),
        ("what if our tech needed upgrades", {"tech_upgrades_needed": True}),
        ("what if competitors were pulling ahead with AI", {"competitors_gaining": True}),
        ("what if we were a software company", {"industry": "software"}),
        ("what if we sold an AI product", {"ai_product": True}),
        ("how about with 40 people", {"headcount": 40}),
        ("if one person did both", {"one_person_leads_both": True}),
        ("what if we had a CTO and five initiatives", {"has_cto": True, "ai_initiatives": 5}),
        ("what if we had no CTO", {"has_cto": False}),
        ("what if we didn't have a website", {"has_website": False}),
        ("suppose we got rid of our CRM", {"has_crm": False}),
        ("and with only one initiative instead of six", {"ai_initiatives": 1}),
        ("say we doubled in size to 80 people", {"headcount": 80}),
        ("would it be different if nobody led our tech", {"nobody_leads_tech": True}),
        ("how about if we moved everything to the cloud", {"has_cloud": True}),
        ("what if we were under a million", {"annual_revenue_usd_max": 1_000_000}),
        ("suppose our competitors weren't using AI", {"competitors_gaining": False}),
        ("what would you say if we were 200 people?", {"headcount": 200}),
        ("would you say the same if we needed new systems", {"tech_upgrades_needed": True}),
        ("let's pretend there was already a caio", {"has_caio": True}),
        ("if our cto had time for AI, would that change the verdict", {"has_cto": True, "cto_bandwidth": True}),
        ("if we did have an AI strategy, what then", {"ai_strategy_exists": True}),
        ("assuming we have 12 employees, what do you recommend?", {"headcount": 12}),
        ("what happens to the recommendation if we decide to buy and not build", {"build_vs_buy_pending": False}),
        ("what if we couldn't decide whether to build or buy", {"build_vs_buy_pending": True}),
        ("had we a CTO, would you still say that?", {"has_cto": True}),
        ("what if we had a CTO but no AI strategy", {"has_cto": True, "ai_strategy_exists": False}),
        ("what if we had 30 people and 8 million in revenue", {"headcount": 30, "annual_revenue_usd": 8_000_000}),
        ("imagine we had in-house developers and a CAIO", {"has_dev_team": True, "has_caio": True}),
        ("what if we had neither a CRM nor a website", {"has_crm": False, "has_website": False}),
        ("what if we didn't use AI at all", {"uses_ai": False}),
        ("what if we used AI", {"uses_ai": True}),
        ("suppose we started using ChatGPT", {"uses_ai": True}),
        ("what if our revenue was between 2 and 3 million",
         {"annual_revenue_usd_min": 2_000_000, "annual_revenue_usd_max": 3_000_000}),
        ("what if revenue were 2 million euros", {"revenue_currency": "EUR", "revenue_amount": 2_000_000}),
        ("and if we made 20k a month?", {"monthly_revenue_usd": 20_000}),
        ("what if we hired a CTO", {"has_cto": True}),
        ("what if we don't hire a CTO", {"has_cto": False}),
        ("what if we lost our developers", {"has_dev_team": False}),
        ("what if we didn't need custom tech", {"custom_tech_needed": False}),
        ("what if the tech didn't work", {"tech_works": False}),
        ("what if our tech worked fine", {"tech_works": True}),
        ("if we sold software, would we need a CTO?", {"building_software_product": True}),
        ("would the answer change without the CTO", {"has_cto": False}),
        ("does it matter if we have a dev team", {"has_dev_team": True}),
        ("would you change your advice with 300 employees", {"headcount": 300}),
        ("hypothetically, we have no CRM", {"has_crm": False}),
        ("what if we grew to 60 people", {"headcount": 60}),
        ("if we had more than 100 people", {"headcount_min": 100}),
        ("suppose we're a law firm", {"industry": "law", "service_business": True}),
        ("what if I had 3 AI projects running", {"ai_initiatives": 3}),
        ("what if there were no AI initiatives", {"ai_initiatives": 0}),
        ("even if we had a chief AI officer?", {"has_caio": True}),
        ("what if the same person ran tech and AI", {"one_person_leads_both": True}),
        ("what if our competitors were ahead of us", {"competitors_gaining": True}),
        ("what if we bought hubspot", {"has_crm": True}),
        ("imagine our CTO quit", {"has_cto": False}),
        ("what if it rains", {}),
        ("what if my friend's company had a CTO", {}),
        ("what if a client had 50 people", {}),
        ("do we need a CTO?", {}),
        ("we have a CTO", {}),
        ("how much does it cost", {}),
        ("what if we get questions", {}),
        ("what if I have more questions", {}),
        ("let me know if you need anything", {}),
        ("what about the price", {}),
        ("what does a CTO do if the team grows", {}),
        ("what if our revenue doubled", {}),
        ("what if competitors had 500 people", {}),
        ("if I understand correctly, a CAIO leads AI", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_hypothetical_facts_are_read_from_a_supposition(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read_hypothetical(text)) == _typed(expected)


@pytest.mark.parametrize(
    "nasty",
    [
        "",
        "   ",
        "\0",
        "🙂" * 5_000,
        "我们有50个员工",
        "," * 9_000,
        "5 " * 9_000,
        "no " * 9_000,
        "1" * 9_000,
        "if we had " * 900,
        "sorry, 5 " * 900,
        "4 people, no 5, " * 600,
    ],
)
def test_adversarial_texts_are_read_in_bounded_time(nasty: str) -> None:
    started = time.perf_counter()
    assert not read(nasty).keys() - CONTRACT
    read_reply(nasty)
    read_hypothetical(nasty)
    assert time.perf_counter() - started < 2


def test_reading_takes_milliseconds_and_is_deterministic() -> None:
    texts = [situation["say"] for situation in SITUATIONS]
    first = [read(text) for text in texts]
    started = time.process_time()
    assert [read(text) for text in texts] == first
    assert (time.process_time() - started) / len(texts) < 0.003


def test_command_prints_one_json_object_per_line() -> None:
    lines = ["we are 12 people", "", "nul \0 here", "🙂 我们", "x" * 50_000, "no crm at our place"]
    done = subprocess.run(
        [sys.executable, "-m", "assistant.nlu.company_facts"],
        input="\n".join(lines).encode() + b"\n\xff\xfe broken bytes\n",
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    answers = [json.loads(line) for line in io.BytesIO(done.stdout)]
    assert answers == [{"headcount": 12}, {}, {}, {}, {}, {"has_crm": False}, {}]
