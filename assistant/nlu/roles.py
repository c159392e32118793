"""Reads which roles a message names, on which terms, and masks them for the classifier.

A question has an aspect (what it costs), a role (of a CTO) and an engagement (fractional). The classifier learns only
the aspect, from texts in which every role is the same neutral noun; the names are the synonyms of data/entities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

ROLES = ("caio", "cto")
BOTH = "both"
ENGAGEMENTS = ("fractional", "full_time")
FEATURES = 7
_ROLE_NOUN, _OTHER_NOUN = "officer", "professional"
_LIMIT = "limit/"  # begins the value of what is no role
_REPORTS_TO = re.compile(
    r"\b(?:person|someone|somebody|they|he|she|hire) (?:would |should |will |then |actually )*reports? "
    r"(?:directly )?to (?:(?:me|us|the|our|a|as|ceo|owner|founder|board)[ ,]+)*(?:or )?(?:to )?(?:the |our |a |my )?$"
)
"""What makes a role the boss of whom a question is about: "does that person report to me or to our CTO?"."""
_OWN_BUSINESS = re.compile(
    r"(?:\b(?:we are|were|i am|im|i run|we run|i own|owner of|partner at|at|for) (?:an? |our |my )(?:[\w-]+ ){0,4}"
    r"|\b(?:person|people) (?:[\w-]+ ){0,2})$"
)
"""What makes an agency the company of whoever writes: "our 30-person PR agency", "I run a staffing agency"."""
_AGENCY = "an agency"
_ENDING = r"(?:'?s)?(?!\w)"


@dataclass(frozen=True)
class Mentions:
    """What a text names.

    ``role`` is caio, cto or both, or None where none or each for itself is named; ``engagement`` is fractional or
    full_time; ``others`` are officers and helpers that we know nothing of, as an answer calls them: "a CIO"; ``limits``
    are what the article does not distinguish: a place, a funding stage.
    """

    role: str | None = None
    engagement: str | None = None
    others: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    compared: bool = False

    @property
    def any_role(self) -> bool:
        """Whether one of our roles is named."""
        return self.compared or self.role is not None

    @property
    def features(self) -> list[float]:
        """The mentions as ``FEATURES`` numbers of 0 and 1."""
        named = [self.role in (role, BOTH) or self.compared for role in ROLES]
        flags = [*named, self.compared, self.role == BOTH, *(self.engagement == one for one in ENGAGEMENTS)]
        return [float(flag) for flag in (*flags, bool(self.others))]

    def address(self, topic: str) -> str:
        """The cell of an aspect that is asked for: "faq/cost/caio/fractional"."""
        return "/".join(filter(None, (topic, self.role, self.engagement)))


@dataclass(frozen=True)
class RoleNames:
    """The phrases that name something, each with its value."""

    synonyms: Mapping[str, str]

    def read(self, text: str, *, others_as_roles: bool = False) -> tuple[Mentions, str]:
        """What a text in lower case names, and the text with neutral nouns in place of roles and others.

        Args:
            text: in lower case, without apostrophes.
            others_as_roles: mask others by the noun of roles, and do not name them.
        """
        found: list[str] = []

        def masked(match: re.Match[str]) -> str:
            value, before = self.synonyms[_key(match[1])], match.string[: match.start()]
            if value == _AGENCY and _OWN_BUSINESS.search(before):
                return match[0]
            if not (value in ROLES and _REPORTS_TO.search(before)):
                found.append(value)
            if value == BOTH or value in ENGAGEMENTS or value.startswith(_LIMIT):
                return match[0]
            return _ROLE_NOUN if value in ROLES or others_as_roles else _OTHER_NOUN

        text = self._pattern.sub(masked, text)
        roles = [role for role in ROLES if role in found]
        engagements = [one for one in ENGAGEMENTS if one in found]
        limits = dict.fromkeys(one.removeprefix(_LIMIT) for one in found if one.startswith(_LIMIT))
        known = (*ROLES, BOTH, *ENGAGEMENTS)
        others = dict.fromkeys(one for one in found if one not in known and not one.startswith(_LIMIT))
        mentions = Mentions(
            role=BOTH if BOTH in found else roles[0] if len(roles) == 1 else None,
            engagement=engagements[0] if len(engagements) == 1 else None,
            others=() if others_as_roles else tuple(others),
            limits=tuple(limits),
            compared=len(roles) > 1 and BOTH not in found,
        )
        return mentions, text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        phrases = sorted(map(re.escape, self.synonyms), key=len, reverse=True)
        return re.compile(rf"(?<![\w-])({'|'.join(phrases).replace(chr(92) + ' ', '[ -]')}){_ENDING}")


def _key(phrase: str) -> str:
    return phrase.replace("-", " ")
