"""Runs the assistant for the tests of the widget until it is ended: serve.py ROOT PORT FOLDER ORIGINS."""

import os
import sys
import time
from pathlib import Path

root, port, folder, origins = Path(sys.argv[1]).resolve(), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
os.chdir(root)
sys.path.insert(0, str(root))

from assistant.launcher import serving  # noqa: E402  # the project folder is known only now

PLENTY = "1000000"
settings = {
    "SEATWISE_DATABASE_URL": f"sqlite:///{folder / 'test.db'}",
    "SEATWISE_ORIGINS": origins,
    "SEATWISE_SECRET": "the-key-of-the-tests-of-the-widget-32-bytes",
    "SEATWISE_MESSAGES_A_MINUTE": PLENTY,
    "SEATWISE_ADDRESS_MESSAGES_A_MINUTE": PLENTY,
    "SEATWISE_ADDRESS_VISITS_A_MINUTE": PLENTY,
    "SEATWISE_CPU_SECONDS_A_MINUTE": PLENTY,
    "SEATWISE_ADDRESS_CPU_SECONDS_A_MINUTE": PLENTY,
}
with serving(port, root=root, logs=folder / "logs", environment=settings) as address:
    print(address, flush=True)
    while True:
        time.sleep(1)
