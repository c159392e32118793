"""The source article as facts, so that whatever Seatwise says can name what it rests on.

The facts and what clashes among them are article.yml, in our own words; the article itself is not part of the project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from advisor.errors import ContentError

KINDS = frozenset(
    [
        "definition",
        "claim",
        "rule",
        "figure",
        "comparison",
        "item",
        "warning",
        "resolution",
        "analogy",
        "offer",
        "link",
        "heading",
    ]
)
"""What a fact can be; an item is an entry of a list and means something only with its list."""

_CONTENT = Path(__file__).with_suffix(".yml")


@dataclass(frozen=True)
class Source:
    """The article that all facts come from."""

    title: str
    publisher: str
    inventoried: str


@dataclass(frozen=True)
class Fact:
    """One thing that the article says.

    ``says`` is in our words, with figures of prices.yml as names in braces. ``hedge`` lists the careful words of which
    an answer that uses the fact must keep one; it is empty where the article does not hedge.
    """

    id: str
    section: str
    kind: str
    says: str
    hedge: tuple[str, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Clash:
    """A place where the article contradicts itself, stays open or was damaged on its way to us, and who deals with it.

    ``handled_in`` names topics of data/faq, classes of data/not_in_article, or places of the program.
    """

    id: str
    facts: tuple[str, ...]
    handled_in: tuple[str, ...]
    how: str


@cache
def source() -> Source:
    """Title and origin, for citing."""
    return Source(**_content()["source"])


@cache
def facts() -> Mapping[str, Fact]:
    """All facts by id (F001, F003.1 …), in the order of the article.

    Raises ContentError if a fact is of an unknown kind or stands twice.
    """
    found: dict[str, Fact] = {}
    for part in _content()["contents"]:
        for fact_id, entry in part["facts"].items():
            if entry["kind"] not in KINDS:
                raise ContentError(f"article.yml: {fact_id} wants a kind of {sorted(KINDS)}; it has {entry['kind']!r}")
            if fact_id in found:
                raise ContentError(f"article.yml: {fact_id} stands twice, in {found[fact_id].section!r} and here")
            hedge, figures = tuple(entry.get("hedge", ())), tuple(entry.get("figures", ()))
            found[fact_id] = Fact(fact_id, part["section"], entry["kind"], entry["says"], hedge, figures)
    return MappingProxyType(found)


@cache
def clashes() -> Mapping[str, Clash]:
    """All clashes by id (X01 …).

    Raises ContentError if one names a fact that does not exist.
    """
    found: dict[str, Clash] = {}
    for clash_id, entry in _content()["clashes"].items():
        if unknown := [fact_id for fact_id in entry["facts"] if fact_id not in facts()]:
            raise ContentError(f"article.yml: {clash_id} wants facts of the article; it has {unknown}")
        found[clash_id] = Clash(clash_id, tuple(entry["facts"]), tuple(entry["handled_in"]), entry["how"])
    return MappingProxyType(found)


def sections_of(fact_ids: Iterable[str]) -> list[str]:
    """The sections that the facts stand in, each once, in the order of the article.

    Raises ContentError for an id that is not a fact.
    """
    wanted = set(fact_ids)
    if unknown := wanted - facts().keys():
        raise ContentError(f"a fact of article.yml is wanted; there is no {', '.join(sorted(unknown))}")
    return list(dict.fromkeys(fact.section for fact in facts().values() if fact.id in wanted))


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(_CONTENT.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return content
