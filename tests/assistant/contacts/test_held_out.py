"""How well contacts are read from messages whose writers have not seen the reader, with floors to hold."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from assistant.contacts.contact import EXTENSION, Contact
from assistant.contacts.reader import read
from assistant.nlu.examples import read_examples
from tests.content import HELD_OUT

FIELDS = tuple(Contact.__dataclass_fields__)
FLOORS = {
    "contacts_1": (0.95, 0.93),
    "contacts_2": (0.92, 0.83),
    "contacts_3": (0.97, 0.93),
    "contacts_4": (0.97, 0.96),
    "contacts_5": (0.94, 0.94),
    "contacts_6": (0.94, 0.88),
    "contacts_7": (0.94, 0.91),
    "contacts_8": (0.97, 0.90),
    "contacts_9": (0.97, 0.91),
}
"""Precision and recall over all fields. The reader learned from other messages, by other hands (data/contacts)."""
EDGE = re.compile(r"^(?:(?:the|an?)\b|(?:dr|mrs?|ms|prof)\b\.?) |[ .]+$", re.I)
"""An article, a title or a full stop at the edge: hands differ on them, and a person who calls does not miss them."""


def rows(name: str) -> list[dict[str, Any]]:
    lines = (HELD_OUT / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def agrees(field: str, read_value: str, gold: str) -> bool:
    """Whether a value is right; of a topic and a time, a part of it is as good, and not every hand notes extensions."""
    if field == "phone":
        return digits(gold) in (digits(read_value), digits(read_value.partition(EXTENSION)[0]))
    one, other = EDGE.sub("", read_value.strip().casefold()), EDGE.sub("", gold.strip().casefold())
    return one == other or (field in ("topic", "when") and (one in other or other in one))


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)


@pytest.mark.parametrize("name", FLOORS)
def test_contacts_are_read_from_free_messages(name: str) -> None:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row in rows(name):
        gold, known = row["contact"], read(row["text"], row["asked"]).contact.known
        agreed = {field for field in known if field in gold and agrees(field, known[field], gold[field])}
        right.update(agreed)
        wrong.update(known.keys() - agreed)
        missed.update(gold.keys() - agreed)
    for field in FIELDS:
        print(f"{name} {field}: {right[field]} right, {wrong[field]} wrong, {missed[field]} missed")
    precision, recall = right.total() / (right + wrong).total(), right.total() / (right + missed).total()
    print(f"{name}: precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= FLOORS[name][0] and recall >= FLOORS[name][1]


def test_ordinary_messages_are_not_read_as_contacts() -> None:
    texts = [one.text for one in read_examples(HELD_OUT)]
    found = {text: known for text in texts if (known := read(text).contact.known)}
    print(f"{len(found)} of {len(texts)} ordinary messages: {found}")
    assert len(found) < 0.005 * len(texts)
