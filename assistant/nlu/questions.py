"""Labelled messages in Rasa's own format, read without Rasa: for fitting thresholds and for judging the model."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import yaml


class Labelled(NamedTuple):
    """A message and what it is about: an intent, or ``intent/topic``."""

    label: str
    text: str


def read_files(*folders: Path) -> list[Labelled]:
    """All examples of the NLU files below the folders, in a fixed order."""
    return [labelled for path in _files(folders) for labelled in _examples(path)]


def families(folder: Path) -> dict[str, str]:
    """The family of every topic below a folder, by its label."""
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


def _examples(path: Path) -> list[Labelled]:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(content, dict):
        return []
    return [
        Labelled(block["intent"], line.strip().removeprefix("- ").strip())
        for block in content.get("nlu", [])
        for line in block["examples"].splitlines()
        if line.strip()
    ]
