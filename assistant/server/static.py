"""The pages and scripts of the website widget, as widget/ has built them, with the headers that each of them needs.

Nothing runs in a page but its own scripts, and no page asks anybody else for anything.
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from advisor.errors import SeatwiseError
from advisor.prices import texts

BUILT = Path(__file__).parents[2] / "widget" / "dist"
_PAGES = {"/": "demo.html", "/chat": "chat.html"}
_PLACE = "/widget/"
QUESTIONS = f"{_PLACE}questions.json"
_NAMED_AFTER_ITS_CONTENT = re.compile(r"-[0-9a-f]{8,}\.")
_FOREVER = "public, max-age=31536000, immutable"
_A_WHILE = "public, max-age=300"
_A_DAY = "public, max-age=86400"
# Pages of other websites take these in, so any page may read them; they hold nothing of anybody.
_READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_IN_PAGE = 'data-mode="page"'
_LOOK = {
    "data-name": "SEATWISE_NAME",
    "data-color": "SEATWISE_COLOR",
    "data-greeting": "SEATWISE_GREETING",
    "data-privacy": "SEATWISE_PRIVACY_URL",
    "data-contact": "SEATWISE_CONTACT_URL",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@dataclass(frozen=True)
class File:
    """What a browser gets at one address."""

    content: bytes
    type: str
    headers: Mapping[str, str]


def look() -> dict[str, str]:
    """What the firm has set for the chat on a page of its own: attributes of the widget's script, and their values."""
    return {name: value for name, setting in _LOOK.items() if (value := os.environ.get(setting))}


def files(built: Path = BUILT, shown: Mapping[str, str] = MappingProxyType({})) -> dict[str, File]:
    """Everything that is served, by its path.

    Args:
        built: the folder that the widget is built into.
        shown: the look of the chat on a page of its own.

    Raises:
        SeatwiseError: it has not been built.
    """
    missing = [name for name in _PAGES.values() if not (built / name).exists()]
    if missing:
        raise SeatwiseError(f"{missing[0]} is missing in {built}; get it back with: git checkout -- widget/dist")
    pages = {path: _page((built / name).read_text(encoding="utf-8")) for path, name in _PAGES.items()}
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in shown.items())
    chat = pages["/chat"].content.decode()
    pages["/chat"] = _page(chat.replace(_IN_PAGE, f"{_IN_PAGE}{attributes}"))
    parts = (path for path in sorted(built.iterdir()) if path.suffix != ".html")
    return {**pages, **{f"{_PLACE}{path.name}": _part(path) for path in parts}}


def questions(responses: Mapping[str, list[dict[str, Any]]]) -> File:
    """The questions that people often ask, with their answers: what the chat shows while we are away.

    Args:
        responses: those of the domain; what is marked as common is taken.
    """
    common = [
        {"question": one["metadata"]["question"], "answer": one["text"].format(**texts())}
        for name, (one, *_) in sorted(responses.items())
        if name.startswith("utter_faq/") and one.get("metadata", {}).get("common")
    ]
    headers = {**_READABLE, "Cache-Control": _A_DAY}
    return File(json.dumps(common, ensure_ascii=False).encode(), "application/json", headers)


def _page(html: str) -> File:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    return File(html.encode(), "text/html; charset=utf-8", {**headers, "X-Content-Type-Options": "nosniff"})


def _part(path: Path) -> File:
    kept = _FOREVER if _NAMED_AFTER_ITS_CONTENT.search(path.name) else _A_WHILE
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return File(path.read_bytes(), kind, {**_READABLE, "Cache-Control": kept})
