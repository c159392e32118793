"""Random companies of every kind from a seeded generator, the same in every run."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from advisor.fields import DECLINED, UNKNOWN, fields

_SEED = 20261123


def companies(count: int) -> Iterator[str]:
    """This many companies, one JSON object each; any field may be missing, unknown or declined."""
    dice = random.Random(_SEED)
    return (json.dumps(_company(dice)) for _ in range(count))


def _company(dice: random.Random) -> dict[str, Any]:
    known = dice.random()  # the share of known fields varies
    answers: dict[str, Any] = {
        "headcount": dice.randint(1, 900),
        "business": dice.sample(fields()["business"].values, dice.randint(1, 2)),
        "ai_initiatives": dice.randint(0, 12),
        **{name: dice.choice(field.values) for name, field in fields().items() if field.type == "choice"},
        **{name: dice.random() < 0.5 for name, field in fields().items() if field.type == "yes_no"},
    }
    if dice.random() < 0.5:
        del answers["revenue_band"]
        answers["annual_revenue"] = round(10 ** dice.uniform(5, 8))
    company = {name: value for name, value in answers.items() if dice.random() < known}
    for name in company:
        if dice.random() < 0.1:
            company[name] = dice.choice((UNKNOWN, DECLINED))
    return company
