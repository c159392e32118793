"""The firm's own channel in Slack, where its leads are, and who belongs to the firm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.channels.slack.clients import NotInstalled
from assistant.channels.slack.identity import Place, Workspace, shared
from assistant.channels.slack.installations import Installations
from assistant.channels.slack.posting import Postman
from assistant.settings import Settings


class Firm:
    """The leads' channel.

    Args:
        settings: those of this process, with a leads' channel.
        postman: knows whose a token is.
        installations: of the app, where there may be several.
    """

    def __init__(self, settings: Settings, postman: Postman, installations: Installations) -> None:
        self._team, _, self.channel = (settings.slack_leads_channel or "").rpartition("/")
        self._has_token = settings.slack_bot_token is not None
        self._postman = postman
        self._installations = installations
        self._home: Workspace | None = None

    async def home(self) -> Workspace:
        """The workspace of the channel.

        Raises:
            NotInstalled: the app is not installed there.
            Later, Never: Slack does not say whose the token is.
        """
        if self._has_token:
            self._home = self._home or await self._postman.home(Workspace(None, self._team or None))
            return self._home
        every = await self._installations.workspaces()
        own = [one for one in every if one.team == self._team]
        # Slack does not say to which organization a workspace belongs; with several of them, install the app in it.
        found = own or [one for one in every if one.team is None]
        if len(found) != 1:
            raise NotInstalled(f"the app is not installed in {self._team}")
        return Workspace(found[0].enterprise, self._team)

    async def place(self, thread: str | None = None) -> Place:
        """The channel, or a thread in it; see ``home`` for the errors."""
        return shared(await self.home(), self.channel, thread)  # type: ignore[arg-type]  # None is the channel itself

    async def has(self, user: Mapping[str, Any]) -> bool:
        """Whether somebody who pressed a button is of this workspace, and not a guest of another organization."""
        return user.get("team_id") == (await self.home()).team
