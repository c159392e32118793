"""A record is proven by deciding again, by the rules it was made by, and its chain shows one altered byte."""

from __future__ import annotations

import io
import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor import VERSION, edition
from advisor.__main__ import main
from advisor.advice import advise
from advisor.chain import BrokenChain, Entry, read_entry, verify
from advisor.company import read_company
from advisor.edition import Edition, find_edition, today
from advisor.errors import ContentError, InputError
from advisor.framework import framework_version
from advisor.record import Record, chained, digest_of, read_record, record, replay

ROOT = Path(__file__).parents[2]
COMPANIES = [
    one["company"] for one in yaml.safe_load((Path(__file__).parent / "golden_cases.yml").read_text(encoding="utf-8"))
]
COMPANY = {"annual_revenue": 5_000_000, "business": ["service"], "ai_strategy": "none", "has_crm": "unknown"}
SOFTWARE = {"annual_revenue": 5_000_000, "business": ["software_product"], "leadership": "none", "ai_strategy": "none"}


def chain_of(*bodies: str | None) -> list[Entry]:
    """A chain of these bodies; an erased one has none."""
    entries: list[Entry] = []
    for number, body in enumerate(bodies, start=1):
        at, digest = 1_800_000_000.125 + number, digest_of(body or "what was erased")
        last = entries[-1].hash if entries else ""
        entries.append(Entry(number, at, body, digest, chained(last, digest, at)))
    return entries


def exported(*bodies: str | None) -> str:
    return "".join(f"{entry.line()}\n" for entry in chain_of(*bodies))


def run(command: str, lines: str) -> tuple[int, str]:
    out = io.StringIO()
    return main([command], io.StringIO(lines), out), out.getvalue()


@pytest.fixture
def earlier() -> Edition:
    """An edition with other firmness, another price, and an answer more."""
    files = deepcopy(dict(today().files))
    files["framework.yml"]["version"] = "2025.1"
    for row in files["framework.yml"]["roles"]:
        row["strength"] = "conditional"
    files["prices.yml"]["figures"]["caio_fractional_price"].update(low=1_000, high=2_000)
    files["fields/leadership.yml"]["field"]["values"].append("intern")
    return Edition(files)


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edition, "_VERSIONS", tmp_path)
    return tmp_path


def recorded(made_by: Edition, inputs: dict[str, Any]) -> Record:
    with made_by.in_use():
        return record(inputs)


@pytest.mark.parametrize("company", COMPANIES, ids=range(len(COMPANIES)))
def test_golden_case_replays_to_the_same_bytes(company: dict[str, Any]) -> None:
    body = record(company).body()
    found = read_record(body)
    assert found.body() == body
    assert replay(found).same
    assert found.output == json.loads(json.dumps(advise(read_company(company)).as_json()))


def test_record_names_its_versions_and_is_salted() -> None:
    one, other = record(COMPANY), record(COMPANY)
    assert (one.framework, one.code, one.content) == (framework_version(), VERSION, today().digest)
    assert replace(one, nonce="") == replace(other, nonce="")
    assert one.nonce != other.nonce
    assert len(bytes.fromhex(one.nonce)) == 16
    assert one.inputs == COMPANY


def test_code_has_the_version_of_the_package() -> None:
    assert f'\nversion = "{VERSION}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "body", ["", "null", "[]", "{}", '{"inputs":{}}', "[" * 100_000, record(COMPANY).body() + " ", "NaN"]
)
def test_text_that_is_no_record_is_an_error_of_one_line(body: str) -> None:
    with pytest.raises(InputError, match="not that of a record"):
        read_record(body)


def test_record_of_a_kept_edition_replays_on_its_own_rules(earlier: Edition, versions: Path) -> None:
    old = recorded(earlier, SOFTWARE | {"leadership": "intern"})
    (versions / "2025.1.json").write_text(earlier.as_json())
    assert (old.framework, old.output["strength"]) == ("2025.1", "conditional")
    assert replay(old).same
    assert replay(record(SOFTWARE)).same
    assert framework_version() != "2025.1"


@pytest.mark.parametrize("company", COMPANIES, ids=range(len(COMPANIES)))
def test_record_of_this_version_replays_on_its_own_rules_after_a_change(
    company: dict[str, Any], earlier: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = record(company)
    monkeypatch.setattr(edition, "today", lambda: earlier)  # as if the files were other ones by now
    assert record(company).content != old.content
    assert replay(old).same


def test_replay_says_which_version_differs_and_what_changed(earlier: Edition) -> None:
    for inputs in (COMPANY, SOFTWARE):
        old = recorded(earlier, inputs)
        said = replay(old)
        assert not said.same
        assert [one.name for one in said.versions] == ["framework", "content"]
        assert {one.name for one in said.changes} <= {"strength", "costs", "framework_version"}
        now = record(inputs).output["strength"]
        assert (
            f'framework: "2025.1", now "{framework_version()}"; content: "{old.content[:12]}", of which no copy'
            in str(said)
        )
        assert f'strength: "conditional", now "{now}"' in str(said)


def test_replay_reports_answers_that_are_no_longer_taken(earlier: Edition) -> None:
    said = replay(recorded(earlier, {"leadership": "intern"}))
    assert not said.same
    assert "advice: given, now none: field 'leadership' has the value 'intern'; allowed: one of none, cto" in str(said)


def test_replay_names_other_code_only_if_something_else_differs() -> None:
    made = record(COMPANY)
    assert str(replay(replace(made, code="0.0.1"))) == "same"
    wrong = replace(made, code="0.0.1", output={**made.output, "role": "CTO_FIRST"})
    assert str(replay(wrong)) == f'code: "0.0.1", now "{VERSION}"; role: "CTO_FIRST", now "{made.output["role"]}"'


def test_forged_record_with_any_text_is_reported_in_one_line() -> None:
    made = record(COMPANY)
    forged = replace(made, framework="\ud800\n", content="\n", output={**made.output, "a\n\ud800": "\n"}).body()
    code, said = run("replay", exported(forged))
    assert (code, said.count("\n")) == (1, 1)
    assert said.encode().startswith(b'1: framework: "\\ud800\\n", now ')
    odd = replace(chain_of(None)[0], digest="\ud800").line()
    assert run("verify", odd)[0] == 1


def test_words_and_examples_are_not_part_of_an_edition() -> None:
    files = deepcopy(dict(today().files))
    files["fields/leadership.yml"]["field"]["examples"] = {}
    files["fields/leadership.yml"]["responses"] = {}
    files["article.yml"]["contents"][0]["facts"]["F001"].update(says="other words", hedge=["most"])
    assert Edition(files).digest == today().digest
    assert Edition(json.loads(today().as_json())).digest == today().digest


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files["framework.yml"].update(version="x"),
        lambda files: files["framework.yml"]["roles"].reverse(),
        lambda files: files["framework.yml"].update(
            conditions=dict(reversed(files["framework.yml"]["conditions"].items()))
        ),
        lambda files: files["prices.yml"].update(as_of=2027),
        lambda files: files["interview.yml"]["questions"].popitem(),
        lambda files: files["fields/leadership.yml"]["field"].update(given=False),
        lambda files: files["article.yml"]["contents"][0].update(section="x"),
    ],
    ids=["version", "rules", "order of conditions", "prices", "interview", "fields", "article"],
)
def test_all_that_decides_is_part_of_an_edition(change: Any) -> None:
    files = deepcopy(dict(today().files))
    change(files)
    assert Edition(files).digest != today().digest


def test_this_edition_is_kept_under_its_version() -> None:
    kept = edition._VERSIONS / f"{framework_version()}.json"
    assert kept.exists() and kept.read_text(encoding="utf-8") == f"{today().as_json()}\n", "see CONTRIBUTING.md"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"framework.yml": {}, "article.yml": 3}'])
def test_kept_file_that_is_no_edition_is_an_error_of_one_line(versions: Path, text: str) -> None:
    (versions / "2025.1.json").write_text(text)
    with pytest.raises(ContentError, match="2025.1.json: is not what `python -m advisor edition` printed"):
        find_edition("another")


def test_commands_prove_an_exported_chain() -> None:
    lines = exported(record(COMPANY).body(), None, record(SOFTWARE).body())
    assert run("replay", lines) == (0, "1: same\n2: erased\n3: same\n")
    assert run("verify", lines) == (
        0,
        f"3 records, intact; the last hash is {json.loads(lines.splitlines()[2])['hash']}\n",
    )
    assert run("replay", "") == (0, "")
    assert run("verify", "\n") == (0, "no records\n")


def test_replay_command_fails_if_one_record_differs(earlier: Edition) -> None:
    code, said = run("replay", exported(recorded(earlier, COMPANY).body(), record(COMPANY).body()))
    assert code == 1
    assert said.splitlines()[0].startswith('1: framework: "2025.1", now ')
    assert said.splitlines()[1] == "2: same"


def test_edition_command_prints_what_is_kept(versions: Path) -> None:
    code, said = run("edition", "")
    (versions / "today.json").write_text(said)
    assert (code, list(edition._kept(versions))) == (0, [today().digest])


@pytest.mark.parametrize("command", ["replay", "verify"])
@pytest.mark.parametrize(
    "line", ["{", "[]", "null", '{"number":1}', '{"number":"1","at":1,"body":2,"digest":3,"hash":4}']
)
def test_line_that_is_no_record_exits_with_2(command: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = exported(record(COMPANY).body())
    code, _ = run(command, f"{lines}{line}\n")
    said = capsys.readouterr().err
    assert (code, said.count("\n"), said.partition(":")[0]) == (2, 1, "line 2")


@pytest.mark.parametrize("part", ["body", "digest", "hash"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_altered_record_is_named(part: str, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    entries = chain_of(*(record(COMPANY).body() for _ in range(3)))
    entry = entries[number - 1]
    kept = getattr(entry, part)
    entries[number - 1] = replace(entry, **{part: kept.replace("0", "1", 1) if "0" in kept else f"0{kept[1:]}"})
    code, _ = run("verify", "".join(f"{one.line()}\n" for one in entries))
    assert code == 1
    assert capsys.readouterr().err.startswith(f"record {number} was altered")


def test_record_that_was_removed_or_moved_is_found() -> None:
    one, two, three = chain_of("a", "b", "c")
    for wrong in ([two, three], [one, three], [one, three, two]):
        with pytest.raises(BrokenChain, match=r"record \d is missing"):
            verify(wrong)
    with pytest.raises(BrokenChain, match="record 2 was altered"):
        verify([one, replace(three, number=2)])
    assert verify([one, replace(two, body=None), three]) == three


LINES = exported(record(COMPANY).body(), None, record(SOFTWARE).body()).encode()


@settings(max_examples=2_000, deadline=None)
@given(place=st.integers(0, len(LINES) - 2), other=st.integers(1, 255))
def test_one_altered_byte_in_an_export_is_found(place: int, other: int) -> None:
    altered = bytearray(LINES)
    altered[place] ^= other
    code, _ = run("verify", altered.decode("utf-8", "backslashreplace"))
    assert code in (1, 2)


def test_entry_reads_back_from_its_line() -> None:
    for entry in chain_of(record(COMPANY).body(), None):
        assert read_entry(entry.line()) == entry
