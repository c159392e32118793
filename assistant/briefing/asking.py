"""What to ask in the call: what is missing, what may have been misread, and then the prospect's own problem."""

from __future__ import annotations

from collections.abc import Iterator

from actions.advice import UNSETTLED, listed
from actions.company import company_of
from advisor.brief import Line
from advisor.decision import decide, grounds
from advisor.interview import Question, question_of
from assistant.briefing.case import Case
from assistant.briefing.opening import is_opened_with, is_trouble, troubles
from assistant.briefing.questions import Ask, asked_for, missing, pivots
from assistant.briefing.sentences import cited

_MISSING_FIRST = 2  # questions whose answers turn the advice, before the prospect's own problem
_MOST = 3
_CTO_LEADS_AI = {
    **dict.fromkeys(("cto_ai_expertise", "cto_bandwidth", "cto_accountable"), True),
    **dict.fromkeys(("warn_later", "warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up"), False),
}
"""With these answers a CTO leads AI too."""
_SURE = 0.6  # that an answer was read rightly, so that asking again would be odd


def asks(case: Case) -> Iterator[Line]:
    """The lines of the section, the most telling first."""
    held, checks = [*_missing(case)], [*_checks(case)]
    yield from [*held[:1], *checks[:1], *_about_the_cto(case), *held[1:_MISSING_FIRST]]
    yield from [*_trouble(case), *checks[1:], *held[_MISSING_FIRST:]]


def checked(case: Case) -> list[str]:
    """What to check: the answer that turns the role and was read with the least certainty, else those by a button.

    Of the latter one, or as many as are missing to three questions.
    """
    if not case.dossier.verdict:
        return []
    read = [name for name in by_certainty(case) if _sure(case, name) < _SURE and _check(case, name).turns_role]
    pressed = [name for name in pivots(case) if name in case.answers and case.words(name) is None]
    return read[:1] or [name for name in pressed if _check(case, name).turns][: max(1, _MOST - len(missing(case)))]


def by_certainty(case: Case) -> list[str]:
    """What the advice rests on, the least certain first."""
    held = [name for name in grounds(case.company) if name in case.answers]
    return sorted(held, key=lambda name: _sure(case, name))


def _sure(case: Case, name: str) -> float:
    words = case.words(name)
    return words.sure if words else 1.0


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
        turns = ask.roles[0] if len(ask.roles) == 1 else ask.turns[0]
        values = {"fact": case.fact(name), "turns": turns}
        if words := case.words(name):
            yield Line(text("utter_brief_check_read", words=cited(words), **values), (words.event,))
        else:
            yield Line(text("utter_brief_check", **values), case.told([name]))


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
    for trouble in [one for one in troubles(case) if is_trouble(one) and not is_opened_with(case, one)][:1]:
        yield Line(case.wording.text("utter_brief_ask_trouble", words=cited(trouble)), (trouble.event,))


def _check(case: Case, name: str) -> Ask:
    return asked_for(case, Question(question_of(name).part, (name,)))
