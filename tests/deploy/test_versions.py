"""The deployed version matches the project and its changelog."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def test_project_changelog_and_kubernetes_have_the_same_version() -> None:
    project = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.M)
    released = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.M)
    kustomization = yaml.safe_load((ROOT / "deploy/kubernetes/kustomization.yml").read_text(encoding="utf-8"))
    [image] = kustomization["images"]
    assert project and released
    assert project[1] == released[1] == image["newTag"]
