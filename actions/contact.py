"""Contact details: asked for once, shown before anything is sent, and sent after a yes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.history import REQUESTED_SLOT
from actions.misses import say_missed
from actions.report import MAIL, offer_mail
from actions.turn import ASKED, LEAD, OUTBOX, Events, Turn, TurnAction, keep_contact
from actions.wording import Wording
from advisor.firm import firm
from assistant.booking.links import link_of
from assistant.contacts.contact import Contact
from assistant.contacts.sealing import seal
from assistant.settings import settings

_GIVES = "give_contact"
_ANSWERS = re.compile(
    r"\b(?:answer\w*|anwser\w*|responses|replies|incl\w*|everything i|send everything|both|all of it|the lot)\b"
    r"|\b(?:what|stuff|things|info\w*|details) (?:that )?(?:i|we)(?:'ve| have)?"
    r" (?:\w+ )?(?:told|said|gave|given|wrote)\b",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"\b(?:without|leave (?:\w+ ){0,2}out|except|minus|skip (?:my|the)|(?:not?|rather not share) (?:my |the )?answers"
    r"|don't (?:include|send|add|attach)|just (?:my|the) (?:name|contact|e-?mail))\b",
    re.IGNORECASE,
)
_JOIN = "/request_person"
_OPTIONAL = ("name", "company", "topic", "when")


class TalkToPerson(TurnAction):
    """The way to a person: asks how to reach the visitor, or shows what would be sent if that is known."""

    def name(self) -> str:
        return "action_talk_to_person"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if not settings().takes_leads:
            return _point_to_the_firm(dispatcher, turn)
        if turn.suggested_address:
            return _ask_about_address(dispatcher, turn, turn.suggested_address)
        if MAIL in turn.contact_asked and turn.intent == _GIVES and turn.gives_contact:
            return offer_mail(dispatcher, turn)
        if set(turn.contact_asked) & set(_OPTIONAL) and turn.gives_contact:
            return _ask_next(dispatcher, turn)
        if turn.contact_sent and not turn.gives_contact:
            dispatcher.utter_message(response="utter_contact_already_sent")
            return []
        if turn.contact.is_reachable:
            return _review(dispatcher, turn, turn.contact)
        return _ask(dispatcher, turn, "email", again=self.name() in turn.history.actions_before)


class AddContact(TurnAction):
    """Asks for the details that are still missing, one by one; each can be skipped."""

    def name(self) -> str:
        return "action_add_contact"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        return _ask_next(dispatcher, turn)


class CorrectAddress(TurnAction):
    """Takes the corrected e-mail address."""

    def name(self) -> str:
        return "action_correct_address"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        corrected = turn.contact.updated(Contact(email=turn.suggested_address))
        return _review(dispatcher, turn, corrected)


class KeepAddress(TurnAction):
    """Takes the e-mail address as it was typed."""

    def name(self) -> str:
        return "action_keep_address"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        return _review(dispatcher, turn, turn.contact)


class SendContact(TurnAction):
    """Hands the details over to the firm, which is told once the turn is stored."""

    def name(self) -> str:
        return "action_send_contact"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if not settings().takes_leads:
            return _point_to_the_firm(dispatcher, turn)
        if not turn.contact.is_reachable:
            return _ask(dispatcher, turn, "email")
        wording = turn.wording
        standing = "_advised" if turn.advised_on else "_begun" if turn.answers else ""
        response = f"utter_contact_sent{standing}"
        text = wording.text(response, reply_within=firm().reply_within)
        dispatcher.utter_message(text=text, buttons=wording.buttons(response))
        lead = {
            "contact": seal(turn.contact.as_json()),
            "consent": wording.metadata("utter_contact_review")["consent"],
            "include_answers": turn.includes_answers or _wants_answers_sent(turn.text),
        }
        return [SlotSet(LEAD, lead), SlotSet(OUTBOX, _news(turn)), SlotSet(ASKED, None)]


class RequestPerson(TurnAction):
    """Tells the firm that somebody would like a person to join the conversation."""

    def name(self) -> str:
        return "action_request_person"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if not settings().lets_people_join:
            return TalkToPerson().respond(dispatcher, turn)
        if self.name() in turn.history.actions_before:
            dispatcher.utter_message(response="utter_person_requested_again")
            return []
        wording, now = turn.wording, datetime.now(timezone.utc)
        response = "utter_person_requested" if firm().is_open(now) else "utter_person_away"
        text = wording.text(response, back=_spoken(firm().next_open(now)))
        dispatcher.utter_message(text=text, buttons=wording.buttons(response))
        return [SlotSet(OUTBOX, {"kind": "handoff", "content": {"conversation": turn.conversation}})]


class DropContact(TurnAction):
    """Forgets the details that were typed; nothing was sent."""

    def name(self) -> str:
        return "action_drop_contact"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        sent = turn.contact_sent
        if turn.typed and not (sent or turn.contact.is_reachable or turn.history.is_about_contact):  # "one sec"
            say_missed(dispatcher, turn, "utter_not_an_answer" if turn.form else "utter_not_understood")
            return []
        dispatcher.utter_message(response="utter_contact_dropped_later" if sent else "utter_contact_dropped")
        return [keep_contact(sent or Contact()), SlotSet(ASKED, None)]


def _wants_answers_sent(text: str) -> bool:
    """Whether a typed yes sends the answers along: "send it with my answers", but not "without my answers"."""
    return _ANSWERS.search(text) is not None and _WITHOUT.search(text) is None


def _news(turn: Turn) -> dict[str, Any]:
    """The message to the firm: a lead, or what the visitor adds to one, such as the address of a caller."""
    content: dict[str, Any] = {"conversation": turn.conversation}
    if turn.contact_sent is None:
        return {"kind": "lead", "content": content}
    is_new = turn.contact.email is not None and turn.contact_sent.email is None
    return {"kind": "lead.updated", "content": {**content, "change": "email" if is_new else "contact"}}


def _ask_next(dispatcher: CollectingDispatcher, turn: Turn) -> Events:
    """The next question of those that were not asked yet; after the last one, what would be sent."""
    missing = [one for one in _OPTIONAL if one not in turn.contact.known and one not in turn.contact_asked]
    if missing:
        return _ask(dispatcher, turn, missing[0])
    if not turn.contact.is_reachable:
        return _ask(dispatcher, turn, "email")
    return _review(dispatcher, turn, turn.contact)


def _ask(dispatcher: CollectingDispatcher, turn: Turn, detail: str, *, again: bool = False) -> Events:
    wording = turn.wording
    response = f"utter_contact_ask_{detail}{'_again' if again else ''}"
    text = wording.text(response, reply_within=firm().reply_within)
    if detail == "email" and (booking := link_of(turn.conversation, settings(), turn.contact)):
        text = f"{text} {wording.text('utter_contact_or_book', booking=booking)}"
    buttons = [one for one in wording.buttons(response) if settings().lets_people_join or one["payload"] != _JOIN]
    dispatcher.utter_message(text=text, buttons=buttons, json_message=cards.contact(asked=detail))
    asked = [*turn.contact_asked, detail] if detail != "email" else list(turn.contact_asked)
    return [*_wait(turn.contact), SlotSet(ASKED, asked)]


def _review(dispatcher: CollectingDispatcher, turn: Turn, contact: Contact) -> Events:
    """What would be sent, and the ways to go on."""
    wording = turn.wording
    lines = "\n".join(_lines(wording, contact))
    hidden = {
        "/add_contact": not set(_OPTIONAL) - contact.known.keys(),
        "include_answers": not turn.answers,
    }
    buttons = [
        one
        for one in wording.buttons("utter_contact_review")
        if not any(mark in one["payload"] for mark, hide in hidden.items() if hide)
    ]
    dispatcher.utter_message(
        text=wording.text("utter_contact_review", lines=lines),
        buttons=buttons,
        json_message=cards.contact(sealed=seal(contact.as_json())),
    )
    return [*_wait(contact), SlotSet(ASKED, None)]


def _ask_about_address(dispatcher: CollectingDispatcher, turn: Turn, suggested: str) -> Events:
    """An address that looks mistyped is asked back."""
    wording = turn.wording
    dispatcher.utter_message(
        text=wording.text("utter_contact_mistyped"),
        buttons=wording.buttons("utter_contact_mistyped"),
        json_message=cards.contact(sealed=seal(Contact(email=suggested).as_json())),
    )
    return _wait(turn.contact, suggested)


def _spoken(at: datetime) -> str:
    """A time as one says it: "Monday at 9:00 AM EST"."""
    return f"{at:%A} at {at:%I:%M %p %Z}".replace(" 0", " ")


def _lines(wording: Wording, contact: Contact) -> Iterable[str]:
    """The details as a list; the channel fills them in, so that none stands in the stored answer."""
    for detail in contact.known:
        label = wording.text(f"utter_contact_label_{detail}")
        yield f"- {label}: [{detail}]"


def _wait(contact: Contact, suggested: str | None = None) -> Events:
    """The interview waits; the details are kept."""
    return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), keep_contact(contact, suggested)]


def _point_to_the_firm(dispatcher: CollectingDispatcher, turn: Turn) -> Events:
    """Nobody would get the details: say how to reach the firm instead."""
    booking, wording = link_of(turn.conversation, settings()), turn.wording
    parts = [wording.text("utter_contact_not_sent" if turn.gives_contact else "utter_gladly")]
    response = "utter_talk_to_person" if booking else "utter_talk_to_person_unlinked"
    parts.append(wording.text(response, booking=booking))
    text = " ".join(parts)
    dispatcher.utter_message(text=text, json_message=cards.handoff(wording, text, booking))
    return []
