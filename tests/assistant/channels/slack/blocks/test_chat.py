"""What the thread of a lead shows: valid whatever was said, and nothing that anybody wrote is markup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from assistant.channels.slack.blocks.chat import Happening, What, chat_post, news_post
from assistant.channels.slack.blocks.forms import answer_modal, answer_to_prospect
from assistant.channels.slack.blocks.lead import News, erased_card, lead_card
from assistant.channels.slack.blocks.post import Level
from assistant.channels.slack.blocks.presses import pressed
from assistant.delivery.parcel import Parcel
from tests.assistant.channels.slack.blocks.validators import by_typescript, check_message

SAID = "*bold* <!channel> <@U1> https://evil.example\n- one\n\n`code`"
PARCEL = Parcel("visitor", {"name": "Ann <!here>", "email": "ann@acme.example"}, consent="1")


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("is_here", [True, False])
@pytest.mark.parametrize("what", get_args(What))
def test_what_happens_is_valid_and_mentions_nobody(what: What, level: Level, is_here: bool) -> None:
    post = chat_post(Happening(what, "visitor", "Dana *<!here>*", SAID, is_here), level)
    check_message(post.text, post.blocks)
    assert "Dana" in post.text or what == "said"
    assert "<!" not in post.text and '"<!' not in str(post.blocks).replace("'", '"')


@pytest.mark.parametrize("what", ["said", "answered"])
def test_longest_answer_fits(what: What) -> None:
    post = chat_post(Happening(what, "visitor", "Dana", "<&> " * 500, is_here=True))
    check_message(post.text, post.blocks)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("news", get_args(News))
@pytest.mark.parametrize("change", ["", "booked", "moved", "canceled"])
def test_news_are_valid(news: News, change: str, level: Level) -> None:
    post = news_post(PARCEL, news, change, level)
    check_message(post.text, post.blocks)
    assert "Ann" in post.text and "<!here>" not in post.text


def test_every_block_for_the_firm_compiles_against_slacks_types(tmp_path: Path) -> None:
    happenings = [Happening(what, "visitor", "Dana", SAID, is_here=True) for what in get_args(What)]
    claimed = replace(PARCEL, claimed_by="U0DANA")
    made = [
        erased_card(),
        *(chat_post(one, level) for one in happenings for level in Level),
        *(news_post(PARCEL, news, "booked", level) for news in get_args(News) for level in Level),
        news_post(claimed, "updated", "claimed"),
        *(
            lead_card(parcel, news=news, claimed=1.0, level=level)
            for parcel in (PARCEL, claimed)
            for news in get_args(News)
            for level in Level
        ),
    ]
    for post in made:
        check_message(post.text, post.blocks)
    changed = [pressed(post.blocks, "U0DANA", "Claim") for post in made if post.blocks]
    blocks = [block for shown in [*(post.blocks for post in made), *changed] for block in shown]
    assert by_typescript(blocks, [], tmp_path) == ""


def test_form_asks_for_a_name_once() -> None:
    first, later = answer_modal("{}", "web", "", 2000), answer_modal("{}", "slack", None, 2000)
    assert [block.get("block_id") for block in first["blocks"]] == [None, "name", "text"]
    assert [block.get("block_id") for block in later["blocks"]] == [None, "text"]
    assert not any(block.get("optional") for block in first["blocks"])


def test_answer_keeps_its_lines() -> None:
    sent = {"text": {"text": {"value": " Hello\r\nAnn \n"}}}
    assert answer_to_prospect(sent) == {"name": "", "text": "Hello\nAnn"}
