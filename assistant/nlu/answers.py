"""Short answers, read in the light of the question that they answer: "yes", "just the website", "4 million"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.fields import DECLINED, UNKNOWN, yes_no_fields
from assistant.nlu.company_fields import band_chosen, revenue_band_of

Answers = dict[str, Any]
"""Field -> value, unknown or declined, as slots hold them."""

_NOT_A_LIST = {"tech_works", "tech_upgrades_needed"}

_AI_FIELDS = 3  # that stand together where AI today is asked about as a whole

LEFT_OPEN = {"dont_know": UNKNOWN, "rather_not_say": DECLINED, "skip": UNKNOWN}
"""Intents that leave a question open, and what its fields are then."""

_YES_AND_NO = {"yes": "affirm", "no": "deny"}
_PLAIN = frozenset(_YES_AND_NO.values())
_YES_TO_ALL = {"has_website", "cto_ai_expertise"}
"""The first fields of the lists that a plain yes takes whole: other questions ask two things at once, or for signs."""

_KINDS = ("service", "software_product", "ai_product", "other")
_UPGRADES_FIRST = "ai_strategy_needed_now"
_ALL, _NONE = ("all", "both"), ("none",)


def answers_in_reply(intent: str, reply: Mapping[str, Any], fields: Sequence[str]) -> Answers:
    """The answers to the open fields of a question; empty if the reply does not fit it.

    Args:
        intent: of the message.
        reply: what the company reader made of a short message, see ``assistant.nlu.company_facts.read_reply``.
        fields: the fields that the question asks for and that are open.
    """
    if intent in LEFT_OPEN:
        return dict.fromkeys(fields, LEFT_OPEN[intent])
    plain = _YES_AND_NO.get(str(reply.get("says")))
    if intent in _PLAIN:  # "looks good" resembles a yes, and is none to these questions
        intent = ""
    intent = plain or intent
    if "revenue_band" in fields:
        band = revenue_band_of(reply) or band_chosen(reply)
        return {"revenue_band": band} if band else {}
    if "ai_initiatives" in fields:
        return _initiatives(intent, reply)
    if "leadership" in fields:
        return _leadership(intent, reply)
    if "ai_strategy" in fields:
        said = _ai_today(intent, reply) or _ai_yes_or_no(intent, fields)
        return {field: value for field, value in said.items() if field in fields}
    if "business" in fields:
        return _business(reply)
    if _UPGRADES_FIRST in fields:
        return _same_time(intent, reply)
    return _yes_or_no(intent, reply, [field for field in fields if field in yes_no_fields()])


def corrected_revenue(reply: Mapping[str, Any], answers: Answers) -> Answers:
    """An amount of money where none is asked for: it can only mean the revenue that was given before."""
    band = revenue_band_of(reply) if "revenue_band" in answers else None
    return {"revenue_band": band} if band else {}


def _ai_today(intent: str, reply: Mapping[str, Any]) -> Answers:
    """Where a company stands with AI: a strategy says that it is used, tools alone that there is none."""
    mentioned, negated = set(reply.get("mentioned", ())), set(reply.get("negated", ()))
    if "ai_strategy" in mentioned:
        return {"ai_strategy": "in_place", "leveraging_ai": True, "generic_tools_no_strategy": False}
    if "ai_tools" in mentioned:
        return {"ai_strategy": "none", "leveraging_ai": False, "generic_tools_no_strategy": True}
    if "ai_use" in negated or reply.get("scope") in _NONE:
        return {"ai_strategy": "none", "leveraging_ai": False, "generic_tools_no_strategy": False}
    answers: Answers = {"ai_strategy": "none"} if "ai_strategy" in negated else {}
    return {**answers, "leveraging_ai": True} if "ai_use" in mentioned else answers


def _ai_yes_or_no(intent: str, fields: Sequence[str]) -> Answers:
    """A plain yes or no to the first of the fields; a no to all of them says that AI plays no part."""
    if intent not in ("affirm", "deny"):
        return {}
    yes = intent == "affirm"
    if fields[0] == "ai_strategy":
        return {"ai_strategy": "in_place" if yes else "none"}
    if len(fields) == _AI_FIELDS:
        return {} if yes else {"ai_strategy": "none", "leveraging_ai": False, "generic_tools_no_strategy": False}
    return {fields[0]: yes}


def _business(reply: Mapping[str, Any]) -> Answers:
    """What is sold; goods and the like count only where nothing else is named: "a shop for AI assistants"."""
    mentioned = {"other" if name == "other_business" else name for name in reply.get("mentioned", ())}
    kinds = [kind for kind in _KINDS if kind in mentioned]
    if not kinds and reply.get("scope") in _NONE:
        kinds = ["other"]
    if len(kinds) > 1 and "other" in kinds:
        kinds.remove("other")
    return {"business": kinds} if kinds else {}


def _same_time(intent: str, reply: Mapping[str, Any]) -> Answers:
    """Whether the AI strategy must come with the upgrades: "both at once", "it can't wait", or "next year is fine"."""
    mentioned, negated = set(reply.get("mentioned", ())), set(reply.get("negated", ()))
    at_once = "at_once" in mentioned or "wait" in negated or reply.get("scope") == "both"
    waits = bool({"wait", "warn_later"} & mentioned - negated) or "at_once" in negated
    if at_once != waits:
        return {_UPGRADES_FIRST: at_once}
    if at_once or intent not in _PLAIN:
        return {}
    return {_UPGRADES_FIRST: intent == "affirm"}


def _initiatives(intent: str, reply: Mapping[str, Any]) -> Answers:
    number = reply.get("number", reply.get("number_min"))
    if isinstance(number, (int, float)) and number == int(number) and number >= 0:
        return {"ai_initiatives": int(number)}
    none = intent == "deny" or reply.get("scope") in _NONE or "ai_initiatives" in reply.get("negated", ())
    return {"ai_initiatives": 0} if none else {}


def _leadership(intent: str, reply: Mapping[str, Any]) -> Answers:
    mentioned = set(reply.get("mentioned", ())) - set(reply.get("negated", ()))
    if "one_person" in mentioned:
        return {"leadership": "one_person_both"}
    if {"cto", "caio"} <= mentioned or reply.get("scope") == "both":
        return {"leadership": "both"}
    for leader in ("cto", "caio"):
        if leader in mentioned:
            return {"leadership": leader}
    if "tech_head" in mentioned and "cto" not in reply.get("negated", ()):
        return {"leadership": "cto"}
    nobody = {"nobody", "it_person"} & mentioned or reply.get("scope") in _NONE or intent == "deny"
    return {"leadership": "none"} if nobody else {}


def _yes_or_no(intent: str, reply: Mapping[str, Any], fields: Sequence[str]) -> Answers:
    negated = set(reply.get("negated", ())) & set(fields)
    named = set(reply.get("mentioned", ())) & set(fields) - negated
    if "tech_works" in fields and intent in _PLAIN and "tech_works" not in named | negated:
        state = {"tech_works": intent == "affirm"}
        return {**state, **dict.fromkeys(named, True), **dict.fromkeys(negated, False)}
    if reply.get("scope") in _ALL:
        return {field: field not in negated for field in fields}
    if reply.get("scope") in _NONE and not named:
        return dict.fromkeys(fields, False)
    if named & _NOT_A_LIST:
        return {**dict.fromkeys(named, True), **dict.fromkeys(negated, False)}
    if named:  # whoever names what they have out of a list has not got the rest
        return {field: field in named for field in fields}
    if negated:
        return dict.fromkeys(negated, False)
    if intent == "deny":
        return dict.fromkeys(fields, False)
    if intent != "affirm" or not (len(fields) == 1 or fields[0] in _YES_TO_ALL):
        return {}
    return dict.fromkeys(fields, True)
