"""Made-up things: each card and view, which ``slack check`` asks Slack to validate, and a lead, which can be posted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

from actions import cards
from actions.company import Answers
from actions.summary import summary, summary_card
from actions.verdict import give_advice
from actions.wording import Wording
from advisor.content import DATA, load
from advisor.errors import SeatwiseError
from advisor.fields import fields
from assistant.channels.slack.blocks.chat import Happening, chat_post
from assistant.channels.slack.blocks.forms import answer_modal, contact_modal, interview_modal
from assistant.channels.slack.blocks.home import home
from assistant.channels.slack.blocks.lead import erased_card, lead_card
from assistant.channels.slack.blocks.messages import posts
from assistant.channels.slack.blocks.post import Level
from assistant.channels.slack.clients import Clients, NotInstalled
from assistant.channels.slack.firm import Firm
from assistant.channels.slack.identity import Target
from assistant.channels.slack.posting import Later, Never, Plainer, Postman
from assistant.delivery.destinations import SAMPLE
from assistant.settings import Settings, settings
from assistant.stores.database import Database
from assistant.turns.holding import LONGEST_ANSWER
from assistant.turns.messages import Message

_COMPANY: Answers = {
    "revenue_band": "1m_10m",
    "headcount": 35,
    "business": ["service"],
    "has_website": True,
    "has_crm": True,
    "has_cloud": True,
    "tech_works": True,
    "ai_strategy": "none",
    "generic_tools_no_strategy": True,
    "leadership": "none",
}
_QUESTION = "utter_question_has_website"


def samples() -> dict[str, dict[str, Any]]:
    """Arguments of ``blocks.validate``, by what they are a sample of: "blocks" of a message, or a "view".

    Raises:
        ContentError: a file in data/ cannot be read.
    """
    made: dict[str, dict[str, Any]] = {}
    card: cards.Card = {}
    for message in _messages(_wording()):
        card = message.custom or {}
        shown = posts(message.as_json(), Level.RICH, in_channel=False)
        made[card["type"]] = {"blocks": [block for post in shown for block in post.blocks]}
    return {
        **made,
        "lead": {"blocks": lead_card(SAMPLE).blocks},
        "erased lead": {"blocks": erased_card().blocks},
        "chat with a prospect": {
            "blocks": chat_post(Happening("said", SAMPLE.conversation, "", "Hi!", is_here=True)).blocks
        },
        "home": {"view": home(card)},  # the verdict came last
        "contact form": {"view": contact_modal("")},
        "interview form": {"view": interview_modal(list(fields()), "")},
        "form of an answer": {"view": answer_modal("", "web", "", LONGEST_ANSWER)},
    }


def deliver_sample(store: Database) -> str:
    """Post the card of a made-up lead. Returns the line to print.

    Args:
        store: where the installations are.

    Raises:
        SeatwiseError: there is no channel for leads, or it does not take the card; the line says why.
    """
    chosen = settings()
    if chosen.slack_leads_channel is None:
        raise SeatwiseError("slack is not configured; set SEATWISE_SLACK_LEADS_CHANNEL")
    try:
        asyncio.run(_deliver_sample(chosen, Clients(chosen, store)))
    except (Plainer, Later, Never, NotInstalled) as error:
        raise SeatwiseError(f"slack: {error}") from None
    return "slack: the sample was accepted"


async def _deliver_sample(chosen: Settings, clients: Clients) -> None:
    postman = Postman(chosen, clients)
    try:
        place = await Firm(chosen, postman, clients.installations).place()
        await postman.post(Target(place, ""), lead_card(SAMPLE), f"sample {time.time()}")
    finally:
        await clients.close()


def _wording() -> Wording:
    contents = [load(path) for path in sorted(DATA.rglob("*.yml"))]
    return Wording({name: said for content in contents for name, said in content.get("responses", {}).items()})


def _messages(wording: Wording) -> Iterator[Message]:
    compared, paid = wording.cell("faq/difference"), wording.cell("faq/cost")
    assert compared and paid  # they are in data/faq
    source = wording.source_line(compared.facts)
    yield Message(compared.text, custom=cards.table(compared.metadata["table"], compared.text, source))
    yield Message(paid.text, custom=cards.bars(wording, paid.question, paid.metadata["bars"], [paid.text]))
    several = wording.several(_QUESTION)
    yield Message(wording.text(_QUESTION), wording.buttons(_QUESTION), custom=cards.progress(wording, 3, 2, several))
    yield Message(summary(wording, _COMPANY), custom=summary_card(wording, _COMPANY))
    said = _Said()
    give_advice(said, wording, _COMPANY)
    yield said.message


class _Said:
    """Takes what an action says, as its dispatcher would."""

    message = Message()

    def utter_message(self, text: str, source: str, buttons: list[dict[str, str]], json_message: cards.Card) -> None:
        self.message = Message(text, buttons, custom=json_message, sources=(source,))
