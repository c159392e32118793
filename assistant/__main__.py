"""``python -m assistant run`` serves the assistant, ``python -m assistant train`` only makes its model."""

from __future__ import annotations

import os
import signal
import sys
from importlib.util import find_spec

from advisor.errors import SeatwiseError

USAGE = "usage: python -m assistant run | train"
_NEEDED = "rasa rasa_sdk tensorflow sanic spacy onnxruntime tokenizers safetensors sklearn symspellpy yaml requests"


def main(arguments: list[str]) -> int:
    """Run one command; 0 when it ended as wanted, 1 with a sentence when it could not, 2 for a wrong command."""
    if arguments not in (["run"], ["train"]):
        print(USAGE, file=sys.stderr)
        return 2
    missing = [name for name in _NEEDED.split() if find_spec(name) is None]
    if missing:
        return _complain(f"not installed: {', '.join(missing)}; `make run` sets everything up in .venv")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            signal.signal(number, signal.default_int_handler)

    from assistant import launcher  # needs the packages just looked for

    try:
        if arguments == ["run"]:
            launcher.run(os.environ)
        else:
            print(f"The model for this content is {launcher.train().relative_to(launcher.ROOT)}")
    except (SeatwiseError, OSError) as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        return 130
    return 0


def _complain(problem: str) -> int:
    print(f"seatwise: {problem}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
