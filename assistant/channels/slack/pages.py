"""What is posted of a message: as rich as the workspace takes it, and with personal details only in private."""

from __future__ import annotations

from typing import Any

from assistant.channels.slack.blocks.messages import posts
from assistant.channels.slack.blocks.post import Level, Post, late
from assistant.channels.slack.outgoing import Outgoing
from assistant.channels.slack.posting import Never
from assistant.contacts.disclosure import disclosed
from assistant.turns.holding import HELD


def pages_of(out: Outgoing, message: dict[str, Any]) -> list[Post]:
    """A message as posts."""
    place = out.target.place
    if type_of(message) == HELD and "text" not in message:
        return []  # a person reads it, and has said so
    shown = disclosed(message) if place.private else message
    pages = posts(shown, Level(out.level), in_channel=not place.private)
    if out.target.late and not out.messages and pages:
        pages[0] = late(pages[0])
    return pages


def plainer(out: Outgoing, pages: list[Post], message: dict[str, Any]) -> list[Post]:
    """The same posts with plainer blocks; as text, if some of them are out already.

    Raises:
        Never: they are as plain as can be.
    """
    refused = pages[out.posts]
    if not refused.blocks:
        raise Never("invalid_blocks")
    if out.posts:
        return [*pages[: out.posts], Post(refused.text), *pages[out.posts + 1 :]]
    out.level += 1
    return pages_of(out, message)


def type_of(message: dict[str, Any]) -> str | None:
    """The type of its card."""
    kind: str | None = message.get("custom", {}).get("type")
    return kind
