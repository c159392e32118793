"""The image is made in two stages, runs as nobody in particular, and holds nothing that running does not need."""

from __future__ import annotations

import fnmatch
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
LAST_STAGE = DOCKERFILE.rpartition("\nFROM ")[2]


def test_hadolint_finds_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    found = subprocess.run([hadolint, ROOT / "deploy" / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_both_stages_stand_on_the_same_python_without_naming_a_registry() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.M) == ["${PYTHON_IMAGE}"] * 2
    assert re.findall(r"^ARG PYTHON_IMAGE=(\S+)", DOCKERFILE, flags=re.M) == ["python:3.10-slim-bookworm"]


def test_the_image_and_the_set_up_install_the_same_version_of_uv() -> None:
    files = [DOCKERFILE, (ROOT / "deploy" / "setup.sh").read_text(encoding="utf-8")]
    assert len({version for text in files for version in re.findall(r"\buv==(\S+)", text)}) == 1
    assert all(re.search(r"\buv==\d", text) for text in files)


def test_the_container_is_not_root_and_owns_only_what_it_writes() -> None:
    assert re.findall(r"^USER (.+)", LAST_STAGE, flags=re.M) == ["10001:10001"]
    assert LAST_STAGE.index("USER") < LAST_STAGE.index("CMD")
    assert "--chown" not in LAST_STAGE
    assert "install -d -o seatwise -g seatwise -m 0700 /data" in LAST_STAGE


def test_the_process_itself_is_told_to_stop() -> None:
    assert re.findall(r"^(?:CMD|ENTRYPOINT) (.+)", LAST_STAGE, flags=re.M) == ['["python", "-m", "assistant", "run"]']
    assert "STOPSIGNAL SIGTERM" in LAST_STAGE


def test_health_is_asked_of_the_loop_and_not_of_the_database() -> None:
    assert "/health" in LAST_STAGE and "/ready" not in LAST_STAGE


def test_no_secret_is_built_in() -> None:
    assert not re.search(r"(?i)^(ARG|ENV).*(secret|password|token)", DOCKERFILE, flags=re.M)


def test_only_what_running_needs_is_let_into_the_image() -> None:
    [everything, *rest] = [
        line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    let_in = [line.removeprefix("!").rstrip("/") for line in rest if line.startswith("!")]
    assert everything == "*"
    assert all((ROOT / path).exists() for path in let_in)
    private = [".env", "deploy/.env", "seatwise.db", "erasures.txt", ".git", "logs", "models", "tests"]
    assert not [path for path in private if any(fnmatch.fnmatch(path, f"{one}*") for one in let_in)]
