"""The topic model as a component of Rasa's pipeline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

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
from assistant.nlu.fallback import FALLBACK, FAQ, Choice, Thresholds, about_another, choose, intent_of
from assistant.nlu.languages import foreign_language
from assistant.nlu.roles import Mentions
from assistant.nlu.topics import TopicModel
from assistant.nlu.utterance_splitter import Segment, halves, is_hesitation, split_utterance

BESIDES = "besides"
"""Message key for the text outside its questions and the intent of that text; read by the company extractor."""

_RANKED = 5
_MAX_QUESTIONS = 6  # classified separately per message; each costs one encoder run
_QUESTIONS = ("faq", "not_in_article")
_SURE = 0.38  # confidence from which a segment is a question of its own
_SURE_UNASKED = 0.8  # the same where only the question after it has the form of one: "CTO or CAIO first, and what …?"
_LIKELIER = 0.5  # probability of a second question, which is more often one that nothing answers
_SURE_WHOM = 0.6  # confidence from which whom to hire is asked, whatever introduces it
_SURE_PART = 0.85  # probability from which a part of a message is what it seems, whatever is around it
_MAX_HALVES = 3  # places where a message is tried to be divided; each costs two encoder runs
_WHOLE_QUESTION = 3  # words: a shorter one says little by itself
_WHO_TO_HIRE = ("ask_for_advice", f"{FAQ}/first", f"{FAQ}/need", f"{FAQ}/start", "not_in_article/hiring")
"""What every answer leads on to, so that asking it besides leaves nothing unanswered."""
_OF_THE_ADVICE = ("ask_for_advice", "ask_verdict_now", "why_not")
"""What a last sentence asks for whatever is told before it: "they use AI without a plan. What do you recommend?"."""
_OF_A_NAME = f"{FAQ}/definition"
"""What a role asks for whose name stands alone: it belongs to what goes before."""
_COST_OF_THAT = "ask_cost_of_that"
_INDUSTRY = "industry"
_AND = re.compile(r"^(?:and|but|also|plus) ", re.I)
_FIRST = "waht does it csot"
_OTHER_LANGUAGE = "other_language"
_OF_OTHERS = ("not_in_article/other_officer", "not_in_article/other_help")


class Classified(NamedTuple):
    """A text, or one segment of it: the choice, what it names, and the probabilities, most likely label first."""

    choice: Choice
    mentions: Mentions
    probabilities: dict[str, float]


Classify = Callable[[str], Classified]


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
        return {"svd_components": 300, "steps": 1500, "accept": 0.36, "offer": 0.25}

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
        parts = list(_divided(split_utterance(text), classify))
        found = self._classify_segments(message, parts, whole, classify) if len(parts) > 1 else whole
        likely = list(whole.probabilities.items())[:_RANKED]
        ranking = [{"name": label, "confidence": probability} for label, probability in likely]
        message.set(INTENT, {"name": found.choice.intent, "confidence": found.choice.confidence}, add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("response_selector", _selection(found.choice), add_to_output=True)
        asked = [classify(part.text).mentions for part in parts if part.asks] if len(parts) > 1 else []
        self._add_entities(message, _mentioned(found, asked or [found.mentions]))

    def _classify_segments(
        self, message: Message, parts: list[Segment], whole: Classified, classify: Classify
    ) -> Classified:
        """Classify the segments of a message separately.

        Two or more questions become ``topic`` entities, in order; one beside them that nothing answers becomes
        ``unplaced``. The remaining text is stored for the company extractor, which reads the answer to an open
        question from it.
        """
        classified = [(part, _about_a_role(found, whole)) for part, found in _introduced(parts, classify)]
        questions = [(part, found) for part, found in classified if _is_question(part, found)]
        questions = questions[:1] + [one for one in questions[1:] if _probability(one[1]) >= _LIKELIER]
        topics = {found.choice.label: found.mentions for _, found in questions}
        if len(topics) > 1:
            self._add_entities(message, {"topic": _addresses(topics)})
        answered = [part for part, _ in questions]
        if questions:
            self._add_entities(message, {"unplaced": _unplaced(classified, answered)})
        meta_requests = [one for one in classified if one[1].choice.intent.startswith(("ask_", "why_not"))]
        rest = " ".join(part.text for part in parts if part not in answered)
        if meta_requests and not questions:
            if _is_of_the_advice(*meta_requests[-1], parts):
                return meta_requests[-1][1]
            return max(whole, meta_requests[0][1], key=lambda found: found.choice.confidence)
        if not questions or not rest:
            return questions[0][1] if len(topics) > 1 else whole
        message.set(BESIDES, (rest, classify(rest).choice.intent))
        # What introduces a question says what it is about: "our CTO is swamped. Should he do AI too?" But whoever
        # describes the company and asks whom to hire wants just that.
        first = questions[0][1]
        whom = first.choice.label in _WHO_TO_HIRE and first.choice.confidence >= _SURE_WHOM
        return whole if whole.choice.intent in _QUESTIONS and not whom else first

    def _classify(self, text: str) -> Classified:
        assert self._model is not None
        prediction = self._model.predict(text)
        choice = choose(prediction, self._thresholds)
        if choice.label in _OF_OTHERS and prediction.mentions.others:
            ours = choose(self._model.predict(text, others_as_roles=True), self._thresholds)
            choice = ours if ours.intent == FAQ else choice
        return Classified(choice, prediction.mentions, prediction.probabilities)

    def _add_entities(self, message: Message, values: dict[str, list[str]]) -> None:
        found = [
            {"entity": name, "value": value, "extractor": type(self).__name__}
            for name, each in values.items()
            for value in each
        ]
        if found:
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)


def _divided(segments: list[Segment], classify: Classify) -> Iterator[Segment]:
    """Divide questions, or a single segment, that surely ask for two things: "duties, plus a typical day"."""
    places = ((one, *sides) for one in segments if one.asks or len(segments) == 1 for sides in halves(one.text))
    found: dict[Segment, list[Segment]] = {}
    for one, left, right in islice(places, _MAX_HALVES):
        topics = {half.choice.label for half in (classify(left), classify(right)) if _is_sure_question(half)}
        if len(topics) > 1 and one not in found:
            found[one] = [Segment(left, asks=True), Segment(right, asks=True)]
    for one in segments:
        yield from found.get(one, [one])


def _is_question(part: Segment, found: Classified) -> bool:
    least = _SURE if part.asks else _SURE_UNASKED
    return found.choice.intent in _QUESTIONS and found.choice.confidence >= least


def _is_sure_question(found: Classified) -> bool:
    right = found.choice.intent in _QUESTIONS and found.choice.label != _OF_A_NAME
    return right and _probability(found) >= _SURE_PART


def _probability(found: Classified) -> float:
    return found.probabilities.get(found.choice.label, 0.0)


def _about_a_role(found: Classified, whole: Classified) -> Classified:
    """Resolve "what does it cost?" to the role that the same message names; otherwise it means our last answer."""
    if found.choice.intent != _COST_OF_THAT or not whole.mentions.any_role:
        return found
    cost = {f"{FAQ}/cost": found.probabilities[_COST_OF_THAT]}
    return found._replace(
        choice=Choice(FAQ, f"{FAQ}/cost", found.choice.confidence), probabilities={**found.probabilities, **cost}
    )


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
    limits = [limit for limit in mentions.limits if limit != _INDUSTRY or any(limit in one.limits for one in asked)]
    return {**found_by_name, "limit": limits}


def _is_whole_question(part: Segment) -> bool:
    return len(part.text.split()) >= _WHOLE_QUESTION


def _is_of_the_advice(part: Segment, found: Classified, parts: list[Segment]) -> bool:
    """Whether a part is a sentence of its own, and surely about the advice."""
    before = parts[parts.index(part) - 1]
    probability = sum(found.probabilities[intent] for intent in _OF_THE_ADVICE)
    return part != parts[0] and before.text.endswith((".", "?", "!")) and probability >= _SURE_PART


def _introduced(parts: list[Segment], classify: Classify) -> Iterator[tuple[Segment, Classified]]:
    """Classify each question, with the statements right before it if only these tell what it is about."""
    questions = _questions(parts)
    told: list[str] = []
    for part in parts:
        if part not in questions:
            told.append(part.text)
            continue
        found = classify(part.text)
        if told and not _is_sure_question(found) and not _is_of_the_advice(part, found, parts):
            introduced = classify(" ".join([*told, part.text]))
            found = introduced if _is_sure_question(introduced) else found
        yield part, found
        told = []


def _unplaced(classified: list[tuple[Segment, Classified]], answered: list[Segment]) -> list[str]:
    """The first question that is not among those answered, and is not a request or an answer of its own.

    One that is likeliest about the same as an answered one is answered with it.
    """
    about = {next(iter(found.probabilities)) for part, found in classified if part in answered}
    left = (
        part
        for part, found in classified
        if part.text.endswith("?")
        and not part.text.lower().startswith("or ")  # which asks the same in other words
        and part not in answered
        and found.choice.intent in (FALLBACK, *_QUESTIONS)
        and next(iter(found.probabilities)) not in {*about, *_WHO_TO_HIRE}
    )
    return [_AND.sub("", part.text) for part in left if _is_whole_question(part)][:1]


def _addresses(topics: dict[str, Mentions]) -> list[str]:
    """The cells that several questions ask for; one that names no role is about the role of the one before."""
    addresses, last = [], Mentions()
    for topic, mentions in topics.items():
        last = mentions if mentions.any_role or mentions.engagement else last
        addresses.append(last.address(topic))
    return addresses


def _questions(parts: list[Segment]) -> list[Segment]:
    """Distinct questions, limited to the number answered in one turn; also what an "and …?" continues."""
    continued = [after.asks and after.text.lower().startswith("and ") for after in parts[1:]] + [False]
    asked = (part for part, goes_on in zip(parts, continued, strict=True) if part.asks or goes_on)
    return list(dict.fromkeys(asked))[:_MAX_QUESTIONS]


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
