"""A process that takes a visitor's yes to being contacted, and may kill itself at any step of that."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from assistant.stores import leads, outbox
from assistant.stores.conversations import ConversationStore
from assistant.stores.database import database
from assistant.stores.retention import Retention
from assistant.turns.dispatcher import TurnDispatcher, TurnListener
from assistant.turns.messages import IncomingMessage
from tests.faults.dying import die_at

MESSAGE = "7c1e6d0a-6f0f-4c43-9a53-0d5a2e6b9c11"
SENT = "Done."
_OURS = (f"assistant{os.sep}turns{os.sep}", f"assistant{os.sep}stores{os.sep}")
_LEAD = {"contact": "sealed", "consent": "2026-11", "include_answers": False}


def agree(url: str, environment: Mapping[str, str], last: int, steps: Any) -> None:
    """Answer the visitor's yes, as the page sends it again until it has an answer.

    Args:
        url: of the database.
        environment: settings of the destinations.
        last: the step at which to die; 0 for none.
        steps: shared count of the steps done.
    """
    os.environ.update({**environment, "SEATWISE_DATABASE_URL": url})
    asyncio.run(_answer(last, steps))


async def _answer(last: int, steps: Any) -> None:
    slot = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
    slots = {name: dict(slot) for name in (leads.SLOT, outbox.SLOT)}  # Rasa takes them apart
    conversations = ConversationStore(Domain.from_dict({"slots": slots}))

    async def run_turn(message: UserMessage) -> None:
        """As Rasa does it: the events of the turn, the words, and then the conversation is saved."""
        tracker = await conversations.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        tracker.update(SlotSet(leads.SLOT, _LEAD))
        tracker.update(SlotSet(outbox.SLOT, {"kind": "lead", "content": {"conversation": message.sender_id}}))
        tracker.update(BotUttered(SENT))
        await message.output_channel.send_response(message.sender_id, {"text": SENT})
        await conversations.save(tracker)

    turns = TurnDispatcher(database(), run_turn, Retention(database(), None, None).erase)
    turns.register("web", TurnListener())
    die_at(last, steps, _OURS)
    [answer] = await turns.answer(IncomingMessage("web", "visitor", MESSAGE, "yes, send it", is_payload=False))
    assert answer["text"] == SENT
