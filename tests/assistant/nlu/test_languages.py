"""Messages in other languages are told from English, names and slips."""

from __future__ import annotations

import pytest

from assistant.nlu.examples import read_examples
from assistant.nlu.languages import foreign_language
from tests.content import ROOT


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Cuánto cuesta un CAIO?", "es"),
        ("combien coûte un CTO à temps partiel", "fr"),
        ("Brauchen wir einen CTO oder einen CAIO?", "de"),
        ("precisamos de um CTO?", "pt"),
        ("quanto costa un CTO a tempo parziale", "it"),
        ("wat kost een cto", "nl"),
        ("ile kosztuje CAIO?", "pl"),
        ("сколько стоит CTO", "ru"),
        ("我们需要CTO吗", "zh"),
        ("CTO は必要ですか", "ja"),
        ("كم تكلفة CTO", "ar"),
    ],
)
def test_other_languages_are_detected(text: str, language: str) -> None:
    assert foreign_language(text) == language


@pytest.mark.parametrize(
    "text",
    ["", "👍", "ok bye", "im done", "cto vs caio", "HubSpot, Xero", "caio kpis", "4 million", "\x00\ud800", "no crm"],
)
def test_english_and_names_are_not_foreign(text: str) -> None:
    assert foreign_language(text) is None


def test_training_examples_in_english_are_not_foreign() -> None:
    english = [one for one in read_examples(ROOT / "data") if one.label != "out_of_scope"]
    assert [(one.text, code) for one in english if (code := foreign_language(one.text))] == []
