"""What a workspace does not let us do, remembered so that it is not tried again with every message."""

from __future__ import annotations

import time

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from assistant.channels.slack.identity import Workspace
from assistant.stores.database import Database
from assistant.stores.tables import slack_refusals

SESSIONS = "sessions"
"""Agent sessions: their status and their title."""
RICH_BLOCKS = "rich blocks"
"""Tables, charts and containers."""
_DAY = 24 * 60 * 60.0
_KEPT = 7 * _DAY  # then a workspace may have another plan, or the app other scopes
_READ_FOR = 60.0  # seconds that what is stored is taken from memory


class Refusals:
    """The refusals of all workspaces.

    Args:
        store: the database.
    """

    def __init__(self, store: Database) -> None:
        self._store = store
        self._read: dict[Workspace, tuple[float, set[str]]] = {}

    async def has(self, workspace: Workspace, feature: str) -> bool:
        """Whether a workspace has refused this within a week."""
        at, refused = self._read.get(workspace, (0.0, set()))
        if not at or time.monotonic() - at > _READ_FOR:
            wanted = select(slack_refusals.c.feature).where(
                slack_refusals.c.workspace == workspace.key, slack_refusals.c.at > time.time() - _KEPT
            )
            refused = set(await self._store.run(lambda connection: connection.execute(wanted).scalars().all()))
            self._read[workspace] = (time.monotonic(), refused)
        return feature in refused

    async def add(self, workspace: Workspace, feature: str) -> None:
        """Remember that a workspace refuses this."""
        mine = (slack_refusals.c.workspace == workspace.key) & (slack_refusals.c.feature == feature)

        def write(connection: Connection) -> None:
            connection.execute(delete(slack_refusals).where(mine))
            row = {"workspace": workspace.key, "feature": feature, "at": time.time()}
            connection.execute(insert(slack_refusals), row)

        await self._store.run(write)
        self._read.pop(workspace, None)
