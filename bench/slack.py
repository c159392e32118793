"""CPU of a turn in Slack against the same turn on the web, with the same assistant and the same talk."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from queue import Queue
from statistics import median
from typing import Any

import requests
from slack_sdk.signature import SignatureVerifier

from bench import sides
from bench.sides import Side
from bench.table import Row, number
from bench.visitors import LONG_TALK, Visitor

_ROUNDS = 12  # of the ten messages, on each channel in turn
_QUIET = 0.3  # seconds after the last post, for what is stored after it
_SECRET = "of-the-benchmark"
_ECHOED = ("text", "blocks", "thread_ts")
_PATIENCE = 30.0  # seconds for one answer
_numbers = count(1)

Fields = dict[str, Any]


def measure(folder: Path) -> list[Row]:
    """Start the assistant with Slack, and talk on both channels."""
    with _slack() as (api, posted), sides.ours(folder, _settings(api)) as side:
        web, slack = side.visitor(), _Person(_Events(side.address), posted)
        for visitor in (web, slack):
            _talk(side, visitor)  # warm-up
        spent = [(_talk(side, web), _talk(side, slack)) for _ in range(_ROUNDS)]
    on_web, in_slack = (1000 * median(one) for one in zip(*spent, strict=True))
    return [
        Row("CPU of a turn on the web, ten texts", "ms", number(on_web), ""),
        Row("CPU of a turn in Slack, the same", "ms", number(in_slack), ""),
        Row("Slack against the web", "%", number(100 * in_slack / on_web - 100), ""),
    ]


def _talk(side: Side, visitor: Visitor) -> float:
    """The CPU seconds of the assistant for each of the ten messages."""
    time.sleep(_QUIET)
    before = side.cpu()
    for words in LONG_TALK:
        visitor.say(words)
    time.sleep(_QUIET)
    return (side.cpu() - before) / len(LONG_TALK)


class _Events:
    """Tells the assistant what is written in Slack.

    Args:
        address: of the assistant.
    """

    def __init__(self, address: str) -> None:
        self._http = requests.Session()
        self._url = f"{address}webhooks/slack/events"

    def tell(self, message: Fields) -> None:
        """Send a message in a direct message, signed."""
        event = {"type": "message", "channel_type": "im", "channel": "D1", **message}
        body = json.dumps(
            {
                "type": "event_callback",
                "team_id": "T1",
                "api_app_id": "A1",
                "event_id": f"Ev{event['ts']}",
                "event": event,
            }
        )
        at = str(int(time.time()))
        signature = str(SignatureVerifier(_SECRET).generate_signature(timestamp=at, body=body))
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
        headers["Content-Type"] = "application/json"
        self._http.post(self._url, body, headers=headers, timeout=_PATIENCE).raise_for_status()


class _Person:
    """Somebody in a direct message, and Slack, which tells the assistant of its own posts, too."""

    def __init__(self, events: _Events, posted: Queue[Fields]) -> None:
        self._events = events
        self._posted = posted
        self._told: list[Fields] = []
        self._thread: str | None = None

    def say(self, message: str) -> None:
        """Write something, and wait for the first post of the answer."""
        ts = f"{int(time.time())}.{next(_numbers):06}"
        thread = {"thread_ts": self._thread} if self._thread else {}
        self._thread = self._thread or ts
        while not self._posted.empty():  # the rest of the last answer
            self._told.append(self._posted.get())
        for post in self._told:
            self._events.tell({"user": "UBOT", "bot_id": "B1", "app_id": "A1", **post})
        self._events.tell({"user": "U1", "text": message, "ts": ts, **thread})
        self._told = [self._posted.get(timeout=_PATIENCE)]


@contextmanager
def _slack() -> Iterator[tuple[str, Queue[Fields]]]:
    """A Web API that takes everything; yields its address, and what is posted."""
    posted: Queue[Fields] = Queue()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # as http.server calls it
            sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
            answer: Fields = {"ok": True, "channel": "D1", "ts": f"1.{next(_numbers):06}"}
            answer |= {"team_id": "T1", "user_id": "UBOT", "bot_id": "B1", "url": "https://bench.slack.com/"}
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            if self.path.endswith("chat.postMessage"):
                told = {name: value for name, value in json.loads(sent).items() if name in _ECHOED}
                posted.put({**told, "ts": answer["ts"]})

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/", posted
    finally:
        server.shutdown()
        server.server_close()


def _settings(api: str) -> dict[str, str]:
    return {
        "SEATWISE_SLACK_SIGNING_SECRET": _SECRET,
        "SEATWISE_SLACK_BOT_TOKEN": "xoxb-of-the-benchmark",
        "SEATWISE_SLACK_API_URL": api,
    }
