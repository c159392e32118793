"""``python -m advisor advise``: the contract for other programs."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from advisor.__main__ import main
from advisor.fields import fields

ROOT = Path(__file__).parents[2]
OUTPUT = (
    *("role", "rule", "strength", "matched", "flags", "engagement", "facts", "contingent_on", "would_change"),
    *("costs", "hours", "framework_version"),
)
GOOD = '{"annual_revenue": 5000000, "generic_tools_no_strategy": true}'
BAD = {
    '{"revenue": 5}': ["'revenue'", "annual_revenue"],
    '{"has_crm": "yes"}': ["'has_crm'", "'yes'", "true or false"],
    '{"has_crm": "true"}': ["'has_crm'", "'true'", "true or false"],
    '{"has_crm": 1}': ["'has_crm'", "1", "true or false"],
    '{"has_crm": null}': ["'has_crm'", "None", "true or false"],
    '{"headcount": -3}': ["'headcount'", "-3", "zero or more"],
    '{"headcount": true}': ["'headcount'", "True", "a whole number"],
    '{"headcount": 3.5}': ["'headcount'", "3.5", "a whole number"],
    '{"annual_revenue": -0.5}': ["'annual_revenue'", "-0.5", "zero or more"],
    '{"annual_revenue": NaN}': ["'annual_revenue'", "nan", "a number of US dollars"],
    '{"annual_revenue": Infinity}': ["'annual_revenue'", "inf", "a number of US dollars"],
    '{"annual_revenue": 1e999}': ["'annual_revenue'", "inf", "a number of US dollars"],
    '{"annual_revenue": false}': ["'annual_revenue'", "False", "a number of US dollars"],
    '{"annual_revenue": "5M"}': ["'annual_revenue'", "'5M'", "a number of US dollars"],
    '{"annual_revenue": -1' + "0" * 400 + "}": ["'annual_revenue'", "zero or more"],
    '{"revenue_band": "5m"}': ["'revenue_band'", "'5m'", "lt_1m, 1m_10m, 10m_50m, ge_50m"],
    '{"annual_revenue": 5e6, "revenue_band": "lt_1m"}': ["'revenue_band'", "'lt_1m'", "1m_10m"],
    '{"business": "service"}': ["'business'", "'service'", "a list of"],
    '{"business": ["bakery"]}': ["'business'", "['bakery']", "service, software_product, ai_product, other"],
    '{"business": [["service"]]}': ["'business'", "[['service']]", "a list of"],
    '{"leadership": "ceo"}': ["'leadership'", "'ceo'", "none, cto, caio, both, one_person_both"],
    '{"leadership": "\\u65e0\\n"}': ["'leadership'", "allowed"],
    '{"ai_strategy": {}}': ["'ai_strategy'", "{}", "none, in_place"],
    '{"ai_initiatives": "5+"}': ["'ai_initiatives'", "'5+'", "a whole number"],
    '{"soci\\u00e9t\\u00e9 \\ud83e\\udd80": 1}': ["not known", "allowed"],
    '{"\\ud800": 1}': ["not known", "allowed"],
    '{"has\\ncrm": true}': ["'has\\ncrm'", "allowed"],
    "[]": ["object", "list"],
    '"service"': ["object", "str"],
    "null": ["object", "NoneType"],
    "5": ["object", "int"],
    "company": ["not JSON", "object"],
    "{'has_crm': true}": ["not JSON", "object"],
    '{"has_crm": true': ["not JSON", "object"],
    '{"has_crm": true} {}': ["not JSON", "object"],
    '{"headcount": 1' + "0" * 5000 + "}": ["not JSON", "object"],
    "[" * 100_000: ["not JSON", "object"],
}
"""Invalid lines, and what the error message must contain."""


def run(*lines: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the output for these lines."""
    out = io.StringIO()
    code = main(["advise"], (f"{line}\n" for line in lines), out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def start(given: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "advisor", "advise"]
    return subprocess.run(command, input=given, capture_output=True, cwd=ROOT, env={**os.environ, **environment})


def test_each_input_line_gives_one_output_line_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    code, advice = run(GOOD, '{"annual_revenue": 80000000}', '{"leadership": "both"}')
    assert code == 0
    assert [one["role"] for one in advice] == ["CAIO_FIRST", "NOT_COVERED", "ROLES_IN_PLACE"]
    assert capsys.readouterr().err == ""


def test_output_has_the_fields_order_and_types_of_the_contract() -> None:
    _, (advice, nobody) = run(GOOD, '{"leadership": "both"}')
    assert tuple(advice) == tuple(nobody) == OUTPUT
    for field in ("role", "rule", "strength", "engagement", "framework_version"):
        assert isinstance(advice[field], str)
    assert nobody["engagement"] is None
    for field in ("matched", "flags", "facts", "contingent_on"):
        assert isinstance(advice[field], list)
        assert all(isinstance(one, str) for one in advice[field])
    assert set(advice["contingent_on"]) <= set(fields())
    for change in advice["would_change"]:
        assert tuple(change) == ("set", "role", "engagement")
        assert set(change["set"]) <= set(fields())
    for figure in advice["costs"] + advice["hours"]:
        assert {"name", "unit", "low", "high", "text", "facts", "as_of"} <= set(figure)


def test_listed_changes_are_valid_input_and_lead_to_the_promised_advice() -> None:
    company = {"revenue_band": "1m_10m", "generic_tools_no_strategy": True}
    _, (advice,) = run(json.dumps(company))
    code, again = run(*(json.dumps({**company, **change["set"]}) for change in advice["would_change"]))
    assert code == 0
    assert [(one["role"], one["engagement"]) for one in again] == [
        (change["role"], change["engagement"]) for change in advice["would_change"]
    ]


def test_unknown_declined_and_missing_fields_give_the_same_output() -> None:
    _, advice = run(*(json.dumps(dict.fromkeys(fields(), answer)) for answer in ("unknown", "declined")), "{}")
    assert advice[0] == advice[1] == advice[2]


def test_blank_lines_are_skipped() -> None:
    code, advice = run("", GOOD, "   ", "\t", GOOD, "")
    assert (code, len(advice)) == (0, 2)
    assert run() == (0, [])


@pytest.mark.parametrize("line", BAD, ids=lambda line: line[:40])
def test_invalid_line_exits_with_2_and_a_one_line_error(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, advice = run(GOOD, "", line, GOOD)
    assert code == 2
    assert len(advice) == 1, "lines before the invalid one are answered, later ones are not"
    message = capsys.readouterr().err
    assert message.startswith("line 3: ")
    assert message.count("\n") == 1
    assert [part for part in BAD[line] if part not in message] == []


def test_huge_number_is_accepted() -> None:
    code, advice = run('{"annual_revenue": 1' + "0" * 400 + "}", '{"headcount": 1' + "0" * 400 + "}")
    assert code == 0
    assert [one["rule"] for one in advice] == ["P99", "P97"]


@pytest.mark.parametrize(
    ("amount", "rule", "engagement"),
    [
        ("999999.99", "P98", "NOT_COVERED"),
        ("1e6", "P90", "FRACTIONAL"),
        ("1e7", "P90", "FRACTIONAL"),
        ("10000000.01", "P98", "NOT_COVERED"),
        ("49.99e6", "P98", "NOT_COVERED"),
        ("50e6", "P99", "NOT_COVERED"),
    ],
)
def test_revenue_band_boundaries_match_the_article(amount: str, rule: str, engagement: str) -> None:
    _, (advice,) = run(f'{{"annual_revenue": {amount}}}')
    assert (advice["rule"], advice["engagement"]) == (rule, engagement)


@pytest.mark.parametrize("arguments", [[], ["price"], ["advise", "--help"], ["advise", "advise"]])
def test_invalid_arguments_exit_with_2_and_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    assert main(arguments, [GOOD], out) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("usage: python -m advisor advise")
    assert printed.count("\n") == 1
    assert out.getvalue() == ""


def test_output_is_deterministic_across_processes() -> None:
    lines = "".join(f"{line}\n" for line in (GOOD, '{"business": ["service", "ai_product"]}', "{}")).encode()
    first, second = (start(lines, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert (first.returncode, first.stderr) == (0, b"")
    assert first.stdout == second.stdout
    assert [tuple(json.loads(line)) for line in first.stdout.splitlines()] == [OUTPUT] * 3


def test_bad_line_exits_with_2_after_answering_earlier_lines() -> None:
    done = start(f'{GOOD}\n{{"has_crm": "yes"}}\n{GOOD}\n'.encode())
    assert (done.returncode, done.stdout.count(b"\n"), done.stderr.count(b"\n")) == (2, 1, 1)
    assert b"line 2: field 'has_crm' has the value 'yes'; allowed: true or false" in done.stderr


def test_invalid_utf8_is_reported_as_an_invalid_line() -> None:
    done = start(f"{GOOD}\n".encode() + b'{"leadership": "\xff\xfe"}\n', PYTHONIOENCODING="utf-8:strict")
    assert (done.returncode, done.stdout.count(b"\n"), done.stderr.count(b"\n")) == (2, 1, 1)
    assert done.stderr.startswith(b"line 2: ")


def test_1000_companies_take_less_than_a_second() -> None:
    lines = [json.dumps({"annual_revenue": 20_000 * number, "ai_initiatives": number % 9}) for number in range(1_000)]
    run(*lines[:50])
    began = time.process_time()
    code, advice = run(*lines)
    assert (code, len(advice)) == (0, 1_000)
    assert time.process_time() - began < 1


def test_content_error_is_reported_in_one_line_without_traceback(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "advisor", tmp_path / "advisor")
    shutil.copytree(ROOT / "data" / "fields", tmp_path / "data" / "fields")
    table = tmp_path / "advisor" / "framework.yml"
    table.write_text(table.read_text(encoding="utf-8").replace("role: CTO_COVERS_AI", "role: CTO_DOES_AI", 1))
    command = [sys.executable, "-m", "advisor", "advise"]
    ended = subprocess.run(command, cwd=tmp_path, input="{}\n", capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("framework.yml: roles, row 8 (P20), role: ")
    assert ended.stderr.count("\n") == 1
