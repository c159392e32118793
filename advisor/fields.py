"""The fields of a company: what can be known about it, declared in data/fields, one file each.

The names and values are the interface of the whole project: the command line, the slots of the assistant and the
decision table all use them (facts.md 3.1 of the design material).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from pydantic import validator

from advisor.content import Model, parse
from advisor.edition import edition, per_edition
from advisor.errors import ContentError

UNKNOWN = "unknown"
DECLINED = "declined"
UNANSWERED = frozenset({UNKNOWN, DECLINED})

Value = bool | int | float | str | tuple[str, ...]
"""What a company's field can hold; kinds of business are a tuple."""

_ORDER = "interview.yml"


class Field(Model):
    """How a field is answered.

    ``depends_on`` names other fields, and the values of theirs without which an answer to this one means nothing.
    ``asked_if`` are lines of other fields and their values, one of which must hold before anybody is asked: a law firm
    is not asked whether its product needs a CTO every day. What is volunteered counts all the same.
    ``given`` marks what nobody changes to get other advice: whom to hire is what the advice is about.
    ``examples`` are sentences that state the field, by its value: the reader of company facts learns from them.
    """

    name: str
    type: Literal["yes_no", "choice", "kinds", "whole_number", "amount"]
    values: tuple[str, ...] = ()
    depends_on: dict[str, tuple[str, ...]] = {}
    asked_if: tuple[dict[str, tuple[bool | str, ...]], ...] = ()
    given: bool = False
    examples: dict[str, tuple[str, ...]] = {}

    @validator("examples", pre=True)
    def _by_value(cls, told: Mapping[Any, Any]) -> dict[str, Any]:
        return {str(value).lower(): sentences for value, sentences in told.items()}  # YAML reads true as a boolean

    @property
    def allowed(self) -> str:
        """The values that the field takes, in words."""
        return {
            "yes_no": "true or false",
            "choice": f"one of {', '.join(self.values)}",
            "kinds": f"a list of {', '.join(self.values)}",
            "whole_number": "a whole number, zero or more",
            "amount": "a number of US dollars, zero or more",
        }[self.type]

    def takes(self, value: Any) -> bool:
        """Whether the field can have this value; unknown and declined are not values."""
        if self.type == "yes_no":
            return isinstance(value, bool)
        if self.type == "choice":
            return isinstance(value, str) and value in self.values
        if self.type == "kinds":
            return isinstance(value, (list, tuple)) and all(
                isinstance(one, str) and one in self.values for one in value
            )
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return 0 <= value < math.inf and (self.type == "amount" or isinstance(value, int))


class _Interview(Model):
    questions: dict[str, tuple[tuple[str, ...], ...]]


@per_edition
def asked_together() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The fields of every question in the order of asking, by the part of the interview."""
    return MappingProxyType(parse(_Interview, edition().files[_ORDER], _ORDER).questions)


@per_edition
def fields() -> Mapping[str, Field]:
    """All fields by name: those of the interview in the order of its questions, then the others.

    Raises:
        ContentError: a file in data/fields is wrong, or a question asks for a field that has none.
    """
    declared = {name: _field(name, content) for name, content in edition().fields.items()}
    for field in declared.values():
        check_dependencies(field, declared)
        check_conditions(field, declared)
    asked = [name for groups in asked_together().values() for group in groups for name in group]
    if unknown := [name for name in asked if name not in declared]:
        raise ContentError(
            f"{_ORDER}: questions: {unknown[0]!r} has no file in data/fields; allowed: {', '.join(declared)}"
        )
    return MappingProxyType({name: declared[name] for name in dict.fromkeys([*asked, *declared])})


@per_edition
def yes_no_fields() -> tuple[str, ...]:
    """The fields that are answered with yes or no."""
    return tuple(name for name, field in fields().items() if field.type == "yes_no")


def check_dependencies(field: Field, declared: Mapping[str, Field]) -> None:
    """Whether the answers that a field depends on exist.

    Raises:
        ContentError: it depends on a field, or on a value of one, that is not declared.
    """
    place = f"fields/{field.name}.yml: depends_on"
    for name, values in field.depends_on.items():
        if name not in declared:
            raise ContentError(f"{place}: {name!r} is not a field; allowed: {', '.join(declared)}")
        if unknown := [value for value in values if value not in declared[name].values]:
            raise ContentError(
                f"{place}, {name}: {unknown[0]!r} is not allowed; allowed: {', '.join(declared[name].values)}"
            )


def check_conditions(field: Field, declared: Mapping[str, Field]) -> None:
    """Whether the answers exist that must be given before a field is asked for.

    Raises:
        ContentError: a condition names a field, or a value of one, that is not declared.
    """
    place = f"fields/{field.name}.yml: asked_if"
    for name, values in (condition for line in field.asked_if for condition in line.items()):
        if name not in declared:
            raise ContentError(f"{place}: {name!r} is not a field; allowed: {', '.join(declared)}")
        of_kinds = declared[name].type == "kinds"
        if wrong := [value for value in values if not declared[name].takes((value,) if of_kinds else value)]:
            raise ContentError(f"{place}, {name}: {wrong[0]!r} is not allowed; allowed: {declared[name].allowed}")


def _field(name: str, content: Any) -> Field:
    declaration = content.get("field") if isinstance(content, Mapping) else None
    if not isinstance(declaration, Mapping):
        raise ContentError(f"fields/{name}.yml: needs a key `field` with a `type`")
    return parse(Field, {"name": name, **declaration}, f"fields/{name}.yml")
