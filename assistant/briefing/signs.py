"""Interest and doubts, as far as a visitor asked, said or did something: no mood is read into it."""

from __future__ import annotations

from collections.abc import Mapping

from actions.wording import split_topic
from assistant.briefing.case import Case, says_something
from assistant.dossier import Asked

SIGNS: Mapping[str, tuple[str, ...]] = {
    "complain": ("complain",),
    "deny": ("deny",),
    "burned": ("burned",),
    "threatened_cto": ("threatened_cto", "removing"),
    "board_pressure": ("board_pressure",),
    "persuade": ("persuade",),
    "send_report": ("send_report",),
    "why_not": ("why_not",),
    "ask_certainty": ("ask_certainty",),
    "instead": ("cto_covers_ai", "engineer_instead", "tools_enough", "promote", "outsourced_it"),
    "cost": ("cost", "ask_cost_of_that", "year_cost", "price_gap", "budget", "negotiation"),
    "sales_pitch": ("sales_pitch",),
    "roi": ("roi", "results_when"),
    "saving": ("saving",),
    "start": ("start", "ask_next_step"),
    "what_if": ("what_if",),
    "ask_what_would_change": ("ask_what_would_change",),
    "job_fears": ("job_fears",),
    "talk_to_person": ("talk_to_person",),
}
"""What shows interest or doubt, by the intents and aspects that say it, what matters most to a sales person first."""


def signs(case: Case) -> Mapping[str, list[Asked]]:
    """The messages that show interest or doubt, by sign."""
    found = [(sign_of(one), one) for one in case.dossier.asked if one.typed or says_something(one.text)]
    return {sign: [one for name, one in found if name == sign] for sign in SIGNS}


def sign_of(one: Asked) -> str | None:
    """What a message shows; a no to a question of the interview is an answer, and so are the tools that are in use."""
    if one.replies and one.intent == "deny":
        return None
    meant = [split_topic(topic)[1] for topic in one.topics] or [one.intent]
    if one.replies and "tools_enough" in meant:
        return None
    return next((sign for sign, names in SIGNS.items() if not {*names}.isdisjoint(meant)), None)
