"""A process with a stuck event loop is ended; a suspended one is not."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

SCRIPT = """
import asyncio, logging, re, sys, threading, time
from assistant.server import logs, watchdog

watchdog._TICK, watchdog._MOST_MISSED, watchdog._MOST_CPU = 0.1, 10, {cpu}
logging.basicConfig()
logs.apply()

def never_ends():
    re.match("(a+)+b", "a" * 64)

async def main():
    watching = asyncio.create_task(watchdog.watch(lambda: [("visitor", "m")]))
    await asyncio.sleep(0.3)
    print("watched", flush=True)
    {act}
    watching.cancel()
    print("ended", flush=True)

{run}
"""
ASYNCIO, UVLOOP = "asyncio.run(main())", "import uvloop; uvloop.install(); asyncio.run(main())"


def started(act: str, run: str = UVLOOP, cpu: float = 60.0) -> subprocess.Popen[str]:
    script = SCRIPT.format(act=act, run=run, cpu=cpu)
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("run", [ASYNCIO, UVLOOP])
@pytest.mark.parametrize("act", ["never_ends()", "time.sleep(600)", "threading.Event().wait(600)"])
def test_stuck_event_loop_ends_the_process_and_logs_its_turns(act: str, run: str) -> None:
    with started(act, run) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (70, "watched\n")
    line = json.loads(err.splitlines()[-1])
    assert line["event"] == "the event loop is stuck; this process ends"
    assert line["turns"] == [{"conversation": "visitor", "message": "m"}]


def test_thread_that_holds_the_interpreter_lock_ends_the_process() -> None:
    with started("await asyncio.to_thread(never_ends)", cpu=1.0) as process:
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGPROF


def test_suspended_process_continues() -> None:
    with started("await asyncio.sleep(0.5)") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "watched\n"
        process.send_signal(signal.SIGSTOP)
        time.sleep(2.5)
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "ended\n", "")
