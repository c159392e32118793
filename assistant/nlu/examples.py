"""Reads labeled examples from Rasa NLU files without Rasa, for calibration and evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import yaml


class LabeledExample(NamedTuple):
    """A message and its label: an intent, or ``intent/topic``."""

    label: str
    text: str


def read_examples(*folders: Path) -> list[LabeledExample]:
    """All examples in the NLU files below the folders, in a deterministic order."""
    return [labelled for path in _files(folders) for labelled in _examples(path)]


def families(folder: Path) -> dict[str, str]:
    """The family of each topic below a folder, by label."""
    found: dict[str, str] = {}
    for path in _files([folder]):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for name, variants in content.get("responses", {}).items():
            family = variants[0].get("metadata", {}).get("family")
            if family:
                found[name.removeprefix("utter_")] = family
    return found


def _files(folders: Iterable[Path]) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*.yml"))]


def _examples(path: Path) -> list[LabeledExample]:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(content, dict):
        return []
    return [
        LabeledExample(block["intent"], line.strip().removeprefix("- ").strip())
        for block in content.get("nlu", [])
        for line in block["examples"].splitlines()
        if line.strip()
    ]
