"""Known advisories of locked packages were reviewed for the locked versions."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "deploy" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def reviewed() -> dict:
    return yaml.safe_load((ROOT / "deploy" / "advisories.yml").read_text(encoding="utf-8"))["packages"]


def test_reviewed_versions_match_the_lock(audit: ModuleType, reviewed: dict) -> None:
    assert audit.changed_since_review(LOCK, reviewed) == []
    assert all(entry["reason"] for entry in reviewed.values())


def test_updated_package_needs_a_new_review(audit: ModuleType, reviewed: dict) -> None:
    updated = re.sub(r"^aiohttp==\S+", "aiohttp==3.9.6", LOCK, flags=re.M)
    assert audit.changed_since_review(updated, reviewed) == ["aiohttp"]


def fake_pip_audit(folder: Path, printed: str) -> Path:
    """A fake pip-audit that prints this."""
    tool = folder / "pip-audit"
    tool.write_text(f"#!/bin/sh\ncat <<'END'\n{printed}\nEND\n", encoding="utf-8")
    tool.chmod(0o755)
    return tool


@pytest.mark.parametrize(
    "printed", ["", "no JSON", '{"dependencies": [{"name": "aiohttp", "skip_reason": "not found"}]}']
)
def test_audit_without_advisories_prints_a_notice_and_passes(
    audit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], printed: str
) -> None:
    monkeypatch.setattr(audit, "_TOOL", fake_pip_audit(tmp_path, printed))
    assert audit.main() == 0
    assert "no advisories are available" in capsys.readouterr().out


def test_package_that_could_not_be_looked_up_is_named(
    audit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = '{"dependencies": [{"name": "yarl", "vulns": []}, {"name": "attrs", "skip_reason": "not found"}]}'
    monkeypatch.setattr(audit, "_TOOL", fake_pip_audit(tmp_path, printed))
    assert audit.main() == 0
    assert capsys.readouterr().out == "audit: attrs could not be looked up\n"


@pytest.mark.parametrize(("name", "code"), [("aiohttp", 0), ("sanic", 1), ("requests", 1)])
def test_advisory_fails_the_audit_unless_its_package_was_reviewed(
    audit: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    code: int,
) -> None:
    printed = f'{{"dependencies": [{{"name": "{name}", "version": "1", "vulns": [{{"id": "PYSEC-1"}}]}}]}}'
    monkeypatch.setattr(audit, "_TOOL", fake_pip_audit(tmp_path, printed))
    assert audit.main() == code
    assert f"audit: {name}" in capsys.readouterr().out
