"""A message in another language is answered in it: this chat speaks English."""

from __future__ import annotations

import pytest

from actions.wording import Wording
from tests.actions.talk import Talk


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Englisch"), ("es", "inglés"), ("xx", "I only understand English")]
)
def test_visitor_is_told_in_the_same_language(wording: Wording, language: str, said: str) -> None:
    talk = Talk(wording).hear("other_language", [{"entity": "language", "value": language}])
    assert said in talk.said[0].text
    assert "/talk_to_person" in talk.said[0].buttons.values()
