"""The pages and scripts of the website widget, as widget/ has built them, with the headers that each of them needs.

Nothing runs in a page but its own scripts, and no page asks anybody else for anything.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from advisor.errors import SeatwiseError

BUILT = Path(__file__).parents[2] / "widget" / "dist"
_PAGES = {"/": "demo.html", "/chat": "chat.html"}
_PLACE = "/widget/"
_NAMED_AFTER_ITS_CONTENT = re.compile(r"-[0-9a-f]{8,}\.")
_FOREVER = "public, max-age=31536000, immutable"
_A_WHILE = "public, max-age=300"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@dataclass(frozen=True)
class File:
    """What a browser gets at one address."""

    content: bytes
    type: str
    headers: Mapping[str, str]


def files(built: Path = BUILT) -> dict[str, File]:
    """Everything that is served, by its path.

    Args:
        built: the folder that the widget is built into.

    Raises:
        SeatwiseError: it has not been built.
    """
    missing = [name for name in _PAGES.values() if not (built / name).exists()]
    if missing:
        raise SeatwiseError(f"{missing[0]} is missing in {built}; get it back with: git checkout -- widget/dist")
    pages = {path: _page(built / name) for path, name in _PAGES.items()}
    parts = (path for path in sorted(built.iterdir()) if path.suffix != ".html")
    return {**pages, **{f"{_PLACE}{path.name}": _part(path) for path in parts}}


def _page(path: Path) -> File:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    return File(path.read_bytes(), "text/html; charset=utf-8", {**headers, "X-Content-Type-Options": "nosniff"})


def _part(path: Path) -> File:
    """Scripts are taken in by pages of other websites too, so any page may read them; they hold nothing of anybody."""
    kept = _FOREVER if _NAMED_AFTER_ITS_CONTENT.search(path.name) else _A_WHILE
    headers = {"Cache-Control": kept, "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return File(path.read_bytes(), kind, {**headers, "Cross-Origin-Resource-Policy": "cross-origin"})
