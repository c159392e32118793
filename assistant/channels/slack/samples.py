"""Each card and each view, as a made-up company sees them: what ``slack check`` asks Slack to validate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actions import cards
from actions.company import Answers
from actions.summary import summary, summary_card
from actions.verdict import give_advice
from actions.wording import Wording
from advisor.content import DATA, load
from advisor.fields import fields
from assistant.channels.slack.blocks.chat import Happening, chat_post
from assistant.channels.slack.blocks.forms import answer_modal, contact_modal, interview_modal
from assistant.channels.slack.blocks.home import home
from assistant.channels.slack.blocks.lead import lead_card
from assistant.channels.slack.blocks.messages import posts
from assistant.channels.slack.blocks.post import Level
from assistant.delivery.destinations import SAMPLE
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
        "chat with a prospect": {
            "blocks": chat_post(Happening("said", SAMPLE.conversation, "", "Hi!", is_here=True)).blocks
        },
        "home": {"view": home(card)},  # the verdict came last
        "contact form": {"view": contact_modal("")},
        "interview form": {"view": interview_modal(list(fields()), "")},
        "form of an answer": {"view": answer_modal("", "web", "", LONGEST_ANSWER)},
    }


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
