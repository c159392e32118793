"""Who is talking, and what this process remembers of it.

A visitor is known by a token that we signed, never by an id that a client names. What is remembered (recent answers,
so that a repeated message is not carried out twice, and the buttons on offer) is bounded, lives in memory and is gone
with the process: the durable inbox takes its place.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import jwt

from assistant.channels.choices import Button, chosen
from assistant.channels.messages import Message, Question, Refusal

ALWAYS_ALLOWED = frozenset({"/greet"})  # how a client asks for the greeting, before anything was offered
LIFETIME = 24 * 60 * 60  # seconds
SHORTEST_SECRET = 32  # bytes: what HS256 asks for (RFC 7518, section 3.2)
_ALGORITHM = "HS256"
_AUDIENCE = "seatwise-web"
_MOST_SESSIONS = 5000
_MOST_TURNS = 16
_MOST_OFFERED = 64

Turn = asyncio.Task[list[Message]]
_Value = TypeVar("_Value")


@dataclass
class Session:
    """One conversation as this process remembers it."""

    id: str  # 128 random bits in hexadecimal; also Rasa's sender_id
    turns: OrderedDict[str, Turn] = field(default_factory=OrderedDict)  # by message id, the running ones included
    offered: OrderedDict[str, None] = field(default_factory=OrderedDict)  # payloads, the latest last
    choices: list[Button] = field(default_factory=list)  # the buttons below the latest message

    def check_offered(self, question: Question) -> None:
        """Raises:
        Refusal: the question is a payload that no button of this session had.
        """
        if question.is_payload and question.text not in ALWAYS_ALLOWED | self.offered.keys():
            raise Refusal(
                422, "not_offered", "That choice is not on offer in this conversation; please type your answer."
            )

    def understood(self, question: Question) -> Question:
        """The question, or the choice that its words name."""
        payload = None if question.is_payload else chosen(question.text, self.choices)
        return replace(question, text=payload, is_payload=True) if payload else question

    def start(self, message_id: str, answering: Coroutine[Any, Any, list[Message]]) -> Turn:
        """Runs a turn on its own, so that neither a lost connection nor a repeated request can disturb it."""
        turn = asyncio.create_task(answering)
        turn.add_done_callback(lambda _: self._forget_if_failed(message_id))
        _put(self.turns, message_id, turn, _MOST_TURNS)
        return turn

    def offer(self, messages: Iterable[Message]) -> None:
        """Remembers the buttons of an answer."""
        self.choices = []
        for message in messages:
            self.choices = message.buttons or self.choices
            for button in message.buttons or ():
                _put(self.offered, button["payload"], None, _MOST_OFFERED)

    def _forget_if_failed(self, message_id: str) -> None:
        turn = self.turns.get(message_id)
        if turn and turn.done() and (turn.cancelled() or turn.exception() or not turn.result()):
            del self.turns[message_id]


class Sessions:
    """Opens sessions and finds them again by their token.

    Args:
        secret: the key that signs tokens. Without one a random key is used, and all tokens end with the process.
    """

    def __init__(self, secret: str | None = None) -> None:
        self._key = secret or secrets.token_hex(SHORTEST_SECRET)
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def open(self) -> tuple[str, str, int]:
        """A new session: its id, its token, and when that expires in seconds since 1970."""
        session_id = secrets.token_hex(16)
        expires = int(time.time()) + LIFETIME
        claims = {"sub": session_id, "aud": _AUDIENCE, "exp": expires}
        return session_id, jwt.encode(claims, self._key, _ALGORITHM), expires

    def of(self, authorization: str | None) -> Session:
        """The session of an ``Authorization`` header.

        Raises:
            Refusal: there is no token, or it has expired, or it is not one of ours.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "no_token", "This needs the token of a session.")
        try:
            claims = jwt.decode(
                token, self._key, [_ALGORITHM], audience=_AUDIENCE, options={"require": ["sub", "aud", "exp"]}
            )
        except jwt.ExpiredSignatureError:
            raise Refusal(401, "expired", "This session has expired; please start a new one.") from None
        except (jwt.InvalidTokenError, UnicodeError):
            raise Refusal(401, "bad_token", "This token is not valid; please start a new session.") from None
        session = self._sessions.get(claims["sub"]) or Session(claims["sub"])
        _put(self._sessions, session.id, session, _MOST_SESSIONS)
        return session


def _put(kept: OrderedDict[str, _Value], key: str, value: _Value, most: int) -> None:
    """Keeps a value as the latest and drops the oldest ones beyond the bound."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
