"""What the tagger sees of each token: the words around it, how they are written, and what stands near.

A feature is a row in the table of weights, found by hashing, so there is no list of features to keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.contacts.lexicon import known_names, listed, word_classes
from assistant.contacts.tokens import BREAK, Token
from assistant.nlu.spelling import commonest

BITS = 16
"""The table of weights has two to this power rows."""
_EVERY, _NEAR, _FAR = 2, 4, 14  # tokens on each side of which every attribute, some, or the word counts
_WORD, _KIND = 0, 2  # columns of a word's attributes
_SOME = (0, 2, 8, 9)  # the word, its kind and its classes
_LISTS = ("words_and_names", "company_words", "legal_forms", "places")
_RANKS = (300, 2_000, 10_000, 40_000)  # of English words by frequency
_RARE = 2  # of the ranks
_DISTANCES = (1, 2, 3, 5, 9, 20)  # tokens
_FEW = 6  # tokens
_TELLING = 4  # letters that are no coincidence in an address
_SENTENCE_END = frozenset({".", "!", "?", BREAK})
_MAILBOX_PART = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[\W_]+")
_PRIME = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint64]


def features(tokens: Sequence[Token], asked: str | None) -> NDArray[np.int64]:
    """The features of each token, as rows of the table of weights.

    Args:
        tokens: of a message.
        asked: the field that the open question asks for, if one does.
    """
    count = len(tokens)
    words = np.array([_attributes(one.text) for one in tokens], np.uint64)
    padded = np.full((count + 2 * _FAR, words.shape[1]), _hash("edge"), np.uint64)
    padded[_FAR : _FAR + count] = words
    sentence = np.full(count + 2 * _FAR, -1)
    sentence[_FAR : _FAR + count] = np.cumsum([0] + [one.text in _SENTENCE_END for one in tokens[:-1]])

    def at(offset: int) -> slice:
        return slice(_FAR + offset, _FAR + offset + count)

    columns = [_mixed(padded[at(offset)], offset) for offset in range(-_EVERY, _EVERY + 1)]
    columns += [
        _mixed(padded[at(offset)][:, _SOME], offset) for offset in range(-_NEAR, _NEAR + 1) if abs(offset) > _EVERY
    ]
    for first, second in ((-2, -1), (-1, 0), (0, 1), (1, 2), (-1, 1)):
        pair = _mixed(padded[at(first)], 1) + padded[at(second)]
        columns.append(_mixed(pair[:, : _KIND + 1], 100 + 10 * first + second))
    three = _mixed(_mixed(padded[at(-1)], 1) + padded[at(0)], 2) + padded[at(1)]
    columns.append(_mixed(three[:, : _KIND + 1], 50))
    for offset in (*range(-_FAR, 0), *range(1, _FAR + 1)):
        side = np.where(sentence[at(offset)] == sentence[at(0)], 200, 210) + np.sign(offset)
        columns.append(_mixed(padded[at(offset)][:, [_WORD]] + words[:, [_KIND]], side[:, np.newaxis]))
    columns.append(np.array([list(map(_hash, facts)) for facts in _facts(tokens, asked)], np.uint64))
    rows: NDArray[np.int64] = ((np.concatenate(columns, axis=1) * _PRIME) >> np.uint64(64 - BITS)).astype(np.int64)
    return rows


def _mixed(hashes: Hashes, salt: int | NDArray[np.int64]) -> Hashes:
    """Other hashes, of the same in another place."""
    mixed: Hashes = (hashes + np.asarray(2 * (salt + 500) + 1).astype(np.uint64)) * _PRIME
    return mixed ^ (mixed >> np.uint64(29))


def _hash(text: str) -> int:
    return crc32(text.encode())


@lru_cache(maxsize=20_000)
def _attributes(word: str) -> tuple[int, ...]:
    """Hashes of how a word is written and what it is known as."""
    lower = word.lower()
    shape = _shape(word)
    rank = sum(lower not in commonest(number) for number in _RANKS) if word[0].isalpha() else len(_RANKS) + 1
    known = [lower in words for words in (known_names(), *map(listed, _LISTS))]
    group, nearest = word_classes().get(lower, (None, None))
    attributes = (
        lower,
        f"shape {shape} {rank} {known}",
        f"kind {_kind(word)} {rank > _RARE}",
        f"prefix {lower[:3]}",
        f"suffix {lower[-3:]}",
        f"suffix {lower[-2:]}",
        f"case {shape}",
        f"known {known} {shape[:1]}",
        f"group {group}",
        f"class {nearest}",
    )
    return tuple(map(_hash, attributes))


@lru_cache(maxsize=20_000)
def _shape(word: str) -> str:
    """How a word is written: "Xx" of "Jane", "X" of "CTO", "d:d" of "3:30"."""
    letters = re.sub(r"[^\W\d_]", lambda letter: "X" if letter.group().isupper() else "x", word)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"\d", "d", letters))


def _kind(word: str) -> str:
    return word if word[0] == "<" else _shape(word)[:2]


def _facts(tokens: Sequence[Token], asked: str | None) -> Iterator[tuple[str, ...]]:
    """Where each token stands in the message, and how it goes with the addresses in it."""
    addresses = [
        one.detail.value.lower().rpartition("@") for one in tokens if one.detail and one.detail.field == "email"
    ]
    mailboxes = _beginnings(tokens, [mailbox for mailbox, _, _ in addresses])
    domains = _beginnings(tokens, [domain.rpartition(".")[0] for _, _, domain in addresses])
    parts = [part for mailbox, _, _ in addresses for part in _MAILBOX_PART.findall(mailbox)]
    details = [one.text for one in tokens if one.detail]
    small = not any(letter.isupper() for one in tokens if not one.detail for letter in one.text)
    before, line_before = _last(tokens), _last(tokens, BREAK)
    after, line_after = _last(tokens[::-1])[::-1], _last(tokens[::-1], BREAK)[::-1]
    asks = _questions(tokens)
    words = [one.text.lower() for one in tokens]
    breaks = words.count(BREAK)
    for number, one in enumerate(tokens):
        shape, kind, passed = _shape(one.text), _kind(one.text), words[:number]
        line = passed.count(BREAK)
        place = "first" if not line else "last" if line == breaks else "inner"
        boxed = "" if one.detail else _boxed(words[number], parts)
        owned = not one.detail and len(one.text) > 2 and any(words[number] in domain for _, _, domain in addresses)
        yield (
            f"asked {asked} at {min(number, 4)}",
            f"asked {asked} {kind} of {_size(len(tokens))}",
            f"asked {asked} {words[number]}",
            f"line {place} {breaks > 0} {line_before[number]} {kind}",
            f"line {place} {breaks > 0} {line_after[number]} {kind} to",
            f"line {line_before[number]} {line_after[number]} {shape}",
            f"before {before[number]} {kind}",
            f"after {after[number]} {kind}",
            f"between {before[number]} {after[number]}",
            f"boxed {boxed} {shape}",
            f"boxed {boxed} owned {owned} {small}",
            f"owned {owned} {shape}",
            f"mailbox {mailboxes[number]} {kind}",
            f"domain {domains[number]} {kind}",
            f"both {mailboxes[number]} {domains[number]} {boxed}",
            f"of {len([word for word in passed if word[0] == '<'])} {details}"
            if one.detail
            else f"of {sorted(set(details))} {kind}",
            f"quoted {passed.count(chr(34)) % 2} {kind}",
            f"asks {asks[number]} {kind}",
            f"small {small} {shape}",
            f"glued {number > 0 and tokens[number - 1].end == one.start} {kind}",
            f"again {_again(words, number)} {shape}",
            f"address {_address(one)}",
            *_mentioned(words, one),
            *_marked([one.time for one in tokens], words, number),
            *_marked([one.topic for one in tokens], words, number),
            f"time {one.time} {asked} {len(tokens) < _FEW} {bool(details)}",
            f"topic {one.topic} {asked} {len(tokens) < _FEW} {bool(details)}",
            f"time {one.time} {words[number]}",
        )


def _size(number: int) -> int:
    return sum(number > limit for limit in _DISTANCES)


def _last(tokens: Sequence[Token], text: str | None = None) -> list[str]:
    """What the last detail, or token of a text, before each token is, how far, and whether in the same sentence."""
    last, place, crossed = "none", -99, ""
    found = []
    for number, one in enumerate(tokens):
        found.append(f"{last}{crossed} {_size(number - place)}")
        if one.text == text or (text is None and one.detail):
            last, place, crossed = one.text, number, ""
        elif one.text in _SENTENCE_END:
            crossed = "|"
    return found


def _questions(tokens: Sequence[Token]) -> list[bool]:
    """Whether the sentence of each token ends with a question mark."""
    asks, found = False, []
    for one in reversed(tokens):
        asks = one.text == "?" if one.text in _SENTENCE_END else asks
        found.append(asks)
    return found[::-1]


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


def _mentioned(words: Sequence[str], one: Token) -> tuple[str, str, str]:
    """The words around the first that names whom an address is of: "my boss", of dave@… after "my boss Dave"."""
    mailbox = one.detail.value.lower().partition("@")[0] if one.detail and one.detail.field == "email" else ""
    parts = [part for part in _MAILBOX_PART.findall(mailbox) if len(part) > 2]
    place = next((number for number, word in enumerate(words) if parts and _boxed(word, parts)), None)
    if place is None:
        return ("mentioned", "mentioned", "mentioned")
    edged = ["", "", *words, ""]
    return f"mentioned {edged[place + 1]}", f"mentioned {edged[place : place + 2]}", f"mentioned, {edged[place + 3]}"


def _marked(marks: Sequence[str], words: Sequence[str], number: int) -> Iterator[str]:
    """How what may be a time or a topic goes on here, and the words that lead to it."""
    mark, first = marks[number], number
    while first and marks[first][:1] == "I":
        first -= 1
    edged, led = ["", *marks, ""], ["", "", "", *words]
    yield f"mark {mark}"
    yield f"mark before {edged[number]}"
    yield f"mark after {edged[number + 2]}"
    yield f"marks {edged[number : number + 3]}"
    for distance in (1, 2, 3):
        yield f"led {mark} {distance} {led[first + 3 - distance]}" if mark else "led"
        yield f"led {mark} {led[first + 3 - distance]}" if mark else "led"
