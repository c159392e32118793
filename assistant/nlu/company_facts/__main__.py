"""One message a line on standard input, its facts as one JSON object a line on standard output.

With ``--answers`` a line is ``{"asked": [fields], "text": …}``, and comes back as ``{"facts": {…}, "ask_back": …}``.
"""

from __future__ import annotations

import json
import sys

from .contract import stated
from .hearing import hear
from .model import trained
from .reader import read_answer


def main() -> None:
    answers = "--answers" in sys.argv[1:]
    model = trained()
    for line in sys.stdin.buffer:  # bytes: a stray byte must not end the run, nor may U+2028 break a line
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        if answers:
            given = json.loads(text)
            read = read_answer(hear(given["text"], model), given.get("asked") or [])
            result = {"facts": dict(read.facts), "ask_back": read.ask_back}
        else:
            result = stated(hear(text, model))
        print(json.dumps(result, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
