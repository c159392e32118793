"""Where Rasa 3.6.21 spends time on nothing, and what we do instead.

It waits five minutes for an action server that hangs, and the visitor with it: eight seconds must do. And it checks the
JSON schema of an action server's response against the rules for schemas before every use: thirty milliseconds of CPU
for each action. The schema is a constant, so its validator is made once.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.exceptions import RasaException
from rasa.utils import endpoints

_LONGEST_ACTION = 8  # seconds


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


def apply() -> None:
    """Put our versions in place; to be called once, before the first message."""
    RemoteAction._validate_action_result = _validate_action_result
    endpoints.DEFAULT_REQUEST_TIMEOUT = _LONGEST_ACTION
