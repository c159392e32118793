"""The command line: ``python -m assistant run`` serves, ``train`` only trains the model.

``export CONVERSATION`` prints all that is stored of a conversation, ``erase CONVERSATION`` erases it, and ``forget
DAYS`` erases the conversations without activity for so many days; both print a receipt. ``link REFERENCE`` prints the
link to send before a call, ``invite REFERENCE EMAIL [NAME [TIME]]`` mails it, and ``find REFERENCE`` prints the
conversations that prepare the call. ``outbox list`` prints the messages that have not arrived, ``outbox show KEY`` one
of them, and ``outbox retry KEY`` sends its dead letters again; ``outbox test DESTINATION`` delivers a sample.
``operator NAME`` makes a token for somebody who uses the operator's pages. ``slack check`` asks Slack whether the app
is set up. ``unanswered`` prints the questions that got no answer, ``records`` those of all verdicts for
``python -m advisor verify``, and ``audit`` the log of these commands. ``erasures`` prints the tombstones of what was
erased, and ``erase-again FILE`` applies them to a restored backup.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib.util import find_spec

from advisor.errors import SeatwiseError

USAGE = (
    "usage: python -m assistant run | train | export CONVERSATION | erase CONVERSATION | forget DAYS | find REFERENCE"
    " | link REFERENCE | invite REFERENCE EMAIL [NAME [TIME]] | operator NAME | unanswered | records | audit | erasures"
    " | erase-again FILE"
    " | outbox list | outbox show KEY | outbox retry KEY | outbox test webhook|hubspot|mail|slack | slack check"
)
_MORE = 2  # arguments: a name and a time
_NEEDED = "rasa rasa_sdk tensorflow sanic spacy onnxruntime tokenizers safetensors sklearn symspellpy yaml requests"


def main(arguments: list[str]) -> int:
    """Run one command; returns 0 on success, 1 after printing an error, 2 for invalid usage."""
    match arguments:
        case ["run" | "train" | "unanswered" | "records" | "audit" | "erasures"]:
            pass
        case ["export" | "erase" | "find" | "link" | "operator" | "erase-again", _]:
            pass
        case ["invite", _, _, *more] if len(more) <= _MORE:
            pass
        case ["outbox", "list"] | ["outbox", "show" | "retry", _]:
            arguments = [" ".join(arguments[:2]), *arguments[2:]]
        case ["outbox", "test", "webhook" | "hubspot" | "mail" | "slack"] | ["slack", "check"]:
            arguments = [" ".join(arguments[:2]), *arguments[2:]]
        case ["forget", days] if days.isascii() and days.isdigit():
            pass
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    missing = [name for name in _NEEDED.split() if find_spec(name) is None]
    if missing:
        return _fail(f"not installed: {', '.join(missing)}; `make run` sets everything up in .venv")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # keep nohup working
            signal.signal(number, signal.default_int_handler)

    from assistant import launcher, operators  # need the packages checked above
    from assistant.processes import PRIVATE

    if arguments != ["train"]:  # an image is built as root, and another user reads the model
        os.umask(PRIVATE)
    try:
        if arguments == ["run"]:
            launcher.run(os.environ)
        elif arguments == ["train"]:
            print(f"The model for this content is {launcher.train().relative_to(launcher.ROOT)}")
        elif arguments[0] == "link":
            print(f"/chat?ref={launcher.link(arguments[1])}")
        elif arguments[0] == "operator":
            from console.operators import new_operator

            print(new_operator(arguments[1]), end="")
        elif arguments == ["outbox test", "slack"]:
            from assistant.channels.slack.samples import deliver_sample

            launcher.open_seals()
            print(deliver_sample(launcher.stored()))
        elif arguments[0] in ("invite", "outbox test"):
            from assistant.delivery import commands  # loads much that other commands do not need

            print(
                commands.invite(launcher.link(arguments[1]), *arguments[2:])
                if arguments[0] == "invite"
                else commands.test(arguments[1])
            )
        elif arguments[0] == "slack check":
            from assistant.channels.slack.check import findings

            launcher.open_seals()
            found = findings(launcher.stored())
            print(*found, sep="\n")
            return 0 if all(one.passed for one in found) else 1
        else:
            print(operators.run_command(launcher.stored(), *arguments), end="")
    except (SeatwiseError, OSError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130
    return 0


def _fail(problem: str) -> int:
    print(f"seatwise: {problem}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
