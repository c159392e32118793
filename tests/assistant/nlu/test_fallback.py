"""How predictions are handled: answered, offered as topics, or not understood."""

from __future__ import annotations

import pytest

from assistant.nlu.fallback import FALLBACK, Choice, Thresholds, choose, intent_of
from assistant.nlu.topics import Prediction

THRESHOLDS = Thresholds(accept=0.4, offer=0.25)


def chosen(probabilities: dict[str, float], near: float = 0.9, **similarity: float) -> Choice:
    ranked = dict(sorted(probabilities.items(), key=lambda item: -item[1]))
    return choose(Prediction(ranked, {label: similarity.get(label, near) for label in ranked}, {}), THRESHOLDS)


def test_clear_question_is_answered() -> None:
    choice = chosen({"faq/cost": 0.9, "faq/hours": 0.02, "greet": 0.05})
    assert (choice.intent, choice.label, choice.offers) == ("faq", "faq/cost", ())


def test_second_likely_topic_is_offered_below_the_answer() -> None:
    choice = chosen({"faq/cost": 0.75, "faq/hours": 0.15, "greet": 0.1})
    assert (choice.intent, choice.label, choice.offers) == ("faq", "faq/cost", ("faq/hours",))


def test_answer_is_the_likeliest_subtopic_of_the_chosen_topic() -> None:
    subtopics = {"faq/cost": "faq/cost.for_both", "faq/hours": "faq/hours.a_week"}
    choice = choose(Prediction({"faq/cost": 0.9, "greet": 0.1}, {"faq/cost": 0.9, "greet": 0.5}, subtopics), THRESHOLDS)
    assert (choice.intent, choice.label, choice.answer) == ("faq", "faq/cost", "faq/cost.for_both")
    assert chosen({"faq/cost": 0.9, "greet": 0.1}).answer == "faq/cost"


def test_message_that_is_an_example_gets_its_intent() -> None:
    assert chosen({"greet": 0.6, "help": 0.4}, help=1.0).label == "help"
    assert chosen({"greet": 0.6, "help": 0.4}, help=1.0, greet=1.0).label == "greet"


def test_intents_that_end_the_conversation_need_more_confidence() -> None:
    assert chosen({"stop": 0.25, "faq/cost": 0.2, "greet": 0.15}).intent == FALLBACK
    assert chosen({"greet": 0.25, "faq/cost": 0.2, "stop": 0.15}).intent == "greet"
    assert chosen({"stop": 0.8, "greet": 0.2}).intent == "stop"


def test_likeliest_topic_is_answered_and_its_neighbors_are_offered() -> None:
    choice = chosen({"faq/cost": 0.4, "faq/hours": 0.35, "faq/duties": 0.2, "greet": 0.05})
    assert (choice.intent, choice.label, choice.offers) == ("faq", "faq/cost", ("faq/hours", "faq/duties"))


def test_combined_topics_outweigh_a_single_more_likely_intent() -> None:
    choice = chosen({"out_of_scope": 0.3, "faq/cost": 0.26, "faq/hours": 0.24, "faq/duties": 0.2})
    assert (choice.intent, choice.label) == ("faq", "faq/cost")


def test_intents_that_state_facts_are_compared_with_others_as_one() -> None:
    choice = chosen({"faq/cost": 0.4, "inform_ai_plans": 0.3, "inform_company_size": 0.2, "greet": 0.1})
    assert (choice.intent, choice.label) == ("inform_ai_plans", "inform_ai_plans")


@pytest.mark.parametrize("intent", ["greet", "stop", "out_of_scope"])
def test_intent_without_topics_never_triggers_an_offer(intent: str) -> None:
    choice = chosen({intent: 0.6, "faq/cost": 0.2, "faq/hours": 0.2})
    assert (choice.intent, choice.label, choice.offers) == (intent, intent, ())


def test_most_likely_uncovered_topic_is_chosen() -> None:
    choice = chosen({"not_in_article/law": 0.4, "not_in_article/tax": 0.35, "faq/cost": 0.25})
    assert (choice.intent, choice.label) == ("not_in_article", "not_in_article/law")


def test_message_far_from_all_examples_is_not_understood() -> None:
    choice = chosen({"faq/cost": 0.99, "greet": 0.01}, near=0.1)
    assert (choice.intent, choice.offers) == (FALLBACK, ())


def test_only_messages_close_to_examples_are_offered_topics() -> None:
    unsure = {"faq/cost": 0.9, "faq/hours": 0.1}
    assert chosen(unsure, near=0.3).offers == ("faq/cost", "faq/hours")
    assert chosen(unsure, near=0.2).offers == ()


def test_other_intents_are_offered_no_topics_on_fallback() -> None:
    choice = chosen({"greet": 0.9, "faq/cost": 0.1}, near=0.3)
    assert (choice.intent, choice.offers) == (FALLBACK, ())
    assert choice.confidence == pytest.approx(0.3 * 0.9**0.5)


def test_at_most_three_topics_are_offered() -> None:
    likely = {"faq/cost": 0.3, "faq/hours": 0.3, "faq/duties": 0.2, "faq/mode": 0.2}
    assert len(chosen(likely, near=0.3).offers) == 3
    assert len(chosen(likely).offers) == 2


def test_negative_similarity_falls_back_with_zero_confidence() -> None:
    choice = chosen({"faq/cost": 0.9, "greet": 0.1}, near=-0.4)
    assert (choice.intent, choice.confidence) == (FALLBACK, 0.0)


@pytest.mark.parametrize("near", [0.0, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("likely", [0.1, 0.5, 1.0])
def test_confidence_is_between_zero_and_one(near: float, likely: float) -> None:
    assert 0 <= chosen({"faq/cost": likely, "greet": 1 - likely}, near=near).confidence <= 1


@pytest.mark.parametrize(
    ("label", "intent"), [("faq/cost", "faq"), ("greet", "greet"), ("not_in_article/a_b", "not_in_article")]
)
def test_intent_of_a_label_is_before_the_slash(label: str, intent: str) -> None:
    assert intent_of(label) == intent
