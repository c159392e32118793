"""What is said in Slack beside the assistant's own messages. It is all in data/, as whatever else is said."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from actions.wording import Wording
from advisor.content import DATA, load

_CONVERSATION = DATA / "conversation"


@cache
def words() -> Wording:
    """The sentences and labels for Slack.

    Raises:
        ContentError: a file is missing or is not YAML.
    """
    return _read([_CONVERSATION / "slack.yml"])


@cache
def contact_words() -> Wording:
    """How contact details are asked for; see ``words`` for the errors."""
    return _read([_CONVERSATION / "contact.yml"])


@cache
def lead_words() -> Wording:
    """How the firm is told of a lead, as by mail; see ``words`` for the errors."""
    return _read([_CONVERSATION / "mail.yml"])


@cache
def questions() -> Wording:
    """The questions of the interview, with their buttons; see ``words`` for the errors."""
    return _read(sorted((DATA / "fields").glob("*.yml")))


def _read(files: list[Path]) -> Wording:
    return Wording({name: said for file in files for name, said in load(file).get("responses", {}).items()})
