"""Cards: what a message says, in a form that a client can draw; docs/protocol.md describes each of them.

A card comes with a text that says the same, so a client that does not draw it loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any

from actions.wording import Wording
from advisor.advice import Advice
from advisor.prices import Figure, figures

Card = dict[str, Any]

_SCALES = ("usd_per_month", "usd_salary", "hours_per_month")


@dataclass(frozen=True)
class Item:
    """A point of a section: its text, what it is about, and the payload that tries it, where there is one."""

    text: str
    label: str | None = None
    payload: str | None = None


@dataclass(frozen=True)
class Section:
    """Points under a title, and the lines that say them in plain text; a folded one is for readers who want more."""

    title: str
    items: Sequence[Item]
    lines: Sequence[str]
    folded: bool = False


def verdict(
    advice: Advice,
    title: str,
    strength: str,
    sections: Iterable[Section],
    today: date,
    source: str,
    disclosure: str,
) -> Card:
    """The recommendation: a headline, how firm it is, and its sections."""
    return _card(
        "verdict",
        version=2,
        role=advice.role,
        title=title,
        strength={"level": advice.strength, "label": strength},
        sections=[_section(section) for section in sections],
        date=f"{today:%B} {today.day}, {today.year}",
        source=source,
        disclosure=disclosure,
    )


def bars(wording: Wording, title: str, names: Iterable[str], notes: Sequence[str] = ()) -> Card | None:
    """Figures drawn as bars, those of one unit on one scale; None where none of them can be.

    Args:
        wording: the wording.
        title: what they are figures of.
        names: of the figures.
        notes: what has to be said beside them.
    """
    known = sorted(
        (figures()[name] for name in names if figures()[name].unit in _SCALES),
        key=lambda figure: _SCALES.index(figure.unit),
    )
    groups = [
        {"unit": wording.text(f"utter_card_{unit}"), "items": [_bar(wording, figure) for figure in of_unit]}
        for unit, of_unit in groupby(known, lambda figure: figure.unit)
    ]
    return _card("bars", title=title, groups=groups, notes=list(notes)) if groups else None


def table(content: dict[str, Any], text: str, source: str) -> Card:
    """A comparison with its text.

    Args:
        content: as the metadata of a topic holds it: title, columns, and rows of a label and its cells.
        text: the answer that it belongs to.
        source: where that stands.
    """
    rows = [{"label": label, "cells": cells} for label, *cells in content["rows"]]
    return _card("table", title=content["title"], text=text, columns=content["columns"], rows=rows, source=source)


def with_line(card: Card, line: str) -> Card:
    """The card with one more line below what it says; the same where its text is shown beside it."""
    if "notes" in card:
        return {**card, "notes": [*card["notes"], line]}
    said = next((name for name in ("text", "question", "disclosure") if name in card), None)
    return {**card, said: f"{card[said]}\n\n{line}"} if said else card


@dataclass(frozen=True)
class Row:
    """One line of the summary: what it is about, and what was told."""

    label: str
    value: str


def summary(title: str, rows: Iterable[Row], question: str | None) -> Card:
    """What is known of the company."""
    card = _card("summary", title=title, rows=[asdict(row) for row in rows])
    return {**card, "question": question} if question else card


def progress(wording: Wording, answered: int, left: int, several: Sequence[Mapping[str, str]] = ()) -> Card:
    """How far the interview is, the open question included in what is left, and which answers can be given together."""
    step, of = answered + 1, answered + max(left, 1)
    label = wording.text("utter_card_progress", step=step, of=of)
    card = _card("progress", step=step, of=of, label=label)
    return {**card, "several": list(several)} if several else card


def handoff(wording: Wording, text: str, booking: str | None) -> Card:
    """The way to a person; without a link to book a talk, the page that shows the card knows how to reach the firm."""
    actions = [{"title": wording.text("utter_card_arrange"), "url": booking}] if booking else []
    return _card("handoff", title=wording.text("utter_card_talk_to_person"), text=text, actions=actions)


def contact(asked: str | None = None, sealed: str | None = None) -> Card:
    """Beside a message about contact details: which one it asks for, or those that its text shows, sealed."""
    card = _card("contact")
    told = {"asked": asked, "sealed": sealed}
    return {**card, **{name: value for name, value in told.items() if value}}


def erased() -> Card:
    """The sign that the conversation is to be erased before this message is delivered."""
    return _card("erased")


def _card(kind: str, version: int = 1, **content: Any) -> Card:
    """The channel adds the text that it goes with as ``fallback_text``."""
    return {"type": kind, "version": version, **content}


def _section(section: Section) -> dict[str, Any]:
    items = [{name: value for name, value in asdict(item).items() if value} for item in section.items]
    return {"title": section.title, "items": items, **({"folded": True} if section.folded else {})}


def _bar(wording: Wording, figure: Figure) -> dict[str, Any]:
    return {
        "label": wording.text(f"utter_card_{figure.name}"),
        "low": figure.low,
        "high": figure.high or figure.low,
        "text": figure.text,
        "open_ended": figure.open_ended,
    }
