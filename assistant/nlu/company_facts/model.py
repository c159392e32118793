"""What reads company facts: a model of statements, and one of replies to the questions of the interview."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.nlu.company_facts.classifier import StatementModel, examples
from assistant.nlu.company_facts.reply_model import ReplyModel, reply_examples
from assistant.nlu.encoder import encoder


@dataclass(frozen=True)
class CompanyModel:
    """Both models, which learn from the content alone."""

    statements: StatementModel
    replies: ReplyModel

    @classmethod
    def fit(cls) -> CompanyModel:
        """Learn from the content as it is now."""
        statements = examples()
        made = cls(StatementModel.fit(statements), ReplyModel.fit(reply_examples(), statements))
        encoder().forget()
        return made

    def save(self, folder: Path) -> None:
        """Write both."""
        self.statements.save(folder)
        self.replies.save(folder)

    @classmethod
    def load(cls, folder: Path) -> CompanyModel:
        """Read what ``save`` wrote."""
        return cls(StatementModel.load(folder), ReplyModel.load(folder))


@cache
def trained() -> CompanyModel:
    """A model of the content as it is now, trained once in a process."""
    return CompanyModel.fit()
