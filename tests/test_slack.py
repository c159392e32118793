"""Whole conversations in Slack with the real assistant: it says there what it says on the web."""

from __future__ import annotations

import html
import itertools
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from advisor.company import read_company
from advisor.decision import decide
from assistant.launcher import serving
from tests.canary import CANARY, files_containing
from tests.conftest import own_files
from tests.slack_api import SlackApi, slack_settings
from tests.slack_user import Fields, SlackUser, choices, words_of
from tests.slack_visitor import SlackVisitor
from tests.test_conversations import SITUATIONS
from tests.visitor import NOTICE, Visitor

TOKEN = "a-token-of-the-tests-with-more-than-thirty-two-bytes"
_people = itertools.count(1)


@dataclass(frozen=True)
class Firm:
    """A running assistant of a firm that takes leads, the folder of its files, and what it takes for Slack."""

    address: str
    folder: Path
    api: SlackApi

    def person(self) -> SlackVisitor:
        """Somebody new in a direct message."""
        database = f"sqlite:///{self.folder / 'seatwise.db'}"
        return SlackVisitor(self.address, self.api, database, f"U0P{next(_people)}")

    def user(self) -> SlackUser:
        """Somebody new in a channel."""
        return SlackUser(self.address, self.api, f"U0P{next(_people)}")

    def rows(self, statement: str, *values: str) -> list[Any]:
        """Rows of its database."""
        with sqlite3.connect(self.folder / "seatwise.db") as connection:
            found = connection.execute(statement, values).fetchall()
        connection.close()
        return found


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    folder, api = tmp_path_factory.mktemp("firm"), SlackApi()
    settings = {**own_files(folder), **slack_settings(api), "SEATWISE_CONSOLE_TOKEN": TOKEN}
    with serving(logs=folder, environment=settings) as address:
        yield Firm(address, folder, api)
    api.close()


@pytest.fixture
def person(firm: Firm) -> SlackVisitor:
    return firm.person()


@pytest.fixture
def in_channel(firm: Firm) -> SlackUser:
    return firm.user()


@pytest.fixture
def slack_api(firm: Firm) -> SlackApi:
    return firm.api


def texts_of(card: dict[str, Any]) -> list[str]:
    """The words of a verdict, without marks."""
    items = [item["text"] for section in card["sections"] for item in section["items"]]
    return [line for text in [card["title"], *items] for line in text.replace("**", "").splitlines()]


def bare(text: str) -> str:
    """A text without marks, quotes and spaces, which differ with the markup."""
    return re.sub(r"[^\w$%]", "", text.replace("\\n", ""))


@pytest.mark.parametrize("situation", SITUATIONS, ids=[one["name"] for one in SITUATIONS])
def test_company_gets_the_same_verdict_in_slack_as_on_the_web(
    person: SlackVisitor, firm: Firm, situation: dict[str, Any]
) -> None:
    company = read_company(situation["company"])
    on_the_web = Visitor(firm.address)
    on_the_web.be_interviewed(company)
    person.be_interviewed(company)
    assert person.verdict == on_the_web.verdict
    assert person.verdict is not None and person.verdict["role"] == decide(company).role
    posted = bare(html.unescape(words_of({"posts": person.posts})))
    assert [line for line in texts_of(person.verdict) if bare(line) not in posted] == []


@pytest.mark.parametrize("asked", ["what does a CAIO cost?", "what's the difference between a CAIO and a CTO?"])
def test_first_answer_says_that_it_is_automated_though_it_is_drawn(
    in_channel: SlackUser, slack_api: SlackApi, asked: str
) -> None:
    thread = in_channel.mention(asked)
    [first] = slack_api.wait_for(lambda: slack_api.posts("C0ALL", thread))
    assert first["blocks"][0]["type"] == "header", "it is a card"
    assert NOTICE in words_of(first["blocks"])


def test_interview_in_a_channel_is_shared_and_asks_nothing_personal(
    in_channel: SlackUser, slack_api: SlackApi, firm: Firm
) -> None:
    thread = in_channel.mention("which one do we need?")
    asked = slack_api.wait_for(lambda: [one for one in slack_api.posts("C0ALL", thread) if choices(one)])
    other = firm.user()
    other.press(asked[-1], next(iter(choices(asked[-1]))))
    slack_api.wait_for(lambda: len(slack_api.posts("C0ALL", thread)) >= 2)
    other.follow_up("I'd like to talk to a person", thread)
    said = slack_api.wait_for(lambda: [one for one in slack_api.posts("C0ALL", thread) if "private" in words_of(one)])
    assert "email" not in words_of(said[-1])


@pytest.mark.parametrize("asked", ["send me this", "send me my data"])
def test_question_stays_open_in_a_channel_whatever_is_to_be_sent(
    in_channel: SlackUser, slack_api: SlackApi, asked: str
) -> None:
    def last(posts: int) -> Fields:
        return slack_api.wait_for(lambda: slack_api.posts("C0ALL", thread)[posts - 1 : posts])[-1]  # type: ignore[no-any-return]

    thread = in_channel.mention("which one do we need?")
    offered = choices(last(1))
    in_channel.follow_up(asked, thread)
    again = last(2)
    assert choices(again).keys() == offered.keys()
    assert "how much revenue" in words_of(again)
    in_channel.press(again, "$1M to $10M")
    assert "Question 2" in words_of(last(3))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("is this private?", "Slack keeps a copy"),
        ("how long do you keep my data?", "Slack's copy"),
        ("help", "type /seatwise"),
    ],
)
def test_what_depends_on_the_place_is_said_as_it_is_in_slack(person: SlackVisitor, asked: str, said: str) -> None:
    told = person.say(asked)
    assert said in told


def test_contact_details_of_a_channel_never_come_back_there(in_channel: SlackUser, slack_api: SlackApi) -> None:
    thread = in_channel.mention("I'm Ann Quagga, ann@quagga.example, please have somebody call me")
    slack_api.wait_for(lambda: slack_api.posts("C0ALL", thread))
    time.sleep(0.5)
    assert not any("quagga" in words_of(one).lower() for one in slack_api.posts("C0ALL"))


def test_typed_contact_is_shown_in_a_direct_message_only(person: SlackVisitor) -> None:
    person.say("I'd like to talk to a person, I'm Ann Lee, ann@acme-tools.example")
    assert "ann@acme-tools.example" in words_of(person.posts[-1])
    assert "ann@" not in json.dumps(person.messages), "it is stored masked"


def test_deleted_conversation_leaves_no_trace_of_slack(person: SlackVisitor, firm: Firm, slack_api: SlackApi) -> None:
    person.say(f"we make {CANARY} software, which one do we need?")
    conversation = person.conversation
    person.say("delete my data")
    post, title = person._offer("/confirm_erasure")
    person.user.press(post, title)
    slack_api.wait_for(lambda: any("receipt" in one["text"] for one in person.posts))
    slack_api.wait_for(lambda: any("Slack's copy" in one["text"] for one in person.posts))
    for table in ("inbox", "events", "slack_places", "slack_turns"):
        assert firm.rows(f"SELECT * FROM {table} WHERE conversation = ?", conversation) == []
    assert files_containing(firm.folder) == set()
    person.say("hello again")
    assert person.conversation != conversation


def test_feedback_buttons_store_ratings(person: SlackVisitor, firm: Firm) -> None:
    person.say("what does a caio cost?")
    rated = [
        (post, element)
        for post in person.posts
        for block in post.get("blocks", ())
        for element in block.get("elements", ())
        if element.get("type") == "feedback_buttons"
    ]
    post, element = rated[-1]
    action = {
        "action_id": element["action_id"],
        "type": "feedback_buttons",
        "value": element["positive_button"]["value"],
    }
    container = {
        "type": "message",
        "channel_id": person.user.dm,
        "message_ts": post["ts"],
        "thread_ts": post["thread_ts"],
    }
    person.user.interact({"type": "block_actions", "container": container, "actions": [action]})
    rows = firm.rows("SELECT value FROM ratings WHERE conversation = ?", person.conversation)
    assert rows == [("up",)]


def test_last_recommendation_is_on_the_home_tab(person: SlackVisitor, slack_api: SlackApi) -> None:
    company = read_company(SITUATIONS[0]["company"])
    person.be_interviewed(company)
    event = {"type": "app_home_opened", "user": person.user.user, "channel": person.user.dm, "tab": "home"}
    person.user.tell(person.user.event({**event, "event_ts": "1.1"}))
    published = [one for one in slack_api.of("views.publish") if one["user_id"] == person.user.user]
    assert person.verdict is not None and person.verdict["title"] in words_of(published[-1])


def test_form_of_the_interview_leads_to_advice(in_channel: SlackUser, slack_api: SlackApi) -> None:
    ann = in_channel
    container: dict[str, Any] = {"type": "view", "view_id": "V1"}
    button = {"action_id": "open:interview", "type": "button", "value": "interview"}
    ann.interact({"type": "block_actions", "container": container, "view": {"id": "V1"}, "actions": [button]})
    view = slack_api.of("views.open")[-1]["view"]
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block.get("element")
        if element and element["type"] == "static_select":
            chosen = {"type": "static_select", "selected_option": element["options"][0]}
            values[block["block_id"]] = {element["action_id"]: chosen}
        elif element:
            chosen = {"type": "checkboxes", "selected_options": element["options"][:1]}
            values[block["block_id"]] = {element["action_id"]: chosen}
    assert ann.send_form(view, values).text == ""
    said: Callable[[], list[Any]] = lambda: [one for one in slack_api.posts(ann.dm) if one.get("thread_ts")]  # noqa: E731
    slack_api.wait_for(said)
    print([one["text"][:300] for one in said()])
