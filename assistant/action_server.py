"""How Rasa 3.6.21 calls the action server, made quick, bounded and honest.

Quick: Rasa checks the JSON schema of a response against the rules for schemas before every use, thirty milliseconds of
CPU for each action; the schema is a constant, so its validator is made once. Bounded: it waits five minutes for an
action server that hangs, and the visitor with it; eight seconds must do, and no second action of the same turn is
tried. Honest: it goes on as if nothing had happened; we note the failure on the turn, so that the visitor is told.
"""

from __future__ import annotations

import asyncio
import logging
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.exceptions import RasaException

from assistant.metrics import ACTION_ERRORS
from assistant.stores.turns import current

LONGEST_ACTION = 8.0  # seconds

_log = logging.getLogger(__name__)
_run = RemoteAction.run


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
            f"the action server answered {action.name()} with what is no response: {error.message}"
        ) from error
    return True


async def _run_bounded(action: RemoteAction, *arguments: Any) -> list[Event]:
    """Raises:
    ActionExecutionRejection: as a form's action may; this is no failure.
    RasaException: the action failed; the turn knows.
    """
    turn = current.get()
    if turn is not None and turn.failed:
        raise RasaException(f"{action.name()} was not tried, because an action before it failed")
    try:
        events: list[Event] = await asyncio.wait_for(_run(action, *arguments), LONGEST_ACTION)
    except ActionExecutionRejection:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is: the turn goes on, and says so
        ACTION_ERRORS.inc()
        if turn is not None:
            turn.failed = True
        cause = type(error.__cause__ or error).__name__
        ids = {"conversation": turn.conversation, "message": turn.message} if turn else {}
        _log.error("action %s failed: %s", action.name(), cause, extra={"ids": ids})
        raise RasaException(f"{action.name()} failed") from None
    return events


def apply() -> None:
    """Put our versions in place; to be called once, before the first message."""
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction.run = _run_bounded
