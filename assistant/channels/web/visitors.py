"""What a visitor of the web channel does besides talking: come back, rate an answer, prepare a call."""

from __future__ import annotations

import asyncio
import logging

from assistant.channels.web.sessions import Session, Sessions
from assistant.stores.calls import prepare
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.erasures import is_erased
from assistant.stores.inbox import Inbox
from assistant.stores.ratings import rate

_TIMEOUT = 2.0  # seconds that a connecting client waits for the check whether its conversation was erased

_log = logging.getLogger(__name__)


class Visitors:
    """The visitors of the web channel.

    Args:
        sessions: opens and resumes sessions.
        store: the database.
    """

    def __init__(self, sessions: Sessions, store: Database) -> None:
        self._sessions = sessions
        self._store = store
        self._inbox = Inbox(store)

    async def session_for(self, token: str | None) -> Session:
        """The session of a token; a new one if there is no valid token or the conversation was erased."""
        session = self._sessions.for_token(token)
        return self._sessions.open() if session.resumed and await self._is_erased(session.id) else session

    async def rate(self, session: str, message: str, value: str | None) -> None:
        """Store what a visitor thinks of a message of the assistant; ids of other messages are ignored."""
        if await self._inbox.has_said(session, message):
            await self._store.run(lambda connection: rate(connection, session, message, value))

    async def prepare_call(self, session: str, signed_reference: object) -> None:
        """Note which call a conversation prepares, if the reference is ours; a failure keeps nobody from talking."""
        reference = self._sessions.references.read(signed_reference)
        if not reference:
            return
        try:
            await self._store.run(lambda connection: prepare(connection, session, reference))
        except StoreUnavailable as error:
            _log.error("a reference was not stored: %s", error, extra={"ids": {"conversation": session}})

    async def _is_erased(self, session: str) -> bool:
        """Whether a conversation was erased; False if the database does not answer in time."""
        looking = self._store.run(lambda connection: is_erased(connection, session))
        try:
            return await asyncio.wait_for(looking, _TIMEOUT)
        except (StoreUnavailable, asyncio.TimeoutError):
            return False
