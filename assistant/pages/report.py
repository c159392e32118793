"""The report as a page. Its print fills one sheet, A4 or Letter: the more it says, the smaller the type."""

from __future__ import annotations

from math import sqrt

from advisor.report import Report, Words
from assistant.pages.page import Page, page
from assistant.settings import Settings

_SIZE = 7.6  # points, at which the heights below were measured, in DejaVu Sans: the widest of the usual fonts
_SMALLEST, _LARGEST = 6.6, 9.0  # points
_SHEET = 980  # CSS pixels: a little more than both A4 and Letter have between their margins; the estimate is high
_FIXED = 510.0
_CHARACTER = 0.22
_TITLE = 18.0
_BAR = 23.0
_PHASES = 80.0
_STARTER = 55.0
_ANSWER = 0.14
_HEADINGS = ("cost", "hours", "compared", "print")


def report_page(report: Report, words: Words, settings: Settings) -> Page:
    """The page of a report, in the look of the firm."""
    return page(
        "report",
        settings,
        report=report,
        eyebrow=words.text("utter_report_eyebrow"),
        headings={name: words.text(f"utter_report_{name}") for name in _HEADINGS},
        size=round(_size(report), 2),
    )


def _size(report: Report) -> float:
    """The size of print, in points: with it lines grow higher and hold less, so the height goes with its square."""
    said = [point for part in report.parts for point in part.points]
    height = (
        _FIXED
        + _CHARACTER * sum(len(point.text) for point in said)
        + _TITLE * len(report.parts)
        + _BAR * sum(len(scale.bars) for scale in report.prices)
        + (_PHASES if report.phases else 0)
        + _STARTER * len(report.first_days.rows if report.first_days else ())
        + _ANSWER * sum(len(point.text) for point in (report.told.points if report.told else ()))
    )
    return max(_SMALLEST, min(_LARGEST, _SIZE * sqrt(_SHEET / height)))
