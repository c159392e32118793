"""Hears a message: cuts it into clauses and asks the classifier what each of them likely states."""

from __future__ import annotations

from dataclasses import replace

from assistant.nlu.company_facts.classifier import NOTHING, StatementModel
from assistant.nlu.company_facts.clauses import sentences_of
from assistant.nlu.company_facts.heard import Clause, Heard, Sentence
from assistant.nlu.company_facts.plain_text import plain_text

_LEAST = 0.02  # probability: less than this changes no reading
_TELLS = 0.3  # probability of nothing: below it a clause tells something, and the sentence need not be read whole
_MOST_CLAUSES = 24  # of a message: longer ones are read to here


def hear(text: str, model: StatementModel) -> Heard:
    """A message, to be read in the light of a question."""
    plain = plain_text(text)
    sentences: list[Sentence] = []
    count = 0
    for sentence in sentences_of(plain):
        count += 1 + len(sentence.clauses)
        if count > _MOST_CLAUSES:
            break
        clauses = tuple(_weighed(clause, model) for clause in sentence.clauses)
        told = any(clause.likely.get(NOTHING, 1.0) < _TELLS for clause in clauses)
        sentences.append(Sentence(sentence.whole if told else _weighed(sentence.whole, model), clauses))
    return Heard(plain, sentences)


def _weighed(clause: Clause, model: StatementModel) -> Clause:
    if clause.question or clause.supposed:
        return clause
    likely = model.predict(clause.text).items()
    return replace(clause, likely={label: round(share, 3) for label, share in likely if share >= _LEAST})
