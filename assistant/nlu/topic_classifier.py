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
from assistant.nlu.encoder import encoder
from assistant.nlu.fallback import FALLBACK, Choice, Thresholds, choose, intent_of, without_fallback
from assistant.nlu.topics import Prediction, TopicModel
from assistant.nlu.utterance_splitter import Segment, is_hesitation, split_utterance

BESIDES = "besides"
"""Message key for the text outside its questions and the intent of that text; read by the company extractor."""

_RANKED = 5
_MAX_QUESTIONS = 6  # classified separately per message; each costs one encoder run
_QUESTIONS = ("faq", "not_in_article")
_ANSWERS = (
    *("affirm", "deny", "choose", "dont_know", "rather_not_say", "skip"),
    *("inform_company_size", "inform_tech_stack", "inform_ai_plans"),
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Sets the intent of a message and, for retrieval intents, the topic, as Rasa's response selector does.

    A message that is not understood gets the intent ``nlu_fallback``; topics to offer are the response ranking of
    the retrieval intent ``faq``.
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
        self._thresholds = Thresholds(
            **{name: config[name] for name in ("accept", "offer", "ratio", "same_family_ratio")}
        )

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See ``TopicModel.fit`` and ``Thresholds``; the thresholds are fitted by calibrate.py."""
        training = {"C": 30.0, "svd_components": 300, "max_iter": 40}
        return {**training, "accept": 0.37, "offer": 0.35, "ratio": 4.0, "same_family_ratio": 2.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Train the topic model and read the family of each topic from its response."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = TopicModel.fit(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples],
            C=self._config["C"],
            svd_components=self._config["svd_components"],
            max_iter=self._config["max_iter"],
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
        """The trained classifier. Preloads the encoder, so that the first message does not wait for it."""
        encoder()
        with model_storage.read_from(resource) as folder:
            model = TopicModel.load(folder)
            families = json.loads((folder / "families.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, model, families)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """No other component trains on the output of this one."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify each message."""
        for message in messages:
            self._process(message)
        return messages

    def _process(self, message: Message) -> None:
        text = readable(message.get(TEXT) or "")
        if self._model is None or not text or text.startswith(INTENT_MESSAGE_PREFIX):  # Rasa reads a button's payload
            message.set("intent", {"name": None, "confidence": 0.0}, add_to_output=True)
            return
        prediction = self._model.predict(text)
        choice = Choice(FALLBACK, FALLBACK, 0.0) if is_hesitation(text) else self._choose(prediction)
        parts = split_utterance(text)
        if len(parts) > 1:
            choice = self._classify_segments(message, parts, choice)
        ranking = [
            {"name": label, "confidence": value} for label, value in list(prediction.probabilities.items())[:_RANKED]
        ]
        message.set(INTENT, {"name": choice.intent, "confidence": choice.confidence}, add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("response_selector", _selection(choice), add_to_output=True)

    def _choose(self, prediction: Prediction) -> Choice:
        return choose(prediction, self._families, self._thresholds)

    def _classify_segments(self, message: Message, parts: list[Segment], whole: Choice) -> Choice:
        """Classify the segments of a message separately.

        Two or more questions become ``topic`` entities, in order. The remaining text is stored for the company
        extractor, which reads the answer to an open question from it.
        """
        assert self._model is not None
        classified = [
            (part, without_fallback(self._choose(self._model.predict(part.text)))) for part in _questions(parts)
        ]
        questions = [(part, choice) for part, choice in classified if choice.intent in _QUESTIONS]
        topics = list(dict.fromkeys(choice.label for _, choice in questions))
        if len(topics) > 1:
            found = [{"entity": "topic", "value": topic, "extractor": type(self).__name__} for topic in topics]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        meta_requests = [choice for _, choice in classified if choice.intent.startswith("ask_")]
        answered = [part for part, _ in questions]
        rest = " ".join(part.text for part in parts if part not in answered)
        if meta_requests and not questions:
            return whole if whole.intent.startswith("ask_") else meta_requests[0]
        if not questions or not rest:
            return questions[0][1] if len(topics) > 1 else whole
        besides = self._choose(self._model.predict(rest)).intent
        message.set(BESIDES, (rest, besides))
        # Text that introduces a question belongs to it; an answer before it does not.
        return whole if whole.intent in _QUESTIONS and besides not in _ANSWERS else questions[0][1]


def _questions(parts: list[Segment]) -> list[Segment]:
    """Distinct questions, limited to the number answered in one turn."""
    return list(dict.fromkeys(part for part in parts if part.asks))[:_MAX_QUESTIONS]


def _selection(choice: Choice) -> dict[str, Any]:
    """The topic in the format of Rasa's response selector."""
    offered = [{INTENT_RESPONSE_KEY: label} for label in choice.offers]
    if choice.intent == FALLBACK:
        return {"faq": {"ranking": offered}} if offered else {}
    intent = intent_of(choice.label)
    if intent == choice.label:
        return {}
    response = {INTENT_RESPONSE_KEY: choice.label, "confidence": choice.confidence}
    return {"all_retrieval_intents": [intent], intent: {"response": response, "ranking": [response, *offered]}}
