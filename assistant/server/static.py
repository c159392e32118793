"""The pages and scripts of the website widget, as widget/ has built them, with their headers.

A page runs its own scripts only, and loads nothing from other servers.
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from advisor.errors import SeatwiseError
from advisor.prices import texts
from assistant.settings import Settings

BUILT = Path(__file__).parents[2] / "widget" / "dist"
_PAGES = {"/": "demo.html", "/chat": "chat.html"}
_PLACE = "/widget/"
QUESTIONS = f"{_PLACE}questions.json"
_HAS_CONTENT_HASH = re.compile(r"-[0-9a-f]{8,}\.")
_FOREVER = "public, max-age=31536000, immutable"
_A_WHILE = "public, max-age=300"
_A_DAY = "public, max-age=86400"
# Other websites load these, so any page may read them; they hold no personal data.
_READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_IN_PAGE = 'data-mode="page"'
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


def look(settings: Settings) -> dict[str, str]:
    """The look that the operator has set for the chat on its own page: attributes of the widget's script."""
    attributes = {
        "data-name": settings.name,
        "data-color": settings.color,
        "data-greeting": settings.greeting,
        "data-privacy": settings.privacy_url,
        "data-contact": settings.contact_url,
    }
    return {name: value for name, value in attributes.items() if value}


def static_files(built: Path = BUILT, look: Mapping[str, str] = MappingProxyType({})) -> dict[str, File]:
    """Everything that is served, by its path.

    Args:
        built: the folder that the widget is built into.
        look: how the chat looks on its own page.

    Raises:
        SeatwiseError: it has not been built.
    """
    missing = [name for name in _PAGES.values() if not (built / name).exists()]
    if missing:
        raise SeatwiseError(f"{missing[0]} is missing in {built}; get it back with: git checkout -- widget/dist")
    pages = {path: _page((built / name).read_text(encoding="utf-8")) for path, name in _PAGES.items()}
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in look.items())
    chat = pages["/chat"].content.decode()
    pages["/chat"] = _page(chat.replace(_IN_PAGE, f"{_IN_PAGE}{attributes}"))
    parts = (path for path in sorted(built.iterdir()) if path.suffix != ".html")
    return {**pages, **{f"{_PLACE}{path.name}": _part(path) for path in parts}}


def questions(responses: Mapping[str, list[dict[str, Any]]]) -> File:
    """Common questions with their answers, which the chat shows while the assistant is away.

    Args:
        responses: those of the domain; the ones marked as common are used.
    """
    common = [
        {"question": one["metadata"]["question"], "answer": one["text"].format(**texts())}
        for name, variations in sorted(responses.items())
        for one in variations
        if name.startswith("utter_faq/") and one.get("metadata", {}).get("common")
    ]
    headers = {**_READABLE, "Cache-Control": _A_DAY}
    return File(json.dumps(common, ensure_ascii=False).encode(), "application/json", headers)


def _page(html: str) -> File:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    return File(html.encode(), "text/html; charset=utf-8", {**headers, "X-Content-Type-Options": "nosniff"})


def _part(path: Path) -> File:
    kept = _FOREVER if _HAS_CONTENT_HASH.search(path.name) else _A_WHILE
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return File(path.read_bytes(), kind, {**_READABLE, "Cache-Control": kept})
