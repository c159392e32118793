"""The most expensive messages to parse, and an ordinary one for comparison."""

from __future__ import annotations

from assistant.nlu.budget import LONGEST

ORDINARY = "we have about 40 people and no CTO, what does a fractional CAIO cost?"
PROSE = (
    "We are a regional logistics company with around 120 people, and we have been growing steadily for eight "
    "years. Our systems are mostly in the cloud, we use HubSpot and a custom portal that two freelancers built. "
    "The CEO wants to do something with AI, but nobody really owns it, and our head of IT is busy with the "
    "migration. Revenue was about $18 million last year. People use ChatGPT on their own for emails and quotes. I "
    "wonder if we should hire somebody full time, or whether a fractional person could do it, and what that would "
    "cost us. Competitors have started to quote faster than we do, which worries the sales team. We tried a pilot "
    "with a vendor last spring, but it went nowhere because the data was a mess. So what would you do first in "
    "our place, and how long would it take before we see anything? We would also like to know who such a person "
    "reports to and how to measure whether it works."
)
# Found by a security review: up to two minutes each, before patterns and lengths were bounded.
REVIEWED = {
    "prose": PROSE,
    "1 1 1": "1 " * 500,
    "$ $ $": "$ " * 500,
    "and and": "and " * 250,
    "misspelled words": "recieve teh tecnology offcer compny straetgy " * 23,
    "U+FDFA": "\ufdfa" * LONGEST,
    "why?": "why?\n" * 200,
    "a a a": "a\n" * 500,
    "~ ~ ~": "~ " * 500,
    "maybe maybe": "maybe " * 60,
    "uuu…gh": "u" * 98 + "gh",
    "sorry i meant": "40 people " + "sorry i meant " * 60,
    "up to up to": "we're " + "up to " * 60,
}
