"""Our little markup becomes Slack's; nothing that a visitor wrote becomes markup, a mention or a link."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.slack.blocks.messages import posts
from assistant.channels.slack.blocks.post import Level
from assistant.channels.slack.blocks.prose import as_text, mrkdwn, paragraphs, pieces, rich_text, split_source
from tests.assistant.channels.slack.blocks.reading import plain, read
from tests.assistant.channels.slack.blocks.validators import check_message

HOSTILE = (
    *("<!channel>", "<!here>", "<@U12345>", "<#C123|general>", "<https://evil.example|click>", "&lt;!channel&gt;"),
    *("*bold*", "**bold**", "_italic_", "~struck~", "`code`", "```\ncode\n```", "> quoted", ">>> quoted", ":tada:"),
    *(
        "https://evil.example",
        "http://evil.example/a?b=c",
        "” https://evil.example “",
        "”\n- item\n> x",
        "[a](https://e.example)",
    ),
)
MARKUP = re.compile(r"<[^>]*>|(?<!\w)[*_~`](?=\S)|^\s*(?:>|&gt;)|:[\w+'-]+:|https?:|^```", re.M)

texts = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text(alphabet="ab <>&*_~`:/”“\n-|@#!.", max_size=12)), min_size=1, max_size=5
).map(" ".join)


def in_quotes(visitor: str) -> dict[str, Any]:
    """A message of ours with a visitor's words in it, as every response that quotes them has it."""
    text = f"I wasn't sure how to count “{visitor}”, so I left it out.\n- It counts."
    return {"id": "1", "ts": 1.0, "text": text}


def in_a_verdict(visitor: str) -> dict[str, Any]:
    item = {"text": f"You said “{visitor}”."}
    sections = [{"title": "Why", "items": [item, item]}, {"title": "More", "items": [item, item], "folded": True}]
    card = {"type": "verdict", "version": 2, "role": "CAIO_FIRST", "title": "A CAIO", "strength": {"level": "firm"}}
    custom = {**card, "sections": sections, "date": "May 1, 2026", "fallback_text": "-"}
    return {"id": "1", "ts": 1.0, "text": "-", "custom": custom}


def in_details(visitor: str) -> dict[str, Any]:
    text = f"Here's what I'd send:\n- Name: {visitor}\nNothing goes out yet."
    return {"id": "1", "ts": 1.0, "text": text, "custom": {"type": "contact", "version": 1, "fallback_text": text}}


def parsed_texts(value: object) -> list[str]:
    """The texts that Slack parses."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for inner in value.values() for text in parsed_texts(inner)]
    return [text for inner in value for text in parsed_texts(inner)] if isinstance(value, list) else []


def rich_elements(value: object) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if value.get("type") in ("text", "link", "emoji", "user", "broadcast", "channel") else []
        return own + [one for inner in value.values() for one in rich_elements(inner)]
    return [one for inner in value for one in rich_elements(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("place", [in_quotes, in_a_verdict])
@given(visitor=texts)
def test_words_of_a_visitor_stay_words(place: Any, visitor: str) -> None:
    ours = ("*Why*", "*More*", "*A CAIO*")
    for level in Level:
        for post in posts(place(visitor), level, in_channel=False):
            check_message(post.text, post.blocks)
            for text in [post.text, *parsed_texts(post.blocks)]:
                for mark in ours:
                    text = text.replace(mark, "")
                assert not MARKUP.search(text.replace("&amp;", "").replace("&lt;", "(").replace(" &gt;", " ")), text
            styled = [one for one in rich_elements(post.blocks) if one["type"] != "text" or one.get("style")]
            assert {one.get("text") for one in styled} <= {"Why", "More", "A CAIO"}


@pytest.mark.parametrize("visitor", HOSTILE)
@pytest.mark.parametrize("level", Level)
def test_contact_details_stay_as_they_were_written(visitor: str, level: Level) -> None:
    for post in posts(in_details(visitor), level, in_channel=False):
        assert not [one for one in rich_elements(post.blocks) if one["type"] != "text" or one.get("style")]
        for text in [post.text, *parsed_texts(post.blocks)]:
            assert not re.search(r"<[^>]*>|https?:", text)


@given(visitor=texts)
def test_words_of_a_visitor_are_all_shown(visitor: str) -> None:
    said = plain(in_quotes(visitor)["text"])
    assert plain(read(posts(in_quotes(visitor), Level.RICH, in_channel=False))) == said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**Bold** and plain.", "*Bold* and plain."),
        ("First:\n- one\n- **two**", "First:\n• one\n• *two*"),
        ("A & B < C > D", "A &amp; B &lt; C &gt; D"),
        ("Read https://firm.example/a?b=1&c=2.", "Read <https://firm.example/a?b=1&amp;c=2>."),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("snake_case and 2*3, ~30 hours", "snake_case and 2∗3, ∼30 hours"),
    ],
)
def test_markup_becomes_mrkdwn(text: str, shown: str) -> None:
    assert mrkdwn(paragraphs(text)) == shown


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize(
    "said", ["שלום, עולם: מה שלומך?", "مرحبا، كم يكلف ذلك؟", "Family 👩‍👩‍👧‍👦, flag 🇦🇹, skin 👍🏽", "é and é, 日本語"]
)
def test_every_script_and_emoji_arrive_as_they_are(said: str, level: Level) -> None:
    for text in (said, f"- {said}\n- **{said}**", " ".join([said] * 300)):
        shown = posts({"id": "1", "ts": 1.0, "text": text}, level, in_channel=False)
        for post in shown:
            check_message(post.text, post.blocks)
        assert "".join(read(shown).split()).count("".join(said.split())) == text.count(said)
    [post] = posts(
        {"id": "1", "ts": 1.0, "text": "?", "buttons": [{"title": said * 20, "payload": "/x"}]}, level, in_channel=False
    )
    check_message(post.text, post.blocks)


def test_the_text_of_a_notification_has_no_bold() -> None:
    assert as_text("**Hire a CAIO** first.\n- one") == "Hire a CAIO first.\n\n• one".replace("\n\n", "\n")


def test_lists_and_bold_become_rich_text() -> None:
    section, items, last = rich_text(paragraphs("**Why**\nSo.\n- one\n- two\nEnd."))["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "Why", "style": {"bold": True}},
        {"type": "text", "text": "\nSo."},
    ]
    assert [one["elements"][0]["text"] for one in items["elements"]] == ["one", "two"]
    assert last["elements"][0]["text"] == "End."


@pytest.mark.parametrize("line", ["Source: the article (a)", "Sources: a; b", "**Source:** a"])
def test_the_source_is_the_last_line_that_says_so(line: str) -> None:
    assert split_source(f"Answer.\n{line}") == ("Answer.", line)
    assert split_source(f"{line}\nMore.") == (f"{line}\nMore.", "")


@given(st.text(alphabet="ab&<>*_\n -", max_size=3000))
def test_pieces_fit_and_hold_everything(text: str) -> None:
    parts = pieces(text, 700)
    assert all(len(mrkdwn(paragraphs(part))) <= 700 for part in parts)
    assert "".join("".join(parts).split()) == "".join("".join(pieces(text, 10**6)).split())
