"""One message a line on standard input, its facts as one JSON object a line on standard output."""

from __future__ import annotations

import json
import sys

from . import read


def main() -> None:
    for line in sys.stdin.buffer:  # bytes: a stray byte must not end the run, nor may U+2028 break a line
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        print(json.dumps(read(text), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
