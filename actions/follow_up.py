"""Follow-ups to what was said last: more of it, its source, the same for the other role, its price."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.advice import ADVICE, ADVISED_ON, outcome, terms, terms_card
from actions.company import company_of, things_named
from actions.faq import ABOUT, answer_topics
from actions.wording import buttons, metadata, source_line, wording
from advisor.advice import advise

_COSTS = {"caio": "faq/cost_caio_fractional", "cto": "not_in_article/cto_price"}


class SayMore(Action):
    """Goes on about what was said last."""

    def name(self) -> str:
        return "action_say_more"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        return say_more(dispatcher, tracker, domain)


class SaySource(Action):
    """Names the sections that the last answer or the advice rests on."""

    def name(self) -> str:
        return "action_say_source"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        about = tracker.get_slot(ABOUT)
        if about == ADVICE:
            facts = list(advise(company_of(tracker.get_slot(ADVISED_ON))).facts)
        else:
            facts = metadata(domain, f"utter_{about}").get("facts", []) if about else []
        dispatcher.utter_message(text=source_line(domain, facts) or wording(domain, "utter_source_all"))
        return []


class SayOfTheOtherRole(Action):
    """Answers the last question for the other role, or for the one that is named."""

    def name(self) -> str:
        return "action_say_of_the_other_role"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        about = tracker.get_slot(ABOUT) or ""
        known = metadata(domain, f"utter_{about}") if about not in ("", ADVICE) else {}
        named = roles_named(tracker)
        if "other" in known and named != [known["role"]]:
            return answer_topics(dispatcher, domain, tracker, [known["other"]])
        if "family" in known and known["family"].startswith("difference"):
            dispatcher.utter_message(response="utter_other_role_included")
            return []
        if not named:
            dispatcher.utter_message(response="utter_other_role_unclear")
            return []
        return answer_topics(dispatcher, domain, tracker, [f"faq/{named[0]}"])


class SayCostOfThat(Action):
    """The price of what was said last: of the advice on its terms, of a role, otherwise all there is."""

    def name(self) -> str:
        return "action_say_cost_of_that"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        about = tracker.get_slot(ABOUT)
        if about == ADVICE:
            advice = advise(company_of(tracker.get_slot(ADVISED_ON)))
            lines = terms(domain, advice)
            if lines:
                seat = outcome(domain, advice)
                title = f"{seat[0].upper()}{seat[1:]}"
                card = terms_card(domain, advice, title, lines)
                dispatcher.utter_message(text="\n".join([f"**{title}**", *lines]), json_message=card)
            else:
                dispatcher.utter_message(text=wording(domain, "utter_no_hire_no_cost"))
            return []
        role = metadata(domain, f"utter_{about}").get("role") if about else None
        return answer_topics(dispatcher, domain, tracker, [_COSTS.get(str(role), "faq/cost")])


def roles_named(tracker: Tracker) -> list[str]:
    """The roles that the last message names, the CTO first."""
    return [role for role in ("cto", "caio") if role in things_named(tracker)]


def say_more(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
    """What comes nearest to the last answer; the advice has its own questions to go on with."""
    about = tracker.get_slot(ABOUT)
    if not about:
        dispatcher.utter_message(response="utter_more_of_what")
        return []
    if about == ADVICE:
        offers = buttons(domain, "utter_after_advice")
        dispatcher.utter_message(text=wording(domain, "utter_more_of_the_advice"), buttons=offers)
        return []
    nearest: str = metadata(domain, f"utter_{about}")["next"][0]
    return answer_topics(dispatcher, domain, tracker, [f"faq/{nearest}"])
