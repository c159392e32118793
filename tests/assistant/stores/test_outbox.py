"""Outgoing messages are stored with their event, sent in order, and retried until delivered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import insert, select

from assistant.settings import Settings
from assistant.stores import conversations, outbox
from assistant.stores.conversations import ConversationStore
from assistant.stores.database import Database
from assistant.stores.erasures import Erased, bury
from assistant.stores.outbox import Outbox, OutboxMessage
from assistant.stores.schema import upgrade
from assistant.stores.tables import leads

WISH = {"kind": "lead", "content": {"conversation": "visitor"}}
ROUTES = {"lead": ["webhook"], "handoff": ["webhook"], "unclaimed": ["webhook", "slack"], "overdue": ["mail"]}
SECRET = f"whsec_{'a' * 32}"


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made


def put(stored: Database, conversation: str, *numbers: int) -> None:
    stored.run_sync(lambda held: outbox.put(held, "web", conversation, [(number, WISH) for number in numbers], ROUTES))


def claim(stored: Database, destination: str = "webhook") -> list[OutboxMessage]:
    return asyncio.run(Outbox(stored).claim(destination))


@pytest.mark.parametrize(("receiver", "parcels"), [("https://firm.example/hook", 1), ("", 0)])
def test_turn_stores_an_outgoing_message_if_a_webhook_is_configured(
    stored: Database, monkeypatch: pytest.MonkeyPatch, receiver: str, parcels: int
) -> None:
    monkeypatch.setenv("SEATWISE_WEBHOOK_URL", receiver)
    monkeypatch.setenv("SEATWISE_WEBHOOK_SECRET", SECRET)
    monkeypatch.setattr(conversations, "database", lambda: stored)

    async def turn() -> None:
        store = ConversationStore(Domain.empty())
        tracker = DialogueStateTracker("visitor", [AnySlot(outbox.SLOT, [])])
        tracker.update(UserUttered("talk to a person"))
        tracker.update(SlotSet(outbox.SLOT, WISH))
        await store.save(tracker)
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)

    asyncio.run(turn())
    waiting = claim(stored)
    assert [(one.conversation, one.number, one.kind, one.content) for one in waiting] == [
        ("visitor", 1, "lead", WISH["content"])
    ] * parcels


def test_message_is_claimed_once_until_its_lease_ends(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    put(stored, "a", 1)
    assert len(claim(stored)) == 1
    assert claim(stored) == []
    monkeypatch.setattr("assistant.stores.outbox.time.time", lambda real=time.time: real() + outbox.LEASE + 1)
    assert [one.key for one in claim(stored)] == ["a-1"]


def test_messages_of_a_conversation_are_claimed_one_after_the_other(stored: Database) -> None:
    put(stored, "a", 3, 7)
    put(stored, "b", 5)
    first = claim(stored)
    assert {one.key for one in first} == {"a-3", "b-5"}
    asyncio.run(Outbox(stored).delivered(next(one for one in first if one.conversation == "a")))
    assert [one.key for one in claim(stored)] == ["a-7"]


def test_failed_deliveries_back_off_and_are_given_up_after_days(
    stored: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, moments = time.time(), [0.0]
    monkeypatch.setattr("assistant.stores.outbox.time.time", lambda: start + moments[-1])
    put(stored, "a", 1, 2)
    first_due = select(outbox.outbox.c.due).where(outbox.outbox.c.number == 1)
    while waiting := claim(stored):
        if waiting[0].number == 2:
            break
        asyncio.run(Outbox(stored).failed(waiting[0], "status 500"))
        due = stored.run_sync(lambda connection: connection.execute(first_due).scalar_one())
        moments.append(max(due - start, moments[-1]) + 0.1)
    pauses = [after - before for before, after in zip(moments, moments[1:], strict=False)]
    assert pauses[:4] == pytest.approx([5.1, 10.1, 20.1, 40.1], abs=0.1)
    assert max(pauses) == pytest.approx(3600, abs=1)
    assert moments[-1] > 3 * 24 * 3600
    number, _, given_up = asyncio.run(Outbox(stored).pending())
    assert (number, given_up) == (1, 1)


def test_stored_message_can_be_read_back(stored: Database) -> None:
    put(stored, "a", 1)
    content = stored.run_sync(lambda connection: connection.execute(select(outbox.outbox.c.content)).scalar())
    assert json.loads(content) == WISH["content"]


def test_handoff_is_stored_once_a_day_for_each_visitor(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    start, hours = time.time(), 0.0
    monkeypatch.setattr("assistant.stores.outbox.time.time", lambda: start + hours * 3600)
    wish = {"kind": "handoff", "content": {}}

    def asked(conversation: str, *numbers: int) -> None:
        stored.run_sync(
            lambda held: outbox.put(held, "web", conversation, [(number, wish) for number in numbers], ROUTES)
        )

    asked("a", 1, 2)
    hours = 23.0
    asked("a", 3)
    asked("b", 1)
    hours = 25.0
    asked("a", 4)
    kept = select(outbox.outbox.c.conversation, outbox.outbox.c.number).order_by(outbox.outbox.c.created)
    assert stored.run_sync(lambda connection: connection.execute(kept).all()) == [("a", 1), ("b", 1), ("a", 4)]


def settings(**variables: str) -> Settings:
    return Settings.from_environment({f"SEATWISE_{name}": value for name, value in variables.items()})


WEBHOOK = {"WEBHOOK_URL": "https://firm.example/hook", "WEBHOOK_SECRET": SECRET}
MAIL = {"SMTP_URL": "smtps://mail.firm.example", "MAIL_FROM": "chat@firm.example"}


@pytest.mark.parametrize(
    ("configured", "lead", "report", "handoff"),
    [
        ({}, [], [], []),
        (WEBHOOK, ["webhook"], [], ["webhook"]),
        ({"HUBSPOT_TOKEN": "t"}, ["hubspot"], [], []),
        (MAIL, [], ["mail"], []),  # nobody in the firm reads mail
        ({**WEBHOOK, **MAIL, "MAIL_TO": "sales@firm.example"}, ["webhook", "mail"], ["mail"], ["webhook", "mail"]),
    ],
)
def test_message_goes_where_the_settings_say(
    configured: Mapping[str, str], lead: list[str], report: list[str], handoff: list[str]
) -> None:
    routes = outbox.routes(settings(**configured))
    assert (routes["lead"], routes["report"], routes["handoff"]) == (lead, report, handoff)


def test_destinations_do_not_wait_for_each_other(stored: Database) -> None:
    routes = {"lead": ["webhook", "mail"]}
    stored.run_sync(lambda held: outbox.put(held, "web", "a", [(1, WISH), (2, WISH)], routes))
    [first] = claim(stored, "mail")
    asyncio.run(Outbox(stored).delivered(first))
    assert [one.key for one in claim(stored, "mail")] == ["a-2"]
    assert [one.key for one in claim(stored, "webhook")] == ["a-1"]


def test_pause_that_a_receiver_asks_for_is_kept(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    start, passed = time.time(), 0.0
    monkeypatch.setattr("assistant.stores.outbox.time.time", lambda: start + passed)
    put(stored, "a", 1)
    assert asyncio.run(Outbox(stored).failed(claim(stored)[0], "status 429", after=90))
    passed = 89.0
    assert claim(stored) == []
    passed = 91.0
    assert len(claim(stored)) == 1


def test_dead_letter_frees_the_next_message_and_can_be_sent_again(stored: Database) -> None:
    put(stored, "a", 1, 2)
    asyncio.run(Outbox(stored).refused(claim(stored)[0], "status 400: no such property"))
    assert [one.key for one in claim(stored)] == ["a-2"]
    listed = stored.run_sync(outbox.undelivered)
    assert [(one["key"], one["state"], one["reason"]) for one in listed] == [
        ("a-1", "dead", "status 400: no such property"),
        ("a-2", "waiting", None),
    ]
    assert stored.run_sync(lambda held: outbox.send_again(held, "a-1")) == 1
    assert stored.run_sync(lambda held: outbox.send_again(held, "a-2")) == 0
    [again] = claim(stored)
    assert (again.key, again.attempts, again.reason) == ("a-1", 0, "status 400: no such property")


def test_dead_letter_can_be_read(stored: Database) -> None:
    put(stored, "a-b", 1)
    [shown] = stored.run_sync(lambda held: outbox.deliveries(held, "a-b-1"))
    assert (shown["destination"], shown["content"]) == ("webhook", WISH["content"])
    assert stored.run_sync(lambda held: outbox.deliveries(held, "nonsense")) == []


def test_only_three_leads_a_day_are_stored_for_a_conversation(stored: Database) -> None:
    put(stored, "a", 1, 2)
    put(stored, "a", 3, 4)
    assert [one["key"] for one in stored.run_sync(outbox.undelivered)] == ["a-1", "a-2", "a-3"]


def test_visitors_can_update_a_lead_three_times_a_day_and_the_firm_as_often_as_it_wants(stored: Database) -> None:
    routes, content = {"lead.updated": ["webhook"]}, {"change": "claimed"}
    wishes = [(number, {"kind": "lead.updated", "content": {"change": "contact"}}) for number in range(1, 6)]
    for _ in range(4):
        stored.run_sync(lambda held: outbox.announce(held, "web", "a", "lead.updated", content, routes))
    stored.run_sync(lambda held: outbox.put(held, "web", "a", wishes, routes))
    assert sorted(one["key"] for one in stored.run_sync(outbox.undelivered)) == [
        *("a--1", "a--2", "a--3", "a--4"),
        *("a-1", "a-2", "a-3"),
    ]


def test_message_that_no_event_asks_for_is_delivered_after_those_before_it(stored: Database) -> None:
    put(stored, "a", 5)
    stored.run_sync(lambda held: outbox.announce(held, "web", "a", "unclaimed", {}, ROUTES))
    stored.run_sync(lambda held: outbox.announce(held, "web", "a", "lead", {}, ROUTES))
    arrived = []
    while waiting := claim(stored):
        arrived += [one.key for one in waiting]
        asyncio.run(Outbox(stored).delivered(waiting[0]))
    assert arrived == ["a-5", "a--1", "a--2"]
    assert outbox.conversation_of("a--2") == "a"


def test_nothing_is_announced_of_an_erased_conversation(stored: Database) -> None:
    stored.run_sync(lambda held: bury(held, "a"))
    with pytest.raises(Erased):
        stored.run_sync(lambda held: outbox.announce(held, "web", "a", "lead", {}, ROUTES))


def add_lead(stored: Database, conversation: str, created: float, claimed: float | None = None) -> None:
    lead = {"conversation": conversation, "details": "", "consent": "1", "consented": created, "claimed": claimed}
    row = {**lead, "answers_included": False, "created": created, "updated": created}
    stored.run_sync(lambda held: held.execute(insert(leads), row))


def test_lead_that_nobody_claimed_is_announced_once_and_then_by_mail(stored: Database) -> None:
    half_an_hour_ago, an_hour_ago = time.time() - 31 * 60, time.time() - 61 * 60
    add_lead(stored, "waiting", half_an_hour_ago)
    add_lead(stored, "forgotten", an_hour_ago)
    add_lead(stored, "claimed", half_an_hour_ago, claimed=time.time())
    add_lead(stored, "new", time.time())
    add_lead(stored, "never sent", half_an_hour_ago)
    for conversation in ("waiting", "forgotten", "claimed", "new"):
        put(stored, conversation, 3)
    for _ in range(2):
        asyncio.run(Outbox(stored).announce_unclaimed(30, ROUTES))
    reminders = [one for one in stored.run_sync(outbox.undelivered) if one["kind"] in outbox.REMINDERS]
    assert sorted((one["key"], one["destination"]) for one in reminders) == [
        ("forgotten--1", "slack"),
        ("forgotten--1", "webhook"),
        ("forgotten--2", "mail"),
        ("waiting--1", "slack"),
        ("waiting--1", "webhook"),
    ]
