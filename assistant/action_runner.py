"""Runs Rasa 3.6.21 actions with a timeout, in this process or on an action server.

Rasa calls actions over HTTP only. By default we run them in worker threads with the same rasa_sdk executor, without
HTTP or a second process. If ACTION_ENDPOINT_URL is set, that server is called instead; its responses are validated by a
cached validator, where Rasa builds one per call.

Rasa waits five minutes for a hanging action; we time out after eight seconds and skip the remaining actions of the
turn. Rasa also ignores a failure; we record it on the turn, so that the visitor is told.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as Rejected

from assistant.metrics import ACTION_ERRORS
from assistant.settings import settings
from assistant.stores.turns import current

LONGEST_ACTION = 8.0  # seconds
_THREADS = 8

_log = logging.getLogger(__name__)
_run_remotely = RemoteAction.run

Run = Callable[..., Awaitable[list[Event]]]
"""RemoteAction.run."""


class LocalActions:
    """Runs the actions of a package in threads of this process.

    A hanging action blocks only its own thread; new actions can run as long as a thread is free.

    Args:
        package: the package that defines them.
    """

    def __init__(self, package: str = "actions") -> None:
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._threads = ThreadPoolExecutor(_THREADS, "action")
        self._stuck: set[Future[Any]] = set()
        self._domain: Domain | None = None
        self._domain_fields: dict[str, Any] = {}

    @property
    def available(self) -> bool:
        """Whether a thread is free."""
        return len(self._stuck) < _THREADS

    async def run(
        self,
        action: RemoteAction,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Replaces ``RemoteAction.run``.

        Raises:
            ActionExecutionRejection: as a form's action may.
            Exception: whatever the action raises.
        """
        call = {
            "next_action": action.name(),
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.ALL),
            "domain": self._as_dict(domain),
        }
        running = self._threads.submit(self._execute, call)
        try:
            result = await asyncio.wrap_future(running)
        except asyncio.CancelledError:  # timed out
            if not running.done():
                self._stuck.add(running)
                running.add_done_callback(self._stuck.discard)
            raise
        said = await action._utter_responses(result["responses"], output_channel, nlg, tracker)
        return [*said, *deserialise_events(result["events"])]

    def _as_dict(self, domain: Domain) -> dict[str, Any]:
        """The serialized domain; cached, because it takes milliseconds and never changes."""
        if self._domain is not domain:
            self._domain, self._domain_fields = domain, domain.as_dict()
        return self._domain_fields

    def _execute(self, call: dict[str, Any]) -> dict[str, Any]:
        try:
            result = asyncio.run(self._executor.run(call))
        except Rejected as error:
            raise ActionExecutionRejection(error.action_name, str(error)) from None
        # As over HTTP: fail on values that are not JSON here, not when the conversation is saved.
        plain: dict[str, Any] = json.loads(json.dumps(result))
        return plain


@cache
def _validator() -> Draft202012Validator:
    schema = RemoteAction.action_response_format_spec()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    try:
        _validator().validate(result)
    except ValidationError as error:
        raise RasaException(
            f"the action server answered {action.name()} with an invalid response: {error.message}"
        ) from error
    return True


@cache
def local_actions() -> LocalActions | None:
    """The in-process actions; None if an action server runs them."""
    return None if settings().action_server else LocalActions()


def apply() -> None:
    """Apply the patches; call once, before the first message."""
    here = local_actions()
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction.run = _bounded(here.run if here else _run_remotely)


def _bounded(run: Callable[..., Awaitable[list[Event]]]) -> Run:
    async def run_bounded(action: RemoteAction, *arguments: Any) -> list[Event]:
        """Raises:
        ActionExecutionRejection: as a form action may; not a failure.
        RasaException: the action failed; recorded on the turn.
        """
        turn = current.get()
        if turn is not None and turn.failed:
            raise RasaException(f"{action.name()} was not tried, because an action before it failed")
        try:
            return await asyncio.wait_for(run(action, *arguments), LONGEST_ACTION)
        except ActionExecutionRejection:
            raise
        except Exception as error:  # noqa: BLE001  # any failure is reported on the turn
            ACTION_ERRORS.inc()
            if turn is not None:
                turn.failed = True
            cause = type(error if isinstance(error, asyncio.TimeoutError) else error.__cause__ or error).__name__
            ids = {"conversation": turn.conversation, "message": turn.message} if turn else {}
            _log.error("action %s failed: %s", action.name(), cause, extra={"ids": ids})
            raise RasaException(f"{action.name()} failed") from None

    return run_bounded
