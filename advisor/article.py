"""The source article as facts, so that whatever Seatwise says can name what it rests on.

The facts and what clashes among them are article.yml, in our own words; the article itself is not part of the project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from advisor.content import Model, parse
from advisor.edition import edition, per_edition
from advisor.errors import ContentError

Kind = Literal[
    "definition", "claim", "rule", "figure", "comparison", "item", "warning", "resolution", "analogy", "offer", "link",
    "heading",
]  # fmt: skip
"""What a fact can be; an item is an entry of a list and means something only with its list."""


class Source(Model):
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
    kind: Kind
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


class _Fact(Model):
    kind: Kind
    says: str
    hedge: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


class _Part(Model):
    section: str
    facts: dict[str, _Fact]


class _Clash(Model):
    facts: tuple[str, ...]
    handled_in: tuple[str, ...]
    how: str


class _Article(Model):
    source: Source
    contents: tuple[_Part, ...]
    clashes: dict[str, _Clash]


def source() -> Source:
    """Title and origin, for citing."""
    return _article().source


@per_edition
def facts() -> Mapping[str, Fact]:
    """All facts by id (F001, F003.1 …), in the order of the article.

    Raises:
        ContentError: article.yml is wrong, or a fact is in it twice.
    """
    found: dict[str, Fact] = {}
    for part in _article().contents:
        for name, fact in part.facts.items():
            if name in found:
                sections = f"{found[name].section!r} and {part.section!r}"
                raise ContentError(f"article.yml: {name} is in it twice: in {sections}")
            found[name] = Fact(name, part.section, fact.kind, fact.says, fact.hedge, fact.figures)
    return MappingProxyType(found)


@per_edition
def clashes() -> Mapping[str, Clash]:
    """All clashes by id (X01 …).

    Raises:
        ContentError: article.yml is wrong, or a clash names a fact that does not exist.
    """
    found: dict[str, Clash] = {}
    for name, clash in _article().clashes.items():
        if unknown := [fact for fact in clash.facts if fact not in facts()]:
            raise ContentError(f"article.yml: clashes, {name}, facts: {unknown[0]!r} is not a fact of article.yml")
        found[name] = Clash(name, clash.facts, clash.handled_in, clash.how)
    return MappingProxyType(found)


def sections_of(fact_ids: Iterable[str]) -> list[str]:
    """The sections that the facts stand in, each once, in the order of the article.

    Raises ContentError for an id that is not a fact.
    """
    wanted = set(fact_ids)
    if unknown := wanted - facts().keys():
        raise ContentError(f"a fact of article.yml is wanted; there is no {', '.join(sorted(unknown))}")
    return list(dict.fromkeys(fact.section for fact in facts().values() if fact.id in wanted))


@per_edition
def _article() -> _Article:
    return parse(_Article, edition().files["article.yml"], "article.yml")
