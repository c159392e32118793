"""What the firm's people read in the thread of a lead. Nothing of this is for a prospect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.channels.slack.blocks.choices import Choice, Choices
from assistant.channels.slack.blocks.elements import context
from assistant.channels.slack.blocks.lead import News, answer_choice, claimed_line, headline
from assistant.channels.slack.blocks.messages import rendered
from assistant.channels.slack.blocks.parts import Note, Part, Prose
from assistant.channels.slack.blocks.post import Level, Post
from assistant.channels.slack.blocks.presses import CLAIM, HAND_BACK
from assistant.channels.slack.blocks.prose import literal, without_marks
from assistant.channels.slack.blocks.words import words
from assistant.delivery.parcel import Parcel

What = Literal["held", "said", "answered", "released", "forgotten"]
"""What happens in a conversation: see assistant/turns/holding.py."""


@dataclass(frozen=True)
class Happening:
    """One thing that happens in a conversation which a person has taken over.

    Attributes:
        what: it is.
        conversation: where.
        name: of the person of the firm, as the prospect knows it.
        text: what was said, if something was.
        is_here: whether they hold it by Slack, so that buttons lead on.
    """

    what: What
    conversation: str
    name: str
    text: str = ""
    is_here: bool = False


def chat_post(happening: Happening, level: Level = Level.RICH) -> Post:
    """A post in the thread that says what happens in the chat."""
    [first, *_] = rendered(_parts(happening), level)
    return first


def news_post(parcel: Parcel, news: News, change: str = "", level: Level = Level.RICH) -> Post:
    """A post in the thread that says what is new about a lead.

    Args:
        parcel: what the firm may see of it.
        news: why it is posted.
        change: what has changed: "claimed", "contact" or "email", or the state of a call.
        level: how much of Block Kit the workspace takes.
    """
    if change == "claimed" and parcel.claimed_by:
        line = claimed_line(parcel.claimed_by)
        return Post(line, [context(line)] if level is not Level.TEXT else [])
    [first, *_] = rendered(_news(parcel, news, change), level)
    return first


def _parts(happening: Happening) -> Iterator[Part]:
    text, name = words().text, without_marks(literal(happening.name))
    if happening.what in ("said", "answered"):
        yield Prose(f"**{text(f'utter_slack_{happening.what}', name=name)}**\n{literal(happening.text)}")
    elif happening.what == "held" and not happening.is_here:
        yield Note(text("utter_slack_held_elsewhere", name=name))
    else:
        yield Note(text(f"utter_slack_{happening.what}", name=name))
    if happening.what in ("held", "said") and happening.is_here:
        hand_back = Choice(text("utter_slack_hand_back"), happening.conversation, action_id=HAND_BACK)
        yield Choices([answer_choice(happening.conversation, "reply"), hand_back], is_first_primary=True)


def _news(parcel: Parcel, news: News, change: str) -> Iterator[Part]:
    contact = parcel.contact
    who = contact.get("name") or contact.get("email") or contact.get("phone") or ""
    yield Prose(literal(headline(news, who)))
    if change:
        yield Note(words().text(f"utter_slack_change_{change}"))
    if news == "handoff":
        yield Choices([answer_choice(parcel.conversation, "join")], is_first_primary=True)
    elif news in ("lead", "unclaimed") and not parcel.claimed_by:
        yield Choices([Choice(words().text("utter_slack_claim"), parcel.conversation, action_id=CLAIM)])
