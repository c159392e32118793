"""Masks personal data in a question: addresses, long numbers and names.

When in doubt it masks: a word stays only if it is everyday English or occurs in our own content, and is not a name.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from assistant.contacts.lexicon import known_names
from assistant.nlu.spelling import commonest

MASK = "…"
_CONTENT = Path(__file__).parents[2] / "data"
_EVERYDAY = 40_000  # of the commonest English words
_EVERYDAY_CAPITALIZED = 5_000  # at the beginning of a sentence, where a rarer word may be a name
_REPEATED = 8  # times: a word that our content capitalizes less often may be a name in an example
_FEWEST_DIGITS = 6  # of a number that may identify somebody
# All of these patterns match in linear time.
_NUMBER = re.compile(r"[\d+(][\d\s()+./-]*")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_INSIDE_A_SENTENCE = re.compile(r"[a-z,] ([A-Z][A-Za-z]*)")
_INTRODUCED = re.compile(
    r"\b(?:(?P<surely>my name is|my name's|my names|name is|name's|call me|i'm called|i am called)"
    r"|(?P<perhaps>i'm|im|i am|this is|it's|it is|here is))[\s,:]+(?=\w)",
    re.IGNORECASE,
)
_AFTER_A_NAME = re.compile("at|from|here|of|speaking|with")
_NO_NAME = re.compile("an?|and|but|by|can|could|do|does|for|i|in|is|it|my|on|or|so|the|we|what|where|who|why")
_ENDINGS = {"d", "ll", "m", "re", "s", "ve"}  # as in I'd
_LONGEST_NAME = 3  # words


def mask(text: str) -> str:
    """The text with everything masked that may identify somebody."""
    text = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    words = [MASK if _is_address(word) else word for word in text.split()]
    plain = _NUMBER.sub(_number, " ".join(words)).strip()
    if plain.isupper():
        plain = plain.lower()
    introduced = _introduced(plain)
    return _WORD.sub(
        lambda match: MASK if match.start() in introduced or not _may_stay(match) else match.group(), plain
    )


def _is_address(word: str) -> bool:
    """Whether it is an e-mail address, a handle or a website."""
    return "@" in word or "://" in word or word.lower().startswith("www.") or _is_host(word.strip(".,;:!?()\"'"))


def _is_host(word: str) -> bool:
    name, dot, end = word.partition("/")[0].rpartition(".")
    return bool(dot and name and len(end) > 1 and end.isalpha() and not name.isdigit())


def _number(match: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in match.group())
    return f"{MASK} " if digits >= _FEWEST_DIGITS else match.group()


def _introduced(text: str) -> set[int]:
    """The positions of words with which somebody introduces themselves, as in "my name is …"."""
    places: set[int] = set()
    for introduction in _INTRODUCED.finditer(text):
        following = list(_WORD.finditer(text, introduction.end(), introduction.end() + 80))
        name = []
        for word in following[:_LONGEST_NAME]:
            lower = word.group().lower()
            if _NO_NAME.fullmatch(lower) or _AFTER_A_NAME.fullmatch(lower):
                break
            name.append(word.start())
        after = following[len(name)].group().lower() if len(following) > len(name) else ""
        if introduction["surely"] or _AFTER_A_NAME.fullmatch(after):
            places.update(name)
    return places


def _may_stay(match: re.Match[str]) -> bool:
    word, _, ending = match.group().partition("'")
    if ending == "t":
        return True
    if ending and ending not in _ENDINGS:
        return False
    lower = word.lower()
    if lower in known_names():
        return False
    if not word[0].isupper():
        return lower in commonest(_EVERYDAY) or lower in _content()
    if _begins_a_sentence(match):
        return lower in commonest(_EVERYDAY_CAPITALIZED) or lower in _content()
    return word in _content() or (lower in _content() and lower not in commonest(_EVERYDAY))


def _begins_a_sentence(match: re.Match[str]) -> bool:
    return match.string[: match.start()].rstrip(" \"'(")[-1:] in ("", ".", "!", "?")


@cache
def _content() -> frozenset[str]:
    """The words of our own content: as it writes them in lower case, and what it capitalizes within a sentence.

    Examples are what people typed, and may name some of them: only what is capitalized more often than that counts.
    """
    texts = [path.read_text(encoding="utf-8") for path in _CONTENT.rglob("*.yml")]
    capitalized = Counter(match[1] for text in texts for match in _INSIDE_A_SENTENCE.finditer(text))
    ours = {word for word, count in capitalized.items() if count >= _REPEATED}
    lower = {word for text in texts for word in _WORD.findall(text) if word.islower()}
    return frozenset(lower | ours | {word.lower() for word in ours})
