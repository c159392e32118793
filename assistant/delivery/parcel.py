"""What is delivered with a message.

It is put together at each attempt, so that no personal data waits in the outbox.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import Connection

from actions.summary import grouped
from actions.wording import Wording
from assistant.briefing.brief import brief_of
from assistant.contacts.sealing import unseal
from assistant.dossier import Dossier, dossier
from assistant.settings import settings
from assistant.stores import links
from assistant.stores.database import Database
from assistant.stores.leads import lead_of
from assistant.stores.outbox import OutboxMessage


@dataclass(frozen=True)
class Verdict:
    """The recommendation that the visitor got."""

    role: str  # such as CTO_FIRST
    headline: str
    strength: str  # such as firm


@dataclass(frozen=True)
class Parcel:
    """Everything that a destination may tell of a conversation.

    Without the visitor's consent to it, ``verdict``, ``answers``, ``brief`` and the links are empty.
    """

    conversation: str
    contact: Mapping[str, str] = field(default_factory=dict)  # name, email, phone, company, topic, when: what is known
    consent: str | None = None  # the version of the text that the visitor agreed to
    consented: float | None = None  # seconds since 1970
    claimed_by: str | None = None
    call: float | None = None  # when it is, seconds since 1970
    call_state: str | None = None  # booked, moved or canceled
    verdict: Verdict | None = None
    answers: Mapping[str, str] = field(default_factory=dict)  # what is said of the company: label -> value
    brief: str | None = None  # Markdown
    brief_link: str | None = None
    report_link: str | None = None
    chat_link: str | None = None  # to the operator's page with all that was said, and where a person answers

    def as_json(self) -> dict[str, Any]:
        """What is known, with times in ISO 8601."""
        known = {name: value for name, value in asdict(self).items() if value}
        return {**known, **{name: iso(known[name]) for name in ("consented", "call") if name in known}}


Load = Callable[[OutboxMessage], Awaitable[Parcel]]
"""Puts together what is delivered with a message."""


def parcel(connection: Connection, message: OutboxMessage, wording: Wording) -> Parcel:
    """What is delivered with a message, as the database has it now."""
    conversation = message.conversation
    if message.kind == "report":
        report = _link(connection, "report", message)
        return Parcel(conversation, {"email": unseal(message.content["to"])}, report_link=report)
    lead = lead_of(connection, conversation)
    if lead is None:  # a wish for a person, who gave no contact details
        return Parcel(conversation, chat_link=_chat_link(conversation))
    told = Parcel(
        conversation,
        lead.contact.known,
        lead.consent,
        lead.consented,
        lead.claimed_by,
        lead.call,
        lead.call_state,
    )
    if message.kind == "call" or not lead.answers_included:
        return told
    held = dossier(connection, conversation)
    return replace(
        told,
        verdict=_verdict(held),
        answers=grouped(wording, held.answers),
        brief=brief_of(held, wording).as_markdown(),
        brief_link=_link(connection, "brief", message),
        chat_link=_chat_link(conversation),
    )


def _verdict(held: Dossier) -> Verdict | None:
    if held.verdict is None:
        return None
    advice, card = held.verdict.output, held.verdict.card
    return Verdict(advice["role"], card.get("title", ""), advice["strength"])


def _link(connection: Connection, kind: links.Kind, message: OutboxMessage) -> str | None:
    """The link of this message, the same at every attempt; None where the server has no address of its own."""
    if settings().public_url is None:
        return None
    link = links.derived(kind, message.key)
    links.put(connection, message.conversation, [(message.number, link.as_stored())])
    return link.address


def _chat_link(conversation: str) -> str | None:
    """Only operators can open it."""
    chosen = settings()
    if chosen.public_url is None or not chosen.has_console:
        return None
    return f"{chosen.address}/console/conversations/{quote(conversation, safe='')}"


def loading(database: Database, wording: Callable[[], Wording]) -> Load:
    """Puts parcels together from this database, in this wording."""

    async def load(message: OutboxMessage) -> Parcel:
        return await database.run(lambda connection: parcel(connection, message, wording()))

    return load


def iso(at: float) -> str:
    """A time in ISO 8601, in UTC."""
    return datetime.fromtimestamp(at, timezone.utc).isoformat()
