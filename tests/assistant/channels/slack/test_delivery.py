"""Answers reach Slack whatever fails: once, in order, plainer where they must be, and never as an exception's text."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from assistant.channels.slack import answers, delivery, status
from assistant.stores import inbox
from assistant.stores.holds import hold
from assistant.stores.tables import slack_turns
from assistant.turns import holding
from tests.assistant.channels.slack.conftest import Serve, Served
from tests.canary import CANARY
from tests.slack_api import BOT_TOKEN, SIGNING_SECRET
from tests.slack_user import SlackUser

SOON = 10.0  # seconds, about half of what a lease lasts
TABLE = {
    "type": "table",
    "version": 1,
    "title": "CAIO or CTO",
    "columns": ["CAIO", "CTO"],
    "rows": [{"label": "Looks after", "cells": ["AI", "technology"]}, {"label": "Reports to", "cells": ["CEO", "CEO"]}],
}


async def compare(message: UserMessage) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": "How they differ", "custom": TABLE})


def is_rich(fields: dict[str, Any]) -> bool:
    return "data_table" in json.dumps(fields.get("blocks", []))


def turns(served: Served) -> list[dict[str, Any]]:
    def read(connection: Connection) -> list[dict[str, Any]]:
        return [dict(row) for row in connection.execute(select(slack_turns)).mappings()]

    return served.store.run_sync(read)


def test_post_that_was_rate_limited_comes_after_the_time_that_slack_asks(served: Served, ann: SlackUser) -> None:
    served.api.fail("chat.postMessage", "ratelimited", status=429, headers={"Retry-After": "2"})
    begun = time.monotonic()
    thread = ann.say("hello")
    first, second = served.api.wait_for(lambda: len(found := served.api.posts(ann.dm, thread)) == 2 and found)
    assert time.monotonic() - begun >= 2
    assert "You said" in first["text"] and "Who leads?" in second["text"]


@pytest.mark.parametrize(
    ("error", "status"), [("internal_error", 500), ("fatal_error", 200), ("service_unavailable", 503)]
)
def test_fault_of_slack_is_retried(served: Served, ann: SlackUser, error: str, status: int) -> None:
    served.api.fail("chat.postMessage", error, status=status, times=2)
    thread = ann.say("hello")
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 2)
    assert [message.text for message in served.agent.heard] == ["hello"]


def test_call_that_takes_too_long_is_tried_again_as_the_same_post(
    served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_LONGEST_POST", 0.2)
    ann.say("hello")
    served.api.wait_for(lambda: len(served.api.posts()) == 2)
    served.api.delay = 1.0
    thread = ann.say("hello again")
    served.api.wait_for(lambda: any(turn["attempts"] for turn in turns(served)))
    served.api.delay = 0.0
    served.api.wait_for(lambda: all(turn["done"] for turn in turns(served)))
    posted = {one["client_msg_id"] for one in served.api.posts(ann.dm, thread)}
    assert len(posted) == 2, "Slack's stand-in may have taken a post whose answer nobody waited for"


def test_later_answers_wait_for_one_that_is_put_off(served: Served, ann: SlackUser) -> None:
    served.api.fail("chat.postMessage", "ratelimited", status=429, headers={"Retry-After": "2"})
    thread = ann.say("one")
    served.api.wait_for(lambda: any(not call.answer["ok"] for call in served.api.calls))
    ann.say("two", thread)
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 4, SOON)
    said = [one["text"] for one in served.api.posts(ann.dm, thread)]
    assert ["one" in said[0], "two" in said[2]] == [True, True]


def test_answer_of_a_turn_that_takes_long_is_posted_as_soon_as_it_is_there(
    served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "_PATIENCE", 0.1)
    served.agent.turn = served.agent.slowly
    thread = ann.say("hello")
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 2, SOON)
    monkeypatch.setattr(delivery, "_WITHOUT_CLAIM", 0.0)
    ann.slash("hello")
    served.api.wait_for(lambda: len(served.api.of("respond")) == 1, SOON)
    time.sleep(1.5)
    assert len(served.api.posts()) == 2 and len(served.api.of("respond")) == 1


def test_refused_blocks_come_plainer_and_that_is_remembered(served: Served, ann: SlackUser) -> None:
    served.agent.turn = compare
    served.api.fail("chat.postMessage", "invalid_blocks", times=99, applies=is_rich)
    ann.say("differ?")
    [said] = served.api.wait_for(served.api.posts)
    assert said["blocks"] and "technology" in json.dumps(said)
    attempts = len(served.api.calls)
    ann.say("differ?")
    served.api.wait_for(lambda: len(served.api.posts()) == 2)
    assert not any(is_rich(call.fields) for call in served.api.calls[attempts:])
    other = served.user("U0EVE", team="T0OTHER")
    other.say("differ?")
    served.api.wait_for(lambda: len(served.api.posts()) == 3)
    assert any(is_rich(call.fields) for call in served.api.calls[attempts:]), "another workspace may take them"


def test_blocks_that_are_refused_altogether_come_as_text(served: Served, ann: SlackUser) -> None:
    served.agent.turn = compare
    served.api.fail("chat.postMessage", "invalid_blocks", times=99, applies=lambda fields: "blocks" in fields)
    ann.say("differ?")
    [said] = served.api.wait_for(served.api.posts)
    assert "blocks" not in said and "technology" in said["text"]
    served.api.heal()
    ann.say("differ?")
    [_, said] = served.api.wait_for(lambda: len(found := served.api.posts()) == 2 and found)
    assert "blocks" in said, "one message says nothing about the workspace"


@pytest.mark.parametrize("error", ["not_in_channel", "is_archived", "channel_not_found", "restricted_action"])
def test_place_that_takes_no_posts_is_not_tried_again(served: Served, ann: SlackUser, error: str) -> None:
    served.api.fail("chat.postMessage", error, times=99)
    ann.mention("hello")
    served.api.wait_for(lambda: turns(served) and turns(served)[0]["done"])
    time.sleep(1.5)
    assert sum(call.method == "chat.postMessage" for call in served.api.calls) == 1


def test_conversation_goes_on_after_a_post_that_failed(served: Served, ann: SlackUser) -> None:
    thread = ann.mention("one")
    served.api.wait_for(lambda: len(served.api.posts()) == 2)
    served.api.fail("chat.postMessage", "is_archived")
    ann.mention("two", thread=thread)
    served.api.wait_for(lambda: len(served.agent.heard) == 2)
    ann.mention("three", thread=thread)
    served.api.wait_for(lambda: len(served.api.posts()) == 4)
    assert len({message.sender_id for message in served.agent.heard}) == 1


def test_failed_turn_is_apologized_for_once_and_answered_later(
    served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LEASE", 0.5)
    served.agent.turn = served.agent.fail
    thread = ann.say("the merger with Acme")
    [sorry] = served.api.wait_for(lambda: served.api.posts(ann.dm, thread))
    assert "trying again" in sorry["text"] and "Acme" not in sorry["text"] and "RuntimeError" not in str(sorry)
    served.agent.turn = served.agent.offer
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 3)


def test_answer_of_a_process_that_died_is_posted_by_another(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    served = serve()
    ann = served.user()
    served.api.fail("chat.postMessage", "internal_error", times=99)
    thread = ann.say("hello")
    served.api.wait_for(lambda: turns(served)[0]["attempts"] > 0)
    dead = update(slack_turns).values(owner="somebody who died", due=time.time() - 1)
    served.store.run_sync(lambda connection: connection.execute(dead))
    served.api.heal()
    serve()
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 2)
    time.sleep(1.5)
    assert len(served.api.posts(ann.dm, thread)) == 2


def test_status_is_shown_only_for_a_turn_that_takes_long(
    served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.say("hello")
    served.api.wait_for(lambda: len(served.api.posts()) == 2)
    assert served.api.statuses() == []
    monkeypatch.setattr(status, "_PATIENCE", 0.1)
    served.agent.turn = served.agent.slowly
    ann.say("hello")
    served.api.wait_for(lambda: served.api.statuses() == ["processing", "active"])
    served.api.wait_for(lambda: not any(row["processing"] for row in turns(served)))


def test_status_does_not_stay_after_a_failure(served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail_slowly(message: UserMessage) -> None:
        await served.agent.slowly(message)
        raise RuntimeError

    monkeypatch.setattr(status, "_PATIENCE", 0.1)
    served.agent.turn = fail_slowly
    ann.say("hello")
    served.api.wait_for(lambda: served.api.statuses() == ["processing", "active"])


def test_status_does_not_stay_after_a_kill(serve: Serve) -> None:
    served = serve()
    ann = served.user()
    ann.say("hello")
    served.api.wait_for(lambda: turns(served) and turns(served)[0]["done"])
    left = update(slack_turns).values(processing=True, due=time.time() - 1)
    served.store.run_sync(lambda connection: connection.execute(left))
    served.api.wait_for(lambda: served.api.statuses() == ["active"])
    served.api.wait_for(lambda: not turns(served)[0]["processing"])


@pytest.mark.parametrize("error", ["not_authorized", "missing_scope", "unknown_method"])
def test_refused_sessions_are_not_asked_for_again(served: Served, ann: SlackUser, error: str) -> None:
    for method in ("agents.sessions.setStatus", "agents.sessions.rename"):
        served.api.fail(method, error, times=99)
    for _ in range(3):
        ann.say("what is a caio?")
    served.api.wait_for(lambda: len(served.api.posts()) == 6)
    time.sleep(0.3)
    assert sum(call.method.startswith("agents.") for call in served.api.calls) <= 3
    before = len(served.api.calls)
    ann.say("what is a caio?")
    served.api.wait_for(lambda: len(served.api.posts()) == 8)
    time.sleep(0.3)
    assert not any(call.method.startswith("agents.") for call in served.api.calls[before:])


def test_thread_is_called_as_its_first_question(served: Served, ann: SlackUser) -> None:
    thread = ann.say("what does a caio differ?")
    [title] = served.api.wait_for(lambda: served.api.of("agents.sessions.rename"))
    assert title == {"channel_id": ann.dm, "thread_ts": thread, "title": "what does a caio differ?"}
    ann.say("and a cto?", thread)
    served.api.wait_for(lambda: len(served.api.posts()) == 4)
    assert len(served.api.of("agents.sessions.rename")) == 1


def test_stop_button_stops_what_is_not_posted_and_keeps_what_is_stored(
    served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "_PATIENCE", 0.05)
    served.agent.turn = served.agent.slowly
    thread = ann.say("hello")
    served.api.wait_for(lambda: served.api.statuses() == ["processing"])
    event = ann.event({"type": "agent_session_stopped", "channel": ann.dm, "thread_ts": thread, "user": ann.user})
    event["event"]["event_ts"] = thread
    for _ in range(3):
        assert ann.tell(event).status_code == 200
    [confirmed] = served.api.wait_for(lambda: served.api.posts(ann.dm, thread))
    assert confirmed["text"].startswith("Stopped")
    time.sleep(1.0)
    assert len(served.api.posts(ann.dm, thread)) == 1 and served.api.statuses()[-1] == "active"
    served.agent.turn = served.agent.offer
    ann.say("go on", thread)
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 3)
    assert len({message.sender_id for message in served.agent.heard}) == 1


def test_person_who_takes_over_is_heard_in_slack(served: Served, ann: SlackUser) -> None:
    thread = ann.say("hello")
    served.api.wait_for(lambda: len(served.api.posts()) == 2)
    conversation = served.agent.heard[0].sender_id
    loop = served.app.ctx.loop
    tell = served.app.ctx.seatwise.turns.tell

    def run(compose: Any) -> None:

        asyncio.run_coroutine_threadsafe(tell(conversation, compose), loop).result(10)

    run(lambda connection: holding.take_over(connection, conversation, "Mia"))
    served.api.wait_for(lambda: served.api.statuses() == ["suspended"])
    ann.say("are you there?", thread)
    run(lambda connection: holding.answer(connection, conversation, "Mia", "Yes, ask me."))
    served.api.wait_for(lambda: "Yes, ask me." in json.dumps(served.api.posts(ann.dm, thread)[-1]))
    run(lambda connection: holding.hand_back(connection, conversation))
    served.api.wait_for(lambda: served.api.statuses()[-1] == "active")
    texts = [one["text"] for one in served.api.posts(ann.dm, thread)]
    assert [text[:4] for text in texts[2:]] == ["Mia ", texts[3][:4], "Mia ", texts[5][:4]]
    assert [message.text for message in served.agent.heard] == ["hello"], "the assistant is silent meanwhile"


def test_what_a_person_said_in_a_process_that_died_is_posted(serve: Serve) -> None:
    served = serve()
    ann = served.user()
    thread = ann.say("hello")
    served.api.wait_for(lambda: len(served.api.posts()) == 2)
    conversation = served.agent.heard[0].sender_id

    def say(connection: Connection) -> None:
        hold(connection, conversation, "Mia")
        said = [one.as_json() for one in holding.answer(connection, conversation, "Mia", "I'll call you.")]
        inbox._tell(connection, conversation, lambda _: said)

    served.store.run_sync(say)
    serve()
    served.api.wait_for(lambda: any("call you" in one["text"] for one in served.api.posts(ann.dm, thread)))
    time.sleep(1.5)
    assert len(served.api.posts(ann.dm, thread)) == 3


def test_answer_to_a_command_comes_as_a_direct_message_once_its_address_is_dead(served: Served, ann: SlackUser) -> None:
    served.api.fail("respond", "expired_url", status=404)
    ann.slash("hello")
    served.api.wait_for(lambda: len(served.api.posts(ann.dm)) == 2)
    assert served.api.of("respond") == []


def test_refused_blocks_of_a_private_reply_come_plainer(served: Served, ann: SlackUser) -> None:
    served.agent.turn = compare
    served.api.fail("respond", "invalid_blocks", status=400, times=9, applies=is_rich)
    ann.slash("differ?")
    [said] = served.api.wait_for(lambda: served.api.of("respond"))
    assert said["blocks"] and "technology" in json.dumps(said)


def test_private_reply_that_slack_cannot_take_now_comes_later(served: Served, ann: SlackUser) -> None:
    served.api.fail("respond", "unavailable", status=503, times=2)
    ann.slash("hello")
    served.api.wait_for(lambda: len(served.api.of("respond")) == 1)


def test_address_outside_of_slack_gets_nothing(served: Served, ann: SlackUser) -> None:
    fields = {"command": "/seatwise", "text": "hi", "team_id": "T0FIRM", "user_id": ann.user, "trigger_id": "7.7"}
    body = urlencode({**fields, "response_url": "https://slack.com.evil.example/respond"})
    assert ann.post(body, "application/x-www-form-urlencoded").status_code == 200
    served.api.wait_for(lambda: len(served.api.posts(ann.dm)) == 2)


def test_rate_limit_is_told_in_private(serve: Serve) -> None:
    served = serve(
        SEATWISE_SLACK_SIGNING_SECRET=SIGNING_SECRET,
        SEATWISE_SLACK_BOT_TOKEN=BOT_TOKEN,
        SEATWISE_MESSAGES_A_MINUTE="6",
    )
    ann = served.user()
    thread = ann.mention("one")
    ann.mention("two", thread=thread)
    [whispered] = served.api.wait_for(lambda: served.api.of("chat.postEphemeral"))
    assert "a little fast" in whispered["text"] and whispered["user"] == ann.user


def test_neither_words_nor_tokens_are_logged_whatever_fails(
    served: Served, ann: SlackUser, ben: SlackUser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    served.api.fail("chat.postMessage", "invalid_blocks", times=2)
    served.api.fail("chat.postMessage", "internal_error", status=500, times=3)
    served.api.fail("agents.sessions.rename", "missing_scope")
    ann.say(CANARY)
    ben.mention(CANARY)
    ann.slash(CANARY)
    ann.interact({"type": "block_actions", "container": {"type": "message", "channel_id": CANARY}, "actions": [{}]})
    served.api.wait_for(lambda: len(served.agent.heard) == 3 and all(turn["done"] for turn in turns(served)))
    assert caplog.records and not any(secret in caplog.text for secret in (CANARY, BOT_TOKEN, SIGNING_SECRET))
