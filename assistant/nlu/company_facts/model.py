"""What reads company facts: a model of statements, and one of replies to the questions of the interview."""

from __future__ import annotations

import tarfile
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.nlu.company_facts.adapter import adapted
from assistant.nlu.company_facts.classifier import StatementModel, examples
from assistant.nlu.company_facts.reply_model import ReplyModel, reply_examples
from assistant.training import stored_model

_ROOT = Path(__file__).parents[3]


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
        adapted().forget()
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
    """A model of the content as it is now: out of the assistant's, if that is trained, or trained once in a process."""
    archive = stored_model(_ROOT)
    if archive is None:
        return CompanyModel.fit()
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as packed:
        for member in packed.getmembers():
            member.name = Path(member.name).name
            if member.name.startswith(("statements.", "replies.")):
                packed.extract(member, folder)
        return CompanyModel.load(Path(folder))
