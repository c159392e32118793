"""Which parts a message has, by its card; docs/protocol.md describes them. The widget says the same from the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assistant.channels.slack.blocks.choices import Choice, Choices, Feedback, Several
from assistant.channels.slack.blocks.figures import Chart, Grid
from assistant.channels.slack.blocks.parts import Facts, Folded, Heading, Note, Offers, Part, Picture, Prose
from assistant.channels.slack.blocks.presses import OPEN_CONTACT
from assistant.channels.slack.blocks.prose import literal, split_source, without_marks
from assistant.channels.slack.blocks.words import words
from assistant.stores.links import PATHS

Card = Mapping[str, Any]

_VERSIONS = {"verdict": 2}
"""The version that is understood of a card, where it is not the first."""
_STEPS = {"firm": 4, "hedged": 3, "conditional": 3, "inferred": 2, "default": 1, "none": 0}  # as in the widget
_MOST_STEPS = 4
_CHARTS = 2  # of a message at most
_SUBSTANTIAL = ("verdict", "bars", "table")
_EXPORT = re.compile(rf"https?://\S+{PATHS['export']}")
_LEAVE = "/drop_contact"
_BESIDE_TEXT = ("progress", "contact")


def parts(message: Mapping[str, Any], *, in_channel: bool) -> list[Part]:
    """The parts of a message, in their order.

    Args:
        message: as clients get it.
        in_channel: whether others read along: then no personal data is asked for or shown.
    """
    if in_channel and _is_about_contact(message):
        return _elsewhere(message)
    if in_channel and is_personal(message):
        message = _without_link(message)
    card: Card = message.get("custom") or {}
    told = _read(card)
    is_drawn = told is not None
    if told is None or card["type"] in _BESIDE_TEXT:
        text = message.get("text") or card.get("fallback_text") or ""
        shows_details = card.get("type") == "contact" and "asked" not in card
        told = [*(told or ()), *_text(literal(text) if shows_details else text)]
    if image := message.get("image"):
        told.append(Picture(image["src"], image.get("alt") or ""))
    told += _choices(message, card if is_drawn else {})
    return [*told, Feedback(message["id"])] if _is_substantial(message, card if is_drawn else {}) else told


def is_personal(message: Mapping[str, Any]) -> bool:
    """Whether a message asks for contact details, shows them, or leads to all that is stored of its visitor."""
    return _is_about_contact(message) or bool(_EXPORT.search(message.get("text") or ""))


def _is_about_contact(message: Mapping[str, Any]) -> bool:
    return (message.get("custom") or {}).get("type") == "contact"


def _read(card: Card) -> list[Part] | None:
    """The parts of a card; None if it is not known, or not as it should be, so that the text is shown."""
    reader = _READERS.get(str(card.get("type")))
    if reader is None or card.get("version") != _VERSIONS.get(card["type"], 1):
        return None
    try:
        return list(reader(card))
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def verdict(card: Card) -> Iterator[Part]:
    """The recommendation, without what can be pressed below it."""
    level, label = card["strength"]["level"], card["strength"].get("label")
    steps = "●" * _STEPS[level] + "○" * (_MOST_STEPS - _STEPS[level])
    eyebrow = words().text("utter_slack_recommendation")
    yield Heading(card["title"])
    yield Note(" · ".join(filter(None, [eyebrow, f"{steps} {label}" if label else steps, card["date"]])))
    sections = card["sections"]
    for section in sections:
        if not section.get("folded"):
            yield from _section(section)
    for section in sections:
        if section.get("folded"):
            items = [item["text"] for item in section["items"]]
            yield Folded(section["title"], [Prose(_listed(items))])
    yield from (Note(card[name]) for name in ("source", "disclosure") if card.get(name))


def _section(section: Card) -> Iterator[Part]:
    title, items = f"**{without_marks(section['title'])}**", section["items"]
    labelled = [(one["label"], one["text"]) for one in items if one.get("label") and not one.get("payload")]
    offered = [(_said(one), one["payload"]) for one in items if one.get("payload")]
    others = [_said(one) for one in items if not (one.get("label") or one.get("payload"))]
    yield Prose("\n".join(filter(None, [title, _listed(others)])))
    if labelled:
        yield Facts(labelled)
    if offered:
        yield Offers(offered)


def _said(item: Card) -> str:
    return f"**{without_marks(item['label'])}** {item['text']}" if item.get("label") else str(item["text"])


def _listed(texts: Sequence[str]) -> str:
    """Points as a list; a single one needs none."""
    return "\n".join(f"- {text}" for text in texts) if len(texts) > 1 else "".join(texts)


def _bars(card: Card) -> Iterator[Part]:
    yield Heading(card["title"])
    charts = [group for group in card["groups"] if len(group["items"]) > 1][:_CHARTS]
    for group in card["groups"]:
        yield Chart(group["unit"], group["items"]) if group in charts else Prose(f"**{without_marks(group['unit'])}**")
        yield Facts([(bar["label"], bar["text"]) for bar in group["items"]])
    for note in card["notes"]:
        yield from _text(note)


def _table(card: Card) -> Iterator[Part]:
    yield Heading(card["title"])
    if text := card.get("text"):
        yield Prose(split_source(text)[0])
    yield Grid(card["title"], card["columns"], [(row["label"], row["cells"]) for row in card["rows"]])
    if source := card.get("source"):
        yield Note(source)


def _summary(card: Card) -> Iterator[Part]:
    yield Heading(card["title"])
    yield Facts([(row["label"], row["value"]) for row in card["rows"]])
    if question := card.get("question"):
        yield Prose(question)


def _progress(card: Card) -> Iterator[Part]:
    yield Note(card["label"])


def _handoff(card: Card) -> Iterator[Part]:
    yield Heading(card["title"])
    yield from _text(card["text"])


def _person(card: Card) -> Iterator[Part]:
    yield Prose(f"**{words().text('utter_slack_in_person', name=without_marks(literal(card['name'])))}**")
    yield Prose(card["text"])


def _held(card: Card) -> Iterator[Part]:
    yield Note(card["fallback_text"])


def _contact(card: Card) -> Iterator[Part]:
    yield from ()


_READERS: Mapping[str, Callable[[Card], Iterator[Part]]] = {
    "verdict": verdict,
    "bars": _bars,
    "table": _table,
    "summary": _summary,
    "progress": _progress,
    "handoff": _handoff,
    "person": _person,
    "held": _held,
    "contact": _contact,
}


def _text(text: str) -> Iterator[Part]:
    said, source = split_source(text)
    if said:
        yield Prose(said)
    if source:
        yield Note(source)


def _choices(message: Mapping[str, Any], card: Card) -> Iterator[Part]:
    several = [one if isinstance(one, str) else one["title"] for one in card.get("several", ())]
    if several:
        yield Note(words().text("utter_slack_several"))
        yield Several(several)
    buttons = [Choice(one["title"], one["payload"]) for one in message.get("buttons", ())]
    own = [Choice(one["title"], one.get("payload", ""), one.get("url", "")) for one in card.get("actions", ())]
    own = [one for one in own if one.payload or one.url.startswith("https://")]
    if card.get("type") == "verdict" and buttons:
        buttons.insert(-1, _save())
    if buttons or own:
        yield Choices([*own, *buttons], is_first_primary=bool(card.get("question")))


def _save() -> Choice:
    """Sent as if it were typed, because the card itself offers no such payload."""
    [save] = words().buttons("utter_slack_save")
    return Choice(save["title"], save["payload"])


def _is_substantial(message: Mapping[str, Any], card: Card) -> bool:
    """Whether it is worth asking if it helped: a recommendation or an answer with its source, not a question."""
    if card.get("type") in _SUBSTANTIAL:
        return True
    return not card and bool(split_source(message.get("text") or "")[1])


def _elsewhere(message: Mapping[str, Any]) -> list[Part]:
    """In the place of contact details: the way to give them where nobody reads along, and the way to leave it."""
    response = "utter_slack_in_private"
    form = [Choice(one["title"], one["payload"], action_id=OPEN_CONTACT) for one in words().buttons(response)]
    leave = [Choice(one["title"], one["payload"]) for one in message.get("buttons", ()) if one["payload"] == _LEAVE]
    return [Prose(words().text(response)), Choices([*form, *leave])]


def _without_link(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message without the link to all that is stored; of what stands beside it, only an open question stays."""
    said = words().text("utter_slack_link_in_private")
    card = message.get("custom")
    if not card:
        return {"id": message["id"], "text": said}
    others = [one for one in message["text"].split("\n\n") if not _EXPORT.search(one)]
    text = "\n\n".join([said, *others])
    return {**message, "text": text, "custom": {**card, "fallback_text": text}}
