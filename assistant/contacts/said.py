"""Digits that people say or spell out."""

from __future__ import annotations

import re

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_ZEROS = dict.fromkeys(("oh", "o", "nought", "naught"), "0")
_DIGITS = {word: str(number) for number, word in enumerate(_UNITS)} | _ZEROS
_TENTHS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TENS = {word: str(number) for number, word in enumerate(_TENTHS, start=2)}
_TIMES = {"double": 2, "triple": 3}
_WORDS = [*_DIGITS, *_TENS, *_TIMES, "hundred"]

SAID = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
"""A word of a number that is said, as a pattern."""
_PART = re.compile(rf"{SAID}|\d", re.I)


def said_digits(words: str) -> str:
    """The digits said: "double oh seven" is 007, "nine hundred" 900, "seventy two" 72."""
    digits, times, tens = "", 1, ""
    for part in _PART.findall(words.lower()):
        digit = _DIGITS.get(part, part)
        if tens and digit not in set("123456789"):
            digits, tens = f"{digits}{tens}0", ""
        if part in _TENS:
            tens = _TENS[part]
        elif part in _TIMES:
            times = _TIMES[part]
        else:
            digits, times, tens = digits + tens + ("00" if part == "hundred" else digit * times), 1, ""
    return f"{digits}{tens}0" if tens else digits
