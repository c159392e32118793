"""The topic model as a component of Rasa's pipeline."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.budget import readable
from assistant.nlu.choice import NOT_UNDERSTOOD, Choice, Thresholds, choose, intent_of, settled
from assistant.nlu.encoder import encoder
from assistant.nlu.segments import Segment, says_nothing, segments
from assistant.nlu.topics import Reading, TopicModel

BESIDES = "besides"
"""What a message says besides its questions, and the intent of that; for the company extractor."""

_RANKED = 5
_MOST_QUESTIONS = 6  # of a message that are read one by one; each costs a run of the encoder
_QUESTIONS = ("faq", "not_in_article")
_ANSWERS = (
    *("affirm", "deny", "choose", "dont_know", "rather_not_say", "skip"),
    *("inform_company_size", "inform_tech_stack", "inform_ai_plans"),
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Sets the intent of a message and, for retrieval intents, the topic, in the place where Rasa keeps it.

    A message that is not understood gets the intent ``nlu_fallback``; the topics to offer are then the ranking of the
    retrieval intent ``faq``.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: TopicModel | None = None,
        families: dict[str, str] | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._families = families or {}
        self._thresholds = Thresholds(**{name: config[name] for name in ("accept", "offer", "ratio", "neighbour")})

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See ``TopicModel.fit`` and ``Thresholds``; the thresholds are fitted by calibrate.py."""
        training = {"strength": 30.0, "directions": 300, "rounds": 40}
        return {**training, "accept": 0.37, "offer": 0.35, "ratio": 4.0, "neighbour": 2.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """A classifier that has still to be trained."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the topics, and read from their responses which of them are neighbours."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = TopicModel.fit(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples],
            strength=self._config["strength"],
            directions=self._config["directions"],
            rounds=self._config["rounds"],
        )
        self._families = {
            name.removeprefix("utter_"): variants[0]["metadata"]["family"]
            for name, variants in training_data.responses.items()
            if "family" in variants[0].get("metadata", {})
        }
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            (folder / "families.json").write_text(json.dumps(self._families), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """The trained classifier, with the encoder in memory, so that the first message need not wait for it."""
        encoder()
        with model_storage.read_from(resource) as folder:
            model = TopicModel.load(folder)
            families = json.loads((folder / "families.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, model, families)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing learns from this component's output."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Read the messages one by one."""
        for message in messages:
            self._process(message)
        return messages

    def _process(self, message: Message) -> None:
        text = readable(message.get(TEXT) or "")
        if self._model is None or not text or text.startswith(INTENT_MESSAGE_PREFIX):  # Rasa reads a button's payload
            message.set("intent", {"name": None, "confidence": 0.0}, add_to_output=True)
            return
        reading = self._model.read(text)
        choice = Choice(NOT_UNDERSTOOD, NOT_UNDERSTOOD, 0.0) if says_nothing(text) else self._choose(reading)
        parts = segments(text)
        if len(parts) > 1:
            choice = self._take_apart(message, parts, choice)
        ranking = [
            {"name": label, "confidence": value} for label, value in list(reading.probabilities.items())[:_RANKED]
        ]
        message.set(INTENT, {"name": choice.intent, "confidence": choice.confidence}, add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("response_selector", _selection(choice), add_to_output=True)

    def _choose(self, reading: Reading) -> Choice:
        return choose(reading, self._families, self._thresholds)

    def _take_apart(self, message: Message, parts: list[Segment], whole: Choice) -> Choice:
        """Note the questions of a message that says several things, and what it says besides.

        Two questions or more become entities, in their order. The rest is left for the company extractor, which reads
        the answer to an open question from it.
        """
        assert self._model is not None
        heard = [(part, settled(self._choose(self._model.read(part.text)))) for part in _questions(parts)]
        asked = [(part, choice) for part, choice in heard if choice.intent in _QUESTIONS]
        topics = list(dict.fromkeys(choice.label for _, choice in asked))
        if len(topics) > 1:
            found = [{"entity": "topic", "value": topic, "extractor": type(self).__name__} for topic in topics]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        about_the_talk = [choice for _, choice in heard if choice.intent.startswith("ask_")]
        answered = [part for part, _ in asked]
        rest = " ".join(part.text for part in parts if part not in answered)
        if about_the_talk and not asked:
            return whole if whole.intent.startswith("ask_") else about_the_talk[0]
        if not asked or not rest:
            return asked[0][1] if len(topics) > 1 else whole
        besides = self._choose(self._model.read(rest)).intent
        message.set(BESIDES, (rest, besides))
        # What introduces a question belongs to it; an answer that stands before it does not.
        return whole if whole.intent in _QUESTIONS and besides not in _ANSWERS else asked[0][1]


def _questions(parts: list[Segment]) -> list[Segment]:
    """The parts that ask something, each once: no more of them than are answered in one go."""
    return list(dict.fromkeys(part for part in parts if part.asks))[:_MOST_QUESTIONS]


def _selection(choice: Choice) -> dict[str, Any]:
    """The topic in the form that Rasa's own response selector gives it."""
    offered = [{INTENT_RESPONSE_KEY: label} for label in choice.offers]
    if choice.intent == NOT_UNDERSTOOD:
        return {"faq": {"ranking": offered}} if offered else {}
    intent = intent_of(choice.label)
    if intent == choice.label:
        return {}
    response = {INTENT_RESPONSE_KEY: choice.label, "confidence": choice.confidence}
    return {"all_retrieval_intents": [intent], intent: {"response": response, "ranking": [response, *offered]}}
