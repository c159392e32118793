"""Session tokens: issuing, renewal and validation."""

from __future__ import annotations

import math
import time
from types import SimpleNamespace
from typing import Any

import jwt
import pytest

from assistant.channels.web.sessions import LIFETIME, LONGEST, Sessions
from assistant.turns.api_errors import ApiError

SECRET = "a-secret-of-more-than-thirty-two-bytes"


def claims(**changes: Any) -> dict[str, Any]:
    expected = {"sub": "a" * 32, "aud": "seatwise-web", "exp": int(time.time()) + 60}
    return {name: value for name, value in {**expected, **changes}.items() if value is not None}


def error_code_of(authorization: str | None) -> str:
    with pytest.raises(ApiError) as rejected:
        Sessions(SECRET).of(authorization)
    assert rejected.value.status == 401
    return rejected.value.code


def test_token_identifies_its_session() -> None:
    sessions = Sessions(SECRET)
    session = sessions.open()
    assert sessions.of(f"Bearer {session.token}") == session.id
    assert sessions.of(f"bearer {session.token}") == session.id
    assert len(bytes.fromhex(session.id)) == 16
    assert session.expires > time.time()


def test_session_ids_are_unique() -> None:
    sessions = Sessions()
    assert len({sessions.open().id for _ in range(1000)}) == 1000


def test_configured_secret_survives_a_restart_but_a_random_key_does_not() -> None:
    assert Sessions(SECRET).of(f"Bearer {Sessions(SECRET).open().token}")
    with pytest.raises(ApiError):
        Sessions().of(f"Bearer {Sessions().open().token}")


def test_rotated_key_is_accepted_but_no_longer_signs() -> None:
    old, new = SECRET, "the-new-secret-has-more-than-thirty-two-bytes"
    both = Sessions(f"{new} {old}")
    assert both.of(f"Bearer {Sessions(old).open().token}")
    assert Sessions(new).of(f"Bearer {both.open().token}")
    with pytest.raises(ApiError):
        Sessions(old).of(f"Bearer {both.open().token}")


def test_returning_visitor_gets_a_fresh_token_for_the_same_session(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(SECRET)
    first = sessions.open()
    monkeypatch.setattr("assistant.channels.web.sessions.time.time", lambda real=time.time: real() + 3600)
    again = sessions.for_token(first.token)
    assert (again.id, again.resumed) == (first.id, True)
    assert again.expires >= first.expires + 3600


def after(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(time=lambda: time.time() + seconds)
    monkeypatch.setattr("assistant.channels.web.sessions.time", clock)


def test_session_can_be_renewed_for_at_most_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(SECRET)
    session = first = sessions.open()
    for day in range(1, 31):
        after(day * LIFETIME - 60, monkeypatch)
        session = sessions.renewed(session)
        assert session.id == first.id
    assert session.expires == first.opened + LONGEST
    assert sessions.renewed(session) is session
    after(LONGEST, monkeypatch)
    with pytest.raises(ApiError, match="expired"):
        sessions.renewed(session)


def test_session_ends_after_thirty_days_however_often_it_is_renewed() -> None:
    almost = int(time.time()) - LONGEST + 60
    token = jwt.encode(claims(opened=almost), SECRET, "HS256")
    again = Sessions(SECRET).for_token(token)
    assert (again.resumed, again.expires) == (True, almost + LONGEST)


def test_token_of_an_earlier_version_is_accepted() -> None:
    again = Sessions(SECRET).for_token(jwt.encode(claims(), SECRET, "HS256"))
    assert (again.id, again.resumed) == ("a" * 32, True)
    assert again.expires < time.time() + LIFETIME + 5


@pytest.mark.parametrize(
    ("expired_for", "hours", "accepted"),
    [(0, 1, False), (90 * 24, 48, True), (24, 48, False), (math.inf, 9999, True)],
)
def test_expired_token_is_accepted_within_the_given_grace_period(
    expired_for: float, hours: float, accepted: bool
) -> None:
    authorization = f"Bearer {jwt.encode(claims(exp=int(time.time() - hours * 3600)), SECRET, 'HS256')}"
    if accepted:
        assert Sessions(SECRET).of(authorization, expired_for * 3600) == "a" * 32
    else:
        with pytest.raises(ApiError, match="expired"):
            Sessions(SECRET).of(authorization, expired_for * 3600)


@pytest.mark.parametrize("token", [None, "", "x.y.z", jwt.encode({"sub": "a"}, "not-ours" * 8, "HS256")])
def test_without_valid_token_a_new_session_is_opened(token: str | None) -> None:
    session = Sessions(SECRET).for_token(token)
    assert not session.resumed
    assert len(session.id) == 32


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic abc", SECRET])
def test_without_a_token_there_is_no_session(authorization: str | None) -> None:
    assert error_code_of(authorization) == "no_token"


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "\udcff", "\x00", "null"])
def test_malformed_token_is_rejected(token: str) -> None:
    assert error_code_of(f"Bearer {token}") == "bad_token"


def test_forged_token_is_rejected() -> None:
    forged = jwt.encode(claims(), "another-secret-of-more-than-thirty-two-bytes", "HS256")
    assert error_code_of(f"Bearer {forged}") == "bad_token"


def test_unsigned_token_is_rejected() -> None:
    assert error_code_of(f"Bearer {jwt.encode(claims(), None, 'none')}") == "bad_token"


@pytest.mark.parametrize("changes", [{"aud": "somebody-else"}, {"aud": None}, {"sub": None}, {"exp": None}])
def test_token_with_wrong_claims_is_rejected(changes: dict[str, Any]) -> None:
    assert error_code_of(f"Bearer {jwt.encode(claims(**changes), SECRET, 'HS256')}") == "bad_token"


def test_expired_token_is_rejected() -> None:
    assert error_code_of(f"Bearer {jwt.encode(claims(exp=int(time.time()) - 1), SECRET, 'HS256')}") == "expired"
