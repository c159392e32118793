"""What Slack itself says of the app: ``python -m assistant slack check``, the only command that calls Slack.

Each check asks Slack one question and gives one line. No line has a token in it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from advisor.errors import SeatwiseError
from assistant.channels.slack.clients import Clients, NotInstalled
from assistant.channels.slack.identity import Workspace
from assistant.channels.slack.samples import samples
from assistant.settings import Settings, settings
from assistant.stores.database import Database

_MANIFESTS = Path(__file__).parents[3] / "deploy" / "slack"

_WITHOUT = {
    "im:history": "direct messages do not arrive",
    "channels:history": "in channels, each question needs a mention",
    "groups:history": "in private channels, each question needs a mention",
}
"""What is lost without each scope that may be refused."""

_MEANING = {
    "account_inactive": "the app was removed from the workspace; install it again",
    "invalid_auth": "Slack does not know this token",
    "not_allowed_token_type": "this is a token of another kind",
    "ratelimited": "too many calls; try again in a minute",
    "token_expired": "this token has expired",
    "token_revoked": "this token was revoked; install the app again",
}
"""What the errors mean that do not say it themselves."""


@dataclass(frozen=True)
class Finding:
    """The result of one check, and what Slack said."""

    check: str
    passed: bool
    said: str

    def __str__(self) -> str:
        return f"{'ok' if self.passed else 'failed':6}  {self.check}: {self.said}"


@dataclass(frozen=True)
class Scopes:
    """The scopes that a manifest asks for, and which of them may be refused."""

    asked: Sequence[str]
    optional: Sequence[str]


def findings(store: Database) -> list[Finding]:
    """Ask Slack everything that can be asked without posting anything.

    Args:
        store: where the installations are.

    Raises:
        SeatwiseError: Slack is not set up.
    """
    chosen = settings()
    if not chosen.serves_slack:
        raise SeatwiseError("Slack is not set up; docs/slack.md says how")
    return asyncio.run(_findings(chosen, Clients(chosen, store)))


async def _findings(settings: Settings, clients: Clients) -> list[Finding]:
    name = "manifest.socket.yml" if settings.slack_app_token else "manifest.yml"
    manifest = yaml.safe_load((_MANIFESTS / name).read_text(encoding="utf-8"))
    scopes = Scopes(manifest["oauth_config"]["scopes"]["bot"], manifest["oauth_config"]["scopes"]["bot_optional"])
    here = [Workspace(None, None)] if settings.slack_bot_token else await clients.installations.workspaces()
    found: list[Finding] = []
    if not here:
        install = f"{settings.address}/webhooks/slack/install"
        found.append(Finding("auth.test", False, f"the app is installed nowhere yet; open {install}"))
    try:
        for workspace in here:
            found += await _bot(clients, workspace, scopes)
        if token := settings.slack_app_token:
            opened = clients.with_token(token).api_call("apps.connections.open")
            found.append(await _asked("apps.connections.open", opened, "Socket Mode is on"))
        if token := settings.slack_config_token:
            validated = _posted(clients.with_token(token), "apps.manifest.validate", manifest=manifest)
            found.append(await _asked("apps.manifest.validate", validated, f"deploy/slack/{name} is valid"))
        if any(one.passed for one in found if one.check == "auth.test"):
            found += await _cards(await clients.of(here[0]))
    finally:
        await clients.close()
    return found


async def _bot(clients: Clients, workspace: Workspace, scopes: Scopes) -> list[Finding]:
    """Who the bot is in a workspace, and what it may do there."""
    try:
        client = await clients.of(workspace)
    except NotInstalled as error:
        return [Finding("auth.test", False, str(error))]
    answer = await _answer(client.auth_test())
    if not isinstance(answer, AsyncSlackResponse):
        return [Finding("auth.test", False, answer)]
    who = Finding("auth.test", True, f"@{answer['user']} in {answer['team']}")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
    return [who, _granted(granted, scopes)]


def _granted(granted: set[str], scopes: Scopes) -> Finding:
    required = [scope for scope in scopes.asked if scope not in scopes.optional]
    if missing := [scope for scope in required if scope not in granted]:
        return Finding(
            "scopes", False, f"{', '.join(missing)} missing; add to the app's manifest, and install it again"
        )
    notes = [f"without {scope} {_WITHOUT[scope]}" for scope in scopes.optional if scope not in granted]
    if unused := sorted(granted.difference(scopes.asked)):
        notes.append(f"not needed: {', '.join(unused)}")
    return Finding("scopes", True, "; ".join([f"all {len(required)} that are required", *notes]))


async def _cards(client: AsyncWebClient) -> list[Finding]:
    """What Slack says of our cards and views."""
    found = []
    for name, content in samples().items():
        validated = _posted(client, "blocks.validate", **content)
        found.append(await _asked(f"blocks.validate {name}", validated, "valid"))
    return found


def _posted(client: AsyncWebClient, method: str, **content: Any) -> Awaitable[AsyncSlackResponse]:
    """Call a method that the client would call with all of its content in the address, which is too long for that."""
    return client.api_call(method, data={name: json.dumps(value) for name, value in content.items()})


async def _asked(name: str, call: Awaitable[AsyncSlackResponse], success: str) -> Finding:
    answer = await _answer(call)
    passed = isinstance(answer, AsyncSlackResponse)
    return Finding(name, passed, success if passed else str(answer))


async def _answer(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse | str:
    """What Slack answered, or why there is no answer, in one line."""
    try:
        return await call
    except SlackApiError as error:
        return _reason(error.response) if isinstance(error.response, AsyncSlackResponse) else "no answer of Slack"
    except (ClientError, asyncio.TimeoutError, OSError) as error:
        return f"Slack cannot be reached ({type(error).__name__})"


def _reason(answer: AsyncSlackResponse) -> str:
    code = str(answer.get("error", "no reason given"))
    details = [f"{one.get('pointer', '')} {one.get('message', '')}".strip() for one in answer.get("errors") or ()]
    needed = answer.get("needed")
    known = _MEANING.get(code) or needed and f"the scope {needed} is missing"
    return ": ".join(filter(None, [code, known, "; ".join(details)]))
