"""Which conversation goes on in which place of Slack."""

from __future__ import annotations

import time
from secrets import token_hex

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assistant.channels.slack.identity import Place
from assistant.stores.database import Database
from assistant.stores.erasures import begin_write
from assistant.stores.tables import slack_places

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class Talks:
    """The conversations of all places.

    Args:
        store: the database.
    """

    def __init__(self, store: Database) -> None:
        self._store = store

    async def conversation_at(self, place: Place) -> str | None:
        """The conversation that goes on in a place."""
        return await self._store.run(lambda connection: _conversation_at(connection, place))

    async def also_at(self, place: Place, conversation: str) -> None:
        """Let a conversation go on in another place too.

        Raises:
            Erased: it was erased.
        """
        await self._store.run(lambda connection: _put(connection, place, conversation))

    async def leave(self, place: Place) -> None:
        """Let the next message in this place begin a new conversation."""
        gone = delete(slack_places).where(slack_places.c.place == place.key)
        await self._store.run(lambda connection: connection.execute(gone))


def conversation_in(connection: Connection, place: Place) -> str:
    """The conversation that goes on in a place; a new one if there is none.

    Raises:
        Erased: it has begun and been erased at this very moment.
    """
    found = _conversation_at(connection, place)
    if found is None:
        _put(connection, place, token_hex(16))
        found = _conversation_at(connection, place)  # another message there may have been quicker
        assert found  # it was put there, or somebody else has put one
    return found


def _conversation_at(connection: Connection, place: Place) -> str | None:
    wanted = select(slack_places.c.conversation).where(slack_places.c.place == place.key)
    found: str | None = connection.execute(wanted).scalar()
    return found


def _put(connection: Connection, place: Place, conversation: str) -> None:
    begin_write(connection, conversation)
    row = {"place": place.key, "conversation": conversation, "at": time.time()}
    there = _INSERT[connection.dialect.name](slack_places).on_conflict_do_nothing()
    connection.execute(there, row)
