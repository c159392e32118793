"""Visitors who mean well, at work while others attack: each of their messages must be answered, and stored once."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from uuid import uuid4

from tests.security.clients import Client, HttpClient, SocketClient
from tests.security.target import SECRET, Target

_TURNS = 15  # of one visitor, before the next one comes
_PAUSE = 0.4  # seconds between two messages


class Honest:
    """Two of them at a time, one over HTTP and one over a socket, for as long as the block runs."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._over = threading.Event()
        self._troubles: list[str] = []
        self._sent: dict[str, dict[str, str]] = {}  # conversation -> message -> text
        self._threads = [threading.Thread(target=self._come, args=(kind,)) for kind in (HttpClient, SocketClient)]

    def __enter__(self) -> Honest:
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
        """How many messages they have sent."""
        return sum(len(messages) for messages in self._sent.values())

    def _check(self) -> None:
        assert self._troubles == []
        for conversation, messages in self._sent.items():
            assert sorted(self._target.received(conversation)) == sorted(messages)
            assert self._target.said(conversation) == list(messages.values())

    def _come(self, kind: type[HttpClient] | type[SocketClient]) -> None:
        """One visitor after the other, each for a few turns; at least one."""
        while True:
            try:
                with kind(self._target) as client:
                    self._talk(client)
            except Exception as error:  # noqa: BLE001  # whatever it is, a visitor who meant well met it
                self._troubles.append(f"{kind.__name__}: {type(error).__name__}: {error}"[:500])
            if self._over.is_set() or self._troubles:
                return

    def _talk(self, client: Client) -> None:
        sent = self._sent.setdefault(client.conversation, {})
        for turn in range(_TURNS):
            message, words = str(uuid4()), f"what is a caio for {SECRET}, part {turn}?"
            sent[message] = words
            assert client.send(id=message, text=words).refusal == ""
            time.sleep(_PAUSE)
            if self._over.is_set():
                return
