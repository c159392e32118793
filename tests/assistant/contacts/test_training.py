"""The tagger's weights are those of the examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.contacts.reader import plain
from assistant.contacts.tagger import PATH, TAGS, Tagger
from assistant.contacts.tokens import tokens
from assistant.contacts.training import examples, fit, tagged

_LARGEST = 1 << 20  # bytes


def tags(text: str, contact: dict[str, str]) -> list[str]:
    return [TAGS[number] for number in tagged(tokens(plain(text), None), plain(text), contact)]


def test_what_was_saved_of_a_message_becomes_its_tags() -> None:
    assert tags("Jane Ortiz, jane@acme.com", {"name": "Jane Ortiz", "email": "jane@acme.com"}) == [
        *("B name", "I name", "O", "use"),
    ]
    assert tags("not bob@acme.com", {}) == ["O", "not"]
    assert tags("Ortiz, Jane", {"name": "Jane Ortiz"}) == ["B name", "I name", "I name"]


def test_every_example_holds_what_was_saved_of_it() -> None:
    """But for a few, whose writers spelled a word or corrected themselves."""
    rows = [row for row in examples() if "name" in row["contact"]]
    unread = [row["text"] for row in rows if "B name" not in tags(row["text"], row["contact"])]
    assert len(unread) < len(rows) / 25, unread


def test_weights_are_small() -> None:
    assert PATH.stat().st_size < _LARGEST


@pytest.mark.slow
def test_fitting_again_reads_the_same(tmp_path: Path) -> None:
    rows = examples()
    fit(rows).save(tmp_path / "tagger.npz")
    fresh, kept = Tagger.load(tmp_path / "tagger.npz"), Tagger.load(PATH)
    for row in rows:
        if found := tokens(plain(row["text"]), row["asked"]):
            fields = [(one.field, one.first, one.last) for one in fresh.spans(found, row["asked"])]
            assert fields == [(one.field, one.first, one.last) for one in kept.spans(found, row["asked"])]
