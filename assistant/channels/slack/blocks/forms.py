"""Forms: the contact details and the interview as modals, and what was filled in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actions.interview import response_of
from actions.wording import Wording
from advisor.fields import UNANSWERED
from advisor.interview import Question
from advisor.interview import questions as all_questions
from assistant.channels.slack.blocks.elements import input_, menu, mrkdwn_text, option, plain_text
from assistant.channels.slack.blocks.prose import Block, escaped
from assistant.channels.slack.blocks.words import contact_words, questions, words
from assistant.stores.holds import LONGEST_HOLDER

CONTACT = "contact"
"""The callback_id of the form with the contact details."""
INTERVIEW = "interview"
"""The callback_id of the interview as a form."""

ANSWER = "answer_prospect"
"""The callback_id of the form with an answer to a prospect."""

_REACHABLE = ("email", "phone")
"""One of these is enough to be contacted by, as data/conversation/contact.yml says."""
_DETAILS = ("name", *_REACHABLE, "company", "topic", "when")
_LONGEST_DETAIL = 200  # characters
_TITLE = 24  # characters
_ANSWER = "answer"
_SEVERAL = "several"
_NO_VALUE: Mapping[str, Any] = {}

State = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""``view.state.values`` of a form that was sent: by block_id and action_id."""


def contact_modal(private_metadata: str) -> Block:
    """The form for the contact details; what it gives is shown again before anything goes to the firm."""
    return _modal(CONTACT, private_metadata, [_detail(name) for name in _DETAILS])


def contact_of(values: State) -> dict[str, str]:
    """The details that were given, by name."""
    given = {name: str(values.get(name, {}).get(name, _NO_VALUE).get("value") or "").strip() for name in _DETAILS}
    return {name: value for name, value in given.items() if value}


def contact_errors(values: State) -> dict[str, str]:
    """What is wrong with them, by block_id: Slack shows it beside the field. Empty if somebody can be reached."""
    given = contact_of(values)
    if any(name in given for name in _REACHABLE):
        return {}
    return {_REACHABLE[0]: words().text("utter_slack_contact_missing")}


def interview_modal(fields: Sequence[str], private_metadata: str) -> Block:
    """The open questions of the interview as one form. Each of them can be left open.

    Args:
        fields: of the company, that have no answer yet.
        private_metadata: comes back with what is filled in; at most 3,000 characters.
    """
    return _modal(INTERVIEW, private_metadata, [_question(question) for question in _asked(fields)])


def answers_of(values: State) -> dict[str, Any]:
    """The answers that were given, by field of the company: values, or "unknown" and "declined"."""
    wording = questions()
    answers: dict[str, Any] = {}
    for response, elements in values.items():
        if response in wording:
            for name, element in elements.items():
                chosen = element.get("selected_options") or filter(None, [element.get("selected_option")])
                answers |= _answers(wording, response, name, [int(one["value"]) for one in chosen])
    return answers


def answer_modal(private_metadata: str, where: str, name: str | None, longest: int) -> Block:
    """The form with an answer to a prospect, the only thing of the firm's people in Slack that reaches one.

    Args:
        private_metadata: comes back with the answer.
        where: the prospect reads it: "web", "slack", or "channel" of Slack.
        name: what the prospect may call whoever answers; None where that is settled.
        longest: characters of the answer.
    """
    hint = words().text(f"utter_slack_form_where_{where}")
    asked = [] if name is None else [_required("name", {"initial_value": name} if name else {}, LONGEST_HOLDER)]
    return _modal(ANSWER, private_metadata, [*asked, _required("text", {"multiline": True}, longest)], hint)


def answer_to_prospect(values: State) -> dict[str, str]:
    """What was put into that form: "text", and "name" where it was asked for; empty where nothing was."""
    given = {name: str(values.get(name, {}).get(name, _NO_VALUE).get("value") or "") for name in ("name", "text")}
    return {name: "\n".join(value.splitlines()).strip() for name, value in given.items()}


def _required(name: str, more: Mapping[str, Any], longest: int) -> Block:
    element = {"type": "plain_text_input", "action_id": name, "max_length": longest, **more}
    return {**input_(name, words().text(f"utter_slack_form_{name}"), element), "optional": False}


def _answers(wording: Wording, response: str, name: str, chosen: list[int]) -> dict[str, Any]:
    """What the chosen options say: of a checklist, also that what is not ticked is not so."""
    if name == _ANSWER:
        return _values(wording.buttons(response)[chosen[0]]) if chosen else {}
    several, others = wording.several(response), _others(wording, response)
    ticked = [at for at in chosen if at < len(several)]
    if not ticked:
        return _values(others[chosen[0] - len(several)]) if chosen else {}
    answers: dict[str, Any] = {}
    for at, one in enumerate(several):
        answers |= {field: value if at in ticked else not value for field, value in _values(one).items()}
    return answers


def _values(button: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(button["payload"].removeprefix(f"/{_ANSWER}"))
    return values


def _others(wording: Wording, response: str) -> list[dict[str, str]]:
    """The buttons of a question with a checklist that say what no ticks can: none of them, and not sure."""
    opposite = {field: not value for one in wording.several(response) for field, value in _values(one).items()}
    buttons = [(one, _values(one)) for one in wording.buttons(response)]
    return [one for one, values in buttons if values == opposite or UNANSWERED.issuperset(map(str, values.values()))]


def _asked(fields: Sequence[str]) -> Iterator[Question]:
    for question in all_questions():
        if left := tuple(field for field in question.fields if field in fields):
            yield Question(question.part, left)


def _question(question: Question) -> Block:
    wording = questions()
    response = response_of(wording, question)
    text, several = wording.text(response), wording.several(response)
    if several:
        titles = [one["title"] for one in [*several, *_others(wording, response)]]
        label = text.partition("\n")[0]  # the checklist is the rest
        element: Block = {"type": "checkboxes", "options": _options(titles), "action_id": _SEVERAL}
    else:
        titles = [one["title"] for one in wording.buttons(response)]
        label = text
        element = menu(words().text("utter_slack_choose"), _options(titles), _ANSWER)
    return input_(response, label, element)


def _options(titles: Sequence[str]) -> list[Block]:
    return [option(title, str(at)) for at, title in enumerate(titles)]


def _detail(name: str) -> Block:
    wording = contact_words()
    asks = name not in _REACHABLE
    label = wording.text(f"utter_contact_ask_{name}" if asks else f"utter_contact_label_{name}")
    kind = "email_text_input" if name == "email" else "plain_text_input"
    longest = {} if name == "email" else {"max_length": _LONGEST_DETAIL}
    return input_(name, label, {"type": kind, "action_id": name, **longest})


def _modal(kind: str, private_metadata: str, blocks: Sequence[Block], hint: str = "") -> Block:
    said = " ".join(filter(None, [words().text(f"utter_slack_form_{kind}"), hint]))
    purpose = {"type": "section", "text": mrkdwn_text(escaped(said))}
    return {
        "type": "modal",
        "callback_id": kind,
        "private_metadata": private_metadata,
        "title": plain_text(words().text(f"utter_slack_form_{kind}_title"), _TITLE),
        "submit": plain_text(words().text(f"utter_slack_form_{kind}_submit"), _TITLE),
        "close": plain_text(words().text("utter_slack_form_close"), _TITLE),
        "blocks": [purpose, *blocks],
    }
