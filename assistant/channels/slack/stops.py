"""The stop button of an agent session: what is not posted yet is not posted any more; what is stored stays."""

from __future__ import annotations

from typing import Any

from assistant.channels.slack.blocks.words import words
from assistant.channels.slack.identity import Place, Target, Workspace, direct, shared
from assistant.channels.slack.outgoing import OutgoingAnswers
from assistant.channels.slack.posting import Postman
from assistant.channels.slack.reception import message_id
from assistant.channels.slack.sessions import ACTIVE, Sessions
from assistant.channels.slack.talks import Talks


class Stops:
    """Stops what is under way in a thread.

    Args:
        talks: where conversations go on.
        outgoing: what is to be posted.
        postman: confirms.
        sessions: show that nothing is under way.
    """

    def __init__(self, talks: Talks, outgoing: OutgoingAnswers, postman: Postman, sessions: Sessions) -> None:
        self._talks = talks
        self._outgoing = outgoing
        self._postman = postman
        self._sessions = sessions

    async def stop(self, workspace: Workspace, event: dict[str, Any], what: str) -> None:
        """Stop posting in a thread, and confirm that once.

        Args:
            workspace: where it is.
            event: the ``agent_session_stopped``.
            what: tells this event from all others.
        """
        for place in _places(workspace, event):
            conversation = await self._talks.conversation_at(place)
            if conversation and await self._outgoing.stop(conversation, message_id(f"stop {what}")):
                await self._postman.whisper(Target(place, event["user"]), words().text("utter_slack_stopped"))
                await self._sessions.set_status(place, ACTIVE)


def _places(workspace: Workspace, event: dict[str, Any]) -> list[Place]:
    """The places that the thread may be: a stranger has one of their own beside the shared one."""
    channel, thread, user = event["channel"], event.get("thread_ts"), event["user"]
    if thread is None:
        return []
    if channel.startswith("D"):
        return [direct(workspace, user, channel, thread)]
    return [shared(workspace, channel, thread), shared(workspace, channel, thread, user)]
