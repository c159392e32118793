"""What we say rests on the article, keeps its hedges, and is in our own words; what we are taught to hear is sound.

Each test gathers every slip of its kind, so that an editor sees them all at once.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path

from advisor.article import facts
from advisor.prices import counts, figures
from tests.content import ROOT, answers, examples, held_out, own_files, silences, texts, topics, words_of

FEWEST_EXAMPLES = 34
FEWEST_HELD_OUT = 5
LONGEST_QUESTION = 45  # characters: it stands on a button
LONGEST_TEXT = 85  # words
RUN = 8  # this many words in a row of the article are a copy

SHINGLES = Path(__file__).with_name("article_shingles.txt")
OWN_TEXT = (".md", ".yml", ".yaml", ".py", ".html", ".txt", ".toml", ".json", ".ts", ".css")


def cited_facts() -> set[str]:
    """All facts that an answer, a response or a rule of the framework rests on."""
    framework = (ROOT / "advisor" / "framework.yml").read_text(encoding="utf-8")
    return {fact for text in texts() for fact in text.facts} | set(re.findall(r"\bF\d{3}(?:\.\d)?\b", framework))


def is_entry(file: str) -> bool:
    """Whether a file is a topic or a silence, which hold examples, answer and metadata together."""
    return file.startswith(("data/faq/", "data/not_in_article/"))


def entries() -> list[str]:
    """The names of all topics and silences, as their intents have them."""
    return [f"faq/{topic}" for topic in topics()] + [f"not_in_article/{silence}" for silence in silences()]


def has_any(words: tuple[str, ...], text: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)


def test_every_answer_names_facts_that_exist() -> None:
    unknown = {text.name: [fact for fact in text.facts if fact not in facts()] for text in answers()}
    assert {name: wrong for name, wrong in unknown.items() if wrong} == {}


def test_every_topic_names_its_facts() -> None:
    assert [text.name for text in answers() if text.file.startswith("data/faq/") and not text.facts] == []


def test_every_fact_is_used() -> None:
    cited = cited_facts()
    told_sections = {facts()[fact].section for fact in cited if fact in facts()}
    unused = [
        f"{fact.id} {fact.says}"
        for fact in facts().values()
        if fact.id not in cited and not (fact.kind == "heading" and fact.section in told_sections)
    ]
    assert unused == []


def test_no_answer_loses_a_hedge() -> None:
    lost = [
        f"{text.file}: {fact} wants one of {list(facts()[fact].hedge)}"
        for text in answers()
        for fact in text.facts
        if fact in facts() and facts()[fact].hedge and not has_any(facts()[fact].hedge, text.text)
    ]
    assert lost == []


def test_every_figure_of_a_text_comes_from_one_of_its_facts() -> None:
    """Other texts may also carry values of the talk; a topic or a silence has nothing but figures to fill in.

    What a visitor says of the company borrows the article's figures as bands and claims nothing by them.
    """
    unsourced = [
        f"{text.file}: {{{name}}}"
        for text in texts()
        if not text.file.startswith("data/fields/")
        for name in text.placeholders
        if (name in figures() or is_entry(text.file))
        and not (name in figures() and set(figures()[name].facts) & set(text.facts))
    ]
    assert unsourced == []


def test_arithmetic_of_our_own_is_called_ours_and_names_all_it_rests_on() -> None:
    unlabelled = [
        f"{text.file}: {{{name}}}"
        for text in answers()
        for name in text.placeholders & figures().keys()
        if figures()[name].ours
        and not (has_any(("our", "ours"), text.text) and {*figures()[name].facts} <= {*text.facts})
    ]
    assert unlabelled == []


def test_no_answer_writes_a_number_in_digits() -> None:
    assert [f"{text.file}: {text.words}" for text in answers() if re.search(r"\d", text.words)] == []


def test_no_text_writes_out_an_amount_of_money_or_a_share() -> None:
    amount = re.compile(r"[$€£]\s?\d|\d\s?(%|percent\b)")
    assert [f"{text.file}: {text.words}" for text in texts() if amount.search(text.words)] == []


def test_a_number_written_as_a_word_is_a_count_of_one_of_the_facts() -> None:
    number = re.compile(r"\b(three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE)
    uncounted = []
    for text in answers():
        known = {count.word for count in counts().values() if set(count.facts) & set(text.facts)}
        uncounted += [f"{text.file}: {word}" for word in number.findall(text.words) if word.lower() not in known]
    assert uncounted == []


def test_the_two_prices_for_the_pair_never_stand_alone() -> None:
    pair = {"both_price_framework", "both_price_model"}
    assert [text.file for text in texts() if len(pair & text.placeholders) == 1] == []


def test_the_share_of_ctos_and_the_engineer_are_the_articles_claim() -> None:
    claims = {"F081", "F089"}
    assert [text.file for text in answers() if claims & set(text.facts) and "article" not in text.text] == []


def test_no_text_shouts() -> None:
    assert [f"{text.file}: {text.text}" for text in texts() if "!" in text.text] == []


def test_no_blank_line_splits_a_bubble() -> None:
    assert [f"{text.file}: {text.name}" for text in texts() if "\n\n" in text.text.strip()] == []


def test_no_text_is_longer_than_a_bubble() -> None:
    lengths = {f"{text.file}: {text.name}": len(text.text.split()) for text in texts()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_TEXT} == {}


def test_a_silence_says_that_the_article_is_silent() -> None:
    negations = ("no", "not", "none", "nothing")
    said = [text for text in texts() if text.file.startswith("data/not_in_article/")]
    assert [text.file for text in said if not ("article" in text.text and has_any(negations, text.text))] == []


def test_an_entry_is_named_alike_in_file_intent_and_response() -> None:
    assert {text.name for text in texts() if is_entry(text.file)} == {f"utter_{entry}" for entry in entries()}
    assert {example.intent for example in examples() if is_entry(example.file)} == set(entries())


def test_every_question_fits_a_button_and_stands_for_one_entry() -> None:
    questions = Counter(text.metadata.get("question", "") for text in texts() if is_entry(text.file))
    misfits = {question: n for question, n in questions.items() if n > 1 or not 0 < len(question) <= LONGEST_QUESTION}
    assert misfits == {}


def test_the_next_topics_exist() -> None:
    dead = {text.name: set(text.metadata.get("next", ())) - set(topics()) for text in texts()}
    assert {name: ends for name, ends in dead.items() if ends} == {}


def test_every_entry_has_examples_enough() -> None:
    found = Counter(example.intent for example in examples())
    assert {entry: found[entry] for entry in entries() if found[entry] < FEWEST_EXAMPLES} == {}


def test_no_example_is_given_twice() -> None:
    places: dict[str, list[str]] = {}
    for example in examples():
        places.setdefault(example.key, []).append(f"{example.file}: {example.text}")
    assert [where for where in places.values() if len(where) > 1] == []


def test_every_topic_has_held_out_questions() -> None:
    found = Counter(example.intent for example in held_out())
    assert {topic: found[f"faq/{topic}"] for topic in topics() if found[f"faq/{topic}"] < FEWEST_HELD_OUT} == {}


def test_no_held_out_question_belongs_to_a_topic_that_does_not_exist() -> None:
    asked = {example.intent.removeprefix("faq/") for example in held_out() if example.intent.startswith("faq/")}
    assert asked - set(topics()) == set()


def test_no_held_out_question_is_trained_on() -> None:
    """Of topics and silences, that is: there are only so many ways to say yes."""
    trained = {example.key for example in examples()}
    asked = [example for example in held_out() if example.intent.startswith(("faq/", "not_in_article"))]
    assert [f"{example.file}: {example.text}" for example in asked if example.key in trained] == []


def test_there_is_something_to_test() -> None:
    assert topics() and silences() and held_out()


def copied_runs(text: str, known: frozenset[str]) -> list[str]:
    """The runs of words in a text whose fingerprints are known."""
    words = words_of(text)
    runs = (" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
    return [run for run in runs if hashlib.sha256(run.encode()).hexdigest()[:12] in known]


def test_a_copied_run_of_words_is_seen() -> None:
    sentence = "Nobody ever wrote this sentence down before we needed it."
    fingerprint = hashlib.sha256(b"ever wrote this sentence down before we needed").hexdigest()[:12]
    assert copied_runs(sentence, frozenset({fingerprint})) == ["ever wrote this sentence down before we needed"]


def test_no_run_of_words_is_copied_from_the_article() -> None:
    """The article is not ours to ship, so only the fingerprints of its eight-word runs are here."""
    known = frozenset(SHINGLES.read_text(encoding="utf-8").split())
    assert len(known) > 1_000
    copies = {
        path.relative_to(ROOT).as_posix(): copied_runs(path.read_text(encoding="utf-8"), known)
        for path in own_files(*OWN_TEXT)
        if path != SHINGLES
    }
    assert {file: runs for file, runs in copies.items() if runs} == {}
