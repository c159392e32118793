"""The paths, links, commands and settings in the documentation exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from assistant.delivery.hubspot import PROPERTIES
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=[one.name for one in DOCUMENTS])
def test_links_resolve(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text_of(document))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=[one.name for one in DOCUMENTS])
def test_paths_exist(document: Path) -> None:
    named = re.findall(
        r"`((?:advisor|actions|assistant|bench|console|data|deploy|docs|stubs|tests)/[^`]*)`", text_of(document)
    )
    patterns = [re.sub(r"<[^>]+>", "*", path.rstrip("/")) for path in named]
    assert [pattern for pattern in patterns if not any(ROOT.glob(pattern))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=[one.name for one in DOCUMENTS])
def test_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^(\w+):", text_of(ROOT / "Makefile"), flags=re.M))
    named = re.findall(r"(?:`|= |^    )(?:\w+=\d+ )?make (\w+)", text_of(document), flags=re.M)
    assert set(named) <= targets


def test_documented_settings_match_the_code() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", text_of(ROOT / "docs" / "settings.md"), flags=re.M))
    fields = {field.alias: field for field in Settings.__fields__.values()}
    assert list(table) == list(fields)
    for name, field in fields.items():
        if field.default and name != "SEATWISE_DATABASE_URL":
            assert table[name] == f"`{field.default}`"


def test_settings_that_documents_name_exist() -> None:
    fields = {field.alias for field in Settings.__fields__.values()}
    current = [document for document in DOCUMENTS if document.name != "CHANGELOG.md"]  # which tells of the past too
    named = {name for document in current for name in re.findall(r"`(SEATWISE_[A-Z_]+)`", text_of(document))}
    assert {name.removesuffix("_FILE") for name in named} <= fields


def test_secrets_that_can_be_files_are_documented() -> None:
    [line] = re.findall(r"(.+) can each be read from a file instead", text_of(ROOT / "docs" / "settings.md"))
    secrets = [field.alias for field in Settings.__fields__.values() if field.field_info.extra["secret"]]
    assert set(re.findall(r"`(\w+)`", line)) == set(secrets)


def test_environment_is_read_only_in_known_modules() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for package in ("advisor", "actions", "assistant", "console")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"os\.(environ\b|getenv)", text_of(path))
    ]
    assert sorted(readers) == [
        "assistant/__main__.py",  # passes it to the launcher
        "assistant/launcher.py",
        "assistant/settings.py",
        "assistant/training.py",  # passes it to the processes of Rasa
    ]


def test_readme_command_works() -> None:
    line = re.search(r"echo '(.+)' \| .+ -m advisor advise", text_of(ROOT / "README.md"))
    assert line
    answer = subprocess.run(
        [sys.executable, "-m", "advisor", "advise"],
        input=line[1],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"role"' in answer.stdout


def test_properties_of_hubspot_are_documented() -> None:
    documented = re.findall(
        r"^\| `(seatwise_\w+)` \| (?:single|multi)-line", text_of(ROOT / "docs" / "before-the-call.md"), flags=re.M
    )
    assert documented == list(PROPERTIES)


@pytest.mark.parametrize("manifest", sorted((ROOT / "deploy" / "slack").glob("*.yml")), ids=lambda path: path.name)
def test_scopes_of_slack_are_documented(manifest: Path) -> None:
    scopes = yaml.safe_load(text_of(manifest))["oauth_config"]["scopes"]
    text = text_of(ROOT / "docs" / "slack.md").partition("## Scopes")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+)\|", text, flags=re.M)
    documented = {scope: "optional" in row for row in rows for scope in re.findall(r"`([\w:.]+)`", row)}
    assert documented == {scope: scope in scopes["bot_optional"] for scope in scopes["bot"]}
