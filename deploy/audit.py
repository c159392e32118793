"""Looks for published security advisories of the locked packages: ``make audit``.

Advisories come from the package index configured for pip. If it has none or cannot be reached, a notice is printed and
only the versions reviewed in deploy/advisories.yml are compared with the lock.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
_TOOL = ROOT / ".audit" / "bin" / "pip-audit"
_TIMEOUT = 300  # seconds


def main() -> int:
    """Return 0 if nothing is to be done, 1 after printing what is."""
    lock = ROOT / "requirements.lock"
    reviewed: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "advisories.yml").read_text(encoding="utf-8"))
    changed = changed_since_review(lock.read_text(encoding="utf-8"), reviewed["packages"])
    for name in changed:
        print(f"audit: {name} is not at the version reviewed in deploy/advisories.yml; review it again")
    found = advisories(lock)
    if found is None:
        print("audit: no advisories are available; only the reviewed versions were compared with the lock")
        return bool(changed)
    for name, ids in sorted(found.items()):
        what = "reviewed, not reachable" if name in reviewed["packages"] else "NOT REVIEWED"
        print(f"audit: {name} ({what}): {', '.join(ids)}")
    return bool(changed or found.keys() - reviewed["packages"].keys())


def changed_since_review(lock: str, packages: dict[str, Any]) -> list[str]:
    """The reviewed packages that are not locked at the reviewed version."""
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, flags=re.M))
    return [name for name, entry in packages.items() if locked.get(name) != entry["version"]]


def advisories(lock: Path) -> dict[str, list[str]] | None:
    """The advisories by package; None if none are available."""
    command = [_TOOL, "--requirement", lock, "--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
        packages = json.loads(done.stdout)["dependencies"]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        return None
    asked = [one for one in packages if "vulns" in one]
    if not asked:
        return None
    for name in sorted(one["name"] for one in packages if "vulns" not in one):
        print(f"audit: {name} could not be looked up")
    return {one["name"]: [entry["id"] for entry in one["vulns"]] for one in asked if one["vulns"]}


if __name__ == "__main__":
    sys.exit(main())
