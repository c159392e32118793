"""The glossary stays short, and each term is used in the module it names."""

from __future__ import annotations

import re

from tests.content import ROOT

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|")
][2:]


def test_glossary_has_at_most_25_unique_terms() -> None:
    terms = [term for term, *_ in ROWS]
    assert 0 < len(terms) <= 25
    assert len(set(terms)) == len(terms)


def test_each_term_occurs_in_its_module() -> None:
    missing = [
        (term, path)
        for term, _, path in ROWS
        if not re.search(term, (ROOT / path.strip("`")).read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert missing == []
