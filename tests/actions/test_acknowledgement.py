"""Facts are acknowledged; a change drops exactly the answers that depend on it, with the reason."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from typing import Any

import pytest
import yaml

from actions.advice import listed
from actions.company import briefs, clauses, is_known, name_of
from actions.wording import Wording
from advisor.content import DATA
from advisor.fields import DECLINED, UNKNOWN
from advisor.whatif import distinct_values
from tests.actions.situations import ASKED, SMALL_SERVICE_FIRM, advised, begun, put, told
from tests.actions.talk import Talk, entities, words

CTO_ON_TOP_OF_AI: dict[str, Any] = {
    **SMALL_SERVICE_FIRM,
    "leadership": "cto",
    **dict.fromkeys(("cto_ai_expertise", "cto_bandwidth", "cto_accountable"), True),
    **dict.fromkeys(("warn_later", "warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up"), False),
    "ai_strategy_needed_now": False,
}
"""A company with all fields known."""

KINDS = (["service"], ["software_product", "service"], ["ai_product"])


@cache
def dependencies() -> dict[str, dict[str, list[Any]]]:
    """Field -> the field it depends on -> the required values of that field, as declared in the file."""
    files = ((field, DATA / "fields" / f"{field}.yml") for field in ASKED)
    declared = {field: yaml.safe_load(path.read_text(encoding="utf-8")) for field, path in files}
    depending = {name: content["field"].get("depends_on") for name, content in declared.items()}
    return {name: on for name, on in depending.items() if on}


def changes() -> list[tuple[str, Any, Any]]:
    """Every field with every ordered pair of different answers, including unknown and declined."""
    return [
        (field, old, new)
        for field in ASKED
        for old, new in permutations(
            (*(KINDS if field == "business" else distinct_values(field)), UNKNOWN, DECLINED), 2
        )
    ]


def dependents_of(field: str, old: Any, new: Any) -> list[str]:
    """The fields that this change must drop."""
    return [
        one
        for one, on in dependencies().items()
        if field in on and len([value for value in (old, new) if value in on[field]]) == 1
    ]


@pytest.mark.parametrize(("field", "old", "new"), changes(), ids=str)
def test_change_drops_exactly_the_dependent_answers(wording: Wording, field: str, old: Any, new: Any) -> None:
    before = {**CTO_ON_TOP_OF_AI, field: old}
    talk = Talk(wording, dict(before)).hear("answer", entities({field: new}))
    dropped = dependents_of(field, old, new)
    assert talk.answers == {one: value for one, value in {**before, field: new}.items() if one not in dropped}


DROPPING = [change for change in changes() if dependents_of(*change)]


@pytest.mark.parametrize(("field", "old", "new"), DROPPING, ids=str)
def test_dropped_answers_are_listed_with_the_reason(wording: Wording, field: str, old: Any, new: Any) -> None:
    talk = Talk(wording, {**CTO_ON_TOP_OF_AI, field: old}).hear("answer", entities({field: new}))
    [line] = [one.text for one in talk.said if one.text.startswith(words(wording, "utter_dropped"))]
    named = ", ".join(name_of(wording, one) for one in dependents_of(field, old, new))
    assert line == wording.text("utter_dropped", named=named, because=_reason(wording, field, new))


def _reason(wording: Wording, field: str, value: Any) -> str:
    if is_known(value):
        return clauses(wording, {field: value})[0]
    return wording.text("utter_now_open", name=name_of(wording, field))


def test_every_dependent_answer_is_dropped_by_some_change() -> None:
    assert {one for change in DROPPING for one in dependents_of(*change)} == set(dependencies())
    assert {field for field, _, _ in DROPPING} == {"ai_strategy", "leadership"}


def test_no_drop_is_reported_when_nothing_is_dropped(wording: Wording) -> None:
    talk = Talk(wording, dict(CTO_ON_TOP_OF_AI)).hear("answer", entities({"revenue_band": "lt_1m"}))
    assert words(wording, "utter_dropped") not in talk.text
    talk = Talk(wording, dict(SMALL_SERVICE_FIRM)).hear("answer", entities({"leadership": "cto"}))
    assert words(wording, "utter_dropped") not in talk.text


def test_dependent_answer_given_with_the_change_is_kept(wording: Wording) -> None:
    before = {**CTO_ON_TOP_OF_AI, "leadership": "none"}
    given = {"leadership": "cto", "cto_ai_expertise": False, "cto_bandwidth": True}
    talk = Talk(wording, dict(before)).hear("inform_tech_stack", entities(given), "…")
    kept = {name: talk.answers.get(name) for name in given}
    assert kept == given
    assert "cto_accountable" not in talk.answers


def test_dropped_answer_is_asked_again_if_it_still_matters(wording: Wording) -> None:
    talk = told(wording, {**CTO_ON_TOP_OF_AI, "leadership": "none"})
    assert talk.sums_up
    talk.hear("answer", entities({"leadership": "cto"}))
    assert talk.asks == "cto_ai_expertise"


def test_typed_fact_is_acknowledged_but_button_is_not(talk: Talk) -> None:
    begun(talk).press("$1M to $10M")
    assert words(talk.wording, "utter_noted") not in talk.text
    talk.say("we have a CRM", "inform_tech_stack")
    assert talk.said[0].text == noted(talk.wording, "utter_noted", has_crm=True)


def test_three_facts_in_one_message_are_acknowledged_in_a_sentence_with_the_products(wording: Wording) -> None:
    talk = Talk(wording).say("we have a website, we use HubSpot, and we have a CTO", "inform_tech_stack")
    website, crm, cto = (
        clauses(wording, {name: talk.answers[name]})[0] for name in ("has_website", "has_crm", "leadership")
    )
    assert all(said in talk.said[0].text for said in (website, f"{crm} (HubSpot)", cto))


def test_four_facts_in_one_message_are_acknowledged_in_a_list_with_the_products(wording: Wording) -> None:
    talk = Talk(wording).say("we have a website, cloud systems, we use HubSpot, and no developers", "inform_tech_stack")
    first = talk.said[0].text
    assert first.startswith(words(wording, "utter_noted_much"))
    [line] = [line for line in first.splitlines() if line.startswith("- ")]
    label, _, facts = line.removeprefix("- ").partition(": ")
    assert label == wording.text("utter_part_tech_stack")
    assert {"has_website", "has_crm", "dev_team"} <= set(talk.answers)
    assert all(brief in facts for brief in briefs(wording, talk.answers))
    assert f"{briefs(wording, {'has_crm': True})[0]} (HubSpot)" in facts


def noted(wording: Wording, response: str, **facts: Any) -> str:
    """An acknowledgement of these facts."""
    return wording.text(response, facts=listed(clauses(wording, facts), "and"))


def change_noted(wording: Wording, field: str, new: Any, old: Any) -> str:
    """The acknowledgement of another answer to a field."""
    [now], [before] = briefs(wording, {field: new}), briefs(wording, {field: old})
    return wording.text("utter_changed", facts=wording.text("utter_instead", new=now, old=before))


def test_repeated_fact_is_acknowledged_as_consistent(talk: Talk) -> None:
    begun(talk, has_crm=True).say("we have a CRM", "inform_tech_stack")
    assert talk.said[0].text == noted(talk.wording, "utter_noted_before", has_crm=True)
    assert not any(words(talk.wording, response) in talk.text for response in ("utter_noted", "utter_changed"))


@pytest.mark.parametrize("advice_first", [False, True])
def test_changed_fact_is_acknowledged_with_its_old_value(wording: Wording, advice_first: bool) -> None:
    talk = (advised if advice_first else put)(wording, SMALL_SERVICE_FIRM)
    talk.say("sorry, we have no website", "inform_tech_stack")
    assert talk.text.count(change_noted(wording, "has_website", False, True)) == 1
    assert talk.answers["has_website"] is False


def test_what_is_restated_with_a_correction_is_said_to_stand(wording: Wording) -> None:
    talk = put(wording, SMALL_SERVICE_FIRM)
    corrected = {"has_website": False, "revenue_band": SMALL_SERVICE_FIRM["revenue_band"]}
    talk.hear("inform_tech_stack", entities(corrected), "we have no website, and revenue's closer to 8")
    assert change_noted(wording, "has_website", False, True) in talk.text
    assert noted(wording, "utter_unchanged", revenue_band=corrected["revenue_band"]) in talk.text


def test_changed_fact_is_acknowledged_once(wording: Wording) -> None:
    for talk in (put(wording, SMALL_SERVICE_FIRM), advised(wording, SMALL_SERVICE_FIRM)):
        talk.say("that was wrong, we have no website", "change_answer")
        assert talk.text.count(change_noted(wording, "has_website", False, True)) == 1


def test_withdrawn_answer_is_acknowledged_as_open(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM).hear("answer", entities({"has_crm": UNKNOWN}))
    now_open = wording.text("utter_now_open", name=name_of(wording, "has_crm"))
    assert wording.text("utter_changed", facts=now_open) in talk.text


def test_facts_in_a_question_are_acknowledged_once_and_it_is_answered(talk: Talk) -> None:
    begun(talk)
    stated = entities({"leadership": "cto"})
    talk.hear("faq", stated, "we have a CTO, what does a CAIO cost?", full_retrieval_intent_name="faq/cost")
    assert talk.text.count(noted(talk.wording, "utter_noted", leadership="cto")) == 1
    assert words(talk.wording, "utter_source") in talk.text


def test_facts_stated_with_why_are_acknowledged_once(wording: Wording) -> None:
    talk = put(wording, lacking_leadership())
    talk.hear("ask_why", entities({"leadership": "none"}), "why do you ask? nobody leads it")
    assert talk.text.count(noted(wording, "utter_noted", leadership="none")) == 1


def lacking_leadership() -> dict[str, Any]:
    return {field: value for field, value in SMALL_SERVICE_FIRM.items() if field != "leadership"}
