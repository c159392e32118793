"""Whoever wants a person gets the booking link, with the reference of this conversation and nothing else of it."""

from __future__ import annotations

import re

import pytest
from yarl import URL

from actions.wording import Wording
from assistant.stores.references import CONVERSATION, References
from tests.actions.talk import Talk

KEY = "a-key-of-the-tests-with-more-than-thirty-two-bytes"


def test_booking_link_has_the_reference_of_the_conversation(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_SECRET", KEY)
    monkeypatch.setenv("SEATWISE_BOOKING_URL", "https://calendly.com/firm/intro")
    [said] = talk.hear("talk_to_person", text="can I talk to someone").said
    found = re.search(r"https://\S+", said.text)
    assert found
    query = dict(URL(found[0]).query)
    assert References([KEY], CONVERSATION).read(query.pop("utm_content")) == "visitor"
    assert query == {}
    assert said.card
    assert said.card["actions"][0]["url"] == found[0]


@pytest.fixture
def _takes_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_SECRET", KEY)
    monkeypatch.setenv("SEATWISE_CONSOLE_TOKEN", KEY)


@pytest.mark.usefixtures("_takes_leads")
@pytest.mark.parametrize("wish", ["talk_to_person", "request_person"])
def test_same_hand_off_is_not_offered_twice_in_a_row(talk: Talk, wish: str) -> None:
    first = talk.hear(wish, text="can I talk to someone").said
    again = talk.hear(wish, text="a human, please").said
    assert again != first
    assert [one.get("name") for one in talk.events].count("outbox") == (wish == "request_person")
    talk.hear("faq", text="what does it cost?")
    assert talk.hear(wish, text="a human, please").said == first


def test_person_is_not_asked_to_join_where_nobody_can(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_SECRET", KEY)
    monkeypatch.setenv("SEATWISE_HUBSPOT_TOKEN", "token")
    [said] = talk.hear("request_person", text="ask someone to join").said
    assert "How can they reach you?" in said.text
    assert list(said.buttons) == ["No, keep chatting"]


def test_nobody_in_slack_is_sent_to_the_page_that_they_came_from(wording: Wording) -> None:
    response = "utter_talk_to_person_unlinked"
    assert "page you came from" in wording.text(response)
    assert "the person who added me to this workspace" in Wording(wording.responses, "slack").text(response)
