"""Buttons, menus, checklists, feedback, forms and the Home tab."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from assistant.stores.inbox import recent
from assistant.stores.ratings import ratings_of
from tests.assistant.channels.slack.conftest import Served
from tests.slack_api import Fields
from tests.slack_user import SlackUser, choices, now_ts, words_of

ASKS = {"type": "contact", "version": 1, "asked": "email"}


async def many(message: UserMessage) -> None:
    buttons = [
        {"title": f"Number {one}", "payload": f'/answer{{"ai_initiatives": {one}, "x": "{"y" * 200}"}}'}
        for one in range(30)
    ]
    await message.output_channel.send_response(message.sender_id, {"text": "How many?", "buttons": buttons})


async def several(message: UserMessage) -> None:
    titles = [("A website", "has_website"), ("A CRM", "has_crm"), ("Cloud systems", "has_cloud")]
    ticks = [{"title": title, "payload": f'/answer{{"{field}": true}}'} for title, field in titles]
    card = {"type": "progress", "version": 1, "step": 1, "of": 6, "label": "Question 1", "several": ticks}
    none = {"title": "None of these", "payload": '/answer{"has_website": false, "has_crm": false, "has_cloud": false}'}
    said = {"text": "What do you have?", "custom": card, "buttons": [none]}
    await message.output_channel.send_response(message.sender_id, said)


async def ask_for_contact(message: UserMessage) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": "How can they reach you?", "custom": ASKS})


def question(served: Served, thread: str, channel: str = "C0ALL") -> Fields:
    """The post with buttons in a thread."""

    def found() -> Fields | None:
        return next((one for one in reversed(served.api.posts(channel, thread)) if choices(one)), None)

    return served.api.wait_for(found)  # type: ignore[no-any-return]


def test_pressed_button_is_answered_and_replaced_by_who_chose_what(
    served: Served, ann: SlackUser, ben: SlackUser
) -> None:
    thread = ann.mention("which one?")
    asked = question(served, thread)
    assert ben.press(asked, "Nobody").status_code == 200
    [updated] = served.api.wait_for(lambda: served.api.of("chat.update"))
    assert (updated["channel"], updated["ts"]) == ("C0ALL", asked["ts"])
    assert f"<@{ben.user}> chose *Nobody*" in words_of(updated) and not choices(updated)
    served.api.wait_for(lambda: len(served.agent.heard) == 2)
    assert served.agent.heard[1].text == '/answer{"leadership": "none"}'
    assert served.agent.heard[0].sender_id == served.agent.heard[1].sender_id


def test_only_the_first_press_counts(served: Served, ann: SlackUser, ben: SlackUser) -> None:
    async def choose(message: UserMessage) -> None:
        buttons = [{"title": one, "payload": f'/answer{{"leadership": "{one}"}}'} for one in ("cto", "caio")]
        await message.output_channel.send_response(message.sender_id, {"text": "Who leads?", "buttons": buttons})

    served.agent.turn = choose
    thread = ann.mention("which one?")
    asked = question(served, thread)
    for _ in range(2):
        assert ann.press(asked, "cto").status_code == 200
    assert ben.press(asked, "caio").status_code == 200
    served.api.wait_for(lambda: served.api.of("respond") or served.api.of("chat.postEphemeral"))
    time.sleep(0.3)
    assert [message.text for message in served.agent.heard[1:]] == ['/answer{"leadership": "cto"}']
    assert "already" in served.api.of("chat.postEphemeral")[0]["text"]
    assert not any(ben.user in words_of(one) for one in served.api.of("chat.update"))


def test_button_that_is_not_on_offer_is_refused_in_private(served: Served, ann: SlackUser) -> None:
    thread = ann.mention("which one?")
    asked = question(served, thread)
    forged = json.loads(json.dumps(asked).replace("leadership", "has_crm"))
    assert ann.press(forged, "Nobody").status_code == 200
    [told] = served.api.wait_for(lambda: served.api.of("chat.postEphemeral"))
    assert "not on offer" in told["text"] and told["user"] == ann.user
    assert len(served.agent.heard) == 1


def test_press_in_a_direct_message_belongs_to_its_thread(served: Served, ann: SlackUser) -> None:
    thread = ann.say("which one?")
    ann.press(question(served, thread, ann.dm), "Nobody")
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 4)
    assert len({message.sender_id for message in served.agent.heard}) == 1


def test_press_below_a_private_reply_is_answered_privately(served: Served, ann: SlackUser) -> None:
    ann.slash("which one?")
    [said] = served.api.wait_for(lambda: served.api.of("respond"))
    assert ann.press(said, "Nobody").status_code == 200
    served.api.wait_for(lambda: len(served.api.of("respond")) == 3)
    assert len({message.sender_id for message in served.agent.heard}) == 1
    assert served.api.posts() == []


def test_buttons_of_a_private_reply_are_replaced_by_what_was_chosen(served: Served, ann: SlackUser) -> None:
    ann.slash("which one?")
    [said] = served.api.wait_for(lambda: served.api.of("respond"))
    ann.press(said, "Nobody")
    [replaced] = served.api.wait_for(lambda: [one for one in served.api.of("respond") if one["replace_original"]])
    assert f"<@{ann.user}> chose *Nobody*" in words_of(replaced) and not choices(replaced)
    assert replaced["text"] == said["text"]


def test_boxes_of_a_private_reply_are_replaced_by_what_was_ticked(served: Served, ann: SlackUser) -> None:
    served.agent.turn = several
    ann.slash("which one?")
    [asked] = served.api.wait_for(lambda: served.api.of("respond"))
    boxes = next(element for block in asked["blocks"] for element in block.get("elements", ()) if "options" in element)
    ann.press(asked, "Done", {"b": {boxes["action_id"]: {"selected_options": boxes["options"][:2]}}})
    [replaced] = served.api.wait_for(lambda: [one for one in served.api.of("respond") if one["replace_original"]])
    assert "chose *A website and a CRM*" in words_of(replaced) and "options" not in words_of(replaced)


def test_more_buttons_than_slack_takes_become_a_menu_with_long_payloads(served: Served, ann: SlackUser) -> None:
    served.agent.turn = many
    thread = ann.mention("which one?")
    asked = question(served, thread)
    assert len(choices(asked)) == 30 and "static_select" in words_of(asked)
    ann.press(asked, "Number 17")
    served.api.wait_for(lambda: len(served.agent.heard) == 2)
    assert served.agent.heard[1].text.startswith('/answer{"ai_initiatives": 17')


def test_menu_that_has_expired_says_so_in_private(served: Served, ann: SlackUser) -> None:
    served.agent.turn = many
    thread = ann.mention("which one?")
    asked = question(served, thread)
    served.agent.turn = served.agent.offer
    for number in range(20):
        ann.follow_up(f"something else {number}", thread)
    served.api.wait_for(lambda: len(served.agent.heard) == 21)
    ann.press(asked, "Number 17")
    [told] = served.api.wait_for(lambda: served.api.of("chat.postEphemeral"))
    assert "not on offer" in told["text"] and told["user"] == ann.user
    assert len(served.agent.heard) == 21, "what stands for a choice is no text"


def test_stranger_presses_in_a_conversation_of_their_own(served: Served, ann: SlackUser) -> None:
    thread = ann.mention("hello")
    guest = served.user("U0GUEST", home="T0GUEST")
    guest.mention("hello", thread=thread)
    served.api.wait_for(lambda: len(served.api.posts("C0ALL", thread)) == 4)
    guest.press(question(served, thread), "Nobody")
    served.api.wait_for(lambda: len(served.agent.heard) == 3)
    member, *others = (message.sender_id for message in served.agent.heard)
    assert others[0] == others[1] != member


def test_several_answers_are_sent_at_once(served: Served, ann: SlackUser) -> None:
    served.agent.turn = several
    thread = ann.mention("which one?")
    asked = question(served, thread)
    ticked = [choices(asked)[title]["selected_option"] for title in ("A website", "Cloud systems")]
    tick = {**choices(asked)["A CRM"], "selected_options": ticked}
    assert (
        ann.interact({"type": "block_actions", "container": {"type": "message"}, "actions": [tick]}).status_code == 200
    )
    ann.press(asked, "Done", {"b1": {"several": {"type": "checkboxes", "selected_options": ticked}}})
    served.api.wait_for(lambda: len(served.agent.heard) == 2)
    values = json.loads(served.agent.heard[1].text.removeprefix("/answer"))
    assert values == {"has_website": True, "has_crm": False, "has_cloud": True}


def test_sentence_that_is_tried_stands_in_the_place_of_its_button(served: Served, ann: SlackUser) -> None:
    thread = ann.mention("which one?")
    asked = question(served, thread)
    [offer] = [one for one in choices(asked).values() if one["text"]["text"] == "Nobody"]
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Try it"},
        **{k: offer[k] for k in ("action_id", "value")},
    }
    said = {"type": "section", "text": {"type": "mrkdwn", "text": "What if nobody leads?"}, "accessory": button}
    ann.press({**asked, "blocks": [said]}, "Try it")
    [updated] = served.api.wait_for(lambda: served.api.of("chat.update"))
    assert "chose *What if nobody leads?*" in words_of(updated)


def test_feedback_is_stored(served: Served, ann: SlackUser) -> None:
    thread = ann.mention("which one?")
    question(served, thread)
    conversation = served.agent.heard[0].sender_id
    answers = served.store.run_sync(lambda connection: recent(connection, conversation))
    container = {"type": "message", "channel_id": "C0ALL", "message_ts": "2.2", "thread_ts": thread}
    for value in ("up", "down"):
        pressed = {"action_id": "rate", "type": "feedback_buttons", "value": f"{value} {answers[0]['id']}"}
        ann.interact({"type": "block_actions", "container": container, "actions": [pressed]})
    stored = served.store.run_sync(lambda connection: ratings_of(connection, conversation))
    assert stored == {answers[0]["id"]: "down"}
    pressed = {"action_id": "rate", "type": "feedback_buttons", "value": "up no such message"}
    assert ann.interact({"type": "block_actions", "container": container, "actions": [pressed]}).status_code == 200


@pytest.mark.parametrize("name", ["link:0", "no_such", "several", "lead:claim"])
def test_press_without_meaning_is_acknowledged(served: Served, ann: SlackUser, name: str) -> None:
    container = {"type": "message", "channel_id": "C0ALL", "message_ts": "1.1"}
    payload = {"type": "block_actions", "container": container, "actions": [{"action_id": name, "type": "button"}]}
    assert ann.interact(payload).status_code == 200


@pytest.mark.parametrize("kind", ["shortcut", "message_action", "view_closed", "block_suggestion", "view_submission"])
def test_interaction_without_listener_is_acknowledged(served: Served, ann: SlackUser, kind: str) -> None:
    payload = {
        "type": kind,
        "callback_id": "x",
        "view": {"type": "modal", "callback_id": "x", "id": "V1"},
        "action_id": "x",
    }
    assert ann.interact(payload).status_code == 200


def contact_form(served: Served, ann: SlackUser) -> Fields:
    served.agent.turn = ask_for_contact
    thread = ann.mention("talk to a person")
    asked = question(served, thread)
    assert "How can they reach you" not in words_of(asked), "not in a channel"
    assert ann.press(asked, next(iter(choices(asked)))).status_code == 200
    [opened] = served.api.wait_for(lambda: served.api.of("views.open"))
    return opened["view"]  # type: ignore[no-any-return]


def filled(**values: str) -> Fields:
    return {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}


def test_contact_details_are_taken_by_a_form_and_shown_in_a_direct_message(served: Served, ann: SlackUser) -> None:
    view = contact_form(served, ann)
    served.agent.turn = served.agent.offer
    answer = ann.send_form(view, filled(name="Ann Lee", email="ann@acme.example", company="Acme"))
    assert (answer.status_code, answer.text) == (200, "")
    served.api.wait_for(lambda: len(served.agent.heard) == 2)
    first, second = served.agent.heard
    assert first.sender_id == second.sender_id and second.text == "/give_contact"
    assert "ann@" not in str(second.metadata), "sealed"
    [root] = [one for one in served.api.posts(ann.dm) if "thread_ts" not in one]
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, root["ts"])) == 2)
    ann.say("yes", root["ts"])
    served.api.wait_for(lambda: len(served.agent.heard) == 3)
    assert served.agent.heard[2].sender_id == first.sender_id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "Ann"}, "email"),
        ({"email": "ann at acme"}, "email"),
        ({"email": "a@acme.example", "phone": "12"}, "phone"),
    ],
)
def test_form_says_what_is_wrong_beside_its_field(
    served: Served, ann: SlackUser, values: dict[str, str], field: str
) -> None:
    answer = ann.send_form(contact_form(served, ann), filled(**values)).json()
    assert answer["response_action"] == "errors" and list(answer["errors"]) == [field]
    assert len(served.agent.heard) == 1


def test_form_that_comes_twice_is_taken_once(served: Served, ann: SlackUser) -> None:
    send_twice(served, ann, {**contact_form(served, ann), "state": {"values": filled(email="ann@acme.example")}})


def test_form_without_a_conversation_that_comes_twice_begins_one(served: Served, ann: SlackUser) -> None:
    view = interview_form(served, ann)
    send_twice(served, ann, {**view, "state": {"values": first_choice(view)}})


def send_twice(served: Served, ann: SlackUser, view: Fields) -> None:
    before = len(served.agent.heard)
    for _ in range(2):
        assert ann.interact({"type": "view_submission", "view": {**view, "id": "V1"}}).text == ""
    served.api.wait_for(lambda: len(served.agent.heard) > before)
    time.sleep(0.3)
    assert len(served.agent.heard) == before + 1
    assert len([one for one in served.api.posts(ann.dm) if "thread_ts" not in one]) == 1


def test_form_that_cannot_be_taken_says_so(served: Served, ann: SlackUser) -> None:
    view = contact_form(served, ann)
    served.api.fail("chat.postMessage", "messages_tab_disabled")
    answer = ann.send_form(view, filled(email="ann@acme.example")).json()
    assert "just now" in str(answer["errors"])


def test_home_tab_begins_conversations(served: Served, ann: SlackUser) -> None:
    event = {"type": "app_home_opened", "user": ann.user, "channel": ann.dm, "tab": "home", "event_ts": now_ts()}
    assert ann.tell(ann.event(event)).status_code == 200
    [published] = served.api.of("views.publish")
    assert published["user_id"] == ann.user
    button = choices(published["view"])["Which one do we need?"]
    view: dict[str, Any] = {"type": "view", "view_id": "V1"}
    ann.interact({"type": "block_actions", "container": view, "view": {"id": "V1"}, "actions": [button]})
    [root] = [one for one in served.api.posts(ann.dm) if "thread_ts" not in one]
    assert root["text"] == "You asked: Which one do we need?"
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, root["ts"])) == 2)


def test_prompts_are_suggested_where_slack_lets_us(served: Served, ann: SlackUser) -> None:
    event = {"type": "app_home_opened", "user": ann.user, "channel": ann.dm, "tab": "messages", "event_ts": now_ts()}
    ann.tell(ann.event(event))
    [suggested] = served.api.of("assistant.threads.setSuggestedPrompts")
    assert suggested["channel_id"] == ann.dm and 1 <= len(suggested["prompts"]) <= 4 and "thread_ts" not in suggested
    served.api.fail("assistant.threads.setSuggestedPrompts", "not_authorized")
    assert ann.tell(ann.event(event)).status_code == 200


def interview_form(served: Served, ann: SlackUser) -> Fields:
    """The interview as it opens from the Home tab."""
    container: dict[str, Any] = {"type": "view", "view_id": "V1"}
    button = {"action_id": "open:interview", "type": "button", "value": "interview"}
    ann.interact({"type": "block_actions", "container": container, "view": {"id": "V1"}, "actions": [button]})
    [opened] = served.api.wait_for(lambda: served.api.of("views.open"))
    return opened["view"]  # type: ignore[no-any-return]


def first_choice(view: Fields) -> Fields:
    """What Slack sends of a form in which only the first choice of the first menu was made."""
    block = next(one for one in view["blocks"] if one.get("element", {}).get("type") == "static_select")
    option = block["element"]["options"][0]
    return {block["block_id"]: {block["element"]["action_id"]: {"type": "static_select", "selected_option": option}}}


def test_menu_of_the_interview_opens_as_a_form(served: Served, ann: SlackUser) -> None:
    view = interview_form(served, ann)
    assert ann.send_form(view, first_choice(view)).text == ""
    served.api.wait_for(lambda: len(served.agent.heard) == 1)
    assert served.agent.heard[0].text.startswith("/answer{")
