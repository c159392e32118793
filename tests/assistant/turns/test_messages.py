"""Incoming messages are validated and sanitized, and answers are collected response by response."""

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


def test_answer_keeps_its_order_and_every_message_has_id_and_time() -> None:
    first, second = said({"text": "One."}, {"text": "Two."})
    assert (first["text"], second["text"]) == ("One.", "Two.")
    assert first["id"] != second["id"]
    assert first["ts"] <= second["ts"]
    assert first.keys() == {"id", "ts", "text"}


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
