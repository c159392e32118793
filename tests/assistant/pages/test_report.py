"""The report prints on one sheet of either format, is readable by everybody, and shows what a visitor said as text."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from advisor.prices import texts
from assistant.pages.page import COLOR
from assistant.pages.report import report_page
from assistant.settings import Settings
from tests.reports import LONG_QUOTE, WORDING, golden, report_for, talkative

PRINT = Path(__file__).with_name("print.mjs")
CHECKED_BY_AXE = 4
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "{{ 7 * 7 }}",
    "javascript:alert(1)",
    "<!-- ",
]
LOOK = Settings.from_environment({"SEATWISE_NAME": "Hollis & Rowe", "SEATWISE_COLOR": "#7a3b69"})


class Elements(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def printed(folder: Path, companies: list[tuple[dict[str, Any], dict[str, str]]]) -> dict[str, Any]:
    """What Chromium makes of the reports of these companies and quotes."""
    for number, (answers, quotes) in enumerate(companies):
        html = report_page(report_for(answers, quotes), WORDING, LOOK).html
        (folder / f"{number:03}.html").write_text(html, encoding="utf-8")
    command = ["node", str(PRINT), str(folder), str(CHECKED_BY_AXE)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)
    assert len(found) == len(companies)
    return found


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node and the widget's packages")
@pytest.mark.parametrize("kind", ["golden", "talkative"])
def test_report_prints_on_one_sheet_and_passes_axe(tmp_path: Path, kind: str) -> None:
    few: list[tuple[dict[str, Any], dict[str, str]]] = [(answers, {}) for answers in golden().values()]
    many = [(answers, {field: f"{field} {LONG_QUOTE}" for field in answers}) for answers in talkative(30)]
    found = printed(tmp_path, few if kind == "golden" else many)
    fine = {"A4": 1, "Letter": 1, "axe": [], "asked": []}
    assert {name: about for name, about in found.items() if about != fine} == {}


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_a_visitor_are_text(words: str) -> None:
    answers = {"annual_revenue": 5_000_000, "generic_tools_no_strategy": True, "tech_works": True}
    harmless, hostile = (
        Elements(report_page(report_for(answers, dict.fromkeys(answers, said)), WORDING, LOOK).html)
        for said in ("a harmless remark", words)
    )
    assert words in hostile.text
    assert hostile.found == harmless.found


def test_page_has_no_script_and_loads_nothing() -> None:
    for answers in golden().values():
        page = report_page(report_for(answers), WORDING, LOOK)
        found = Elements(page.html).found
        assert not [
            tag for tag, _ in found if tag in ("script", "iframe", "object", "embed", "link", "img", "a", "form")
        ]
        assert not [name for _, attributes in found for name in attributes if name.startswith("on") or name == "style"]
        assert "url(" not in page.html and "@import" not in page.html


def test_charts_say_in_words_what_they_show() -> None:
    html = report_page(report_for(next(iter(golden().values()))), WORDING, LOOK).html
    described = " ".join(re.findall(r"<desc[^>]*>(.*?)</desc>", html))
    names = ("caio_fractional_price", "both_price_framework", "both_price_model", "start_hours", "steady_hours")
    assert [name for name in names if texts()[name] not in described] == []
    assert html.count('role="img"') == html.count("<desc") == html.count("<svg")


def test_look_of_the_firm() -> None:
    report = report_for({"annual_revenue": 5_000_000})
    ours, theirs = (report_page(report, WORDING, look).html for look in (Settings(), LOOK))
    assert COLOR in ours and "<b>Seatwise</b>" in ours
    assert "--brand: #7a3b69;" in theirs and "<b>Hollis &amp; Rowe</b>" in theirs


def test_color_of_the_firm_cannot_close_the_styles() -> None:
    look = Settings.from_environment({"SEATWISE_COLOR": "red}</style><script>"})
    assert "<script" not in report_page(report_for({}), WORDING, look).html
