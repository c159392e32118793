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


def test_nobody_in_slack_is_sent_to_the_page_that_they_came_from(wording: Wording) -> None:
    response = "utter_talk_to_person_unlinked"
    assert "page you came from" in wording.text(response)
    assert "the person who added me to this workspace" in Wording(wording.responses, "slack").text(response)
