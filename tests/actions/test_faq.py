"""Every FAQ entry is answered with its source and follow-up questions."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.faq import UNANSWERED, answer_topics
from actions.turn import Turn, spell_out
from actions.wording import Cell, Wording, split_topic
from advisor.article import facts, source
from advisor.fields import fields
from advisor.interview import question_of
from tests.actions.situations import SMALL_SERVICE_FIRM, begun, coming_back
from tests.actions.talk import Said, Talk, as_said, parsed, words
from tests.content import cells, texts

SENT_BY_RULES = re.compile(r"utter_(greet|goodbye|thank|bot_challenge|help|complain|out_of_scope|stopped|started_over)")


def ask(talk: Talk, topic: str, **mentioned: str) -> Talk:
    """A typed question, as classified."""
    intent, _, role, engagement = split_topic(topic)
    named = {"role": role, "engagement": engagement, **mentioned}
    mentions = [{"entity": name, "value": value} for name, value in named.items() if value]
    return talk.hear(intent, mentions, text="…", full_retrieval_intent_name="/".join(topic.split("/")[:2]))


def cell(talk: Talk, topic: str) -> Cell:
    found = talk.wording.cell(topic)
    assert found
    return found


@pytest.mark.parametrize("topic", cells())
def test_answer_is_one_message_without_placeholders(talk: Talk, topic: str) -> None:
    [said] = ask(talk, topic).said
    assert not re.search(r"[{}]|\bNone\b", said.text)
    assert said.text.startswith(cell(talk, topic).text)


@pytest.mark.parametrize("topic", cells())
def test_answer_ends_with_its_source_sections(talk: Talk, topic: str) -> None:
    last = ask(talk, topic).text.splitlines()[-1]
    cited = cell(talk, topic).facts
    named = f"{words(talk.wording, 'utter_source')} {source().title}"
    assert last.startswith(named) == bool(cited)
    for fact in cited:
        assert facts()[fact].section in last


@pytest.mark.parametrize("topic", cells())
def test_answer_offers_follow_up_questions(talk: Talk, topic: str) -> None:
    buttons = ask(talk, topic).said[-1].buttons
    asked = cell(talk, topic).asks
    following = {title: payload for title, payload in buttons.items() if not payload.startswith("/answer")}
    assert (1 if asked else 2) <= len(following) <= 3
    offers_interview = following.pop("Yes, ask me", None)
    assert (offers_interview == "/ask_for_advice") == (not asked and cell(talk, topic).text.endswith("?"))
    passes_on = following.pop("Ask the firm", None)
    assert (passes_on == "/talk_to_person") == (topic.startswith("not_in_article/") and not asked)
    for title, payload in following.items():
        intent, values = parsed(payload)
        assert (intent, list(values)) == ("faq", ["topic"])
        assert title == cell(talk, f"faq/{values['topic']}").question != cell(talk, topic).question


@pytest.mark.parametrize(
    "topic", [one.cell for one in texts() if {"asks", "question"} <= one.metadata.keys() and one.cell in cells()]
)
def test_closing_question_has_buttons_that_answer_it(talk: Talk, topic: str) -> None:
    answers = [parsed(payload) for payload in ask(talk, topic).said[-1].buttons.values()]
    given = [values for intent, values in answers if intent == "answer"]
    assert 2 <= len(given) <= 4
    asks = str(cell(talk, topic).asks)
    asked = question_of(asks).fields if asks in fields() else talk.wording.asked_by(f"utter_closing_{asks}")
    assert all(values.keys() <= {*asked} for values in given)


def test_closing_question_about_the_situation_settles_what_its_button_says(talk: Talk) -> None:
    ask(talk, "faq/difference").press("Systems work, no AI plan")
    assert (talk.slots["tech_works"], talk.slots["ai_strategy"]) == (True, "none")
    assert talk.question


def test_question_about_the_situation_is_asked_although_the_trade_is_known(wording: Wording) -> None:
    [said] = ask(Talk(wording, {"business": ["service"]}), "faq/difference").said
    assert "Systems work, no AI plan" in said.buttons


def test_answer_drops_a_closing_question_that_was_answered_before(wording: Wording) -> None:
    talk = Talk(wording, {"leadership": "none"})
    [said] = ask(talk, "faq/owner").said
    question = cell(talk, "faq/owner").text.rpartition(". ")[2]
    assert question.endswith("?")
    assert question not in said.text
    assert not any(payload.startswith("/answer") for payload in said.buttons.values())


def test_closing_question_is_dropped_where_the_message_names_what_it_asks_for(talk: Talk) -> None:
    asked = "do we need a CTO if everything is in HubSpot"
    said = talk.hear("faq", [], text=asked, full_retrieval_intent_name="faq/clean_data_first").said[-1]
    assert not any(payload.startswith("/answer") for payload in said.buttons.values())


def ask_together(talk: Talk, *topics: str) -> list[Said]:
    return talk.hear("faq", [{"entity": "topic", "value": topic} for topic in topics], text="…").said


def test_two_questions_are_answered_in_short_and_in_one_message(talk: Talk) -> None:
    first, second = (cell(talk, topic) for topic in ("faq/cost/caio", "faq/hours"))
    [said] = ask_together(talk, "faq/cost/caio", "faq/hours")
    assert said.text.startswith(f"{first.short} {second.short}")
    assert said.card is None


def test_answers_of_one_message_do_not_repeat_what_an_earlier_one_rests_on(talk: Talk) -> None:
    [said] = ask_together(talk, "faq/ai_mistake", "faq/cost/caio")
    assert said.text.startswith(cell(talk, "faq/ai_mistake").short)
    [said] = ask_together(talk, "faq/ai_mistake", "faq/clients_ask")
    assert said.text.startswith(cell(talk, "faq/ai_mistake").text[:60])


def test_role_is_explained_where_it_is_compared_with_an_officer_of_whom_nothing_is_known(talk: Talk) -> None:
    [said] = ask(talk, "faq/difference/caio", officer="a CDO").said
    assert "a CDO" in said.text
    assert cell(talk, "faq/duties/caio").text.splitlines()[0] in said.text


def test_general_question_after_the_advice_is_answered_by_the_next_step(wording: Wording) -> None:
    talk = Talk(wording, SMALL_SERVICE_FIRM).hear("ask_verdict_now")
    assert "free" in ask(talk, "faq/this_week").text


def test_what_a_visitor_tells_of_the_company_is_no_subject_to_decline(wording: Wording) -> None:
    talk = begun(Talk(wording)).hear("out_of_scope", text="my nephew set all that up")
    assert words(wording, "utter_not_an_answer") in talk.text
    assert words(wording, "utter_out_of_scope") not in talk.text


def test_closing_question_is_answered_in_words_too(talk: Talk) -> None:
    ask(talk, "faq/owner").say("nobody, that's the problem", "nlu_fallback")
    assert talk.slots["leadership"] == "none"
    assert talk.question


def test_answer_fits_the_revenue_that_the_visitor_told(wording: Wording) -> None:
    [small] = ask(Talk(wording, {"revenue_band": "1m_10m"}), "faq/mode").said
    [large] = ask(Talk(wording, {"revenue_band": "ge_50m"}), "faq/mode").said
    assert "right at your size" in small.text
    assert "I have no rule for your size" in large.text


def test_question_which_role_is_needed_is_answered_for_a_company_that_was_described(wording: Wording) -> None:
    [said] = ask(Talk(wording, SMALL_SERVICE_FIRM), "faq/need/cto").said
    assert said.text.startswith(words(wording, "utter_so_far"))
    assert said.buttons["Ask me the rest"] == "/ask_for_advice"


def test_question_is_answered_without_saying_back_what_it_tells_besides(talk: Talk) -> None:
    facts_told = [{"entity": "headcount", "value": 12}]
    [said] = talk.hear("faq", facts_told, text="…", full_retrieval_intent_name="faq/governance").said
    assert said.text.startswith(cell(talk, "faq/governance").text)
    assert talk.slots["headcount"] == 12


@pytest.mark.parametrize("topic", cells())
def test_topic_button_bypasses_the_classifier(talk: Talk, topic: str) -> None:
    typed = ask(talk, topic).said
    button = topic.removeprefix("faq/")
    talk.hear("faq", [{"entity": "topic", "value": button}], full_retrieval_intent_name="faq/cost")
    assert talk.said == typed


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("faq/cost/caio", "faq/cost/caio"),
        ("faq/difference/caio", "faq/difference"),
        ("faq/cost/cto/fractional", "faq/cost/cto/fractional"),
        ("faq/team/cto/fractional", "faq/team/cto"),
        ("faq/roi/both/full_time", "faq/roi"),
    ],
)
def test_most_specific_answer_is_given(talk: Talk, asked: str, answered: str) -> None:
    assert cell(talk, asked) == cell(talk, answered)


def test_question_about_another_officer_says_what_is_missing_first(talk: Talk) -> None:
    [said] = ask(talk, "faq/cost", officer="a fractional CMO").said
    assert said.text.startswith("I don't have a price for a fractional CMO")
    assert cell(talk, "faq/cost").text in said.text


def test_answer_says_what_it_leaves_out_before_its_closing_question(talk: Talk) -> None:
    [said] = ask(talk, "faq/first", limit="place").said
    answer, left_out, question = said.text.partition(" I can't tell you how this differs by country or region. ")
    assert left_out and answer and question.partition("\n")[0].endswith("?")
    assert (
        cell(talk, "faq/first").text == f"{answer} {question}".partition(f"\n{words(talk.wording, 'utter_source')}")[0]
    )


def test_answer_says_that_it_knows_nothing_of_an_officer_named_beside_our_roles(talk: Talk) -> None:
    [said] = ask(talk, "faq/metrics/cto", beside="a CIO").said
    assert "I have nothing on a CIO" in said.text


def test_second_question_that_nothing_answers_is_asked_for_again(talk: Talk) -> None:
    [said] = ask(talk, "faq/reporting", unplaced="and who gets the corner office").said
    assert "“and who gets the corner office”" in said.text


def test_second_question_that_was_not_understood_is_not_said_to_be_missing(talk: Talk) -> None:
    [said] = ask(talk, "faq/reporting", unclear="who is closer to the engineers").said
    assert words(talk.wording, "utter_unclear") in said.text
    assert "I don't have anything on that" not in said.text


def test_limit_that_does_not_concern_an_answer_is_not_mentioned(talk: Talk) -> None:
    [said] = ask(talk, "faq/reporting", limit="headcount").said
    assert "headcount" not in said.text


def test_question_that_nothing_answers_is_not_called_unclear(talk: Talk) -> None:
    talk.hear("nlu_fallback", text="can AI water our plants?")
    assert [said.response for said in talk.said] == ["utter_not_covered"]


def test_card_says_what_is_missing_for_another_officer(wording: Wording) -> None:
    dispatcher = CollectingDispatcher()
    entities = [{"entity": "officer", "value": "a fractional CMO"}, {"entity": "topic", "value": "cost"}]
    message = {"intent": {"name": "faq"}, "entities": entities}
    tracker = Tracker("visitor", {}, message, [], False, None, {}, None)
    answer_topics(dispatcher, Turn.read(tracker, {"responses": wording.responses}), ["faq/cost"])
    assert "I don't have a price for a fractional CMO" in json.dumps(dispatcher.messages[0]["custom"]["notes"])


def test_question_about_another_officer_is_kept_for_the_editor(talk: Talk) -> None:
    ask(talk, "faq/cost", officer="a fractional CMO")
    assert any(event.get("name") == UNANSWERED for event in talk.events)


def test_answer_during_the_interview_is_followed_by_the_open_question(talk: Talk) -> None:
    question = talk.hear("ask_for_advice").press("$1M to $10M").question
    ask(talk, "faq/free")
    assert talk.said[0].buttons == {}
    assert talk.question == coming_back(talk.wording, question)


def test_answer_during_the_interview_is_followed_by_the_question_that_it_leads_to(talk: Talk) -> None:
    talk.hear("ask_for_advice")
    assert talk.asks != cell(talk, "faq/owner").asks == "leadership"
    ask(talk, "faq/owner")
    assert talk.asks == "leadership"
    assert talk.question == words(talk.wording, "utter_question_leadership")


def test_revenue_waits_for_who_leads_after_an_answer_that_has_nothing_to_do_with_it(talk: Talk) -> None:
    talk.hear("ask_for_advice")
    assert talk.asks == "revenue_band"
    ask(talk, "faq/free")
    assert talk.asks == "leadership"
    talk.press("Nobody")
    assert talk.asks == "revenue_band"


def test_two_questions_that_the_article_does_not_answer_are_passed_on_together(talk: Talk) -> None:
    topics = ["not_in_article/waiting", "not_in_article/travel_costs"]
    [said] = talk.hear("not_in_article", [{"entity": "topic", "value": one} for one in topics]).said
    assert words(talk.wording, "utter_pass_on_all") in said.text
    assert said.buttons["Ask the firm"] == "/talk_to_person"


def test_role_is_spelled_out_where_it_is_named_first(wording: Wording) -> None:
    messages: list[dict[str, Any]] = [
        {"text": "A CAIO's job is AI. A CAIO reports to the CEO."},
        {"text": "Is a CAIO in place?"},
    ]
    spell_out(messages, wording)
    assert messages[0]["text"] == "A CAIO's job is AI. A Chief AI Officer (CAIO) reports to the CEO."
    assert messages[1]["text"] == "Is a CAIO in place?"


@pytest.mark.parametrize("message", [{}, {"full_retrieval_intent_name": None}])
def test_question_without_a_topic_gets_the_fallback(talk: Talk, message: dict[str, Any]) -> None:
    assert [said.response for said in talk.hear("faq", **message).said] == ["utter_not_understood"]


@pytest.mark.parametrize("topic", ["no_such_topic", "", 7, None, {"a": 1}, ["cost"], "../faq/cost"])
def test_forged_topic_gets_the_fallback(talk: Talk, topic: Any) -> None:
    talk.hear("faq", [{"entity": "topic", "value": topic}])
    assert [said.response for said in talk.said] == ["utter_not_understood"]


def test_ambiguous_message_offers_buttons_that_answer(talk: Talk) -> None:
    offered = ["faq/cost", "faq/hours", "faq/duties"]
    ranking = [{"intent_response_key": topic} for topic in offered]
    offer(talk, {"faq": {"ranking": ranking}})
    [said] = talk.said
    assert list(said.buttons) == [cell(talk, topic).question for topic in offered]
    first = next(iter(said.buttons))
    assert talk.press(first).said == ask(Talk(talk.wording), "faq/cost").said


def offer(talk: Talk, selector: dict[str, Any]) -> Talk:
    """An ambiguous message, with the topics that the classifier offers."""
    return talk.hear("nlu_fallback", text="…", selector=selector)


def test_unintelligible_message_gets_the_fallback_with_a_handoff_button(talk: Talk) -> None:
    [said] = offer(talk, {}).said
    assert said.response == "utter_not_understood"
    assert "/talk_to_person" in said.buttons.values()


def test_unintelligible_reply_repeats_the_open_question(talk: Talk) -> None:
    question = talk.hear("ask_for_advice").question
    offer(talk, {})
    assert talk.said[0].response == "utter_not_an_answer"
    assert talk.question == coming_back(talk.wording, question)


def test_offer_during_the_interview_keeps_the_open_question(talk: Talk) -> None:
    question = talk.hear("ask_for_advice").question
    offer(talk, {"faq": {"ranking": [{"intent_response_key": "faq/cost"}]}})
    assert list(talk.said[0].buttons) == [cell(talk, "faq/cost").question]
    assert talk.question == coming_back(talk.wording, question)


def test_yes_to_a_question_about_the_company_starts_the_interview(talk: Talk) -> None:
    assert ask(talk, "faq/strategy").said[0].text.splitlines()[0].endswith("?")
    assert talk.hear("affirm").question


def test_yes_takes_the_first_offer(talk: Talk) -> None:
    [first, *_] = ask(talk, "faq/summary").said[0].buttons.values()
    typed = talk.hear("affirm").said
    assert typed == ask(Talk(talk.wording), f"faq/{parsed(first)[1]['topic']}").said


@pytest.mark.parametrize("intent", ["affirm", "deny", "choose"])
def test_assent_to_nothing_asks_what_the_visitor_wants(talk: Talk, intent: str) -> None:
    assert [said.response for said in talk.hear(intent).said] == ["utter_go_on"]


def test_role_alone_asks_the_last_question_of_it(talk: Talk) -> None:
    ask(talk, "faq/cost/caio")
    talk.hear("choose", [{"entity": "role", "value": "both"}])
    assert cell(talk, "faq/cost/both").text in talk.text


def test_no_to_an_offer_is_no_yes(talk: Talk) -> None:
    ask(talk, "faq/summary")
    assert [said.response for said in talk.hear("deny").said] == ["utter_go_on"]


def test_responses_sent_by_rules_have_no_placeholders(wording: Wording) -> None:
    spoken = [response for response in wording.responses if SENT_BY_RULES.fullmatch(response)]
    assert len(spoken) == 9
    for response in spoken:
        said = as_said(wording, {"response": response})
        assert "{" not in said.text, response
        assert all(payload.strip() for payload in said.buttons.values())


def test_need_of_a_company_with_a_cto_comes_down_to_the_cto(wording: Wording) -> None:
    fit = {"leadership": "cto", "cto_ai_expertise": True, "cto_bandwidth": True, "cto_accountable": True}
    [said] = ask(Talk(wording, fit), "faq/need/caio").said
    answer = wording.cell("faq/have_cto", None, fit)
    assert answer and said.text.startswith(answer.text[:40])


def test_question_in_other_words_does_not_get_the_same_answer_twice(talk: Talk) -> None:
    topic = {"full_retrieval_intent_name": "faq/roi"}
    first = talk.hear("faq", text="what does it return?", **topic).text
    assert talk.hear("faq", text="what does it return?", **topic).text == first
    assert words(talk.wording, "utter_nothing_more") in talk.hear("faq", text="but in numbers?", **topic).text
