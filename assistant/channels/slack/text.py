"""What a person typed in Slack, as plain text.

Slack escapes ``&``, ``<`` and ``>`` and puts links, mentions and dates in angle brackets: docs.slack.dev/messaging.
"""

from __future__ import annotations

import re

_MARKUP = re.compile(r"<(?P<kind>[@#!]?)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_ESCAPED = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_SCHEMES = ("mailto:", "tel:")


def plain(text: str, bot: str | None = None) -> str:
    """The text without Slack's markup.

    A link is its address, an e-mail address or phone number itself; mentions of the bot are left out, those of others
    are their names where Slack gives them.

    Args:
        text: as Slack sends it.
        bot: the user id of the bot.
    """
    without = re.sub(rf"<@{re.escape(bot)}(?:\|[^<>]*)?>[:,]?", " ", text) if bot else text
    shown = _MARKUP.sub(_shown, without)
    unescaped = re.sub("|".join(_ESCAPED), lambda found: _ESCAPED[found[0]], shown)
    return re.sub(r"[^\S\n]+", " ", unescaped).strip()


def mentions(text: str, user: str) -> bool:
    """Whether a text mentions a user."""
    return bool(re.search(rf"<@{re.escape(user)}[|>]", text))


def _shown(markup: re.Match[str]) -> str:
    kind, target, label = markup["kind"], markup["target"], markup["label"]
    if kind == "":
        for scheme in _SCHEMES:
            if target.startswith(scheme):
                return target.removeprefix(scheme)
        # Slack links what looks like an address: "acme.com" comes with a scheme that nobody typed.
        return label if label and label in target else target
    if kind == "!":
        return label or f"@{target.partition('^')[0]}"
    return f"{kind}{label.removeprefix(kind)}" if label else ""
