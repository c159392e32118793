"""What visitors call their company and its revenue is said back as they put it."""

from __future__ import annotations

import pytest

from actions.own_words import OwnWords
from actions.wording import Wording
from assistant.nlu.answers import Reply
from assistant.nlu.company_facts.hearing import hear
from assistant.nlu.company_facts.model import trained


def said_back(wording: Wording, text: str, **new: object) -> OwnWords:
    reply = Reply(hear(text, trained()).as_json())
    return OwnWords.of(wording, text, reply, {field: str(value) for field, value in new.items()})


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("We're a 35 person accounting firm", "an accounting firm"),
        ("I own a property management company, 12 of us", "a property management company"),
        ("I run an HR consultancy", "an HR consultancy"),
        ("we are a used car dealership", "a used car dealership"),
    ],
)
def test_company_is_called_as_the_visitor_calls_it(wording: Wording, text: str, called: str) -> None:
    own = said_back(wording, text, business="service")
    assert own.clauses == {"business": f"you're {called}"}
    assert own.briefs == {"business": called}


@pytest.mark.parametrize("text", ["We're a company", "I know a law firm", "we run four bakeries", "consulting, mostly"])
def test_what_names_no_company_of_the_visitor_is_said_by_its_field(wording: Wording, text: str) -> None:
    assert said_back(wording, text, business="service").clauses == {}


@pytest.mark.parametrize(
    ("text", "band", "amount"),
    [
        ("we make about 4 million a year", "1m_10m", "$4M"),
        ("revenue is a bit over 3 million", "1m_10m", "about $3M"),
        ("we do $850k a year", "lt_1m", "$850K"),
        ("our revenue is 62 million", "ge_50m", "$62M"),
    ],
)
def test_revenue_is_said_back_as_an_amount(wording: Wording, text: str, band: str, amount: str) -> None:
    own = said_back(wording, text, revenue_band=band)
    assert own.clauses == {"revenue_band": f"your revenue is {amount}"}


def test_revenue_in_another_currency_is_said_by_its_band(wording: Wording) -> None:
    assert said_back(wording, "our revenue is 4 million euros", revenue_band="1m_10m").clauses == {}


def test_fact_that_was_known_before_is_not_said_back(wording: Wording) -> None:
    assert said_back(wording, "We're an accounting firm, 4 million a year").clauses == {}
