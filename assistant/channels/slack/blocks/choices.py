"""What can be pressed below a message: buttons, a menu where they are many, a checklist, and the feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.channels.slack.blocks.elements import (
    PRESS,
    actions,
    button,
    link_button,
    menu,
    option,
    plain_text,
)
from assistant.channels.slack.blocks.post import Level
from assistant.channels.slack.blocks.presses import DONE, RATE, SEVERAL, menu_value
from assistant.channels.slack.blocks.prose import Block
from assistant.channels.slack.blocks.words import words

_MOST_BUTTONS = 25
_MOST_OPTIONS = 100  # of a menu
_MOST_CHECKBOXES = 10
_MOST_ELEMENTS = 25  # of an actions block


@dataclass(frozen=True)
class Choice:
    """A button: its title, and what it sends or which page it opens."""

    title: str
    payload: str = ""
    url: str = ""
    action_id: str = PRESS

    @property
    def is_typed(self) -> bool:
        """Whether the same can be said in words."""
        return not self.url and self.action_id == PRESS


@dataclass(frozen=True)
class Choices:
    """Buttons, or menus where they are more than 25."""

    buttons: Sequence[Choice]
    is_first_primary: bool = False

    fits = True

    @property
    def words(self) -> str:
        """What can be typed in the place of pressing."""
        sent = [f"- {one.title if one.payload[:1] == '/' else one.payload}" for one in self.buttons if one.is_typed]
        pages = [f"- {one.title}: {one.url}" for one in self.buttons if one.url]
        return "\n".join([*([words().text("utter_slack_type_one"), *sent] if sent else []), *pages])

    def blocks(self, level: Level) -> list[Block]:
        if len(self.buttons) <= _MOST_BUTTONS:
            return actions([_button(one, self.is_first_primary and not at) for at, one in enumerate(self.buttons)])
        pages = [_button(one) for one in self.buttons if one.url]
        options = [option(one.title, menu_value(one.payload)) for one in self.buttons if not one.url]
        title = words().text("utter_slack_choose")
        menus = [menu(title, options[at : at + _MOST_OPTIONS]) for at in range(0, len(options), _MOST_OPTIONS)]
        return actions([*menus, *pages])


def _button(one: Choice, primary: bool = False) -> Block:
    if one.url:
        return link_button(one.title, one.url)
    return button(one.title, one.payload, one.action_id, primary=primary)


@dataclass(frozen=True)
class Several:
    """Answers that may be true at once, with a button that sends those which are ticked."""

    titles: Sequence[str]

    fits = True

    @property
    def words(self) -> str:
        return "\n".join([words().text("utter_slack_type_several"), *(f"- {title}" for title in self.titles)])

    def blocks(self, level: Level) -> list[Block]:
        options = [option(title, str(at)) for at, title in enumerate(self.titles)]
        kind = "checkboxes" if len(options) <= _MOST_CHECKBOXES else "multi_static_select"
        list_: Block = {"type": kind, "options": options[:_MOST_OPTIONS], "action_id": SEVERAL}
        if kind != "checkboxes":
            list_["placeholder"] = plain_text(words().text("utter_slack_choose"))
        done = button(words().text("utter_slack_done"), "done", DONE, primary=True)
        return [{"type": "actions", "elements": [list_, done]}]


@dataclass(frozen=True)
class Feedback:
    """Whether the message helped."""

    message: str

    fits = True
    words = ""

    def blocks(self, level: Level) -> list[Block]:
        labels = {value: words().text(f"utter_slack_{value}") for value in ("up", "down")}
        values = {value: f"{value} {self.message}" for value in labels}
        if level is not Level.RICH:
            return actions([button(label, values[value], f"{RATE}:{value}") for value, label in labels.items()])
        up, down = ({"text": plain_text(label), "value": values[value]} for value, label in labels.items())
        element = {"type": "feedback_buttons", "action_id": RATE, "positive_button": up, "negative_button": down}
        return [{"type": "context_actions", "elements": [element]}]
