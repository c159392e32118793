"""The image is built in two stages, runs as an unprivileged user, and contains only runtime files."""

from __future__ import annotations

import fnmatch
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
LAST_STAGE = DOCKERFILE.rpartition("\nFROM ")[2]


def test_dockerfile_passes_hadolint() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    found = subprocess.run([hadolint, ROOT / "deploy" / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_both_stages_use_the_same_python_image_without_a_registry() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.M) == ["${PYTHON_IMAGE}"] * 2
    assert re.findall(r"^ARG PYTHON_IMAGE=(\S+)", DOCKERFILE, flags=re.M) == ["python:3.10-slim-bookworm"]


def test_image_and_setup_install_the_same_uv_version() -> None:
    files = [DOCKERFILE, (ROOT / "deploy" / "setup.sh").read_text(encoding="utf-8")]
    assert len({version for text in files for version in re.findall(r"\buv==(\S+)", text)}) == 1
    assert all(re.search(r"\buv==\d", text) for text in files)


def test_container_is_not_root_and_owns_only_its_data() -> None:
    assert re.findall(r"^USER (.+)", LAST_STAGE, flags=re.M) == ["10001:10001"]
    assert LAST_STAGE.index("USER") < LAST_STAGE.index("CMD")
    assert "--chown" not in LAST_STAGE
    assert "install -d -o seatwise -g seatwise -m 0700 /data" in LAST_STAGE


def test_main_process_receives_the_stop_signal() -> None:
    assert re.findall(r"^(?:CMD|ENTRYPOINT) (.+)", LAST_STAGE, flags=re.M) == ['["python", "-m", "assistant", "run"]']
    assert "STOPSIGNAL SIGTERM" in LAST_STAGE


def test_health_check_does_not_depend_on_the_database() -> None:
    assert "/health" in LAST_STAGE and "/ready" not in LAST_STAGE


def test_image_contains_no_secrets() -> None:
    assert not re.search(r"(?i)^(ARG|ENV).*(secret|password|token)", DOCKERFILE, flags=re.M)


def test_image_contains_only_runtime_files() -> None:
    [everything, *rest] = [
        line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    included = [line.removeprefix("!").rstrip("/") for line in rest if line.startswith("!")]
    assert everything == "*"
    assert all((ROOT / path).exists() for path in included)
    private = [".env", "deploy/.env", "seatwise.db", "erasures.txt", ".git", "logs", "models", "tests"]
    assert not [path for path in private if any(fnmatch.fnmatch(path, f"{one}*") for one in included)]
