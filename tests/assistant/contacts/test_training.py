"""What the tagger learns from, and what it learned."""

from __future__ import annotations

from assistant.contacts.features import features
from assistant.contacts.reader import plain
from assistant.contacts.tagger import ADAPTER, PATH, TAGS, Weights
from assistant.contacts.tokens import tokens
from assistant.contacts.training import Lessons, examples, tagged

_LARGEST = 2 << 20  # bytes


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


def test_variations_hold_what_was_saved_of_them() -> None:
    """The address to use stays one where it has the words of a name that is exchanged."""
    rows = [row for row in Lessons(examples()).round() if "email" in row["contact"]]
    without = [row["text"] for row in rows if "use" not in tags(row["text"], row["contact"])]
    assert len(without) < len(rows) / 50, without


def test_weights_are_small() -> None:
    assert PATH.stat().st_size + ADAPTER.stat().st_size < _LARGEST


def test_every_feature_that_counts_is_given() -> None:
    """Features that were renamed would count no more."""
    found = {name for row in examples() for its in features(tokens(plain(row["text"]), row["asked"])) for name in its}
    assert len(set(Weights.load(PATH).known) - found) < len(found) / 20
