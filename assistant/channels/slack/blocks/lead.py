"""A lead as the firm's people see it in their channel. Nothing of this is for a prospect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, Literal

from assistant.channels.slack.blocks.choices import Choice, Choices
from assistant.channels.slack.blocks.elements import context
from assistant.channels.slack.blocks.messages import rendered
from assistant.channels.slack.blocks.parts import Facts, Heading, Part, Prose
from assistant.channels.slack.blocks.post import Level, Post
from assistant.channels.slack.blocks.presses import ANSWER, CLAIM
from assistant.channels.slack.blocks.prose import escaped, literal
from assistant.channels.slack.blocks.words import lead_words, words
from assistant.delivery.parcel import Parcel
from assistant.stores.retractions import ERASED

News = Literal["lead", "updated", "unclaimed", "handoff"]
"""Why it is shown: a new lead, one that has changed, one that nobody has taken, or a wish for a person in the chat."""

_CONTACT = ("name", "email", "phone", "company", "topic", "when")
_OF_BRIEF = ("objective", "unanswered", "signs")
_NO_MENTION = str.maketrans("<>", "‹›")  # a title has no escapes
_USER = re.compile(r"[UW][A-Z0-9]{2,}")


def lead_card(
    parcel: Parcel,
    brief: Mapping[str, Any] | None = None,
    *,
    news: News = "lead",
    claimed: float | None = None,
    level: Level = Level.RICH,
) -> Post:
    """The card of a lead.

    Args:
        parcel: what the firm may see of it; ``claimed_by`` is a name or the id of a Slack user.
        brief: ``Brief.as_json()``, if the visitor agreed to pass their answers on.
        news: why it is shown.
        claimed: when it was claimed, in seconds since 1970.
        level: how much of Block Kit the workspace takes.
    """
    [first, *_] = rendered(_parts(parcel, brief, news), level)
    if not parcel.claimed_by:
        return first
    line = claimed_line(parcel.claimed_by, claimed)
    return Post(f"{first.text}\n\n{line}", [*first.blocks, context(line)] if first.blocks else [])


def claimed_line(by: str, at: float | None = None) -> str:
    """Who has claimed a lead, and when (seconds since 1970), in mrkdwn; ``by`` is a name or the id of a Slack user."""
    who = f"<@{by}>" if _USER.fullmatch(by) else escaped(by)
    moment = _moment(at) if at else ""
    return words().text("utter_slack_claimed_at" if moment else "utter_slack_claimed", who=who, at=moment)


def erased_card(kind: str = ERASED) -> Post:
    """What stands in the place of a card whose conversation was erased; ``kind`` says why, see retractions.py."""
    line = words().text(f"utter_slack_lead_{kind}")
    return Post(line, [context(line)])


def _parts(parcel: Parcel, brief: Mapping[str, Any] | None, news: News) -> Iterator[Part]:
    text, contact = lead_words().text, parcel.contact
    who = contact.get("name") or contact.get("email") or contact.get("phone") or ""
    named = ", ".join(filter(None, [who, contact.get("company")])).translate(_NO_MENTION)
    yield Heading(headline(news, named))
    rows = [(text(f"utter_mail_{name}"), literal(contact[name])) for name in _CONTACT if name in contact]
    if parcel.verdict:
        rows.append((text("utter_mail_recommendation"), f"{parcel.verdict.headline} ({parcel.verdict.strength})"))
    if parcel.call_state:
        rows.append((text("utter_mail_call"), text(f"utter_mail_call_{parcel.call_state}", at=_utc(parcel.call))))
    if parcel.consented:
        consented = text("utter_mail_consented", at=_utc(parcel.consented), version=parcel.consent)
        rows.append((text("utter_mail_consent"), consented))
    if rows:
        yield Facts(rows)
    for section in (brief or {}).get("sections", ()):
        if section["name"] in _OF_BRIEF:
            lines = [f"- {literal(line['text'])}" for line in section["lines"]]
            yield Prose("\n".join([f"**{section['title']}**", *lines]))
    choices = []
    if not parcel.claimed_by and (contact or news != "handoff"):
        choices.append(Choice(words().text("utter_slack_claim"), parcel.conversation, action_id=CLAIM))
    choices.append(answer_choice(parcel.conversation, "join" if news == "handoff" else "answer"))
    if parcel.brief_link:
        choices.append(Choice(text("utter_mail_open_brief"), url=parcel.brief_link))
    yield Choices(choices, is_first_primary=not parcel.claimed_by)


def headline(news: News, who: str) -> str:
    """Why the firm hears of somebody, in a line; ``who`` is empty where nobody knows."""
    if news == "handoff":
        return words().text("utter_slack_handoff", who=who or words().text("utter_slack_somebody"))
    return lead_words().text(f"utter_mail_{news}_subject", who=who)


def answer_choice(conversation: str, title: Literal["join", "answer", "reply"]) -> Choice:
    """The button that opens the form with an answer to the prospect."""
    return Choice(words().text(f"utter_slack_{title}"), conversation, action_id=ANSWER)


def _moment(at: float) -> str:
    """A time as each reader's clock has it."""
    return f"<!date^{int(at)}^{{date_short_pretty}} {{time}}|{_utc(at)}>"


def _utc(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at, timezone.utc):%A, %B %-d, %Y, %H:%M} UTC" if at else ""
