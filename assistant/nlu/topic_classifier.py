"""The topic model as a component of Rasa's pipeline."""

from __future__ import annotations

from functools import cache
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

from assistant.nlu.advice_wanted import ADVICE, VERDICT
from assistant.nlu.budget import readable
from assistant.nlu.fallback import COMPARISONS, FALLBACK, FAQ, Choice, Thresholds, about_another, choose, intent_of
from assistant.nlu.languages import foreign_language
from assistant.nlu.questions import (
    OTHER_SUBJECT,
    QUESTIONS,
    WHO_TO_HIRE,
    Classified,
    Classify,
    about_a_role,
    addresses,
    answerable,
    asks_whom,
    divided,
    introduced,
    is_elsewhere,
    is_of_the_advice,
    is_story,
    is_sure,
    names_another_role,
    questions_in,
    surely_asks_whom,
    topics_of,
    unplaced,
)
from assistant.nlu.roles import BOTH, Mentions
from assistant.nlu.topics import TopicModel
from assistant.nlu.utterance_splitter import Segment, is_assent, is_hesitation, split_utterance

BESIDES = "besides"
"""Message key for the text outside its questions and the intent of that text; read by the company extractor."""

_RANKED = 5
_SEVERAL = 2  # questions
_SURE_WHOM = 0.6  # confidence from which whom to hire is asked, whatever introduces it
_INDUSTRY, _MISSING = "industry", "not_in_article"
_FIRST = "waht does it csot"
_AGREES = "affirm"
_OTHER_LANGUAGE = "other_language"
_OF_OTHERS = ("not_in_article/other_officer", "not_in_article/other_help")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Sets the intent of a message and, for retrieval intents, the topic, as Rasa's response selector does.

    The roles and the engagement that it names become entities, and so does another officer that it asks about. A
    message that is not understood gets the intent ``nlu_fallback``; topics to offer are the response ranking of the
    retrieval intent ``faq``.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: TopicModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._thresholds = Thresholds(accept=config["accept"], offer=config["offer"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See ``TopicModel.fit`` and ``Thresholds``; the thresholds are fitted by calibrate.py."""
        return {"svd_components": 300, "steps": 1500, "adapted": False, "accept": 0.36, "offer": 0.25}

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
        """Train the topic model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = TopicModel.fit(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples],
            training_data.entity_synonyms,
            svd_components=self._config["svd_components"],
            steps=self._config["steps"],
            adapted=self._config["adapted"],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
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
        """The trained classifier. Parses a message with a typo to load the encoder and the dictionaries."""
        with model_storage.read_from(resource) as folder:
            model = TopicModel.load(folder)
        foreign_language(_FIRST)
        model.predict(_FIRST)
        return cls(config, model_storage, resource, model)

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
        language = foreign_language(text)
        if language:
            message.set(INTENT, {"name": _OTHER_LANGUAGE, "confidence": 1.0}, add_to_output=True)
            self._add_entities(message, {"language": [language]})
            return
        classify = cache(self._classify)
        whole = classify(text)
        if is_hesitation(text):
            whole = whole._replace(choice=Choice(FALLBACK, FALLBACK, 0.0))
        elif whole.choice.intent in QUESTIONS and is_assent(text):
            whole = whole._replace(choice=Choice(_AGREES, _AGREES, whole.choice.confidence))
        parts = [] if is_elsewhere(text, whole) else list(divided(split_utterance(text), classify))
        found = self._classify_segments(message, parts, whole, classify) if len(parts) > 1 else whole
        likely = list(whole.probabilities.items())[:_RANKED]
        ranking = [{"name": label, "confidence": probability} for label, probability in likely]
        message.set(INTENT, {"name": found.choice.intent, "confidence": found.choice.confidence}, add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("response_selector", _selection(found.choice), add_to_output=True)
        questions = [part.text for part in questions_in(parts) if part.asks] or [text]
        asked = [classify(one).mentions for one in questions if not is_story(one)]
        self._add_entities(message, _mentioned(found, asked))

    def _classify_segments(
        self, message: Message, parts: list[Segment], whole: Classified, classify: Classify
    ) -> Classified:
        """Classify the segments of a message separately.

        Two or more questions become ``topic`` entities, in order; one beside them that nothing answers becomes
        ``unplaced`` or ``unclear``. The remaining text is stored for the company extractor, which reads the answer to
        an open question from it.
        """
        alone = sum(part.asks for part in parts) < _SEVERAL
        classified = [
            (part, about_a_role(found, whole, alone=alone)) for part, found in introduced(parts, whole, classify)
        ]
        questions = answerable(classified)
        topics = topics_of(questions)
        if len(questions) > 1:
            self._add_entities(message, {"topic": addresses(topics, whole.mentions)})
        answered = [part for part, _ in questions]
        if questions:
            self._add_entities(message, unplaced(classified, answered))
        meta_requests = [one for one in classified if one[1].choice.intent.startswith(("ask_", "why_not"))]
        rest = " ".join(part.text for part in parts if part not in answered)
        if not questions and whole.choice.intent in (FALLBACK, OTHER_SUBJECT):
            ours = [found for _, found in classified if is_sure(found)]  # "is this a person? I'd need some advice"
            return ours[-1] if ours else whole
        advice = [found for part, found in classified if part.asks and _asks_for_advice(found)]
        if advice and questions and all(found.choice.intent == _MISSING for _, found in questions):
            if len(topics) == 1:
                self._add_entities(message, {"topic": addresses(topics, whole.mentions)})
            return advice[0]  # "do we need a CTO first, and how much equity …?": with what is missing said besides
        sure = any(is_sure(found) for _, found in questions)
        # "what do you mean? Just tell me CTO or AI officer": a sure call for advice is not taken apart
        if whole.choice.intent in (ADVICE, VERDICT) and is_sure(whole) and not sure:
            return whole
        if meta_requests and not questions:
            if is_of_the_advice(*meta_requests[-1], parts):
                return meta_requests[-1][1]
            return max(whole, meta_requests[0][1], key=lambda found: found.choice.confidence)
        if not questions or not rest:
            return questions[0][1] if len(topics) > 1 else whole
        both = names_another_role(questions[0], [part for part in parts if part not in answered], classify)
        message.set(BESIDES, (rest, classify(rest).choice.intent))
        # What introduces a question says what it is about: "our CTO is swamped. Should he do AI too?" But whoever
        # describes the company and asks whom to hire wants just that.
        first = questions[0][1]._replace(mentions=whole.mentions) if both else questions[0][1]
        whom = first.choice.label in WHO_TO_HIRE and asks_whom(first) >= _SURE_WHOM
        asks_more = any(part.asks for part in parts if part not in answered)
        return whole if whole.choice.intent in QUESTIONS and not whom and not asks_more else first

    def _classify(self, text: str) -> Classified:
        assert self._model is not None
        prediction = self._model.predict(text)
        choice = choose(prediction, self._thresholds)
        if choice.label in _OF_OTHERS and prediction.mentions.others:
            read = self._model.predict(text, others_as_roles=True)
            ours = Classified(choose(read, self._thresholds), read.mentions, read.probabilities)
            ours = about_a_role(ours, ours._replace(mentions=Mentions(role=BOTH)))  # the officer is read as one of ours
            compares = choice.subtopic and ours.choice.label in COMPARISONS  # "a CAIO or a CDO?" has its own answer
            choice = ours.choice if ours.choice.intent == FAQ and not compares else choice
        return Classified(choice, prediction.mentions, prediction.probabilities)

    def _add_entities(self, message: Message, values: dict[str, list[str]]) -> None:
        found = [
            {"entity": name, "value": value, "extractor": type(self).__name__}
            for name, each in values.items()
            for value in each
        ]
        if found:
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)


def _asks_for_advice(found: Classified) -> bool:
    return found.choice.intent == ADVICE and surely_asks_whom(found)


def _mentioned(found: Classified, asked: list[Mentions]) -> dict[str, list[str]]:
    """What a message names, by entity; ``officer`` if the message is about that one, otherwise ``beside``.

    Whom its questions do not name is no part of what they ask, nor is the industry.
    """
    label, mentions = found.choice.label, found.mentions
    of_others = next(iter(found.probabilities)) in _OF_OTHERS
    officer = mentions.others[0] if of_others and mentions.others else about_another(label, mentions)
    others = [other for other in mentions.others if any(other in one.others for one in asked)]
    beside = others[0] if others and not officer else None
    named = {"role": mentions.role, "engagement": mentions.engagement, "officer": officer, "beside": beside}
    found_by_name = {name: [value] for name, value in named.items() if value}
    of_questions = [limit for one in asked for limit in one.limits]
    limits = [limit for limit in mentions.limits if limit != _INDUSTRY or limit in of_questions]
    return {**found_by_name, "limit": [*dict.fromkeys([*limits, *of_questions])]}


def _selection(choice: Choice) -> dict[str, Any]:
    """The topic in the format of Rasa's response selector."""
    offered = [{INTENT_RESPONSE_KEY: label} for label in choice.offers]
    if choice.intent == FALLBACK:
        return {"faq": {"ranking": offered}} if offered else {}
    intent = intent_of(choice.label)
    if intent == choice.label:
        return {}
    response = {INTENT_RESPONSE_KEY: choice.answer, "confidence": choice.confidence}
    return {"all_retrieval_intents": [intent], intent: {"response": response, "ranking": [response, *offered]}}
