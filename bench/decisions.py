"""Throughput of the advisor in companies per second, including process start, reading and writing."""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path

from assistant.training import rasa_environment
from bench.companies import companies
from bench.environments import ROOT
from bench.errors import BenchError
from bench.table import Row, number
from bench.usage import run

_COUNT = 50_000
_REQUIRED = 5_000  # companies per second on one core, as required


def measure(folder: Path) -> list[Row]:
    """Advise all companies in one process and count its CPU seconds."""
    asked, advice = folder / "companies.jsonl", folder / "advice.jsonl"
    asked.write_text("\n".join(companies(_COUNT)) + "\n", encoding="utf-8")
    with asked.open("rb") as lines:
        spent = run([sys.executable, "-m", "advisor", "advise"], advice, rasa_environment(), ROOT, stdin=lines)
    with advice.open(encoding="utf-8") as given:
        changes = [len(json.loads(line)["would_change"]) for line in islice(given, _COUNT + 1)]
    if len(changes) != _COUNT or not any(changes):
        raise BenchError(f"{_COUNT} companies were sent, but {len(changes)} got advice")
    throughput = _COUNT / spent.cpu
    return [
        Row(
            f"decisions: `python -m advisor advise`, {_COUNT:,} varied companies", "per CPU second", number(throughput)
        ),
        Row(f"the same, relative to the required {_REQUIRED:,}", "%", number(100 * throughput / _REQUIRED)),
    ]
