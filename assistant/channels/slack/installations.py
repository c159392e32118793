"""Where the app is installed, with the tokens that this gave us, sealed in our database."""

from __future__ import annotations

import json
import time
from datetime import datetime

from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.installation import Installation
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from assistant.channels.slack.identity import Workspace
from assistant.contacts.sealing import seal, unseal
from assistant.stores.database import Database
from assistant.stores.tables import slack_installations


class Installations(AsyncInstallationStore):
    """The installations: one for each workspace, or for all of an organization."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation, in the place of an earlier one."""
        team = None if installation.is_enterprise_install else installation.team_id
        key = Workspace(installation.enterprise_id, team).key
        row = {"workspace": key, "installation": seal(_as_json(installation)), "at": time.time()}

        def save(connection: Connection) -> None:
            connection.execute(delete(slack_installations).where(slack_installations.c.workspace == key))
            connection.execute(insert(slack_installations), row)

        await self._store.run(save)

    async def find(self, workspace: Workspace) -> Installation | None:
        """The installation that covers a workspace: its own, or that of its organization."""
        keys = [workspace.key, Workspace(workspace.enterprise, None).key]
        wanted = select(slack_installations).where(slack_installations.c.workspace.in_(keys))
        rows = await self._store.run(lambda connection: connection.execute(wanted).mappings().all())
        by_key = {row["workspace"]: row["installation"] for row in rows}
        sealed = by_key.get(keys[0]) or (by_key.get(keys[1]) if workspace.enterprise else None)
        return Installation(**json.loads(unseal(sealed))) if sealed else None

    async def workspaces(self) -> list[Workspace]:
        """Where the app is installed."""
        wanted = select(slack_installations.c.workspace).order_by(slack_installations.c.workspace)
        keys = await self._store.run(lambda connection: connection.execute(wanted).scalars().all())
        return [Workspace.from_key(key) for key in keys]

    async def forget(self, workspace: Workspace) -> None:
        """Delete the installation that covers a workspace, after it was revoked."""
        found = await self.find(workspace)
        if found:
            team = None if found.is_enterprise_install else found.team_id
            mine = slack_installations.c.workspace == Workspace(found.enterprise_id, team).key
            await self._store.run(lambda connection: connection.execute(delete(slack_installations).where(mine)))


def _as_json(installation: Installation) -> str:
    fields = {**installation.to_dict_for_copying(), "installed_at": installation.installed_at}
    return json.dumps(fields, default=_seconds)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
