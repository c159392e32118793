"""Writes leads into HubSpot: one contact for each e-mail address, so that writing it again changes nothing twice.

Where a prospect gave only a phone number, the contact is known by a reference of ours to the conversation. An address
that they give later is written to that contact, unless another one has it already, which is then the one to write.
"""

from __future__ import annotations

import asyncio
from typing import Any

import requests
from yarl import URL

from assistant.delivery.addresses import check
from assistant.delivery.attempt import Refused, Retry, check_status
from assistant.delivery.parcel import Load, Parcel, iso
from assistant.stores.erasures import digest
from assistant.stores.outbox import OutboxMessage

VERSION = "2026-09"
"""Of HubSpot's API."""
REFERENCE = "seatwise_reference"
PROPERTIES = {
    REFERENCE: "Which conversation the contact comes from, if no e-mail address is known (single-line text, unique)",
    "seatwise_summary": "Recommendation and how firm it is (single-line text)",
    "seatwise_brief": "Link to the brief for the call (single-line text)",
    "seatwise_topic": "What to talk about (multi-line text)",
    "seatwise_when": "When to call, in the prospect's words (single-line text)",
    "seatwise_call": "When the call is and whether it was booked, moved or canceled (single-line text)",
    "seatwise_consent": "Version and time of the consent (single-line text)",
}
"""Our own properties of a contact, which the firm adds in HubSpot: name -> what it holds."""
_TIMEOUT = (5.0, 15.0)  # seconds to connect, and to wait for the answer
_LONGEST = 45.0  # seconds for all of it; less than the lease of a message
_DENIED = (401, 403)
_TAKEN = tuple(f"status {status}" for status in (207, 400, 409))
"""How HubSpot refuses an address that another contact has, among other reasons."""
_REFERENCE_LENGTH = 32  # characters


class HubSpotSender:
    """Creates or updates the contact of a lead.

    Args:
        url: where HubSpot's API is.
        token: of a private app that may write contacts.
        load: puts together what is delivered.
        private: whether the address may be private.
    """

    def __init__(self, url: str, token: str, load: Load, *, private: bool = False) -> None:
        self._url = URL(url) / f"crm/objects/{VERSION}/contacts/batch/upsert"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._load = load
        self._private = private

    async def __call__(self, message: OutboxMessage) -> None:
        """Raises:
        Retry: HubSpot is away or busy.
        Refused: HubSpot does not take it; the reason holds its own words.
        """
        lead = await self._load(message)
        await check(self._url.host or "", self._url.port or 443, private=self._private)
        try:
            await asyncio.wait_for(asyncio.to_thread(self._write, lead, message), _LONGEST)
        except asyncio.TimeoutError:
            raise Retry("TimeoutError") from None

    def _write(self, lead: Parcel, message: OutboxMessage) -> None:
        contact = _contact(lead, message)
        if message.content.get("change") != "email":
            self._upsert(contact)
            return
        try:
            self._upsert(_known_by_reference(contact, lead))
        except Refused as error:
            if error.problem.partition(":")[0] not in _TAKEN:
                raise
            self._upsert(contact)

    def _upsert(self, contact: dict[str, Any]) -> None:
        try:
            with requests.Session() as session:
                session.trust_env = False  # a .netrc would replace the token
                answer = session.post(
                    str(self._url),
                    json={"inputs": [contact]},
                    headers=self._headers,
                    timeout=_TIMEOUT,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            raise Retry(type(error).__name__) from None
        content = _content(answer)
        if answer.status_code in _DENIED:
            raise Refused(
                f"status {answer.status_code}: SEATWISE_HUBSPOT_TOKEN must be of a private app that may write contacts"
            )
        check_status(answer.status_code, _words(content), answer.headers.get("Retry-After"))
        if content.get("results"):  # the only contact of this batch
            return
        if errors := content.get("errors"):
            raise Refused(f"status {answer.status_code}", _words(errors[0]))
        raise Retry(f"status {answer.status_code} with an answer that is not HubSpot's")


def _contact(lead: Parcel, message: OutboxMessage) -> dict[str, Any]:
    """What to write, the same at every attempt."""
    properties = _properties(lead)
    if "email" in lead.contact:
        known_by, value = "email", lead.contact["email"]
    else:
        known_by, value = REFERENCE, _reference(lead)
        if message.kind == "lead" and "name" not in lead.contact:  # HubSpot makes no contact without a name
            properties["lastname"] = lead.contact.get("phone", value)
    properties[known_by] = value
    return {"id": value, "idProperty": known_by, "properties": properties, "objectWriteTraceId": message.key}


def _known_by_reference(contact: dict[str, Any], lead: Parcel) -> dict[str, Any]:
    """The contact of a prospect who had given only a phone number, with the address that they have given since."""
    return {**contact, "id": _reference(lead), "idProperty": REFERENCE}


def _reference(lead: Parcel) -> str:
    return digest(lead.conversation)[:_REFERENCE_LENGTH]


def _properties(lead: Parcel) -> dict[str, str]:
    contact = lead.contact
    first, _, last = contact.get("name", "").partition(" ")
    verdict = f"{lead.verdict.headline} ({lead.verdict.strength})" if lead.verdict else None
    known = {
        "firstname": first,
        "lastname": last,
        "phone": contact.get("phone"),
        "company": contact.get("company"),
        "seatwise_summary": verdict,
        "seatwise_brief": lead.brief_link,
        "seatwise_topic": contact.get("topic"),
        "seatwise_when": contact.get("when"),
        "seatwise_call": f"{lead.call_state} {iso(lead.call) if lead.call else ''}".strip()
        if lead.call_state
        else None,
        "seatwise_consent": f"{lead.consent} {iso(lead.consented)}" if lead.consent and lead.consented else None,
    }
    return {name: value for name, value in known.items() if value}


def _content(answer: requests.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except requests.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}


def _words(content: dict[str, Any]) -> str:
    return str(content.get("message", ""))
