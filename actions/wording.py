"""The words of data/, as the assistant sends them along with every call."""

from __future__ import annotations

from typing import Any

from rasa_sdk.types import DomainDict

from advisor.article import sections_of, source
from advisor.prices import texts


def has(domain: DomainDict, response: str) -> bool:
    """Whether there are words for this."""
    return response in domain["responses"]


def wording(domain: DomainDict, response: str, **values: Any) -> str:
    """The text of a response, with the article's figures and these values filled in."""
    text: str = domain["responses"][response][0]["text"]
    return text.format(**{**texts(), **values})


def buttons(domain: DomainDict, response: str) -> list[dict[str, str]]:
    """The buttons of a response; in YAML their payloads have doubled braces."""
    found: list[dict[str, str]] = domain["responses"][response][0].get("buttons", [])
    return [{"title": button["title"], "payload": button["payload"].format()} for button in found]


def metadata(domain: DomainDict, response: str) -> dict[str, Any]:
    """What a response says of itself: its question, its facts, its neighbours."""
    found: dict[str, Any] = domain["responses"][response][0].get("metadata", {})
    return found


def source_line(domain: DomainDict, facts: list[str]) -> str:
    """Where in the article these facts stand; empty if there is no such place."""
    sections = sections_of(facts)
    if not sections:
        return ""
    response = "utter_source_one" if len(sections) == 1 else "utter_source_many"
    return wording(domain, response, title=source().title, sections="; ".join(sections))
