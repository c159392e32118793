"""The inventory of the article is complete, hedged, and free of figures; every clash is handled somewhere."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from advisor.article import Kind, clashes, facts, sections_of, source
from advisor.errors import ContentError, SeatwiseError
from advisor.prices import figures
from tests.content import ROOT, answers

LAST_FACT = 122
LAST_CLASH = 27
PARTS = {
    "F003": 3,
    "F004": 4,
    "F006": 2,
    "F012": 4,
    "F020": 3,
    "F025": 2,
    "F026": 2,
    "F027": 2,
    "F028": 2,
    "F029": 1,
    "F030": 1,
    "F033": 5,
    "F037": 1,
    "F038": 1,
    "F039": 1,
    "F040": 1,
    "F041": 1,
    "F042": 1,
    "F050": 5,
    "F052": 2,
    "F053": 2,
    "F054": 2,
    "F055": 2,
    "F056": 2,
    "F057": 2,
    "F058": 2,
    "F059": 2,
    "F061": 3,
    "F062": 3,
    "F063": 3,
    "F064": 4,
    "F065": 4,
    "F066": 3,
    "F068": 1,
    "F073": 4,
    "F074": 4,
    "F078": 2,
    "F080": 3,
    "F083": 1,
    "F084": 1,
    "F085": 1,
    "F086": 2,
    "F097": 2,
}
"""The number of dotted parts of each fact in the inventory; F063 also has a part 0, its label."""

PLACES = {
    "framework": "advisor/framework.yml",
    "interview": "data/conversation/interview.yml",
    "verdict": "data/conversation/advice.yml",
    "prices": "advisor/prices.yml",
}
"""The files of the named places that handle clashes."""
ENTRIES = ("data/faq/", "data/not_in_article/")


def place_file(place: str) -> str:
    if place in PLACES:
        return PLACES[place]
    return f"data/{place}.yml" if place.startswith("not_in_article/") else f"data/faq/{place}.yml"


def test_inventory_is_complete() -> None:
    rows = {f"F{number:03}" for number in range(1, LAST_FACT + 1)} | {"F063.0"}
    rows |= {f"{fact}.{part}" for fact, parts in PARTS.items() for part in range(1, parts + 1)}
    assert len(rows) == 222
    assert set(facts()) == rows


def test_facts_are_in_article_order() -> None:
    numbers = [fact.split(".")[0] for fact in facts()]
    assert numbers == sorted(numbers)


def test_every_fact_has_text_and_a_known_kind() -> None:
    assert [fact.id for fact in facts().values() if not fact.says or fact.kind not in set(get_args(Kind))] == []


def test_no_fact_contains_digits() -> None:
    assert [fact.says for fact in facts().values() if re.search(r"\d", fact.says)] == []


def test_facts_use_exactly_their_declared_figures() -> None:
    said = {fact.id: set(re.findall(r"{(\w+)}", fact.says)) for fact in facts().values()}
    assert said == {fact.id: set(fact.figures) for fact in facts().values()}
    assert {name for names in said.values() for name in names} <= figures().keys()


def test_facts_keep_their_hedges() -> None:
    hedged = [fact for fact in facts().values() if fact.hedge]
    assert len(hedged) >= 15
    assert [fact.id for fact in hedged if not any(word in fact.says.lower() for word in fact.hedge)] == []


def test_sections_are_cited_once_in_article_order() -> None:
    assert sections_of(["F117", "F005", "F116", "F059"]) == ["TL;DR", "Key differences", "You Might Also Like"]
    assert sections_of([]) == []


def test_unknown_fact_is_named_in_the_error() -> None:
    with pytest.raises(ContentError, match="F999"):
        sections_of(["F005", "F999"])
    assert issubclass(ContentError, SeatwiseError)


def test_source_has_a_title() -> None:
    assert "CAIO" in source().title


def test_clashes_are_complete() -> None:
    assert list(clashes()) == [f"X{number:02}" for number in range(1, LAST_CLASH + 1)]


@pytest.mark.parametrize("clash", [f"X{number:02}" for number in range(1, LAST_CLASH + 1)])
def test_every_clash_is_handled_in_an_existing_file(clash: str) -> None:
    places = clashes()[clash].handled_in
    assert places and clashes()[clash].how
    assert [place for place in places if not (ROOT / place_file(place)).is_file()] == []


@pytest.mark.parametrize("clash", [f"X{number:02}" for number in range(1, LAST_CLASH + 1)])
def test_answers_that_handle_a_clash_cite_its_facts(clash: str) -> None:
    clashing = set(clashes()[clash].facts)
    files = {place_file(place) for place in clashes()[clash].handled_in}
    handling = {answer.file for answer in answers() if clashing & set(answer.facts)}
    assert [file for file in files if clashing and file.startswith(ENTRIES) and file not in handling] == []
