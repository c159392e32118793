"""Cards: what a message says, in a form that a client can draw; docs/protocol.md describes each of them.

A card comes with a text that says the same, so a client that does not draw it loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from actions.wording import Wording
from advisor.advice import Advice
from advisor.prices import Figure, figures

Card = dict[str, Any]

_SCALES = ("usd_per_month", "usd_salary", "hours_per_month")


def verdict(advice: Advice, title: str, reasons: Sequence[str], strength: str | None, source: str) -> Card:
    """The recommendation, its reasons, how firm it is, and its source."""
    firmness = {"level": advice.strength, **({"label": strength} if strength else {})}
    heading = title[:1].upper() + title[1:]
    return _card("verdict", role=advice.role, title=heading, strength=firmness, reasons=list(reasons), source=source)


def points(title: str, items: Iterable[str]) -> Card:
    """A few short points under one heading."""
    return _card("points", title=title, items=[{"text": item} for item in items])


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


@dataclass(frozen=True)
class Row:
    """One line of the summary: what it is about, what was told, and the payload that changes it, where one can."""

    label: str
    value: str
    edit_payload: str | None


def summary(title: str, rows: Iterable[Row], question: str | None) -> Card:
    """What is known of the company."""
    shown = [{name: value for name, value in asdict(row).items() if value is not None} for row in rows]
    return _card("summary", title=title, rows=shown, **({"question": question} if question else {}))


def progress(wording: Wording, answered: int, left: int) -> Card:
    """How far the interview is, the open question included in what is left."""
    step, of = answered + 1, answered + left
    return _card("progress", step=step, of=of, label=wording.text("utter_card_progress", step=step, of=of))


def handoff(wording: Wording, text: str, booking: str) -> Card:
    """The way to a person."""
    action = {"title": wording.text("utter_card_arrange"), "url": booking}
    return _card("handoff", title=wording.text("utter_card_talk_to_person"), text=text, actions=[action])


def _card(kind: str, **content: Any) -> Card:
    """The channel adds the text that it goes with as ``fallback_text``."""
    return {"type": kind, "version": 1, **content}


def _bar(wording: Wording, figure: Figure) -> dict[str, Any]:
    return {
        "label": wording.text(f"utter_card_{figure.name}"),
        "low": figure.low,
        "high": figure.high or figure.low,
        "text": figure.text,
        "open_ended": figure.open_ended,
    }
