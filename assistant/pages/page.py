"""A page from its template: what goes into it is text, and its one style sheet is named in its policy by its hash."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.settings import Settings

NAME = "Seatwise"
COLOR = "#1f5f50"  # as widget/src/host/palette.ts
_NOTHING_ELSE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Page:
    """An HTML page, and the Content-Security-Policy under which it shows as it should."""

    html: str
    policy: str


def page(template: str, settings: Settings, **values: object) -> Page:
    """Render a template in the look of the firm.

    Args:
        template: the name of two files of this folder: ``report`` for report.html with the styles of report.css.
        settings: name and color of the firm are among them.
        values: what the templates show.
    """
    style = _templates.get_template(f"{template}.css").render(color=settings.color or COLOR, **values)
    html = _templates.get_template(f"{template}.html").render(style=style, firm=settings.name or NAME, **values)
    return Page(html, _policy(style))


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; {_NOTHING_ELSE}"
