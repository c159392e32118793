"""What the tagger learns from: the messages of data/contacts, variations of them, and messages without a contact."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import yaml

from assistant.contacts.contact import EXTENSION, Contact
from assistant.contacts.lexicon import known_names
from assistant.contacts.reader import plain
from assistant.contacts.tagger import FIELDS, NOT, OUTSIDE, TAGS, USE
from assistant.contacts.tokens import Token
from assistant.nlu.examples import read_examples

_DATA = Path(__file__).parents[2] / "data"
_ADDRESS = re.compile(r"(\S+@\S+)")
_WORDS = re.compile(r"[a-z0-9]{3,}")
# Of the messages that a round teaches:
_EXCHANGED = 0.6  # of the details, in a varied message
_LOWERED = 0.25  # of the varied messages
_JOINED = 0.15  # of the varied messages, with an ordinary one
_BARE = 0.25  # of the details, as bare replies
_STATEMENTS, _QUESTIONS, _REPLIES, _TALK = 1500, 1200, 500, 800  # messages
_PERSONAL = ("greet", "give_contact", "add_contact", "request_person", "talk_to_person")
"""Intents whose examples may have a contact."""
_SEPARATORS = (" ", ". ", "\n", "\n\n", " - ")

Row = dict[str, Any]


def examples() -> list[Row]:
    """Messages with what a careful person would save of them, some without anything."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((_DATA / "contacts").glob("*.jsonl"))]
    return [json.loads(line) for text in texts for line in text.splitlines()]


class Lessons:
    """Chooses what each round of learning teaches.

    Args:
        rows: messages with what was saved of them.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._choice = random.Random(0)
        asked = cycle(Contact.__dataclass_fields__)
        self._refusals = [_none(text, next(asked)) for kind in ("declined", "unknown") for text in _statements(kind)]
        self._statements = _statements("nothing")
        self._replies = _replies()
        self._questions = [one.text for one in read_examples(_DATA / "faq", _DATA / "not_in_article")]
        self._talk = [one.text for one in read_examples(_DATA / "conversation") if one.label not in _PERSONAL]
        self._given = {field: [row["contact"][field] for row in rows if field in row["contact"]] for field in FIELDS}
        self._bare = [
            {"asked": field, "text": one, "contact": {field: one}} for field in FIELDS for one in self._given[field]
        ]
        self._given["name"] += [self._name() for _ in self._given["name"]]

    def round(self) -> list[Row]:
        """All messages as they are, those with a contact also as somebody else's, and others without one."""
        ordinary = [
            *self._choice.sample(self._statements, _STATEMENTS),
            *self._choice.sample(self._questions, _QUESTIONS),
            *self._choice.sample(self._replies, _REPLIES),
            *self._choice.sample(self._talk, _TALK),
        ]
        bare = self._choice.sample(self._bare, int(_BARE * len(self._bare)))
        others = [self._joined(self._exchanged(row)) for row in self._rows if row["contact"]]
        return [
            *self._rows,
            *self._refusals,
            *others,
            *map(self._exchanged, bare),
            *map(_none, map(self._small, ordinary)),
        ]

    def _name(self) -> str:
        """A name that nobody has, perhaps."""
        given, family = (name.title() for name in self._choice.choices(sorted(known_names()), k=2))
        return self._choice.choice((given, f"{given} {family}", f"{given} {family}"))

    def _small(self, text: str) -> str:
        return text.lower() if self._choice.random() < _LOWERED else text

    def _exchanged(self, row: Row) -> Row:
        """The message of somebody else."""
        text, contact = plain(row["text"]), {field: plain(value) for field, value in row["contact"].items()}
        for field in FIELDS:
            if (
                field in contact
                and self._choice.random() < _EXCHANGED
                and (old := _pattern(contact[field])).search(text)
            ):
                new = plain(self._choice.choice(self._given[field]))
                new = new.lower() if contact[field].islower() else new
                parts = _ADDRESS.split(text)
                parts[::2] = [old.sub(lambda _, new=new: new, part) for part in parts[::2]]
                parts[1::2] = [_readdressed(part, contact[field], new) for part in parts[1::2]]
                text, email = "".join(parts), _readdressed(contact.get("email", ""), contact[field], new)
                contact |= {field: new, **({"email": email} if email else {})}
        return {"asked": row["asked"], "text": self._small(text), "contact": contact}

    def _joined(self, row: Row) -> Row:
        """The message with an ordinary one before or after it, now and then."""
        if row["asked"] or self._choice.random() >= _JOINED:
            return row
        other = plain(self._choice.choice(self._statements))
        both = [row["text"], other.lower() if row["text"].islower() else other]
        self._choice.shuffle(both)
        return row | {"text": self._choice.choice(_SEPARATORS).join([both[0].rstrip(" ."), both[1]])}


def _none(text: str, asked: str | None = None) -> Row:
    return {"asked": asked, "text": text, "contact": {}}


def _bare(field: str, value: str) -> Row:
    return {"asked": field, "text": value, "contact": {field: value}}


def _statements(kind: str) -> list[str]:
    content = yaml.safe_load((_DATA / "statements" / f"{kind}.yml").read_text(encoding="utf-8"))
    texts: list[str] = content["examples"]
    return texts


def _replies() -> list[str]:
    """What people say of their company when the interview asks."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((_DATA / "replies").glob("*.yml"))]
    return [one["says"] for file in files for one in file["replies"]]


def _readdressed(address: str, old: str, new: str) -> str:
    """An address with the words of another name or company, if it has those of the old one."""
    words, others = _WORDS.findall(old.lower()), _WORDS.findall(new.lower())
    if not words or not others:
        return address
    instead = {"".join(words): "".join(others), **dict(zip(words, others, strict=False))}
    return re.sub("|".join(instead), lambda word: instead[word.group().lower()], address, flags=re.I)


def tagged(found: Sequence[Token], text: str, contact: dict[str, str]) -> list[int]:
    """The tags of a message's tokens, by what was saved of it."""
    tags = [OUTSIDE] * len(found)
    for number, one in enumerate(found):
        if one.detail:
            same = _comparable(one.detail.value) == _comparable(contact.get(one.detail.field, ""))
            tags[number] = USE if same else NOT
    for field in FIELDS:
        for place in _pattern(plain(contact[field])).finditer(text) if field in contact else ():
            inside = [n for n, one in enumerate(found) if one.start < place.end() and place.start() < one.end]
            if all(tags[number] == OUTSIDE for number in inside):
                tags[inside[0] : inside[-1] + 1] = [f"B {field}", *[f"I {field}"] * (len(inside) - 1)]
    return list(map(TAGS.index, tags))


def _pattern(value: str) -> re.Pattern[str]:
    """Where a detail is in a message; of a name, the last word may stand first: "Ortiz, Jane"."""
    given, _, family = value.rpartition(" ")
    swapped = rf"|{re.escape(family)}, {re.escape(given)}" if given else ""
    return re.compile(rf"(?<!\w)(?:{re.escape(value)}{swapped})(?!\w)", re.I)


def _comparable(value: str) -> str:
    return value.casefold() if "@" in value else re.sub(r"\D", "", value.partition(EXTENSION)[0])
