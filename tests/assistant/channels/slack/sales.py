"""Everything of the Slack channel but Rasa, Slack and the network: prospects, and the firm's people."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from rasa.core.channels.channel import UserMessage
from sqlalchemy import select

from actions.wording import Wording
from assistant.channels.rate_limits import RateLimits
from assistant.channels.slack.answers import Answers
from assistant.channels.slack.delivery import Delivery
from assistant.channels.slack.desk import Desk
from assistant.channels.slack.echoes import Echoes
from assistant.channels.slack.events import Events
from assistant.channels.slack.firm import Firm
from assistant.channels.slack.leads import LeadSender
from assistant.channels.slack.outgoing import OutgoingAnswers
from assistant.channels.slack.posting import Postman
from assistant.channels.slack.reception import Reception
from assistant.channels.slack.refusals import Refusals
from assistant.channels.slack.sessions import Sessions
from assistant.channels.slack.status import Statuses
from assistant.channels.slack.stops import Stops
from assistant.channels.slack.talks import Talks
from assistant.channels.slack.titles import Titles
from assistant.contacts.contact import Contact
from assistant.contacts.sealing import seal
from assistant.settings import Settings
from assistant.stores import leads, outbox
from assistant.stores.database import Database
from assistant.stores.inbox import Messages
from assistant.stores.outbox import Outbox
from assistant.stores.retention import Retention
from assistant.stores.tables import slack_cards, slack_places
from assistant.turns.dispatcher import TurnDispatcher, TurnListener
from assistant.turns.messages import IncomingMessage
from tests.assistant.channels.web.server import KEY
from tests.conftest import NO_LIMITS
from tests.slack_api import BOT_TOKEN, BOT_USER, SIGNING_SECRET, TEAM

LEADS = "C0LEADS"
PERSONAL = "quagga"
"""Stands in all contact details."""
ENVIRONMENT = {
    "SEATWISE_SECRET": KEY,
    "SEATWISE_SLACK_SIGNING_SECRET": SIGNING_SECRET,
    "SEATWISE_SLACK_BOT_TOKEN": BOT_TOKEN,
    "SEATWISE_SLACK_LEADS_CHANNEL": LEADS,
    **NO_LIMITS,
}


class Line:
    """Slack: takes every call, and keeps it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.installations = None
        self.enterprise: str | None = None
        self.workspaces = [TEAM]  # of the organization

    async def of(self, _: object) -> Line:
        return self

    async def auth_test(self) -> dict[str, str | None]:
        return {"team_id": TEAM, "enterprise_id": self.enterprise}

    async def auth_teams_list(self, **fields: Any) -> dict[str, Any]:
        """The workspaces of the organization, one a page."""
        self.calls.append(("auth_teams_list", fields))
        at = int(fields["cursor"] or 0)
        more = str(at + 1) if at + 1 < len(self.workspaces) else ""
        return {"teams": [{"id": self.workspaces[at]}], "response_metadata": {"next_cursor": more}}

    async def api_call(self, method: str, *, json: dict[str, Any]) -> None:
        self.calls.append((method, json))

    def __getattr__(self, method: str) -> Any:
        async def call(**fields: Any) -> dict[str, str]:
            self.calls.append((method, fields))
            return {"ts": f"1800000000.{len(self.calls):06}", "channel": fields.get("channel", "")}

        return call

    def posts(self) -> list[dict[str, Any]]:
        """Everything that anybody sees in a channel or a direct message."""
        return [fields for method, fields in self.calls if method.startswith("chat_")]


class Website(TurnListener):
    """What visitors of the website are told."""

    def __init__(self) -> None:
        self.told: dict[str, Messages] = {}

    async def answered(self, conversation: str, turn: str, messages: Messages) -> None:
        self.told.setdefault(conversation, []).extend(messages)


@dataclass
class Talk:
    """One conversation of the thousand."""

    number: int
    where: str  # web, direct or channel
    conversation: str = ""
    thread: str = ""
    agreed: bool = False
    answers: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        return f"{PERSONAL}{self.number}@acme.example"


class System:
    """Everything but Rasa, Slack and the network."""

    def __init__(self, store: Database, wording: Wording) -> None:
        settings = Settings.from_environment(ENVIRONMENT)
        self.store, self.line, self.website = store, Line(), Website()
        self.routes = outbox.routes(settings)
        self.outbox = Outbox(store)
        self.erase = Retention(store, None, None).erase
        self.turns = TurnDispatcher(store, self._assistant, self.erase)
        clients: Any = self.line
        postman, refusals, talks = Postman(settings, clients), Refusals(store), Talks(store)
        outgoing, sessions, limits = OutgoingAnswers(store), Sessions(clients, refusals), RateLimits(settings)
        answers, statuses = Answers(outgoing, postman, refusals), Statuses(store, outgoing, sessions)
        delivery = Delivery(outgoing, self.turns.inbox, answers, postman, statuses, limits)
        self.reception = Reception(self.turns, talks, outgoing, delivery, limits)
        stops = Stops(talks, outgoing, postman, sessions)
        self.turns.register("web", self.website)
        self.turns.register("slack", delivery)
        firm = Firm(settings, postman, clients.installations)
        self.send = LeadSender(store, postman, firm, refusals, lambda: wording)
        self.echoes = Echoes(outgoing, self.send)
        self.events = Events(self.reception, talks, clients, postman, Titles(sessions), stops)
        self.desk = Desk(store, self.turns, postman, firm)
        self.context: Any = SimpleNamespace(enterprise_id=None, team_id=TEAM, bot_user_id=BOT_USER)
        self.numbers = iter(range(1_000_000))
        self.refused: Counter[str] = Counter()

    @staticmethod
    async def _assistant(message: UserMessage) -> None:
        said: dict[str, Any] = {"text": f"You said: {message.text}"}
        if message.metadata and "[email]" in message.text:  # as the real one shows them for review
            contact = Contact(email=f"{PERSONAL}@acme.example")
            said = {
                "text": "Email: [email]",
                "custom": {"type": "contact", "version": 1, "sealed": seal(contact.as_json())},
            }
        await message.output_channel.send_response(message.sender_id, said)

    def ts(self) -> str:
        """The time of a new message in Slack."""
        return f"{int(time.time())}.{next(self.numbers):06}"

    async def settle(self) -> None:
        """Until nothing runs any more, and the firm's channel has all its news."""
        while running := {*self.turns._running.values(), *self.reception._starting, *self.desk._telling}:
            await asyncio.wait(running)
        while messages := await self.outbox.claim("slack"):
            for message in messages:
                await self.send(message)
                await self.outbox.delivered(message)

    async def write(self, user: str, channel: str, text: str, thread: str | None = None) -> str:
        """Somebody writes something in Slack; returns its time."""
        ts = self.ts()
        event = {"type": "message", "user": user, "text": text, "ts": ts, "channel": channel, "team": TEAM}
        event |= {"channel_type": "im" if channel.startswith("D") else "channel"}
        event |= {"thread_ts": thread} if thread else {}
        is_mention = f"<@{BOT_USER}>" in text
        listen = self.events.mention if is_mention and channel[0] == "C" else self.events.message
        await listen({"event_id": ts}, event, self.context)
        return ts

    async def say(self, talk: Talk, text: str) -> None:
        """The prospect says something."""
        if talk.where == "web":
            talk.conversation = talk.conversation or f"visitor-{talk.number}"
            await self.turns.answer(IncomingMessage.from_text("web", talk.conversation, str(uuid4()), text))
            return
        channel, user = (f"D{talk.number}", f"U{talk.number}")
        if talk.where == "channel":
            channel, text = f"C{talk.number}", text if talk.thread else f"<@{BOT_USER}> {text}"
        ts = await self.write(user, channel, text, talk.thread or None)
        talk.thread = talk.thread or ts
        if not talk.conversation:
            await self.settle()
            talk.conversation = await self._conversation(channel, talk.thread)

    async def _conversation(self, channel: str, thread: str) -> str:
        mine = select(slack_places.c.conversation).where(slack_places.c.place.endswith(thread))
        return str(await self.store.run(lambda connection: connection.execute(mine).scalar()))

    async def ask(self, talk: Talk, kind: str) -> None:
        """The prospect's wish reaches the outbox, as an action's slot has it."""
        wish = {"kind": kind, "content": {"conversation": talk.conversation}}
        channel = "web" if talk.where == "web" else "slack"
        asked = [(next(self.numbers), wish)]
        put = partial(outbox.put, channel=channel, conversation=talk.conversation, asked=asked, routes=self.routes)
        await self.store.run(put)

    async def agree(self, talk: Talk, *, answers: bool = False) -> None:
        """The prospect agrees to send contact details, and perhaps the answers too."""
        contact = Contact(name="Ann", email=talk.email)
        told = {"contact": seal(contact.as_json()), "consent": "1", "include_answers": answers}
        await self.store.run(partial(leads.put, conversation=talk.conversation, agreed=[(1, told)]))
        await self.ask(talk, "lead")
        talk.agreed = True

    async def press(self, user: str, team: str, action: str, talk: Talk, more: Mapping[str, Any] = {}) -> None:
        card = await self.card(talk)
        container = {"channel_id": LEADS, "message_ts": card, "thread_ts": card}
        body = {"user": {"id": user, "team_id": team, "username": user.lower()}, "container": container}
        body |= {"trigger_id": "1.1", **more}
        await self.desk.pressed(body, {"action_id": action, "value": talk.conversation}, self._ack)

    async def submit(self, user: str, team: str, talk: Talk, text: str) -> bool:
        """Send the form; whether it was taken."""
        told: list[Any] = []

        async def ack(**answer: Any) -> None:
            told.append(answer)

        values = {"text": {"text": {"value": text}}, "name": {"name": {"value": user[2:].title()}}}
        view = {"private_metadata": json.dumps({"conversation": talk.conversation}), "state": {"values": values}}
        body = {"user": {"id": user, "team_id": team, "username": user.lower()}}
        await self.desk.sent(body, view, ack)  # type: ignore[arg-type]
        for error in told[0].get("errors", {}).values():
            self.refused[error.partition(".")[0]] += 1
        return told == [{}]

    async def card(self, talk: Talk) -> str:
        """The card of a conversation; empty if it has none."""
        mine = select(slack_cards.c.ts).where(slack_cards.c.conversation == talk.conversation)
        return await self.store.run(lambda connection: connection.execute(mine).scalar()) or ""

    @staticmethod
    async def _ack(**_: Any) -> None:
        pass
