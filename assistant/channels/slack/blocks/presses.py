"""What comes back when something is pressed: which payload it means, and how the message looks afterwards."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.channels.slack.blocks.elements import actions
from assistant.channels.slack.blocks.prose import Block, escaped
from assistant.channels.slack.blocks.words import words

RATE = "rate"
"""Begins the action_id of the feedback buttons, whose values are "up ID" and "down ID" with the id of the message."""
SEVERAL = "several"
"""The action_id of a checklist."""
DONE = "several:done"
"""The action_id of the button that sends what is ticked; see ``ticked``."""
CLAIM = "lead:claim"
"""The action_id of the button that claims a lead, whose value is the conversation."""
ANSWER = "lead:answer"
"""The action_id of the button that asks for the form with an answer to the prospect; its value is the same."""
HAND_BACK = "lead:release"
"""The action_id of the button that gives a conversation back to the assistant; its value is the same."""
OPEN_CONTACT = "open:contact"
"""The action_id of the button that asks for the form with the contact details, ``contact_modal``."""
OPEN_INTERVIEW = "open:interview"
"""The action_id of the button that asks for the interview as a form, ``interview_modal``."""

_LONGEST_OPTION = 150  # characters of an option's value
TOKEN = "#"
"""Begins a value that stands for a payload; see ``payload_of``."""
_TOKEN = re.compile(rf"{TOKEN}[0-9a-f]{{32}}")


def menu_value(payload: str) -> str:
    """What an option of a menu sends for a payload: the payload, or a token in the place of a long one."""
    if len(payload) <= _LONGEST_OPTION and not payload.startswith(TOKEN):
        return payload
    return f"{TOKEN}{hashlib.sha256(payload.encode()).hexdigest()[:32]}"


def payload_of(value: str, offered: Iterable[str]) -> str:
    """The payload that a value stands for.

    Args:
        value: of the button or the option that was pressed.
        offered: the payloads that the conversation has on offer.
    """
    return next((one for one in offered if menu_value(one) == value), value) if value.startswith(TOKEN) else value


def is_token(value: str) -> bool:
    """Whether a value stands for a payload, and is none itself."""
    return bool(_TOKEN.fullmatch(value))


def title_of(action: Mapping[str, Any], blocks: Sequence[Block]) -> str:
    """What somebody chose, as ``pressed`` says it.

    Args:
        action: of the interaction.
        blocks: of its message.
    """
    if option := action.get("selected_option"):
        return str(option["text"]["text"])
    for block in blocks:
        if block.get("accessory", {}).get("action_id", "") == action["action_id"]:
            return html.unescape(block["text"]["text"])
    return str(action.get("text", {}).get("text", ""))


def ticked(values: Mapping[str, Mapping[str, Any]]) -> str:
    """What is ticked in a checklist, as the text that the assistant takes apart again; empty if nothing is.

    Args:
        values: ``state.values`` of the interaction.
    """
    fields = [element for block in values.values() for name, element in block.items() if name == SEVERAL]
    titles = [one["text"]["text"] for field in fields for one in field.get("selected_options", ())]
    return together(titles)


def together(titles: Sequence[str]) -> str:
    """Several answers as one sentence: "A website, a CRM and cloud systems", as the widget says it."""
    said = [
        title if not at or title[1:2].isupper() else title[:1].lower() + title[1:] for at, title in enumerate(titles)
    ]
    return " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))


def pressed(blocks: Sequence[Block], user_id: str, title: str) -> list[Block]:
    """The blocks of a message after somebody chose: nothing is left to press but links and the feedback.

    Args:
        blocks: as they were posted or as Slack returns them.
        user_id: who pressed.
        title: what they chose.
    """
    line = words().text("utter_slack_chose", who=f"<@{user_id}>", what=escaped(title))
    chosen: Block = {"type": "context", "elements": [{"type": "mrkdwn", "text": f"✓ {line}"}]}
    left: list[Block] = []
    is_told = False
    for block in blocks:
        kept = _without_choices(block)
        if kept != [block] and block["type"] == "actions" and not is_told:
            left.append(chosen)
            is_told = True
        left += kept
    return left if is_told else [*left, chosen]


def _without_choices(block: Block) -> list[Block]:
    if block["type"] == "actions":
        kept = [one for one in block["elements"] if one.get("url") or one.get("action_id", "").startswith(RATE)]
        return [block] if len(kept) == len(block["elements"]) else actions(kept)
    if "child_blocks" in block:
        children = [child for one in block["child_blocks"] for child in _without_choices(one)]
        return [{**block, "child_blocks": children}] if children else []
    if block.get("accessory", {}).get("type") == "button":
        return [{name: value for name, value in block.items() if name != "accessory"}]
    return [block]
