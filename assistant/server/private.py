"""Private pages: whoever holds a link sees one page about one conversation, and nobody else learns that it exists.

A look-up changes nothing, so programs that open the links of a mail do no harm. Whatever is wrong with a link, the
answer is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, raw
from sqlalchemy.engine import Connection

from actions.company import company_of
from actions.summary import grouped
from actions.wording import Wording, capitalized
from advisor.advice import advise
from advisor.report import report_of
from assistant.briefing.brief import brief_of
from assistant.dossier import Dossier, Verdict, dossier
from assistant.metrics import REFUSALS
from assistant.pages.page import Page, page
from assistant.pages.report import report_page
from assistant.server.addresses import address_of, network_of
from assistant.server.responses import reply
from assistant.server.token_bucket import TokenBuckets
from assistant.settings import Settings
from assistant.stores import privacy
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.links import Kind, conversation_of
from assistant.turns.api_errors import ApiError

_PATH = re.compile(r"/(report|brief|data)/([^/]+)")
_HEADERS = {
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class PrivatePage:
    """What stands under one path.

    ``kind`` is that of its links, ``read`` gets what it is made from (None where there is nothing yet), and ``show``
    makes the response of that.
    """

    kind: Kind
    read: Callable[[Connection, str], Any]
    show: Callable[[Any, Wording, Settings], HTTPResponse]


def _verdict(connection: Connection, conversation: str) -> Verdict | None:
    return dossier(connection, conversation).verdict


def _report(verdict: Verdict, wording: Wording, settings: Settings) -> HTTPResponse:
    told = {part: capitalized(said) for part, said in grouped(wording, verdict.inputs).items()}
    report = report_of(verdict.card, told, advise(company_of(verdict.inputs)), wording)
    return _html(report_page(report, wording, settings))


def _brief(held: Dossier, wording: Wording, settings: Settings) -> HTTPResponse:
    made, legend = brief_of(held, wording), wording.text("utter_brief_legend")
    return _html(page("brief", settings, brief=made, legend=legend))


def _data(held: dict[str, Any], wording: Wording, settings: Settings) -> HTTPResponse:
    response = reply(held)
    response.headers.update({**_HEADERS, "Content-Disposition": 'attachment; filename="conversation.json"'})
    return response


PAGES = {
    "report": PrivatePage("report", _verdict, _report),
    "brief": PrivatePage("brief", dossier, _brief),
    "data": PrivatePage("export", privacy.export, _data),
}


class PrivatePages:
    """Answers requests for private pages.

    Args:
        store: the database.
        settings: the look, and how many visits a network may make.
    """

    def __init__(self, store: Database, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._lookups = TokenBuckets(settings.address_visits_a_minute)

    async def answer(self, request: Request, path: str) -> HTTPResponse | None:
        """The answer to a request for this path; None if it is not one of a private page."""
        asked = _PATH.fullmatch(path)
        if not asked:
            return None
        wording = Wording(request.app.ctx.agent.domain.responses)
        name, token = asked.groups()
        try:
            self._lookups.take(network_of(address_of(request)))
            found = await self._store.run(lambda connection: _read(connection, name, token))
        except ApiError as error:
            REFUSALS.labels(error.code).inc()
            return self._notice(wording, "busy", error.status, {"Retry-After": str(error.retry_after)})
        except StoreUnavailable:
            return self._notice(wording, "away", 503)
        if found is None:
            return self._notice(wording, "missing", 404)
        return PAGES[name].show(found, wording, self._settings)

    def _notice(self, wording: Wording, why: str, status: int, headers: Mapping[str, str] = _NONE) -> HTTPResponse:
        """A page with one sentence, instead of the one that was asked for."""
        return _html(page("notice", self._settings, text=wording.text(f"utter_private_{why}")), status, headers)


def _read(connection: Connection, name: str, token: str) -> Any:
    if name not in PAGES:
        return None
    conversation = conversation_of(connection, PAGES[name].kind, token)
    return PAGES[name].read(connection, conversation) if conversation else None


def _html(shown: Page, status: int = 200, headers: Mapping[str, str] = _NONE) -> HTTPResponse:
    sent = {**_HEADERS, **headers, "Content-Security-Policy": shown.policy}
    return raw(shown.html.encode(), status, sent, "text/html; charset=utf-8")
