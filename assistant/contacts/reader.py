"""Reads a visitor's contact from a message, and masks it.

It runs on every message, so what cannot hold a contact is returned at once. Only a message with an address, a phone
number or an introduction, or the reply to a question for contact, is read in full; of others, only what cannot be
anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.contacts.addresses import addresses_in, suggestion
from assistant.contacts.companies import company_in, stated
from assistant.contacts.contact import Contact
from assistant.contacts.detail import Detail, chosen, of_others, spoken_of, with_choice
from assistant.contacts.lexicon import known_names
from assistant.contacts.names import beside_others, in_full, introduced, replied, requested, signed
from assistant.contacts.phones import phones_in
from assistant.contacts.reading import Reading
from assistant.contacts.times import is_wished, suggested, time_in
from assistant.contacts.topics import topic_in
from assistant.nlu.budget import readable
from assistant.nlu.company_facts.plain_text import plain_letters

_MASKED = ("name", "email", "phone", "company")


def read(text: str, asked: str | None = None) -> Reading:
    """The contact in a message.

    Args:
        text: the message.
        asked: the field of ``Contact`` that the open question asks for, if one does.
    """
    plain = re.sub(r"[^\S\n]+", " ", plain_letters(readable(text))).strip()
    name = introduced(plain) or (replied(plain) if asked == "name" else None)
    others = spoken_of(plain) - set(name.value.lower().split() if name else ())
    addresses = with_choice(plain, of_others(addresses_in(plain), others))
    phones = with_choice(plain, phones_in(plain, addresses, asked=asked == "phone"))
    reachable = sorted([*addresses, *phones], key=lambda one: one.start)
    if name and any(one.meets(name.start, name.end) for one in reachable):
        name = None
    if not (asked or name or reachable):
        if is_wished(plain):
            said = (stated(plain), time_in(plain, (), asked=False), topic_in(plain, (), asked=False))
        else:
            said = (stated(plain), suggested(plain), None)
        given = [one for one in said if one]
        contact = Contact(**{one.field: one.value for one in given})
        return Reading(contact, _masked(plain, given)) if given else Reading(contact, text)
    if not name and any(one.claim for one in reachable):
        name = signed(plain, reachable, others) or requested(plain, reachable)
        name = in_full(plain, name) if name else None
    found = [*reachable, *([name] if name else [])]
    own = [one for one in found if one.claim]
    if (own or asked) and (company := company_in(plain, name, found, asked=asked == "company")):
        found = [one for one in found if not (one is name and _is_part(one, company))] + [company]
    if own or asked in ("when", "topic"):
        if when := time_in(plain, found, asked=asked == "when"):
            found.append(when)
        if topic := topic_in(plain, found, asked=asked == "topic"):
            found.append(topic)
    told = {
        field: one.value
        for field in Contact.__dataclass_fields__
        if (one := chosen(d for d in found if d.field == field))
    }
    contact = Contact(**told)
    beside = [one for one in beside_others(plain, reachable) if not any(one.meets(d.start, d.end) for d in found)]
    return Reading(contact, _masked(plain, [*found, *beside]), suggestion(contact.email) if contact.email else None)


def _is_part(name: Detail, company: Detail) -> bool:
    """Whether what looked like a name is the company's: "I'm Oakhurst", of Oakhurst Living."""
    return name.value.lower() not in known_names() and company.value.lower().startswith(name.value.lower())


def _masked(text: str, details: Iterable[Detail]) -> str:
    """The text without its personal details, also where it repeats a name."""
    personal = [one for one in details if one.field in _MASKED]
    for one in sorted(personal, key=lambda one: one.start, reverse=True):
        text = f"{text[: one.start]}[{one.field}]{text[one.end :]}"
    for one in personal:
        if one.field in ("name", "company"):
            text = re.sub(rf"(?<![\w\[]){re.escape(one.value)}(?!\w)", f"[{one.field}]", text)
    return text
