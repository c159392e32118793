"""Who gets in, for how long, and which requests count as theirs."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import pytest
import requests
from sanic import Sanic

from assistant.settings import Settings
from assistant.stores.database import Database
from console import routes
from console.lockout import LOCKED, MOST_FAILURES
from console.pages import HEADERS
from console.sessions import IDLE, LONGEST
from tests.assistant.channels.web.server import KEY, running
from tests.console.conftest import SETTINGS, Clock, Operator

OPEN = {("GET", "console/login"), ("POST", "console/login")}


def all_routes(app: Sanic) -> set[tuple[str, str]]:
    """Every method and path below /console."""
    return {
        (method, route.path)
        for route in app.router.routes
        if route.path.startswith("console")
        for method in route.methods
    }


def address(path: str) -> str:
    """A path of the router with something in the place of its parameters."""
    return re.sub(r"<[^>]+>", "x-1", path.removeprefix("console")) or "/"


def test_every_route_but_the_sign_in_is_denied_without_a_session(server: tuple[str, Sanic], stranger: Operator) -> None:
    guarded = all_routes(server[1]) - OPEN
    assert len(guarded) >= 10
    for method, path in guarded:
        if method == "GET":
            answer = stranger.see(address(path))
            assert (answer.status_code, answer.headers["Location"]) == (303, "/console/login"), path
        else:
            assert stranger.send(address(path)).status_code == 403, path


def test_every_form_needs_the_token_of_its_session_and_an_origin_of_ours(
    server: tuple[str, Sanic], dana: Operator
) -> None:
    foreign = "https://evil.example"
    for method, path in all_routes(server[1]):
        if method != "POST":
            continue
        for headers in ({}, {"Origin": foreign}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert dana.send(address(path), headers).status_code == 403, (path, headers)
        for headers in ({"Sec-Fetch-Site": "same-site", "Origin": dana.url},):
            assert dana.send(address(path), headers).status_code == 403, (path, headers)
        for token in ("", "wrong", "é"):
            assert dana.send(address(path), form_token=token).status_code == 403, (path, token)


def test_browser_that_hides_the_origin_may_send_a_form_if_it_says_it_is_ours(stranger: Operator) -> None:
    hidden = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert stranger.send("/login", hidden, name="Dana", token="wrong").status_code == 401


def test_form_token_of_another_session_is_refused(stranger: Operator, dana: Operator) -> None:
    theirs = re.findall(r'name="form_token" value="([^"]+)"', stranger.see("/login").text)[0]
    assert dana.send("/logout", form_token=theirs).status_code == 403
    assert dana.see().status_code == 200


def test_token_opens_the_pages_until_the_sign_out(stranger: Operator) -> None:
    signed_in = stranger.sign_in("Dana\n Scully")
    assert (signed_in.status_code, signed_in.headers["Location"]) == (303, "/console/")
    assert "Dana Scully" in stranger.see().text
    assert stranger.send("/logout").headers["Location"] == "/console/login"
    assert stranger.see().status_code == 303


@pytest.mark.parametrize(("name", "token", "status"), [("Dana", "wrong", 401), ("Dana", "", 401), ("Dana", "é", 401)])
def test_wrong_token_does_not_sign_in(stranger: Operator, name: str, token: str, status: int) -> None:
    assert stranger.sign_in(name, token).status_code == status
    assert stranger.see().status_code == 303


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_operator_needs_a_name_that_visitors_can_see(stranger: Operator, name: str) -> None:
    assert stranger.sign_in(name).status_code == 400
    assert stranger.see().status_code == 303


def test_network_is_locked_out_after_five_wrong_tokens_for_fifteen_minutes(stranger: Operator, clock: Clock) -> None:
    assert [stranger.sign_in(token="wrong").status_code for _ in range(MOST_FAILURES)] == [401] * MOST_FAILURES
    locked = stranger.sign_in()
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, str(LOCKED + 1))
    clock.now += LOCKED - 1
    assert stranger.sign_in().status_code == 429
    clock.now += 1
    assert stranger.sign_in().status_code == 303


def test_right_token_forgets_the_wrong_ones(stranger: Operator) -> None:
    for _ in range(2):
        assert [stranger.sign_in(token="wrong").status_code for _ in range(MOST_FAILURES - 1)] == [401] * 4
        assert stranger.sign_in().status_code == 303


def test_session_ends_after_thirty_minutes_without_a_request(dana: Operator, clock: Clock) -> None:
    clock.now += IDLE - 1
    assert dana.see().status_code == 200
    clock.now += IDLE - 1
    assert dana.see().status_code == 200
    clock.now += IDLE
    assert dana.see().status_code == 303


def test_session_ends_after_twelve_hours_however_busy(dana: Operator, clock: Clock) -> None:
    for _ in range(LONGEST // (IDLE - 60)):
        clock.now += IDLE - 60
        assert dana.see().status_code == 200
    clock.now += IDLE - 60
    assert dana.see().status_code == 303


def test_altered_cookie_opens_nothing(dana: Operator) -> None:
    value = dana.browser.cookies[routes.LOCAL_COOKIE]
    for wrong in ("", "x", value[:-2], value.replace(".", "", 1)):
        dana.browser.cookies.clear()
        answer = requests.get(
            f"{dana.url}/console/",
            headers={"Cookie": f"{routes.LOCAL_COOKIE}={wrong}"},
            allow_redirects=False,
            timeout=5,
        )
        assert answer.status_code == 303


def test_session_of_the_web_channel_opens_nothing(url: str) -> None:
    token = requests.post(f"{url}/webhooks/web/session", timeout=5).json()["token"]
    cookies = {routes.LOCAL_COOKIE: token}
    assert requests.get(f"{url}/console/", cookies=cookies, allow_redirects=False, timeout=5).status_code == 303


@pytest.mark.parametrize(
    ("host", "name"),
    [("localhost:5005", routes.LOCAL_COOKIE), ("[::1]:5005", routes.LOCAL_COOKIE), ("firm.example", routes.COOKIE)],
)
def test_cookie_is_strict_and_secure_except_on_this_machine(url: str, host: str, name: str) -> None:
    answer = requests.get(f"{url}/console/login", headers={"Host": host}, timeout=5)
    [(key, cookie)] = SimpleCookie(answer.headers["Set-Cookie"]).items()
    assert key == name
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Strict", "/", "")
    assert bool(cookie["secure"]) == (name == routes.COOKIE)


def test_no_page_is_stored_framed_or_runs_scripts(server: tuple[str, Sanic], dana: Operator) -> None:
    for path in ("/", "/login", "/leads", "/conversations/nothing"):
        headers = dana.see(path).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS, path
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script-src" not in policy


def test_requests_of_one_network_are_limited(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_A_MINUTE", 120)
    with running(Settings.from_environment(SETTINGS), store) as (url, _):
        statuses = [requests.get(f"{url}/console/login", timeout=5).status_code for _ in range(40)]
    assert statuses[:20] == [200] * 20 and 429 in statuses


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/login", "/console/leads", "/console/x"])
def test_there_are_no_pages_without_a_token(store: Database, path: str) -> None:
    with running(Settings.from_environment({"SEATWISE_SECRET": KEY}), store) as (url, _):
        assert requests.get(f"{url}{path}", timeout=5).status_code == 404
        assert requests.post(f"{url}{path}", timeout=5).status_code == 404
