"""Somebody in Slack: what they do reaches the assistant as signed requests, in the shapes that Slack sends."""

from __future__ import annotations

import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests
from slack_sdk.signature import SignatureVerifier

from tests.slack_api import BOT_USER, SIGNING_SECRET, TEAM, Fields, SlackApi

_numbers = itertools.count(100_000)


def now_ts() -> str:
    """The time as Slack dates messages, unique."""
    return f"{int(time.time())}.{next(_numbers)}"


def signed(body: str, secret: str = SIGNING_SECRET, at: float | None = None) -> dict[str, str]:
    """The headers of a request from Slack."""
    timestamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(signature)}


@dataclass
class SlackUser:
    """One person of one workspace.

    Args:
        address: of the assistant, with a slash at the end.
        api: where the assistant answers.
        user: their id.
        team: the workspace in which the app is installed.
        enterprise: its organization.
        home: the workspace of the user, where it is another one (Slack Connect).
    """

    address: str
    api: SlackApi
    user: str = "U0ANN"
    team: str | None = TEAM
    enterprise: str | None = None
    home: str | None = None
    bot: str = BOT_USER
    sent: list[Fields] = field(default_factory=list)

    @property
    def dm(self) -> str:
        """The id of their direct message with the bot."""
        return f"D{self.user[1:]}"

    def post(self, body: str, kind: str = "application/json", **headers: str) -> requests.Response:
        """Send a signed request."""
        url = f"{self.address}webhooks/slack/events"
        sent = {"Content-Type": kind, **signed(body), **headers}
        return requests.post(url, body.encode(), headers=sent, timeout=30, allow_redirects=False)

    def event(self, event: Fields, **outer: Any) -> Fields:
        """An event in its envelope."""
        install = {
            "enterprise_id": self.enterprise,
            "team_id": self.team,
            "user_id": self.bot,
            "is_bot": True,
            "is_enterprise_install": self.team is None,
        }
        return {
            "token": "of no use",
            "team_id": self.team,
            "enterprise_id": self.enterprise,
            "api_app_id": "A0SEATWISE",
            "type": "event_callback",
            "event_id": f"Ev{next(_numbers)}",
            "event_time": int(time.time()),
            "authorizations": [install],
            "is_ext_shared_channel": self.home is not None,
            "event": event,
            **outer,
        }

    def tell(self, envelope: Fields, **headers: str) -> requests.Response:
        """Send an event."""
        self.sent.append(envelope)
        return self.post(json.dumps(envelope), **headers)

    def written(self, text: str, channel: str, thread: str | None = None, ts: str | None = None) -> Fields:
        """A message of theirs."""
        ts = ts or now_ts()
        kind = "im" if channel.startswith("D") else "channel"
        event = {"type": "message", "user": self.user, "text": text, "ts": ts, "event_ts": ts, "channel": channel}
        event |= {"channel_type": kind, "team": self.home or self.team}
        return {**event, **({"thread_ts": thread} if thread else {}), **({"user_team": self.home} if self.home else {})}

    def say(self, text: str, thread: str | None = None, ts: str | None = None, **more: Any) -> str:
        """Write in the direct message; returns the ``ts`` of the thread."""
        message = {**self.written(text, self.dm, thread, ts), **more}
        answer = self.tell(self.event(message))
        assert answer.status_code == 200, answer.text
        return thread or str(message["ts"])

    def mention(self, text: str, channel: str = "C0ALL", thread: str | None = None) -> str:
        """Mention the bot in a channel; returns the ``ts`` of the thread."""
        message = {**self.written(f"<@{self.bot}> {text}", channel, thread), "type": "app_mention"}
        answer = self.tell(self.event(message))
        assert answer.status_code == 200, answer.text
        return thread or str(message["ts"])

    def follow_up(self, text: str, thread: str, channel: str = "C0ALL") -> None:
        """Write in a thread of a channel without a mention."""
        answer = self.tell(self.event(self.written(text, channel, thread)))
        assert answer.status_code == 200, answer.text

    def echo(self, post: Fields) -> requests.Response:
        """Tell the app of a post of its own, as ``SlackApi.posts`` gives it."""
        message = SlackUser(self.address, self.api, self.bot).written(post["text"], post["channel"], ts=post["ts"])
        told = {name: post[name] for name in ("thread_ts", "blocks") if post.get(name)}
        return self.tell(self.event({**message, **told, "bot_id": "B0BOT", "app_id": "A0SEATWISE"}))

    def slash(self, text: str) -> requests.Response:
        """Use the slash command."""
        fields = {
            "command": "/seatwise",
            "text": text,
            "team_id": self.team,
            "enterprise_id": self.enterprise or "",
            "channel_id": "C0ALL",
            "user_id": self.user,
            "is_enterprise_install": "false",
            "response_url": f"{self.api.address}respond/{self.user}",
            "trigger_id": f"{next(_numbers)}.1",
        }
        return self.post(urlencode(fields), "application/x-www-form-urlencoded")

    def interact(self, payload: Fields) -> requests.Response:
        """Send what somebody did with blocks or a form."""
        who = {"id": self.user, "team_id": self.home or self.team, "username": "ann"}
        enterprise = {"id": self.enterprise, "name": "Org"} if self.enterprise else None
        whole = {
            "user": who,
            "team": {"id": self.team, "domain": "firm"} if self.team else None,
            "enterprise": enterprise,
            "is_enterprise_install": self.team is None,
            "api_app_id": "A0SEATWISE",
            "trigger_id": f"{next(_numbers)}.2",
            **payload,
        }
        return self.post(urlencode({"payload": json.dumps(whole)}), "application/x-www-form-urlencoded")

    def press(self, message: Fields, title: str, state: Fields | None = None) -> requests.Response:
        """Press the button or choose the option with this title below a message, as ``SlackApi.posts`` gives it."""
        action = choices(message)[title]
        thread = message.get("thread_ts")
        ephemeral = "ts" not in message
        ts = message.get("ts") or now_ts()
        container = {"type": "message", "message_ts": ts, "is_ephemeral": ephemeral}
        container |= {"channel_id": message.get("channel", "C0ALL"), **({"thread_ts": thread} if thread else {})}
        shown = {"type": "message", "user": self.bot, "ts": ts, "text": message["text"], "blocks": message["blocks"]}
        return self.interact(
            {
                "type": "block_actions",
                "container": container,
                "channel": {"id": container["channel_id"], "name": "all"},
                **({} if ephemeral else {"message": shown}),
                "state": {"values": state or {}},
                "response_url": f"{self.api.address}respond/{self.user}",
                "actions": [action],
            }
        )

    def send_form(self, view: Fields, values: Fields) -> requests.Response:
        """Send a form that was opened."""
        sent = {**view, "id": f"V{next(_numbers)}", "team_id": self.team, "state": {"values": values}}
        return self.interact({"type": "view_submission", "view": sent})


def choices(message: Fields) -> dict[str, Fields]:
    """Title -> the action of pressing that, for everything below a message that can be pressed."""
    found: dict[str, Fields] = {}
    for at, block in enumerate(every_block(message.get("blocks", ()))):
        for element in [*block.get("elements", ()), *filter(None, [block.get("accessory")])]:
            action = {"action_id": element.get("action_id"), "block_id": f"b{at}", "type": element.get("type")}
            if element.get("type") == "button":
                found[element["text"]["text"]] = {**action, "text": element["text"], "value": element.get("value")}
            for option in element.get("options", ()):
                found[option["text"]["text"]] = {**action, "selected_option": option}
    return found


def every_block(blocks: Any) -> list[Fields]:
    """The blocks, with those inside of containers."""
    return [one for block in blocks for one in (block, *every_block(block.get("child_blocks", ())))]


def words_of(message: Fields) -> str:
    """Everything that a message says."""
    return json.dumps(message, ensure_ascii=False)
