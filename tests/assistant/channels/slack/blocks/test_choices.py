"""However many choices a message has, they can be pressed, and what was pressed is known."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.channels.slack.blocks.choices import Choice, Choices, Several
from assistant.channels.slack.blocks.messages import posts, rendered
from assistant.channels.slack.blocks.post import Level
from assistant.channels.slack.blocks.presses import menu_value, payload_of, pressed, ticked, title_of, together
from assistant.turns.buttons import ticked as ticked_by_title
from tests.assistant.channels.slack.blocks.validators import check_message

LONG = "/answer" + "x" * 993


def message(count: int, payload: str = "/answer") -> dict[str, Any]:
    buttons = [{"title": f"Choice {number}", "payload": f"{payload}{number}"} for number in range(count)]
    return {"id": "1", "ts": 1.0, "text": "Which?", "buttons": buttons}


def elements(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for block in shown if block["type"] == "actions" for one in block["elements"]]


@pytest.mark.parametrize("count", [0, 1, 5, 6, 25, 26, 100, 101, 130, 230])
@pytest.mark.parametrize("level", Level)
def test_all_choices_are_offered(count: int, level: Level) -> None:
    [post] = posts(message(count), level, in_channel=False)[:1]
    check_message(post.text, post.blocks)
    if level is Level.TEXT:
        titles = [line.removeprefix("• ") for line in post.text.splitlines() if line.startswith("• ")]
    else:
        found = elements(post.blocks)
        options = [option for one in found for option in one.get("options", [one])]
        titles = [one["text"]["text"] for one in options]
        values = [one["value"] for one in options]
        assert values == [f"/answer{number}" for number in range(count)]
        assert {one["type"] for one in found} <= ({"button"} if count <= 25 else {"static_select"})
    assert len(titles) == count or level is Level.TEXT
    assert titles == [f"Choice {number}" for number in range(len(titles))]


def test_ids_are_counted() -> None:
    [post] = posts(message(6), Level.RICH, in_channel=False)
    assert [one["action_id"] for one in elements(post.blocks)] == [f"press:{number}" for number in range(6)]


def test_a_long_payload_of_a_menu_is_found_again() -> None:
    buttons = [{"title": f"{number}", "payload": f"{LONG[:-3]}{number:03}"} for number in range(30)]
    [post] = posts({"id": "1", "ts": 1.0, "text": "?", "buttons": buttons}, Level.RICH, in_channel=False)
    [menu] = elements(post.blocks)
    check_message(post.text, post.blocks)
    offered = [one["payload"] for one in buttons]
    assert [payload_of(one["value"], offered) for one in menu["options"]] == offered


def test_a_token_that_is_not_on_offer_is_no_payload() -> None:
    assert payload_of(menu_value(LONG), ["/other"]) == menu_value(LONG)
    assert payload_of("/answer", []) == "/answer"
    assert payload_of("#typed", []) == "#typed"


def test_long_titles_are_cut_to_what_a_button_takes() -> None:
    [post] = rendered([Choices([Choice("title " * 30, "/x")])], Level.RICH)
    check_message(post.text, post.blocks)


def test_a_page_is_a_button_with_its_address() -> None:
    card = {"type": "handoff", "version": 1, "title": "Talk", "text": "Book.", "fallback_text": "Book."}
    ways = [{"title": "Book", "url": "https://firm.example/b"}, {"title": "Bad", "url": "javascript:alert(1)"}]
    [post] = posts(
        {"id": "1", "ts": 1.0, "text": "Book.", "custom": {**card, "actions": ways}}, Level.RICH, in_channel=False
    )
    [button] = elements(post.blocks)
    assert (button["url"], button["action_id"]) == ("https://firm.example/b", "link:0")
    check_message(post.text, post.blocks)


@pytest.mark.parametrize("count", [1, 10, 11, 40])
def test_many_answers_at_once_are_a_checklist_or_a_menu(count: int) -> None:
    [post] = rendered([Several([f"Answer {number}" for number in range(count)])], Level.RICH)
    check_message(post.text, post.blocks)
    several, done = elements(post.blocks)
    assert several["type"] == ("checkboxes" if count <= 10 else "multi_static_select")
    assert len(several["options"]) == count
    assert done["action_id"] == "several:done"


def test_what_is_ticked_is_said_so_that_it_is_understood() -> None:
    several = [
        {"title": title, "payload": f'/answer{{"{field}": true}}'}
        for title, field in (("A website", "has_website"), ("A CRM", "has_crm"), ("Cloud systems", "has_cloud"))
    ]
    options = [{"text": {"type": "plain_text", "text": several[at]["title"]}, "value": str(at)} for at in (0, 2)]
    text = ticked({"b1": {"several": {"type": "checkboxes", "selected_options": options}}})
    assert text == "A website and cloud systems"
    assert ticked_by_title(text, several) == '/answer{"has_website": true, "has_crm": false, "has_cloud": true}'
    assert ticked({"b1": {"several": {"type": "checkboxes", "selected_options": []}}}) == ""
    assert together(["A website", "A CRM", "AI plans"]) == "A website, a CRM and AI plans"


def test_after_a_press_the_choices_make_way_for_who_chose_what(emitted: dict[str, dict[str, Any]]) -> None:
    for level in (Level.RICH, Level.PLAIN):
        for said in emitted.values():
            for post in posts(said, level, in_channel=False):
                after = pressed(post.blocks, "U123", "A <b> & *c*")
                check_message(post.text, after)
                told = [block for block in after if block["type"] == "context" and "U123" in str(block)]
                assert [block["elements"][0]["text"] for block in told] == ["✓ <@U123> chose *A &lt;b&gt; &amp; ∗c∗*"]
                left = [one for one in elements(after) if not (one.get("url") or one["action_id"].startswith("rate"))]
                assert left == []
                assert not [block for block in after if "accessory" in block]


def test_links_and_feedback_stay_after_a_press(emitted: dict[str, dict[str, Any]]) -> None:
    [post] = posts(emitted["handoff"], Level.RICH, in_channel=False)
    assert [one["url"] for one in elements(pressed(post.blocks, "U1", "x"))]
    verdict = next(said for name, said in emitted.items() if name.startswith("verdict"))
    [post] = posts(verdict, Level.RICH, in_channel=False)
    assert pressed(post.blocks, "U1", "x")[-1]["type"] == "context_actions"


def test_a_sentence_that_is_tried_is_what_was_chosen(emitted: dict[str, dict[str, Any]]) -> None:
    verdict = next(
        said
        for said in emitted.values()
        if any("payload" in item for one in said.get("custom", {}).get("sections", ()) for item in one["items"])
    )
    [post] = posts(verdict, Level.RICH, in_channel=False)
    tried = next(block for block in post.blocks if "accessory" in block)
    texts = [item["text"] for section in verdict["custom"]["sections"] for item in section["items"]]
    assert title_of(tried["accessory"], post.blocks) in texts
    assert title_of(elements(post.blocks)[0], post.blocks) == "Why"
    assert title_of({"action_id": "x", "selected_option": {"text": {"text": "B"}}}, []) == "B"
