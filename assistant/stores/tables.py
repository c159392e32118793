"""What is stored, as tables. They come about by the steps in migrations/; a test holds the two against each other."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text

LONGEST_NAME = 255  # characters of a conversation's name

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
    Column("received", Float, nullable=False),
    Column("taken", Float, nullable=False),  # when somebody last began to work on it
    Column("done", Float),  # empty until the conversation is saved with what came of the message
    Column("answer", Text),  # the messages of ours, JSON
    Index("inbox_pending", "done", "taken"),
)
