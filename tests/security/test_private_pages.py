"""Private pages cannot be guessed, listed, framed or cached, change nothing, and open only to their own token."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from sqlalchemy import insert

from assistant.server import private
from assistant.stores.links import Kind, issue, revoke
from assistant.stores.privacy import erase
from assistant.stores.tables import events, links
from tests.reports import card_of
from tests.security.conftest import running_target
from tests.security.target import SECRET, TIMEOUT, Target

PATHS: dict[str, Kind] = {"report": "report", "brief": "brief", "data": "export"}
WRONG = "A" * 43
ANSWERS = {"revenue_band": "1m_10m", "generic_tools_no_strategy": True, "tech_works": True}
HOSTILE = "<img src=x onerror=alert(1)> </style><script>alert(1)</script>"


@pytest.fixture
def conversation(target: Target) -> str:
    """A conversation with a verdict that quotes a hostile visitor."""
    name = uuid4().hex
    told: list[dict[str, Any]] = [
        {"event": "user", "text": SECRET, "parse_data": {"intent": {}, "entities": []}},
        {"event": "bot", "data": {"custom": card_of(ANSWERS, dict.fromkeys(ANSWERS, HOSTILE))}},
        {"event": "slot", "name": "advised_on", "value": ANSWERS},
    ]
    rows = [{"conversation": name, "number": n, "at": 1.0, "event": json.dumps(one)} for n, one in enumerate(told)]
    target.stored.run_sync(lambda connection: connection.execute(insert(events), rows))
    return name


def token_for(target: Target, conversation: str, kind: Kind) -> str:
    return target.stored.run_sync(lambda connection: issue(connection, conversation, kind))


def get(target: Target, path: str, token: str, **options: Any) -> requests.Response:
    return requests.get(f"{target.url}{path}/{token}", timeout=TIMEOUT, allow_redirects=False, **options)


@pytest.fixture
def report(target: Target, conversation: str) -> requests.Response:
    return get(target, "report", token_for(target, conversation, "report"))


def test_report_is_shown_to_those_who_have_its_link(report: requests.Response) -> None:
    assert report.status_code == 200
    assert report.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Hire a CAIO first" in report.text


def test_data_is_a_download_of_everything_that_is_stored(target: Target, conversation: str) -> None:
    answer = get(target, "data", token_for(target, conversation, "export"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="conversation.json"'
    held = answer.json()
    assert held["conversation"] == conversation
    assert held["events"][0]["text"] == SECRET
    assert [link["kind"] for link in held["links"]] == ["export"]


def test_wrong_tokens_all_get_the_same_answer(target: Target, conversation: str) -> None:
    revoked, kept = (token_for(target, conversation, "report") for _ in range(2))
    target.stored.run_sync(lambda connection: revoke(connection, conversation))
    expired, alive = (token_for(target, conversation, "report") for _ in range(2))
    old = links.update().where(links.c.digest == hashlib.sha256(expired.encode()).hexdigest()).values(expires=1.0)
    target.stored.run_sync(lambda connection: connection.execute(old))
    empty = token_for(target, uuid4().hex, "report")
    other_kinds = [(path, alive) for path in PATHS if path != "report"]
    tried = [*(("report", one) for one in (WRONG, revoked, kept, expired, empty, "x", "%00", "..")), *other_kinds]
    answers = [get(target, path, token) for path, token in tried if token != ".."]
    assert get(target, "report", alive).status_code == 200
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert "This link doesn&#39;t work" in answers[0].text
    assert Counter(frozenset(answer.headers) for answer in answers).most_common(1)[0][1] == len(answers)


def test_erased_conversation_has_no_pages(target: Target, conversation: str) -> None:
    tokens = {path: token_for(target, conversation, kind) for path, kind in PATHS.items()}
    target.stored.run_sync(lambda connection: erase(connection, conversation))
    assert {get(target, path, token).status_code for path, token in tokens.items()} == {404}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("known", [True, False], ids=["right token", "wrong token"])
def test_pages_are_not_indexed_cached_framed_or_named_to_others(
    target: Target, conversation: str, path: str, known: bool
) -> None:
    answer = get(target, path, token_for(target, conversation, PATHS[path]) if known else WRONG)
    wanted = {
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert not {"Set-Cookie", "Access-Control-Allow-Origin", "Location", "ETag"} & answer.headers.keys()


def test_policy_allows_the_styles_of_the_page_and_nothing_else(report: requests.Response) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", report.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert report.headers["Content-Security-Policy"].split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]


def test_words_of_a_visitor_are_never_markup(report: requests.Response) -> None:
    assert "&lt;img src=x onerror=alert(1)&gt;" in report.text
    assert not re.search(r"<(script|img|iframe|a)\b|</style>\s*<script", report.text)
    assert report.text.count("</style>") == 1


@pytest.mark.parametrize("path", PATHS)
def test_look_up_changes_nothing(target: Target, conversation: str, path: str) -> None:
    token = token_for(target, conversation, PATHS[path])
    tables = ("events", "inbox", "outbox", "links", "audit", "erasures")
    before = {table: target.select(f"SELECT * FROM {table}") for table in tables}
    answers = [get(target, path, token) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert {table: target.select(f"SELECT * FROM {table}") for table in tables} == before


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_rejected(target: Target, conversation: str, method: str) -> None:
    address = f"{target.url}report/{token_for(target, conversation, 'report')}"
    assert requests.request(method, address, timeout=TIMEOUT).status_code in (404, 405)


@pytest.mark.parametrize("path", ["report", "report/", "brief", "data", "report/a/b", "report//"])
def test_pages_cannot_be_listed(target: Target, path: str) -> None:
    answer = requests.get(f"{target.url}{path}", timeout=TIMEOUT)
    assert answer.status_code == 404
    assert "Hire" not in answer.text


def test_host_of_a_request_leads_nowhere(target: Target, conversation: str) -> None:
    answer = get(target, "report", token_for(target, conversation, "report"), headers={"Host": "evil.example"})
    assert "evil.example" not in answer.text


def test_tokens_are_not_logged(target: Target, conversation: str) -> None:
    token = token_for(target, conversation, "report")
    get(target, "report", token)
    logged = "".join(path.read_text(encoding="utf-8", errors="replace") for path in target.folder.glob("*.log"))
    assert token not in logged
    target.check_logs()


def test_private_pages_have_the_kinds_of_links() -> None:
    assert {path: about.kind for path, about in private.PAGES.items()}.items() <= PATHS.items()


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """An assistant with the rate limit that applies by default."""
    with running_target(tmp_path_factory.mktemp("limited"), {"SEATWISE_ADDRESS_VISITS_A_MINUTE": ""}) as running:
        yield running


def test_a_thousand_wrong_tokens_are_throttled(limited: Target, tmp_path: Path) -> None:
    with requests.Session() as client:
        answers = [client.get(f"{limited.url}report/{WRONG[:-4]}{n:04}", timeout=TIMEOUT) for n in range(1000)]
    told = Counter(answer.status_code for answer in answers)
    assert set(told) == {404, 429}
    assert told[404] < 100
    refused = [answer for answer in answers if answer.status_code == 429]
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
    assert "Please wait a moment" in refused[0].text
