"""Hears a message: cuts it into clauses and asks the classifiers what each of them, and all of it, likely says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.nlu.company_facts.classifier import NOTHING, StatementModel
from assistant.nlu.company_facts.clauses import sentences_of
from assistant.nlu.company_facts.heard import Clause, Heard, Sentence
from assistant.nlu.company_facts.model import CompanyModel
from assistant.nlu.company_facts.plain_text import plain_text

_LEAST = 0.02  # probability: less than this changes no reading
_TELLS = 0.3  # probability of nothing: below it a clause tells something, and the sentence need not be read whole
_MOST_CLAUSES = 24  # of a message: longer ones are read to here


def hear(text: str, model: CompanyModel) -> Heard:
    """A message, to be read in the light of a question."""
    plain = plain_text(text)
    found: list[Sentence] = []
    count = 0
    for sentence in sentences_of(plain):
        count += 1 + len(sentence.clauses)
        if count > _MOST_CLAUSES:
            break
        found.append(sentence)
    clauses = iter(_weighed([clause for one in found for clause in one.clauses], model.statements))
    parts = [tuple(next(clauses) for _ in one.clauses) for one in found]
    told = [any(clause.likely.get(NOTHING, 1.0) < _TELLS for clause in one) for one in parts]
    untold = [one.whole for one, tells in zip(found, told, strict=True) if not tells]
    wholes = iter(_weighed(untold, model.statements))
    sentences = [
        Sentence(one.whole if tells else next(wholes), part)
        for one, part, tells in zip(found, parts, told, strict=True)
    ]
    return Heard(plain, sentences, model.replies.predict(plain) if plain else {})


def _weighed(clauses: Sequence[Clause], model: StatementModel) -> list[Clause]:
    likely = iter(model.predict_all([one.text for one in clauses if not (one.question or one.supposed)]))
    return [
        one
        if one.question or one.supposed
        else replace(one, likely={label: round(share, 3) for label, share in next(likely).items() if share >= _LEAST})
        for one in clauses
    ]
