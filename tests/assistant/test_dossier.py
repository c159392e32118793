"""A dossier tells what was said and answered since the last fresh start, and which event each thing comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from actions.company import company_of
from actions.wording import Wording
from advisor.advice import advise
from assistant.dossier import Quote
from assistant.nlu.company_facts.heard import Clause, Heard, Sentence
from tests.assistant.recorded import Recorded


@pytest.fixture
def talk(tmp_path: Path, wording: Wording) -> Recorded:
    return Recorded(tmp_path, wording)


def test_conversation_that_is_not_stored_is_empty(talk: Recorded) -> None:
    held = talk.dossier()
    assert (held.asked, held.answers, held.verdict, held.lead, held.calls) == ((), {}, None, None, ())


def test_answer_comes_from_the_message_that_gave_it(talk: Recorded) -> None:
    talk.says("hello", "greet")
    told = talk.says("we have no CRM", "inform_tech_stack")
    talk.sets("has_crm", False)
    talk.says("what does it cost?", "faq/cost")
    talk.sets("has_crm", False)  # as forms do again and again
    held = talk.dossier()
    assert (held.answers, held.told) == ({"has_crm": False}, {"has_crm": told})


def test_corrected_answer_comes_from_the_correction(talk: Recorded) -> None:
    talk.says("we have no CRM", "inform_tech_stack")
    talk.sets("has_crm", False)
    corrected = talk.says("sorry, we do have one", "inform_tech_stack")
    talk.sets("has_crm", True)
    assert talk.dossier().told == {"has_crm": corrected}


def test_quote_comes_from_the_message_that_it_is_part_of(talk: Recorded) -> None:
    first = talk.says("our CTO is swamped", "inform_tech_stack")
    talk.sets("quotes", {"cto_bandwidth": "our CTO is swamped"})
    second = talk.says("nobody measures anything", "inform_ai_plans")
    talk.sets("quotes", {"cto_bandwidth": "our CTO is swamped", "warn_no_metrics": "nobody measures anything"})
    assert talk.dossier().quotes == {
        "cto_bandwidth": Quote("our CTO is swamped", first),
        "warn_no_metrics": Quote("nobody measures anything", second),
    }


def test_words_of_an_answer_are_those_that_it_was_read_from(talk: Recorded) -> None:
    left = Clause("our CTO left in March", likely={"leadership=cto": 0.9})
    whole = Clause("We sell mixers, our CTO left in March, we may need a CRM")
    crm = Clause("we may need a CRM", likely={"has_crm=false": 0.7})
    heard = Heard(whole.text, [Sentence(whole, (Clause("We sell mixers"), left, crm))])
    told = talk.says(whole.text, "inform_company_size", reply=json.dumps(heard.as_json()))
    talk.sets("leadership", "cto")
    held = talk.dossier()
    assert held.words == {"leadership": Quote(left.text, told, 0.9)}
    assert held.touched["has_crm"] == Quote(crm.text, told)


def test_message_has_the_topics_that_it_asks_for(talk: Recorded) -> None:
    talk.says("what do both cost?", "faq/cost", role="both")
    talk.presses("What does a CAIO do?", '/faq{"topic": "duties/caio"}', "faq", topic="duties/caio")
    assert [one.topics for one in talk.dossier().asked] == [("faq/cost/both",), ("faq/duties/caio",)]


def test_pressed_button_reads_as_its_title(talk: Recorded) -> None:
    talk.presses("Compare the roles", '/faq{"topic": "difference"}', "faq", topic="difference")
    [pressed] = talk.dossier().asked
    assert (pressed.text, pressed.typed) == ("Compare the roles", False)


def test_question_without_an_answer_is_marked(talk: Recorded) -> None:
    talk.says("do you have references?", "not_in_article/cases")
    talk.sets("unanswered", {"asked": "do you have references?", "nearest": []})
    talk.says("what does it cost?", "faq/cost")
    assert [one.answered for one in talk.dossier().asked] == [False, True]


def test_message_that_was_not_understood_is_marked(talk: Recorded) -> None:
    talk.says("asdf")
    talk.happens("bot", text="Sorry?", metadata={"utter_action": "utter_not_understood"}, data={})
    assert [one.understood for one in talk.dossier().asked] == [False]


def test_verdict_is_the_last_advice_with_its_card(talk: Recorded) -> None:
    talk.is_advised({"has_crm": False, "has_website": False, "has_cloud": False})
    last = talk.is_advised({"leadership": "both"})
    verdict = talk.dossier().verdict
    assert verdict
    assert (verdict.event, verdict.inputs, verdict.output["rule"]) == (last, {"leadership": "both"}, "P00")
    assert verdict.card["title"] == "No hire for now; the leadership is in place"
    assert verdict.card_event < last


def test_verdict_is_the_one_that_was_recorded(talk: Recorded) -> None:
    inputs = {"leadership": "both"}
    event = talk.is_advised(inputs)
    output = {**advise(company_of(inputs)).as_json(), "framework_version": "of an earlier day"}
    talk.is_recorded(event, {"inputs": inputs, "output": output})
    verdict = talk.dossier().verdict
    assert verdict
    assert (verdict.inputs, verdict.output) == (inputs, json.loads(json.dumps(output)))


def test_nothing_from_before_a_fresh_start_is_left(talk: Recorded) -> None:
    talk.says("our CTO is swamped", "inform_tech_stack")
    talk.sets("cto_bandwidth", False)
    talk.sets("quotes", {"cto_bandwidth": "our CTO is swamped"})
    event = talk.is_advised({"leadership": "both"})
    talk.is_recorded(event, {"inputs": {"leadership": "both"}, "output": {}})
    talk.says("start over", "start_over")
    talk.happens("reset_slots")
    held = talk.dossier()
    assert (held.asked, held.answers, held.told, held.quotes, held.verdict) == ((), {}, {}, {}, None)


def test_dossier_names_the_calls_that_it_prepares(talk: Recorded) -> None:
    talk.prepares("demo-7")
    assert talk.dossier().calls == ("demo-7",)
