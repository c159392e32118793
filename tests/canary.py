"""A word that a test says somewhere, and a search for it in the bytes of files."""

from __future__ import annotations

import subprocess
from pathlib import Path

CANARY = "quaggafish"


def holding(folder: Path, *words: str) -> set[str]:
    """The files below a folder, relative to it, in which one of these words is found; the canary by default.

    Another process reads: one that closes an SQLite file loses the locks that its own connections have on it.
    """
    patterns = [part for word in words or (CANARY,) for part in ("-e", word)]
    found = subprocess.run(
        ["grep", "--recursive", "--text", "--files-with-matches", "--ignore-case", "--fixed-strings", *patterns, "."],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return {line.removeprefix("./") for line in found.stdout.splitlines()}
