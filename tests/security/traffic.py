"""Legitimate traffic during attacks: each message must be answered and stored exactly once."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from uuid import uuid4

from tests.security.clients import Client, HttpClient, SocketClient
from tests.security.target import SECRET, Target

_TURNS = 15  # per visitor
_PAUSE = 0.4  # seconds between two messages


class LegitimateTraffic:
    """Two concurrent visitors, one over HTTP and one over a socket, during the block."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._over = threading.Event()
        self._errors: list[str] = []
        self._sent: dict[str, dict[str, str]] = {}  # conversation -> message -> text
        self._threads = [threading.Thread(target=self._come, args=(kind,)) for kind in (HttpClient, SocketClient)]

    def __enter__(self) -> LegitimateTraffic:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        if error is None:
            self._check()

    @property
    def sent(self) -> int:
        """The number of messages sent."""
        return sum(len(messages) for messages in self._sent.values())

    def _check(self) -> None:
        assert self._errors == []
        for conversation, messages in self._sent.items():
            assert sorted(self._target.received(conversation)) == sorted(messages)
            assert self._target.said(conversation) == list(messages.values())

    def _come(self, kind: type[HttpClient] | type[SocketClient]) -> None:
        """Run one visitor after the other, at least one, each for a few turns."""
        while True:
            try:
                with kind(self._target) as client:
                    self._talk(client)
            except Exception as error:  # noqa: BLE001  # any error of a legitimate visitor is a failure
                self._errors.append(f"{kind.__name__}: {type(error).__name__}: {error}"[:500])
            if self._over.is_set() or self._errors:
                return

    def _talk(self, client: Client) -> None:
        sent = self._sent.setdefault(client.conversation, {})
        for turn in range(_TURNS):
            message, words = str(uuid4()), f"what is a caio for {SECRET}, part {turn}?"
            sent[message] = words
            assert client.send(id=message, text=words).error_code == ""
            time.sleep(_PAUSE)
            if self._over.is_set():
                return
