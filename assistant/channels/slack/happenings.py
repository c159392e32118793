"""What happens in a conversation that a person of the firm has taken over, as their thread in Slack tells it."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.engine import Connection

from assistant.channels.slack import board
from assistant.channels.slack.blocks.chat import Happening
from assistant.contacts.disclosure import shared
from assistant.stores.holds import holder
from assistant.stores.inbox import UNASKED
from assistant.stores.leads import lead_of
from assistant.stores.outbox import OutboxMessage
from assistant.stores.tables import inbox


def happening(connection: Connection, message: OutboxMessage) -> tuple[board.Hung | None, Happening | None]:
    """The card of the conversation, and what its thread is told; None for what nobody needs to read.

    Contact details that the prospect did not agree to pass on are left out.
    """
    conversation, content = message.conversation, message.content
    card = board.hung(connection, conversation)
    told = Happening(content["what"], conversation, content["name"])
    if told.what == "said":
        text = _said(connection, conversation, content["message"])
    elif told.what == "answered":
        text = _answered(connection, conversation, content["message"])
    else:
        text = ""
    if text is None:
        return card, None
    is_here = card is not None and card.held_by is not None and card.held_as == holder(connection, conversation)
    return card, Happening(told.what, conversation, told.name, text, is_here)


def _said(connection: Connection, conversation: str, message: str) -> str | None:
    """What the prospect wrote, or the button that they pressed."""
    mine = (inbox.c.conversation == conversation) & (inbox.c.message == message)
    row = connection.execute(select(inbox.c.shown, inbox.c.contact).where(mine)).first()
    if row is None or row.shown is None:
        return None
    lead = lead_of(connection, conversation)
    return shared(row.shown, row.contact, lead.contact if lead else None)


def _answered(connection: Connection, conversation: str, message: str) -> str | None:
    """What the person wrote to the prospect."""
    said = inbox.c.answer.contains(f'"id": "{message}"', autoescape=True)
    mine = (inbox.c.conversation == conversation) & (inbox.c.text == UNASKED) & said
    answer = connection.execute(select(inbox.c.answer).where(mine)).scalar()
    told = [one for one in json.loads(answer or "[]") if one["id"] == message]
    return str(told[0]["text"]) if told else None
