"""Several workspaces: OAuth installs, organizations, tokens that are renewed, and removals."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import select, update

from assistant.channels.slack import clients
from assistant.contacts.sealing import seal, unseal
from assistant.stores.tables import slack_installations
from tests.assistant.channels.slack.conftest import Serve, Served
from tests.assistant.channels.slack.test_requests import away
from tests.slack_api import SIGNING_SECRET, Bot, SlackApi
from tests.slack_user import now_ts

MANY = {
    "SEATWISE_SLACK_SIGNING_SECRET": SIGNING_SECRET,
    "SEATWISE_SLACK_CLIENT_ID": "1.2",
    "SEATWISE_SLACK_CLIENT_SECRET": "the client secret",
}


def installable(api: SlackApi, code: str, team: str | None, enterprise: str | None = None, **more: Any) -> None:
    """Let a code install the app, with a token named after it."""
    token = f"xoxb-{code}"
    api.bots[token] = Bot(team, enterprise)
    api.installs[code] = {
        "app_id": "A0SEATWISE",
        "access_token": token,
        "token_type": "bot",
        "scope": "chat:write",
        "bot_user_id": "U0BOT",
        "team": {"id": team, "name": team} if team else None,
        "enterprise": {"id": enterprise, "name": enterprise} if enterprise else None,
        "is_enterprise_install": team is None,
        "authed_user": {"id": "U0ADMIN"},
        **more,
    }


def install(served: Served, code: str, state: str | None = None, *, with_cookie: bool = True) -> requests.Response:
    browser = requests.Session()
    begun = browser.get(f"{served.address}webhooks/slack/install", allow_redirects=False, timeout=10)
    assert begun.status_code == 302
    asked = parse_qs(urlsplit(begun.headers["Location"]).query)
    assert asked["client_id"] == ["1.2"] and "chat:write" in asked["scope"][0]
    cookie = begun.headers["Set-Cookie"].partition(";")[0]
    if state and with_cookie:
        cookie = f"{cookie.partition('=')[0]}={state}"
    back = {"code": code, "state": state or asked["state"][0]}
    url = f"{served.address}webhooks/slack/oauth_redirect"
    return requests.get(url, back, headers={"Cookie": cookie} if with_cookie else {}, timeout=10)


@pytest.fixture
def many(serve: Serve) -> Served:
    return serve(**MANY)


def test_each_workspace_is_answered_with_its_own_token(many: Served) -> None:
    for code, team in (("one", "T0ONE"), ("two", "T0TWO")):
        installable(many.api, code, team)
        assert install(many, code).status_code == 200
        many.user(team=team).say("hello")
        many.api.wait_for(lambda: len(many.api.posts()) % 2 == 0 and many.api.posts())
    many.api.wait_for(lambda: len(many.api.posts()) == 4)
    assert {call.token for call in many.api.calls if call.method == "chat.postMessage"} == {"xoxb-one", "xoxb-two"}
    rows = many.store.run_sync(lambda connection: connection.execute(select(slack_installations)).mappings().all())
    assert len(rows) == 2 and "xoxb" not in str(rows), "tokens are sealed"


def test_workspace_without_installation_is_not_answered(many: Served) -> None:
    many.user(team="T0OTHER").say("hello")
    assert many.user(team="T0OTHER").slash("hello").status_code == 200
    time.sleep(0.3)
    assert many.agent.heard == [] and many.api.posts() == []


@pytest.mark.parametrize(
    ("state", "with_cookie"), [("forged", True), (None, False), ("eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.", True)]
)
def test_forged_state_installs_nothing(many: Served, state: str | None, with_cookie: bool) -> None:
    installable(many.api, "one", "T0ONE")
    answer = install(many, "one", state, with_cookie=with_cookie)
    assert answer.status_code == 400
    assert not any(call.method == "oauth.v2.access" for call in many.api.calls)


def test_code_that_slack_refuses_installs_nothing(many: Served) -> None:
    answer = install(many, "no such code")
    assert answer.status_code == 400 and "not installed" in answer.text and "code" not in answer.text


def test_workspace_that_refuses_the_optional_scopes_is_answered(many: Served) -> None:
    """Without them come only mentions, commands and what is pressed; whatever needs more is refused."""
    installable(many.api, "one", "T0ONE", scope="app_mentions:read,assistant:write,chat:write,commands,im:write")
    assert install(many, "one").status_code == 200
    for method in ("agents.sessions.setStatus", "agents.sessions.rename", "assistant.threads.setSuggestedPrompts"):
        many.api.fail(method, "missing_scope", times=99)
    ann = many.user(team="T0ONE")
    thread = ann.mention("hello")
    many.api.wait_for(lambda: len(many.api.posts("C0ALL", thread)) == 2)
    assert ann.slash("hello").status_code == 200
    many.api.wait_for(lambda: many.api.of("respond"))
    ann.press(many.api.posts("C0ALL", thread)[-1], "Nobody")
    many.api.wait_for(lambda: len(many.api.posts("C0ALL", thread)) == 4)
    ann.mention("and more", thread=thread)
    many.api.wait_for(lambda: len(many.api.posts("C0ALL", thread)) == 6)
    used = {call.method for call in many.api.calls}
    assert not any(method.startswith(("conversations.", "users.")) for method in used)


def test_installation_of_an_organization_covers_its_workspaces(many: Served) -> None:
    installable(many.api, "org", None, "E0ORG")
    assert install(many, "org").status_code == 200
    people = [many.user(team=team, enterprise="E0ORG") for team in ("T0ONE", "T0TWO", None)]
    for one in people:
        one.say("hello", thread="1.1")
    many.user(team="T0ONE", enterprise="E0OTHER").say("hello")
    many.api.wait_for(lambda: len(many.api.posts()) == 6)
    time.sleep(0.3)
    assert len({message.sender_id for message in many.agent.heard}) == 3


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}]
)
def test_removed_app_is_forgotten(many: Served, event: dict[str, Any]) -> None:
    installable(many.api, "one", "T0ONE")
    install(many, "one")
    ann = many.user(team="T0ONE")
    ann.say("hello")
    many.api.wait_for(lambda: len(many.api.posts()) == 2)
    assert ann.tell(ann.event(event)).status_code == 200
    ann.say("hello")
    time.sleep(0.3)
    assert len(many.agent.heard) == 1
    rows = many.store.run_sync(lambda connection: connection.execute(select(slack_installations)).all())
    assert rows == []


def test_revoked_user_tokens_change_nothing(many: Served) -> None:
    installable(many.api, "one", "T0ONE")
    install(many, "one")
    ann = many.user(team="T0ONE")
    ann.tell(ann.event({"type": "tokens_revoked", "tokens": {"oauth": ["U0ANN"], "bot": []}}))
    ann.say("hello")
    many.api.wait_for(lambda: len(many.api.posts()) == 2)


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
def test_token_that_slack_does_not_take_any_more_is_forgotten(many: Served, error: str) -> None:
    installable(many.api, "one", "T0ONE")
    install(many, "one")
    many.api.fail("chat.postMessage", error)
    many.user(team="T0ONE").say("hello")
    rows = select(slack_installations)
    many.api.wait_for(lambda: not many.store.run_sync(lambda connection: connection.execute(rows).all()), 10)


def test_request_is_not_acknowledged_while_the_installation_cannot_be_read(
    many: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    installable(many.api, "one", "T0ONE")
    install(many, "one")
    ann = many.user(team="T0ONE")
    event = ann.event(ann.written("hello", ann.dm))
    with monkeypatch.context() as broken:
        broken.setattr(many.store, "run", away)
        assert ann.tell(event).status_code == 500
    assert ann.tell(event).status_code == 200
    many.api.wait_for(lambda: len(many.api.posts()) == 2)


def test_token_is_renewed_before_it_expires(many: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    installable(many.api, "one", "T0ONE", refresh_token="xoxe-1", expires_in=43200)
    install(many, "one")
    ann = many.user(team="T0ONE")
    ann.say("hello")
    many.api.wait_for(lambda: len(many.api.posts()) == 2)
    assert many.api.calls[-1].token == "xoxb-one"

    expiring(many, "xoxe-1", monkeypatch)
    installable(many.api, "xoxe-1", "T0ONE", refresh_token="xoxe-2", expires_in=43200)
    threads = [ann.say("hello", thread=now_ts()) for _ in range(3)]
    many.api.wait_for(lambda: len(many.api.posts()) == 8)
    renewals = [call for call in many.api.calls if call.fields.get("grant_type") == "refresh_token"]
    assert len(renewals) == 1 and len(threads) == 3
    assert many.api.calls[-1].token == "xoxb-xoxe-1"


def expiring(served: Served, refresh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stored token expire in an hour, unknown to the process."""
    row = served.store.run_sync(lambda connection: connection.execute(select(slack_installations)).mappings().one())
    fields = json.loads(unseal(row["installation"]))
    sooner = seal(json.dumps({**fields, "bot_token_expires_at": int(time.time()) + 3600, "bot_refresh_token": refresh}))
    changed = update(slack_installations).values(installation=sooner)
    served.store.run_sync(lambda connection: connection.execute(changed))
    monkeypatch.setattr(clients, "_KNOWN_FOR", 0.0)
