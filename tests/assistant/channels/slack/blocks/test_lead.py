"""A lead's card says in short what the firm needs, who has taken it, and nothing that was not agreed to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actions.wording import Wording
from advisor.brief import Brief, Line, Section
from assistant.channels.slack.blocks.lead import News, lead_card
from assistant.channels.slack.blocks.post import Level, Post
from assistant.delivery.parcel import Parcel, Verdict
from tests.assistant.channels.slack.blocks.reading import read
from tests.assistant.channels.slack.blocks.validators import check_message

CONTACT = {
    "name": "Jane *Doe* <!channel>",
    "email": "jane@acme.example",
    "company": "Acme & Co https://acme.example",
    "topic": "AI",
    "when": "Monday 9:00",
}
PARCEL = Parcel(
    "slack:T1:im:U1",
    contact=CONTACT,
    consent="2026-11-contact",
    consented=1_795_000_000.0,
    verdict=Verdict("CAIO_FIRST", "Hire a CAIO first, fractional", "firm"),
    brief="# Brief",
    brief_link="https://chat.firm.example/brief/abc",
)
BRIEF = Brief(
    "Brief",
    (
        Section("objective", "Objective", (Line("Agree on the first business problem.", (1,)),)),
        Section("unanswered", "What we had no answer to", (Line("“Who is <@U2>?”", (4,)), Line("“Why *so*?”", (5,)))),
        Section("company", "What we noted", (Line("Not in short.", (4,)),)),
    ),
).as_json()


def elements(post: Post) -> list[dict[str, Any]]:
    return [one for block in post.blocks if block["type"] == "actions" for one in block["elements"]]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("news", ["lead", "updated", "unclaimed"])
@pytest.mark.parametrize("claimed_by", [None, "U12345", "Ann Lee <!here>"])
def test_the_card_is_valid_and_says_what_is_needed(level: Level, news: News, claimed_by: str | None) -> None:
    post = lead_card(replace(PARCEL, claimed_by=claimed_by), BRIEF, news=news, claimed=1_795_000_900.0, level=level)
    check_message(post.text, post.blocks)
    assert "<!channel>" not in post.text + str(post.blocks)
    assert "<!here>" not in post.text + str(post.blocks)
    shown = read([post])
    for words in (
        "Jane",
        "jane@acme.example",
        "Hire a CAIO first",
        "Agree on the first",
        "Who is <@U2>",
        "Monday 9:00",
    ):
        assert words in shown
    assert "Not in short" not in shown


def test_each_line_of_the_brief_is_an_item() -> None:
    for level in (Level.PLAIN, Level.TEXT):
        post = lead_card(PARCEL, BRIEF, level=level)
        texts = [block["text"]["text"] for block in post.blocks if block["type"] == "section" and "text" in block]
        shown = "\n".join(texts or [post.text]).replace("\u2060", "")
        assert "• “Who is &lt;@U2&gt;?”\n• “Why ∗so∗?”" in shown


def test_where_nothing_can_be_pressed_nobody_is_told_to_type_an_id() -> None:
    assert PARCEL.conversation not in lead_card(PARCEL, BRIEF, level=Level.TEXT).text


def test_an_unclaimed_lead_can_be_claimed() -> None:
    claim, answer, brief = elements(lead_card(PARCEL, BRIEF))
    for one, action in ((claim, "lead:claim"), (answer, "lead:answer")):
        assert (one["action_id"], one["value"]) == (action, PARCEL.conversation)
    assert brief["url"] == PARCEL.brief_link


def test_a_claimed_one_says_by_whom_and_when() -> None:
    post = lead_card(replace(PARCEL, claimed_by="U12345"), BRIEF, claimed=1_795_000_900.0)
    assert [one["action_id"] for one in elements(post)] == ["lead:answer", "link:0"]
    assert post.blocks[-1]["elements"][0]["text"].startswith("Claimed by <@U12345>, <!date^1795000900^")


def test_a_lead_that_nobody_took_is_announced_again() -> None:
    assert lead_card(PARCEL, BRIEF, news="unclaimed").blocks[0]["text"]["text"].startswith("Still waiting")


def test_without_consent_to_the_answers_there_is_only_the_contact(wording: Wording) -> None:
    withheld = replace(PARCEL, verdict=None, brief=None, brief_link=None)
    shown = read([lead_card(withheld)])
    assert "jane@acme.example" in shown
    assert wording.text("utter_mail_recommendation") not in shown
