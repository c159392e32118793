"""A process that kills itself at one of its steps."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Collection
from types import FrameType
from typing import Any


def die_at(last: int, steps: Any, files: Collection[str]) -> None:
    """Count steps from now on, and die at one of them.

    Args:
        last: the step at which to die; 0 for none.
        steps: shared count of the steps done: functions that were entered, left, suspended or resumed.
        files: parts of the names of the files whose functions count.
    """
    counting = threading.Lock()  # not a shared one, which would stay locked

    def step(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        is_step = event in ("call", "return") and code.co_name != "<genexpr>"
        if is_step and any(part in code.co_filename for part in files):
            with counting:
                steps.value += 1
                if steps.value == last:
                    os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(step)
    sys.setprofile(step)
