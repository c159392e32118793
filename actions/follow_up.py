"""Follow-ups to what was said last: more of it, its source, the same for the other role, its price."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.advice import costs, hours
from actions.company import company_of
from actions.faq import answer_topics
from actions.turn import ADVICE, Events, Turn, TurnAction
from actions.wording import capitalized, join_topic, split_topic
from advisor.advice import advise

_OTHER = {"caio": "cto", "cto": "caio"}


class SayMore(TurnAction):
    """Goes on about what was said last."""

    def name(self) -> str:
        return "action_say_more"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        return say_more(dispatcher, turn)


class SaySource(TurnAction):
    """Names the sections that the last answer or the advice rests on."""

    def name(self) -> str:
        return "action_say_source"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        about = turn.about
        if about == ADVICE:
            facts = list(advise(company_of(turn.advised_on or {})).facts)
        else:
            cell = turn.wording.cell(about) if about else None
            facts = cell.facts if cell else []
        if sections := turn.wording.source_line(facts, "utter_source_of_that"):
            dispatcher.utter_message(text=sections)
        else:
            dispatcher.utter_message(response="utter_source_all")
        return []


class SayOfTheOtherRole(TurnAction):
    """Answers the last question for the other role, or for the one that is named."""

    def name(self) -> str:
        return "action_say_of_the_other_role"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        about = turn.about if turn.about and turn.about != ADVICE else "faq/definition"
        intent, aspect, role, engagement = split_topic(about)
        about = join_topic(f"{intent}/{aspect}", role, engagement)  # not the subtopic: few differ by role
        wanted = turn.role or next(iter(roles_named(turn)), _OTHER.get(role or ""))
        topic = join_topic(about, wanted, engagement)
        if not wanted and not role:
            dispatcher.utter_message(response="utter_other_role_unclear")
            return []
        if turn.wording.cell(topic) == turn.wording.cell(about):
            dispatcher.utter_message(response="utter_other_role_included")
            return []
        return answer_topics(dispatcher, turn, [topic])


class SayCostOfThat(TurnAction):
    """The price of what was said last: of the advice on its terms, of a role, otherwise all there is."""

    def name(self) -> str:
        return "action_say_cost_of_that"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        about = turn.about
        if about == ADVICE:
            advice = advise(company_of(turn.advised_on or {}))
            said = [*costs(turn.wording, advice), *hours(turn.wording, advice)]
            if said:
                lines = [f"{capitalized(one)}." for one in said]
                figures = [figure.name for figure in (*advice.costs, *advice.hours)]
                card = cards.bars(turn.wording, turn.wording.text("utter_card_terms"), figures, lines)
                offers = [] if turn.form else turn.wording.buttons("utter_after_advice")
                dispatcher.utter_message(text=" ".join(lines), buttons=offers, json_message=card)
            else:
                dispatcher.utter_message(response="utter_no_hire_no_cost")
            return []
        _, _, role, engagement = split_topic(about or "")
        return answer_topics(dispatcher, turn, [join_topic("faq/cost", role, engagement)])


def roles_named(turn: Turn) -> list[str]:
    """The roles that the last message names, the CTO first."""
    return [role for role in ("cto", "caio") if role in turn.named]


def say_more(dispatcher: CollectingDispatcher, turn: Turn) -> Events:
    """What comes nearest to the last answer; the advice has its own questions to go on with."""
    about = turn.about
    if not about:
        dispatcher.utter_message(response="utter_more_of_what")
        return []
    if about == ADVICE:
        offers = turn.wording.buttons("utter_after_advice")
        dispatcher.utter_message(text=turn.wording.text("utter_more_of_the_advice"), buttons=offers)
        return []
    cell = turn.wording.cell(about)
    return answer_topics(dispatcher, turn, cell.next[:1] if cell else [])
