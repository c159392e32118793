"""A visitor who talks to the running assistant in a direct message of Slack, and presses what is posted there."""

from __future__ import annotations

import json
import time
from typing import Any

import requests
from sqlalchemy import create_engine, text

from assistant.channels.slack.blocks.presses import menu_value
from assistant.channels.slack.reception import message_id
from tests.slack_api import SlackApi
from tests.slack_user import Fields, SlackUser, choices, now_ts
from tests.visitor import LONGEST_TURN, Visitor


class SlackVisitor(Visitor):
    """One conversation in Slack.

    Args:
        address: of the assistant.
        api: what it takes for Slack.
        database: its database, which knows when a turn is over.
        user: who talks.
    """

    def __init__(self, address: str, api: SlackApi, database: str, user: str) -> None:
        self.user = SlackUser(address, api, user)
        self._engine = create_engine(database, future=True)
        self._thread: str | None = None
        super().__init__(address)

    def __post_init__(self) -> None:
        """There is no session to open."""

    def say(self, text: str) -> str:
        """Write in the thread; returns the reply as one text."""
        ts = now_ts()
        self.user.say(text, self._thread, ts)
        self._thread = self._thread or ts
        return self._wait_for(message_id(f"message {self.user.dm} {ts}"))

    def press(self, payload: str) -> str:
        """Press what sends this payload."""
        post, title = self._offer(payload)
        assert self.user.press(post, title).status_code == 200
        return self._wait_for(message_id(f"press {self.user.dm} {post['ts']}"))

    def post(self, content: dict[str, Any]) -> requests.Response:
        """Not in Slack."""
        raise NotImplementedError

    @property
    def posts(self) -> list[Fields]:
        """Everything that was posted in the thread."""
        return self.user.api.posts(self.user.dm, self._thread)

    @property
    def conversation(self) -> str:
        """Its name in the database."""
        return str(self._rows("SELECT conversation FROM inbox WHERE message = :id", self._last)[0][0])

    def _offer(self, payload: str) -> tuple[Fields, str]:
        wanted = menu_value(payload)
        for post in reversed(self.posts):
            for title, action in choices(post).items():
                if (action.get("selected_option") or action).get("value") in (payload, wanted):
                    return post, title
        raise AssertionError(f"nothing to press for {payload!r}")

    def _wait_for(self, message: str) -> str:
        """Wait until the answer is posted."""
        self._last = message
        deadline = time.monotonic() + LONGEST_TURN
        while not self._rows("SELECT 1 FROM slack_turns WHERE turn = :id AND done IS NOT NULL", message):
            assert time.monotonic() < deadline, "no answer was posted"
            time.sleep(0.01)
        [(answer,)] = self._rows("SELECT answer FROM inbox WHERE message = :id", message)
        self.messages = json.loads(answer)
        return self.heard

    def _rows(self, statement: str, message: str) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(text(statement), {"id": message}).all())
