"""Every decision of the framework is worded: complete, in one short message, with reasons, source and doubts."""

from __future__ import annotations

import random
import re
from itertools import chain
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import CollectingDispatcher

from actions.advice import deciding, takes
from actions.company import clauses, company_of
from actions.verdict import RECORD, give_advice, headline, say_what_differs
from actions.wording import Wording
from advisor.advice import Advice, advise
from advisor.article import facts, source
from advisor.company import read_company
from advisor.fields import DECLINED, UNKNOWN, yes_no_fields
from advisor.framework import framework
from advisor.interview import is_askable
from advisor.prices import figures
from advisor.record import Record, read_record, replay
from tests.actions.situations import SMALL_SERVICE_FIRM
from tests.actions.talk import Said, advice_in_words, words
from tests.advisor import reference
from tests.content import ROOT

LONGEST = 220  # words of a verdict
CASES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "advisor" / "golden_cases.yml").read_text(encoding="utf-8")
)


def golden_answers() -> list[dict[str, Any]]:
    return [case["company"] for case in CASES]


def random_answers(count: int, seed: int) -> list[dict[str, Any]]:
    """Companies with random answers, some unknown or declined, and some with a headcount."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        answers = reference.some_company(rng, rng.choice((0.0, 0.2, 0.5, 0.8, 1.0)))
        for field in reference.VALUES:
            if field not in answers and rng.random() < 0.2:
                answers[field] = rng.choice((UNKNOWN, DECLINED))
        if rng.random() < 0.2:
            answers["headcount"] = rng.randrange(1, 500)
        found.append(answers)
    return found


@pytest.fixture(scope="module")
def told(wording: Wording) -> list[tuple[dict[str, Any], Advice, list[Said]]]:
    """A variety of answers, the advice for them, and its messages."""
    every = golden_answers() + random_answers(400, seed=31)
    return [(answers, advise(company_of(answers)), advice_in_words(wording, answers)) for answers in every]


Told = list[tuple[dict[str, Any], Advice, list[Said]]]


def spoken(said: list[Said]) -> str:
    return "\n".join(one.text for one in said)


BE = ", it'd be "
"""Stands between what would be different and the role that it leads to."""


def section(wording: Wording, said: list[Said], name: str) -> str:
    """The text of a section of the verdict; empty if it is left out. The reasons stand after the recommendation."""
    title = ".** " if name == "why" else f"\n**{wording.text(f'utter_section_{name}')}:** "
    return spoken(said).partition(title)[2].partition("\n")[0]


def changes_in(wording: Wording, said: list[Said]) -> list[str]:
    """What would change the verdict, a sentence each and without its full stop."""
    listed = section(wording, said, "changes")
    return [one.removesuffix(".") for one in re.split(r"(?<=\.) (?=If |Once )", listed)] if listed else []


def test_sample_covers_every_role_rule_term_and_flag(told: Told) -> None:
    advice = [one for _, one, _ in told]
    assert {one.role for one in advice} == {row.role for row in framework().roles}
    assert {one.rule for one in advice} == {row.id for row in framework().roles}
    assert {one.strength for one in advice} == {row.strength for row in framework().roles}
    assert {one.engagement for one in advice} == {row.terms for row in framework().terms}
    assert set(chain.from_iterable(one.flags for one in advice)) == {row.id for row in framework().flags}


def test_every_framework_result_has_a_response(wording: Wording) -> None:
    wanted = {f"utter_flag_{row.words or row.id}" for row in framework().flags}
    for row in framework().roles:
        wanted |= {f"utter_verdict_{row.role}", f"utter_role_{row.role}", f"utter_rule_{row.words or row.id}"}
        wanted |= {f"utter_strength_{row.strength}"} - {"utter_strength_none"}
    wanted |= {f"utter_terms_{row.words or row.id}" for row in framework().terms if row.words is not None}
    wanted |= {f"utter_cost_{row.words}" for row in framework().costs}
    wanted |= {f"utter_hours_{row.words}" for row in framework().hours}
    wanted |= {f"utter_next_{row.role}" for row in framework().roles}
    wanted |= {f"utter_card_strength_{row.strength}" for row in framework().roles}
    assert wanted - set(wording.responses) == set()


def test_every_deciding_value_has_a_clause_and_every_field_a_name(wording: Wording) -> None:
    wanted = {f"utter_{field}_unknown" for field in reference.VALUES}
    for field, values in reference.VALUES.items():
        if field in yes_no_fields():
            wanted |= {f"utter_{field}_true", f"utter_{field}_false"}
        elif field in ("revenue_band", "ai_strategy", "leadership"):
            wanted |= {f"utter_{field}_{value}" for value in values}
    wanted |= {f"utter_business_{kind}" for kind in chain.from_iterable(reference.VALUES["business"])}
    assert wanted - set(wording.responses) == set()


def test_advice_has_no_placeholders_or_internal_names(told: Told) -> None:
    internal = re.compile(r"[{}]|\bNone\b|\bTrue\b|\bFalse\b|utter_|\b[A-Z]+_[A-Z_]+\b|\bP\d\d\b|\bF\d{3}\b")
    for answers, _, said in told:
        assert not internal.search(spoken(said)), (answers, internal.search(spoken(said)))


def test_advice_contains_no_field_names(told: Told) -> None:
    names = re.compile(r"\b\w+_\w+\b")
    for answers, _, said in told:
        assert not names.search(spoken(said)), (answers, names.search(spoken(said)))


def test_advice_has_no_empty_messages_or_blank_lines(told: Told) -> None:
    for answers, _, said in told:
        assert all(line.strip() for one in said for line in one.text.splitlines()), answers
        assert all(one.text and "\n\n" not in one.text for one in said), answers


def test_advice_is_one_message(told: Told) -> None:
    assert [answers for answers, _, said in told if len(said) != 1] == []


def test_verdict_is_not_longer_than_a_screen(wording: Wording, capsys: pytest.CaptureFixture[str]) -> None:
    """The text of the message with two quotes; the source, which a client shows apart from it, is not counted."""
    longest, case = max(
        ((len(words_in(verdict_text(wording, answers, quoted(answers)))), answers) for answers in golden_answers()),
        key=lambda one: one[0],
    )
    with capsys.disabled():
        print(f"\nlongest verdict of the golden cases: {longest} words, for {case}")
    assert longest <= LONGEST


def test_verdict_of_any_company_is_not_longer_than_a_screen(told: Told, wording: Wording) -> None:
    lengths = {len(words_in(verdict_text(wording, answers))): answers for answers, _, _ in told}
    assert {length: answers for length, answers in lengths.items() if length > LONGEST} == {}


def words_in(text: str) -> list[str]:
    """The words of a text, without the dashes of its lists."""
    return [word for word in text.split() if re.search(r"\w", word)]


def quoted(answers: dict[str, Any]) -> dict[str, str]:
    """Words of a visitor for each answer, of the length of those that are quoted on average."""
    return {field: f"this is what I said of {field}" for field in answers}


def test_card_quotes_what_the_visitor_said_of_the_grounds(wording: Wording) -> None:
    dispatcher = CollectingDispatcher()
    quotes = {"ai_strategy": "no plan for AI at all", "headcount": "12 of us"}
    give_advice(dispatcher, wording, {**SMALL_SERVICE_FIRM}, quotes)
    [message] = dispatcher.messages
    items = [item["text"] for section in message["custom"]["sections"] for item in section["items"]]
    assert "In your words: “no plan for AI at all”." in items
    assert not any("12 of us" in item for item in items)
    assert "In your words" not in message["text"]


def verdict_text(wording: Wording, answers: dict[str, Any], quotes: dict[str, str] | None = None) -> str:
    dispatcher = CollectingDispatcher()
    give_advice(dispatcher, wording, dict(answers), quotes)
    [message] = dispatcher.messages
    text: str = message["text"]
    return text


def test_advice_opens_with_the_role_and_its_rule(told: Told, wording: Wording) -> None:
    for answers, advice, said in told:
        company = company_of(answers)
        title = headline(wording, company, advice)
        assert said[0].text.startswith(f"**{title}.** ")
        named = {
            wording.text(f"utter_role_{advice.role}"),
            wording.text("utter_verdict_tiny", outcome="").split(". ")[1],
        }
        assert title.startswith(openings(wording, f"utter_verdict_{advice.role}")) or all(one in title for one in named)
        assert section(wording, said, "why").startswith(openings(wording, f"utter_rule_{advice.words.rule}"))


def openings(wording: Wording, response: str) -> tuple[str, ...]:
    """What the variations of a response begin with, up to the first value filled in."""
    return tuple(one["text"].partition("{")[0] for one in wording.responses[response])


@pytest.mark.parametrize(("headcount", "tiny"), [(1, True), (3, True), (4, False)])
def test_few_people_are_not_told_to_hire_an_executive(wording: Wording, headcount: int, tiny: bool) -> None:
    answers = {"headcount": headcount, "tech_works": True, "leveraging_ai": False}
    said = advice_in_words(wording, answers)
    assert ("I'd hire nobody yet" in said[0].text) == tiny
    assert ("I'd think twice" in said[0].text) == tiny
    assert (section(wording, said, "next") == wording.text("utter_next_tiny")) == tiny


def test_few_people_who_build_software_are_told_which_role(wording: Wording) -> None:
    answers = {"headcount": 3, "business": ["software_product"], "dev_team": True}
    assert advice_in_words(wording, answers)[0].text.startswith("**Hire a CTO first.**")


def test_technology_goes_first_alone_where_ai_can_wait(wording: Wording) -> None:
    answers = {"business": ["software_product"], "ai_strategy": "none", "ai_strategy_needed_now": False}
    text = advice_in_words(wording, answers)[0].text
    assert text.startswith("**Hire a CTO first and let a CAIO wait.** You build a software product. Leading that")
    assert "You say AI can wait" in text


def test_headline_names_the_terms(wording: Wording) -> None:
    company = company_of({"revenue_band": "1m_10m", "ai_strategy": "none"})
    assert headline(wording, company, advise(company)).endswith(f", {wording.text('utter_engagement_E30')}")
    company = company_of({"ai_strategy": "none", "competitors_gaining": True})
    advice = advise(company)
    assert headline(wording, company, advice) == wording.text(f"utter_verdict_{advice.role}", terms="")


def test_titles_of_sections_are_bold_and_in_order(told: Told, wording: Wording) -> None:
    order = [wording.text(f"utter_section_{name}") for name in ("takes", "firm", "changes", "notes", "next")]
    for answers, _, said in told:
        titles = re.findall(r"^\*\*(.+?):\*\* ", said[0].text, re.M)
        assert titles == [title for title in order if title in titles], answers
        assert titles[-1] == order[-1], answers


def test_advice_ends_with_the_next_step_for_its_role(told: Told, wording: Wording) -> None:
    for answers, advice, said in told:
        named = deciding(wording, company_of(answers))
        tiny = wording.text("utter_next_tiny")
        step = wording.fitting(f"utter_next_{advice.role}", answers, deciding=named)
        assert section(wording, said, "next") == (tiny if "I'd hire nobody yet" in said[0].text else step)


def test_rule_is_not_explained_with_the_reasons_of_other_rules(wording: Wording) -> None:
    answers = {"leadership": "caio", "dev_team": True, "competitors_gaining": True, "ai_strategy": "none"}
    said = advice_in_words(wording, answers)
    why = section(wording, said, "why")
    assert f"{wording.text('utter_reason_F073.2')}." in why
    assert wording.text("utter_reason_F074.3") not in why and clauses(wording, {"ai_strategy": "none"})[0] not in why


@pytest.mark.parametrize("answers", [{"business": ["ai_product"]}, {"daily_hands_on_cto": True}])
@pytest.mark.parametrize("known", [{"leadership": "caio"}, {"leadership": "none", "ai_strategy": "none"}, {}])
def test_our_own_reading_of_technology_is_marked_as_ours(
    wording: Wording, answers: dict[str, Any], known: dict[str, Any]
) -> None:
    reason = "utter_reason_ai_product" if "business" in answers else "utter_reason_daily_cto"
    assert wording.text(reason) in section(wording, advice_in_words(wording, {**known, **answers}), "why")
    assert "we count that as technology to lead" in wording.text(reason)


def test_advice_states_its_strength(told: Told, wording: Wording) -> None:
    for _, advice, said in told:
        firm = [name for name in wording.responses if name.startswith("utter_strength_")]
        heard = [name for name in firm if words(wording, name) in said[0].text]
        presumes = "_if_nobody" if advice.strength == "firm" and "leadership" in advice.contingent_on else ""
        assert heard == ([f"utter_strength_{advice.strength}{presumes}"] if advice.strength != "none" else [])
        if heard:
            assert section(wording, said, "firm").startswith(wording.text(heard[0]))


def test_advice_cites_the_sections_of_all_its_facts(told: Told, wording: Wording) -> None:
    for _, advice, said in told:
        start = words(wording, "utter_source")
        [line] = [line for line in spoken(said).splitlines() if line.startswith(start)]
        assert spoken(said).endswith(line)
        assert source().title in line
        for fact in advice.facts:
            assert facts()[fact].section in line
        assert advice.facts


def test_disclosure_appears_once_at_the_end(told: Told, wording: Wording) -> None:
    disclosure = words(wording, "utter_disclosure")
    for _, _, said in told:
        assert spoken(said).count(disclosure) == 1
        last, cited = said[-1].text.splitlines()[-2:]
        assert last.startswith(disclosure) and cited.startswith(words(wording, "utter_source"))


def test_contact_details_are_not_requested_with_the_advice(told: Told) -> None:
    for _, _, said in told:
        assert not re.search(r"e-?mail|phone|your name", spoken(said), re.IGNORECASE)


def test_advice_offers_to_ask_on_and_to_talk_to_a_person(told: Told, wording: Wording) -> None:
    offered = {button["title"]: button["payload"] for button in wording.buttons("utter_disclosure")}
    assert "/talk_to_person" in offered.values()
    assert all(said[-1].buttons == offered for _, _, said in told)


def test_all_costs_and_hours_of_the_framework_are_stated(told: Told) -> None:
    for answers, advice, said in told:
        for figure in (*advice.costs, *advice.hours):
            assert figure.text in spoken(said), (answers, figure.name)


def test_no_price_is_stated_beyond_those_of_the_framework(told: Told) -> None:
    """The CAIO price appears next to the price of the pair on purpose: the article does not reconcile them (X…)."""
    prices = ("both_price_framework", "both_price_model", "caio_fractional_price", "caio_salary")
    for answers, advice, said in told:
        given = {figure.name for figure in advice.costs}
        if "both_price_model" in given:
            given.add("caio_fractional_price")
        heard = {name for name in prices if figures()[name].text in spoken(said)}
        assert heard <= given, (answers, heard - given)


def test_flag_is_stated_exactly_when_raised(told: Told, wording: Wording) -> None:
    for answers, advice, said in told:
        for row in framework().flags:
            text = wording.text(f"utter_flag_{row.words or row.id}")
            shown = [item["text"] for section in (said[-1].card or {})["sections"] for item in section["items"]]
            raised = (row.words or row.id) in advice.words.flags
            is_shown = row.id != "MAY_NEED_BOTH" or advice.role != "CTO_THEN_CAIO"  # which says so itself
            assert (text in shown) == (raised and is_shown), (answers, row.id)


def test_terms_are_stated_only_when_there_is_a_hire(told: Told, wording: Wording) -> None:
    for answers, advice, said in told:
        undecided = advice.role in ("NOT_COVERED", "ONE_OF_THE_TWO") and advice.engagement == "NOT_COVERED"
        shown = section(wording, said, "takes")
        named = [name for kind, name in takes(company_of(answers), advice) if kind == "terms"]
        assert bool(named) == bool(shown) == (advice.engagement is not None and not undecided), answers
        assert all(wording.text(f"utter_takes_terms_{name}") in shown for name in named), answers


def test_listed_changes_all_change_the_role(told: Told, wording: Wording) -> None:
    for answers, advice, said in told:
        own = wording.responses[f"utter_role_{advice.role}"][0]["text"]
        changes = changes_in(wording, said)
        assert not any(line.endswith(f"{BE}{own}") for line in changes), (answers, changes)
        roles = [line.rpartition(BE)[2] for line in changes]
        assert len(roles) == len(set(roles)) <= 3, (answers, changes)  # one line a role


def test_listed_changes_lead_to_the_promised_role(told: Told, wording: Wording) -> None:
    said_of = {clauses(wording, change)[0]: change for change in possible_answers()}
    start, basics, checked = words(wording, "utter_change"), words(wording, "utter_change_basics"), 0
    for answers, _, said in told:
        for line in changes_in(wording, said):
            if line.startswith(basics):
                assert lacks_all_basics(answers), answers
                continue
            changed, _, promised = line.removeprefix(start).strip().rpartition(BE)
            for one in either(changed, said_of):
                company = dict(company_of(answers))
                for field, value in read_back(one, said_of).items():
                    company[field] = [*company.get(field, ()), *value] if field == "business" else value
                    if field == "revenue_band":
                        company.pop("annual_revenue", None)
                role = advise(company).role
                assert wording.responses[f"utter_role_{role}"][0]["text"] == promised, (answers, line)
                checked += 1
    assert checked > 300


def lacks_all_basics(answers: dict[str, Any]) -> bool:
    return not any(answers.get(basic, True) for basic in ("has_website", "has_crm", "has_cloud"))


def possible_answers() -> list[dict[str, Any]]:
    """Every single answer that has a clause."""
    singles = [(field, value) for field, values in reference.VALUES.items() for value in values if field != "business"]
    kinds = sorted(set(chain.from_iterable(reference.VALUES["business"])))
    return [{field: value} for field, value in singles] + [{"business": [kind]} for kind in kinds]


def either(text: str, said_of: dict[str, dict[str, Any]]) -> list[str]:
    """The changes of a line that lead to one role; a clause may itself contain an "or"."""
    if readable(text, said_of):
        return [text]
    parts = text.split(" or ")
    splits = ((" or ".join(parts[:at]), " or ".join(parts[at:])) for at in range(1, len(parts)))
    return next([one, other] for one, other in splits if readable(one, said_of) and readable(other, said_of))


def readable(text: str, said_of: dict[str, dict[str, Any]]) -> bool:
    try:
        return bool(read_back(text, said_of))
    except StopIteration:
        return False


def read_back(text: str, said_of: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The answers of one clause, or of two joined by "and"; a clause may itself contain an "and"."""
    if text in said_of:
        return said_of[text]
    parts = text.split(" and ")
    splits = ((" and ".join(parts[:at]), " and ".join(parts[at:])) for at in range(1, len(parts)))
    first, second = next((one, other) for one, other in splits if one in said_of and other in said_of)
    return {**said_of[first], **said_of[second]}


def test_open_fields_that_could_change_the_advice_are_listed(told: Told, wording: Wording) -> None:
    for answers, advice, said in told:
        start = words(wording, "utter_contingent_on")
        _, open_, unknown = section(wording, said, "firm").partition(start)
        askable = [field for field in advice.contingent_on if is_askable(field, company_of(answers))]
        said_to_be_open = advice.role != "NOT_ENOUGH_KNOWN" and advice.strength != "firm"
        assert bool(open_) == (bool(askable) and said_to_be_open), answers
        if open_:
            named = [f for f in advice.contingent_on if words(wording, f"utter_{f}_unknown") in unknown]
            assert named == askable[: len(named)] and len(named) in (2, len(askable)), answers


def test_card_alone_says_that_headcount_is_not_used(wording: Wording) -> None:
    note = words(wording, "utter_headcount_unused")
    company = {"competitors_gaining": True, "ai_strategy": "none"}
    dispatcher = CollectingDispatcher()
    give_advice(dispatcher, wording, {**company, "headcount": 35})
    [message] = dispatcher.messages
    items = [item["text"] for section in message["custom"]["sections"] for item in section["items"]]
    assert note in items
    assert note not in message["text"]


def test_one_person_in_both_roles_gets_a_warning(wording: Wording) -> None:
    assert words(wording, "utter_hats") in spoken(advice_in_words(wording, {"leadership": "one_person_both"}))
    assert words(wording, "utter_hats") not in spoken(advice_in_words(wording, {"leadership": "cto"}))


def test_unknown_and_declined_answers_are_not_given_as_reasons(wording: Wording) -> None:
    known = {"revenue_band": "1m_10m", "ai_strategy": "none"}
    more = {"has_crm": UNKNOWN, "has_cloud": DECLINED, "leadership": UNKNOWN, "business": DECLINED}
    assert advice_in_words(wording, {**known, **more}) == advice_in_words(wording, known)


def test_order_of_answers_does_not_change_the_wording(told: Told, wording: Wording) -> None:
    for answers, _, said in told[::10]:
        assert advice_in_words(wording, dict(reversed(answers.items()))) == said, answers


def recorded(events: list[dict[str, Any]]) -> Record:
    [body] = [event["value"] for event in events if event.get("name") == RECORD]
    return read_record(body)


@pytest.mark.parametrize("answers", [SMALL_SERVICE_FIRM, *random_answers(5, seed=3)], ids=range(6))
def test_verdict_is_recorded_with_its_answers(wording: Wording, answers: dict[str, Any]) -> None:
    kept = recorded(give_advice(CollectingDispatcher(), wording, answers))
    assert read_company(kept.inputs) == company_of(answers)
    assert set(kept.inputs) == set(answers)
    assert kept.output["role"] == advise(company_of(answers)).role
    assert replay(kept).same


@pytest.mark.parametrize(
    "changed", [{"headcount": 12}, {"leadership": "both"}], ids=["the same advice", "other advice"]
)
def test_advice_after_a_change_is_recorded_with_the_new_answers(wording: Wording, changed: dict[str, Any]) -> None:
    answers = {**SMALL_SERVICE_FIRM, **changed}
    kept = recorded(say_what_differs(CollectingDispatcher(), wording, SMALL_SERVICE_FIRM, answers))
    assert kept.inputs == read_record(kept.body()).inputs
    assert {name: kept.inputs[name] for name in changed} == changed
