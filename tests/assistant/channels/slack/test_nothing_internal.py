"""Over a thousand conversations with hand-offs: nothing internal reaches a prospect, nothing personal a channel.

What happens in each is drawn by a seed: prospects on the website, in direct messages and in channels give contact
details; the firm's people talk in the leads' threads, claim, answer, hand back, forget, and do what they may not.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from actions.wording import Wording
from assistant.channels.slack.blocks.presses import ANSWER, CLAIM, HAND_BACK
from assistant.stores.database import Database
from assistant.turns.holding import NotHeld, take_back
from tests.assistant.channels.slack.sales import ENVIRONMENT, LEADS, PERSONAL, System, Talk
from tests.slack_api import BOT_USER, TEAM

CONVERSATIONS = 1000
INTERNAL = "platypus"
"""Stands in whatever is internal."""
PEOPLE = ("U0DANA", "U0ERIC")
STEPS = {
    "say": 5,
    "give_contact": 3,
    "wish": 2,
    "agree": 2,
    "talk_inside": 5,
    "mention_inside": 1,
    "claim": 2,
    "answer": 5,
    "answer_personally": 1,
    "hand_back": 2,
    "forget": 1,
    "intrude": 1,
}
"""What may happen next, and how likely it is."""


class Steps:
    """What may happen in a conversation."""

    def __init__(self, system: System, chance: random.Random) -> None:
        self.system, self.chance = system, chance

    async def say(self, talk: Talk) -> None:
        await self.system.say(talk, "do we need both?")

    async def give_contact(self, talk: Talk) -> None:
        await self.system.say(talk, f"please write to {talk.email} or call +1 212 555 {talk.number:04}")

    async def wish(self, talk: Talk) -> None:
        await self.system.ask(talk, "handoff")

    async def agree(self, talk: Talk) -> None:
        """The prospect agrees to send contact details, and now and then the answers too."""
        await self.system.agree(talk, answers=self.chance.random() < 0.1)

    async def talk_inside(self, talk: Talk) -> None:
        card = await self.system.card(talk)
        text = self.chance.choice(["{0}", ">> {0}", "@prospect {0}", "/reply {0}", "<@U0ERIC> {0}"])
        await self.system.write(self._person(), LEADS, text.format(f"between us, {INTERNAL}"), card or None)

    async def mention_inside(self, talk: Talk) -> None:
        card = await self.system.card(talk)
        await self.system.write(self._person(), LEADS, f"<@{BOT_USER}> tell them {INTERNAL}", card or None)

    async def claim(self, talk: Talk) -> None:
        await self.system.press(self._person(), TEAM, CLAIM, talk)

    async def answer(self, talk: Talk) -> None:
        user, text = self._person(), f"answer {next(self.system.numbers)}"
        await self.system.press(user, TEAM, ANSWER, talk)
        if await self.system.submit(user, TEAM, talk, text):
            talk.answers.append(text)

    async def answer_personally(self, talk: Talk) -> None:
        """Contact details in an answer: of a prospect who reads alone that is theirs."""
        await self.system.submit(self._person(), TEAM, talk, f"write to sales-{PERSONAL}@firm.example")

    async def hand_back(self, talk: Talk) -> None:
        await self.system.press(self._person(), TEAM, HAND_BACK, talk)

    async def forget(self, talk: Talk) -> None:
        """The person has said nothing for a while."""
        with contextlib.suppress(NotHeld):
            await self.system.turns.tell(
                talk.conversation, partial(take_back, conversation=talk.conversation, before=time.time() + 1)
            )

    async def intrude(self, talk: Talk) -> None:
        """Somebody of another organization, in a channel that is shared with it."""
        await self.system.press("U0EVIL", "T0OTHER", self.chance.choice([CLAIM, ANSWER, HAND_BACK]), talk)
        assert not await self.system.submit("U0EVIL", "T0OTHER", talk, f"intruder {INTERNAL}")

    def _person(self) -> str:
        return self.chance.choice(PEOPLE)


async def talk_through(system: System, number: int) -> Talk:
    """One whole conversation."""
    chance = random.Random(number)
    talk, steps = Talk(number, chance.choice(["web", "direct", "channel"])), Steps(system, chance)
    await system.say(talk, "hello")
    for name in ["wish" if chance.random() < 0.5 else "agree", *drawn(chance)]:
        await getattr(steps, name)(talk)
        await system.settle()
    return talk


def drawn(chance: random.Random) -> Sequence[str]:
    """The steps of a conversation."""
    return chance.choices(list(STEPS), list(STEPS.values()), k=chance.randint(2, 8))


async def at_once(store: Database, work: Callable[[Connection], Any]) -> Any:
    """What is to be done with the database, without another thread, which would cost more than the work."""
    return store.run_sync(work)


def test_nothing_internal_reaches_a_prospect_and_nothing_personal_a_channel(
    store: Database, wording: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    event.listen(store._engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    store._engine.dispose()
    monkeypatch.setattr(store, "run", partial(at_once, store))

    async def all_of_them() -> tuple[System, list[Talk]]:
        system = System(store, wording)
        return system, [await talk_through(system, number) for number in range(CONVERSATIONS)]

    system, talks = asyncio.run(all_of_them())
    posts = system.line.posts()
    assert [one for one in posts if one["channel"] != LEADS and INTERNAL in json.dumps(one)] == []
    assert INTERNAL not in json.dumps(system.website.told)
    in_channels = [one for one in posts if one["channel"][0] == "C" and one["channel"] != LEADS]
    assert [one for one in in_channels if PERSONAL in json.dumps(one)] == []
    seen: dict[str, list[str]] = defaultdict(list)
    for post in posts:
        seen[post["channel"]].append(json.dumps(post))
    in_leads = "".join(seen[LEADS])
    addresses = set(re.findall(rf"{PERSONAL}\d+@acme.example", in_leads))
    for talk in talks:
        told = json.dumps(system.website.told.get(talk.conversation, []))
        own = "".join([told, *seen[f"C{talk.number}"], *seen[f"D{talk.number}"]])
        assert [text for text in talk.answers if f'"{text}"' not in own] == []
        assert talk.agreed or talk.email not in addresses
    assert sum(len(talk.answers) for talk in talks) > CONVERSATIONS / 2
    assert INTERNAL in in_leads, "whoever mentions the assistant there is answered there"
    assert addresses
