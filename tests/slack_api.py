"""A stand-in for Slack's Web API on loopback: it records what is called, and fails as it is told."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

TEAM = "T0FIRM"
BOT_USER = "U0BOT"
BOT_TOKEN = "xoxb-of-the-firm"
SIGNING_SECRET = "what-only-slack-and-the-assistant-know"
_DEADLINE = 30.0  # seconds

Fields = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of a method; ``respond`` is a post to a response_url."""

    method: str
    fields: Fields
    token: str
    at: float
    answer: Fields


@dataclass
class _Rule:
    """How the next calls of a method fail."""

    method: str
    error: str
    status: int
    headers: Mapping[str, str]
    left: float
    applies: Callable[[Fields], bool]


@dataclass
class Bot:
    """Who a token belongs to."""

    team: str | None = TEAM
    enterprise: str | None = None
    user: str = BOT_USER


@dataclass
class SlackApi:
    """The API. ``bots`` has those whose tokens are valid, ``installs`` what oauth.v2.access gives for each code."""

    calls: list[Call] = field(default_factory=list)
    bots: dict[str, Bot] = field(default_factory=lambda: {BOT_TOKEN: Bot()})
    installs: dict[str, Fields] = field(default_factory=dict)
    delay: float = 0.0  # seconds before each answer
    echo: Callable[[Fields], object] = lambda post: None  # hears of each message that was posted

    def __post_init__(self) -> None:
        self._rules: list[_Rule] = []
        self._sockets: list[web.WebSocketResponse] = []
        self.acknowledged: list[Fields] = []
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._port = 0
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait(10)

    @property
    def address(self) -> str:
        """Where the server is, with a slash at the end."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def url(self) -> str:
        """For SEATWISE_SLACK_API_URL."""
        return f"{self.address}api/"

    def fail(
        self,
        method: str,
        error: str = "internal_error",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        times: float = 1,
        applies: Callable[[Fields], bool] = lambda fields: True,
    ) -> None:
        """Let the next calls of a method fail."""
        self._rules.append(_Rule(method, error, status, headers or {}, times, applies))

    def heal(self) -> None:
        """Let nothing fail any more."""
        self._rules.clear()

    def of(self, method: str) -> list[Fields]:
        """What a method was called with, as far as that was not refused."""
        return [call.fields for call in list(self.calls) if call.method == method and call.answer.get("ok")]

    def posts(self, channel: str | None = None, thread: str | None = None) -> list[Fields]:
        """The messages that were posted, each with its ``ts``."""
        posted = [
            {**call.fields, "ts": call.answer["ts"], "channel": call.answer["channel"]}
            for call in list(self.calls)
            if call.method == "chat.postMessage" and call.answer.get("ok")
        ]
        return [one for one in posted if channel in (None, one["channel"]) and thread in (None, one.get("thread_ts"))]

    def statuses(self) -> list[str]:
        """The statuses that were shown, in order."""
        return [one["status"] for one in self.of("agents.sessions.setStatus")]

    def wait_for(self, holds: Callable[[], Any], seconds: float = _DEADLINE) -> Any:
        """What is true at last."""
        deadline = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < deadline, f"it did not come about; the calls were {self.calls[-8:]}"
            time.sleep(0.02)
        return found

    def connected(self) -> bool:
        """Whether somebody is connected in Socket Mode."""
        return any(not one.closed for one in self._sockets)

    def send(self, kind: str, payload: Fields) -> str:
        """Send something over the newest socket; returns the id of its envelope."""
        envelope = f"envelope-{next(self._numbers)}"
        content = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": True}
        self._on_socket(json.dumps(content))
        return envelope

    def ask_to_reconnect(self) -> None:
        """Say over the socket that it is about to be closed."""
        self._on_socket(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    def close(self) -> None:
        """Stop the server."""
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _on_socket(self, text: str) -> None:
        newest = [one for one in self._sockets if not one.closed][-1]
        asyncio.run_coroutine_threadsafe(newest.send_str(text), self._loop).result(5)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application()
        app.router.add_post("/api/{method}", self._answer)
        app.router.add_post("/respond/{user}", self._respond)
        app.router.add_get("/socket", self._serve_socket)

        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

        async def start() -> None:
            await self._runner.setup()
            site = web.TCPSite(self._runner, "127.0.0.1", 0)
            await site.start()
            self._port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

        self._loop.run_until_complete(start())
        started.set()
        self._loop.run_forever()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.content_type == "application/json":
            fields = await request.json()
        else:
            sent = {**request.query, **await request.post()}  # slack_sdk puts some fields into the address
            fields = {name: _parsed(value) for name, value in sent.items()}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return await self._record(method, fields, token)

    async def _respond(self, request: web.Request) -> web.Response:
        return await self._record("respond", {**await request.json(), "user": request.match_info["user"]}, "")

    async def _record(self, method: str, fields: Fields, token: str) -> web.Response:
        await asyncio.sleep(self.delay)
        rule = next((one for one in self._rules if one.method == method and one.left > 0 and one.applies(fields)), None)
        if rule:
            rule.left -= 1
            answer, status, headers = {"ok": False, "error": rule.error}, rule.status, rule.headers
        else:
            answer, status, headers = self._result(method, fields, token), 200, {}
        self.calls.append(Call(method, fields, token, time.time(), answer))
        if method == "chat.postMessage" and answer["ok"]:
            asyncio.get_running_loop().run_in_executor(None, self.echo, self.posts()[-1])
        return web.json_response(answer, status=status, headers=headers)

    def _result(self, method: str, fields: Fields, token: str) -> Fields:
        if method == "respond":
            return {"ok": True}
        if method == "apps.connections.open":
            return {"ok": True, "url": f"ws://127.0.0.1:{self._port}/socket"}
        if method == "oauth.v2.access":
            given = self.installs.get(fields.get("code") or fields.get("refresh_token"))
            return {"ok": True, **given} if given else {"ok": False, "error": "invalid_code"}
        bot = self.bots.get(token or fields.get("token", ""))
        if bot is None:
            return {"ok": False, "error": "invalid_auth"}
        if method == "auth.test":
            return {
                "ok": True,
                "url": "https://firm.slack.com/",
                "team_id": bot.team,
                "enterprise_id": bot.enterprise,
                "user_id": bot.user,
                "bot_id": "B0BOT",
            }
        if method in ("chat.postMessage", "chat.postEphemeral", "chat.update"):
            channel = fields["channel"]
            ts = fields.get("ts") or f"{int(time.time())}.{next(self._numbers):06}"
            return {"ok": True, "ts": ts, "channel": f"D{channel[1:]}" if channel.startswith("U") else channel}
        return {"ok": True}

    async def _serve_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data))
        return socket


def slack_settings(api: SlackApi) -> dict[str, str]:
    """Settings for one workspace by HTTP."""
    return {
        "SEATWISE_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SEATWISE_SLACK_BOT_TOKEN": BOT_TOKEN,
        "SEATWISE_SLACK_API_URL": api.url,
    }


def _parsed(value: Any) -> Any:
    """A field of a form; slack_sdk writes lists and objects as JSON."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
