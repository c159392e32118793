"""The manifests of the Slack app keep the rules of Slack's published schema, and ask for what the channel uses."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock
from urllib.parse import urlsplit

import jsonschema
import pytest
import yaml
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from assistant.channels.slack.app import bolt_app
from assistant.channels.slack.blocks.home import prompts
from assistant.channels.slack.oauth import OPTIONAL_SCOPES, SCOPES
from assistant.settings import Settings

FOLDER = Path(__file__).parents[2] / "deploy" / "slack"
FILES = {"http": "manifest.yml", "socket": "manifest.socket.yml"}

Manifest = dict[str, Any]

CHANNEL = Path(__file__).parents[2] / "assistant" / "channels" / "slack"
NEEDS = {
    "agents.sessions.rename": "chat:write",
    "agents.sessions.setStatus": "chat:write",
    "apps.connections.open": None,  # with the app-level token
    "apps.manifest.validate": None,  # with a token of a person
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "auth.teams.list": None,
    "auth.test": None,
    "blocks.validate": None,
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "views.open": None,
    "views.publish": None,
}
"""The scope of each method that we call, as docs.slack.dev/reference/methods has it."""
NEVER = {"conversations.history", "conversations.replies"}
DELIVERED = {
    "agent_session_stopped": None,
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "tokens_revoked": None,
}
"""The scope without which each event is not delivered, as docs.slack.dev/reference/events has it."""


def text(most: int, least: int = 1) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most}


def only(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def several(of: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": 1, "maxItems": most, "uniqueItems": True}


NOT_EMPTY = {"type": "string", "minLength": 1}
SWITCH = {"type": "boolean"}
URL = {"type": "string", "pattern": "^https://", "maxLength": 3000}
LIST_OF_SCOPES = several(text(50), 255)
RULES = only(
    "display_information",
    _metadata=only(major_version={"enum": [1, 2]}),
    display_information=only(
        "name",
        name=text(35),
        description=text(140),
        long_description=text(4000, least=175),
        background_color={"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"},
    ),
    features=only(
        app_home=only(home_tab_enabled=SWITCH, messages_tab_enabled=SWITCH, messages_tab_read_only_enabled=SWITCH),
        bot_user=only("display_name", display_name=text(80), always_online=SWITCH),
        agent_view=only(
            agent_description=text(300),
            suggested_prompts=several(only("title", "message", title=NOT_EMPTY, message=NOT_EMPTY), 4),
        ),
        slash_commands=several(
            only(
                *("command", "description"),
                command={**text(32, least=2), "pattern": "^/"},
                url=URL,
                description=text(2000),
                usage_hint=text(1000),
                should_escape=SWITCH,
            ),
            50,
        ),
    ),
    oauth_config=only(redirect_urls=several(URL, 1000), scopes=only(bot=LIST_OF_SCOPES, bot_optional=LIST_OF_SCOPES)),
    settings=only(
        event_subscriptions=only(request_url=URL, bot_events=several(text(50), 100)),
        interactivity=only("is_enabled", is_enabled=SWITCH, request_url=URL),
        org_deploy_enabled=SWITCH,
        socket_mode_enabled=SWITCH,
        token_rotation_enabled=SWITCH,
    ),
)
"""The rules of github.com/slackapi/manifest-schema 0.5.0 for the parts that we use; nothing else is allowed."""


def sources() -> list[ast.Module]:
    """The modules of the channel."""
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(CHANNEL.rglob("*.py"))]


def called() -> set[str]:
    """The methods of the Web API that the channel calls, by the client's own functions or by their names."""
    methods = {name.replace("_", "."): name for name in dir(AsyncWebClient) if "_" in name.strip("_")}
    found = set()
    for node in (node for source in sources() for node in ast.walk(source)):
        if isinstance(node, ast.Attribute) and node.attr in methods.values():
            found.add(node.attr.replace("_", "."))
        if isinstance(node, ast.Constant) and node.value in methods:
            found.add(node.value)
    return found - {"api.call"}


def begins_direct_messages() -> bool:
    """Whether something is posted to the id of a user, which opens a direct message if there is none yet."""
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "chat_postMessage"
        and any(one.arg == "channel" and getattr(one.value, "id", "") == "user" for one in node.keywords)
        for source in sources()
        for node in ast.walk(source)
    )


def listeners() -> set[str]:
    """The types of the events that something listens to."""
    events, presses, forms, tab, echoes = (MagicMock() for _ in range(5))
    heard: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(AsyncApp, "event", lambda _, name: heard.append(name) or (lambda listener: listener))
        bolt_app(Settings(), MagicMock(), events, presses, forms, tab, echoes)
    return set(heard)


def manifest(mode: str) -> Manifest:
    return yaml.safe_load((FOLDER / FILES[mode]).read_text(encoding="utf-8"))


def faults(manifest: Manifest) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(RULES).iter_errors(manifest)]


def addresses(part: Any, name: str = "") -> Iterator[str]:
    """All addresses in a manifest."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from addresses(value, name)
    elif isinstance(part, list):
        for value in part:
            yield from addresses(value, name)
    elif name in ("url", "request_url", "redirect_urls"):
        yield part


@pytest.mark.parametrize("mode", FILES)
def test_manifest_keeps_the_rules_of_slack(mode: str) -> None:
    assert faults(manifest(mode)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("display_information", "name"), "x" * 36),
        (("display_information", "long_description"), "too short"),
        (("features", "agent_view", "suggested_prompts"), [{"title": str(one), "message": "x"} for one in range(5)]),
        (("features", "agent_view", "description"), "a misspelled key"),
        (("features", "assistant_view"), {"assistant_description": "the old agent"}),
        (("settings", "interactivity"), {"request_url": "https://chat.firm.example/"}),
        (("settings", "event_subscriptions", "request_url"), "http://chat.firm.example/"),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_broken_rule_is_noticed(path: tuple[str, ...], value: Any) -> None:
    broken = copy.deepcopy(manifest("http"))
    part = broken
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    assert faults(broken)


@pytest.mark.parametrize("mode", FILES)
def test_people_can_write_to_the_app(mode: str) -> None:
    home = manifest(mode)["features"]["app_home"]
    assert home == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


@pytest.mark.parametrize("mode", FILES)
def test_suggested_prompts_are_those_of_the_assistant(mode: str) -> None:
    assert manifest(mode)["features"]["agent_view"]["suggested_prompts"] == prompts()


@pytest.mark.parametrize("mode", FILES)
def test_optional_scopes_are_asked_for_as_well(mode: str) -> None:
    scopes = manifest(mode)["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) < set(scopes["bot"])
    assert {scope for scope in scopes["bot"] if scope.endswith(":history")} == set(scopes["bot_optional"])


def test_both_modes_are_the_same_app() -> None:
    http, socket = manifest("http"), manifest("socket")
    for one in (http, socket):
        for name in ("org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled"):
            del one["settings"][name]
        one["features"]["slash_commands"][0].pop("url", None)
        one["oauth_config"].pop("redirect_urls", None)
        one["settings"]["event_subscriptions"].pop("request_url", None)
        one["settings"]["interactivity"].pop("request_url", None)
    assert http == socket


def test_socket_mode_needs_no_address() -> None:
    assert list(addresses(manifest("socket"))) == []
    assert manifest("socket")["settings"]["socket_mode_enabled"] is True


def test_http_needs_one_host() -> None:
    assert {urlsplit(address).netloc for address in addresses(manifest("http"))} == {"chat.firm.example"}
    assert manifest("http")["settings"]["socket_mode_enabled"] is False


def test_tokens_rotate_where_they_are_installed_by_oauth_and_nowhere_else() -> None:
    for mode in FILES:
        given = manifest(mode)
        by_oauth = "redirect_urls" in given["oauth_config"]
        assert given["settings"]["token_rotation_enabled"] is by_oauth
        assert given["settings"]["org_deploy_enabled"] is by_oauth


@pytest.mark.parametrize("mode", FILES)
def test_scopes_asked_for_are_those_that_are_used(mode: str) -> None:
    given = manifest(mode)
    assert called() <= set(NEEDS)
    used = {NEEDS[method] for method in called()}
    used |= {DELIVERED[event] for event in given["settings"]["event_subscriptions"]["bot_events"]}
    used |= {"commands"} if given["features"]["slash_commands"] else set()
    used |= {"assistant:write"} if "agent_view" in given["features"] else set()
    used |= {"im:write"} if begins_direct_messages() else set()
    assert set(given["oauth_config"]["scopes"]["bot"]) == used - {None}


def test_all_methods_are_found_that_the_table_names() -> None:
    assert called() == set(NEEDS)
    assert not NEVER & called()


@pytest.mark.parametrize("mode", FILES)
def test_installing_asks_for_the_scopes_of_the_manifest(mode: str) -> None:
    scopes = manifest(mode)["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == {*SCOPES, *OPTIONAL_SCOPES}
    assert set(scopes["bot_optional"]) == set(OPTIONAL_SCOPES)


@pytest.mark.parametrize("mode", FILES)
def test_events_asked_for_are_those_that_something_listens_to(mode: str) -> None:
    asked = manifest(mode)["settings"]["event_subscriptions"]["bot_events"]
    assert asked == sorted(asked)
    assert {event.partition(".")[0] for event in asked} == listeners()


def test_addresses_are_those_that_the_channel_serves() -> None:
    assert {urlsplit(address).path for address in addresses(manifest("http"))} == {
        "/webhooks/slack/events",
        "/webhooks/slack/oauth_redirect",
    }
