"""docs/openapi.yml matches the code: every route and every error code."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from sanic import Sanic

from assistant.channels.web.channel import WebChannel
from assistant.server.app import Application
from assistant.settings import Settings
from assistant.stores.database import Database

ROOT = Path(__file__).parents[2]
DOCUMENTED = (ROOT / "docs" / "openapi.yml").read_text(encoding="utf-8")
BY_MIDDLEWARE = ("/", "/chat", "/health", "/ready", "/metrics", "/webhooks/web/origin")
PRIVATE = ("/report/{token}", "/brief/{token}", "/data/{token}")
WITHOUT_ROUTE = {("get", path) for path in (*BY_MIDDLEWARE, *PRIVATE)}


async def nobody(_: object) -> None:
    """A stand-in for Rasa."""


def test_documented_routes_match_the_served_ones() -> None:
    app = Sanic("routes_of_the_contract", configure_logging=False)
    app.ctx.seatwise = Application(app, Settings(), Database("sqlite://"), nobody)
    app.blueprint(WebChannel(Settings()).blueprint(nobody), url_prefix="/webhooks/web")
    served = {
        (method.lower(), f"/{route.path.strip('/')}")
        for route in app.router.routes
        for method in route.methods
        if route.path.startswith("webhooks/")
    }
    documented = {
        (method, f"/{path.strip('/')}")
        for path, operations in yaml.safe_load(DOCUMENTED)["paths"].items()
        for method in operations
    }
    assert documented - WITHOUT_ROUTE == served


def test_every_error_code_is_documented() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assistant").rglob("*.py"))
    given = set(re.findall(r"""ApiError\(\s*\d{3},\s*f?"([\w{}]+)\"""", sources))
    given = given - {"bad_{name}", "bad_rating"} | {"bad_text", "bad_payload"}  # ratings exist only on sockets
    assert {"not_stored", "rate_limited", "foreign_origin"} <= given
    assert [code for code in sorted(given) if not re.search(rf"\b{code}\b", DOCUMENTED)] == []
