"""The company: what was noted beside the words that it was read from, and in its own words what was not noted.

Nothing shows a misreading as fast as the words beside the answer, and nothing that was written is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.summary import grouped
from actions.wording import capitalized
from advisor.brief import Line
from assistant.briefing.asking import asks, by_certainty, checked
from assistant.briefing.case import Case
from assistant.briefing.opening import OF_THEMSELVES, is_doubt, openings
from assistant.briefing.sentences import about_them, cited
from assistant.dossier import Quote

_YES_OR_NO = re.compile(r"(?:yes|yeah|yep|no|nope)\b", re.I)


def company(case: Case) -> Iterator[Line]:
    """The lines of the section, first what the advice rests on; what the questions show is left out."""
    text, wording, answers = case.wording.text, case.wording, case.answers
    names = [
        name for name in dict.fromkeys([*by_certainty(case), *answers]) if name in answers and name not in checked(case)
    ]
    read: dict[tuple[str, int], list[str]] = {}
    for name in names:
        words = case.words(name)
        if words and (said := case.fact(name)):
            read.setdefault((cited(words), words.event), []).append(said)
    for (quoted, event), facts in read.items():
        yield Line(text("utter_brief_read", facts=capitalized(", ".join(facts)), words=quoted), (event,))
    for one in _not_noted(case):
        yield Line(text("utter_brief_also_wrote", words=cited(one)), (one.event,))
    given = {name: value for name, value in answers.items() if name in names and case.words(name) is None}
    for label, facts_given in grouped(wording, given).items():
        of_label = [name for name, value in given.items() if label in grouped(wording, {name: value})]
        values = {"label": about_them(label), "facts": about_them(facts_given)}
        yield Line(text("utter_brief_facts", **values), case.told(of_label))


def _not_noted(case: Case) -> Iterator[Quote]:
    """What they wrote of themselves without anything being noted from it, and is quoted nowhere else."""
    noted = {(words.event, words.words) for name in case.dossier.told if (words := case.words(name))}
    quoted = [line.text for line in (next(openings(case)), *asks(case))]
    for one in case.statements:
        is_noted = any(event == one.event and words in one.words for event, words in noted)
        if (
            not is_noted
            and OF_THEMSELVES.search(one.words)
            and not _YES_OR_NO.match(one.words)
            and not is_doubt(one)
            and not any(cited(one) in text for text in quoted)
        ):
            yield one
