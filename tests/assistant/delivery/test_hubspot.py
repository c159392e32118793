"""Leads become contacts in HubSpot, once for each e-mail address, by the calls that HubSpot specifies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import pytest
import requests

from assistant.delivery import hubspot
from assistant.delivery.attempt import Refused, Retry
from assistant.delivery.hubspot import PROPERTIES, REFERENCE, VERSION, HubSpotSender
from assistant.delivery.parcel import Parcel
from assistant.stores.outbox import OutboxMessage
from bench.cluster import stable_port
from tests.assistant.delivery.conftest import LEAD, load, message
from tests.assistant.delivery.servers import Answer, Receiver

UPSERT = f"/crm/objects/{VERSION}/contacts/batch/upsert"
ACCEPTED = Answer(200, b'{"status": "COMPLETE", "results": [{"id": "1", "new": true}]}')
FOREIGN = Path(os.environ.get("SEATWISE_FOREIGN", "nowhere")) / "hubspot" / f"contacts-{VERSION}.json"  # of HubSpot
CALLER = replace(LEAD, contact={"phone": "+1 555 0142"})
PRISM = ["npx", "--yes", "@stoplight/prism-cli@5.16.0", "mock", "--port"]
SPECIFICATIONS = [FOREIGN] if FOREIGN.exists() else []


def write(address: str, lead: Parcel = LEAD, kind: str = "lead", change: str | None = None) -> None:
    async def loaded(_: OutboxMessage) -> Parcel:
        return lead

    told = message(kind=kind, destination="hubspot")
    told = replace(told, content={**told.content, "change": change}) if change else told
    asyncio.run(HubSpotSender(address, "token-1", loaded)(told))


def test_contact_is_written_by_its_address(receiver: Receiver) -> None:
    receiver.otherwise = ACCEPTED
    write(receiver.address)
    [request] = receiver.got
    assert request.path == UPSERT
    assert request.headers["authorization"] == "Bearer token-1"
    [contact] = request.content["inputs"]
    assert (contact["id"], contact["idProperty"], contact["objectWriteTraceId"]) == (
        "zoe@acme.example",
        "email",
        "visitor-7",
    )
    properties = contact["properties"]
    assert (properties["firstname"], properties["lastname"], properties["company"]) == ("Zoë", "Miller", "Acme <Labs>")
    assert properties["seatwise_summary"] == "A fractional CTO first (Firm)"
    assert properties["seatwise_brief"] == LEAD.brief_link
    assert {name for name in properties if name.startswith("seatwise_")} <= set(PROPERTIES)


def test_retry_writes_the_same_again(receiver: Receiver) -> None:
    receiver.otherwise = ACCEPTED
    write(receiver.address)
    write(receiver.address)
    assert receiver.got[0].body == receiver.got[1].body


def test_all_our_properties_can_be_filled(receiver: Receiver) -> None:
    receiver.otherwise = ACCEPTED
    write(receiver.address, replace(LEAD, call=1_700_000_000.0, call_state="moved"))
    [contact] = receiver.got[0].content["inputs"]
    assert set(PROPERTIES) - {REFERENCE} <= set(contact["properties"])
    assert contact["properties"]["seatwise_call"] == "moved 2023-11-14T22:13:20+00:00"


def test_contact_without_an_address_is_known_by_a_reference_to_its_conversation(receiver: Receiver) -> None:
    receiver.otherwise = ACCEPTED
    for kind in ("lead", "lead", "lead.updated"):
        write(receiver.address, CALLER, kind)
    first, again, later = [request.content["inputs"][0] for request in receiver.got]
    assert first == again
    assert first["idProperty"] == later["idProperty"] == REFERENCE
    assert first["id"] == later["id"] == first["properties"][REFERENCE]
    assert "visitor" not in first["id"] and "email" not in first["properties"]
    assert first["properties"]["phone"] == "+1 555 0142"


def test_phone_number_stands_for_a_name_that_was_not_given_until_somebody_enters_one(receiver: Receiver) -> None:
    receiver.otherwise = ACCEPTED
    write(receiver.address, CALLER)
    write(receiver.address, CALLER, "lead.updated")
    write(receiver.address, replace(CALLER, contact={**CALLER.contact, "name": "Zoë Miller"}))
    named = [request.content["inputs"][0]["properties"].get("lastname") for request in receiver.got]
    assert named == ["+1 555 0142", None, "Miller"]


def test_address_given_later_is_written_to_the_contact_of_the_caller(receiver: Receiver) -> None:
    receiver.otherwise = ACCEPTED
    write(receiver.address, CALLER)
    write(receiver.address, LEAD, "lead.updated", "email")
    first, later = [request.content["inputs"][0] for request in receiver.got]
    assert (later["id"], later["idProperty"]) == (first["id"], REFERENCE)
    assert later["properties"]["email"] == "zoe@acme.example"


@pytest.mark.parametrize("status", [207, 400, 409])
def test_address_given_later_that_another_contact_has_is_written_to_that_one(receiver: Receiver, status: int) -> None:
    taken = {"results": [], "errors": [{"message": "taken"}], "message": "taken"}
    receiver.answers = [Answer(status, json.dumps(taken).encode()), ACCEPTED]
    write(receiver.address, LEAD, "lead.updated", "email")
    written = [request.content["inputs"][0]["id"] for request in receiver.got]
    assert (len(written), written[1]) == (2, "zoe@acme.example")


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        (400, {"message": 'Property "seatwise_brief" does not exist'}, '400: Property "seatwise_brief" does not exist'),
        (401, {"message": "bad token"}, "401: SEATWISE_HUBSPOT_TOKEN must be"),
        (403, {}, "403: SEATWISE_HUBSPOT_TOKEN must be"),
        (207, {"results": [], "errors": [{"message": "phone is not valid"}]}, "207: phone is not valid"),
    ],
)
def test_refusal_is_a_dead_letter_with_the_words_of_hubspot(
    receiver: Receiver, status: int, said: dict[str, Any], reason: str
) -> None:
    receiver.answers = [Answer(status, json.dumps(said).encode())]
    with pytest.raises(Refused) as refused:
        write(receiver.address)
    assert str(refused.value).startswith(f"status {reason}")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(429, b'{"message": "slow down"}', {"Retry-After": "10"}),
        Answer(500),
        Answer(200, b"<html>maintenance</html>"),
        Answer(200, b"[]"),
        Answer(200, b'{"results": []}'),
        Answer(302, headers={"Location": "http://10.0.0.1/"}),
        Answer(200, delay=1.0),
    ],
    ids=["429", "500", "HTML", "a list", "no result", "redirect", "time-out"],
)
def test_whatever_may_pass_is_tried_again(receiver: Receiver, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubspot, "_TIMEOUT", (0.3, 0.3))
    receiver.answers = [answer]
    with pytest.raises(Retry) as failed:
        write(receiver.address)
    assert failed.value.after == (10.0 if answer.status == 429 else None)
    assert len(receiver.got) == 1


def test_hubspot_that_is_away_is_tried_again(receiver: Receiver) -> None:
    receiver.close()
    with pytest.raises(Retry, match="ConnectionError"):
        write(receiver.address)


@pytest.fixture
def emulator(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """HubSpot as its own specification describes it: what does not conform is an error."""
    text = request.param.read_text(encoding="utf-8").replace("*/*", "application/json")
    adapted = tmp_path / "contacts.json"
    adapted.write_text(json.dumps(json.loads(text, object_hook=without_empty_examples)), encoding="utf-8")
    port = stable_port()
    command = [*PRISM, str(port), str(adapted)]
    with subprocess.Popen(command, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True) as npx:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            yield address
        finally:
            os.killpg(npx.pid, signal.SIGTERM)  # npx does not end what it has started


def without_empty_examples(part: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != "example" or value is not None}


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            requests.get(address, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"nothing answers at {address}")


@pytest.mark.parametrize("emulator", SPECIFICATIONS, indirect=True)
def test_calls_conform_to_the_specification_of_hubspot(emulator: str) -> None:
    write(emulator)
    write(emulator, CALLER)
    wrong = requests.post(
        f"{emulator}{UPSERT}", json={"inputs": [{}]}, headers={"Authorization": "Bearer x"}, timeout=5
    )
    assert wrong.status_code == 422  # so the emulator does look
    with pytest.raises(Refused):
        asyncio.run(HubSpotSender(f"{emulator}/v3", "token-1", load)(message()))
