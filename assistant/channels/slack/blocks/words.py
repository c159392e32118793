"""What is said in Slack beside the assistant's own messages, and how the fields of a company are asked for."""

from __future__ import annotations

from functools import cache

from actions.wording import Wording
from advisor.content import DATA, load


@cache
def words() -> Wording:
    """The sentences and labels of data/conversation/slack.yml.

    Raises:
        ContentError: it is missing or is not YAML.
    """
    return Wording(load(DATA / "conversation" / "slack.yml")["responses"])


@cache
def questions() -> Wording:
    """The questions of the interview, with their buttons.

    Raises:
        ContentError: a file in data/fields is not YAML.
    """
    files = sorted((DATA / "fields").glob("*.yml"))
    return Wording({name: said for file in files for name, said in load(file).get("responses", {}).items()})
