"""The decision table framework.yml as frozen, typed rows; whatever cannot be meant is an error of one line.

How the table is applied is in decision.py; what it can still come to, with some answers open, in compiled.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, get_args

from pydantic import StrictBool, StrictStr, validator

from advisor.article import facts
from advisor.content import Location, Model, parse, place
from advisor.edition import edition, per_edition
from advisor.errors import ContentError
from advisor.fields import UNKNOWN, fields
from advisor.prices import figures

Role = Literal[
    "BOTH_FRACTIONAL", "CTO_COVERS_AI", "ADD_CAIO", "ADD_CTO", "CTO_FIRST", "CTO_THEN_CAIO", "CAIO_FIRST",
    "ONE_OF_THE_TWO", "CTO_IN_PLACE", "ROLES_IN_PLACE", "NOT_ENOUGH_KNOWN", "NOT_COVERED",
]  # fmt: skip
Strength = Literal["none", "default", "inferred", "conditional", "hedged", "firm"]
Terms = Literal["FRACTIONAL", "FULL_TIME_CTO", "FULL_TIME_CAIO", "NOT_COVERED"]
Flag = Literal[
    "MAY_NEED_BOTH", "END_STATE_BOTH", "SMALL_FIRM", "BEYOND_RANGE", "BASICS_FIRST", "FULL_TIME_EXCEPTION"
]  # fmt: skip

STRENGTHS: tuple[Strength, ...] = get_args(Strength)
"""From weakest to strongest."""

Entry = tuple[StrictBool | StrictStr, ...]
Line = Mapping[str, Entry]
"""Fields and conditions, each with the values of which it must have one."""


def _as_line(line: Any) -> Any:
    """Let a single value stand without brackets."""
    if not isinstance(line, Mapping):
        return line
    return {name: value if isinstance(value, list) else [value] for name, value in line.items()}


class _Row(Model):
    """A row of a table: it applies where its line holds, for some roles and terms only.

    ``words`` is how the name of the response ends that says it, by default the id; None where nothing is said.
    """

    when: dict[str, Entry] = {}
    facts: tuple[str, ...] = ()

    _lines = validator("when", pre=True, allow_reuse=True)(_as_line)


class RoleRow(_Row):
    """A rule. ``outranks`` names rules below it that lead to another role and may match as well."""

    id: str
    role: Role
    words: str = ""
    strength: Strength
    basis: Literal["source", "policy"]
    outranks: tuple[str, ...] = ()
    last_resort: bool = False


class FlagRow(_Row):
    """Something to be said beside the role."""

    id: Flag
    words: str = ""
    only_roles: tuple[Role, ...] = ()
    except_roles: tuple[Role, ...] = ()
    only_terms: tuple[Terms, ...] = ()


class TermsRow(_Row):
    """The terms of the engagement; none where there is nobody to engage."""

    id: str
    terms: Terms | None
    words: str | None = ""
    only_roles: tuple[Role, ...] = ()


class FigureRow(Model):
    """What to say of money or time: figures of prices.yml."""

    words: str
    figures: tuple[str, ...]
    only_roles: tuple[Role, ...] = ()
    only_terms: tuple[Terms, ...] = ()


class Trigger(_Row):
    """The fact behind a single answer. ``words`` is how its response ends, by default the fact."""

    fact: str
    words: str = ""


class Framework(Model):
    """The whole table."""

    version: str
    conditions: dict[str, tuple[dict[str, Entry], ...]]
    roles: tuple[RoleRow, ...]
    triggers: tuple[Trigger, ...]
    flags: tuple[FlagRow, ...]
    terms: tuple[TermsRow, ...]
    costs: tuple[FigureRow, ...]
    hours: tuple[FigureRow, ...]
    together: tuple[dict[str, Entry], ...]
    contradictions: tuple[dict[str, Entry], ...]

    _conditions = validator("conditions", "together", "contradictions", pre=True, each_item=False, allow_reuse=True)(
        lambda parts: (
            {name: [_as_line(line) for line in lines] for name, lines in parts.items()}
            if isinstance(parts, Mapping)
            else [_as_line(line) for line in parts]
        )
    )


@per_edition
def framework() -> Framework:
    """The decision table.

    Raises:
        ContentError: it names what does not exist, or is no table; the message says where, and what is allowed.
    """
    return read_framework(edition().files["framework.yml"], "framework.yml")


def framework_version() -> str:
    """The version of the decision table, stamped on every advice."""
    return framework().version


def read_framework(content: Any, file: str) -> Framework:
    """A decision table from the content of its file; see ``framework``."""
    table = parse(Framework, content, file)
    for location, message in _mistakes(table):
        raise ContentError(f"{file}: {place(content, location)}: {message}")
    return table


def _mistakes(table: Framework) -> Iterator[tuple[Location, str]]:
    """Names and values that do not exist, where they stand and what is allowed instead."""
    known: list[str] = []
    for name, lines in table.conditions.items():
        if name in fields():
            yield ("conditions", name), "a field has this name already"
        for number, line in enumerate(lines):
            yield from _mistakes_in_line(line, ("conditions", name, number), known)
        known.append(name)
    for part in ("roles", "triggers", "flags", "terms"):
        for number, row in enumerate(getattr(table, part)):
            yield from _mistakes_in_line(row.when, (part, number, "when"), known)
            yield from _missing(row.facts, facts(), (part, number, "facts"), "a fact of article.yml")
    for part in ("together", "contradictions"):
        for number, line in enumerate(getattr(table, part)):
            yield from _mistakes_in_line(line, (part, number), ())
    for number, row in enumerate(table.triggers):
        yield from _missing([row.fact], facts(), ("triggers", number, "fact"), "a fact of article.yml")
    read = {name for alternatives in table.conditions.values() for one in alternatives for name in one}
    for part in ("roles", "triggers", "flags", "terms"):
        read.update(name for row in getattr(table, part) for name in row.when)
    for name in table.conditions:
        if name not in read:
            yield ("conditions", name), "no row and no other condition reads it"
    rules = [row.id for row in table.roles]
    for number, row in enumerate(table.roles):
        yield from _missing(
            row.outranks, rules, ("roles", number, "outranks"), f"one of {', '.join(dict.fromkeys(rules))}"
        )
        if not row.facts:
            yield ("roles", number, "facts"), "a rule needs a fact of article.yml"
    for part in ("costs", "hours"):
        for number, row in enumerate(getattr(table, part)):
            yield from _missing(row.figures, figures(), (part, number, "figures"), "a figure of prices.yml")


def _mistakes_in_line(line: Line, location: Location, conditions: Collection[str]) -> Iterator[tuple[Location, str]]:
    for name, values in line.items():
        if name in conditions:
            allowed: tuple[bool | str, ...] = (True, False)
        elif name in fields():
            allowed = values_of(name)
        else:
            wanted = "a condition above or a field" if conditions else "a field"
            names = ", ".join([*conditions, *fields()])
            yield (*location, name), f"is not {wanted}; allowed: {names}"
            continue
        for value in values:
            if not any(value is one or (isinstance(value, str) and value == one) for one in allowed):
                yield (*location, name), f"{_shown(value)} is not allowed; allowed: {', '.join(map(_shown, allowed))}"


def values_of(name: str) -> tuple[bool | str, ...]:
    """The values of a field that a line can ask for; of a number, names of figures that it may reach."""
    field = fields()[name]
    if field.type == "yes_no":
        return True, False, UNKNOWN
    if field.type == "choice":
        return *field.values, UNKNOWN
    if field.type == "kinds":
        return field.values
    return tuple(name for name, figure in figures().items() if figure.unit == "count")


def _missing(
    named: Collection[str], known: Collection[str], location: Location, wanted: str
) -> Iterator[tuple[Location, str]]:
    for name in named:
        if name not in known:
            yield location, f"{name!r} is not {wanted}"


def _shown(value: bool | str) -> str:
    """A value as it is written in YAML."""
    return value if isinstance(value, str) else "yes" if value else "no"
