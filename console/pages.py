"""Pages from their templates: what goes into one is text, and there are no scripts."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timezone
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic.response import HTTPResponse, html

_FOLDER = Path(__file__).with_name("templates")
_STYLE = (_FOLDER / "console.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""Of every response of the console."""


def _moment(at: float) -> str:
    """A Unix time as operators read it."""
    return f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%d %H:%M} UTC"


_templates = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_templates.filters["moment"] = _moment
_templates.globals["style"] = _STYLE


def page(template: str, status: int = 200, **values: object) -> HTTPResponse:
    """A page.

    Args:
        template: the name of a template without its ending.
        status: the HTTP status.
        values: what the template shows; ``session`` among them.
    """
    return html(_templates.get_template(f"{template}.html").render(**values), status)
