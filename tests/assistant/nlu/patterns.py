"""All patterns applied to visitor messages, and adversarial texts for them."""

from __future__ import annotations

import json
import re
import sre_compile
import sre_constants as sre
import sre_parse
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice, product
from sre_parse import SubPattern
from typing import Any

from advisor.content import DATA, load
from tests.content import ROOT

_NOTE_PATTERNS = """
import json, re, sre_compile, sys
noted, compile = set(), sre_compile.compile
def note(pattern, flags=0):
    frame = sys._getframe(1)
    while frame.f_code.co_filename.endswith("/re.py"):
        frame = frame.f_back
    if "/assistant/" in frame.f_code.co_filename and isinstance(pattern, str):
        noted.add((pattern, int(flags)))
    return compile(pattern, flags)
sre_compile.compile = note
re.purge()
from assistant.channels.web import messages as web_messages
from assistant.contacts.reader import read as read_contact
from assistant.turns import buttons, messages
from assistant.nlu import company_extractor, spelling, utterance_splitter
from assistant.nlu.company_facts.classifier import StatementModel
from assistant.nlu.company_facts.contract import stated
from assistant.nlu.company_facts.hearing import hear
from assistant.nlu.company_facts.model import CompanyModel
from assistant.nlu.company_facts.names import named_things
from assistant.nlu.company_facts.reader import read_answer
from assistant.nlu.company_facts.reply_model import Example, ReplyModel
from assistant.nlu.company_facts.supposed import read_hypothetical
told = [("we sell software", "business=software_product"), ("we have a site", "has_website=true"), ("hi", "nothing")]
replies = [Example("yes", ("has_website",), {"has_website": True}), Example("no site", ("has_website",), {})]
model = CompanyModel(StatementModel.fit(told * 2), ReplyModel.fit(replies * 2, told))
def read(text):
    heard = hear(text, model)
    stated(heard)
    for asked in (["revenue_band"], ["ai_initiatives"], ["has_website", "has_crm", "has_cloud"], ["leadership"]):
        read_answer(heard, asked)
for text in json.load(sys.stdin):
    read(text)
    named_things(text)
    for asked in (None, "name", "phone", "company", "topic", "when"):
        read_contact(text, asked)
    read_hypothetical(text, model)
print(json.dumps(sorted(noted)))
"""
_REPEATABLE = (
    *("3 million", "$5k a month", "no wait", "and", "but", "we have", "no crm", "yes", "the first", "all but", "just"),
    *(
        "we're",
        "my cousin's company",
        "if",
        "our client is",
        "comma",
        "40 people",
        "team of",
        "almost",
        "between 8 and",
    ),
)
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)
_BOUNDED = 8  # repetitions up to this bound are harmless
_SAMPLES = 4000  # of the body of a repetition
_CHARACTERS = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_NOT_DIGIT: "x",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "x",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_WORD: "~",
}


def patterns_used(texts: list[str]) -> list[tuple[str, int]]:
    """The patterns, with flags, that a fresh process compiles to read these texts."""
    done = subprocess.run(
        [sys.executable, "-c", _NOTE_PATTERNS],
        cwd=ROOT,
        input=json.dumps(texts),
        text=True,
        capture_output=True,
        check=True,
    )
    return [(pattern, flags) for pattern, flags in json.loads(done.stdout)]


def repeats(tree: SubPattern, prefix: str = "") -> Iterator[tuple[str, SubPattern]]:
    """Each unbounded repetition: a text that matches up to it, and its body."""
    for operator, value in tree:
        if operator in _REPEATS:
            if value[1] > _BOUNDED:
                yield prefix, value[2]
            yield from repeats(value[2], prefix)
        elif operator is sre.BRANCH:
            for branch in value[1]:
                yield from repeats(branch, prefix)
        elif operator is sre.SUBPATTERN:
            yield from repeats(value[3], prefix)
        elif operator in (sre.ASSERT, sre.ASSERT_NOT):
            yield from repeats(value[1], prefix)
        prefix += _matched(operator, value)[0]


def samples(body: SubPattern) -> list[str]:
    """Texts matched by the body of a repetition."""
    choices = [_matched(operator, value) for operator, value in body]
    return sorted({"".join(parts) for parts in islice(product(*choices), _SAMPLES)} - {""})


def several_rounds(body: SubPattern, flags: int) -> re.Pattern[str]:
    """A matcher for two or more iterations of a repetition, up to the end of the text."""
    rounds = [(sre.MAX_REPEAT, (2, sre.MAXREPEAT, body)), (sre.AT, sre.AT_END_STRING)]
    compiled: re.Pattern[str] = sre_compile.compile(SubPattern(body.state, rounds), flags)
    return compiled


def pumps() -> list[str]:
    """Texts that an attacker may repeat: trades, and words that amounts, replies and clauses are cut by."""
    entries = {*load(DATA / "statements/products.yml")["trades"]["service"], *_REPEATABLE}
    return sorted(entry for entry in entries if entry.strip())


def parsed(pattern: str, flags: int) -> SubPattern:
    """The parse tree of a pattern."""
    return sre_parse.parse(pattern, flags)


def anchored(pattern: str, flags: int) -> re.Pattern[str]:
    """The pattern anchored like in ``fullmatch``, since failing at the end forces full backtracking."""
    return re.compile(f"(?:{pattern})\\Z", flags)


def _texts(tree: SubPattern, most: int = 8) -> list[str]:
    choices = [_matched(operator, value) for operator, value in tree]
    return ["".join(parts) for parts in islice(product(*choices), most)]


def _matched(operator: Any, value: Any) -> list[str]:
    """Texts matched by one node of a pattern; none for an assertion."""
    if operator is sre.LITERAL:
        return [chr(value)]
    if operator is sre.NOT_LITERAL:
        return ["y" if value == ord("x") else "x"]
    if operator is sre.ANY:
        return ["x"]
    if operator is sre.IN:
        return _one_of(value)
    if operator is sre.BRANCH:
        return [_texts(branch)[0] for branch in value[1]]
    if operator is sre.SUBPATTERN:
        return _texts(value[3])
    if operator in _REPEATS:
        least, most, body = value
        rounds = {least, min(most, max(least, 1)), min(most, least + 1)}
        return [text * number for number in sorted(rounds, reverse=True) for text in _texts(body)[:4]]
    return [""]


def _one_of(members: list[tuple[Any, Any]]) -> list[str]:
    negated = members[0][0] is sre.NEGATE
    found = []
    for operator, value in members:
        if operator is sre.LITERAL:
            found.append(chr(value))
        elif operator is sre.RANGE:
            found.append(chr(value[0]))
        elif operator is sre.CATEGORY:
            found.append(_CHARACTERS[value])
    if negated:
        return [character for character in "x ~1-" if character not in found][:2] or ["\N{SNOWMAN}"]
    return found
