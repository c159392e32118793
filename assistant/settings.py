"""Settings that several modules read, and secrets, which Docker and Kubernetes mount as files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from advisor.errors import SeatwiseError

ACTION_SERVER = "ACTION_ENDPOINT_URL"
"""Names a server of its own for the actions, as Rasa people know it; where it is empty they run in the assistant."""
FILE = "_FILE"
"""Ends the name of the variable that names the file."""


def secret(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The value of a setting, or what stands in the file that ``NAME_FILE`` names; None where neither is set.

    Raises:
        SeatwiseError: both are set, or the file cannot be read.
    """
    value, place = environment.get(name), environment.get(f"{name}{FILE}")
    if not place:
        return value or None
    if value:
        raise SeatwiseError(f"{name} and {name}{FILE} are both set; unset one of them")
    try:
        return Path(place).read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise SeatwiseError(f"the file of {name}{FILE} cannot be read: {error.strerror}") from error
