"""The responses of ``data/``, which the assistant sends along with every call of an action."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.article import sections_of, source
from advisor.fields import UNANSWERED
from advisor.prices import figures, texts

ROLES = ("caio", "cto", "both")
ENGAGEMENTS = ("fractional", "full_time")
_THINGS = 2  # named of what the article does not have
_IN_SHORT = 2  # sentences of the answer to a part of a topic: the answer itself, and why
_SENTENCE = re.compile(r"(?<=[.?]) ")


@dataclass(frozen=True)
class Cell:
    """The answer to one aspect for one role and engagement, or for any: its words and what it declares of itself."""

    text: str
    short: str  # for a message that asks for several things
    metadata: Mapping[str, Any]

    @property
    def question(self) -> str:
        """The question that it answers, short enough for a button."""
        return str(self.metadata["question"])

    @property
    def facts(self) -> list[str]:
        """The facts that it rests on."""
        return list(self.metadata.get("facts", ()))

    @property
    def asks(self) -> str | None:
        """The first field of the question of the interview that the answer closes with."""
        asked: str | None = self.metadata.get("asks")
        return asked

    @property
    def next(self) -> list[str]:
        """The topics that visitors ask for next."""
        return [f"faq/{topic}" for topic in self.metadata.get("next", ())]


@dataclass(frozen=True)
class Wording:
    """All sentences that actions can say, looked up by the name of their response.

    Attributes:
        responses: the variations of each response, as in the domain.
        channel: whose variations are said where a response has some, as Rasa itself does.
        speaker: who reads them, if it is the CTO; the same for variations with ``speaker``.
    """

    responses: Mapping[str, list[dict[str, Any]]]
    channel: str | None = None
    speaker: str | None = None

    def __contains__(self, response: str) -> bool:
        return response in self.responses

    def text(self, response: str, **values: object) -> str:
        """The text of a response, with the article's figures and these values filled in."""
        text: str = self._said(response)["text"]
        return text.format(**{**texts(), **values})

    def fitting(self, response: str, answers: Mapping[str, Any], **values: object) -> str:
        """The same of the first variation that fits the company; its ``when`` says which do, and the last fits all."""
        text: str = self._first_fitting(response, answers)["text"].format(**{**texts(), **values})
        return text

    def facts_of(self, response: str, answers: Mapping[str, Any]) -> list[str]:
        """The facts that the variation that fits the company rests on."""
        return list(self._first_fitting(response, answers).get("metadata", {}).get("facts", ()))

    def metadata(self, response: str) -> Mapping[str, Any]:
        """What a response declares of itself."""
        declared: Mapping[str, Any] = self._said(response).get("metadata", {})
        return declared

    def buttons(self, response: str) -> list[dict[str, str]]:
        """The buttons of a response; in YAML the braces of their payloads are doubled."""
        return _unbraced(self._said(response).get("buttons", []))

    def choices(self, question: str) -> list[dict[str, str]]:
        """The buttons of a question that say something, without "not sure"."""
        left_open = [f'"{value}"' for value in UNANSWERED]
        return [one for one in self.buttons(question) if not any(value in one["payload"] for value in left_open)]

    def several(self, question: str) -> list[dict[str, str]]:
        """The answers to a question that may be given together, as buttons."""
        return _unbraced(self.responses[question][0].get("metadata", {}).get("several", []))

    def asked_by(self, question: str) -> set[str]:
        """The fields that the buttons of a question answer."""
        payloads = (button["payload"].removeprefix("/answer") for button in self.buttons(question))
        return {field for payload in payloads for field in json.loads(payload)}

    def cell(
        self, topic: str, officer: str | None = None, answers: Mapping[str, Any] | None = None, asked: str = ""
    ) -> Cell | None:
        """The answer to a topic, or None if there is no such topic.

        Args:
            topic: intent, aspect, and role and engagement if known: "faq/cost/caio/fractional". The most specific
                variation of the response that fits is used; of a subtopic, "faq/cost.for_both", that of its topic if
                it has none that fits.
            officer: the other officer that the visitor asked about, if any.
            answers: what is known of the company; a variation with ``when`` is only for those whom it fits.
            asked: the question, for an answer that names the very ``things`` in it that the article does not have.
        """
        intent, aspect, role, engagement = split_topic(topic)
        wanted = {"role": role, "engagement": engagement, "officer": officer}
        whole, part = f"utter_{intent}/{aspect}", f"utter_{join_topic(topic, None, None)}"
        known = answers or {}
        fitting = self._of_part(part, wanted, known) if part != whole else []
        fitting = fitting or self._fitting(whole, wanted, known)
        if not fitting:
            return None
        best = max(fitting, key=lambda fit: fit[0])[1]
        plain = [fit for fit in fitting if not (fit[0][0] or any(fit[0][-2:]))]
        general = max(plain or fitting, key=lambda fit: fit[0])[1]
        about = {**general["metadata"], **best["metadata"]}
        officer = officer or self.responses["utter_another_officer"][0]["text"]
        values = {**texts(), "officer": officer, "thing": _thing(about, asked)}
        # A variation for certain companies, for another officer or for the CTO declares only what differs.
        of_part = " ".join(_SENTENCE.split(best["text"])[:_IN_SHORT]) if part != whole else best["text"]
        said, short = (text.format(**values) for text in (best["text"], best["metadata"].get("short", of_part)))
        return Cell(said, short, about)

    def _fitting(
        self, response: str, wanted: Mapping[str, str | None], answers: Mapping[str, Any]
    ) -> list[tuple[tuple[bool, ...], dict[str, Any]]]:
        """The variations of an answer that may be said, each with what makes it specific, most important first."""
        fitting = []
        for variation in self._for_speaker(self.responses.get(response, ())):
            about = variation["metadata"]
            named = {name: about.get(name) for name in wanted}
            if all(value in (None, wanted[name]) for name, value in named.items()) and _fits(variation, answers):
                specific = (about.get(name) is not None for name in ("officer", "role", "engagement"))
                fitting.append(((*specific, "when" in about, "speaker" in about), variation))
        return fitting

    def _of_part(
        self, response: str, wanted: Mapping[str, str | None], answers: Mapping[str, Any]
    ) -> list[tuple[tuple[bool, ...], dict[str, Any]]]:
        """The same for a subtopic, which may be about one role where none is named; of another officer it names it."""
        named = {name: value for name, value in wanted.items() if value}
        fitting = self._fitting(response, named, answers)
        of_officer = "officer" in named and response.startswith("utter_faq/")
        return [fit for fit in fitting if fit[0][0]] if of_officer else fitting

    def limit(self, name: str, aspect: str) -> str | None:
        """What an answer to this aspect leaves out where a question asks for it by name; None if nothing."""
        for variation in self.responses.get(f"utter_limit/{name}", ()):
            about = variation["metadata"]
            if aspect in about["after"] if "after" in about else aspect not in about["not_after"]:
                return str(variation["text"])
        return None

    def source_line(self, facts: list[str], response: str = "utter_source") -> str:
        """Which sections of the article these facts come from; empty if there is none."""
        sections = sections_of(facts)
        return self.text(response, title=source().title, sections="; ".join(sections)) if sections else ""

    def _said(self, response: str) -> dict[str, Any]:
        """The first variation for the channel, or the first for any."""
        variations = self._for_speaker(self.responses[response])
        return next(one for channel in (self.channel, None) for one in variations if one.get("channel") == channel)

    def _first_fitting(self, response: str, answers: Mapping[str, Any]) -> dict[str, Any]:
        return next(one for one in self._for_speaker(self.responses[response]) if _fits(one, answers))

    def _for_speaker(self, variations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those for who reads them, before those for anybody."""
        named = [(one.get("metadata", {}).get("speaker"), one) for one in variations]
        return [one for speaker in dict.fromkeys((self.speaker, None)) for said, one in named if said == speaker]


def conditions_of(metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The conditions of a variation, one of which has to hold; a single empty one if it has none."""
    when = metadata.get("when", {})
    return when if isinstance(when, list) else [when]


def _fits(variation: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether a variation is for a company with these answers."""
    return any(_holds(when, answers) for when in conditions_of(variation.get("metadata", {})))


def _holds(when: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether answers are as a condition wants them: each field has the value, or one of the values, that it names.

    A number is wanted as in the framework, by the name of the figure that it reaches.
    """
    return all(
        field in answers and any(_is(answers[field], one) for one in (wanted if isinstance(wanted, list) else [wanted]))
        for field, wanted in when.items()
    )


def _thing(about: Mapping[str, Any], asked: str) -> str:
    """What of the ``things`` of an answer a question asks for by their words: "the notice period"; else all of it."""
    found = [
        thing
        for thing, words in about.get("things", {}).items()
        if re.search("|".join(rf"\b{re.escape(word)}" for word in words), asked, re.I)
    ]
    return listed(found[:_THINGS], "or") or str(about.get("thing", ""))


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(value, int) and wanted in figures():
        return value >= figures()[wanted].low
    return bool(value == wanted)


def listed(named: Sequence[str], word: str) -> str:
    """A list in English: "a, b and c"."""
    return f" {word} ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def _unbraced(buttons: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"title": button["title"], "payload": button["payload"].format()} for button in buttons]


def capitalized(text: str) -> str:
    """A text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapitalized(text: str) -> str:
    """A sentence as it goes on after other words."""
    return text[:1].lower() + text[1:]


def split_topic(topic: str) -> tuple[str, str, str | None, str | None]:
    """Intent, aspect, role and engagement of a topic, without its subtopic; what is none of these is left out."""
    intent, aspect, *named = f"{topic}//".split("/")
    role = next((part for part in named if part in ROLES), None)
    return intent, aspect.partition(".")[0], role, next((part for part in named if part in ENGAGEMENTS), None)


def is_part(topic: str) -> bool:
    """Whether this is a subtopic: "faq/cost.for_both"."""
    return "." in topic


def join_topic(topic: str, role: str | None, engagement: str | None) -> str:
    """The topic, or subtopic, for a role and an engagement."""
    intent, aspect, *_ = f"{topic}//".split("/")
    return "/".join(filter(None, (intent, aspect, role, engagement)))
