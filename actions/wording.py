"""The responses of ``data/``, which the assistant sends along with every call of an action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.article import sections_of, source
from advisor.prices import texts


@dataclass(frozen=True)
class Wording:
    """All sentences that actions can say, looked up by the name of their response."""

    responses: Mapping[str, list[dict[str, Any]]]

    def __contains__(self, response: str) -> bool:
        return response in self.responses

    def text(self, response: str, **values: object) -> str:
        """The text of a response, with the article's figures and these values filled in."""
        text: str = self.responses[response][0]["text"]
        return text.format(**{**texts(), **values})

    def buttons(self, response: str) -> list[dict[str, str]]:
        """The buttons of a response; in YAML the braces of their payloads are doubled."""
        found: list[dict[str, str]] = self.responses[response][0].get("buttons", [])
        return [{"title": button["title"], "payload": button["payload"].format()} for button in found]

    def metadata(self, response: str) -> dict[str, Any]:
        """What a response declares about itself: its question, its facts, its neighbors."""
        found: dict[str, Any] = self.responses[response][0].get("metadata", {})
        return found

    def source_line(self, facts: list[str]) -> str:
        """Which sections of the article these facts come from; empty if there is none."""
        sections = sections_of(facts)
        if not sections:
            return ""
        response = "utter_source_one" if len(sections) == 1 else "utter_source_many"
        return self.text(response, title=source().title, sections="; ".join(sections))
