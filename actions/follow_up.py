"""Follow-ups to what was said last: more of it, its source, the same for the other role, its price."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.advice import outcome, terms, terms_card
from actions.company import company_of
from actions.faq import answer_topics
from actions.turn import ADVICE, Events, Turn, TurnAction
from advisor.advice import advise

_COSTS = {"caio": "faq/cost_caio_fractional", "cto": "not_in_article/cto_price"}


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
            facts = turn.wording.metadata(f"utter_{about}").get("facts", []) if about else []
        dispatcher.utter_message(text=turn.wording.source_line(facts) or turn.wording.text("utter_source_all"))
        return []


class SayOfTheOtherRole(TurnAction):
    """Answers the last question for the other role, or for the one that is named."""

    def name(self) -> str:
        return "action_say_of_the_other_role"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        about = turn.about or ""
        known = turn.wording.metadata(f"utter_{about}") if about not in ("", ADVICE) else {}
        named = roles_named(turn)
        if "other" in known and named != [known["role"]]:
            return answer_topics(dispatcher, turn, [known["other"]])
        if "family" in known and known["family"].startswith("difference"):
            dispatcher.utter_message(response="utter_other_role_included")
            return []
        if not named:
            dispatcher.utter_message(response="utter_other_role_unclear")
            return []
        return answer_topics(dispatcher, turn, [f"faq/{named[0]}"])


class SayCostOfThat(TurnAction):
    """The price of what was said last: of the advice on its terms, of a role, otherwise all there is."""

    def name(self) -> str:
        return "action_say_cost_of_that"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        about = turn.about
        if about == ADVICE:
            advice = advise(company_of(turn.advised_on or {}))
            lines = terms(turn.wording, advice)
            if lines:
                seat = outcome(turn.wording, advice)
                title = f"{seat[0].upper()}{seat[1:]}"
                card = terms_card(turn.wording, advice, title, lines)
                dispatcher.utter_message(text="\n".join([f"**{title}**", *lines]), json_message=card)
            else:
                dispatcher.utter_message(text=turn.wording.text("utter_no_hire_no_cost"))
            return []
        role = turn.wording.metadata(f"utter_{about}").get("role") if about else None
        return answer_topics(dispatcher, turn, [_COSTS.get(str(role), "faq/cost")])


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
    nearest: str = turn.wording.metadata(f"utter_{about}")["next"][0]
    return answer_topics(dispatcher, turn, [f"faq/{nearest}"])
