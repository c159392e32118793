"""The decision: one company in, one advice out, with the trace that explains it.

The table is framework.yml; its columns are conditions.py. Here is only how a table is applied: the first row that
matches decides, every row that matches is kept (hit policy FIRST, and the losers stay in the trace).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from advisor.company import Company
from advisor.conditions import AI_TRIGGERS, BUILD_TRIGGERS, CONDITIONS, WARNING_SIGNS, infrastructure, not_leveraging

STRENGTHS = ("none", "default", "conditional", "hedged", "firm")
"""From weakest to strongest."""

Signature = tuple[Hashable, ...]
"""The values of all conditions, in the order of ``CONDITIONS``: all that the decision depends on."""

_COLUMN = {name: index for index, name in enumerate(CONDITIONS)}


@dataclass(frozen=True)
class Row:
    """One row of a table: what it needs of the conditions, for which roles it counts, and what it gives."""

    id: str
    needs: tuple[tuple[int, frozenset[Hashable]], ...]
    only_roles: frozenset[str]
    except_roles: frozenset[str]
    gives: dict[str, Any]

    def counts_for(self, role: str) -> bool:
        return role not in self.except_roles and (not self.only_roles or role in self.only_roles)

    def matches(self, signature: Signature, role: str = "") -> bool:
        if not self.counts_for(role):
            return False
        for column, values in self.needs:  # noqa: SIM110  # all() costs three times as much in the innermost place
            if signature[column] not in values:
                return False
        return True


@dataclass(frozen=True)
class Decision:
    """What the tables say of a signature: the deciding rule first among those that matched."""

    role: str
    rule: str
    strength: str
    basis: str
    matched: tuple[str, ...]
    flags: tuple[str, ...]
    engagement: str | None
    engagement_rule: str
    facts: tuple[str, ...]
    costs: tuple[str, ...]
    hours: tuple[str, ...]

    @cached_property
    def outcome(self) -> tuple[str, str | None]:
        """What a company would do differently: the seat and its terms."""
        return self.role, self.engagement

    @cached_property
    def firmness(self) -> int:
        """The strength as a number, the firmest highest."""
        return STRENGTHS.index(self.strength)


def signature_of(company: Company) -> Signature:
    """The value of every condition for a company as ``read_company`` gives it."""
    return tuple(condition.read(company) for condition in CONDITIONS.values())


@lru_cache(maxsize=200_000)
def decide(signature: Signature) -> Decision:
    """Apply the tables. Total: the last row of each table needs nothing."""
    matched = [row for row in rows("roles") if not row.gives.get("last_resort") and row.matches(signature)]
    if not matched:
        matched = [next(row for row in rows("roles") if row.gives.get("last_resort") and row.matches(signature))]
    decisive = matched[0]
    role = decisive.gives["role"]
    flags = [row for row in rows("flags") if row.matches(signature, role)]
    terms = next(row for row in rows("engagement") if row.matches(signature, role))
    engagement = terms.gives["terms"]

    def figures(name: str) -> tuple[str, ...]:
        fitting = (row for row in rows(name) if row.matches(signature, role))
        return tuple(
            figure
            for row in fitting
            if engagement in row.gives.get("terms", [engagement])
            for figure in row.gives["figures"]
        )

    facts = [fact for row in (decisive, *flags, terms) for fact in row.gives.get("facts", [])]
    return Decision(
        role=role,
        rule=decisive.id,
        strength=decisive.gives["strength"],
        basis=decisive.gives["basis"],
        matched=tuple(dict.fromkeys(row.id for row in matched)),
        flags=tuple(row.id for row in flags),
        engagement=engagement,
        engagement_rule=terms.id,
        facts=tuple(dict.fromkeys(facts)),
        costs=figures("costs"),
        hours=figures("hours"),
    )


def decide_company(company: Company) -> Decision:
    """The decision for a company as ``read_company`` gives it."""
    return decide(signature_of(company))


def fields_read(company: Company) -> list[str]:
    """The fields that the deciding row, the flags and the terms read, in the order of the conditions."""
    signature = signature_of(company)
    decision = decide(signature)
    fitting = [row for row in rows("roles") if row.id == decision.rule and row.matches(signature)][:1]
    fitting += [row for row in rows("flags") if row.matches(signature, decision.role)]
    fitting += [row for row in rows("engagement") if row.id == decision.engagement_rule]
    columns = {column for row in fitting for column, _ in row.needs}
    conditions = [condition for column, condition in enumerate(CONDITIONS.values()) if column in columns]
    return list(dict.fromkeys(field for condition in conditions for field in condition.fields))


def triggers_of(company: Company) -> list[str]:
    """The facts behind the answers that call for a technology or an AI leader, or warn of one (F073 to F086)."""
    facts: dict[str, str] = _content()["triggers"]
    true = [field for field in (*BUILD_TRIGGERS, *AI_TRIGGERS, *WARNING_SIGNS) if company.get(field)]
    if "software_product" in company.get("business", ()):
        true.insert(0, "software_product")
    if infrastructure(company) == "lacking":
        true.append("infrastructure_lacking")
    if not_leveraging(company):
        true.append("not_leveraging")
    if company.get("leadership") == "one_person_both":
        true.append("one_person_both")
    return [facts[name] for name in facts if name in true]


def framework_version() -> str:
    """The version of the decision table, stamped on every advice."""
    version: str = _content()["version"]
    return version


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "framework.yml").read_text(encoding="utf-8"))
    return content


@cache
def rows(table: str) -> list[Row]:
    """The rows of one of the tables ``roles``, ``flags``, ``engagement``, ``costs`` and ``hours``, in order."""
    return [_row(row) for row in _content()[table]]


def _row(content: dict[str, Any]) -> Row:
    needs = tuple(
        (_COLUMN[name], frozenset(wanted if isinstance(wanted, list) else [wanted]))
        for name, wanted in content.get("when", {}).items()
    )
    roles = {key: frozenset(content.get(key, ())) for key in ("only_roles", "except_roles")}
    return Row(content.get("id", ""), needs, gives=content, **roles)
