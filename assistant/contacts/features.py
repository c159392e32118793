"""What the tagger is told of each token beside what the encoder makes of its word.

How it is written, which lists know it, where it stands, and how it goes with the addresses of the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.contacts.lexicon import known_names, listed
from assistant.contacts.tokens import BREAK, Token
from assistant.nlu.spelling import commonest

_LISTS = ("words_and_names", "company_words", "legal_forms", "places")
_RANKS = (300, 2_000, 10_000, 40_000)  # of English words by frequency
_RARE = 2  # of the ranks
_SEVERAL = 2  # lines, addresses or numbers
_TELLING = 4  # letters that are no coincidence in an address
_MAILBOX_PART = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[\W_]+")


def features(tokens: Sequence[Token]) -> list[list[str]]:
    """The features of each token of a message."""
    addresses = [
        one.detail.value.lower().rpartition("@") for one in tokens if one.detail and one.detail.field == "email"
    ]
    mailboxes = _beginnings(tokens, [mailbox for mailbox, _, _ in addresses])
    domains = _beginnings(tokens, [domain.rpartition(".")[0] for _, _, domain in addresses])
    parts = [part for mailbox, _, _ in addresses for part in _MAILBOX_PART.findall(mailbox)]
    small = not any(letter.isupper() for one in tokens if not one.detail for letter in one.text)
    words = [one.text.lower() for one in tokens]
    edged = [BREAK, *words, BREAK]
    breaks = words.count(BREAK)
    found = []
    for number, one in enumerate(tokens):
        shape, kind, passed = _shape(one.text), _kind(one.text), words[:number]
        place = f"{edged[number] == BREAK} {edged[number + 2] == BREAK} {min(passed.count(BREAK), _SEVERAL)}"
        boxed = "" if one.detail else _boxed(words[number], parts)
        owned = not one.detail and len(one.text) > 2 and any(words[number] in domain for _, _, domain in addresses)
        found.append(
            [
                *_known(one.text),
                f"line {place} {min(breaks, _SEVERAL)}",
                f"time {one.time}",
                f"topic {one.topic}",
                f"boxed {boxed} {shape}",
                f"boxed {boxed} owned {owned} {small}",
                f"owned {owned} {shape}",
                f"mailbox {mailboxes[number]} {kind}",
                f"domain {domains[number]} {kind}",
                f"quoted {passed.count(chr(34)) % 2} {kind}",
                f"small {small} {shape}",
                f"glued {number > 0 and tokens[number - 1].end == one.start} {kind}",
                f"again {_again(words, number)} {shape}",
                *_of_detail(one, words),
            ]
        )
    return found


def _of_detail(one: Token, words: Sequence[str]) -> Iterator[str]:
    """What kind of address or number a token is, and of how many."""
    if one.detail:
        counts = [min(words.count(f"<{field}>"), _SEVERAL) for field in ("email", "phone")]
        yield f"detail {one.detail.field} {one.detail.is_whole}"
        yield f"one of {counts}"
        yield f"address {_address(one)}"


@lru_cache(maxsize=20_000)
def _known(word: str) -> tuple[str, ...]:
    """How a word is written, how common it is, and which lists have it."""
    lower = word.lower()
    rank = sum(lower not in commonest(number) for number in _RANKS) if word[0].isalpha() else len(_RANKS) + 1
    lists = {"names": known_names(), **{kind: listed(kind) for kind in _LISTS}}
    return (
        f"shape {_shape(word)}",
        f"rank {rank}",
        f"kind {_kind(word)} {rank > _RARE}",
        *(f"in {name}" for name, its in lists.items() if lower in its),
    )


@lru_cache(maxsize=20_000)
def _shape(word: str) -> str:
    """How a word is written: "Xx" of "Jane", "X" of "CTO", "d:d" of "3:30"."""
    letters = re.sub(r"[^\W\d_]", lambda letter: "X" if letter.group().isupper() else "x", word)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"\d", "d", letters))


def _kind(word: str) -> str:
    return word if word[0] == "<" else _shape(word)[:2]


def _boxed(word: str, parts: Sequence[str]) -> str:
    """How a word is in an address before its "@"."""
    if len(word) > 1 and word in parts:
        return "whole"
    if len(word) > 2 and any(word in (part[1:], part[:-1]) for part in parts):
        return "initial"
    return "part" if len(word) > 2 and any(part.startswith(word) or part.endswith(word) for part in parts) else ""


def _beginnings(tokens: Sequence[Token], owners: Sequence[str]) -> list[str]:
    """Which words together are what an owner begins with: "Blue Heron", of blueheron.com."""
    found = [""] * len(tokens)
    plain = [_SIGN.sub("", owner) for owner in owners]
    parts = ["" if one.detail else _SIGN.sub("", one.text.lower()) for one in tokens]
    for first, part in enumerate(parts):
        for owner in plain:
            if found[first] or not part or not owner.startswith(part):
                continue
            last, together = first, part
            while (
                last + 1 < len(parts)
                and tokens[last + 1].text != BREAK
                and owner.startswith(together + parts[last + 1])
            ):
                last += 1
                together += parts[last]
            if len(together) >= _TELLING:
                how = f"{'whole' if together == owner else 'part'} {last > first}"
                found[first : last + 1] = [f"{how} {min(number, 1)}" for number in range(last + 1 - first)]
    return found


def _again(words: Sequence[str], number: int) -> str:
    """Whether a rare word stands elsewhere in the message as well."""
    word = words[number]
    if len(word) <= 2 or not word[0].isalpha() or word in commonest(_RANKS[1]):
        return ""
    return "before" if word in words[:number] else "after" if word in words[number + 1 :] else "once"


def _address(one: Token) -> str:
    """What kind of address a token is."""
    if not one.detail or one.detail.field != "email":
        return ""
    mailbox, _, domain = one.detail.value.lower().partition("@")
    shared, provider = mailbox in listed("mailboxes"), domain in listed("providers")
    return f"{mailbox if shared else ''}@{domain if provider else ''}"
