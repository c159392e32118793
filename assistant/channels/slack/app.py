"""The Bolt app: what Slack sends, by HTTP or socket, and which of our listeners it goes to.

Bolt runs the first listener that fits, and none after it. It answers only when the listener is through, so that Slack
sends again what could not be stored.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from assistant.channels.slack.blocks.forms import ANSWER, CONTACT, INTERVIEW
from assistant.channels.slack.clients import Clients
from assistant.channels.slack.desk import BUTTONS, Desk
from assistant.channels.slack.echoes import Echoes
from assistant.channels.slack.events import Events
from assistant.channels.slack.forms import Forms
from assistant.channels.slack.home import HomeTab
from assistant.channels.slack.presses import Presses
from assistant.settings import Settings
from assistant.stores.database import StoreUnavailable
from assistant.turns.api_errors import not_stored

Listener = Callable[..., Awaitable[Any]]

_EVERYTHING = re.compile(r".*", re.DOTALL)

_log = logging.getLogger(__name__)


def bolt_app(
    settings: Settings,
    clients: Clients,
    events: Events,
    presses: Presses,
    forms: Forms,
    tab: HomeTab,
    echoes: Echoes,
    desk: Desk | None = None,
) -> AsyncApp:
    """The app with all of its listeners; whatever none of them wants is answered with 200."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        try:
            return await clients.authorize(enterprise_id, team_id)
        except StoreUnavailable:
            raise not_stored() from None

    async def hear_echo(body: dict[str, Any], ack: AsyncAck, next: Listener) -> BoltResponse:
        return await ack() if await echoes.hear(body) else await next()

    app = AsyncApp(
        name="seatwise",
        logger=logging.getLogger(f"{__name__}.bolt"),
        client=AsyncWebClient(base_url=settings.slack_api_url),
        before_authorize=_guarded(hear_echo),
        authorize=authorize,  # type: ignore[arg-type]  # it may return None
        user_facing_authorize_error_message=" ",
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,  # see requests.py; a socket needs none
        attaching_conversation_kwargs_enabled=False,
    )
    logging.getLogger(f"{__name__}.bolt").setLevel(logging.CRITICAL)  # its messages quote requests
    listen: dict[str, Listener] = {
        "message": events.message,
        "app_mention": events.mention,
        "agent_session_stopped": events.stopped,
        "app_uninstalled": events.removed,
        "tokens_revoked": events.revoked,
        "app_home_opened": tab.opened,
    }
    for name, listener in listen.items():
        app.event(name)(_guarded(listener))
    app.command(_EVERYTHING)(_guarded(events.command))
    if desk:
        app.action(BUTTONS)(_guarded(desk.pressed))
        app.view(ANSWER)(_guarded(desk.sent))
    app.action(_EVERYTHING)(_guarded(presses.pressed))
    app.view(CONTACT)(_guarded(forms.contact))
    app.view(INTERVIEW)(_guarded(forms.interview))
    app.error(_failed)
    return app


def _guarded(listener: Listener) -> Listener:
    """A listener whose failing database is an error that Bolt knows how to handle."""

    @wraps(listener)
    async def listen(**arguments: Any) -> Any:
        try:
            return await listener(**arguments)
        except StoreUnavailable:
            raise not_stored() from None

    return listen


async def _failed(error: Exception) -> BoltResponse:
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("a request of Slack failed: %s\n%s", type(error).__name__, where)
    return BoltResponse(status=500, body="")
