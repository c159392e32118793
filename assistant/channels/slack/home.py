"""The Home tab and the suggested prompts, brought up to date whenever somebody opens the app."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from sqlalchemy import select
from sqlalchemy.engine import Connection

from assistant.channels.slack.blocks.home import home, prompts
from assistant.channels.slack.events import workspace_of
from assistant.channels.slack.identity import command
from assistant.channels.slack.posting import Later, Never, Plainer, Postman
from assistant.channels.slack.refusals import SESSIONS, Refusals
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.tables import inbox, slack_places

_VERDICT = "verdict"


class HomeTab:
    """The listener of ``app_home_opened``.

    Args:
        store: the database.
        postman: publishes the tab.
        refusals: what workspaces do not allow.
    """

    def __init__(self, store: Database, postman: Postman, refusals: Refusals) -> None:
        self._store = store
        self._postman = postman
        self._refusals = refusals

    async def opened(self, event: dict[str, Any], context: AsyncBoltContext) -> None:
        """Somebody has opened the app; it is no loss if Slack refuses."""
        workspace = workspace_of(context)
        try:
            if event.get("tab") == "home":
                prefix = command(workspace, event["user"]).key
                last = await self._store.run(lambda connection: _last_verdict(connection, prefix))
                await self._postman.publish(workspace, event["user"], home(last))
            elif not await self._refusals.has(workspace, SESSIONS):
                await self._postman.suggest(workspace, event["channel"], prompts())
        except (StoreUnavailable, Plainer, Later, Never):
            return


def _last_verdict(connection: Connection, prefix: str) -> dict[str, Any] | None:
    """The card of the last recommendation that somebody got in private."""
    is_mine = (slack_places.c.place == prefix) | slack_places.c.place.startswith(f"{prefix}:", autoescape=True)
    mine = select(slack_places.c.conversation).where(is_mine)
    has_verdict = inbox.c.answer.contains(f'"type": "{_VERDICT}"', autoescape=True)
    wanted = select(inbox.c.answer).where(inbox.c.conversation.in_(mine), has_verdict)
    answer = connection.execute(wanted.order_by(inbox.c.done.desc()).limit(1)).scalar()
    cards = [message.get("custom", {}) for message in json.loads(answer or "[]")]
    return next((card for card in cards if card.get("type") == _VERDICT), None)
