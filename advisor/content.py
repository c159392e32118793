"""Reading content files into frozen models, so that a mistake in one is a single line that says where and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from advisor.errors import ContentError

DATA = Path(__file__).parents[1] / "data"

Location = Sequence[str | int]


class Model(BaseModel):
    """A part of a content file. Keys that it does not declare are errors, and values do not change later."""

    class Config:
        extra = "forbid"
        allow_mutation = False


Read = TypeVar("Read", bound=Model)


def load(path: Path) -> Any:
    """The content of a YAML file.

    Raises:
        ContentError: the file is missing or is not YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except OSError as error:
        raise ContentError(f"{path.name}: cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name}: is not YAML: {' '.join(str(error).split())}") from error


def parse(model: type[Read], content: object, file: str) -> Read:
    """The content of a file as its model.

    Raises:
        ContentError: one line that names the file, the place, what is wrong there and what is allowed.
    """
    if not isinstance(content, Mapping):
        raise ContentError(f"{file}: must be a mapping of {', '.join(model.__fields__)}")
    try:
        return model.parse_obj(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = place(content, first["loc"])
        if first["type"] == "value_error.extra":
            allowed = ", ".join(_fields_at(model, first["loc"][:-1]))
            raise ContentError(f"{file}: {where}: this key is not known; allowed: {allowed}") from None
        raise ContentError(f"{file}: {where}: {first['msg']}") from None


def place(content: Any, location: Location) -> str:
    """A location in a file for a reader: of a row its number, and its id if it has one."""
    words = []
    for step in location:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            content = None
        if isinstance(step, int):
            name = content.get("id") if isinstance(content, Mapping) else None
            words.append(f"row {step + 1}" + (f" ({name})" if name else ""))
        else:
            words.append(str(step))
    return ", ".join(words)


def _fields_at(model: type[BaseModel], location: Location) -> list[str]:
    """The keys that are allowed at a location."""
    for step in location:
        field = model.__fields__.get(str(step))
        if field is not None and isinstance(field.type_, type) and issubclass(field.type_, BaseModel):
            model = field.type_
    return [field.alias for field in model.__fields__.values()]
