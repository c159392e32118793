"""What prospects say of their companies is read as a careful person would read it, and nothing more."""

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

from assistant.nlu.company_facts import read, read_reply, read_supposition

ROOT = Path(__file__).parents[3]
SITUATIONS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests/held_out/company_facts.yml").read_text(encoding="utf-8")
)
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
    """1 and True are equal in Python, but not as a headcount."""
    return {(field, "flag" if isinstance(value, bool) else "value", value) for field, value in facts.items()}


def test_precision_and_recall_on_held_out_descriptions() -> None:
    right, extra, missed = Counter[str](), Counter[str](), Counter[str]()
    for situation in SITUATIONS:
        told, expected = _typed(read(situation["say"])), _typed(situation["facts"])
        right.update(field for field, *_ in told & expected)
        extra.update(field for field, *_ in told - expected)
        missed.update(field for field, *_ in expected - told)
    for field in sorted(right | extra | missed):
        print(f"{field:28} right {right[field]:3}  extra {extra[field]:3}  missed {missed[field]:3}")
    precision, recall = right.total() / (right + extra).total(), right.total() / (right + missed).total()
    print(f"precision {precision:.3f}, recall {recall:.3f} over {len(SITUATIONS)} descriptions")
    assert precision >= 0.95
    assert recall >= 0.90


def test_every_situation_expects_only_names_of_the_contract() -> None:
    assert {field for situation in SITUATIONS for field in situation["facts"]} <= CONTRACT


def test_every_boolean_fact_is_expected_in_some_situation() -> None:
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
        ("just the website", {"mentioned": ["website"], "only": True}),
        ("HubSpot and AWS", {"mentioned": ["crm", "cloud"]}),
        ("website and crm, no cloud", {"mentioned": ["website", "crm"], "negated": ["cloud"]}),
        ("no crm", {"negated": ["crm"]}),
        ("everything but a website", {"negated": ["website"], "scope": "all"}),
        ("nothing but a website", {"mentioned": ["website"], "only": True, "scope": "none"}),
        ("all three", {"scope": "all"}),
        ("none of them", {"scope": "none"}),
        ("both", {"scope": "both"}),
        ("the first one", {"scope": "first"}),
        ("nobody", {"mentioned": ["nobody"]}),
        ("a fractional CTO", {"mentioned": ["cto"]}),
        ("the time and the accountability but not the expertise",
         {"mentioned": ["bandwidth", "accountable"], "negated": ["expertise"]}),
        ("an AI product", {"mentioned": ["ai_product"]}),
        ("what is a CRM?", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_short_reply_names_figures_and_things(reply: str, expected: dict[str, Any]) -> None:
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
def test_a_correction_or_a_total_wins_over_what_was_said_before(text: str, expected: dict[str, Any]) -> None:
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
def test_short_words_stand_for_what_was_spoken_of_and_others_stay_others(text: str, expected: dict[str, Any]) -> None:
    assert read(text) == expected


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
def test_a_hypothetical_message_tells_what_it_supposes_of_the_company(text: str, expected: dict[str, Any]) -> None:
    assert _typed(read_supposition(text)) == _typed(expected)


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
def test_nasty_texts_are_read_in_bounded_time(nasty: str) -> None:
    started = time.perf_counter()
    assert not read(nasty).keys() - CONTRACT
    read_reply(nasty)
    read_supposition(nasty)
    assert time.perf_counter() - started < 2


def test_a_message_takes_milliseconds_and_reads_the_same_twice() -> None:
    texts = [situation["say"] for situation in SITUATIONS]
    first = [read(text) for text in texts]
    started = time.process_time()
    assert [read(text) for text in texts] == first
    assert (time.process_time() - started) / len(texts) < 0.003


def test_the_command_answers_every_line_with_one_object() -> None:
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
