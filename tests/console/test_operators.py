"""Operators with tokens and authenticators of their own are who they say they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pyotp
import pytest
import requests
from sqlalchemy import select

from advisor.errors import SeatwiseError
from assistant.server import app as application
from assistant.settings import Settings
from assistant.stores.database import Database
from assistant.stores.tables import audit
from console import routes
from console.lockout import LOCKED, MOST_FAILURES, Lockout
from console.operators import Operators, new_operator
from console.routes import Console
from tests.assistant.channels.web.server import running
from tests.console.conftest import SETTINGS, TOKEN, Clock, Operator


def made(name: str) -> tuple[str, str, str]:
    """A token, its line of the setting, and the secret of the authenticator."""
    said = new_operator(name)
    token, line = re.findall(r"(?:Token|Line of SEATWISE_OPERATORS): (.+)", said)
    return token, line, line.rpartition(" ")[2]


GRACE, GRACES_LINE, GRACES_SECRET = made("Grace Hopper")
ERIC, ERICS_LINE, _ = made("Eric")
LISTED = f"{GRACES_LINE}\n\n  {ERICS_LINE.rpartition(':')[0]}\n"  # Eric has no authenticator


@pytest.fixture
def place(store: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server with two named operators, and the token that all share."""
    settings = Settings.from_environment({**SETTINGS, "SEATWISE_OPERATORS": LISTED})
    made: Any = partial(Console, operators=Operators(settings, clock), lockout=Lockout(clock))
    monkeypatch.setattr(application, "Console", made)
    monkeypatch.setattr(routes, "_A_MINUTE", 1_000_000)
    with running(settings, store) as (url, _):
        yield url


def code(clock: Clock, later: float = 0.0) -> str:
    return pyotp.TOTP(GRACES_SECRET).at(clock.now + later)


def sign_in(url: str, token: str, code: str = "", name: str = "") -> requests.Response:
    return Operator(url).send("/login", token=token, code=code, name=name)


def test_token_says_who_it_is_and_the_audit_too(place: str, store: Database) -> None:
    eric = Operator(place)
    assert eric.send("/login", token=ERIC, name="Somebody else").status_code == 303
    assert "Eric" in eric.see().text and "Somebody else" not in eric.see().text
    eric.see("/leads")
    rows = store.run_sync(lambda connection: connection.execute(select(audit.c.command, audit.c.operator)).all())
    assert set(rows) == {("console.login", "Eric"), ("console.day", "Eric"), ("console.leads", "Eric")}


def test_token_with_an_authenticator_needs_its_code_which_counts_once(place: str, clock: Clock) -> None:
    for wrong in ("", "000000", code(clock, later=600), "é"):
        assert sign_in(place, GRACE, wrong).status_code == 401
    assert sign_in(place, GRACE, f" {code(clock)[:3]} {code(clock)[3:]}").status_code == 303
    assert sign_in(place, GRACE, code(clock)).status_code == 401
    clock.now += 30
    assert sign_in(place, GRACE, code(clock)).status_code == 303


def test_wrong_codes_lock_the_operator_out_from_every_network(place: str, clock: Clock) -> None:
    for number in range(MOST_FAILURES):
        assert sign_in(place, GRACE, "000000").status_code == 401
        if number % 2:
            assert sign_in(place, ERIC).status_code == 303  # so that the network is not locked out
    assert sign_in(place, GRACE, code(clock)).status_code == 429
    assert sign_in(place, ERIC).status_code == 303
    clock.now += LOCKED
    assert sign_in(place, GRACE, code(clock)).status_code == 303


def test_shared_token_still_opens_the_pages_but_not_in_the_name_of_somebody_else(place: str) -> None:
    assert sign_in(place, TOKEN, name="Dana").status_code == 303
    assert sign_in(place, TOKEN, name="grace hopper").status_code == 400
    assert sign_in(place, TOKEN).status_code == 400


def test_form_asks_for_what_somebody_may_have_to_give(place: str, url: str) -> None:
    shared = Operator(url).see("/login").text
    both = Operator(place).see("/login").text
    assert [f'name="{field}"' in shared for field in ("token", "code", "name")] == [True, False, True]
    assert [f'name="{field}"' in both for field in ("token", "code", "name")] == [True, True, True]


def test_pages_need_no_shared_token(store: Database) -> None:
    settings = {name: value for name, value in SETTINGS.items() if name != "SEATWISE_CONSOLE_TOKEN"}
    with running(Settings.from_environment({**settings, "SEATWISE_OPERATORS": LISTED}), store) as (url, _):
        assert 'name="name"' not in Operator(url).see("/login").text
        assert sign_in(url, "", name="Dana").status_code == 401
        assert sign_in(url, ERIC).status_code == 303


def test_change_of_the_operators_ends_all_sessions() -> None:
    everybody, one = (Operators(Settings(SEATWISE_OPERATORS=line)) for line in (LISTED, GRACES_LINE))
    assert everybody.secrets != one.secrets


@pytest.mark.parametrize("name", ["", " Dana", "Dana: boss", "x" * 81, "Da\nna", "Da\tna"])
def test_name_that_the_setting_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(SeatwiseError, match="1 to 80 characters"):
        new_operator(name)


@pytest.mark.parametrize(
    "listed",
    [" ", "Dana", "Dana: secret", f"{ERICS_LINE}\n{ERICS_LINE.lower()}", f"{ERICS_LINE}: more", f"{ERICS_LINE}A"],
)
def test_setting_that_names_nobody_or_somebody_twice_is_refused(listed: str) -> None:
    with pytest.raises(SeatwiseError, match="^SEATWISE_OPERATORS must be a line for each operator"):
        Settings.from_environment({"SEATWISE_OPERATORS": listed})
