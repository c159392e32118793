"""docs/openapi.yml and the code say the same: every route, and every reason for which something is refused."""

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
ANNOUNCED = (ROOT / "docs" / "openapi.yml").read_text(encoding="utf-8")
WITHOUT_ROUTE = {("get", path) for path in ("/", "/chat", "/health", "/ready", "/metrics")}  # of a middleware


async def nobody(_: object) -> None:
    """In the place of Rasa."""


def test_every_route_is_announced_and_no_other() -> None:
    app = Sanic("routes_of_the_contract", configure_logging=False)
    app.ctx.seatwise = Application(app, Settings(), Database("sqlite://"), nobody)
    app.blueprint(WebChannel(Settings()).blueprint(nobody), url_prefix="/webhooks/web")
    served = {
        (method.lower(), f"/{route.path.strip('/')}")
        for route in app.router.routes
        for method in route.methods
        if route.path.startswith("webhooks/")
    }
    announced = {
        (method, f"/{path.strip('/')}")
        for path, operations in yaml.safe_load(ANNOUNCED)["paths"].items()
        for method in operations
    }
    assert announced - WITHOUT_ROUTE == served


def test_every_reason_is_announced() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assistant").rglob("*.py"))
    given = set(re.findall(r"""ApiError\(\s*\d{3},\s*f?"([\w{}]+)\"""", sources))
    given = given - {"bad_{name}", "bad_rating"} | {"bad_text", "bad_payload"}  # ratings come by socket alone
    assert {"not_stored", "rate_limited", "foreign_origin"} <= given
    assert [code for code in sorted(given) if not re.search(rf"\b{code}\b", ANNOUNCED)] == []
