"""Who may speak for a session."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from assistant.channels.messages import Refusal
from assistant.channels.sessions import Sessions

SECRET = "a secret of more than thirty-two bytes"


def claims(**changes: Any) -> dict[str, Any]:
    expected = {"sub": "a" * 32, "aud": "seatwise-web", "exp": int(time.time()) + 60}
    return {name: value for name, value in {**expected, **changes}.items() if value is not None}


def refusal_of(authorization: str | None) -> str:
    with pytest.raises(Refusal) as refused:
        Sessions(SECRET).of(authorization)
    assert refused.value.status == 401
    return refused.value.code


def test_a_token_leads_back_to_its_session() -> None:
    sessions = Sessions(SECRET)
    session_id, token, expires = sessions.open()
    assert sessions.of(f"Bearer {token}") == session_id
    assert sessions.of(f"bearer {token}") == session_id
    assert len(bytes.fromhex(session_id)) == 16
    assert expires > time.time()


def test_no_two_sessions_share_an_id() -> None:
    sessions = Sessions()
    assert len({sessions.open()[0] for _ in range(1000)}) == 1000


def test_a_secret_outlives_the_process_and_a_random_key_does_not() -> None:
    _, token, _ = Sessions(SECRET).open()
    assert Sessions(SECRET).of(f"Bearer {token}")
    _, token, _ = Sessions().open()
    with pytest.raises(Refusal):
        Sessions().of(f"Bearer {token}")


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic abc", SECRET])
def test_without_a_token_there_is_no_session(authorization: str | None) -> None:
    assert refusal_of(authorization) == "no_token"


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "\udcff", "\x00", "null"])
def test_nonsense_is_no_token(token: str) -> None:
    assert refusal_of(f"Bearer {token}") == "bad_token"


def test_a_forged_token_is_refused() -> None:
    forged = jwt.encode(claims(), "another secret of more than thirty-two bytes", "HS256")
    assert refusal_of(f"Bearer {forged}") == "bad_token"


def test_an_unsigned_token_is_refused() -> None:
    assert refusal_of(f"Bearer {jwt.encode(claims(), None, 'none')}") == "bad_token"


@pytest.mark.parametrize("changes", [{"aud": "somebody-else"}, {"aud": None}, {"sub": None}, {"exp": None}])
def test_a_token_for_another_purpose_is_refused(changes: dict[str, Any]) -> None:
    assert refusal_of(f"Bearer {jwt.encode(claims(**changes), SECRET, 'HS256')}") == "bad_token"


def test_an_expired_token_says_so() -> None:
    assert refusal_of(f"Bearer {jwt.encode(claims(exp=int(time.time()) - 1), SECRET, 'HS256')}") == "expired"
