"""Whole sentences out of what a visitor wrote: a quote that is cut in the middle says something else."""

from __future__ import annotations

import re

from advisor.brief import quotable
from assistant.dossier import Quote

_ENDS = re.compile(r"(?<=[.?!…])(?<!\.\.)\s+|(?<=\.\.)\s+(?=[A-Z])|\n+")  # "so two... or three" is one sentence
OF_THEMSELVES = re.compile(r"\b(?:we|we're|we've|our|us|i|i'm|i've|i'll|i'd|me|my)\b", re.I)
GREETS = re.compile(
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening)|fair|ok|okay|oof|hmm|thanks|thank you|yes|yeah|sure|well|no)\b"
    r"[^\w]*$",
    re.I,
)
_OF_A_PERSON = re.compile(r"(?:he|she|they|him|his|her)\b", re.I)
_OF_A_THING = re.compile(r"(?:that|this)(?:'s| is| was)\b", re.I)
_WORD = re.compile(r"\w+")
_TO_THEM = {"you": "they", "your": "their", "yours": "theirs", "yourself": "themselves"}
_YOU = re.compile(rf"\b(?:{'|'.join(_TO_THEM)})\b", re.I)
_TELLING, _SHORTEST = 12, 3  # words by which a quoted sentence is found
LONGEST_CITED = 25  # words of a quote in a sentence


def sentences(text: str) -> list[str]:
    """The sentences of a message in its order."""
    return [one.strip() for one in _ENDS.split(text) if one.strip()]


def sentence_with(text: str, words: str) -> str:
    """The sentence that some words were read from; the reader corrects their spelling, so that most of them count."""
    wanted = {*_WORD.findall(words.casefold())}
    return max(sentences(text), key=lambda one: len(wanted & {*_WORD.findall(one.casefold())}), default="")


def fitting(text: str, most: int) -> str:
    """A message; of a longer one as many of its first sentences as have so many words together, at least one."""
    held: list[str] = []
    for one in sentences(text):
        if held and len(" ".join([*held, one]).split()) > most:
            break
        held.append(one)
    return " ".join(held)


def cited(quote: Quote) -> str:
    """A quote as a part of a sentence."""
    return quotable(quote.words, LONGEST_CITED).rstrip(".")


def is_in(sentence: str, quoted: str) -> bool:
    """Whether a sentence is quoted in a text; words like "No" alone are not looked for."""
    start = " ".join(quotable(sentence, LONGEST_CITED).rstrip(".?!").split()[:_TELLING])
    return len(start.split()) >= _SHORTEST and start in quoted


def without(text: str, quoted: str) -> str:
    """A message without the sentences that are quoted elsewhere; an ellipsis stands for those in the middle.

    What "he" in the next sentence stands for is kept, and what only adds "that's why" is left out too.
    """
    said, held = sentences(text), list[str]()
    for one, then in zip(said, [*said[1:], ""], strict=False):
        is_out = is_in(one, quoted) and not _OF_A_PERSON.match(then)
        is_out = is_out or (held[-1:] == ["…"] and _OF_A_THING.match(one) is not None)
        if not is_out or held[-1:] != ["…"]:
            held.append("…" if is_out else one)
    return " ".join(held).removeprefix("…").removesuffix("…").strip()


def about_them(said: str) -> str:
    """What is said to the visitor, as it is said of them: "your CTO" becomes "their CTO"."""

    def third(word: re.Match[str]) -> str:
        of_them = _TO_THEM[word.group().lower()]
        return of_them.capitalize() if word.group()[0].isupper() else of_them

    return _YOU.sub(third, said)
