"""Responses with variations for a channel."""

from __future__ import annotations

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
