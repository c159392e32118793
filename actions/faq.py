"""Answers to questions: the topic's words, the article's figures, the section they rest on, and what to ask next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.acknowledgement import record_facts
from actions.advice import HIRES, is_settled, other_role, so_far
from actions.company import company_of
from actions.gaps import is_silence, left_out_of, missing_for_another, unanswered
from actions.history import Event
from actions.interview import rather_another, ready_now, reply_to_offer, response_of
from actions.misses import say_missed
from actions.turn import ABOUT, ADVICE, REVISITED, WHICH, Events, Turn, TurnAction, asks_something
from actions.verdict import leaning
from actions.wording import Cell, Wording, is_part, join_topic, split_topic
from advisor.advice import advise
from advisor.fields import fields
from advisor.interview import Question, question_of
from assistant.nlu.company_facts.names import denied_or_had, products_in

UNANSWERED = "unanswered"
"""The slot whose values are kept for the editors of the content: see assistant/stores/unanswered.py."""

_QUESTIONS = ("faq", "not_in_article")
_UNSAID = ("not_in_article", "details")
"""What the article does not go into, without being on a subject that we can decline by name."""
_PASSES_ON = "I can pass"
_THE_FIRM_CAN = re.compile(r"(?:[;,] (?:but |so )?(?:the firm|ask the firm)\b[^.]*)(?=\.)", re.I)
"""What answers on the firm end with: said once for several."""
_CLOSING = re.compile(r"(.*(?:[.!?]\s|\n))([^\n]*\?)", re.S)
_WHICH_OF_OURS = (*WHICH, "cto_covers_ai", "have_cto", "one_or_both")
"""What asks for the recommendation once the answers settle one."""
_BY_SITUATION = (
    *("software_business", "startup", "service_business", "saas_only", "app_outsourced", "few_developers", "basics"),
    *("clinic", "law_firm", "manufacturer", "retailer"),
)
"""What is answered by the company's own facts, where the message states several."""
_BEGINNING = ("this_week", "start")
"""What asks for the next step, right after the recommendation."""
_OF_A_HIRE = ("cost", "year_cost", "hours")
_BUSINESS, _LEADERSHIP, _REVENUE = "business", "leadership", "revenue_band"
_FOLLOWING = 3
_A_SENTENCE = 5  # words
_TOUCHED = 0.4  # probability that a message says something of a field
_CHOICES = 4  # answers to a closing question
_NEW = 1 / 3  # of the facts of a second answer, up to which it repeats the one before
_SHORT = 14  # words of a question that can close several answers
_ASSENT = ("affirm", "deny", "choose")  # to nothing that we asked


class Answer(TurnAction):
    """Gives the answers of the topics that the last message asks for, in its order, and notes what it states."""

    def name(self) -> str:
        return "action_answer"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if _answers_our_question(turn):
            return [FollowupAction("action_continue_interview")]
        topics = [_for_another(turn, _for_the_hire(turn, _with_their_cto(turn, topic))) for topic in turn.topics]
        if action := _of_the_advice(turn, topics):
            return [FollowupAction(action)]
        if not any(turn.wording.cell(topic) for topic in topics):
            _, events = record_facts(dispatcher, turn)
            say_missed(dispatcher, turn, "utter_not_understood")
            return events
        aside = CollectingDispatcher()
        _, events = record_facts(aside, turn, aside=True)
        noted = [said["text"] for said in aside.messages]
        return [*events, *answer_topics(dispatcher, turn, topics, noted)]


def _answers_our_question(turn: Turn) -> bool:
    """Whether a message that resembles a question clearly answers the one that our last answer closed with."""
    is_told = len(turn.text.split()) >= _A_SENTENCE and not asks_something(turn.text)
    return is_told and not turn.form and bool(reply_to_offer(turn, doubtful=True))


class OfferTopics(TurnAction):
    """Asks back where a message may mean several things, and says so where it means nothing we know."""

    def name(self) -> str:
        return "action_offer_topics"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if not turn.form and (turn.stated or reply_to_offer(turn)):
            return [FollowupAction("action_continue_interview")]
        _, events = record_facts(dispatcher, turn)
        if turn.alternatives:
            buttons = question_buttons(turn.wording, turn.alternatives)
            dispatcher.utter_message(text=turn.wording.text("utter_did_you_mean"), buttons=buttons)
        elif turn.intent in _ASSENT and not turn.form:
            events += _take_offer(dispatcher, turn)
        elif turn.form:
            say_missed(dispatcher, turn, "utter_not_an_answer")
        else:
            events.append(_for_the_editor(turn))
            say_missed(dispatcher, turn, "utter_not_covered" if asks_something(turn.text) else "utter_not_understood")
        return events


_OFFERED = {
    "confirm_erasure": "action_erase",
    "talk_to_person": "action_talk_to_person",
    "send_contact": "action_send_contact",
    "skip_contact": "action_add_contact",
    "correct_address": "action_correct_address",
    "confirm_mail": "action_confirm_mail",
    "mail_report": "action_mail_report",
}
"""What a yes does where the first button was of this intent."""
_DECLINED = {
    "confirm_erasure": "utter_kept",
    "request_person": "action_drop_contact",
    "drop_contact": "action_drop_contact",
    "send_contact": "action_drop_contact",
    "skip_contact": "action_add_contact",
    "correct_address": "action_keep_address",
}
"""What a no does there."""


def _take_offer(dispatcher: CollectingDispatcher, turn: Turn) -> Events:
    """Take a yes or no as one to our last offer: a topic, or the interview if we offered it or asked of the company."""
    intent, values = turn.history.offer
    if turn.intent == "deny" and intent in _DECLINED:
        return [FollowupAction(_DECLINED[intent])]
    if turn.intent != "affirm":
        intent = ""
    answered = turn.wording.cell(turn.about or "")
    if answered and turn.role:  # "and both?"
        return answer_topics(dispatcher, turn, [join_topic(str(turn.about), turn.role, None)])
    if intent in _OFFERED:
        return [FollowupAction(_OFFERED[intent])]
    if intent in ("ask_for_advice", "answer") or (intent == "faq" and answered and answered.text.endswith("?")):
        return [FollowupAction("action_continue_interview")]
    said = answer_topics(dispatcher, turn, [f"faq/{values.get('topic')}"]) if intent == "faq" else []
    if not said and turn.advised_on is None:
        dispatcher.utter_message(response="utter_go_on")
    elif not said:
        offers = turn.wording.buttons("utter_after_advice")
        dispatcher.utter_message(text=turn.wording.text("utter_more_of_the_advice"), buttons=offers)
    return said


def answer_topics(
    dispatcher: CollectingDispatcher, turn: Turn, topics: Sequence[str], noted: Sequence[str] = ()
) -> Events:
    """Say one answer in full or several in short; the events remember the last as what is spoken of.

    Args:
        dispatcher: takes what is said.
        turn: the message that asks.
        topics: what it asks for.
        noted: what is to be said besides: which facts the message stated.
    """
    if lean := _lean(turn, topics):
        offers = [] if turn.form else turn.wording.buttons("utter_ask_the_rest")
        dispatcher.utter_message(text=" ".join([lean, *noted]), buttons=offers)
        return [SlotSet(ABOUT, topics[-1])]
    nearest = next((one for one in turn.alternatives if turn.wording.cell(one)), None)
    unsaid = len(topics) == 1 and split_topic(topics[0])[:2] == _UNSAID
    closest = nearest if unsaid and nearest and not turn.form else None
    asked = [closest] if closest else topics
    named = {topic: turn.wording.cell(topic, turn.officer, turn.answers, turn.text) for topic in asked}
    cells = _without_repetition({topic: cell for topic, cell in named.items() if cell})
    if len(cells) == 1 and _was_just_said(turn, *cells.values()):
        _say_nothing_more(dispatcher, turn, cells)
    elif cells:
        _say(dispatcher, turn, cells, noted, nearest=bool(closest))
    events = [SlotSet(ABOUT, [*cells][-1]), *_asked_next(turn, [*cells.values()][-1])] if cells else []
    if turn.officer or any(topic.startswith("not_in_article/") for topic in topics):
        events.append(_for_the_editor(turn))
    return events


def _was_just_said(turn: Turn, cell: Cell) -> bool:
    """Whether a question in other words would get the answer that we gave right before."""
    in_other_words = turn.typed and turn.intent in _QUESTIONS and turn.text != turn.history.text_before
    return in_other_words and _closing_question(cell.text)[0] in turn.history.said_before


def _say_nothing_more(dispatcher: CollectingDispatcher, turn: Turn, cells: Mapping[str, Cell]) -> None:
    """Say that the last answer is all there is, and offer its neighbors."""
    (cell,) = cells.values()
    others = [one for one in [*turn.alternatives, *cell.next] if one not in cells]
    offered = [*turn.wording.buttons("utter_ask_the_firm"), *question_buttons(turn.wording, others, cell)]
    shown = [] if turn.form else offered[:_FOLLOWING]
    dispatcher.utter_message(text=turn.wording.text("utter_nothing_more"), buttons=shown)


def _asked_next(turn: Turn, cell: Cell) -> Events:
    """In the interview, the question that follows from an answer comes before the others, if it is still open.

    Revenue follows from hardly any: without such a question, who leads is asked for instead.
    """
    open_fields = [field for one in ready_now(turn.answers) for field in one.fields] if turn.form else []
    instead = _LEADERSHIP if turn.requested == _REVENUE else None
    wanted = next((field for field in (cell.asks, instead) if field in open_fields), None)
    return [SlotSet(REVISITED, wanted)] if wanted else []


def _say(
    dispatcher: CollectingDispatcher, turn: Turn, cells: Mapping[str, Cell], noted: Sequence[str], *, nearest: bool
) -> None:
    """Say one answer in full or several in short, and what to ask next."""
    (first, opening), *_ = cells.items()
    *_, (last, closing) = cells.items()
    missing = turn.wording.text("utter_nearest") if nearest else missing_for_another(turn, first, opening)
    left_out = [left_out_of(turn, cells), unanswered(turn), *noted]
    silent = len(cells) > 1 and all(map(is_silence, cells))
    in_full, question = _closing_question(closing.text)
    shorts = (_in_short(turn, *each) for each in cells.items())
    answer = " ".join(_THE_FIRM_CAN.sub("", one) if silent else one for one in shorts) if len(cells) > 1 else in_full
    # In the middle of the interview its own question comes next.
    open_question = _open_question(turn, closing) if question and not turn.form else ""
    question = question if not turn.form and (open_question or not closing.asks) else ""
    if open_question and len(cells) > 1:
        asked = turn.wording.text(open_question)  # which says by itself what it asks
        question, open_question = ("", "") if silent or len(asked.split()) > _SHORT else (asked, open_question)
    if silent and _PASSES_ON not in answer:
        left_out = [*left_out, turn.wording.text("utter_pass_on_all")]
    rest = " ".join(filter(None, [*left_out, question]))
    ends_in_a_list = answer.rpartition("\n")[2].startswith("- ")
    said = ("\n" if ends_in_a_list else " ").join(filter(None, [f"{missing} {answer}".strip(), rest]))
    source = turn.wording.source_line([fact for cell in cells.values() for fact in cell.facts])
    following = [one for one in [*turn.alternatives, *closing.next] if one not in cells]
    buttons = [] if turn.form else question_buttons(turn.wording, following, closing)[:_FOLLOWING]
    if not (turn.form or open_question) and all(map(is_silence, cells)):
        buttons = [*turn.wording.buttons("utter_ask_the_firm"), *buttons][:_FOLLOWING]
    if question and not open_question and not turn.form:
        buttons = [*turn.wording.buttons("utter_offer_interview"), *buttons][:_FOLLOWING]
    if open_question:
        others = buttons[: max(1, len(turn.alternatives))]  # what else may have been meant, if anything
        buttons = [*turn.wording.choices(open_question)[:_CHOICES], *others]
    # Several answers, or one in the middle of the interview, are short: their figures are not drawn.
    card = None if turn.form or len(cells) > 1 else _card(turn.wording, closing, said, source, [missing, *left_out])
    dispatcher.utter_message(text=said, source=source, buttons=buttons, json_message=card)


def _in_short(turn: Turn, topic: str, cell: Cell) -> str:
    """An answer beside others."""
    return turn.wording.text("utter_rest_unsaid") if split_topic(topic)[:2] == _UNSAID else cell.short


def _without_repetition(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The answers without those that another one covers, and those that rest on hardly any other facts.

    What is missing is said each time, unless it is part of what is missing anyway, and so is the answer to a part.
    """
    covered = {aspect for cell in cells.values() for aspect in cell.metadata.get("covers", ())}
    kept: dict[str, Cell] = {}
    for topic, cell in cells.items():
        intent, aspect, _, _ = split_topic(topic)
        said = {fact for one in kept.values() for fact in one.facts}
        others = [fact for fact in cell.facts if fact not in said]
        is_whole = intent == "faq" and not is_part(topic)
        repeats = is_whole and cell.facts and len(others) <= len(cell.facts) * _NEW
        in_part = not is_part(topic) and any(is_part(one) and split_topic(one)[:2] == (intent, aspect) for one in cells)
        if aspect not in covered and not repeats and not in_part:
            kept[topic] = cell
    return kept


def _of_the_advice(turn: Turn, topics: Sequence[str]) -> str:
    """The action that answers a general question by the advice for this company; empty if it is not about that."""
    aspect = split_topic(topics[0])[1] if len(topics) == 1 else ""
    if turn.about == ADVICE and aspect in _BEGINNING:
        return "action_explain_next_step"
    asked = {split_topic(topic)[1] for topic in topics}
    of_ours = aspect in _WHICH_OF_OURS or not asked.isdisjoint(WHICH)
    return "action_advise_now" if turn.form and of_ours and is_settled(turn.answers) else ""


def _for_the_hire(turn: Turn, topic: str) -> str:
    """What a hire costs or takes, asked right after the advice, is asked of the role that it recommends."""
    _, aspect, role, engagement = split_topic(topic)
    if turn.about != ADVICE or aspect not in _OF_A_HIRE or role:
        return topic
    hire = HIRES.get(advise(company_of(turn.advised_on or {})).role)
    return join_topic(topic, hire, engagement)


def _with_their_cto(turn: Turn, topic: str) -> str:
    """Whether a company needs somebody for AI comes down to its CTO, if it has one and nothing else settles it."""
    _, aspect, role, _ = split_topic(topic)
    open_to_both = aspect in WHICH and role != "cto" and turn.answers.get("leadership") == "cto"
    return "faq/have_cto" if open_to_both and not so_far(turn.wording, turn.answers) else topic


def _for_another(turn: Turn, topic: str) -> str:
    """What sets our role apart from an officer of whom the article says nothing is what our role does."""
    _, aspect, role, _ = split_topic(topic)
    return f"faq/duties/{role}" if aspect == "difference" and turn.officer and role in ("caio", "cto") else topic


def _lean(turn: Turn, topics: Sequence[str]) -> str:
    """Where the answers so far point, to a visitor who asks which role it is; empty if they settle nothing.

    Outside the interview a mere leaning is no answer to that.
    """
    aspect = split_topic(topics[0])[1] if len(topics) == 1 else ""
    by_situation = aspect in _BY_SITUATION and len(turn.stated) > 1 and is_settled(turn.answers)
    if not (aspect in WHICH or by_situation) or turn.advised_on:
        return ""
    company = company_of(turn.answers)
    advice = advise(company)
    if advice.strength == "hedged" and not turn.form:
        return ""
    lean = leaning(turn.wording, turn.answers)
    said = [*rather_another(turn, turn.answers), lean, *other_role(turn.wording, company, advice)]
    return " ".join(said) if lean else ""


def _closing_question(text: str) -> tuple[str, str]:
    """An answer and the question about the company that it may close with."""
    found = _CLOSING.fullmatch(text)
    return (found[1].rstrip(), found[2]) if found else (text, "")


def _open_question(turn: Turn, cell: Cell) -> str:
    """The response whose question an answer closes with; empty if the visitor has answered some of it.

    That is the whole question of the interview if the answer names its first field, otherwise the one field, or which
    of several situations the company is in.
    """
    if not cell.asks:
        return ""
    if cell.asks in fields():
        whole = question_of(cell.asks)
        asked = whole.fields if cell.asks == whole.fields[0] else (cell.asks,)
        response = response_of(turn.wording, Question(whole.part, asked))
    else:
        response = f"utter_closing_{cell.asks}"
        asked = tuple(turn.wording.asked_by(response) - {_BUSINESS})  # a shop may be in any of them
    # "if everything is in HubSpot" says it, too
    told = {*turn.answers, *products_in(turn.text), *denied_or_had(turn.text)}
    touched = any(turn.reply.touching(field)[0] >= _TOUCHED for field in asked)  # "I'm basically the CTO here"
    return "" if touched or told & {*asked} else response


def _card(wording: Wording, cell: Cell, said: str, source: str, beside: Sequence[str]) -> cards.Card | None:
    """The card of a topic whose figures can be drawn, or whose comparison is a table."""
    about = cell.metadata
    if "table" in about:
        return cards.table(about["table"], said, source)
    if "bars" in about:
        notes = filter(None, [*beside, *about["notes"], source]) if "notes" in about else filter(None, [said, source])
        return cards.bars(wording, cell.question, about["bars"], list(notes))
    return None


def question_buttons(wording: Wording, topics: Iterable[str], answered: Cell | None = None) -> list[dict[str, str]]:
    """A button for each of the topics; none for what is answered already, and none twice."""
    titles = {cell.question: topic for topic in reversed([*topics]) if (cell := wording.cell(topic))}
    if answered:
        titles.pop(answered.question, None)
    return [
        {"title": title, "payload": f'/faq{{"topic": "{topic.removeprefix("faq/")}"}}'}
        for title, topic in reversed(titles.items())
    ]


def _for_the_editor(turn: Turn) -> Event:
    event: Event = SlotSet(UNANSWERED, {"asked": turn.text, "nearest": list(turn.nearest)})
    return event
