"""What a message states of the company, as entities: one for each field of a company that it settles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.budget import readable
from assistant.nlu.company_facts import named_things, read, read_hypothetical, read_reply
from assistant.nlu.company_fields import fields_of, unclear_revenue
from assistant.nlu.phrases import fields_in_phrases, load_phrases
from assistant.nlu.topic_classifier import BESIDES
from assistant.nlu.utterance_splitter import split_utterance

_FIRST = "We're a 35 person firm on HubSpot, about $4 million a year and growing, and we have no CTO but use AI."
_SUPPOSING = "what_if"
_NAMING = ("ask_other_role", "why_not", "change_answer")
_SHORT = 12  # words: a longer message says by itself what it is about
_TOLD = "inform_company_size"
_TELLING = 2  # fields: whoever states so many and asks nothing is telling us about the company, whatever it resembles
_QUESTIONS = ("faq", "not_in_article", "out_of_scope")
_IMPERSONAL = re.compile(r"\?|^(?:what|why|how|who|which|when|where|does|do|is|are|can|isn'?t|aren'?t)\b|\bvs\b", re.I)
_FIRST_PERSON = re.compile(r"\b(?:we|we're|we've|were|weve|our|ours|us|i|i'm|im|i've|ive|my|mine)\b", re.I)
_QUESTION = re.compile(
    r"\?|\b(what|why|how|who|whose|which|when|where|does|should|could|would|can|is it|are they|tell me|explain)\b", re.I
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CompanyExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the entities; slots of the same names take them up."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CompanyExtractor:
        """Reads a message, so that word lists and patterns are ready before the first visitor writes."""
        read(_FIRST)
        read_reply(_FIRST)
        load_phrases()
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Read the messages one by one."""
        for message in messages:
            text = readable(message.get(TEXT) or "")
            if text and not text.startswith(INTENT_MESSAGE_PREFIX):  # Rasa reads a button's payload
                self._process(message, text)
        return messages

    def _process(self, message: Message, text: str) -> None:
        intent = (message.get(INTENT) or {}).get("name")
        # A question that speaks of nobody's company states nothing of it: "isn't everyone on ChatGPT already?"
        impersonal = intent in _QUESTIONS and _IMPERSONAL.search(text) and not _FIRST_PERSON.search(text)
        impersonal = impersonal and len(split_utterance(text)) == 1
        facts = {} if impersonal else read(text)
        fields = {} if impersonal else fields_of(facts) | fields_in_phrases(text)
        found = list(_entities(text, facts, fields))
        if message.get(BESIDES):
            rest, meant = message.get(BESIDES)
            if len(rest.split()) <= _SHORT:
                found.append(("reply", {**read_reply(rest), "intent": meant}))
        if len(fields) >= _TELLING and not _QUESTION.search(text):
            intent = _TOLD
            message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
        if intent == _SUPPOSING:
            found = [("supposed", fields_of(read_hypothetical(text)))]
        elif intent in _NAMING:
            found += [("named", name) for name in named_things(text)]
        entities = [self._entity(name, value, text) for name, value in found]
        message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)

    def _entity(self, name: str, value: Any, text: str) -> dict[str, Any]:
        return {"entity": name, "value": value, "start": 0, "end": len(text), "extractor": self.name}


def _entities(text: str, facts: Mapping[str, Any], fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Name and value of each entity; a list gives one entity for each of its members, as Rasa's list slots want it."""
    for field, value in fields.items():
        for member in value if isinstance(value, list) else [value]:
            yield field, member
    asks = any(part.asks for part in split_utterance(text))
    reply = read_reply(text) if len(text.split()) <= _SHORT and not asks else None
    if unclear_revenue(facts, reply or {}):
        yield "unclear_revenue", text.strip()
    if reply is not None:
        yield "reply", reply
