"""A marker word for tests, and a search for it in the bytes of files."""

from __future__ import annotations

import subprocess
from pathlib import Path

CANARY = "quaggafish"


def files_containing(folder: Path, *words: str) -> set[str]:
    """The files in a folder, by relative path, that contain one of these words; the canary by default.

    The search runs in another process, since closing an SQLite file drops the locks of this process on it.
    """
    patterns = [part for word in words or (CANARY,) for part in ("-e", word)]
    found = subprocess.run(
        ["grep", "--recursive", "--text", "--files-with-matches", "--ignore-case", "--fixed-strings", *patterns, "."],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return {line.removeprefix("./") for line in found.stdout.splitlines()}
