"""What Slack lists a conversation as."""

from __future__ import annotations

import time

from tests.assistant.channels.slack.conftest import Served
from tests.slack_user import SlackUser


def titles(served: Served, count: int = 1) -> list[str]:
    """The titles that were given, once there are so many."""
    served.api.wait_for(lambda: len(served.api.of("agents.sessions.rename")) >= count)
    time.sleep(0.2)
    return [one["title"] for one in served.api.of("agents.sessions.rename")]


def test_title_is_the_first_question_not_the_greeting_before_it(served: Served, ann: SlackUser) -> None:
    thread = ann.say("hi there")
    ann.say("what does it cost?", thread)
    ann.say("and who reports to whom?", thread)
    served.api.wait_for(lambda: len(served.agent.heard) == 3)
    assert titles(served) == ["what does it cost?"]


def test_title_is_the_company_once_the_visitor_names_it(served: Served, ann: SlackUser) -> None:
    thread = ann.say("which one do we need?")
    ann.say("our company is called Brightwater Dental, with 45 people", thread)
    assert titles(served, 2) == ["which one do we need?", "Brightwater Dental"]


def test_title_names_the_company_of_contact_details_and_nothing_else_of_them(served: Served, ann: SlackUser) -> None:
    ann.say("I'm Ann Lee from Brightwater Dental, ann.lee@brightwater.example, please call me")
    assert titles(served) == ["Brightwater Dental"]


def test_message_with_an_address_is_no_title(served: Served, ann: SlackUser) -> None:
    thread = ann.mention("would bob.stone@brightwater.example be a good CTO for us?")
    ann.follow_up("which one do we need?", thread)
    served.api.wait_for(lambda: len(served.agent.heard) == 2)
    assert titles(served) == ["which one do we need?"]


def test_message_that_comes_twice_titles_nothing_again(served: Served, ann: SlackUser) -> None:
    event = ann.event(ann.written("which one do we need?", ann.dm))
    ann.tell(event)
    served.api.wait_for(lambda: len(served.agent.heard) == 1)
    ann.tell(event)
    assert titles(served) == ["which one do we need?"]
