"""Drives the assistant through a Slack that we did not write: one whole interview and one lead, in both modes.

The emulator is local-slack by Parva Labs, MIT (npm pack local-slack-linux-x64@0.1.8). It is one person's work, knows
neither agent sessions nor blocks.validate, and validates no blocks: an aid while developing and no gate. It listens on
all addresses, so give it a network of its own:

    unshare --net sh -c 'ip link set lo up && .venv/bin/python -m tests.slack_emulator LOCAL_SLACK'

Writes what everybody sees to docs/slack-emulator.md.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import requests
import yaml

from assistant.channels.slack.blocks.presses import DONE
from assistant.launcher import free_port, serving, train
from tests.conftest import own_files
from tests.content import ROOT

BOT, ANN, SAM, EVE = "U0BOT", "U01ANN", "U02SAM", "U03EVE"
PEOPLE = {BOT: "Seatwise", ANN: "Ann", SAM: "Sam", EVE: "Eve"}
GENERAL, LEADS, DIRECT = "C01GENERAL", "C02LEADS", "D01ANN"
PLACES = {GENERAL: "#general", LEADS: "#leads", DIRECT: "direct message"}
TOKENS = {"botToken": "xoxb-emulated", "appToken": "xapp-emulated", "signingSecret": "emulated-signing-secret"}
PATIENCE = 30.0  # seconds for an answer
QUIET = 1.0  # seconds without a new message: then the answer is complete

Message = dict[str, Any]


@dataclass
class Slack:
    """The emulator, as people use it."""

    address: str
    seen: dict[str, str] = field(default_factory=dict)  # what was printed of a message, by its time

    def say(self, user: str, channel: str, text: str, thread: str | None = None) -> list[Message]:
        """Write a message, and wait for the answer."""
        print(f"\n**{PEOPLE[user]}**, {PLACES[channel]}{', in the thread' if thread else ''}: {text}")
        self._control("message", channel=channel, user=user, text=text, thread_ts=thread)
        return self.answers(channel)

    def command(self, user: str, channel: str, text: str) -> list[Message]:
        """Use /seatwise, and wait for the answer."""
        print(f"\n**{PEOPLE[user]}**, {PLACES[channel]}: /seatwise {text}")
        self._control("command", channel=channel, user=user, command="/seatwise", text=text)
        return self.answers(channel)

    def press(self, user: str, message: Message, element: dict[str, Any], channel: str | None = None) -> list[Message]:
        """Press a button, and wait for the answer."""
        print(f"\n**{PEOPLE[user]}** presses *{element['text']['text']}*")
        where = message["channel"]
        self._control("interact", channel=where, messageTs=message["ts"], user=user, action=element)
        return self.answers(channel or where)

    def answers(self, channel: str) -> list[Message]:
        """The new and changed messages of the bot in a channel; prints them."""
        deadline = time.monotonic() + PATIENCE
        found: dict[str, Message] = {}
        quiet_since = time.monotonic()
        while time.monotonic() < deadline and not (found and time.monotonic() - quiet_since > QUIET):
            for message in self.messages(channel):
                if message["user"] == BOT and self._is_news(message):
                    found[message["ts"]] = message
                    quiet_since = time.monotonic()
            time.sleep(0.1)
        if not found:
            print(f"\nNo answer in {PLACES[channel]} within {PATIENCE:.0f} seconds.")
        return list(found.values())

    def _is_news(self, message: Message) -> bool:
        """Whether a message is new or has changed; then it is printed, a changed one by its choice."""
        before, now = self.seen.get(message["ts"]), json.dumps(message.get("blocks"))
        if before == now:
            return False
        self.seen[message["ts"]] = now
        print(shown(message) if before is None else f"\n*Instead of the buttons:* {chosen(message)}")
        return True

    def messages(self, channel: str) -> list[Message]:
        """All messages of a channel."""
        return requests.get(f"{self.address}/_control/messages/{channel}", timeout=5).json()["messages"]

    def log(self) -> list[dict[str, Any]]:
        """Everything that went over the line."""
        return requests.get(f"{self.address}/_control/log", timeout=5).json()["log"]

    def _control(self, what: str, **content: Any) -> None:
        requests.post(f"{self.address}/_control/{what}", json=content, timeout=60).raise_for_status()


def shown(message: Message) -> str:
    """A message as it reads, its blocks by their types."""
    kinds = ", ".join(block["type"] for block in message.get("blocks") or ()) or "text only"
    only = f", only {PEOPLE[message['ephemeral_to']]} sees it" if "ephemeral_to" in message else ""
    buttons = " ".join(f"[{element['text']['text']}]" for element in pressable(message))
    text = re.sub(r"^Source: .+", "Source: …", message["text"], flags=re.M)  # the article's title and headings
    lines = "\n".join(f"> {line}" for line in [*text.splitlines(), *([buttons] if buttons else [])])
    return f"\n**Seatwise**{only} ({kinds}):\n{lines}"


def chosen(message: Message) -> str:
    """What a message says of the choice that was made in it."""
    notes = [one["text"] for block in message["blocks"] if block["type"] == "context" for one in block["elements"]]
    return next((note for note in notes if note.startswith("✓")), notes[-1])


def pressable(message: Message) -> Iterator[dict[str, Any]]:
    """The buttons of a message, as the control interface wants them back."""
    for block in message.get("blocks") or ():
        inside = [block.get("accessory") or {}, *block.get("elements", ())]
        for element in inside:
            if isinstance(element, dict) and element.get("type") == "button" and not element.get("url"):
                yield {**element, "block_id": block.get("block_id")}


def button(messages: list[Message], title: str) -> tuple[Message, dict[str, Any]]:
    """The last button with this title."""
    found = [(one, element) for one in messages for element in pressable(one) if element["text"]["text"] == title]
    if not found:
        offered = [element["text"]["text"] for one in messages for element in pressable(one)]
        raise SystemExit(f"there is no button {title!r}, but {offered}")
    return found[-1]


@contextmanager
def emulator(binary: str, mode: str, events: str, folder: Path) -> Iterator[str]:
    """The emulator with a workspace of three people; yields its address."""
    app = {"appId": "A0SEATWISE", "botUserId": BOT, "botName": "seatwise", **TOKENS}
    config = {
        "workspace": {"name": "Acme", "domain": "acme", "teamId": "T01ACME"},
        "app": {**app, "mode": "socket" if mode == "socket" else "events", "requestUrl": events},
        "users": [{"id": one, "name": name.lower(), "real_name": name} for one, name in PEOPLE.items() if one != BOT],
        "channels": [
            {"id": GENERAL, "name": "general", "members": list(PEOPLE)},
            {"id": LEADS, "name": "leads", "members": [SAM, EVE, BOT]},
            {"id": DIRECT, "name": "ann", "is_im": True, "is_channel": False, "members": [ANN, BOT]},
        ],
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    port = free_port()
    command = [binary, "--config", str(folder / "config.yaml"), "--port", str(port), "--base-host", "127.0.0.1"]
    with (folder / "emulator.log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/_control/state")
            yield address
        finally:
            process.terminate()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            requests.get(address, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing answers at {address}")


def ask(slack: Slack) -> None:
    """A mention, a follow-up in its thread, and a private question."""
    [answer, *_] = slack.say(ANN, GENERAL, f"<@{BOT}> what does a part-time CAIO cost?")
    slack.say(ANN, GENERAL, "and a CTO?", answer["thread_ts"])
    slack.command(ANN, GENERAL, "do we need both?")


def interview(slack: Slack) -> list[Message]:
    """From the first question to the recommendation, by the first button of each: boxes cannot be ticked from here."""
    said = slack.say(ANN, DIRECT, "which one do we need? We are a 35 person accounting firm with about 4 million.")
    for _ in range(15):
        if any("Recommendation" in json.dumps(one) for one in said):
            return said
        choices = [(one, element) for one in said for element in pressable(one) if element["action_id"] != DONE]
        said = slack.press(ANN, *choices[0])
    raise SystemExit("no recommendation after 15 questions")


def lead(slack: Slack) -> None:
    """Contact details and the consent; the card in the firm's channel, and two people who want it."""
    [first, *_] = (one for one in slack.messages(DIRECT) if one["user"] == ANN)
    said = slack.say(ANN, DIRECT, "can someone call me? Ann Reed, ann@acme.example, +1 212 555 0142", first["ts"])
    said = slack.press(ANN, *button(said, "Include my answers"))
    if card := slack.answers(LEADS):
        slack.press(SAM, *button(card, "Claim"))
        slack.press(EVE, *button(card, "Claim"))


def talk(binary: str, mode: str) -> str:
    """What everybody sees of the whole talk, without times."""
    port = free_port()
    own = {
        "socket": ("SEATWISE_SLACK_APP_TOKEN", "appToken"),
        "http": ("SEATWISE_SLACK_SIGNING_SECRET", "signingSecret"),
    }
    setting, token = own[mode]
    with tempfile.TemporaryDirectory() as name, redirect_stdout(StringIO()) as told:
        folder = Path(name)
        events = f"http://127.0.0.1:{port}/webhooks/slack/events"
        with emulator(binary, mode, events, folder) as address:
            settings = {
                **own_files(folder),
                "SEATWISE_SECRET": "e" * 32,
                "SEATWISE_CONSOLE_TOKEN": "e" * 32,  # leads are taken
                "SEATWISE_SLACK_API_URL": f"{address}/api/",
                "SEATWISE_SLACK_BOT_TOKEN": TOKENS["botToken"],
                "SEATWISE_SLACK_LEADS_CHANNEL": LEADS,
                setting: TOKENS[token],
            }
            with serving(port, logs=folder, environment=settings):
                slack = Slack(address)
                ask(slack)
                interview(slack)
                lead(slack)
    return re.sub(r"<!date\^.+?>|\w+, \w+ \d+, \d{4}, \d\d:\d\d UTC", "…", told.getvalue())  # the time of day


INTRODUCTION = """# Slack, imitated by others

Written by `python -m tests.slack_emulator`, whose docstring says how: the real assistant in local-slack 0.1.8 by Parva
Labs, an emulator that we did not write. It draws headers, sections and buttons only, and boxes cannot be ticked through
it; what it cannot show is in [slack.md](slack.md#fifteen-minutes-in-a-real-workspace). The blocks of each message are
named by their types; what follows is its text, and its buttons in brackets.
"""


def main(binary: str) -> None:
    train()  # says so, which is no part of the talk
    http, socket = (talk(binary, mode) for mode in ("http", "socket"))
    same = "The talk over Socket Mode was the same, to the letter.\n"
    other = same if http == socket else f"## Socket Mode\n{socket}"
    (ROOT / "docs" / "slack-emulator.md").write_text(f"{INTRODUCTION}\n## HTTP\n{http}\n{other}", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
