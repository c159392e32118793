"""Questions that got no answer, kept for whoever edits the content: one JSON object a line, without who asked.

Addresses and long numbers are masked before anything is written, and nothing leaves the machine.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

PLACE = "SEATWISE_UNANSWERED"
_DEFAULT = "unanswered.jsonl"
_LARGEST = 10_000_000  # bytes: an editor who has not looked for so long gets no more
_PERSONAL = re.compile(r"\S+@\S+|https?://\S+|\+?\d[\d\s().-]{6,}\d")

_log = logging.getLogger(__name__)


def keep(text: str, nearest: Sequence[str]) -> None:
    """Add a question, with the topics that came nearest. A full or broken disk costs the question, not the answer."""
    entry = {
        "day": datetime.now(timezone.utc).date().isoformat(),
        "asked": _PERSONAL.sub("…", text),
        "nearest": list(nearest),
    }
    path = Path(os.environ.get(PLACE) or _DEFAULT)
    try:
        if path.exists() and path.stat().st_size > _LARGEST:
            _log.warning("%s is full; a question was not kept", path)
            return
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    except OSError as error:
        _log.warning("a question could not be kept in %s: %s", path, error.strerror)
