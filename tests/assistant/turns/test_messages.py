"""Incoming messages are validated and sanitized, and answers are collected as one message a turn, cards apart."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from assistant.channels.web.messages import from_body
from assistant.turns.api_errors import ApiError
from assistant.turns.messages import CollectingOutput, IncomingMessage

ID = str(uuid4())


def read(**fields: Any) -> IncomingMessage:
    return from_body("visitor", json.dumps({"id": ID, **fields}).encode())


@pytest.mark.parametrize(
    "text",
    [
        "what does a caio cost",
        "日本語とアラビア語 العربية",
        "👩‍💻 🫨",
        "<img src=x onerror=alert(1)>",
        "a\nb\tc",
        "{}",
        "x" * 1000,
        "👩" * 1000,
    ],
)
def test_text_passes_unchanged(text: str) -> None:
    assert read(text=text) == IncomingMessage("web", "visitor", ID, text, is_payload=False)


@pytest.mark.parametrize("typed", ["a\x00b", "a\x07b", "a\x1b\x7f\x9fb", "a\ud83db", " ab\x00\n "])
def test_unstorable_characters_are_removed(typed: str) -> None:
    assert read(text=typed).text == "ab"


@pytest.mark.parametrize("typed", ["/restart", "  /restart", "\x00/restart", "\u2003/restart", "/EXTERNAL_admin@0.9"])
def test_typed_command_is_text(typed: str) -> None:
    message = read(text=typed)
    assert not message.is_payload
    assert message.text.startswith("\N{FRACTION SLASH}")
    assert not message.text.strip().startswith("/")


def test_payload_passes_unchanged() -> None:
    assert read(payload='/answer{"headcount": "10_49"}') == IncomingMessage(
        "web", "visitor", ID, '/answer{"headcount": "10_49"}', is_payload=True
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"hello", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 16000, "not_json"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"text"', "not_an_object"),
    ],
)
def test_body_that_is_not_a_json_object_is_rejected(body: bytes, code: str) -> None:
    with pytest.raises(ApiError) as rejected:
        from_body("visitor", body)
    assert (rejected.value.status, rejected.value.code) == (400, code)


def test_oversized_body_is_rejected_unread() -> None:
    with pytest.raises(ApiError) as rejected:
        from_body("visitor", b"x" * (16 * 1024 + 1))
    assert (rejected.value.status, rejected.value.code) == (413, "too_large")


@pytest.mark.parametrize(
    "message_id", [None, 7, "", "7", "abc\x00", {"a": 1}, [ID], f"{{{ID}}}", f"urn:uuid:{ID}", ID.replace("-", "")]
)
def test_id_that_is_not_a_uuid_is_rejected(message_id: object) -> None:
    with pytest.raises(ApiError) as rejected:
        read(id=message_id, text="hello")
    assert (rejected.value.status, rejected.value.code) == (400, "bad_id")


def test_id_is_case_insensitive() -> None:
    assert read(id=ID.upper(), text="hello").id == ID


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "text_or_payload"),
        ({"text": "a", "payload": "/greet"}, "text_or_payload"),
        ({"text": None}, "bad_text"),
        ({"text": 5}, "bad_text"),
        ({"text": {"a": 1}}, "bad_text"),
        ({"text": ["a"]}, "bad_text"),
        ({"payload": None}, "bad_payload"),
        ({"payload": {"intent": "greet"}}, "bad_payload"),
        ({"text": ""}, "empty"),
        ({"text": " \n\t "}, "empty"),
        ({"text": "\x00\x01"}, "empty"),
        ({"text": "\u200b\u200d\ufeff"}, "empty"),
        ({"text": "\ud800"}, "empty"),
        ({"text": "x" * 1001}, "too_long"),
        ({"payload": "/" + "x" * 1000}, "too_long"),
    ],
)
def test_message_with_invalid_content_is_rejected(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(ApiError) as rejected:
        read(**fields)
    assert (rejected.value.status, rejected.value.code) == (400, code)
    assert rejected.value.message.endswith(".")


def said(*responses: dict[str, Any]) -> list[dict[str, Any]]:
    answer = CollectingOutput("web")

    async def say() -> None:
        for response in responses:
            await answer.send_response("somebody", response)

    asyncio.run(say())
    return [message.as_json() for message in answer.messages]


CARD = {"type": "verdict", "version": 2, "fallback_text": "A card."}
PROGRESS = {"type": "progress", "version": 1, "step": 2, "of": 7}


def test_answer_keeps_its_order_and_every_message_has_id_and_time() -> None:
    first, second = said({"text": "One.", "custom": CARD}, {"text": "Two."})
    assert (first["text"], second["text"]) == ("One.", "Two.")
    assert first["id"] != second["id"]
    assert first["ts"] <= second["ts"]
    assert second.keys() == {"id", "ts", "text"}


def test_texts_of_one_turn_are_the_paragraphs_of_one_message_in_their_order() -> None:
    (message,) = said({"text": "One."}, {"text": "Two.\n- a"}, {"text": "Three."})
    assert message["text"] == "One.\n\nTwo.\n- a\n\nThree."
    assert message.keys() == {"id", "ts", "text"}


def test_question_joins_what_was_said_before_and_keeps_its_buttons_and_progress() -> None:
    buttons = [{"title": "Yes", "payload": "/yes"}]
    (message,) = said({"text": "Got it."}, {"text": "Well?", "buttons": buttons, "custom": PROGRESS})
    assert message["text"] == "Got it.\n\nWell?"
    assert message["buttons"] == buttons
    assert message["custom"] == {**PROGRESS, "fallback_text": message["text"]}


def test_sources_come_last_and_once() -> None:
    cost, duties = "Source: the article (cost)", "Source: the article (duties)"
    (message,) = said(
        {"text": "One.", "source": cost}, {"text": "Two.", "source": duties}, {"text": "Three.", "source": cost}
    )
    assert message["text"] == f"One.\n\nTwo.\n\nThree.\n{cost}\n{duties}"
    (asked,) = said({"text": "One.", "source": cost}, {"text": "Well?", "custom": PROGRESS})
    assert asked["text"] == f"One.\n\nWell?\n{cost}"
    assert asked["custom"]["fallback_text"] == asked["text"]
    assert said({"text": "One.", "source": cost})[0]["text"] == f"One.\n{cost}"


def test_buttons_of_the_second_replace_those_of_the_first() -> None:
    (message,) = said(
        {"text": "One.", "buttons": [{"title": "A", "payload": "/a"}]},
        {"text": "Two.", "buttons": [{"title": "B", "payload": "/b"}]},
    )
    assert message["text"] == "One.\n\nTwo."
    assert message["buttons"] == [{"title": "B", "payload": "/b"}]


def test_no_buttons_are_lost_to_a_text_that_offers_nothing() -> None:
    first, second = said({"text": "One.", "buttons": [{"title": "A", "payload": "/a"}]}, {"text": "Two."})
    assert (first["text"], second["text"]) == ("One.", "Two.")
    assert first["buttons"] == [{"title": "A", "payload": "/a"}]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"text": "One.", "custom": CARD}, {"text": "Two."}),
        ({"text": "One."}, {"text": "Two.", "custom": CARD}),
        ({"text": "One.", "custom": CARD}, {"text": "Two.", "custom": CARD}),
        ({"text": "One.", "custom": PROGRESS}, {"text": "Two."}),
        ({"text": "One.", "image": "https://example.org/a.png"}, {"text": "Two."}),
        ({"text": "One."}, {"text": "Two.", "image": "https://example.org/a.png"}),
        ({"text": "One."}, {"custom": PROGRESS}),
    ],
)
def test_cards_and_images_stay_apart(first: dict[str, Any], second: dict[str, Any]) -> None:
    shown = said({**first, "source": "Source: a"}, second)
    assert [message.get("text") for message in shown] == ["One.\nSource: a", second.get("text")]


def test_blank_line_does_not_split_a_message() -> None:
    assert [message["text"] for message in said({"text": "One.\n\nTwo."})] == ["One.\n\nTwo."]


def test_button_without_payload_sends_its_title() -> None:
    buttons = [{"title": "Yes", "payload": "/yes"}, {"title": "What is a CAIO?"}]
    (message,) = said({"text": "Well?", "buttons": buttons})
    assert message["buttons"] == [buttons[0], {"title": "What is a CAIO?", "payload": "What is a CAIO?"}]


def test_card_and_image_are_sent_to_the_client() -> None:
    card = {"type": "card", "version": 1, "fallback_text": "A card."}
    shown = said({"custom": card}, {"image": "https://example.org/a.png"})
    assert shown[0]["custom"] == card
    assert shown[1]["image"] == {"src": "https://example.org/a.png", "alt": ""}


def test_blank_text_is_not_a_message() -> None:
    assert said({"text": "  \n"}) == []
