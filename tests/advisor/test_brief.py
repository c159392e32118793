"""The brief shows the most important lines in a fixed order, folds the rest, and stays within two minutes."""

from __future__ import annotations

import json

import pytest

from advisor.brief import FOLDED, MOST_SHOWN, MOST_WORDS, SHOWN, Line, brief, quotable

TITLES = {name: name.capitalize() for name in (*SHOWN, FOLDED)}


def lines(count: int, words: int = 3) -> list[Line]:
    return [Line(f"{number} {'word ' * (words - 1)}".strip(), (number,)) for number in range(count)]


def test_sections_stand_in_their_order_whatever_order_they_come_in() -> None:
    made = brief("Brief", TITLES, {name: lines(1) for name in reversed(SHOWN)})
    assert [section.name for section in made.sections] == list(SHOWN)


def test_sections_without_lines_are_left_out() -> None:
    made = brief("Brief", TITLES, {"ask": lines(1), "signs": []})
    assert [section.name for section in made.sections] == ["ask"]


def test_lines_that_a_section_does_not_show_are_folded_behind_the_rest() -> None:
    made = brief("Brief", TITLES, {"ask": lines(4), FOLDED: [Line("more", (9,))]})
    shown, folded = made.sections
    assert shown.lines == tuple(lines(3))
    assert [line.text for line in folded.lines] == [lines(4)[3].text, "more"]
    assert (shown.folded, folded.folded) == (False, True)


def test_what_is_shown_is_one_screen_and_the_rest_is_folded() -> None:
    made = brief("Brief", TITLES, {"unanswered": lines(6, words=60), "ask": lines(3, words=60)})
    shown = [section for section in made.sections if not section.folded]
    assert [section.name for section in shown] == ["ask", "unanswered"]
    assert sum(line.words for section in shown for line in section.lines) <= MOST_SHOWN
    assert made.sections[-1].folded


def test_company_is_told_in_the_order_of_the_conversation() -> None:
    """Whatever weighs most comes first only in what is shown."""
    made = brief("Brief", TITLES, {"company": lines(20)[::-1], "ask": lines(2)[::-1]})
    company, ask, folded = made.sections
    assert [line.events[0] for line in company.lines] == list(range(8, 20))
    assert [line.events[0] for line in ask.lines] == [1, 0]
    assert folded.lines[0].events == (7,)


def test_brief_has_at_most_its_words() -> None:
    made = brief("Brief", TITLES, {"ask": lines(3), FOLDED: lines(100, words=20)})
    assert MOST_WORDS - 22 < made.words <= MOST_WORDS
    read = [word for word in made.as_markdown().split() if word not in ("-", "#", "##")]
    assert len(read) == made.words


def test_no_section_for_what_is_folded_where_nothing_fits() -> None:
    made = brief("Brief", TITLES, {"ask": lines(3), FOLDED: lines(1, words=MOST_WORDS)})
    assert [section.name for section in made.sections] == ["ask"]


def test_markdown_names_the_events_of_each_line() -> None:
    made = brief("Brief", TITLES, {"ask": [Line("Who leads?", (3, 12))]})
    assert made.as_markdown() == "# Brief\n\n## Ask\n\n- Who leads? [3, 12]\n"


def test_json_holds_what_is_shown() -> None:
    made = brief("Brief", TITLES, {"ask": [Line("Who leads?", (3,))]})
    [section] = json.loads(json.dumps(made.as_json()))["sections"]
    assert section == {
        "name": "ask",
        "title": "Ask",
        "lines": [{"text": "Who leads?", "events": [3]}],
        "folded": False,
    }


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("# a title\n\n- and a list", r"\# a title - and a list"),
        ("- a list", r"\- a list"),
        ("1. a list", r"1\. a list"),
        ("[a link](https://evil.example)", r"\[a link\](https\://evil.example)"),
        ("www.evil.example", r"www\.evil.example"),
        ("**bold** `code` ~~gone~~", r"\*\*bold\*\* \`code\` \~\~gone\~\~"),
        ("&lt;b&gt; @everyone", r"\&lt;b\&gt; \@everyone"),
        ("back\\slash", r"back\\slash"),
        ("jane@acme.example", "jane@acme.example"),
        ("R&D (a ~5 m. plant) - c++ #1, snake_case", "R&D (a ~5 m. plant) - c++ #1, snake_case"),
        ("~5~ and _this_", r"~5\~ and \_this\_"),
    ],
)
def test_what_a_visitor_wrote_is_no_markdown(written: str, shown: str) -> None:
    made = brief("Brief", TITLES, {"unanswered": [Line(written, (1,))]})
    assert made.as_markdown().splitlines()[-1] == f"- {shown} [1]"


def test_quotes_are_one_short_line() -> None:
    assert quotable("we\r\n\tbuild  it") == "we build it"
    assert quotable("word " * 30) == f"{'word ' * 24}…"
    assert quotable("a" * 1_000) == f"{'a' * 40}…"


def test_quotation_marks_inside_a_quote_are_inner_ones() -> None:
    assert quotable("they call it “the plan”") == "they call it ‘the plan’"
