"""Typos are corrected to domain words, and other text is unchanged."""

from __future__ import annotations

import pytest

from assistant.nlu.spelling import Speller


@pytest.fixture(scope="module")
def speller() -> Speller:
    words = {"chief": 9, "officer": 9, "fractional": 20, "governance": 5, "hubspot": 4, "caio": 30, "strategy": 12}
    return Speller(words)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fractionl", "fractional"),
        ("fractoinal", "fractional"),
        ("frctionall", "fractional"),
        ("govrnance", "governance"),
        ("startegy", "strategy"),
        ("hubpsot", "hubspot"),
        ("a cheif ai oficer", "a chief ai officer"),
    ],
)
def test_typo_in_domain_word_is_corrected(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct(typed) == meant


@pytest.mark.parametrize(
    "text",
    ["the weather in march", "a fraction of it", "strategic offices", "what does it cost", "grievance", "tragedy"],
)
def test_common_english_words_are_unchanged(speller: Speller, text: str) -> None:
    assert speller.correct(text) == text


@pytest.mark.parametrize(("typed", "meant"), [("wht", "what"), ("frm", "from"), ("teh", "the"), ("whihc", "which")])
def test_typo_in_common_word_is_corrected(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct(typed) == meant


@pytest.mark.parametrize("text", ["ai", "hr", "xyz", "hub"])
def test_short_word_is_unchanged(speller: Speller, text: str) -> None:
    assert speller.correct(text) == text


def test_four_letter_word_is_corrected_for_one_typo_but_not_two(speller: Speller) -> None:
    assert speller.correct("caoi") == "caio"
    assert speller.correct("cjjo") == "cjjo"


@pytest.mark.parametrize("text", ["qqqqqqqq", "zzyzzx", "blorpington"])
def test_word_without_a_close_match_is_unchanged(speller: Speller, text: str) -> None:
    assert speller.correct(text) == text


@pytest.mark.parametrize("text", ["", "   ", "$5,000 - 12%", "???", "日本語 👩‍💻", "35; 2.5m", "a\nb\tc"])
def test_figures_signs_and_other_scripts_are_unchanged(speller: Speller, text: str) -> None:
    assert speller.correct(text) == text


@pytest.mark.parametrize("text", ["What's a CTO?", "We don't have the CTO's budget", "I'd say it's fine"])
def test_apostrophes_make_no_difference(speller: Speller, text: str) -> None:
    assert speller.correct(text) == speller.correct(text.replace("'", "’")) == speller.correct(text.replace("'", ""))


def test_text_around_a_corrected_word_is_unchanged(speller: Speller) -> None:
    assert speller.correct("Fractionl?! ($9k)  CHEIF…") == "fractional?! ($9k)  chief…"


def test_correction_is_idempotent(speller: Speller) -> None:
    once = speller.correct("how mcuh is a fractoinal cheif of govrnance")
    assert speller.correct(once) == once


def test_more_frequent_candidate_wins_a_tie() -> None:
    assert Speller({"klarond": 1, "klarons": 50}).correct("klaronx") == "klarons"


def test_vocabulary_is_learned_and_rare_non_english_words_are_typos() -> None:
    texts = ["a fractional seatwise plan", "seatwise or not", "ask seatwise", "the fractoinal one"]
    speller = Speller.from_texts(texts)
    assert speller.correct("setwise") == "seatwise"
    assert speller.correct("fractoinal") == "fractional"
