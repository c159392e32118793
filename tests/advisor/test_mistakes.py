"""An error in a content file is reported in one line with the file, the place and the allowed values."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from advisor import article, fields, framework, interview, prices
from advisor.compiled import CompiledTable
from advisor.content import load, parse
from advisor.edition import Edition, today
from advisor.errors import ContentError, SeatwiseError
from advisor.framework import read_framework

Content = dict[str, Any]
Mistake = Callable[[Content], object]


def content_of(module: Any) -> Content:
    found: Content = load(Path(module.__file__).with_suffix(".yml"))
    return deepcopy(found)


def row(content: Content, name: str, part: str = "roles") -> Content:
    found: Content = next(one for one in content[part] if one["id"] == name)
    return found


FRAMEWORK: dict[str, tuple[Mistake, list[str]]] = {
    "an unknown key": (lambda c: row(c, "P40").update(only_role=["CTO_FIRST"]), ["(P40)", "only_role", "outranks"]),
    "an unknown table": (lambda c: c.update(engagement=[]), ["engagement", "terms"]),
    "a misspelled condition": (lambda c: row(c, "P40")["when"].update(basic_lacking=True), ["(P40)", "basics_lacking"]),
    "a misspelled value": (lambda c: row(c, "P00")["when"].update(leadership="chief"), ["(P00)", "chief", "caio"]),
    "a condition that is unknown": (lambda c: row(c, "P80")["when"].update(ai_trigger="unknown"), ["(P80)", "unknown"]),
    "a misspelled role": (lambda c: row(c, "P80").update(role="CAIO"), ["(P80)", "role", "CAIO_FIRST"]),
    "a misspelled strength": (lambda c: row(c, "P80").update(strength="strong"), ["(P80)", "strength", "firm"]),
    "a misspelled basis": (lambda c: row(c, "P80").update(basis="book"), ["(P80)", "basis", "source"]),
    "a misspelled flag": (lambda c: row(c, "SMALL_FIRM", "flags").update(id="TINY_FIRM"), ["TINY_FIRM", "SMALL_FIRM"]),
    "a misspelled role of a flag": (
        lambda c: row(c, "END_STATE_BOTH", "flags").update(only_roles=["CIO_FIRST"]),
        ["(END_STATE_BOTH)", "only_roles", "CAIO_FIRST"],
    ),
    "misspelled terms": (lambda c: row(c, "E30", "terms").update(terms="PART_TIME"), ["(E30)", "terms", "FRACTIONAL"]),
    "an unknown fact": (lambda c: row(c, "P80").update(facts=["F999"]), ["(P80)", "F999", "article.yml"]),
    "a rule without a fact": (lambda c: row(c, "P80").update(facts=[]), ["(P80)", "fact"]),
    "an unknown figure": (lambda c: c["costs"][0].update(figures=["fee"]), ["costs", "fee", "prices.yml"]),
    "an unknown fact of a trigger": (lambda c: c["triggers"][0].update(fact="F0"), ["triggers", "F0"]),
    "a missing key": (lambda c: row(c, "P80").pop("strength"), ["(P80)", "strength", "required"]),
    "a misspelled field of a condition": (
        lambda c: c["conditions"]["cto_in_place"].append({"leader": "cto"}),
        ["conditions", "cto_in_place", "leader", "leadership"],
    ),
    "a condition defined later": (
        lambda c: c["conditions"]["cto_in_place"].append({"warning_sign": True}),
        ["cto_in_place", "warning_sign"],
    ),
    "a condition with the name of a field": (lambda c: c["conditions"].update(dev_team=[]), ["dev_team", "field"]),
    "a rule that outranks an unknown rule": (
        lambda c: row(c, "P40").update(outranks=["P61"]),
        ["(P40)", "outranks", "P60"],
    ),
    "an unused condition": (
        lambda c: c["conditions"].update(spare=[{"dev_team": True}]),
        ["spare", "reads"],
    ),
    "answers of an unknown field": (lambda c: c["together"].append({"at_once": True}), ["together", "at_once"]),
    "no tables": (lambda c: c.clear(), ["required"]),
}

COMPILED: dict[str, tuple[Mistake, list[str]]] = {
    "an unreachable rule": (
        lambda c: c["roles"].insert(0, {**row(c, "P00"), "when": {}, "outranks": [], "role": "NOT_COVERED"}),
        ["row 1 (P00)", "outranks"],
    ),
    "a rule shadowed by an earlier one": (
        lambda c: c["roles"].insert(c["roles"].index(row(c, "P20")) + 1, {**row(c, "P20"), "id": "P21"}),
        ["(P21)", "can never decide"],
    ),
    "an undeclared order that matters": (
        lambda c: row(c, "P40").update(outranks=[]),
        ["(P40)", "outranks", "P60"],
    ),
    "a declared order that does not matter": (lambda c: row(c, "P70").update(outranks=["P98"]), ["(P70)", "none"]),
    "a company without a role": (lambda c: c["roles"].pop(), ["no role"]),
    "a company without terms": (lambda c: c["terms"].pop(), ["terms", "no terms"]),
    "terms that never apply": (
        lambda c: c["terms"].append({"id": "E99", "terms": "FRACTIONAL"}),
        ["terms", "(E99)", "never"],
    ),
    "a flag that is never raised": (
        lambda c: row(c, "SMALL_FIRM", "flags").update(when={"revenue_band": "lt_1m", "leadership": "both"}),
        ["(SMALL_FIRM)", "never"],
    ),
}


def assert_one_line(error: pytest.ExceptionInfo[SeatwiseError], file: str, wanted: list[str]) -> None:
    message = str(error.value)
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    assert [part for part in wanted if part not in message] == [], message


@pytest.mark.parametrize(("mistake", "wanted"), FRAMEWORK.values(), ids=FRAMEWORK)
def test_framework_error_is_one_line(mistake: Mistake, wanted: list[str]) -> None:
    content = content_of(framework)
    mistake(content)
    with pytest.raises(ContentError) as error:
        read_framework(content, "framework.yml")
    assert_one_line(error, "framework.yml", wanted)


@pytest.mark.parametrize(("mistake", "wanted"), COMPILED.values(), ids=COMPILED)
def test_inconsistent_table_error_is_one_line(mistake: Mistake, wanted: list[str]) -> None:
    content = content_of(framework)
    mistake(content)
    with pytest.raises(ContentError) as error:
        CompiledTable(read_framework(content, "framework.yml"))
    assert_one_line(error, "framework.yml", wanted)


@pytest.mark.parametrize("content", [None, [], "text", 7])
def test_error_for_a_file_that_is_not_a_mapping_is_one_line(content: object) -> None:
    with pytest.raises(ContentError) as error:
        read_framework(content, "framework.yml")
    assert_one_line(error, "framework.yml", ["mapping", "roles"])


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ((interview.Question("company_size", ("headcount",)),), ["company_size", "headcount", "no rule reads"]),
        ((*interview.questions(), interview.Question("tech_stack", ("has_crm",))), ["has_crm", "twice"]),
        (interview.questions()[1:], ["revenue_band", "no question asks"]),
    ],
    ids=["a question no rule reads", "a field asked twice", "a field no question asks"],
)
def test_interview_error_is_one_line(asked: tuple[interview.Question, ...], wanted: list[str]) -> None:
    with pytest.raises(ContentError) as error:
        interview.checked(asked)
    assert_one_line(error, "interview.yml", wanted)


@pytest.mark.parametrize(
    ("mistake", "wanted"),
    [
        (lambda c: c["contents"][0]["facts"]["F001"].update(kind="rumor"), ["contents", "F001", "kind", "claim"]),
        (lambda c: c["contents"][0]["facts"]["F001"].update(hedges=["most"]), ["F001", "hedges", "hedge"]),
        (lambda c: c["contents"][0]["facts"]["F001"].pop("says"), ["F001", "says", "required"]),
        (lambda c: c["source"].update(url="x"), ["source", "url", "title"]),
        (lambda c: c["clashes"]["X01"].pop("how"), ["clashes", "X01", "how"]),
    ],
)
def test_article_error_is_one_line(mistake: Mistake, wanted: list[str]) -> None:
    content = content_of(article)
    mistake(content)
    with pytest.raises(ContentError) as error:
        parse(article._Article, content, "article.yml")
    assert_one_line(error, "article.yml", wanted)


@pytest.mark.parametrize(
    ("mistake", "wanted"),
    [
        (lambda c: c["figures"]["caio_salary"].update(unit="euro"), ["figures", "caio_salary", "unit", "usd"]),
        (lambda c: c["figures"]["caio_salary"].update(low=900_000), ["caio_salary", "low", "high"]),
        (lambda c: c["figures"]["caio_salary"].update(facts=["F999"]), ["caio_salary", "facts", "F999"]),
        (lambda c: c["figures"]["caio_salary"].update(note="x"), ["caio_salary", "note", "open_ended"]),
        (lambda c: c["counts"]["basics"].update(value="three"), ["counts", "basics", "value", "integer"]),
        (lambda c: c.pop("as_of"), ["as_of", "required"]),
    ],
)
def test_price_error_is_one_line(mistake: Mistake, wanted: list[str]) -> None:
    content = content_of(prices)
    mistake(content)
    with pytest.raises(ContentError) as error:
        prices.stated_figures(content, "prices.yml")
    assert_one_line(error, "prices.yml", wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("field: {type: maybe}", ["type", "yes_no"]),
        ("field: {type: yes_no, label: x}", ["label", "depends_on"]),
        ("responses: {}", ["field", "type"]),
        ("- a list", ["field", "type"]),
        ("field: [", ["YAML"]),
    ],
)
def test_field_error_is_one_line(tmp_path: Path, text: str, wanted: list[str]) -> None:
    path = tmp_path / "has_robots.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        fields._field(path.stem, load(path))
    assert str(error.value).partition(": ")[0].endswith("has_robots.yml")
    assert [part for part in wanted if part not in str(error.value)] == []
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("depends_on", "wanted"),
    [
        ({"leader": ["cto"]}, ["warn_later.yml", "depends_on", "leader", "leadership"]),
        ({"leadership": ["ceo"]}, ["warn_later.yml", "depends_on, leadership", "ceo", "cto"]),
    ],
    ids=["an unknown field", "an unknown value"],
)
def test_error_for_an_unknown_dependency_is_one_line(depends_on: Content, wanted: list[str]) -> None:
    field = fields.Field(name="warn_later", type="yes_no", depends_on=depends_on)
    with pytest.raises(ContentError) as error:
        fields.check_dependencies(field, fields.fields())
    assert_one_line(error, "fields/warn_later.yml", wanted)


def test_error_for_an_unknown_interview_key_is_one_line() -> None:
    mistaken = Edition({**today().files, "interview.yml": {"question": {}}})
    with mistaken.in_use(), pytest.raises(ContentError) as error:
        fields.asked_together()
    assert_one_line(error, "interview.yml", ["question", "questions"])
