"""Where somebody talks to us in Slack. Each place is one conversation; a thread in a channel is shared.

A conversation has a random name, which ``slack_places`` keeps by the place: so a place can begin anew after an erasure,
and neither a log nor a tombstone holds anybody's id.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from assistant.contacts.sealing import seal, unseal

CHANNEL = "slack"
"""The channel's path under /webhooks and its name in the tracker."""


@dataclass(frozen=True)
class Workspace:
    """What the app is installed in: a workspace, which may belong to an organization, or all of an organization."""

    enterprise: str | None
    team: str | None

    @property
    def key(self) -> str:
        """Unique among workspaces."""
        return f"{self.enterprise or '-'}:{self.team or '-'}"

    @classmethod
    def from_key(cls, key: str) -> Workspace:
        """The workspace with this key."""
        enterprise, team = (None if name == "-" else name for name in key.split(":"))
        return cls(enterprise, team)


@dataclass(frozen=True)
class Place:
    """A place in Slack.

    Attributes:
        workspace: where the app is installed.
        channel: the id of the channel or direct message; of the user where that is not known yet.
        thread: the ``ts`` of the message that the thread hangs on; None for the slash command, which has no thread.
        user: whose place it is; None for a thread in a channel, which everybody shares. Somebody of another
            organization is a stranger there, and has a place of their own.
        private: whether nobody but the user reads it.
    """

    workspace: Workspace
    channel: str
    thread: str | None
    user: str | None
    private: bool

    @property
    def key(self) -> str:
        """Unique among places."""
        where = f"im:{self.user}" if self.private else self.channel
        stranger = self.user if not self.private else None
        return ":".join(filter(None, ["slack", self.workspace.key, where, self.thread, stranger]))


def direct(workspace: Workspace, user: str, channel: str, thread: str) -> Place:
    """A thread in a direct message: Slack makes one of each message that somebody writes to an agent."""
    return Place(workspace, channel, thread, user, private=True)


def command(workspace: Workspace, user: str) -> Place:
    """Where somebody uses the slash command: nowhere in particular, and only they see the answers."""
    return Place(workspace, user, None, user, private=True)


def shared(workspace: Workspace, channel: str, thread: str, stranger: str | None = None) -> Place:
    """A thread in a channel."""
    return Place(workspace, channel, thread, stranger, private=False)


@dataclass(frozen=True)
class Target:
    """Where the answer to one message goes.

    Attributes:
        place: where the message came from.
        user: who sent it.
        respond: an address that takes the answer as a private reply, for half an hour.
        late: whether the message reached us long after it was sent.
    """

    place: Place
    user: str
    respond: str | None = None
    late: bool = False

    def as_json(self) -> str:
        """The target as it is stored; the address is as good as a key, so it is sealed."""
        return json.dumps({**asdict(self), "respond": self.respond and seal(self.respond)})

    @classmethod
    def from_json(cls, text: str) -> Target:
        """The target that was stored."""
        fields = json.loads(text)
        place = fields["place"]
        where = Place(**{**place, "workspace": Workspace(**place["workspace"])})
        respond = fields["respond"] and unseal(fields["respond"])
        return cls(where, fields["user"], respond, fields["late"])
