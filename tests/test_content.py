"""Responses are based on the article, keep its hedges, and use our own words; training examples are consistent.

Each test reports all violations at once.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from pathlib import Path

import yaml

from actions.wording import conditions_of
from advisor.article import facts
from advisor.fields import asked_together, fields
from advisor.prices import counts, figures
from assistant.nlu.examples import read_synonyms
from assistant.nlu.topics import topic_of
from tests.content import (
    ROOT,
    SPECIAL,
    Text,
    answers,
    cells,
    examples,
    held_out,
    own_files,
    silences,
    subtopics,
    texts,
    topics,
    words_of,
)

FEWEST_EXAMPLES = 34
FEWEST_HELD_OUT = 5
FEWEST_OF_A_PART, FEWEST_HELD_OUT_OF_A_PART = 8, 2
LONGEST_QUESTION = 45  # characters; it is a button title
LONGEST_TEXT = 85  # words
RUN = 8  # this many consecutive words of the article count as a copy

SHINGLES = Path(__file__).with_name("article_shingles.txt")
OWN_TEXT = (".md", ".yml", ".yaml", ".py", ".html", ".txt", ".toml", ".json", ".ts", ".css")


def cited_facts() -> set[str]:
    """All facts cited by a response or a rule of the framework."""
    framework = (ROOT / "advisor" / "framework.yml").read_text(encoding="utf-8")
    return {fact for text in texts() for fact in text.facts} | set(re.findall(r"\bF\d{3}(?:\.\d)?\b", framework))


def is_entry(file: str) -> bool:
    """Whether a file is a topic or a silence, with its examples, answer and metadata."""
    return file.startswith(("data/faq/", "data/not_in_article/"))


def entries() -> list[str]:
    """The intent names of all topics and silences."""
    return [f"faq/{topic}" for topic in topics()] + [f"not_in_article/{silence}" for silence in silences()]


def figure_of(placeholder: str) -> str:
    """The figure that a placeholder stands for, also one of its two ends; empty if none."""
    names = (placeholder, placeholder.removesuffix("_low"), placeholder.removesuffix("_high"))
    return next((name for name in names if name in figures()), "")


def has_any(words: tuple[str, ...], text: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)


def facts_in(text: Text) -> set[str]:
    """The facts that a text rests on; a short one only on those behind its figures, as far as can be told."""
    figured = {fact for name in text.placeholders if figure_of(name) for fact in figures()[figure_of(name)].facts}
    return {*text.facts} & figured if text.is_short else {*text.facts}


def test_answers_cite_existing_facts() -> None:
    unknown = {text.name: [fact for fact in text.facts if fact not in facts()] for text in answers()}
    assert {name: wrong for name, wrong in unknown.items() if wrong} == {}


def test_topics_cite_facts() -> None:
    assert [text.name for text in answers() if text.file.startswith("data/faq/") and not text.facts] == []


def test_every_fact_is_cited() -> None:
    cited = cited_facts()
    told_sections = {facts()[fact].section for fact in cited if fact in facts()}
    unused = [
        f"{fact.id} {fact.says}"
        for fact in facts().values()
        if fact.id not in cited and not (fact.kind == "heading" and fact.section in told_sections)
    ]
    assert unused == []


def test_answers_keep_the_hedges_of_their_facts() -> None:
    lost = [
        f"{text.file}: {fact} wants one of {list(facts()[fact].hedge)}"
        for text in answers()
        for fact in facts_in(text)
        if fact in facts() and facts()[fact].hedge and not has_any(facts()[fact].hedge, text.text)
    ]
    assert lost == []


def test_figures_in_texts_belong_to_the_cited_facts() -> None:
    """Topics and silences may only have figures as placeholders; other texts may also have conversation values.

    Texts about a company's fields use figures as bands, which need no source.
    """
    unsourced = [
        f"{text.file}: {{{name}}}"
        for text in texts()
        if not text.file.startswith("data/fields/")
        for name in text.placeholders
        if (figure_of(name) or is_entry(text.file))
        and name != "officer"
        and not (figure_of(name) and set(figures()[figure_of(name)].facts) & set(text.facts))
    ]
    assert unsourced == []


def test_our_own_arithmetic_is_marked_as_ours_and_cites_its_facts() -> None:
    unlabelled = [
        f"{text.file}: {{{name}}}"
        for text in answers()
        for name in text.placeholders & figures().keys()
        if figures()[name].ours
        and not (has_any(("our", "ours"), text.text) and {*figures()[name].facts} <= {*text.facts})
    ]
    assert unlabelled == []


def test_answers_contain_no_digits() -> None:
    assert [f"{text.file}: {text.words}" for text in answers() if re.search(r"\d", text.words)] == []


def test_texts_contain_no_hard_coded_amounts_or_percentages() -> None:
    amount = re.compile(r"[$€£]\s?\d|\d\s?(%|percent\b)")
    assert [f"{text.file}: {text.words}" for text in texts() if amount.search(text.words)] == []


def test_number_words_are_counts_of_the_cited_facts() -> None:
    number = re.compile(r"\b(three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE)
    uncounted = []
    for text in answers():
        known = {count.word for count in counts().values() if set(count.facts) & set(text.facts)}
        uncounted += [f"{text.file}: {word}" for word in number.findall(text.words) if word.lower() not in known]
    assert uncounted == []


def test_both_prices_of_the_pair_appear_together() -> None:
    pair = {"both_price_framework", "both_price_model"}
    assert [text.file for text in texts() if len(pair & text.placeholders) == 1] == []


def test_claims_about_ctos_are_attributed_to_the_article() -> None:
    claims = {"F081", "F089"}
    assert [text.file for text in answers() if claims & facts_in(text) and "article" not in text.text] == []


def test_texts_contain_no_exclamation_marks() -> None:
    assert [f"{text.file}: {text.text}" for text in texts() if "!" in text.text] == []


def test_texts_contain_no_blank_lines() -> None:
    assert [f"{text.file}: {text.name}" for text in texts() if "\n\n" in text.text.strip()] == []


def test_texts_fit_a_chat_bubble() -> None:
    lengths = {f"{text.file}: {text.name}": len(text.text.split()) for text in texts()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_TEXT} == {}


def test_silences_say_that_the_article_does_not_cover_them() -> None:
    """In the name of the article, or of the assistant, which knows nothing else."""
    negations = ("no", "not", "none", "nothing", "doesn't", "isn't", "don't", "can't", "didn't", "wouldn't")
    said = [text for text in texts() if text.file.startswith("data/not_in_article/") and not text.is_short]
    assert [text.file for text in said if not has_any(negations, text.text)] == []
    named = re.compile(r"\barticle\b|\bI\b")
    assert [text.file for text in said if not named.search(text.text)] == []


def test_entries_have_the_same_name_in_file_intent_and_response() -> None:
    whole = [text for text in texts() if is_entry(text.file) and text.entry not in subtopics()]
    assert {text.entry for text in whole} == set(entries())
    assert {topic_of(example.intent) for example in examples() if is_entry(example.file)} == set(entries())
    named = [(text.file, text.entry) for text in texts() if is_entry(text.file)]
    named += [(example.file, example.intent) for example in examples() if is_entry(example.file)]
    assert [place for place in named if place[0] != f"data/{topic_of(place[1])}.yml"] == []


def test_subtopics_have_an_answer_examples_and_held_out_questions() -> None:
    trained, tested = (Counter(one.intent for one in asked) for asked in (examples(), held_out()))
    assert {name for name in (*trained, *tested) if "." in name} == set(subtopics())
    assert {name: trained[name] for name in subtopics() if trained[name] < FEWEST_OF_A_PART} == {}
    assert {name: tested[name] for name in subtopics() if tested[name] < FEWEST_HELD_OUT_OF_A_PART} == {}


def test_entry_questions_are_unique_and_fit_a_button() -> None:
    full = [text for text in texts() if is_entry(text.file) and not text.is_short]
    answers = [text for text in full if not SPECIAL & text.metadata.keys()]
    questions = Counter(text.metadata.get("question", "") for text in answers)
    misfits = {question: n for question, n in questions.items() if n > 1 or not 0 < len(question) <= LONGEST_QUESTION}
    assert misfits == {}


def test_next_topics_exist() -> None:
    dead = {
        f"{text.name}: {topic}"
        for text in texts()
        for topic in text.metadata.get("next", ())
        if f"faq/{topic}" not in cells()
    }
    assert dead == set()


def test_every_entry_has_one_answer_for_any_role_and_none_twice() -> None:
    assert [cell for cell, times in Counter(cells()).items() if times > 1] == []
    assert [entry for entry in entries() if entry not in cells()] == []


def test_every_response_is_defined_in_one_file() -> None:
    files = {(text.name, text.file) for text in texts()}
    assert [name for name, times in Counter(name for name, _ in files).items() if times > 1] == []


def test_answers_for_certain_companies_name_fields_and_values_that_exist() -> None:
    conditions = [(text.file, when) for text in texts() for when in conditions_of(text.metadata) if when]
    wrong = [
        f"{file}: {name}: {value}"
        for file, when in conditions
        for name, wanted in when.items()
        for value in (wanted if isinstance(wanted, list) else [wanted])
        if name not in fields() or not (fields()[name].takes(value) or value in figures())
    ]
    assert conditions
    assert wrong == []


def test_answers_close_with_questions_of_the_interview() -> None:
    asking = {text.file: text.metadata["asks"] for text in texts() if "asks" in text.metadata}
    first_fields = {group[0] for groups in asked_together().values() for group in groups}
    named = {text.name for text in texts()}
    closings = {name.removeprefix("utter_closing_") for name in named if name.startswith("utter_closing_")}
    askable = first_fields | closings | {field for field in fields() if f"utter_question_{field}" in named}
    assert {file: field for file, field in asking.items() if field not in askable} == {}
    silent = [text.file for text in texts() if "asks" in text.metadata and not text.text.strip().endswith("?")]
    assert silent == []


def test_answers_on_another_officer_name_one_that_is_understood() -> None:
    named = {text.metadata["officer"] for text in texts() if "officer" in text.metadata}
    assert named
    assert named - set(read_synonyms(ROOT / "data").values()) == set()


def test_what_is_missing_for_another_officer_names_the_officer() -> None:
    missing = {text.name: text.metadata["missing"] for text in texts() if "missing" in text.metadata}
    assert missing
    assert [name for name, words in missing.items() if "{officer}" not in words] == []


def test_things_that_an_answer_names_are_asked_for_in_some_question() -> None:
    asked: dict[str, str] = defaultdict(str)
    for example in (*examples(), *held_out()):
        asked[f"utter_{example.intent}"] += f"\n{example.text}"
    things = [(text.name, text.metadata["things"]) for text in texts() if "things" in text.metadata]
    assert things
    assert [
        f"{name}: {thing}"
        for name, words_of_things in things
        for thing, words in words_of_things.items()
        if not any(re.search(rf"\b{re.escape(word)}", asked[name], re.I) for word in words)
    ] == []


def test_answers_that_name_things_name_all_of_them_where_none_is_asked_for() -> None:
    naming = [text for text in texts() if "things" in text.metadata]
    assert [text.file for text in naming if not text.metadata.get("thing")] == []


def test_every_limit_that_questions_name_has_words() -> None:
    named = {value for value in read_synonyms(ROOT / "data").values() if value.startswith("limit/")}
    responses = yaml.safe_load((ROOT / "data/conversation/limits.yml").read_text(encoding="utf-8"))["responses"]
    assert named == {name.removeprefix("utter_") for name in responses if name.startswith("utter_limit/")}


def test_every_entry_has_enough_examples() -> None:
    found = Counter(topic_of(example.intent) for example in examples())
    assert {entry: found[entry] for entry in entries() if found[entry] < FEWEST_EXAMPLES} == {}


def test_examples_are_unique() -> None:
    places: dict[str, list[str]] = {}
    for example in examples():
        places.setdefault(example.key, []).append(f"{example.file}: {example.text}")
    assert [where for where in places.values() if len(where) > 1] == []


def test_every_topic_has_held_out_questions() -> None:
    found = Counter(topic_of(example.intent) for example in held_out())
    assert {topic: found[f"faq/{topic}"] for topic in topics() if found[f"faq/{topic}"] < FEWEST_HELD_OUT} == {}


def test_held_out_questions_have_existing_topics() -> None:
    labels = (topic_of(example.intent) for example in held_out())
    asked = {label.removeprefix("faq/") for label in labels if label.startswith("faq/")}
    assert asked - set(topics()) == set()


def test_held_out_questions_are_not_training_examples() -> None:
    """Only for topics and silences: there are few ways to say yes."""
    trained = {example.key for example in examples()}
    asked = [example for example in held_out() if example.intent.startswith(("faq/", "not_in_article"))]
    assert [f"{example.file}: {example.text}" for example in asked if example.key in trained] == []


def test_content_is_not_empty() -> None:
    assert topics() and silences() and held_out()


def copied_runs(text: str, known: frozenset[str]) -> list[str]:
    """The word runs in a text with a known fingerprint."""
    words = words_of(text)
    runs = (" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
    return [run for run in runs if hashlib.sha256(run.encode()).hexdigest()[:12] in known]


def test_copied_run_of_words_is_detected() -> None:
    sentence = "Nobody ever wrote this sentence down before we needed it."
    fingerprint = hashlib.sha256(b"ever wrote this sentence down before we needed").hexdigest()[:12]
    assert copied_runs(sentence, frozenset({fingerprint})) == ["ever wrote this sentence down before we needed"]


def test_no_text_copies_the_article() -> None:
    """The article cannot be distributed, so only the fingerprints of its eight-word runs are stored."""
    known = frozenset(SHINGLES.read_text(encoding="utf-8").split())
    assert len(known) > 1_000
    copies = {
        path.relative_to(ROOT).as_posix(): copied_runs(path.read_text(encoding="utf-8"), known)
        for path in own_files(*OWN_TEXT)
        if path != SHINGLES
    }
    assert {file: runs for file, runs in copies.items() if runs} == {}
