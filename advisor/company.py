"""What we know about a company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.errors import InputError
from advisor.fields import DECLINED, UNANSWERED, UNKNOWN, Value, fields
from advisor.prices import figures

__all__ = ["DECLINED", "UNANSWERED", "UNKNOWN", "Company", "band_of", "is_value", "read_company"]


class Company(Mapping[str, Value]):
    """The known fields of a company. A field that is missing is unknown or was declined. It never changes."""

    __slots__ = ("_known",)

    def __init__(self, known: Mapping[str, Value]) -> None:
        self._known = dict(known)

    def __getitem__(self, field: str) -> Value:
        return self._known[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"Company({self._known})"


def read_company(given: Mapping[str, Any]) -> Company:
    """The known fields of what was given, with the revenue as a band as well.

    Args:
        given: field -> value, ``"unknown"`` or ``"declined"``; amounts in US dollars.

    Raises:
        InputError: an unknown field, a value that the field does not take, or an amount and a band that disagree.
    """
    known: dict[str, Value] = {}
    declared = fields()
    for name, value in given.items():
        field = declared.get(name)
        if field is None:
            raise InputError(f"field {name!r} is not known; allowed: {', '.join(declared)}")
        if isinstance(value, str) and value in UNANSWERED:
            continue
        if not field.takes(value):
            raise InputError(f"field {name!r} has the value {value!r}; allowed: {field.allowed}, unknown, declined")
        known[name] = tuple(value) if isinstance(value, list) else value
    if "annual_revenue" in known:
        band = band_of(given["annual_revenue"])
        if known.setdefault("revenue_band", band) != band:
            raise InputError(
                f"field 'revenue_band' has the value {known['revenue_band']!r}; "
                f"allowed with annual_revenue {known['annual_revenue']!r}: {band}"
            )
    return Company(known)


def is_value(name: str, value: Any) -> bool:
    """Whether the field takes this value, unknown and declined included."""
    field = fields().get(name)
    if field is None:
        return False
    return (isinstance(value, str) and value in UNANSWERED) or field.takes(value)


def band_of(annual_revenue: float) -> str:
    """The revenue band of an amount in US dollars; $1M and $10M belong to the middle band (X02)."""
    small, ceiling = figures()["small_business_revenue"], figures()["one_role_ceiling"]
    if annual_revenue < small.low:
        return "lt_1m"
    if small.high is not None and annual_revenue <= small.high:
        return "1m_10m"
    return "10m_50m" if annual_revenue < ceiling.low else "ge_50m"
