"""The routes below /console. Nothing but the sign-in is open to a browser that is not signed in.

What an operator sees or changes is recorded in the same transaction, without content.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta, timezone
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw, redirect
from sqlalchemy.engine import Connection

from advisor.errors import SeatwiseError
from advisor.firm import firm
from assistant.booking.arranged import arrange, file_of
from assistant.metrics import REFUSALS
from assistant.server.addresses import address_of, network_of
from assistant.server.token_bucket import TokenBuckets
from assistant.settings import Settings
from assistant.stores.audit import record
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.erasures import Erased, digest
from assistant.stores.holds import LONGEST_HOLDER
from assistant.stores.inbox import NoSuchConversation
from assistant.stores.leads import claim, lead_of
from assistant.stores.links import issue
from assistant.stores.outbox import send_again
from assistant.turns import holding
from assistant.turns.api_errors import ApiError, erased, not_stored
from assistant.turns.dispatcher import TurnDispatcher
from assistant.turns.messages import Message
from console.conversations import MOST, of_day, transcript
from console.leads import by_state, dead_letters
from console.lockout import Lockout
from console.operators import Operator, Operators
from console.pages import HEADERS, page
from console.sessions import LONGEST, Session, Sessions

PATH = "/console"
COOKIE = "__Host-seatwise"
LOCAL_COOKIE = "seatwise"
"""The cookie on this machine without TLS, where browsers refuse the other one."""
_A_MINUTE = 120  # requests of one network
_BRIEF_DAYS = 1

Act = Callable[..., Awaitable[HTTPResponse]]
Change = Callable[[Connection], list[Message]]


class Console:
    """The operator's pages.

    Args:
        store: the database.
        turns: brings visitors what a person says.
        settings: those of this process, with somebody who may sign in.
        operators: who that is.
        sessions: opens and reads sessions.
        lockout: counts wrong tokens.
    """

    def __init__(
        self,
        store: Database,
        turns: TurnDispatcher,
        settings: Settings,
        operators: Operators | None = None,
        sessions: Sessions | None = None,
        lockout: Lockout | None = None,
    ) -> None:
        self._store = store
        self._turns = turns
        self._operators = operators or Operators(settings)
        self._sessions = sessions or Sessions(self._operators.secrets, settings.secret)
        self._lockout = lockout or Lockout()
        self._limits = TokenBuckets(_A_MINUTE)
        self._hold_minutes = settings.hold_minutes
        self._arranges_calls = settings.arranges_calls

    def routes(self) -> Blueprint:
        """All routes, each behind the checks."""
        made = Blueprint("console", url_prefix=PATH)
        for method, path, act in (
            ("GET", "/login", self._show_login),
            ("POST", "/login", self._sign_in),
            ("POST", "/logout", self._sign_out),
            ("GET", "/", self._show_day),
            ("GET", "/conversations/<conversation:str>", self._show_conversation),
            ("POST", "/conversations/<conversation:str>/hold", self._hold),
            ("POST", "/conversations/<conversation:str>/answer", self._answer),
            ("POST", "/conversations/<conversation:str>/release", self._release),
            ("POST", "/conversations/<conversation:str>/brief", self._open_brief),
            ("GET", "/leads", self._show_leads),
            ("POST", "/leads/<conversation:str>/claim", self._claim),
            ("POST", "/leads/<conversation:str>/call", self._arrange),
            ("POST", "/leads/<conversation:str>/cancel", self._cancel),
            ("GET", "/leads/<conversation:str>/call.ics", self._show_calendar),
            ("POST", "/outbox/<key:str>/retry", self._send_again),
        ):
            is_open = act in (self._show_login, self._sign_in)
            made.route(path, [method], name=act.__name__.strip("_"))(self._checked(act, is_open))
        return made

    def _checked(self, act: Act, is_open: bool) -> Act:
        """A handler that is reached only by requests that may, and always answers with a page of ours."""

        async def handle(request: Request, **named: str) -> HTTPResponse:
            request.ctx.session = self._session_of(request)
            try:
                self._limits.take(network_of(address_of(request)))
                _check_origin(request)
                if not is_open and not request.ctx.session.operator:
                    return self._finished(request, self._turned_away(request))
                response = await act(request, **{name: unquote(value) for name, value in named.items()})
            except ApiError as error:
                response = _refused(request, error)
            except NoSuchConversation:
                response = _refused(request, _not_found())
            except SeatwiseError as error:
                response = _refused(request, ApiError(409, "not_possible", f"Not possible: {error}."))
            except Erased:
                response = _refused(request, erased())
            except StoreUnavailable:
                response = _refused(request, not_stored())
            return self._finished(request, response)

        return handle

    def _session_of(self, request: Request) -> Session:
        """The session of a request; a new one if it has none."""
        return self._sessions.read(request.cookies.get(_cookie_name(request))) or self._sessions.open()

    def _turned_away(self, request: Request) -> HTTPResponse:
        if request.method == "GET":
            return redirect(f"{PATH}/login", status=303)
        return _refused(request, ApiError(403, "not_signed_in", "You are not signed in, or not any more."))

    def _finished(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        """A response with the headers of the console, and with the session's next cookie."""
        response.headers.update(HEADERS)
        name = _cookie_name(request)
        response.cookies[name] = self._sessions.cookie(request.ctx.session)
        response.cookies[name].update({"path": "/", "max-age": LONGEST, "httponly": True, "samesite": "Strict"})
        if name == COOKIE:
            response.cookies[name]["secure"] = True
        return response

    async def _show_login(self, request: Request) -> HTTPResponse:
        return self._login(request)

    def _login(self, request: Request, status: int = 200, problem: str | None = None) -> HTTPResponse:
        return page("login", status, session=request.ctx.session, problem=problem, operators=self._operators)

    async def _sign_in(self, request: Request) -> HTTPResponse:
        network = network_of(address_of(request))
        self._lockout.check(network)
        name, token = _one_line(request.form.get("name", "")), request.form.get("token", "")
        known = self._operators.with_token(token)
        if not (self._is_them(known, request.form.get("code", "")) if known else self._operators.shares(token)):
            self._lockout.failed(network)
            REFUSALS.labels("wrong_token").inc()
            return self._login(request, 401, "This does not open the console.")
        if known:
            name = known.name
        elif not name or len(name) > LONGEST_HOLDER or self._operators.has_name(name):
            problem = f"Enter a name of your own, in at most {LONGEST_HOLDER} characters. Visitors see it."
            return self._login(request, 400, problem)
        self._lockout.succeeded(network)
        request.ctx.session = self._sessions.open(name)
        await self._store.run(lambda connection: _record(request, connection, "console.login"))
        return redirect(f"{PATH}/", status=303)

    def _is_them(self, operator: Operator, code: str) -> bool:
        """Whether the code of somebody with the right token is right, too.

        Raises:
            ApiError: too many were wrong, from whatever networks.
        """
        self._lockout.check(f"operator {operator.name}")
        if not self._operators.takes_code(operator, "".join(code.split())):
            self._lockout.failed(f"operator {operator.name}")
            return False
        self._lockout.succeeded(f"operator {operator.name}")
        return True

    async def _sign_out(self, request: Request) -> HTTPResponse:
        request.ctx.session = self._sessions.open()
        return redirect(f"{PATH}/login", status=303)

    async def _show_day(self, request: Request) -> HTTPResponse:
        day = _day(request.args.get("day"))

        def read(connection: Connection) -> Any:
            _record(request, connection, "console.day", day.isoformat())
            return of_day(connection, day)

        talks = await self._store.run(read)
        return page(
            "day",
            session=request.ctx.session,
            day=day,
            day_before=day - timedelta(days=1),
            day_after=day + timedelta(days=1),
            talks=talks,
            most=MOST,
        )

    async def _show_conversation(self, request: Request, conversation: str) -> HTTPResponse:
        def read(connection: Connection) -> Any:
            _record(request, connection, "console.view", digest(conversation))
            return transcript(connection, conversation), lead_of(connection, conversation)

        talk, lead = await self._store.run(read)
        if talk is None:
            raise _not_found()
        return page(
            "conversation",
            session=request.ctx.session,
            talk=talk,
            lead=lead,
            longest=holding.LONGEST_ANSWER,
            minutes=self._hold_minutes,
        )

    async def _hold(self, request: Request, conversation: str) -> HTTPResponse:
        by = request.ctx.session.operator
        return await self._tell(request, conversation, "console.hold", lambda c: holding.take_over(c, conversation, by))

    async def _answer(self, request: Request, conversation: str) -> HTTPResponse:
        by, text = request.ctx.session.operator, "\n".join(request.form.get("text", "").splitlines()).strip()
        if not text or len(text) > holding.LONGEST_ANSWER:
            raise ApiError(400, "bad_text", f"An answer has between 1 and {holding.LONGEST_ANSWER:,} characters.")
        return await self._tell(
            request, conversation, "console.answer", lambda c: holding.answer(c, conversation, by, text)
        )

    async def _release(self, request: Request, conversation: str) -> HTTPResponse:
        return await self._tell(request, conversation, "console.release", lambda c: holding.hand_back(c, conversation))

    async def _tell(self, request: Request, conversation: str, command: str, change: Change) -> HTTPResponse:
        """Record a command and tell the visitor what comes of it."""

        def compose(connection: Connection) -> list[Message]:
            _record(request, connection, command, digest(conversation))
            return change(connection)

        await self._turns.tell(conversation, compose)
        return redirect(f"{PATH}/conversations/{quote(conversation, safe='')}#end", status=303)

    async def _open_brief(self, request: Request, conversation: str) -> HTTPResponse:
        def link(connection: Connection) -> str:
            _record(request, connection, "console.brief", digest(conversation))
            return issue(connection, conversation, "brief", _BRIEF_DAYS)

        return redirect(f"/brief/{await self._store.run(link)}", status=303)

    async def _show_leads(self, request: Request) -> HTTPResponse:
        def read(connection: Connection) -> Any:
            _record(request, connection, "console.leads")
            return by_state(connection), dead_letters(connection)

        states, dead = await self._store.run(read)
        zone = firm().hours.time_zone if self._arranges_calls else None
        return page("leads", session=request.ctx.session, states=states, dead=dead, zone=zone)

    async def _claim(self, request: Request, conversation: str) -> HTTPResponse:
        by = request.ctx.session.operator

        def change(connection: Connection) -> bool:
            _record(request, connection, "console.claim", digest(conversation))
            return claim(connection, conversation, by)

        if not await self._store.run(change):
            raise ApiError(409, "not_possible", "Somebody has claimed this lead already, or it is gone.")
        return redirect(f"{PATH}/leads", status=303)

    async def _arrange(self, request: Request, conversation: str) -> HTTPResponse:
        try:
            start = firm().clock(request.form.get("at", ""))
        except ValueError:
            raise ApiError(400, "bad_time", "Enter a day and a time.") from None
        return await self._change_call(request, conversation, start)

    async def _cancel(self, request: Request, conversation: str) -> HTTPResponse:
        return await self._change_call(request, conversation, None)

    async def _change_call(self, request: Request, conversation: str, start: datetime | None) -> HTTPResponse:
        if not self._arranges_calls:
            raise ApiError(409, "not_possible", "Calls are booked, moved and canceled at the booking service.")

        def change(connection: Connection) -> None:
            _record(request, connection, "console.call", digest(conversation))
            arrange(connection, conversation, start, time.time())

        await self._store.run(change)
        return redirect(f"{PATH}/leads", status=303)

    async def _show_calendar(self, request: Request, conversation: str) -> HTTPResponse:
        def read(connection: Connection) -> bytes:
            _record(request, connection, "console.calendar", digest(conversation))
            lead = lead_of(connection, conversation)
            if lead is None:
                raise _not_found()
            return file_of(lead)

        file = await self._store.run(read)
        headers = {"Content-Disposition": 'attachment; filename="call.ics"'}
        return raw(file, headers=headers, content_type="text/calendar; charset=utf-8")

    async def _send_again(self, request: Request, key: str) -> HTTPResponse:
        def change(connection: Connection) -> int:
            _record(request, connection, "console.retry", digest(key))
            return send_again(connection, key)

        if not await self._store.run(change):
            raise _not_found()
        return redirect(f"{PATH}/leads", status=303)


def _record(request: Request, connection: Connection, command: str, subject: str = "") -> None:
    record(connection, command, subject, request.ctx.session.operator)


def _check_origin(request: Request) -> None:
    """Raises:
    ApiError: a request that changes something does not come from a form of ours.
    """
    if request.method == "GET":
        return
    # Under our referrer policy a browser names no origin, but it says whether it is the same.
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    is_own = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    form_token = request.form.get("form_token", "")
    is_of_session = hmac.compare_digest(form_token.encode(), request.ctx.session.form_token.encode())
    if not (is_own if site is None else site == "same-origin") or not is_of_session:
        raise ApiError(403, "foreign_form", "This form is too old or not ours. Open the page again.")


def _refused(request: Request, error: ApiError) -> HTTPResponse:
    REFUSALS.labels(error.code).inc()
    response = page("problem", error.status, session=request.ctx.session, problem=error.message)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _not_found() -> ApiError:
    return ApiError(404, "not_found", "There is nothing at this address.")


def _cookie_name(request: Request) -> str:
    """The name of the session's cookie; only on this machine it may go without TLS."""
    return LOCAL_COOKIE if request.scheme == "http" and _is_loopback(request.headers.get("host", "")) else COOKIE


def _is_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _day(value: str | None) -> date:
    """The day that a query names; today (UTC) if it names none."""
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return datetime.now(timezone.utc).date()


def _one_line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
