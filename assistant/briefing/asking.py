"""What to ask in the call: what is missing, what may have been misread, and then the prospect's own problem."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.advice import UNSETTLED
from actions.company import company_of
from actions.wording import listed
from advisor.brief import Line
from advisor.decision import decide, grounds
from advisor.interview import Question, question_of
from assistant.briefing.case import Case, says_something
from assistant.briefing.opening import PAINS, is_trouble, openings, question_about, signals_in, troubles
from assistant.briefing.outlook import dates, reactions
from assistant.briefing.questions import Ask, asked_for, missing, pivots
from assistant.briefing.sentences import cited
from assistant.dossier import Quote

_MISSING_FIRST = 2  # questions whose answers turn the advice, before the prospect's own problem
_CHECKED_FIRST = 2
_MOST = 3
_CTO_LEADS_AI = {
    **dict.fromkeys(("cto_ai_expertise", "cto_bandwidth", "cto_accountable"), True),
    **dict.fromkeys(("warn_later", "warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up"), False),
}
"""With these answers a CTO leads AI too."""
_HEDGES = re.compile(
    r"\b(?:maybe|perhaps|probably|technically|mostly|barely|part[- ]time|sort of|kind of|not sure|no wait|supposedly"
    r"|i (?:think|believe|guess)|but|though|although|except|sorry|actually)\b",
    re.I,
)
_PLAIN = ("business", "headcount")  # fields whose words are seldom about them alone
_DENIES = re.compile(
    r"\b(?:no|not|none|nobody|no one|nothing|never|neither|nor|without|zero|lacks?|missing|nope)\b|n'?t\b|\b0\b", re.I
)
_TROUBLED = ("failure", "loss", "strain")  # signals
_DOUBTFUL = 0.5
_SURE = 0.6  # that an answer was read rightly, so that asking again would be odd


def asks(case: Case) -> Iterator[Line]:
    """The lines of the section, the most telling first."""
    held, checks = [*_missing(case)], [*_checks(case)]
    yield from [*held[:1], *checks[:_CHECKED_FIRST], *_about_the_cto(case), *held[1:_MISSING_FIRST]]
    yield from [*_trouble(case), *checks[_CHECKED_FIRST:], *held[_MISSING_FIRST:]]


def checked(case: Case) -> list[str]:
    """What to check: the answers that turn the role and were read with the least certainty, else those by a button.

    Of the latter one, or as many as are missing to three questions.
    """
    unsure = [name for name in by_certainty(case) if case.fact(name) and _sure(case, name) < _SURE]
    read = [name for name in unsure if _check(case, name).turns_role]
    read += [name for name in _of_the_cto(case) if _sure(case, name) < _SURE and name not in read]
    if read or not case.dossier.verdict:
        return read[:_CHECKED_FIRST]
    pressed = [name for name in pivots(case) if name in case.answers and case.words(name) is None]
    return [name for name in pressed if _check(case, name).turns][: max(1, _MOST - len(missing(case)))]


def _of_the_cto(case: Case) -> list[str]:
    """The answers by which a CTO leads AI too, where there is one."""
    has_cto = case.answers.get("leadership") == "cto"
    return [name for name in _CTO_LEADS_AI if has_cto and case.answers.get(name) is True]


def by_certainty(case: Case) -> list[str]:
    """What the advice rests on, the least certain first."""
    held = [name for name in dict.fromkeys([*grounds(case.company), *pivots(case)]) if name in case.answers]
    return sorted(held, key=lambda name: _sure(case, name))


def _sure(case: Case, name: str) -> float:
    """How sure an answer is; one that its own words do not bear out plainly is not."""
    words = case.words(name)
    if words is None:
        return 1.0
    return min(words.sure, _DOUBTFUL) if is_doubtful(case, name, words) else words.sure


def is_doubtful(case: Case, name: str, words: Quote) -> bool:
    """Whether words hedge, deny nothing though the answer does, or tell of trouble where the answer sees none."""
    message = next(one.text for one in case.dossier.asked if one.event == words.event)
    value = case.answers[name]
    is_troubled = any(one.name in _TROUBLED for one in signals_in(message))
    is_pain = (name, value) in PAINS
    denies_nothing = value in (False, "none") and not _DENIES.search(message) and not (is_pain and is_troubled)
    troubled = (name, False) in PAINS and value is True and is_troubled
    clause = case.dossier.words.get(name, words).words
    return denies_nothing or troubled or (name not in _PLAIN and _HEDGES.search(clause) is not None)


def _missing(case: Case) -> Iterator[Line]:
    """What could turn the advice and was not understood, with what they wrote about it."""
    text = case.wording.text
    for ask in missing(case):
        values = {"question": ask.question, "turns": "; ".join(ask.turns)}
        said = next(filter(None, map(case.touching, ask.fields)), None)
        if said:
            words = cited(said)
            yield Line(text("utter_brief_ask_about", words=words, **values), (said.event, *case.decided))
        else:
            yield Line(text("utter_brief_ask", **values), case.decided)


def _checks(case: Case) -> Iterator[Line]:
    """The answers that turn the advice if they were misread."""
    text = case.wording.text
    for name in checked(case):
        ask = _check(case, name)
        turns = ask.roles[0] if len(ask.roles) == 1 else next(iter(ask.turns), "")
        values = {"fact": case.fact(name), "turns": turns}
        words = case.words(name)
        if words:
            response = "utter_brief_check_read" if turns else "utter_brief_check_able"
            yield Line(text(response, words=_clause(case, name, words), **values), (words.event,))
        else:
            yield Line(text("utter_brief_check", **values), case.told([name]))


def _clause(case: Case, name: str, words: Quote) -> str:
    """The part of a sentence that an answer was read from, if it can stand alone as it was written."""
    clause = case.dossier.words.get(name, words)
    return cited(clause if clause.words in words.words and says_something(clause.words) else words)


def _about_the_cto(case: Case) -> Iterator[Line]:
    """What speaks against the CTO's leading AI, where all of it together turns the advice, and none of it alone."""
    against = {name: value for name, value in _CTO_LEADS_AI.items() if case.answers.get(name) == (not value)}
    then = decide(company_of({**case.answers, **_CTO_LEADS_AI})).outcome
    if against and case.answers.get("leadership") == "cto" and then[0] != case.advice["role"]:
        facts = listed([case.fact(name) for name in against], "and")
        role = case.wording.text("utter_brief_falls") if then[0] in UNSETTLED else case.turned_to(*then)
        values = {"facts": facts, "role": role}
        yield Line(case.wording.text("utter_brief_check_cto", **values), case.told(against))


def _trouble(case: Case) -> Iterator[Line]:
    """A problem of their own that the call does not open with."""
    opened, elsewhere = next(openings(case)).text, [*dates(case), *reactions(case)]
    held = [one for one in troubles(case) if is_trouble(one) and cited(one) not in opened]
    for trouble in [one for one in held if one not in elsewhere][:1]:
        values = {"words": cited(trouble), "question": question_about(case, trouble)}
        yield Line(case.wording.text("utter_brief_ask_trouble", **values), (trouble.event,))


def _check(case: Case, name: str) -> Ask:
    return asked_for(case, Question(question_of(name).part, (name,)))
