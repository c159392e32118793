"""The brief as a private page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.wording import Wording
from advisor.brief import Brief

_PAGES = Path(__file__).parents[1] / "pages"


def page(made: Brief, wording: Wording) -> str:
    """The brief as a page of its own, without scripts; whatever a visitor wrote is text in it."""
    return _pages().get_template("brief.html").render(brief=made, legend=wording.text("utter_brief_legend"))


@cache
def _pages() -> Environment:
    loader = FileSystemLoader(_PAGES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
