"""Installing the app in another workspace or organization: OAuth, by two pages of ours."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence

import jwt
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from assistant.channels.slack.clients import Clients
from assistant.channels.slack.requests import bolt_request, http_response
from assistant.settings import Settings

SCOPES = ("app_mentions:read", "assistant:write", "chat:write", "commands", "im:write")
"""What the app cannot do without; the manifest names the optional ones too."""
OPTIONAL_SCOPES = ("channels:history", "groups:history", "im:history")
_ALGORITHM = "HS256"
_AUDIENCE = "seatwise-slack"
_LASTS = 600  # seconds
_INSTALLED = "Seatwise is installed. You can close this page and write to it in Slack."
_NOT_INSTALLED = "Seatwise was not installed. Please start again from the page that you came from."


class States(AsyncOAuthStateStore):
    """States that we sign, so that any replica takes them; each is bound to one browser by its cookie.

    Args:
        secret: the keys that sign, separated by spaces: the first signs, all are accepted.
    """

    def __init__(self, secret: str) -> None:
        self._keys = secret.split()

    async def async_issue(self, *_: object, **__: object) -> str:
        """A new state."""
        claims = {"aud": _AUDIENCE, "exp": int(time.time()) + _LASTS, "jti": secrets.token_hex(16)}
        return jwt.encode(claims, self._keys[0], _ALGORITHM)

    async def async_consume(self, state: str) -> bool:
        """Whether a state is ours and young."""
        for key in self._keys:
            try:
                jwt.decode(state, key, [_ALGORITHM], audience=_AUDIENCE, options={"require": ["exp", "jti"]})
            except jwt.InvalidTokenError:
                continue
            return True
        return False


class Installer:
    """The pages that install the app.

    Args:
        settings: those of this process.
        clients: keep the installations.
    """

    def __init__(self, settings: Settings, clients: Clients) -> None:
        quiet = logging.getLogger(__name__).getChild("bolt")
        quiet.setLevel(logging.CRITICAL)  # its messages quote codes
        self._flow = AsyncOAuthFlow(
            client=AsyncWebClient(base_url=settings.slack_api_url),
            logger=quiet,
            settings=AsyncOAuthSettings(
                client_id=settings.slack_client_id,
                client_secret=settings.slack_client_secret,
                scopes=[*SCOPES, *OPTIONAL_SCOPES],
                redirect_uri=_redirect_uri(settings),
                authorization_url=str(URL(settings.slack_api_url).join(URL("/oauth/v2/authorize"))),
                install_page_rendering_enabled=False,
                installation_store=clients.installations,
                state_store=States(settings.secret or secrets.token_hex(32)),
                callback_options=AsyncCallbackOptions(success=_succeeded, failure=_refused),
                logger=quiet,
            ),
        )

    async def install(self, request: Request) -> HTTPResponse:
        """Send a browser to Slack."""
        return http_response(await self._flow.handle_installation(bolt_request(request)))

    async def callback(self, request: Request) -> HTTPResponse:
        """Take a browser that Slack sends back; a state that is not of ours gets a 400."""
        return http_response(await self._flow.handle_callback(bolt_request(request)))


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    return _page(200, _INSTALLED, args.settings.state_utils.build_set_cookie_for_deletion())


async def _refused(args: AsyncFailureArgs) -> BoltResponse:
    status = 200 if args.suggested_status_code == 200 else 500 if args.suggested_status_code >= 500 else 400
    return _page(status, _NOT_INSTALLED, args.settings.state_utils.build_set_cookie_for_deletion())


def _page(status: int, text: str, cookie: str) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {"content-type": ["text/plain; charset=utf-8"], "set-cookie": [cookie]}
    return BoltResponse(status=status, body=text, headers=headers)


def _redirect_uri(settings: Settings) -> str | None:
    """Where Slack sends browsers back to; it is to be one of those in the manifest."""
    return f"{settings.address}/webhooks/slack/oauth_redirect" if settings.public_url else None
