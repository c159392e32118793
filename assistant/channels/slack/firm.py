"""The firm's own channel in Slack, where its leads are, and who belongs to the firm."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Any

from assistant.channels.slack.clients import NotInstalled
from assistant.channels.slack.identity import Place, Workspace, shared
from assistant.channels.slack.installations import Installations
from assistant.channels.slack.posting import Never, Postman
from assistant.settings import Settings

_KNOWN_FOR = 600.0  # seconds that the workspaces of the organization are kept in memory


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
        self._sisters: tuple[float, Collection[str]] = (-_KNOWN_FOR, ())

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

    async def has(self, body: Mapping[str, Any]) -> bool:
        """Whether somebody who did something is of this workspace or its organization, and not a guest of another one.

        Of those who press something, Slack gives the workspace or the organization, and not always both: the rest of
        the request may be about the workspace where the app is installed.

        Raises:
            NotInstalled, Later, Never: see ``home``.
        """
        home, team = await self.home(), body["user"].get("team_id")
        if team is None or home.enterprise is None:
            return team is not None and team == home.team
        return team in (home.team, home.enterprise) or home.enterprise == _organization(body) or await self._owns(team)

    async def _owns(self, team: str) -> bool:
        """Whether Slack lists a workspace as one of the organization's, which it does if the app is for all of them."""
        at, sisters = self._sisters
        if time.monotonic() - at > _KNOWN_FOR:
            try:
                sisters = await self._postman.workspaces(await self.home())
            except Never:
                sisters = ()
            self._sisters = (time.monotonic(), sisters)
        return team in sisters


def _organization(body: Mapping[str, Any]) -> str | None:
    """The organization of the workspace that the user belongs to, if the request says which that is."""
    team = body.get("team") or {}
    return team.get("enterprise_id") if team.get("id") == body["user"]["team_id"] else None
