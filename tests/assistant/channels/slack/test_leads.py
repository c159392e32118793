"""What the firm's channel gets, and when: each card once, its news in its thread, and words for what Slack refuses."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.models.installation import Installation
from sqlalchemy import select, update

from actions.wording import Wording
from advisor.errors import SeatwiseError
from assistant.channels.slack.blocks.presses import CLAIM
from assistant.channels.slack.installations import Installations
from assistant.channels.slack.samples import deliver_sample
from assistant.delivery.attempt import Refused, Retry
from assistant.stores.database import Database
from assistant.stores.privacy import forget
from assistant.stores.tables import leads, outbox
from assistant.turns.holding import hand_back, take_back, take_over
from tests.assistant.channels.slack.sales import ENVIRONMENT, LEADS, System, Talk
from tests.slack_api import BOT_TOKEN, TEAM, Fields, SlackApi
from tests.slack_user import choices, words_of

Act = Callable[[System, Talk], Awaitable[None]]


@pytest.fixture
def system(store: Database, wording: Wording, monkeypatch: pytest.MonkeyPatch) -> System:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return System(store, wording)


def after(system: System, *acts: Act) -> list[Fields]:
    """What was posted in the firm's channel after all that, on the website."""

    async def work() -> None:
        talk = Talk(1, "web")
        await system.say(talk, "hello")
        for act in acts:
            await act(system, talk)
            await system.settle()

    asyncio.run(work())
    return [
        fields for method, fields in system.line.calls if method == "chat_postMessage" and fields["channel"] == LEADS
    ]


async def agree(system: System, talk: Talk) -> None:
    await system.agree(talk)


async def wish(system: System, talk: Talk) -> None:
    await system.ask(talk, "handoff")


async def wait_too_long(system: System, talk: Talk) -> None:
    """Nobody claims the lead for an hour."""
    old = update(leads).values(created=time.time() - 3600)
    await system.store.run(lambda connection: connection.execute(old))
    await system.outbox.announce_unclaimed(30, system.routes)


async def claim(system: System, talk: Talk) -> None:
    await system.press("U0DANA", TEAM, CLAIM, talk)


async def join(system: System, talk: Talk) -> None:
    assert await system.submit("U0DANA", TEAM, talk, "Hello")


async def be_silent(system: System, talk: Talk) -> None:
    """The person writes nothing for longer than SEATWISE_HOLD_MINUTES."""
    await system.turns.tell(
        talk.conversation, partial(take_back, conversation=talk.conversation, before=time.time() + 1)
    )


async def ask_again(system: System, talk: Talk) -> None:
    await system.say(talk, "and you, <!channel>?")


async def hold_elsewhere(system: System, talk: Talk) -> None:
    """Somebody takes the conversation over on the operator's pages, and leaves it."""
    await system.turns.tell(talk.conversation, lambda connection: take_over(connection, talk.conversation, "Olga"))
    await system.turns.tell(talk.conversation, partial(hand_back, conversation=talk.conversation))


def test_unclaimed_lead_is_announced_again_for_all_of_the_channel(system: System) -> None:
    card, again = after(system, agree, wait_too_long, wait_too_long)
    assert card["thread_ts"] is None
    assert again["thread_ts"] and again["reply_broadcast"]
    assert "Still waiting: Ann" in again["text"] and "Claim" in choices(again)


def test_claimed_lead_is_not_announced_again(system: System) -> None:
    _, claimed = after(system, agree, claim, wait_too_long)
    assert claimed["text"] == "Claimed by <@U0DANA>"
    assert "reply_broadcast" not in claimed
    [card] = calls(system, "chat_update")
    assert card["text"].startswith("New lead: Ann"), "it is the lead that is claimed, not an update"


def test_thread_is_told_when_a_forgotten_chat_is_the_assistants_again(system: System) -> None:
    *_, last = after(system, wish, join, be_silent)
    assert last["text"].startswith("Dana has not written to the prospect for a while")
    assert choices(last) == {}


def test_thread_shows_a_chat_that_is_held_on_the_operators_pages(system: System) -> None:
    _, held, left = after(system, agree, hold_elsewhere)
    assert "from the operator's pages" in held["text"] and choices(held) == {}
    assert left["text"].startswith("Olga has left the chat")


def test_prospect_can_mention_nobody(system: System) -> None:
    said = after(system, wish, join, ask_again)[-1]
    assert "and you" in said["text"]
    assert "<!channel>" not in words_of(said["text"])
    assert list(choices(said)) == ["Reply to the prospect", "Hand back"]


def test_conversation_without_a_card_has_no_thread(system: System) -> None:
    assert after(system, hold_elsewhere) == []


def test_card_that_somebody_deleted_is_posted_again(system: System) -> None:
    refuse(system, "chat_update", "message_not_found")
    first, second = after(system, agree, claim)
    assert first["thread_ts"] is None and second["thread_ts"] is None
    assert "Claimed by" in words_of(second)


@pytest.mark.parametrize(
    ("error", "status", "outcome"),
    [
        ("not_in_channel", 200, Refused),
        ("is_archived", 200, Refused),
        ("ratelimited", 429, Retry),
        ("internal_error", 500, Retry),
    ],
)
def test_what_slack_refuses_is_tried_again_or_given_up(
    system: System, error: str, status: int, outcome: type[Exception]
) -> None:
    refuse(system, "chat_postMessage", error, status)
    with pytest.raises(outcome) as raised:
        after(system, agree)
    if outcome is Refused:
        assert str(raised.value) == f"Slack refuses it: {error}"
    else:
        assert status != 429 or raised.value.after == 7  # type: ignore[attr-defined]


def test_workspace_that_takes_no_new_blocks_gets_plainer_ones(system: System) -> None:
    async def post(**fields: Any) -> dict[str, str]:
        if "rich_text" in words_of(fields):
            raise failure("invalid_blocks")
        system.line.calls.append(("chat_postMessage", fields))
        return {"ts": "1.1", "channel": LEADS}

    system.line.chat_postMessage = post  # type: ignore[attr-defined]
    assert "Hello" in words_of(after(system, wish, join)[-1])


def test_card_without_blocks_loses_those_that_it_had(system: System) -> None:
    async def change(**fields: Any) -> None:
        if fields["blocks"]:
            raise failure("invalid_blocks")
        system.line.calls.append(("chat_update", fields))

    system.line.chat_update = change  # type: ignore[attr-defined]
    after(system, agree, claim)
    [changed] = calls(system, "chat_update")
    assert "Claimed by" in changed["text"] and changed["blocks"] == [], "Slack keeps them unless it gets an empty list"


async def erase(system: System, talk: Talk) -> None:
    """The prospect has everything deleted."""
    await system.erase(talk.conversation)


def calls(system: System, method: str) -> list[Fields]:
    return [fields for name, fields in system.line.calls if name == method]


def waiting(system: System) -> list[Any]:
    """What has not reached Slack, with what is said of it."""
    undelivered = select(outbox.c.kind, outbox.c.content).where(outbox.c.delivered.is_(None))
    return list(system.store.run_sync(lambda connection: connection.execute(undelivered).all()))


def test_card_of_an_erased_lead_says_so_and_what_was_below_it_is_deleted(system: System) -> None:
    card, *below = after(system, agree, join, ask_again, erase)
    [*_, last] = calls(system, "chat_update")
    assert last["text"] == "This lead was erased at the prospect's request."
    assert "Ann" not in words_of(last) and "acme" not in words_of(last) and choices(last) == {}
    assert last["blocks"], "without any, Slack would keep those of the lead"
    assert {one["thread_ts"] for one in below} == {last["ts"]}
    deleted = calls(system, "chat_delete")
    assert len(deleted) == len({one["ts"] for one in deleted}) == len(below)
    assert {one["channel"] for one in [card, *deleted]} == {LEADS}
    assert waiting(system) == []


def test_card_of_a_lead_whose_time_is_up_says_so(system: System) -> None:
    after(system, agree, expire)
    [*_, last] = calls(system, "chat_update")
    assert last["text"] == "This lead was erased because its time was up."
    assert "Ann" not in words_of(last)


async def expire(system: System, _: Talk) -> None:
    """Its days are over."""
    forget(system.store, 0, 0)


def test_erasure_is_brought_to_slack_once_slack_is_there_again(system: System) -> None:
    after(system, agree)
    refuse(system, "chat_update", "internal_error", 500)
    with pytest.raises(Retry):
        asyncio.run(erase_and_settle(system))
    [(kind, content)] = waiting(system)
    assert kind == "erased"
    assert set(json.loads(content)) == {"channel", "ts", "is_card"}, "it outlasts the erasure, so it has nothing else"
    del system.line.chat_update
    again = update(outbox).values(due=0)
    system.store.run_sync(lambda connection: connection.execute(again))
    asyncio.run(system.settle())
    assert [one["text"] for one in calls(system, "chat_update")] == ["This lead was erased at the prospect's request."]
    assert waiting(system) == []


async def erase_and_settle(system: System) -> None:
    await system.erase("visitor-1")
    await system.settle()


def test_lead_that_is_erased_while_its_card_is_posted_is_taken_back(system: System) -> None:
    async def post(**fields: Any) -> dict[str, str]:
        system.line.calls.append(("chat_postMessage", fields))
        await system.erase("visitor-1")
        return {"ts": "1.1", "channel": LEADS}

    system.line.chat_postMessage = post  # type: ignore[attr-defined]
    after(system, agree)
    assert [(one["ts"], one["text"]) for one in calls(system, "chat_update")] == [
        ("1.1", "This lead was erased at the prospect's request.")
    ]


def test_lead_that_is_erased_while_its_card_is_changed_is_taken_back(system: System) -> None:
    """The change reaches Slack last, so the card is taken back once more."""

    async def change(**fields: Any) -> None:
        if "Claimed" in words_of(fields):
            await erase_and_settle(system)
        system.line.calls.append(("chat_update", fields))

    system.line.chat_update = change  # type: ignore[attr-defined]
    after(system, agree, claim)
    assert calls(system, "chat_update")[-1]["text"] == "This lead was erased at the prospect's request."


def test_reply_that_is_posted_during_the_erasure_is_deleted(system: System) -> None:
    async def post(**fields: Any) -> dict[str, str]:
        system.line.calls.append(("chat_postMessage", fields))
        if "and you" in words_of(fields):
            await system.erase("visitor-1")
        return {"ts": f"1.{len(system.line.calls)}", "channel": LEADS}

    system.line.chat_postMessage = post  # type: ignore[attr-defined]
    _, *below = after(system, wish, join, ask_again)
    assert len(calls(system, "chat_delete")) == len(below)


def test_lead_that_is_erased_before_it_is_posted_is_not(system: System) -> None:
    assert after(system, erase_before_posting) == []
    assert calls(system, "chat_update") == []


async def erase_before_posting(system: System, talk: Talk) -> None:
    """The message has been claimed for delivery, and then everything is erased."""
    await system.agree(talk)
    [message] = await system.outbox.claim("slack")
    await system.erase(talk.conversation)
    await system.send(message)


@pytest.mark.parametrize("error", ["message_not_found", "edit_window_closed", "invalid_blocks"])
def test_card_that_cannot_be_changed_is_deleted(system: System, error: str) -> None:
    after(system, agree)
    refuse(system, "chat_update", error)
    asyncio.run(erase_and_settle(system))
    assert len(calls(system, "chat_delete")) == 1
    assert waiting(system) == []


def test_what_somebody_has_deleted_in_slack_needs_no_erasure(system: System) -> None:
    after(system, agree, join)
    for method in ("chat_update", "chat_delete"):
        refuse(system, method, "message_not_found")
    asyncio.run(erase_and_settle(system))
    assert waiting(system) == []


def test_card_that_cannot_be_taken_back_is_a_dead_letter(system: System) -> None:
    after(system, agree)
    for method in ("chat_update", "chat_delete"):
        refuse(system, method, "not_in_channel")
    with pytest.raises(Refused, match="not_in_channel"):
        asyncio.run(erase_and_settle(system))


def test_card_that_another_one_replaced_is_taken_back_too(system: System) -> None:
    refuse(system, "chat_update", "edit_window_closed")
    first, second = after(system, agree, claim)
    del system.line.chat_update
    asyncio.run(erase_and_settle(system))
    [changed], [deleted] = calls(system, "chat_update"), calls(system, "chat_delete")
    assert changed["ts"] != deleted["ts"]


def test_whoever_claimed_a_lead_keeps_it_if_its_card_is_posted_again(system: System) -> None:
    refuse(system, "chat_update", "message_not_found")
    after(system, agree, claim)
    del system.line.chat_update
    asyncio.run(join(system, Talk(1, "web", "visitor-1")))


def refuse(system: System, method: str, error: str, status: int = 200) -> None:
    """Let every call of a method fail."""

    async def call(**_: Any) -> None:
        raise failure(error, status)

    setattr(system.line, method, call)


def failure(error: str, status: int = 200) -> SlackApiError:
    """What slack_sdk raises."""

    class Response(dict[str, Any]):
        status_code = status
        headers = {"Retry-After": "7"}

    return SlackApiError("no", Response(error=error))


def test_sample_is_posted_or_the_line_says_why_not(
    api: SlackApi, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SeatwiseError, match="set SEATWISE_SLACK_LEADS_CHANNEL"):
        deliver_sample(store)
    for name, value in {**ENVIRONMENT, "SEATWISE_SLACK_API_URL": api.url}.items():
        monkeypatch.setenv(name, value)
    api.fail("chat.postMessage", "not_in_channel")
    with pytest.raises(SeatwiseError, match="^slack: not_in_channel$"):
        deliver_sample(store)
    assert deliver_sample(store) == "slack: the sample was accepted"
    assert "Seatwise Sample" in words_of(api.posts(LEADS)[0])


def test_leads_of_several_workspaces_come_to_the_firms_own(
    api: SlackApi, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = {
        "SEATWISE_SLACK_BOT_TOKEN": "",
        "SEATWISE_SLACK_CLIENT_ID": "1.2",
        "SEATWISE_SLACK_CLIENT_SECRET": "of the app",
        "SEATWISE_SLACK_LEADS_CHANNEL": f"{TEAM}/{LEADS}",
    }
    for name, value in {**ENVIRONMENT, **installed, "SEATWISE_SLACK_API_URL": api.url}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SeatwiseError, match=f"^slack: the app is not installed in {TEAM}$"):
        deliver_sample(store)
    for team, token in (("T0OTHER", "xoxb-other"), (TEAM, BOT_TOKEN)):
        installation = Installation(user_id="U1", team_id=team, bot_token=token, bot_id="B1", bot_user_id="U0BOT")
        asyncio.run(Installations(store).async_save(installation))
    assert deliver_sample(store) == "slack: the sample was accepted"
    assert [call.token for call in api.calls if call.method == "chat.postMessage"] == [BOT_TOKEN]
