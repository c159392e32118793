"""Secrets come from the environment, or from a file that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.errors import SeatwiseError
from assistant.settings import secret


def test_a_secret_is_read_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from a file\n", encoding="utf-8")
    assert secret("KEY", {"KEY": "from the environment"}) == "from the environment"
    assert secret("KEY", {"KEY_FILE": str(file)}) == secret("KEY", {"KEY": "", "KEY_FILE": str(file)}) == "from a file"
    assert secret("KEY", {}) is secret("KEY", {"KEY": ""}) is None


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"KEY": "hunter2", "KEY_FILE": "/run/secrets/key"}, "KEY and KEY_FILE are both set"),
        ({"KEY_FILE": "/nowhere/key"}, "the file of KEY_FILE cannot be read: No such file"),
    ],
)
def test_a_mistake_is_told_in_one_line_without_the_secret(environment: dict[str, str], says: str) -> None:
    with pytest.raises(SeatwiseError, match=says) as refused:
        secret("KEY", environment)
    assert "\n" not in str(refused.value) and "hunter2" not in str(refused.value)
