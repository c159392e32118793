"""The Home tab, and the prompts that Slack suggests to somebody who opens a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.channels.slack.blocks.cards import verdict
from assistant.channels.slack.blocks.elements import actions, button, divider, header, numbered
from assistant.channels.slack.blocks.parts import Offers, Prose
from assistant.channels.slack.blocks.post import Level
from assistant.channels.slack.blocks.presses import OPEN_INTERVIEW
from assistant.channels.slack.blocks.prose import Block
from assistant.channels.slack.blocks.words import words

_MOST_PROMPTS = 4


def home(last_verdict: Mapping[str, Any] | None) -> Block:
    """The Home tab: what the assistant can do, buttons to begin with, and the last recommendation.

    Args:
        last_verdict: the card of it, if one was given.
    """
    response = "utter_slack_home"
    begin = [button(one["title"], one["payload"]) for one in words().buttons(response)]
    form = button(words().text("utter_slack_home_form"), "interview", OPEN_INTERVIEW)
    blocks = [
        header(words().text("utter_slack_home_title")),
        *Prose(words().text(response)).blocks(Level.RICH),
        *actions([*begin, form]),
        divider(),
        *(_last(last_verdict) if last_verdict else Prose(words().text("utter_slack_home_none")).blocks(Level.RICH)),
    ]
    return {"type": "home", "blocks": numbered(blocks)}


def prompts() -> list[dict[str, str]]:
    """The prompts as assistant.threads.setSuggestedPrompts takes them, four at most: a title, and what it sends."""
    offered = words().buttons("utter_slack_prompts")[:_MOST_PROMPTS]
    return [{"title": one["title"], "message": one["payload"]} for one in offered]


def _last(card: Mapping[str, Any]) -> list[Block]:
    """The recommendation to read: what it offers counts in its conversation only."""
    parts = [Prose(part.words) if isinstance(part, Offers) else part for part in verdict(card)]
    return [block for part in parts for block in part.blocks(Level.RICH)]
