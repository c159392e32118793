"""What Slack sends of a typed text becomes plain text."""

from __future__ import annotations

import pytest

from assistant.channels.slack.text import mentions, plain


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("hello", "hello"),
        ("R&amp;D &lt;3 &gt; 2", "R&D <3 > 2"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("<@U0BOT> what is a caio?", "what is a caio?"),
        ("hey <@U0BOT>, and a cto?", "hey and a cto?"),
        ("<@U0BOT|seatwise>: hi", "hi"),
        ("ask <@U0BEN|ben> too", "ask @ben too"),
        ("ask <@U0BEN> too", "ask too"),
        ("in <#C0ALL|general> please", "in #general please"),
        ("<!here> look", "@here look"),
        ("<!subteam^S01|@leaders> look", "@leaders look"),
        ("<!date^1392734382^{date}|Feb 18, 2014>", "Feb 18, 2014"),
        ("write <mailto:ann@acme.example|ann@acme.example>", "write ann@acme.example"),
        ("write <mailto:ann@acme.example>", "write ann@acme.example"),
        ("call <tel:+12125550187|+1 212 555 0187>", "call +12125550187"),
        ("see <https://acme.example/a?b=1&amp;c=2>", "see https://acme.example/a?b=1&c=2"),
        ("see <http://acme.example|acme.example>", "see acme.example"),
        ("see <https://acme.example|our page>", "see https://acme.example"),
        ("a\u00a0b\t c\n\nd", "a b c\n\nd"),
        ("1 < 2 and <unclosed", "1 < 2 and <unclosed"),
        ("<>", ""),
        ("👋 שלום", "👋 שלום"),
    ],
)
def test_markup_of_slack_is_taken_out(sent: str, typed: str) -> None:
    assert plain(sent, "U0BOT") == typed


def test_mention_is_recognized_in_both_forms() -> None:
    assert mentions("hi <@U0BOT>", "U0BOT") and mentions("hi <@U0BOT|seatwise>", "U0BOT")
    assert not mentions("hi <@U0BOTTOM>", "U0BOT") and not mentions("hi U0BOT", "U0BOT")


def test_hostile_text_costs_no_time() -> None:
    for text in ("<" * 4000, "<@" * 2000, "<a|" * 1500, "&amp;" * 800, "<mailto:" * 500, "<!x^" * 1000):
        assert len(plain(text, "U0BOT")) <= len(text)
