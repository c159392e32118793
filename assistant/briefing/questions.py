"""What to ask in the call: answers that are missing or worth a second look, and which way each turns the advice."""

from __future__ import annotations

import json
from dataclasses import dataclass

from actions.advice import NO_ADVICE, UNSETTLED, changes
from actions.company import company_of
from actions.interview import response_of
from actions.wording import listed
from advisor.advice import advise
from advisor.decision import decide
from advisor.interview import Question, is_askable, questions
from assistant.briefing.case import Case

NO_HIRE = ("CTO_COVERS_AI", "CTO_IN_PLACE", "ROLES_IN_PLACE")
_TURNS_SHOWN = _ANSWERS_SHOWN = 2


@dataclass(frozen=True)
class Ask:
    """A question for the call, and in words what its answers turn the advice to."""

    fields: tuple[str, ...]
    question: str
    is_list: bool  # of which one ticks what is true
    turns: tuple[str, ...]  # by answer: "“Yes”: CTO first"
    roles: tuple[str, ...]  # what they turn it to, without the answers
    other_role: str | None  # the first one that they turn it to, unless they turn only the terms
    turns_hire: bool  # whether an answer makes or ends a hire

    @property
    def turns_role(self) -> bool:
        """Whether an answer turns the role, and not only the terms."""
        return self.other_role is not None


def open_fields(case: Case) -> list[str]:
    """What is not known, makes sense to ask this company, and could change the advice or make it less firm."""
    return [name for name in case.advice["contingent_on"] if is_askable(name, case.company)]


def missing(case: Case) -> list[Ask]:
    """What to ask of those missing answers that turn the advice: first what makes or ends a hire, or turns the role."""
    left_open = open_fields(case)
    groups = []
    for question in questions():
        if left := tuple(name for name in question.fields if name in left_open):
            groups.append(_turning(case, Question(question.part, left)))
    ranked = [(_rank(one), place, -len(one.turns), one) for group in groups for place, one in enumerate(group)]
    return [one for *_, one in sorted(ranked, key=lambda rank: rank[:3])]


def _rank(ask: Ask) -> int:
    return 0 if ask.turns_hire else 1 if ask.turns_role else 2


def _turning(case: Case, question: Question) -> list[Ask]:
    """The ways to ask for what is missing that turn the advice; a list to tick only where no point of it does alone."""
    whole = asked_for(case, question)
    alone = [asked_for(case, Question(question.part, (name,))) for name in question.fields]
    turning = [one for one in alone if one.turns]
    return [whole] if whole.turns and not (whole.is_list and turning) else turning


def asked_for(case: Case, question: Question) -> Ask:
    """A question as it is asked, and the other advice that its answers lead to."""
    wording, now = case.wording, (case.advice["role"], case.advice["engagement"])
    response = response_of(wording, question)
    led_to: dict[tuple[str, str | None], list[str]] = {}
    for button in wording.choices(response):
        given = json.loads(button["payload"].removeprefix("/answer"))
        then = decide(company_of({**case.answers, **given})).outcome
        if then != now and then[0] not in (UNSETTLED if now[0] in UNSETTLED else (NO_ADVICE,)):
            led_to.setdefault(then, []).append(wording.text("utter_brief_answer", answer=button["title"]))
    first, *items = wording.text(response).split("\n- ")
    turns = [
        wording.text("utter_brief_turn", answers=listed(answers[:_ANSWERS_SHOWN], "or"), role=case.turned_to(*then))
        for then, answers in led_to.items()
    ]
    return Ask(
        fields=question.fields,
        question=f"{first} ({'; '.join(items)})" if items else first,
        is_list=bool(items),
        turns=tuple(turns[:_TURNS_SHOWN]),
        roles=tuple(case.turned_to(*then) for then in led_to),
        other_role=next((role for role, _ in led_to if role != now[0]), None),
        turns_hire=any((role in NO_HIRE) != (now[0] in NO_HIRE) for role, _ in led_to),
    )


def pivots(case: Case) -> list[str]:
    """The answers that would lead to another role if they were different, first where that makes or ends a hire."""
    found = [one for led_to_one in changes(case.wording, case.company, advise(case.company)) for one in led_to_one]
    no_hire = case.advice["role"] in NO_HIRE
    found.sort(key=lambda change: (change.role in NO_HIRE) == no_hire)
    return [name for change in found if len(change.set) == 1 for name in change.set]
