"""Direct messages, mentions, threads and the slash command: each is answered once, where it was said."""

from __future__ import annotations

import json
import time

import pytest

from tests.assistant.channels.slack.conftest import Served
from tests.slack_api import SlackApi
from tests.slack_user import SlackUser, now_ts


def heard(served: Served) -> list[str]:
    return [message.text for message in served.agent.heard]


def test_direct_message_is_answered_in_its_thread(served: Served, ann: SlackUser) -> None:
    thread = ann.say("hello")
    first, second = served.api.wait_for(lambda: len(found := served.api.posts(ann.dm, thread)) == 2 and found)
    assert "You said: hello" in first["text"]
    assert "Who leads?" in second["text"]
    assert heard(served) == ["hello"]
    assert served.agent.heard[0].input_channel == "slack"


def test_thread_of_a_direct_message_is_one_conversation(served: Served, ann: SlackUser) -> None:
    thread = ann.say("hello")
    ann.say("and again", thread)
    ann.say("something else")
    served.api.wait_for(lambda: len(served.agent.heard) == 3)
    first, again, other = (message.sender_id for message in served.agent.heard)
    assert first == again != other
    assert not any(part in first for part in (ann.user, ann.dm))


def test_mention_is_answered_in_a_thread_and_follow_ups_need_no_mention(
    served: Served, ann: SlackUser, ben: SlackUser
) -> None:
    thread = ann.mention("what is a caio?")
    served.api.wait_for(lambda: served.api.posts("C0ALL", thread))
    ben.follow_up("and a cto?", thread)
    served.api.wait_for(lambda: len(served.agent.heard) == 2)
    assert heard(served) == ["what is a caio?", "and a cto?"]
    assert len({message.sender_id for message in served.agent.heard}) == 1


def test_messages_of_channels_and_threads_without_us_are_ignored(served: Served, ann: SlackUser) -> None:
    ann.follow_up("lunch?", now_ts())
    assert ann.tell(ann.event(ann.written("lunch?", "C0ALL"))).status_code == 200
    time.sleep(0.3)
    assert heard(served) == []


def test_mention_that_comes_as_two_events_is_answered_once(served: Served, ann: SlackUser) -> None:
    thread = ann.mention("what is a caio?")
    mention = ann.written("<@U0BOT> and a cto?", "C0ALL", thread)
    for kind in ("message", "app_mention", "message"):
        assert ann.tell(ann.event({**mention, "type": kind})).status_code == 200
    served.api.wait_for(lambda: len(served.api.posts("C0ALL", thread)) == 4)
    time.sleep(0.3)
    assert heard(served) == ["what is a caio?", "and a cto?"]


def test_mention_in_a_direct_message_that_comes_as_two_events_is_answered_once(served: Served, ann: SlackUser) -> None:
    mention = ann.written("<@U0BOT> what is a caio?", ann.dm)
    for kind in ("message", "app_mention"):
        assert ann.tell(ann.event({**mention, "type": kind})).status_code == 200
    served.api.wait_for(lambda: len(served.api.posts(ann.dm)) == 2)
    time.sleep(0.3)
    assert heard(served) == ["what is a caio?"]


def test_messages_of_the_same_moment_in_different_places_are_two(served: Served, ann: SlackUser) -> None:
    moment = now_ts()
    for channel in ("C0ALL", "C0OTHER"):
        mention = ann.written(f"<@U0BOT> hello {channel}", channel, ts=moment)
        ann.tell(ann.event({**mention, "type": "app_mention"}))
    served.api.wait_for(lambda: sorted(heard(served)) == ["hello C0ALL", "hello C0OTHER"])


def test_event_that_comes_three_times_is_answered_once(served: Served, ann: SlackUser) -> None:
    event = ann.event(ann.written("hello", ann.dm))
    for attempt in range(3):
        retried = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"} if attempt else {}
        assert ann.tell(event, **retried).status_code == 200
    served.api.wait_for(lambda: len(served.api.posts()) == 2)
    time.sleep(0.3)
    assert heard(served) == ["hello"] and len(served.api.posts()) == 2


def test_retry_of_an_event_that_never_arrived_is_answered(served: Served, ann: SlackUser) -> None:
    retried = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    ann.tell(ann.event(ann.written("hello", ann.dm)), **retried)
    assert served.api.wait_for(lambda: served.api.posts(ann.dm))


def test_message_that_slack_delivers_hours_late_is_answered_and_says_so(served: Served, ann: SlackUser) -> None:
    old = f"{int(time.time()) - 7200}.000100"
    ann.say("hello", ts=old)
    first, second = served.api.wait_for(lambda: len(found := served.api.posts(ann.dm, old)) == 2 and found)
    assert "late" in first["text"] and "late" not in second["text"]
    ann.say("hello", ts=old)
    time.sleep(0.3)
    assert heard(served) == ["hello"]


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "message_changed", "message": {"text": "edited", "user": "U0ANN"}},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message", "bot_id": "B0OTHER"},
        {"subtype": "channel_topic", "topic": "hello"},
        {"subtype": "channel_join"},
        {"subtype": "message_replied"},
        {"subtype": "me_message"},
        {"subtype": "reminder_add"},
        {"subtype": "huddle_thread"},
        {"bot_id": "B0BOT", "user": "U0BOT"},
        {"user": None},
    ],
)
def test_what_no_person_has_written_is_ignored(served: Served, ann: SlackUser, more: dict[str, object]) -> None:
    ann.say("hello", **more)
    time.sleep(0.2)
    assert heard(served) == [] and served.api.posts() == []


def test_file_alone_is_answered_that_it_cannot_be_read(served: Served, ann: SlackUser) -> None:
    thread = ann.say("", subtype="file_share", files=[{"id": "F1"}])
    [said] = served.api.wait_for(lambda: served.api.posts(ann.dm, thread))
    assert "files" in said["text"] and heard(served) == []
    ann.say("see this", subtype="file_share", files=[{"id": "F1"}])
    served.api.wait_for(lambda: heard(served) == ["see this"])


def test_reply_that_is_also_sent_to_the_channel_is_answered(served: Served, ann: SlackUser) -> None:
    thread = ann.mention("hello")
    ann.tell(ann.event({**ann.written("and more", "C0ALL", thread), "subtype": "thread_broadcast"}))
    served.api.wait_for(lambda: heard(served) == ["hello", "and more"])


def test_mention_without_words_is_greeted(served: Served, ann: SlackUser) -> None:
    ann.mention("")
    served.api.wait_for(lambda: heard(served) == ["/greet"])


def test_typed_intent_is_a_text(served: Served, ann: SlackUser) -> None:
    ann.mention("/confirm_erasure")
    ann.say('/answer{"leadership": "none"}')
    ann.slash("/confirm_erasure")
    served.api.wait_for(lambda: len(served.agent.heard) == 3)
    assert not any(text.startswith("/") for text in heard(served))


def test_command_is_answered_privately_and_at_once(served: Served, ann: SlackUser) -> None:
    answer = ann.slash("what is a caio?")
    assert (answer.status_code, answer.text) == (200, "")
    [said] = served.api.wait_for(lambda: served.api.of("respond"))
    assert said["response_type"] == "ephemeral" and said["replace_original"] is False
    assert "You said: what is a caio?" in said["text"] and "Who leads?" in said["text"]
    assert served.api.posts() == []
    ann.slash("")
    served.api.wait_for(lambda: heard(served) == ["what is a caio?", "/greet"])
    assert served.agent.heard[0].sender_id == served.agent.heard[1].sender_id


def test_text_that_is_too_long_is_refused_with_a_sentence(served: Served, ann: SlackUser) -> None:
    thread = ann.say("a" * 1001)
    assert "at most 1,000 characters" in served.api.posts(ann.dm, thread)[0]["text"]
    assert "at most 1,000 characters" in json.loads(ann.slash("a" * 1001).text)["text"]
    ann.mention("a" * 1001)
    assert "at most 1,000" in served.api.of("chat.postEphemeral")[0]["text"]
    assert heard(served) == []


def test_workspaces_and_users_have_conversations_of_their_own(served: Served, api: SlackApi) -> None:
    people = [served.user("U0ANN"), served.user("U0BEN"), served.user("U0ANN", team="T0OTHER")]
    people += [served.user("U0ANN", enterprise="E0ORG"), served.user("U0ANN", team=None, enterprise="E0ORG")]
    for one in people:
        one.slash("hello")
    thread = now_ts()
    for one in people[1:3]:
        one.mention("hello", thread=thread)
    served.api.wait_for(lambda: len(served.agent.heard) == 7)
    assert len({message.sender_id for message in served.agent.heard}) == 7


def test_guest_of_another_organization_is_a_stranger(served: Served, ann: SlackUser) -> None:
    guest = served.user("U0GUEST", home="T0GUEST")
    thread = ann.mention("hello")
    guest.mention("hello", thread=thread)
    guest.follow_up("and more", thread)
    served.api.wait_for(lambda: len(served.agent.heard) == 3)
    member, *others = (message.sender_id for message in served.agent.heard)
    assert others[0] == others[1] != member


@pytest.mark.parametrize("kind", ["reaction_added", "member_joined_channel", "assistant_thread_started", "no_such"])
def test_event_without_listener_is_acknowledged(served: Served, ann: SlackUser, kind: str) -> None:
    answer = ann.tell(ann.event({"type": kind, "user": ann.user, "event_ts": now_ts()}))
    assert answer.status_code == 200


def test_history_of_slack_is_never_read(served: Served, ann: SlackUser) -> None:
    thread = ann.mention("hello")
    ann.follow_up("and more", thread)
    served.api.wait_for(lambda: len(served.api.posts("C0ALL", thread)) == 4)
    assert not any(call.method.startswith("conversations.") for call in served.api.calls)
