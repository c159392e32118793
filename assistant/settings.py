"""Every setting: its variable, type, default and what is allowed. docs/settings.md says what each is for.

Settings come from the environment and are read once, when a process starts. Docker and Kubernetes mount secrets as
files: ``NAME_FILE`` may name one. An empty variable counts as unset.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from email_validator import validate_email
from pydantic import BaseModel, Field, ValidationError, validator
from pydantic.fields import ModelField
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from yarl import URL

from advisor.errors import SeatwiseError

SECRET = "SEATWISE_SECRET"
DATABASE_URL = "SEATWISE_DATABASE_URL"
ACTION_SERVER = "ACTION_ENDPOINT_URL"
"""The variables that the launcher sets where they are empty."""
SLACK_SIGNING_SECRET = "SEATWISE_SLACK_SIGNING_SECRET"
SLACK_APP_TOKEN = "SEATWISE_SLACK_APP_TOKEN"
SLACK_BOT_TOKEN = "SEATWISE_SLACK_BOT_TOKEN"
SLACK_CLIENT_ID = "SEATWISE_SLACK_CLIENT_ID"
SLACK_CLIENT_SECRET = "SEATWISE_SLACK_CLIENT_SECRET"
SLACK_LEADS_CHANNEL = "SEATWISE_SLACK_LEADS_CHANNEL"
FILE = "_FILE"
"""Ends the name of the variable that names the file of a secret."""
SHORTEST_KEY = 32  # bytes: what HS256 asks for (RFC 7518, section 3.2)
_SHORTEST_WEBHOOK_KEY = 24  # bytes, as standardwebhooks.com specifies
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")
OPERATOR = re.compile(r"(?P<name>[^:]{1,80}): *(?P<token>[0-9a-f]{64})(?:: *(?P<code>(?:[A-Z2-7]{8}){2,8}))?")
"""An operator's line: the name, the SHA-256 of the token, and the secret of the authenticator, if there is one."""
_BACKENDS = ("sqlite", "postgresql")
_PER_MINUTE = "a number from 1"
_YES_OR_NO = "yes or no"
_SECURE = "an https address such as https://chat.firm.example (http only on this machine)"
_MAIL_ADDRESS = "an e-mail address"


def _setting(name: str, default: Any, allowed: str = "a text", *, secret: bool = False, **limits: Any) -> Any:
    """A field that is read from the variable ``name``; the value of a secret is never shown."""
    return Field(default, alias=name, allowed=allowed, secret=secret, **limits)


class Settings(BaseModel):
    """All settings, valid."""

    port: int = _setting("PORT", 5005, "a number from 1 to 65535", ge=1, le=65535)
    host: str = _setting("SEATWISE_HOST", "127.0.0.1")
    logs: str = _setting("SEATWISE_LOGS", "logs")
    proxies: int = _setting("SEATWISE_PROXIES", 0, "a number from 0", ge=0)

    database_url: str = _setting(
        DATABASE_URL,
        "sqlite:///seatwise.db",
        "the address of a database, such as sqlite:///seatwise.db or postgresql://user@host/name",
        secret=True,
    )
    keep_days: int = _setting("SEATWISE_KEEP_DAYS", 90, "a number of days, or 0 to keep everything", ge=0)
    erasures: Path | None = _setting("SEATWISE_ERASURES", None)
    turns: int = _setting("SEATWISE_TURNS", 12, "a number of turns from 2", ge=2)

    secret: str | None = _setting(
        SECRET, None, f"keys of at least {SHORTEST_KEY} bytes, separated by spaces", secret=True
    )
    origins: frozenset[str] = _setting(
        "SEATWISE_ORIGINS", frozenset(), "origins such as https://www.firm.example, separated by spaces"
    )
    messages_a_minute: int = _setting("SEATWISE_MESSAGES_A_MINUTE", 60, _PER_MINUTE, ge=1)
    address_messages_a_minute: int = _setting("SEATWISE_ADDRESS_MESSAGES_A_MINUTE", 600, _PER_MINUTE, ge=1)
    address_visits_a_minute: int = _setting("SEATWISE_ADDRESS_VISITS_A_MINUTE", 120, _PER_MINUTE, ge=1)
    cpu_seconds_a_minute: int = _setting("SEATWISE_CPU_SECONDS_A_MINUTE", 1, _PER_MINUTE, ge=1)
    address_cpu_seconds_a_minute: int = _setting("SEATWISE_ADDRESS_CPU_SECONDS_A_MINUTE", 5, _PER_MINUTE, ge=1)

    webhook_url: str | None = _setting(
        "SEATWISE_WEBHOOK_URL",
        None,
        "an https address such as https://firm.example/hooks (http only on this machine)",
        secret=True,  # it may hold a password
    )
    webhook_secret: str | None = _setting(
        "SEATWISE_WEBHOOK_SECRET",
        None,
        f'one or two keys of "whsec_" and {_SHORTEST_WEBHOOK_KEY} bytes or more in base64; make one with: '
        'echo "whsec_$(openssl rand -base64 32)"',
        secret=True,
    )
    action_server: str | None = _setting(ACTION_SERVER, None, "an address such as http://127.0.0.1:5055/webhook")

    hubspot_token: str | None = _setting("SEATWISE_HUBSPOT_TOKEN", None, "the token of a private app", secret=True)
    hubspot_url: str = _setting("SEATWISE_HUBSPOT_URL", "https://api.hubapi.com", _SECURE)
    smtp_url: str | None = _setting(
        "SEATWISE_SMTP_URL",
        None,
        "smtps://user:password@host:465, or smtp://user:password@host:587 to begin with STARTTLS",
        secret=True,
    )
    mail_from: str | None = _setting("SEATWISE_MAIL_FROM", None, _MAIL_ADDRESS)
    mail_to: str | None = _setting("SEATWISE_MAIL_TO", None, _MAIL_ADDRESS)
    private_addresses: bool = _setting("SEATWISE_PRIVATE_ADDRESSES", False, _YES_OR_NO)
    unclaimed_minutes: int = _setting("SEATWISE_UNCLAIMED_MINUTES", 30, "a number of minutes, or 0 for never", ge=0)
    hold_minutes: int = _setting("SEATWISE_HOLD_MINUTES", 30, "a number of minutes, or 0 for never", ge=0)
    lead_days: int = _setting("SEATWISE_LEAD_DAYS", 180, "a number of days, or 0 to keep everything", ge=0)

    public_url: str | None = _setting("SEATWISE_PUBLIC_URL", None, _SECURE)
    console_token: str | None = _setting(
        "SEATWISE_CONSOLE_TOKEN", None, f"a token of at least {SHORTEST_KEY} bytes", secret=True
    )
    operators: str | None = _setting(
        "SEATWISE_OPERATORS",
        None,
        "a line for each operator, with names of their own, as `python -m assistant operator NAME` prints them",
        secret=True,
    )

    slack_signing_secret: str | None = _setting(
        SLACK_SIGNING_SECRET, None, "the signing secret of the Slack app", secret=True
    )
    slack_app_token: str | None = _setting(
        SLACK_APP_TOKEN, None, "an app-level token, which begins with xapp-", secret=True
    )
    slack_bot_token: str | None = _setting(SLACK_BOT_TOKEN, None, "a bot token, which begins with xoxb-", secret=True)
    slack_client_id: str | None = _setting(SLACK_CLIENT_ID, None)
    slack_client_secret: str | None = _setting(
        SLACK_CLIENT_SECRET, None, "the client secret of the Slack app", secret=True
    )
    slack_leads_channel: str | None = _setting(
        SLACK_LEADS_CHANNEL,
        None,
        "the id of a channel, such as C0123456789; with several workspaces T0123456789/C0123456789",
        regex="^(T[A-Z0-9]+/)?[CG][A-Z0-9]+$",
    )
    slack_config_token: str | None = _setting(
        "SEATWISE_SLACK_CONFIG_TOKEN", None, "an app configuration token", secret=True
    )
    slack_api_url: str = _setting("SEATWISE_SLACK_API_URL", "https://slack.com/api/", _SECURE)

    booking_url: str | None = _setting("SEATWISE_BOOKING_URL", None)
    booking_prefill: bool = _setting("SEATWISE_BOOKING_PREFILL", False, _YES_OR_NO)
    calcom_secret: str | None = _setting("SEATWISE_CALCOM_SECRET", None, "the secret of the webhook", secret=True)
    calendly_key: str | None = _setting("SEATWISE_CALENDLY_KEY", None, "the signing key of the webhook", secret=True)
    name: str | None = _setting("SEATWISE_NAME", None)
    color: str | None = _setting("SEATWISE_COLOR", None)
    greeting: str | None = _setting("SEATWISE_GREETING", None)
    privacy_url: str | None = _setting("SEATWISE_PRIVACY_URL", None)
    contact_url: str | None = _setting("SEATWISE_CONTACT_URL", None)

    class Config:
        """Of pydantic."""

        allow_mutation = False

    @validator("*", pre=True)
    def _digits_only(cls, value: Any, field: ModelField) -> Any:
        """int() would also take "1_000", " 5" and digits of other scripts."""
        if (
            issubclass(field.type_, int)
            and field.type_ is not bool
            and not (str(value).isascii() and str(value).isdigit())
        ):
            raise ValueError
        return value

    @validator("database_url")
    def _known_backend(cls, value: str) -> str:
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            raise ValueError from None
        if backend not in _BACKENDS:
            raise ValueError
        return value

    @validator("secret")
    def _long_keys(cls, value: str) -> str:
        keys = value.split()
        if not keys or any(len(key.encode()) < SHORTEST_KEY for key in keys):
            raise ValueError
        return value

    @validator("origins", pre=True)
    def _only_origins(cls, value: str) -> frozenset[str]:
        origins = frozenset(value.lower().split())
        if not all(map(_ORIGIN.fullmatch, origins)):
            raise ValueError
        return origins

    @validator("private_addresses", "booking_prefill", pre=True)
    def _yes_or_no(cls, value: object) -> bool:
        if value not in ("yes", "no"):
            raise ValueError
        return value == "yes"

    @validator("mail_from", "mail_to")
    def _mail_address(cls, value: str) -> str:
        return validate_email(value, check_deliverability=False).normalized

    @validator("smtp_url")
    def _mail_server(cls, value: str) -> str:
        address = URL(value)
        if not address.host or address.scheme not in ("smtp", "smtps"):
            raise ValueError
        return value

    @validator("console_token")
    def _long_token(cls, value: str) -> str:
        if len(value.encode()) < SHORTEST_KEY:
            raise ValueError
        return value

    @validator("operators")
    def _named_operators(cls, value: str) -> str:
        found = [OPERATOR.fullmatch(line.strip()) for line in value.splitlines() if line.strip()]
        names = {one["name"].casefold() for one in found if one and one["name"].isprintable()}
        if not names or len(names) < len(found):
            raise ValueError
        return value

    @validator("slack_app_token")
    def _app_token(cls, value: str) -> str:
        if not value.startswith("xapp-"):
            raise ValueError
        return value

    @validator("slack_bot_token")
    def _bot_token(cls, value: str) -> str:
        if not value.startswith("xoxb-"):
            raise ValueError
        return value

    @validator("webhook_url", "hubspot_url", "public_url", "slack_api_url")
    def _secure_address(cls, value: str) -> str:
        address = URL(value)
        if not address.host or not (
            address.scheme == "https" or address.scheme == "http" and is_loopback(address.host)
        ):
            raise ValueError
        return value

    @validator("webhook_secret")
    def _long_webhook_key(cls, value: str) -> str:
        keys = value.split()
        if not keys or any(
            len(base64.b64decode(key.removeprefix("whsec_"), validate=True)) < _SHORTEST_WEBHOOK_KEY for key in keys
        ):
            raise ValueError
        return value

    @validator("action_server")
    def _http_address(cls, value: str) -> str:
        address = URL(value)
        if not address.host or address.scheme not in ("http", "https"):
            raise ValueError
        return value

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read all settings.

        Raises:
            SeatwiseError: one cannot be used; the line names the variable, its value and what is allowed.
        """
        values: dict[str, str] = {}
        for field in cls.__fields__.values():
            name, is_secret = field.alias, field.field_info.extra["secret"]
            if value := _secret(name, environment) if is_secret else environment.get(name):
                values[name] = value
        try:
            settings = cls.parse_obj(values)
        except ValidationError as error:
            raise SeatwiseError(_explain(str(error.errors()[0]["loc"][0]), values)) from None
        if settings.webhook_url and not settings.webhook_secret:
            allowed = cls.__fields__["webhook_secret"].field_info.extra["allowed"]
            raise SeatwiseError(f"SEATWISE_WEBHOOK_URL needs SEATWISE_WEBHOOK_SECRET: {allowed}")
        if settings.smtp_url and not settings.mail_from:
            raise SeatwiseError(f"SEATWISE_SMTP_URL needs SEATWISE_MAIL_FROM: {_MAIL_ADDRESS}")
        settings._check_slack()
        return settings

    @property
    def serves_slack(self) -> bool:
        """Whether people can talk to the assistant in Slack."""
        return bool(self.slack_signing_secret or self.slack_app_token)

    @property
    def address(self) -> str:
        """Where visitors reach this server, without a slash at the end."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def has_console(self) -> bool:
        """Whether there are operator's pages."""
        return bool(self.console_token or self.operators)

    @property
    def lets_people_join(self) -> bool:
        """Whether a person of the firm can answer in the chat."""
        return self.has_console or self.slack_leads_channel is not None

    @property
    def arranges_calls(self) -> bool:
        """Whether the firm arranges calls itself, since no booking service reports them."""
        return not (self.calcom_secret or self.calendly_key)

    @property
    def takes_leads(self) -> bool:
        """Whether contact details that a visitor leaves would reach anybody."""
        by_mail = self.smtp_url and self.mail_to
        return any((self.webhook_url, self.hubspot_token, by_mail, self.slack_leads_channel, self.has_console))

    def _check_slack(self) -> None:
        """Raises:
        SeatwiseError: Slack is set up in part only.
        """
        missing = []
        if not self.serves_slack:
            missing.append(f"{SLACK_SIGNING_SECRET} (or {SLACK_APP_TOKEN} for Socket Mode)")
        if self.slack_client_id and not self.slack_client_secret:
            missing.append(SLACK_CLIENT_SECRET)
        elif self.slack_client_secret and not self.slack_client_id:
            missing.append(SLACK_CLIENT_ID)
        elif not (self.slack_bot_token or self.slack_client_id):
            missing.append(f"{SLACK_BOT_TOKEN} (or {SLACK_CLIENT_ID} and {SLACK_CLIENT_SECRET} for several workspaces)")
        others = (self.slack_bot_token, self.slack_client_id, self.slack_client_secret, self.slack_leads_channel)
        if missing and (self.serves_slack or any(others)):
            raise SeatwiseError(f"Slack also needs {' and '.join(missing)}; docs/slack.md says where they come from")
        if self.slack_bot_token and self.slack_client_id:
            raise SeatwiseError(
                f"{SLACK_BOT_TOKEN} is for one workspace, {SLACK_CLIENT_ID} for several; unset one of them"
            )
        if self.slack_client_id and self.slack_leads_channel and "/" not in self.slack_leads_channel:
            allowed = self.__fields__["slack_leads_channel"].field_info.extra["allowed"]
            raise SeatwiseError(f"{SLACK_LEADS_CHANNEL} must name the workspace too: {allowed}")

    def check_shared_secret(self) -> None:
        """Raises:
        SeatwiseError: several replicas may share the database, but no secret that is theirs in common is set.
        """
        if not self.secret and self.database_url.startswith("postgresql"):
            raise SeatwiseError(f"{SECRET} must be set where several replicas may share a database")


def settings() -> Settings:
    """The settings of this process. Whatever needs some reads them when it is made, and keeps them.

    Raises:
        SeatwiseError: as for ``Settings.from_environment``.
    """
    return Settings.from_environment(os.environ)


def _explain(name: str, values: Mapping[str, str]) -> str:
    [field] = [field for field in Settings.__fields__.values() if field.alias == name]
    shown = "" if field.field_info.extra["secret"] else f", and is {values[name]!r}"
    return f"{name} must be {field.field_info.extra['allowed']}{shown}"


def is_loopback(host: str) -> bool:
    """Whether a host says itself that it is this machine."""
    with suppress(ValueError):
        return host == "localhost" or ip_address(host).is_loopback
    return False


def _secret(name: str, environment: Mapping[str, str]) -> str | None:
    """The value of a variable, or the content of the file that ``NAME_FILE`` names; None where neither is set."""
    value, path = environment.get(name), environment.get(f"{name}{FILE}")
    if not path:
        return value or None
    if value:
        raise SeatwiseError(f"{name} and {name}{FILE} are both set; unset one of them")
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise SeatwiseError(f"the file of {name}{FILE} cannot be read: {error.strerror}") from error
