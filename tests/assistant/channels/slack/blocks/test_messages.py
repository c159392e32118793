"""Messages look in Slack as in the widget: every word of the payload, at every level, in blocks that are valid."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from actions.wording import Wording
from assistant.channels.slack.blocks.messages import posts
from assistant.channels.slack.blocks.post import Level, Post, late, named
from assistant.channels.slack.blocks.prose import Block
from assistant.channels.slack.blocks.words import words
from tests.assistant.channels.slack.blocks.reading import payload_texts, plain, read
from tests.assistant.channels.slack.blocks.validators import by_typescript, check_message

Emitted = dict[str, dict[str, Any]]

NAME = "answer 0123456789abcdef0123456789abcdef 6c0f3b0a-4a43-5c0e-9d7b-6f1d1f0a5c11 0 1 2"
IMAGE = "https://firm.example/a.png"
PLAIN = {"header", "section", "context", "actions", "divider", "image"}


def texts_of_slack() -> list[str]:
    """What the blocks add to a message."""
    said = [variation for one in words().responses.values() for variation in one]
    return [plain(re.sub(r"{\w+}", "", one["text"])) for one in said] + [
        button["title"] for one in said for button in one.get("buttons", ())
    ]


def test_every_message_is_valid_for_slack_sdk_and_slackblocks(emitted: Emitted) -> None:
    assert len(emitted) > 700
    for message, level, in_channel in product(emitted.values(), Level, (False, True)):
        for post in posts(message, level, in_channel=in_channel):
            check_message(post.text, post.blocks)


def test_every_block_compiles_against_slacks_types(emitted: Emitted, tmp_path: Path) -> None:
    blocks = [
        block
        for message, level, in_channel in product(emitted.values(), Level, (False, True))
        for post in posts(message, level, in_channel=in_channel)
        for block in named(post, NAME).blocks
    ]
    assert by_typescript(blocks, [], tmp_path) == ""


@pytest.mark.parametrize("level", Level)
def test_no_word_of_a_message_is_lost(emitted: Emitted, level: Level) -> None:
    lost = []
    for name, message in emitted.items():
        shown = read(posts(message, level, in_channel=False))
        lost += [(name, line) for line in payload_texts(message) if line not in shown]
    assert lost == []


@pytest.mark.parametrize("level", Level)
def test_nothing_is_said_that_is_not_in_the_message(emitted: Emitted, level: Level) -> None:
    added = []
    for name, message in emitted.items():
        rest = read(posts(message, level, in_channel=False))
        for known in sorted({*payload_texts(message), *texts_of_slack(), "Save as PDF", IMAGE}, key=len, reverse=True):
            rest = rest.replace(known, " ")
        if re.search(r"\w{2,}", rest):
            added.append((name, rest.split()))
    assert added == []


@pytest.mark.parametrize("level", [Level.PLAIN, Level.TEXT])
def test_lower_levels_use_nothing_new(emitted: Emitted, level: Level) -> None:
    types = {
        block["type"]
        for message in emitted.values()
        for post in posts(message, level, in_channel=False)
        for block in post.blocks
    }
    assert types <= (PLAIN if level is Level.PLAIN else set())


def types_of(message: dict[str, Any], level: Level = Level.RICH) -> list[str]:
    return [block["type"] for post in posts(message, level, in_channel=False) for block in post.blocks]


def test_every_block_that_slack_has_for_it_is_used(emitted: Emitted) -> None:
    used = {kind for message in emitted.values() for kind in types_of(message)}
    assert {"data_table", "data_visualization", "container", "context_actions", "rich_text"} <= used


def test_a_recommendation_is_headed_by_it_and_ends_in_five_ways_on(emitted: Emitted) -> None:
    [name] = [name for name in emitted if name.startswith("verdict")][:1]
    [post] = posts(emitted[name], Level.RICH, in_channel=False)
    assert post.blocks[0]["text"]["text"] == emitted[name]["custom"]["title"]
    [actions] = [block for block in post.blocks if block["type"] == "actions"]
    titles = [one["text"]["text"] for one in actions["elements"]]
    assert titles == ["Why", "What if", "Compare the roles", "Save or print", "Talk to someone"]
    assert post.blocks[-1]["type"] == "context_actions"


def test_only_answers_of_substance_ask_whether_they_helped(emitted: Emitted) -> None:
    asking = {name for name, message in emitted.items() if "context_actions" in types_of(message)}
    assert {name for name in emitted if name.startswith("verdict")} <= asking
    assert {name for name in emitted if name.startswith("answer faq/")} <= asking
    assert not [
        name for name in asking if name.startswith(("question", "summary", "contact", "review", "handoff", "held"))
    ]


def test_feedback_names_the_message(emitted: Emitted) -> None:
    message = next(message for name, message in emitted.items() if name.startswith("verdict"))
    [element] = posts(message, Level.RICH, in_channel=False)[-1].blocks[-1]["elements"]
    assert element["positive_button"]["value"] == f"up {message['id']}"
    assert element["negative_button"]["value"] == f"down {message['id']}"


def test_answers_that_go_together_are_a_checklist_with_a_button(emitted: Emitted) -> None:
    message = next(one for one in emitted.values() if one.get("custom", {}).get("several"))
    [several] = [
        block
        for post in posts(message, Level.RICH, in_channel=False)
        for block in post.blocks
        if block["type"] == "actions" and block["elements"][0]["type"] == "checkboxes"
    ]
    ticks, done = several["elements"]
    assert [one["text"]["text"] for one in ticks["options"]] == [one["title"] for one in message["custom"]["several"]]
    assert done["action_id"] == "several:done"


@pytest.mark.parametrize("name", ["contact", "review"])
@pytest.mark.parametrize("level", Level)
def test_nothing_personal_is_asked_or_shown_in_a_channel(emitted: Emitted, name: str, level: Level) -> None:
    shown = read(posts(emitted[name], level, in_channel=True))
    assert words().text("utter_slack_in_private") in shown
    assert not re.search(r"Jane|acme|How can they reach you|send to the firm", shown)


@pytest.mark.parametrize("level", Level)
def test_the_link_to_all_that_is_stored_is_not_posted_in_a_channel(wording: Wording, level: Level) -> None:
    text = wording.text("utter_data_link", link="https://chat.firm.example/data/abc", link_days=14)
    message = {"id": "1", "ts": 1.0, "text": text, "buttons": wording.buttons("utter_data_link")}
    assert "https://" in read(posts(message, level, in_channel=False))
    assert read(posts(message, level, in_channel=True)) == words().text("utter_slack_link_in_private")


@pytest.mark.parametrize("level", Level)
def test_the_question_beside_that_link_stays_open_in_a_channel(wording: Wording, level: Level) -> None:
    link = wording.text("utter_data_link", link="https://chat.firm.example/data/abc", link_days=14)
    text = f"{link}\n\nBack to my question: Do you have a website?"
    card = {"type": "progress", "version": 1, "step": 2, "of": 6, "label": "Question 2 of about 6"}
    buttons = [{"title": "Yes", "payload": '/answer{"has_website": true}'}]
    message = {"id": "1", "ts": 1.0, "text": text, "buttons": buttons, "custom": {**card, "fallback_text": text}}
    shown = read(posts(message, level, in_channel=True))
    assert words().text("utter_slack_link_in_private") in shown
    assert "Do you have a website?" in shown and "Yes" in shown
    assert "https://" not in shown and "contact details" not in shown


def test_a_card_of_another_version_or_a_broken_one_says_its_text() -> None:
    for card in (
        {"type": "verdict", "version": 3},
        {"type": "bars", "version": 1},
        {"type": "table", "version": 1, "title": 1},
    ):
        message = {"id": "1", "ts": 1.0, "text": "What it says.", "custom": {"fallback_text": "What it says.", **card}}
        assert read(posts(message, Level.RICH, in_channel=False)) == "What it says."


def test_a_card_without_a_text_says_its_fallback() -> None:
    message = {"id": "1", "ts": 1.0, "custom": {"type": "new", "version": 1, "fallback_text": "In words."}}
    assert read(posts(message, Level.RICH, in_channel=False)) == "In words."


@pytest.mark.parametrize("level", Level)
def test_a_long_answer_is_split_at_its_paragraphs(level: Level) -> None:
    paragraph = "A sentence & another <one>. " * 30
    text = "\n\n".join([paragraph.strip()] * 22)
    assert len(text) > 18_000
    made = posts({"id": "1", "ts": 1.0, "text": text}, level, in_channel=False)
    assert plain(text) == read(made)
    for post in made:
        check_message(post.text, post.blocks)
        assert post.text.endswith("&gt;.")


@pytest.mark.parametrize("level", Level)
def test_code_stays_whole(level: Level) -> None:
    code = "\n".join(f"line {number}" for number in range(100))
    text = f"{'Words. ' * 300}\n\n```\n{code}\n```\n\n{'More. ' * 400}"
    made = posts({"id": "1", "ts": 1.0, "text": text}, level, in_channel=False)
    holding = [post for post in made if "line 0\nline 1" in post.text]
    assert len(holding) == 1
    assert code in holding[0].text
    for post in made:
        check_message(post.text, post.blocks)


def test_code_and_words_longer_than_a_post_are_divided() -> None:
    text = "```\n" + "\n".join(f"line {number}" for number in range(1200)) + "\n```\n\n" + "x" * 9000
    made = posts({"id": "1", "ts": 1.0, "text": text}, Level.RICH, in_channel=False)
    for post in made:
        check_message(post.text, post.blocks)
    assert sum(post.text.count("line ") for post in made) == 1200
    assert sum(post.text.count("x") for post in made) == 9000


def test_a_late_answer_says_so() -> None:
    post = late(Post("Text", [{"type": "divider"}]))
    assert post.text.startswith(words().text("utter_slack_late"))
    assert [block["type"] for block in post.blocks] == ["context", "divider"]
    assert late(Post("Text")).blocks == []


def test_a_large_card_is_shown_in_words() -> None:
    rows = [{"label": f"row {number}", "cells": ["a" * 100, "b" * 100]} for number in range(120)]
    card = {"type": "table", "version": 1, "fallback_text": "-", "title": "T", "columns": ["A", "B"], "rows": rows}
    made = posts({"id": "1", "ts": 1.0, "custom": card}, Level.RICH, in_channel=False)
    assert all(f"row {number}" in read(made) for number in range(120))
    for post in made:
        check_message(post.text, post.blocks)


def blocks_of(message: dict[str, Any]) -> list[Block]:
    return [block for post in posts(message, Level.RICH, in_channel=False) for block in post.blocks]


def test_a_chart_draws_what_its_card_says(emitted: Emitted) -> None:
    drawn = [
        (block, message["custom"])
        for message in emitted.values()
        for block in blocks_of(message)
        if block["type"] == "data_visualization"
    ]
    assert drawn
    for block, card in drawn:
        [group] = [group for group in card["groups"] if group["unit"] == block["title"]]
        low, high = block["chart"]["series"]
        assert [point["value"] for point in low["data"]] == [bar["low"] for bar in group["items"]]
        assert [point["value"] for point in high["data"]] == [bar["high"] for bar in group["items"]]
