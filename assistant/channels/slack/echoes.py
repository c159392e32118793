"""Our own posts, of which Slack tells us as of all others: so they are known though whoever sent them has died.

The first block of a post says which one it is. So what a process could not note any more does not come again, and can
be taken back. Slack does not tell us where the scopes are missing that may be refused.
"""

from __future__ import annotations

from typing import Any

from assistant.channels.slack.leads import LEAD, LeadSender
from assistant.channels.slack.outgoing import ANSWER, OutgoingAnswers
from assistant.stores.retractions import Posted


class Echoes:
    """Hears of our own posts.

    Args:
        outgoing: the answers that are to be posted.
        leads: posts leads, if there is a channel for them.
    """

    def __init__(self, outgoing: OutgoingAnswers, leads: LeadSender | None) -> None:
        self._outgoing = outgoing
        self._leads = leads

    async def hear(self, body: dict[str, Any]) -> bool:
        """Note a post of ours, which mostly is known already; False for whatever else Slack sends.

        Raises:
            StoreUnavailable: it could not be noted.
        """
        event = body.get("event") or {}
        app = event.get("app_id")
        if event.get("type") != "message" or app is None or app != body.get("api_app_id"):
            return False
        [first, *_] = event.get("blocks") or [{}]
        kind, _, rest = first.get("block_id", "").partition(" ")
        if kind == ANSWER:
            await self._outgoing.is_out(rest)
        elif kind == LEAD and self._leads:
            is_card = event.get("thread_ts") in (None, event["ts"])
            await self._leads.is_out(rest, Posted(event["channel"], event["ts"], is_card))
        return True
