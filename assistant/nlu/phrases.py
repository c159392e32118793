"""Yes/no fields that a message states in one of the phrases of their files (data/fields)."""

from __future__ import annotations

from functools import cache

from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from advisor.fields import fields
from assistant.nlu.company_facts.lexicon import pipeline


def fields_in_phrases(text: str) -> dict[str, bool]:
    """Field -> what the message says of it; of phrases that overlap, the longest counts."""
    lowered = text.lower()
    if not any(phrase in lowered for phrase in _phrases()):  # spaCy remembers every word that it has ever read
        return {}
    found = filter_spans(_matcher()(pipeline().make_doc(text), as_spans=True))
    answers = (span.label_.rpartition("=") for span in found)
    return {field: answer == "yes" for field, _, answer in answers}


def load_phrases() -> None:
    """Make the matcher, so that the first visitor does not wait for it."""
    if _phrases():
        _matcher()


@cache
def _phrases() -> tuple[str, ...]:
    return tuple(phrase.lower() for field in fields().values() for phrase in (*field.yes_phrases, *field.no_phrases))


@cache
def _matcher() -> PhraseMatcher:
    matcher = PhraseMatcher(pipeline().vocab, attr="LOWER")
    for name, field in fields().items():
        for answer, phrases in (("yes", field.yes_phrases), ("no", field.no_phrases)):
            if phrases:
                matcher.add(f"{name}={answer}", list(map(pipeline().make_doc, phrases)))
    return matcher
