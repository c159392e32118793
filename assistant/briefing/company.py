"""The company as the prospect told it: their messages in order, and beside each what we noted from it.

Nothing shows a misreading as fast as the words beside the answer, and nothing that was written is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from actions.company import Answers
from actions.summary import grouped
from actions.turn import ASKING
from advisor.brief import Line, quotable
from advisor.decision import grounds
from assistant.briefing.asking import checked, is_doubtful
from assistant.briefing.case import Case
from assistant.briefing.left_out import only_sends
from assistant.briefing.opening import strength
from assistant.briefing.outlook import reactions_begin
from assistant.briefing.owed import questions_in
from assistant.briefing.sentences import GREETS, OF_THEMSELVES, about_them, is_in, sentences, without
from assistant.dossier import Asked

_LONGEST_PART = 30  # words of a message in one line
_SHORTEST_REST = 6  # words that are left of a message of which others are quoted elsewhere
_SHORTEST_BESIDE = 4  # words of a sentence beside contact details: not "Let's talk"
_ANSWERS_IT = re.compile(r"(?:yes|yeah|yep|no|nope)\b,", re.I)
_ASKS_FOR_ADVICE = re.compile(r"\b(?:recommend\w*|verdict)\b", re.I)
_WORDS_THAT_WEIGH = 6  # as much as a fact
_WHO_THEY_ARE, _ITSELF = ("business", "headcount", "revenue_band"), 6


@dataclass
class _Part:
    """As many sentences of a message as stand in one line, and the fields that were noted from them."""

    event: int
    words: str
    noted: list[str] = field(default_factory=list)


def company(case: Case, quoted: str) -> Iterator[Line]:
    """The lines of the section, the most telling first.

    Args:
        case: the dossier.
        quoted: the lines of the other sections: what they quote is left out.
    """
    text, wording, answers = case.wording.text, case.wording, case.answers
    until = reactions_begin(case)
    parts = [part for one in case.dossier.asked for part in _parts(case, one, until)]
    beside = _noted_beside(case, parts, quoted)
    hidden = checked(case)
    for part in sorted(parts, key=lambda one: -_weight(case, one)):
        left = without(part.words, quoted)
        words = quotable(left, _LONGEST_PART).rstrip(".")
        notes = [*_notes(case, [name for name in part.noted if name not in hidden])]
        if words and notes:
            yield Line(text("utter_brief_read", words=words, notes="; ".join(notes)), (part.event,))
        elif words and (left == part.words or len(left.split()) >= _SHORTEST_REST):
            yield Line(text("utter_brief_wrote", words=words), (part.event,))
        else:
            beside.difference_update(part.noted)
    given: Answers = {name: value for name, value in answers.items() if name not in beside and name not in hidden}
    for label, facts in grouped(wording, given).items():
        of_label = [name for name, value in given.items() if label in grouped(wording, {name: value})]
        values = {"label": about_them(label), "facts": about_them(facts)}
        yield Line(text("utter_brief_facts", **values), case.told(of_label))


def _notes(case: Case, names: list[str]) -> Iterator[str]:
    """What was noted, apart from what needs a check because its words leave doubt."""
    doubtful = [name for name in names if (words := case.words(name)) and is_doubtful(case, name, words)]
    plain = [name for name in names if name not in doubtful]
    for response, held in (("utter_brief_noted", plain), ("utter_brief_to_check", doubtful)):
        if facts := ", ".join(filter(None, map(case.fact, held))):
            yield case.wording.text(response, facts=facts)


def _parts(case: Case, one: Asked, until: int) -> Iterator[_Part]:
    """A message without its questions to us, cut between sentences where it is long."""
    held: list[str] = []
    for sentence in _telling(case, one, until):
        if held and len(" ".join([*held, sentence]).split()) > _LONGEST_PART:
            yield _Part(one.event, " ".join(held))
            held = []
        held.append(sentence)
    if held:
        yield _Part(one.event, " ".join(held))


def _telling(case: Case, one: Asked, until: int) -> list[str]:
    """The sentences of a message that tell something of the company."""
    said = sentences(one.text) if one.typed and not only_sends(one) else []
    asked = questions_in(said)
    told = [
        sentence
        for sentence, before in zip(said, ["", *said], strict=False)
        if sentence not in asked
        and not GREETS.match(sentence)
        and not (before in asked and _ANSWERS_IT.match(sentence))
        and not (one.intent in ASKING and _ASKS_FOR_ADVICE.search(sentence))
        and not case.is_about_contact(one, sentence)
        and not (one.gives_contact and len(sentence.split()) < _SHORTEST_BESIDE)
    ]
    if one.event in case.dossier.told.values():
        return told
    is_about_them = one.replies or OF_THEMSELVES.search(" ".join(told))
    return told if is_about_them and one.event <= until else []


def _noted_beside(case: Case, parts: list[_Part], quoted: str) -> set[str]:
    """Put every answer beside the words that it was read from, if they stand here; returns the names of the answers."""
    found = set()
    for name, event in case.dossier.told.items():
        of_message = [part for part in parts if part.event == event]
        if of_message and case.answers.get(name) == case.dossier.answers.get(name):
            near = [
                one.words for one in (case.words(name), case.dossier.touched.get(name)) if one and one.event == event
            ]
            here = [words for words in near if not is_in(words, quoted)]
            part = next((one for words in here for one in of_message if words in one.words), of_message[-1])
            if here or not near:
                part.noted.append(name)
                found.add(name)
    return found


def _weight(case: Case, part: _Part) -> int:
    """How much a part of a message tells: what the advice rests on, other facts, and what troubles the company."""
    rests_on = grounds(case.company)
    noted = [name for name, event in case.dossier.told.items() if event == part.event]
    facts = sum(_ITSELF if name in _WHO_THEY_ARE else 3 if name in rests_on else 1 for name in noted)
    return (
        facts
        + len(part.words.split()) // _WORDS_THAT_WEIGH
        + max((strength(one) for one in sentences(part.words)), default=0)
    )
