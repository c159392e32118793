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


def read_synonyms(folder: Path) -> dict[str, str]:
    """All synonyms in the NLU files below a folder, each phrase with its value."""
    return {
        phrase: block["synonym"]
        for path in _files([folder])
        for block in _blocks(path)
        if "synonym" in block
        for phrase in _lines(block)
    }


def _files(folders: Iterable[Path]) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*.yml"))]


def _examples(path: Path) -> list[LabeledExample]:
    return [
        LabeledExample(block["intent"], line) for block in _blocks(path) if "intent" in block for line in _lines(block)
    ]


def _blocks(path: Path) -> list[dict[str, str]]:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return list(content.get("nlu", [])) if isinstance(content, dict) else []


def _lines(block: dict[str, str]) -> list[str]:
    return [line.strip().removeprefix("- ").strip() for line in block["examples"].splitlines() if line.strip()]
