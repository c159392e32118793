"""What is stored, as tables. They come about by the steps in migrations/; a test holds the two against each other."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

LONGEST_NAME = 255  # characters of a conversation's name
_LONGEST_CHANNEL = 40  # characters

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # two turns that both append find out by it
    Column("at", Float, nullable=False),  # seconds since 1970
    Column("event", Text, nullable=False),  # as Rasa writes it, JSON
)

inbox = Table(
    "inbox",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),
    Column("message", String(36), primary_key=True),  # a UUID that the client chose
    Column("text", Text, nullable=False),  # as Rasa sees it
    Column("shown", Text),  # as the visitor sees it: the title of a pressed button; empty where nothing is shown
    Column("received", Float, nullable=False),
    Column("taken", Float, nullable=False),  # when somebody last began to work on it
    Column("done", Float),  # empty until the conversation is saved with what came of the message
    Column("answer", Text),  # the messages of ours, JSON
    Column("attempts", Integer, nullable=False, server_default="0"),  # turns that have begun to work on it
    Column("channel", String(_LONGEST_CHANNEL), nullable=False, server_default="web"),  # which it came in by
    Column("contact", Text),  # the contact details it gave, sealed; its text has them masked
    Index("inbox_pending", "done", "taken"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # of the event that asked for it
    Column(
        "destination", String(20), primary_key=True, server_default="webhook"
    ),  # webhook, hubspot, mail …; each has its own attempts
    Column("kind", String(40), nullable=False),  # what it is, such as handoff
    Column("content", Text, nullable=False),  # JSON
    Column("created", Float, nullable=False),
    Column("due", Float, nullable=False),  # when somebody may try, or try again
    Column("attempts", Integer, nullable=False),
    Column("delivered", Float),
    Column("given_up", Float),  # a person has to look at it
    Column("reason", Text),  # why the last attempt failed, in the receiver's words
    Column("channel", String(_LONGEST_CHANNEL), nullable=False, server_default="web"),  # of the conversation
    Index("outbox_due", "delivered", "given_up", "due"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),
    Column("message", String(36), primary_key=True),  # one of ours
    Column("value", String(4), nullable=False),  # up or down
    Column("at", Float, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),
    Column("reference", String(64), primary_key=True),  # as the firm calls the call
    Column("at", Float, nullable=False),
    Index("calls_reference", "reference"),
)

unanswered = Table(
    "unanswered",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # of the event that asked to keep it
    Column("at", Float, nullable=False),
    Column("asked", Text, nullable=False),  # masked: see masking.py
    Column("nearest", Text, nullable=False),  # the topics that came nearest, JSON
)

records = Table(
    "records",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("conversation", String(LONGEST_NAME)),  # empty once it was erased, like the body
    Column("event", Integer),  # the number of the event with the verdict
    Column("at", Float, nullable=False),
    Column("body", Text),  # JSON: see advisor/record.py
    Column("digest", String(64), nullable=False),  # SHA-256 of the body
    Column("hash", String(64), nullable=False),  # of the previous hash and this digest
    Index("records_conversation", "conversation"),
)

leads = Table(
    "leads",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),
    Column("details", Text, nullable=False),  # sealed: name, e-mail address, phone number, company, topic and time
    Column("consent", String(40), nullable=False),  # the version of the text that the visitor agreed to
    Column("consented", Float, nullable=False),
    Column("answers_included", Boolean, nullable=False),  # whether the firm may see the answers and the verdict
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
    Column("claimed_by", String(80)),
    Column("claimed", Float),
    Column("call", Float),  # when the call is, seconds since 1970
    Column("call_state", String(20)),  # booked, moved or canceled
    Column("call_sequence", Integer, nullable=False, server_default="0"),  # how often it was moved or canceled
)

bookings = Table(
    "bookings",
    metadata,
    Column("uid", String(LONGEST_NAME), primary_key=True),  # as the booking service calls it
    Column("conversation", String(LONGEST_NAME), nullable=False),
    Column("state", String(20), nullable=False),  # booked, moved, canceled, or replaced by another one
    Column("start", Float, nullable=False),  # seconds since 1970
    Column("end", Float, nullable=False),
    Column("sequence", BigInteger, nullable=False),  # when the service reported it, milliseconds since 1970
    Index("bookings_conversation", "conversation"),
)

links = Table(
    "links",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the token, which is not stored
    Column("conversation", String(LONGEST_NAME), nullable=False),
    Column("kind", String(20), nullable=False),  # report, brief or export
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("revoked", Float),
    Index("links_conversation", "conversation"),
)

holds = Table(
    "holds",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),  # the assistant is silent in it
    Column("at", Float, nullable=False),
    Column("held_by", String(80), nullable=False),
)

slack_places = Table(
    "slack_places",
    metadata,
    Column("place", String(LONGEST_NAME), primary_key=True),  # see Place.key
    Column("conversation", String(LONGEST_NAME), nullable=False),
    Column("at", Float, nullable=False),
    Index("slack_places_conversation", "conversation"),
)

slack_turns = Table(
    "slack_turns",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),
    Column("turn", String(36), primary_key=True),  # the message that is answered, or that was told unasked
    Column("target", Text, nullable=False),  # where the answer goes, JSON: see Target
    Column("at", Float, nullable=False),
    Column("due", Float, nullable=False),  # when somebody may post it, or go on
    Column("owner", String(32)),  # who posts it
    Column("level", Integer, nullable=False, server_default="0"),  # how plain its blocks are
    Column("messages", Integer, nullable=False, server_default="0"),  # of the answer that are out
    Column("posts", Integer, nullable=False, server_default="0"),  # of the next message that are out
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("processing", Boolean, nullable=False),  # whether Slack may be showing that it is worked on
    Column("done", Float),  # posted, stopped or given up
    Index("slack_turns_due", "done", "due"),
)

slack_cards = Table(
    "slack_cards",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),  # whose lead it shows
    Column("channel", String(40), nullable=False),  # of the firm
    Column("ts", String(40), nullable=False),  # of the card, on which its thread hangs
    Column("at", Float, nullable=False),
    Column("claimed_by", String(40)),  # who claimed the lead in Slack: the id of a user
    Column("held_by", String(40)),  # who took the conversation over in Slack last: the id of a user
    Column("held_as", String(80)),  # their name, as the visitor knows it
)

slack_replies = Table(
    "slack_replies",
    metadata,
    Column("conversation", String(LONGEST_NAME), primary_key=True),
    Column("ts", String(40), primary_key=True),  # of what we posted below its card, or of an earlier card
    Column("channel", String(40), nullable=False),  # of the firm
    Column("at", Float, nullable=False),
)

slack_installations = Table(
    "slack_installations",
    metadata,
    Column("workspace", String(80), primary_key=True),  # see Workspace.key
    Column("installation", Text, nullable=False),  # sealed: the tokens too
    Column("at", Float, nullable=False),
)

slack_refusals = Table(
    "slack_refusals",
    metadata,
    Column("workspace", String(80), primary_key=True),
    Column("feature", String(40), primary_key=True),  # what this workspace does not let us do
    Column("at", Float, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the conversation's name, which is random
    Column("at", Float, nullable=False),
    Index("erasures_at", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("command", String(20), nullable=False),  # what an operator asked for
    Column("subject", String(64), nullable=False),  # SHA-256 of the conversation or the reference; a number of days
    Column("operator", String(80)),  # who asked; empty on the command line
)
