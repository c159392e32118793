"""The report: a private page with the recommendation, to read, print and share, and by mail on request."""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.turn import ASKED, OUTBOX, Events, Turn, TurnAction, keep_contact
from assistant.contacts.sealing import seal
from assistant.settings import settings
from assistant.stores import links

MAIL = "mail"
"""Among the details asked for: the address is wanted for the report, not for a call."""
_BY_MAIL = re.compile(r"\b(?:e-?mail|mail|inbox)\b", re.I)
_MAIL_BUTTON = "/mail_report"


class SendReport(TurnAction):
    """Gives the link to the report, once there is a recommendation."""

    def name(self) -> str:
        return "action_send_report"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if not turn.advised_on:
            dispatcher.utter_message(response="utter_no_report_yet")
            return []
        if settings().smtp_url and _BY_MAIL.search(turn.text):
            return offer_mail(dispatcher, turn)
        wording, link = turn.wording, links.new("report")
        buttons = [
            one for one in wording.buttons("utter_report_link") if settings().smtp_url or one["payload"] != _MAIL_BUTTON
        ]
        text = wording.text("utter_report_link", link=link.address, link_days=links.MOST_DAYS)
        dispatcher.utter_message(text=text, buttons=buttons)
        asked = [MAIL] if settings().smtp_url else None  # an address that is typed now is for the report
        return [SlotSet(links.SLOT, link.as_stored()), SlotSet(ASKED, asked)]


class MailReport(TurnAction):
    """Shows to which address the link to the report would go, or asks for one."""

    def name(self) -> str:
        return "action_mail_report"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if not (turn.advised_on and settings().smtp_url):
            return SendReport().respond(dispatcher, turn)
        return offer_mail(dispatcher, turn)


class ConfirmMail(TurnAction):
    """Mails the link, after a yes to the address."""

    def name(self) -> str:
        return "action_confirm_mail"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if not turn.contact.email:
            return offer_mail(dispatcher, turn)
        dispatcher.utter_message(response="utter_report_mailed")
        content = {"conversation": turn.conversation, "to": seal(turn.contact.email)}
        return [SlotSet(ASKED, None), SlotSet(OUTBOX, {"kind": "report", "content": content})]


def offer_mail(dispatcher: CollectingDispatcher, turn: Turn) -> Events:
    """To which address the link would go; asks for one if none is known."""
    wording = turn.wording
    if not turn.contact.email:
        response, card = "utter_report_ask_email", cards.contact(asked="email")
    else:
        response, card = "utter_report_mail_review", cards.contact(sealed=seal(turn.contact.as_json()))
    dispatcher.utter_message(text=wording.text(response), buttons=wording.buttons(response), json_message=card)
    return [SlotSet(ASKED, [MAIL]), keep_contact(turn.contact)]
