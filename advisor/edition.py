"""An edition: all that a decision rests on, as it was at one time.

Today's edition is the YAML files of this package and of data/fields. Each is kept in versions/ as well, as ``python -m
advisor edition`` printed it, so that once it is replaced a record of it is decided again on its own rules (record.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property, wraps
from pathlib import Path
from typing import Any, TypeVar

from advisor.content import DATA, load
from advisor.errors import ContentError

_HERE = Path(__file__).parent
_VERSIONS = _HERE / "versions"
_FILES = ("article.yml", "prices.yml", "interview.yml", "framework.yml")
_FIELDS = "fields/"

_Result = TypeVar("_Result")


@dataclass(frozen=True, eq=False, repr=False)
class Edition:
    """The content of every file by its name: framework.yml, fields/leadership.yml and so on."""

    files: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version of its decision table; prices and fields may change without it."""
        version: str = self.files["framework.yml"]["version"]
        return version

    @property
    def fields(self) -> Mapping[str, Any]:
        """The files of the fields, by the name of the field."""
        own = {name: content for name, content in self.files.items() if name.startswith(_FIELDS)}
        return {Path(name).stem: content for name, content in own.items()}

    def as_json(self) -> str:
        """The edition as it is kept: without words and examples, which decide nothing, and in order, which does."""
        return json.dumps({name: _deciding(name, content) for name, content in self.files.items()}, indent=1)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the edition as it is kept, in hexadecimal: two that decide differently have different ones."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Decide on this edition instead of today's, in this context."""
        before = _in_use.set(self)
        try:
            yield
        finally:
            _in_use.reset(before)


_in_use: ContextVar[Edition | None] = ContextVar("edition", default=None)


def edition() -> Edition:
    """The edition in use: today's, unless another was chosen.

    Raises:
        ContentError: a file of it is missing or is not YAML.
    """
    return _in_use.get() or today()


@cache
def today() -> Edition:
    """The edition of the files that are edited; see ``edition`` for the errors."""
    fields = sorted((DATA / "fields").glob("*.yml"))
    paths = {**{name: _HERE / name for name in _FILES}, **{f"{_FIELDS}{path.name}": path for path in fields}}
    return Edition({name: load(path) for name, path in paths.items()})


def find_edition(digest: str) -> Edition | None:
    """Today's edition or the kept one with this digest; None if there is none.

    Raises:
        ContentError: a file in versions/ is not an edition.
    """
    return today() if digest == today().digest else _kept(_VERSIONS).get(digest)


def per_edition(work: Callable[[], _Result]) -> Callable[[], _Result]:
    """``functools.cache`` for what follows from the content: every edition has a result of its own."""

    @cache
    def result(_: Edition) -> _Result:
        return work()

    @wraps(work)
    def of_the_one_in_use() -> _Result:
        return result(edition())

    return of_the_one_in_use


@cache
def _kept(folder: Path) -> Mapping[str, Edition]:
    """The kept editions by their digest."""
    return {one.digest: one for one in map(_read, sorted(folder.glob("*.json")))}


def _read(path: Path) -> Edition:
    try:
        found = Edition(json.loads(path.read_text(encoding="utf-8")))
        _ = found.digest, found.version  # fail where a part is missing
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ContentError(f"{path.name}: is not what `python -m advisor edition` printed") from error
    return found


def _deciding(name: str, content: Any) -> Any:
    """What of a file's content can make a difference to a decision."""
    if name.startswith(_FIELDS):
        return {"field": {key: value for key, value in content["field"].items() if key != "examples"}}
    if name != "article.yml":
        return content
    parts = [
        {"section": part["section"], "facts": {fact: _fact(stated) for fact, stated in part["facts"].items()}}
        for part in content["contents"]
    ]
    return {"source": content["source"], "contents": parts, "clashes": {}}


def _fact(stated: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": stated["kind"], "says": "", "figures": stated.get("figures", [])}
