"""The chat page, and headers that let nothing run in it but its own script."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

_PAGE = Path(__file__).with_name("page.html")


def chat_page() -> tuple[str, dict[str, str]]:
    """The page and its headers."""
    page = _PAGE.read_text(encoding="utf-8")
    sources = {tag: _hash(page, tag) for tag in ("script", "style")}
    policy = (
        f"default-src 'none'; script-src {sources['script']}; style-src {sources['style']}; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "require-trusted-types-for 'script'"
    )
    return page, {"Content-Security-Policy": policy, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}


def _hash(page: str, tag: str) -> str:
    content = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
