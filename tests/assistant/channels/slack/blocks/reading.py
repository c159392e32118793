"""What a reader sees of posts: their texts, without Slack's markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.channels.slack.blocks.post import Post
from assistant.channels.slack.blocks.prose import Block

_ALIKE = str.maketrans("∗∼ˋ˃ˍ∶", "*~`>_:")
_CARDS = ("verdict", "bars", "table", "summary", "handoff", "person", "held", "progress")
_NOT_SHOWN = ("type", "role", "level", "payload", "low", "high")
_WORDS = ("text", "caption", "title", "name", "alt_text", "y_label")


def read(posts: list[Post]) -> str:
    """All that is shown of them, with single spaces."""
    return plain(
        "\n".join(part for post in posts for part in (shown(post.blocks) if post.blocks else [mrkdwn(post.text)]))
    )


def shown(blocks: list[Block]) -> list[str]:
    """The texts of blocks, in their order."""
    return [text for block in blocks for text in _texts(block)]


def mrkdwn(text: str) -> str:
    """What is seen of mrkdwn."""
    linked = re.sub(r"<(https?://[^>]+)>", lambda link: link[1].replace("%7C", "|"), text)
    return html.unescape(re.sub(r"\*([^*\n]+)\*", r"\1", linked)).translate(_ALIKE)


def plain(text: str) -> str:
    """Words without marks of lists and bold, with single spaces."""
    return " ".join(re.sub(r"^\s*[-•] ", "", text.replace("**", "").replace("\u2060", ""), flags=re.M).split())


def payload_texts(message: Mapping[str, Any]) -> list[str]:
    """The lines that a client shows of a message, by docs/protocol.md."""
    card = message.get("custom", {})
    is_drawn = card.get("type") in _CARDS
    in_its_place = is_drawn and card["type"] != "progress"
    beside = {} if in_its_place else {"text": message.get("text", "")}
    held = [card if is_drawn else {}, beside, {"alt": message.get("image", {}).get("alt", "")}]
    lines = [plain(line) for text in _strings(held) for line in text.splitlines()]
    buttons = [plain(one["title"]) for one in message.get("buttons", ())]
    return [line for line in [*lines, *buttons] if line]


def _texts(block: Mapping[str, Any]) -> Iterator[str]:
    if block.get("type") == "mrkdwn":
        yield mrkdwn(block["text"])
    elif block.get("type") == "link":
        yield block["url"]
    elif block.get("type") == "rich_text_section":
        yield "".join(text for one in block["elements"] for text in _texts(one))
    else:
        for name, value in block.items():
            if isinstance(value, str) and name in _WORDS:
                yield value
            for inner in value if isinstance(value, list) else [value]:
                for one in inner if isinstance(inner, list) else [inner]:
                    if isinstance(one, Mapping):
                        yield from _texts(one)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        hidden = _NOT_SHOWN if value.get("type") == "held" else (*_NOT_SHOWN, "fallback_text")
        yield from (text for name, inner in value.items() if name not in hidden for text in _strings(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _strings(inner))
    elif isinstance(value, str):
        yield value
