"""The blocks and elements of Block Kit that we use, within its limits (docs.slack.dev/reference/block-kit)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.channels.slack.blocks.prose import Block, shortened, without_marks

MOST_BLOCKS = 50  # of a message
PRESS = "press"
"""Begins the action_id of what answers with its value: a payload, or a text where it does not begin with "/"."""

_HEADER = 150  # characters, also of a container's title
_LABEL = 75  # characters of a button, an option and an accessibility label
_INPUT_LABEL = 2000  # characters
_FIELDS = 10  # of a section
_ROW = 5  # buttons


def plain_text(text: str, most: int = _LABEL) -> Block:
    """A text without markup, in which ":)" and ":tada:" stay as they are."""
    return {"type": "plain_text", "text": shortened(without_marks(text), most), "emoji": False}


def mrkdwn_text(text: str) -> Block:
    """A text in Slack's markup, in which nothing becomes a link by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain_text(text, _HEADER)}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn, with a button beside it."""
    block = {"type": "section", "text": mrkdwn_text(text), "expand": True}
    return {**block, "accessory": accessory} if accessory else block


def fields(texts: Sequence[str]) -> list[Block]:
    """Short texts of mrkdwn in two columns."""
    rows = [texts[at : at + _FIELDS] for at in range(0, len(texts), _FIELDS)]
    return [{"type": "section", "fields": [mrkdwn_text(text) for text in row]} for row in rows]


def context(text: str) -> Block:
    """A line of small mrkdwn."""
    return {"type": "context", "elements": [mrkdwn_text(text)]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def container(title: str, children: Sequence[Block]) -> Block:
    """Blocks that are closed until somebody opens them."""
    return {
        "type": "container",
        "title": plain_text(title, _HEADER),
        "child_blocks": list(children),
        "is_collapsible": True,
        "default_collapsed": True,
    }


def actions(elements: Sequence[Block]) -> list[Block]:
    """Buttons in rows of five."""
    rows = [elements[at : at + _ROW] for at in range(0, len(elements), _ROW)]
    return [{"type": "actions", "elements": list(row)} for row in rows]


def button(title: str, value: str, action_id: str = PRESS, *, label: str = "", primary: bool = False) -> Block:
    """A button that is answered.

    Args:
        title: what it says.
        value: what it sends.
        action_id: what listeners know it by.
        label: what a screen reader says instead of the title.
        primary: whether it is the one to press.
    """
    return {
        "type": "button",
        "text": plain_text(title),
        "value": value,
        "action_id": action_id,
        **({"accessibility_label": shortened(label, _LABEL)} if label else {}),
        **({"style": "primary"} if primary else {}),
    }


def link_button(title: str, url: str, action_id: str = "link") -> Block:
    """A button that opens a page. Slack reports the press all the same, and wants it acknowledged."""
    return {"type": "button", "text": plain_text(title), "url": url, "action_id": action_id}


def option(title: str, value: str) -> Block:
    """One of the choices of a menu or a checklist."""
    return {"text": plain_text(title), "value": value}


def menu(placeholder: str, options: Sequence[Block], action_id: str = PRESS) -> Block:
    """A menu with one choice, of at most 100."""
    return {
        "type": "static_select",
        "placeholder": plain_text(placeholder, _HEADER),
        "options": list(options),
        "action_id": action_id,
    }


def input_(block_id: str, label: str, element: Block) -> Block:
    """A field of a form, which may be left empty."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, _INPUT_LABEL),
        "element": element,
        "optional": True,
    }


def numbered(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with an ``action_id`` for each element, "press:0", "press:1" and so on, as Slack wants them unique."""
    count = iter(range(1_000))

    def visited(value: object) -> object:
        if isinstance(value, Mapping):
            one = {key: visited(inner) for key, inner in value.items()}
            if one.get("action_id") in (PRESS, "link"):
                one["action_id"] = f"{one['action_id']}:{next(count)}"
            return one
        return [visited(inner) for inner in value] if isinstance(value, list) else value

    return [visited(block) for block in blocks]  # type: ignore[misc]
