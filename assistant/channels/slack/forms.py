"""Forms, and what begins in private: personal details are never asked for or shown in a channel."""

from __future__ import annotations

import json
from secrets import token_hex
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from advisor.fields import fields
from assistant.channels.slack.blocks import forms as views
from assistant.channels.slack.blocks.presses import OPEN_CONTACT
from assistant.channels.slack.blocks.prose import escaped
from assistant.channels.slack.blocks.words import words
from assistant.channels.slack.clients import NotInstalled
from assistant.channels.slack.events import workspace_of
from assistant.channels.slack.identity import Target
from assistant.channels.slack.posting import Later, Never, Plainer, Postman
from assistant.channels.slack.reception import Reception, sentence
from assistant.channels.slack.talks import Talks
from assistant.contacts.contact import Contact
from assistant.contacts.reader import read
from assistant.stores.database import StoreUnavailable
from assistant.turns.api_errors import ApiError, not_stored

Payload = dict[str, Any]


class Forms:
    """Opens forms and takes what they give.

    Args:
        talks: where conversations go on.
        reception: takes what was filled in.
        postman: opens forms and begins direct messages.
    """

    def __init__(self, talks: Talks, reception: Reception, postman: Postman) -> None:
        self._talks = talks
        self._reception = reception
        self._postman = postman

    async def open(self, button: str, trigger: str, target: Target) -> None:
        """Open the form of a button. It names its conversation, so that it begins only one however often it is sent.

        Raises:
            ApiError: it does not open.
        """
        conversation = await self._talks.conversation_at(target.place) or token_hex(16)
        hidden = json.dumps({"conversation": conversation})
        view = views.contact_modal(hidden) if button == OPEN_CONTACT else views.interview_modal(list(fields()), hidden)
        try:
            await self._postman.open_form(target.place.workspace, trigger, view)
        except (Plainer, Later, Never, NotInstalled):
            raise not_stored() from None

    async def contact(self, body: Payload, view: Payload, context: AsyncBoltContext, ack: AsyncAck) -> None:
        """Contact details were sent: the conversation goes on in a direct message, in which they are shown."""
        values = view["state"]["values"]
        contact, errors = _contact(views.contact_of(values))
        errors |= views.contact_errors(values)
        if errors:
            await ack(response_action="errors", errors=errors)
        else:
            await self._take(body, view, context, ack, contact, words().text("utter_slack_private"))

    async def interview(self, body: Payload, view: Payload, context: AsyncBoltContext, ack: AsyncAck) -> None:
        """The interview was sent as a form."""
        answers = views.answers_of(view["state"]["values"])
        await self._take(body, view, context, ack, answers, words().text("utter_slack_filled_in"))

    async def begin(self, target: Target, what: str, text: str) -> None:
        """Begin a conversation from the Home tab, in a direct message.

        Raises:
            ApiError: it does not begin.
        """
        try:
            said = words().text("utter_slack_asked", what=escaped(text))
            place = await self._postman.write_to(target.place.workspace, target.user, said)
        except (Plainer, Later, Never, NotInstalled):
            raise not_stored() from None
        await self._reception.hear(Target(place, target.user), what, text)

    async def _take(
        self,
        body: Payload,
        view: Payload,
        context: AsyncBoltContext,
        ack: AsyncAck,
        filled: Contact | dict[str, Any],
        first_line: str,
    ) -> None:
        user, what = body["user"]["id"], f"form {view['id']}"
        conversation = json.loads(view["private_metadata"])["conversation"]
        try:
            if not await self._reception.has_taken(conversation, what):
                place = await self._postman.write_to(workspace_of(context), user, first_line)
                await self._talks.also_at(place, conversation)
                await self._reception.fill_in(Target(place, user), what, filled)
        except (ApiError, StoreUnavailable, Plainer, Later, Never, NotInstalled) as error:
            told = error if isinstance(error, (ApiError, StoreUnavailable)) else not_stored()
            shown = sentence(told)
            await ack(response_action="errors", errors={_first_field(view): shown})
        else:
            await ack()


def _contact(given: dict[str, str]) -> tuple[Contact, dict[str, str]]:
    """The details with a checked address and number, and what is wrong with those, by field."""
    errors: dict[str, str] = {}
    checked: tuple[str, ...] = ("email", "phone")
    for field in checked:
        if field in given:
            found = read(given[field], field).contact.known.get(field)
            if found:
                given = {**given, field: found}
            else:
                errors[field] = words().text(f"utter_slack_bad_{field}")
    return Contact(**given), errors


def _first_field(view: Payload) -> str:
    """The block below which Slack shows what is wrong with the form as a whole."""
    return str(next(block["block_id"] for block in view["blocks"] if block["type"] == "input"))
