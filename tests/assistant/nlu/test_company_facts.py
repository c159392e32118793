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

from assistant.nlu.company_facts import read, read_reply

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
    "nasty", ["", "   ", "\0", "🙂" * 5_000, "我们有50个员工", "," * 9_000, "5 " * 9_000, "no " * 9_000, "1" * 9_000]
)
def test_nasty_texts_are_read_in_bounded_time(nasty: str) -> None:
    started = time.perf_counter()
    assert not read(nasty).keys() - CONTRACT
    read_reply(nasty)
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
