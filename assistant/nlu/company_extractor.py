"""What a message states of the company, as entities: one for each field of a company that it settles."""

from __future__ import annotations

import hashlib
import json
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
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.advice_wanted import ADVICE, ON_TERMS, VERDICT, WHICH_FIRST, advice_wanted, asks_which_besides
from assistant.nlu.budget import readable
from assistant.nlu.company_facts.classifier import examples
from assistant.nlu.company_facts.figures import UNCLEAR
from assistant.nlu.company_facts.heard import Heard
from assistant.nlu.company_facts.hearing import hear
from assistant.nlu.company_facts.model import CompanyModel
from assistant.nlu.company_facts.names import named_things
from assistant.nlu.company_facts.reader import read_answer
from assistant.nlu.company_facts.reply_model import reply_examples
from assistant.nlu.company_facts.supposed import read_hypothetical
from assistant.nlu.speaker import speaker_of
from assistant.nlu.topic_classifier import BESIDES
from assistant.nlu.topics import topic_of
from assistant.nlu.utterance_splitter import split_utterance

_FIRST = "We're a 35 person firm on HubSpot, about $4 million a year and growing, and we have no CTO but use AI."
_FOREIGN = "other_language"
_SUPPOSING = "what_if"
_UNCLEAR = ("what_if", "nlu_fallback")  # what "…, what now?" after a description may resemble
_MISSING = "not_in_article"
_START, _PERSON = "faq/start", "talk_to_person"
_WANTS_A_PERSON = re.compile(
    r"\b(?:talk|speak|chat) (?:to|with) (?:someone|somebody|an? (?:real |actual )?(?:person|human)|one of you)\b", re.I
)
_SUPPOSES = re.compile(
    r"^say\b|\b(?:what if|if|suppos\w+|imagine|assum\w+|let's say|what about|how about|had|were|would)\b", re.I
)
_WHAT_IF = re.compile(r"(?:and |but |so |ok |well )*what if (?:next year |later |one day )?we\b", re.I)
_RESEMBLES = 0.5  # probability from which a message resembles a question of its own
_SUPPOSED = 0.2  # probability from which "what if we …" supposes something, whatever it asks about that
_NOT_THAT = re.compile(r",? not \$?\d[\d.,]*\W*$")
_OURS = re.compile(r"\b(?:we|our|i|my)\b", re.I)
_CONTACT = re.compile(r"\[(?:email|phone)\]")  # as assistant/turns/intake.py leaves contact details
_WANTS_CALL = re.compile(
    r"\b(?:call|phone|ring|reach|contact|e-?mail|text|write to|get back to|speak to|talk to) (?:me|us)\b"
    r"|\b(?:get|be|keep) in touch\b",
    re.I,
)
_GIVES_CONTACT = "give_contact"
_WANTS_CONTACT = ("talk_to_person", "ask_privacy", "send_report", "erase_conversation", "drop_contact")
"""What a message with contact details may want besides giving them."""
_NAMING = ("ask_other_role", "why_not", "change_answer", "ask_why", "ask_meaning")
_SHORT = 12  # words: a longer message says by itself what it is about
_TOLD = "inform_company_size"
_TELLING = 2  # fields: whoever states so many and asks nothing is telling us about the company, whatever it resembles
_DESCRIBING = 4  # fields: after so many a short question asks for advice on the company
_VAGUE = 5  # words


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CompanyExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the entities; slots of the same names take them up."""

    def __init__(
        self, model: CompanyModel | None, storage: ModelStorage | None = None, resource: Resource | None = None
    ) -> None:
        self._model = model
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CompanyExtractor:
        """A component that has yet to be trained."""
        return cls(None, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CompanyExtractor:
        """Read the weights, and one message, so that parser and patterns are ready before the first visitor writes."""
        with model_storage.read_from(resource) as folder:
            model = CompanyModel.load(folder)
        read_answer(hear(_FIRST, model), ())
        return cls(model, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The examples, which Rasa does not see: other ones make Rasa train this component again."""
        return hashlib.sha256(repr((examples(), reply_examples())).encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of the fields; Rasa's own training data has none of them."""
        assert self._storage is not None and self._resource is not None  # Rasa makes the component with both
        self._model = CompanyModel.fit()
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read the messages one by one."""
        for message in messages:
            text = readable(message.get(TEXT) or "")
            if self._model and text and not text.startswith(INTENT_MESSAGE_PREFIX):  # Rasa reads a button's payload
                self._process(message, text, self._model)
        return messages

    def _process(self, message: Message, text: str, model: CompanyModel) -> None:
        classified = (message.get(INTENT) or {}).get("name")
        heard = hear("" if classified == _FOREIGN else text, model)  # the model knows English alone
        fields = dict(read_answer(heard, ()).facts)
        found = list(_entities(heard, fields))
        reply = heard.as_json()
        if message.get(BESIDES):
            rest, meant = message.get(BESIDES)
            if len(rest.split()) <= _SHORT:
                reply = {**hear(rest, model).as_json(), "intent": meant}
        found.append(("reply", json.dumps(reply)))  # one string: Rasa copies entities over and over
        supposing = (classified == _SUPPOSING and _is_supposed(text)) or _asks_what_if(text, message)
        supposed = read_hypothetical(text, model) if supposing else {}
        if speaker := speaker_of(text):
            found += [("speaker", speaker), *([] if "leadership" in fields else [("leadership", speaker)])]
        missing = _selected(message, _MISSING)
        intent: str | None = _SUPPOSING if supposed else _meant(classified, _topic(message), heard, len(fields))
        asks_else = "?" in text and not _WANTS_CALL.search(text)
        if _CONTACT.search(text) and classified not in _WANTS_CONTACT and not asks_else:
            intent = _GIVES_CONTACT
        if missing and not supposed and asks_which_besides(text):
            intent = ADVICE
        if intent != classified:
            if intent in (ADVICE, VERDICT) and missing:
                found.append(("topic", missing))  # "CAIO or CTO, and do you give discounts?"
            message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
        if intent == _SUPPOSING:
            found = [("supposed", supposed)]
        elif intent in _NAMING:
            found += [("named", name) for name in named_things(text)]
        entities = [self._entity(name, value, text) for name, value in found]
        message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)

    def _entity(self, name: str, value: Any, text: str) -> dict[str, Any]:
        return {"entity": name, "value": value, "start": 0, "end": len(text), "extractor": self.name}


def _meant(intent: str | None, topic: str | None, heard: Heard, stated: int) -> str | None:
    """The intent of a message, which may resemble another if it states facts: so many fields of the company."""
    if topic == _START and _WANTS_A_PERSON.search(heard.text):
        return _PERSON
    if wanted := advice_wanted(heard.text, topic, stated):
        return wanted
    if not stated:
        return intent
    asks = any(part.asks for part in split_utterance(heard.text))  # with or without a question mark
    corrects = intent == _SUPPOSING or (intent == "faq" and _NOT_THAT.search(heard.text) is not None)
    if corrects and not asks and not _is_supposed(heard.text):
        return _TOLD  # "and we have 9 million, not 5"
    if stated < _TELLING:
        return intent
    asked = [clause.text for clause in heard.clauses if clause.question]
    if not asked and not asks and intent != ADVICE:
        return _TOLD
    vague = stated >= _DESCRIBING and len(" ".join(asked).split()) <= _VAGUE  # "…, who first?"
    return ADVICE if vague or intent in _UNCLEAR or topic in WHICH_FIRST else intent


def _is_supposed(text: str) -> bool:
    """Whether a message supposes something, and does not just describe the company."""
    if _SUPPOSES.search(text):
        return True
    return len(text.split()) <= _SHORT and ("?" in text or _OURS.search(text) is None)


def _asks_what_if(text: str, message: Message) -> bool:
    """Whether a supposition begins a question for the recommendation, or one that resembles nothing else.

    "What if we build software? Who first?", "What if next year we sell our platform? Do I have to switch then?"
    """
    likely = {one["name"]: one["confidence"] for one in message.get("intent_ranking") or []}
    supposes = likely.get(_SUPPOSING, 0.0) >= _SUPPOSED or max(likely.values(), default=0.0) < _RESEMBLES
    return (supposes or _topic(message) in (*WHICH_FIRST, *ON_TERMS)) and _WHAT_IF.match(text) is not None


def _topic(message: Message) -> str | None:
    """The topic that a message asks for, without the subtopic, the role and the engagement."""
    selected = _selected(message, "faq")
    return topic_of(selected) if selected else None


def _selected(message: Message, intent: str) -> str | None:
    """What a message asks for, if that is of this intent."""
    selected = (message.get("response_selector") or {}).get(intent, {}).get("response", {})
    topic: str | None = selected.get("intent_response_key")
    return topic


def _entities(heard: Heard, fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Name and value of each entity; a list gives one entity for each of its members, as Rasa's list slots want it."""
    for field, value in fields.items():
        if value != UNCLEAR:
            for member in value if isinstance(value, list) else [value]:
                yield field, member
    revenue = read_answer(heard, ("revenue_band",))
    if revenue.facts.get("revenue_band") == UNCLEAR:
        yield "unclear_revenue", revenue.stated_in["revenue_band"]
