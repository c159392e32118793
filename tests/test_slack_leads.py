"""Leads in the firm's channel of Slack, with the real assistant: claimed once, answered in person, handed back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from assistant.launcher import serving
from tests.conftest import own_files
from tests.slack_api import Fields, SlackApi, slack_settings
from tests.slack_user import SlackUser, choices, words_of
from tests.slack_visitor import SlackVisitor
from tests.test_slack import Firm
from tests.visitor import Visitor

LEADS = "C0LEADS"
INTERNAL = "between us: their budget is a joke"
ASK = "can a person join this chat?"


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    folder, api = tmp_path_factory.mktemp("firm"), SlackApi()
    settings = {
        **own_files(folder),
        **slack_settings(api),
        "SEATWISE_SLACK_LEADS_CHANNEL": LEADS,
        "SEATWISE_PUBLIC_URL": "https://chat.firm.example",
    }
    with serving(logs=folder, environment=settings) as address:
        yield Firm(address, folder, api)
    api.close()


@pytest.fixture
def visitor(firm: Firm) -> Visitor:
    return Visitor(firm.address)


@pytest.fixture
def dana(firm: Firm) -> SlackUser:
    return SlackUser(firm.address, firm.api, "U0DANA")


@pytest.fixture
def eric(firm: Firm) -> SlackUser:
    return SlackUser(firm.address, firm.api, "U0ERIC")


class Board:
    """The firm's channel, as its people see it."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self._before = {one["ts"] for one in firm.api.posts(LEADS)}

    def card(self, words: str = "") -> Fields:
        """The card that came last, once it is there."""

        def found() -> Fields | None:
            new = [one for one in self.firm.api.posts(LEADS) if one["ts"] not in self._before]
            return next((one for one in new if "thread_ts" not in one and words in words_of(one)), None)

        return self.firm.api.wait_for(found)  # type: ignore[no-any-return]

    def in_thread(self, card: Fields, words: str) -> Fields:
        """A post in the thread of a card, once it is there."""

        def found() -> Fields | None:
            posts = self.firm.api.posts(LEADS, card["ts"])
            return next((one for one in posts if words in words_of(one)), None)

        return self.firm.api.wait_for(found)  # type: ignore[no-any-return]

    def updated(self, card: Fields, words: str) -> Fields:
        """The card, once it says this."""

        def found() -> Fields | None:
            changed = [one for one in self.firm.api.of("chat.update") if one["ts"] == card["ts"]]
            return next((one for one in changed if words in words_of(one)), None)

        return self.firm.api.wait_for(found)  # type: ignore[no-any-return]


@pytest.fixture
def board(firm: Firm) -> Board:
    return Board(firm)


def is_for_the_firm(fields: Fields) -> bool:
    """Whether something is posted in the leads' channel."""
    return bool(fields["channel"] == LEADS)


def whispers(firm: Firm, user: SlackUser) -> list[str]:
    """What only this person was told in the channel."""
    return [one["text"] for one in firm.api.of("chat.postEphemeral") if one["user"] == user.user]


def form(firm: Firm, user: SlackUser, message: Fields, title: str) -> Fields:
    """The form that opens for somebody who presses this."""
    before = len(firm.api.of("views.open"))
    assert user.press(message, title).status_code == 200
    opened = firm.api.of("views.open")[before:]
    assert len(opened) == 1, whispers(firm, user)
    view: Fields = opened[0]["view"]
    return view


def answer(firm: Firm, user: SlackUser, message: Fields, title: str, text: str, name: str = "Dana Smith") -> Any:
    """Answer the prospect by the form; returns what Slack is told."""
    view = form(firm, user, message, title)
    values = {"text": {"text": {"value": text}}, "name": {"name": {"value": name}}}
    asked = {block.get("block_id") for block in view["blocks"]}
    return user.send_form(view, {field: value for field, value in values.items() if field in asked})


def become_a_lead(visitor: Visitor, who: str = "Jane Ortiz", button: str = "Include my answers") -> None:
    email = f"{who.split()[0].lower()}@acme.example"
    visitor.say("we are a 35 person accounting firm with 4 million in revenue")
    visitor.say(f"I'm {who} from Acme Tools, {email}, please have somebody call me")
    visitor.choose(button)


def test_lead_is_one_card_with_a_link_to_its_brief(visitor: Visitor, board: Board) -> None:
    become_a_lead(visitor)
    card = board.card("Jane")
    assert {"Claim", "Answer in the chat", "Open the brief for the call"} <= set(choices(card))
    links = [
        one["url"]
        for block in card["blocks"]
        for one in block.get("elements", ())
        if isinstance(one, dict) and "url" in one
    ]
    assert [link.startswith("https://chat.firm.example/brief/") for link in links] == [True]
    assert "jane@acme.example" in words_of(card)


def test_without_consent_to_the_answers_there_is_no_brief(visitor: Visitor, board: Board) -> None:
    become_a_lead(visitor, "Olga Renn", "Send as is")
    assert "Open the brief for the call" not in choices(board.card("Olga"))


def test_first_click_has_the_lead_and_the_other_is_told_privately(
    firm: Firm, visitor: Visitor, board: Board, dana: SlackUser, eric: SlackUser
) -> None:
    become_a_lead(visitor, "Ines Roth")
    card = board.card("Ines")
    with ThreadPoolExecutor() as pool:
        assert {one.status_code for one in pool.map(lambda user: user.press(card, "Claim"), [dana, eric])} == {200}
    claimers = [user for user in (dana, eric) if not whispers(firm, user)]
    assert len(claimers) == 1
    [winner] = claimers
    [loser] = [user for user in (dana, eric) if user is not winner]
    assert whispers(firm, loser)[-1] == f"<@{winner.user}> has claimed this lead already."
    shown = board.updated(card, f"Claimed by <@{winner.user}>")
    assert "Claim" not in choices(shown)
    assert "<!date^" in words_of(shown)
    board.in_thread(card, f"Claimed by <@{winner.user}>")
    [(by, at)] = firm.rows("SELECT claimed_by, claimed FROM leads WHERE conversation = ?", card_of(firm, card))
    assert by == "ann" and at  # the user name, which means something to the CRM as well
    winner.press(card, "Claim")
    assert whispers(firm, winner)[-1] == "You have claimed this lead already."
    assert firm.rows("SELECT count(*) FROM audit WHERE command = 'slack.claim'") != [(0,)]


def card_of(firm: Firm, card: Fields) -> str:
    """The conversation of a card."""
    noted = firm.api.wait_for(lambda: firm.rows("SELECT conversation FROM slack_cards WHERE ts = ?", card["ts"]))
    return str(noted[0][0])


def test_guest_of_another_organization_can_do_nothing(firm: Firm, visitor: Visitor, board: Board) -> None:
    become_a_lead(visitor, "Petra Kuhn")
    card = board.card("Petra")
    guest = SlackUser(firm.address, firm.api, "U0GUEST", home="T0OTHER")
    opened = len(firm.api.of("views.open"))
    for title in ("Claim", "Answer in the chat"):
        guest.press(card, title)
        assert "own workspace" in whispers(firm, guest)[-1]
    assert len(firm.api.of("views.open")) == opened
    view = {
        "type": "modal",
        "callback_id": "answer_prospect",
        "private_metadata": f'{{"conversation": "{card_of(firm, card)}"}}',
    }
    values = {"text": {"text": {"value": "hi"}}, "name": {"name": {"value": "Guest"}}}
    assert "own workspace" in guest.send_form({**view, "blocks": []}, values).text
    assert firm.rows("SELECT claimed_by FROM leads WHERE conversation = ?", card_of(firm, card)) == [(None,)]


def test_buttons_work_in_no_other_channel(firm: Firm, visitor: Visitor, board: Board, dana: SlackUser) -> None:
    become_a_lead(visitor, "Rosa Lind")
    card = board.card("Rosa")
    dana.press({**card, "channel": "C0ALL"}, "Claim")
    assert firm.rows("SELECT claimed_by FROM leads WHERE conversation = ?", card_of(firm, card)) == [(None,)]


def test_answers_reach_the_website_and_nothing_else_does(
    firm: Firm, visitor: Visitor, board: Board, dana: SlackUser, eric: SlackUser
) -> None:
    become_a_lead(visitor, "Hans Berg")
    card = board.card("Hans")
    assert answer(firm, dana, card, "Answer in the chat", "Hello Hans, how can I help?").text == ""
    board.updated(card, "Claimed by")  # who answers has the lead
    joined = board.in_thread(card, "Dana Smith is in the chat now")
    dana.follow_up(INTERNAL, card["ts"], LEADS)
    eric.follow_up(f">> {INTERNAL}", card["ts"], LEADS)
    assert visitor.say("is anybody there? my mobile is +1 212 555 0177") == ""
    heard = board.in_thread(card, "is anybody there?")
    assert "0177" not in words_of(heard) and "…" in words_of(heard)
    eric.press(joined, "Reply to the prospect")
    assert "Dana Smith is in this chat" in whispers(firm, eric)[-1]
    eric.press(joined, "Hand back")
    assert "not in this chat" in whispers(firm, eric)[-1]
    view = form(firm, dana, heard, "Reply to the prospect")
    assert "name" not in {block.get("block_id") for block in view["blocks"]}
    dana.send_form(view, {"text": {"text": {"value": "Yes, it's me.\nLet's talk."}}})
    board.in_thread(card, "Yes, it's me.")
    assert dana.press(joined, "Hand back").status_code == 200
    board.in_thread(card, "the assistant answers again")
    told = visitor.replayed()
    texts = [one.get("text") for one in told]
    assert "Hello Hans, how can I help?" in texts and "Yes, it's me.\nLet's talk." in texts
    [person, *_] = [one["custom"] for one in told if one.get("custom", {}).get("type") == "person"]
    assert person["name"] == "Dana Smith"
    assert INTERNAL not in str(told)
    assert "$2,500" in visitor.say("how much does a fractional CAIO cost?")
    for table in ("inbox", "events", "outbox", "slack_turns"):
        assert INTERNAL not in str(firm.rows(f"SELECT * FROM {table}"))


def test_wish_for_a_person_can_be_joined_by_anybody_first(
    firm: Firm, visitor: Visitor, board: Board, dana: SlackUser, eric: SlackUser
) -> None:
    visitor.say(ASK)
    card = board.card("would like a person")
    assert set(choices(card)) == {"Join the chat"}
    answer(firm, dana, card, "Join the chat", "Here I am.")
    eric.press(card, "Join the chat")
    assert "is in this chat" in whispers(firm, eric)[-1]
    assert "Here I am." in str(visitor.replayed())
    dana.press(board.in_thread(card, "is in the chat now"), "Hand back")
    become_a_lead(visitor, "Vera Holm")
    news = board.in_thread(card, "New lead: Vera Holm")
    assert news["reply_broadcast"] and "Claim" in choices(news)
    assert "Claim" in choices(board.updated(card, "vera@acme.example"))


def test_prospect_in_slack_is_answered_there_and_their_session_suspended(
    firm: Firm, board: Board, dana: SlackUser
) -> None:
    person: SlackVisitor = firm.person()
    person.say(ASK)
    card = board.card("would like a person")
    view = form(firm, dana, card, "Join the chat")
    assert "direct message" in words_of(view)
    values = {"text": {"text": {"value": "Hello from the firm"}}, "name": {"name": {"value": "Dana"}}}
    assert dana.send_form(view, values).text == ""
    firm.api.wait_for(lambda: any("Hello from the firm" in words_of(one) for one in person.posts))
    assert firm.api.wait_for(lambda: session(firm, person)[-1:] == ["suspended"])
    dana.follow_up(INTERNAL, card["ts"], LEADS)
    person.say("good to hear from you")
    said = board.in_thread(card, "good to hear from you")
    dana.press(said, "Hand back")
    firm.api.wait_for(lambda: any("so I'm back" in words_of(one) for one in person.posts))
    assert firm.api.wait_for(lambda: session(firm, person)[-1:] == ["active"])
    assert INTERNAL not in words_of({"posts": [one for one in firm.api.posts() if one["channel"] != LEADS]})


def session(firm: Firm, person: SlackVisitor) -> list[str]:
    """The statuses of the thread of somebody in Slack."""
    calls = firm.api.of("agents.sessions.setStatus")
    return [one["status"] for one in calls if one["thread_ts"] == person._thread]


def test_contact_details_are_not_posted_in_a_channel(firm: Firm, board: Board, dana: SlackUser) -> None:
    ann = firm.user()
    thread = ann.mention(ASK)
    card = board.card("would like a person")
    refused = answer(firm, dana, card, "Join the chat", "Call me at +1 212 555 0199 or dana@firm.example")
    assert "Others can read this conversation" in refused.text
    assert answer(firm, dana, card, "Join the chat", "Let's go on in private.").text == ""
    firm.api.wait_for(lambda: any("go on in private" in words_of(one) for one in firm.api.posts("C0ALL", thread)))
    assert "0199" not in words_of({"posts": firm.api.posts("C0ALL")})


def test_erased_lead_is_gone_for_slack_too(firm: Firm, visitor: Visitor, board: Board, dana: SlackUser) -> None:
    become_a_lead(visitor, "Udo Falk")
    card = board.card("Udo")
    conversation = card_of(firm, card)
    answer(firm, dana, card, "Answer in the chat", "Hello Udo")
    visitor.say("we are at the trade fair")
    quoted = board.in_thread(card, "we are at the trade fair")
    dana.press(quoted, "Hand back")
    board.in_thread(card, "the assistant answers again")
    visitor.say("delete my data")
    visitor.choose("Yes, delete it")
    assert firm.rows("SELECT * FROM slack_cards WHERE conversation = ?", conversation) == []
    shown = board.updated(card, "This lead was erased at the prospect's request.")
    assert "Udo" not in words_of(shown) and choices(shown) == {}
    below = {one["ts"] for one in firm.api.posts(LEADS, card["ts"])}
    assert firm.api.wait_for(lambda: {one["ts"] for one in firm.api.of("chat.delete")} == below)
    dana.press(card, "Claim")
    assert "is gone" in whispers(firm, dana)[-1]
    dana.press(card, "Answer in the chat")
    assert "isn't possible" in whispers(firm, dana)[-1]


def test_a_channel_that_we_are_not_in_is_a_dead_letter_in_slacks_words(firm: Firm, visitor: Visitor) -> None:
    firm.api.fail("chat.postMessage", "not_in_channel", applies=is_for_the_firm)
    become_a_lead(visitor, "Nina Wolf")
    dead = "SELECT reason FROM outbox WHERE destination = 'slack' AND given_up IS NOT NULL"
    assert firm.api.wait_for(lambda: firm.rows(dead)) == [("Slack refuses it: not_in_channel",)]


def test_limit_is_respected_and_the_card_comes_later(firm: Firm, visitor: Visitor, board: Board) -> None:
    headers = {"Retry-After": "1"}
    firm.api.fail("chat.postMessage", "ratelimited", status=429, headers=headers, applies=is_for_the_firm)
    become_a_lead(visitor, "Kim Sato")
    assert "Kim Sato" in words_of(board.card("Kim"))
