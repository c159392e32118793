"""What the thread of a lead shows: valid whatever was said, and nothing that anybody wrote is markup."""

from __future__ import annotations

from typing import get_args

import pytest

from assistant.channels.slack.blocks.chat import Happening, What, chat_post, news_post
from assistant.channels.slack.blocks.forms import answer_modal, answer_to_prospect
from assistant.channels.slack.blocks.lead import News
from assistant.channels.slack.blocks.post import Level
from assistant.delivery.parcel import Parcel
from tests.assistant.channels.slack.blocks.validators import check_message

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


def test_form_asks_for_a_name_once() -> None:
    first, later = answer_modal("{}", "web", "", 2000), answer_modal("{}", "slack", None, 2000)
    assert [block.get("block_id") for block in first["blocks"]] == [None, "name", "text"]
    assert [block.get("block_id") for block in later["blocks"]] == [None, "text"]
    assert not any(block.get("optional") for block in first["blocks"])


def test_answer_keeps_its_lines() -> None:
    sent = {"text": {"text": {"value": " Hello\r\nAnn \n"}}}
    assert answer_to_prospect(sent) == {"name": "", "text": "Hello\nAnn"}
