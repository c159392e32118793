"""Responses with variations for a channel."""

from __future__ import annotations

import pytest

from actions.wording import Wording

RESPONSES = {
    "utter_where": [
        {"text": "On the page.", "buttons": [{"title": "Open", "payload": "/open"}]},
        {"text": "In Slack.", "channel": "slack"},
    ]
}


def test_channel_gets_its_own_variation_of_a_response() -> None:
    in_slack = Wording(RESPONSES, "slack")
    assert (in_slack.text("utter_where"), in_slack.buttons("utter_where")) == ("In Slack.", [])


def test_other_channels_get_the_variation_for_any() -> None:
    assert {Wording(RESPONSES, channel).text("utter_where") for channel in (None, "web")} == {"On the page."}


TOPIC = {
    "utter_not_in_article/terms": [
        {
            "text": "I don't know {thing}.",
            "metadata": {
                "short": "I don't know {thing}.",
                "thing": "the terms",
                "things": {"the notice period": ["notice", "cancel"], "who's liable": ["liab"]},
            },
        }
    ],
    "utter_another_officer": [{"text": "another officer"}],
    "utter_time": [{"text": "Does your CTO have time?"}, {"text": "Do you have time?", "metadata": {"speaker": "cto"}}],
}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("can we cancel?", "I don't know the notice period."),
        ("who's liable, and what notice is there?", "I don't know the notice period or who's liable."),
        ("what about reliability?", "I don't know the terms."),
    ],
)
def test_answer_names_what_is_asked_for(asked: str, said: str) -> None:
    cell = Wording(TOPIC).cell("not_in_article/terms", asked=asked)
    assert cell is not None
    assert (cell.text, cell.short) == (said, said)


def test_cto_is_spoken_to_as_one() -> None:
    assert Wording(TOPIC).text("utter_time") == "Does your CTO have time?"
    assert Wording(TOPIC, speaker="cto").text("utter_time") == "Do you have time?"
