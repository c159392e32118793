"""What operators see of conversations and leads, what they can do, and what is recorded of it."""

from __future__ import annotations

import html
import json
import subprocess
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from icalendar import Calendar
from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from sqlalchemy import insert, select

from assistant.contacts.contact import Contact
from assistant.contacts.sealing import seal
from assistant.stores.database import Database
from assistant.stores.erasures import digest
from assistant.stores.links import conversation_of
from assistant.stores.tables import audit, events, leads, outbox, unanswered
from assistant.turns.holding import BACK, JOINED, WAITING
from tests.assistant.channels.web.server import OFFER, Client
from tests.console.conftest import Operator

HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(1)>"'{{ 7*7 }}</textarea>"""
VERDICT = {
    "text": "Hire a CTO first.",
    "custom": {
        "type": "verdict",
        "version": 2,
        "role": "CTO_FIRST",
        "title": "A fractional CTO first",
        "strength": {"level": "firm"},
        "sections": [],
        "date": "November 29, 2026",
    },
}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_SECRET", "a-key-of-the-tests-with-more-than-thirty-two-bytes")


def answering(*messages: dict[str, Any]) -> Any:
    """A turn of the stub that says this."""

    async def turn(message: UserMessage) -> None:
        for one in messages:
            await message.output_channel.send_response(message.sender_id, one)

    return turn


def stored(store: Database, table: Any, **row: Any) -> None:
    store.run_sync(lambda connection: connection.execute(insert(table), row))


def lead(store: Database, conversation: str, **more: Any) -> None:
    row = {
        "details": seal(Contact(name="Jane <b>Ortiz").as_json()),
        "consent": "2026-1",
        "consented": 1.0,
        "answers_included": True,
        "updated": 1.0,
    }
    stored(store, leads, **{"conversation": conversation, "created": time.time(), "call_sequence": 0, **row, **more})


def dead_letter(store: Database, conversation: str, **more: Any) -> None:
    row = {"kind": "lead", "content": "{}", "created": 1.0, "due": 1.0, "attempts": 9, "given_up": 2.0}
    stored(store, outbox, **{"conversation": conversation, "number": 3, "destination": "hubspot", **row, **more})


def recorded(store: Database) -> list[tuple[str, str]]:
    rows = select(audit.c.command, audit.c.subject).order_by(audit.c.number)
    found = store.run_sync(lambda connection: connection.execute(rows).all())
    return [(row.command, row.subject) for row in found if row.command != "console.login"]


def page_of(visitor: Client) -> str:
    return f"/conversations/{visitor.session_id}"


def test_day_shows_its_conversations_with_their_outcome(
    server: tuple[str, Sanic], store: Database, dana: Operator, visitor: Client
) -> None:
    server[1].ctx.agent.turn = answering(VERDICT, {"text": "Call us.", "custom": {"type": "handoff", "version": 1}})
    visitor.post(text="hello")
    lead(store, visitor.session_id)
    stored(store, unanswered, conversation=visitor.session_id, number=1, at=1.0, asked="why?", nearest="[]")
    dana.send(f"{page_of(visitor)}/hold")
    shown = dana.see().text
    for words in (visitor.session_id, "A fractional CTO first", "CTO_FIRST", "held by Dana", "asked for a person"):
        assert words in shown
    assert "lead</span>" in shown and "1 unanswered" in shown
    today = datetime.now(timezone.utc).date()
    assert visitor.session_id in dana.see(f"/?day={today}").text
    assert visitor.session_id not in dana.see("/?day=2026-01-01").text
    assert f"Conversations on {today}" in dana.see("/?day=yesterday").text


def test_conversation_shows_what_was_said_with_its_ids(
    server: tuple[str, Sanic], store: Database, dana: Operator, visitor: Client
) -> None:
    server[1].ctx.agent.turn = answering(OFFER)
    visitor.post(text="hello", id="7c1e6d0a-6f0f-4c43-9a53-0d5a2e6b9c11")
    heard = {"event": "user", "message_id": "7c1e6d0a-6f0f-4c43-9a53-0d5a2e6b9c11"}
    stored(store, events, conversation=visitor.session_id, number=4, at=1.0, event=json.dumps(heard))
    [answer] = visitor.get("messages").json()["messages"]
    shown = dana.see(page_of(visitor)).text
    for words in ("hello", "event 4", "7c1e6d0a-6f0f-4c43-9a53-0d5a2e6b9c11", "Who leads?", answer["id"], "Nobody"):
        assert words in shown


def test_conversation_that_does_not_exist_is_not_found(dana: Operator) -> None:
    assert dana.see("/conversations/nothing").status_code == 404
    assert dana.send("/conversations/nothing/hold").status_code == 404


def test_visitor_talks_to_a_person_until_they_give_the_conversation_back(
    server: tuple[str, Sanic], dana: Operator, visitor: Client
) -> None:
    server[1].ctx.agent.turn = answering(OFFER)
    visitor.post(text="hello")
    assert dana.send(f"{page_of(visitor)}/hold").status_code == 303
    assert visitor.post(text="is it you?").json()["messages"][0]["custom"]["type"] == "held"
    assert "is it you?" in dana.see(page_of(visitor)).text
    assert dana.send(f"{page_of(visitor)}/answer", text="Yes.\r\nIt is me.").status_code == 303
    assert dana.send(f"{page_of(visitor)}/release").status_code == 303
    told = visitor.get("messages").json()["messages"]
    assert [one.get("text") or one["custom"]["fallback_text"] for one in told] == [
        "Who leads?",
        JOINED.format(name="Dana"),
        WAITING.format(name="Dana"),
        "Yes.\nIt is me.",
        BACK.format(name="Dana"),
        "Who leads?",
    ]
    assert len(server[1].ctx.agent.heard) == 1
    visitor.post(text="nobody")
    assert len(server[1].ctx.agent.heard) == 2


def test_only_the_holder_answers_and_an_answer_has_words(dana: Operator, url: str, visitor: Client) -> None:
    visitor.post(text="hello")
    eric = Operator(url)
    eric.sign_in("Eric")
    assert dana.send(f"{page_of(visitor)}/answer", text="hello").status_code == 409
    dana.send(f"{page_of(visitor)}/hold")
    assert eric.send(f"{page_of(visitor)}/hold").status_code == 409
    assert eric.send(f"{page_of(visitor)}/answer", text="hello").status_code == 409
    for text in ("", " \n ", "x" * 2001):
        assert dana.send(f"{page_of(visitor)}/answer", text=text).status_code == 400
    assert eric.send(f"{page_of(visitor)}/release").status_code == 303


def test_brief_opens_by_a_link_of_its_own(store: Database, dana: Operator, visitor: Client) -> None:
    visitor.post(text="hello")
    opened = dana.send(f"{page_of(visitor)}/brief")
    place, token = opened.headers["Location"].rsplit("/", 1)
    assert (opened.status_code, place) == (303, "/brief")
    found = store.run_sync(lambda connection: conversation_of(connection, "brief", token))
    assert found == visitor.session_id


def test_lead_is_claimed_once(store: Database, dana: Operator, url: str) -> None:
    lead(store, "visitor/1")
    lead(store, "visitor-2", call=1_800_000_000.0, call_state="booked")
    shown = dana.see("/leads").text
    assert "New (1)" in shown and "Claimed (0)" in shown and "Booked (1)" in shown
    claim = f"/leads/{quote('visitor/1', safe='')}/claim"
    assert dana.send(claim).status_code == 303
    assert dana.send(claim).status_code == 409
    shown = dana.see("/leads").text
    assert "New (0)" in shown and "Claimed (1)" in shown
    row = store.run_sync(lambda connection: connection.execute(select(leads.c.claimed_by, leads.c.claimed)).first())
    assert row.claimed_by == "Dana" and row.claimed


def test_lead_is_listed_by_who_it_is_and_links_to_its_conversation(
    store: Database, dana: Operator, visitor: Client
) -> None:
    visitor.post(text="hello")
    contact = Contact(email="jane@acme.example", company="Acme", topic="pricing", when="Tuesday")
    lead(store, visitor.session_id, details=seal(contact.as_json()))
    listed = dana.see("/leads").text
    assert f'<a href="/console{page_of(visitor)}">jane@acme.example</a><br>Acme' in listed
    assert "<td>pricing; Tuesday</td>" in listed
    assert "<dt>When</dt><dd>Tuesday</dd>" in dana.see(page_of(visitor)).text


def test_dead_letter_is_sent_again(store: Database, dana: Operator) -> None:
    dead_letter(store, "visitor", reason="No such property: brief")
    shown = dana.see("/leads").text
    assert "Dead letters (1)" in shown and "No such property: brief" in shown
    assert dana.send("/outbox/visitor-3/retry").status_code == 303
    row = store.run_sync(lambda connection: connection.execute(select(outbox)).mappings().one())
    assert (row["given_up"], row["attempts"]) == (None, 0)
    for key in ("visitor-3", "visitor-4", "visitor", "visitor-x"):
        assert dana.send(f"/outbox/{key}/retry").status_code == 404


def test_what_is_seen_and_changed_is_recorded_without_content(store: Database, dana: Operator, visitor: Client) -> None:
    visitor.post(text="hello")
    lead(store, visitor.session_id)
    dead_letter(store, visitor.session_id)
    dana.see("/?day=2026-11-29")
    dana.see(page_of(visitor))
    for act in ("hold", "answer", "release", "brief"):
        dana.send(f"{page_of(visitor)}/{act}", text="hello")
    dana.see("/leads")
    dana.send(f"/leads/{visitor.session_id}/claim")
    dana.send(f"/outbox/{visitor.session_id}-3/retry")
    who = digest(visitor.session_id)
    assert recorded(store) == [
        ("console.day", "2026-11-29"),
        ("console.view", who),
        *((f"console.{act}", who) for act in ("hold", "answer", "release", "brief")),
        ("console.leads", ""),
        ("console.claim", who),
        ("console.retry", digest(f"{visitor.session_id}-3")),
    ]


def test_words_of_anybody_are_inert(
    server: tuple[str, Sanic], store: Database, dana: Operator, url: str, visitor: Client
) -> None:
    said = {**VERDICT, "text": HOSTILE, "custom": {**VERDICT["custom"], "title": HOSTILE, "date": HOSTILE}}  # type: ignore[dict-item]
    server[1].ctx.agent.turn = answering(said)
    visitor.post(text=HOSTILE)
    lead(store, visitor.session_id, consent="<b>now", call_state=HOSTILE[:20])
    dead_letter(store, visitor.session_id, reason=HOSTILE)
    stored(store, unanswered, conversation=visitor.session_id, number=1, at=1.0, asked=HOSTILE, nearest="[]")
    mallory = Operator(url)
    mallory.sign_in(HOSTILE[:70])
    mallory.send(f"{page_of(visitor)}/hold")
    mallory.send(f"{page_of(visitor)}/answer", text=HOSTILE)
    for path in ("/", page_of(visitor), "/leads"):
        shown = dana.see(path)
        assert shown.status_code == 200
        assert not any(tag in shown.text for tag in ("<script", "<img", "<b>")), path
    assert html.escape(HOSTILE).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in dana.see(page_of(visitor)).text


def test_call_is_booked_moved_and_canceled_and_keeps_its_entry_in_calendars(
    store: Database, dana: Operator, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "chat@firm.example"}.items():
        monkeypatch.setenv(f"SEATWISE_{name}", value)
    of_lead = f"/leads/{visitor.session_id}"
    visitor.post(text="hello")
    lead(store, visitor.session_id, details=seal(Contact(email="jane@acme.example").as_json()))
    files = []
    for at in ("2026-12-01T15:00", "2026-12-01T15:00", "2026-12-02T09:30", None):
        dana.send(f"{of_lead}/call", at=at) if at else dana.send(f"{of_lead}/cancel")
        [file] = Calendar.from_ical(dana.see(f"{of_lead}/call.ics").content).walk("VEVENT")
        files.append(file)
    assert [str(one.decoded("dtstart")) for one in files[1:3]] == [
        "2026-12-01 20:00:00+00:00",  # as the clock of the firm in New York has it
        "2026-12-02 14:30:00+00:00",
    ]
    assert len({str(one["uid"]) for one in files}) == 1
    assert [one["sequence"] for one in files] == sorted(one["sequence"] for one in files)
    assert [str(one["status"]) for one in files] == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    rows = select(outbox.c.kind, outbox.c.destination, outbox.c.content).order_by(outbox.c.created)
    told = [row for row in store.run_sync(lambda connection: connection.execute(rows).all()) if row.kind == "call"]
    assert [(json.loads(row.content)["state"], row.destination) for row in told] == [
        ("booked", "mail"),
        ("moved", "mail"),
        ("canceled", "mail"),
    ]
    assert "canceled, 2026-12-02 14:30 UTC" in dana.see("/leads").text


def test_call_needs_a_lead_a_time_and_something_to_cancel(store: Database, dana: Operator, visitor: Client) -> None:
    visitor.post(text="hello")
    of_lead = f"/leads/{visitor.session_id}"
    assert dana.send(f"{of_lead}/call", at="2026-12-01T15:00").status_code == 409
    lead(store, visitor.session_id)
    assert dana.send(f"{of_lead}/call", at="tomorrow").status_code == 400
    assert dana.send(f"{of_lead}/cancel").status_code == 409
    assert dana.see(f"{of_lead}/call.ics").status_code == 409


@pytest.mark.parametrize("path", ["/", "/leads", "conversation", "/conversations/nothing"])
def test_pages_pass_axe(store: Database, dana: Operator, visitor: Client, path: str, tmp_path: Path) -> None:
    visitor.post(text="hello")
    lead(store, visitor.session_id)
    dead_letter(store, visitor.session_id)
    dana.send(f"{page_of(visitor)}/hold")
    file = tmp_path / "page.html"
    file.write_text(dana.see(page_of(visitor) if path == "conversation" else path).text, encoding="utf-8")
    script = Path(__file__).with_name("axe.mjs")
    found = subprocess.run(["node", str(script), str(file)], capture_output=True, text=True, timeout=60, check=False)
    assert (found.stdout.strip(), found.stderr) == ("[]", "")
