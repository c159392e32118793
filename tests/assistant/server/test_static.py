"""The widget's files are served with the right headers, and its pages run only their own scripts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from advisor.errors import SeatwiseError
from assistant.server.static import BUILT, look, questions, static_files
from assistant.settings import Settings

SERVED = static_files()


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_page_runs_only_its_own_scripts_and_contacts_no_other_server(path: str) -> None:
    page = SERVED[path]
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    html = page.content.decode()
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", html)
    addresses = re.findall(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["']([^"'#]+)""", html)
    assert addresses
    assert [one for one in addresses if re.match(r"(?!data:)\w+:|//", one)] == []


def test_files_loaded_by_pages_are_served() -> None:
    for path in ("/", "/chat"):
        named = re.findall(r"""(?:src|href)=["']/?(widget/[^"']+)""", SERVED[path].content.decode())
        assert named
        assert [name for name in named if f"/{name}" not in SERVED] == []


def test_files_with_a_content_hash_are_immutable_and_the_loader_is_not() -> None:
    [app] = [path for path in SERVED if path.startswith("/widget/app-")]
    assert "immutable" in SERVED[app].headers["Cache-Control"]
    assert SERVED["/widget/w.js"].headers["Cache-Control"] == "public, max-age=300"
    assert SERVED["/"].headers["Cache-Control"] == "no-cache"
    assert app.removeprefix("/widget/") in SERVED["/widget/w.js"].content.decode()


def test_every_file_has_its_content_type() -> None:
    kinds = {Path(path).suffix: file.type for path, file in SERVED.items() if path.startswith("/widget/")}
    assert kinds[".js"] == "text/javascript"
    assert kinds[".css"] == "text/css"
    assert kinds[".svg"] == "image/svg+xml"
    assert all(file.headers["X-Content-Type-Options"] == "nosniff" for file in SERVED.values())


def test_chat_page_has_the_look_from_the_settings() -> None:
    settings = Settings.from_environment({"SEATWISE_NAME": 'Hollis "&" Rowe', "SEATWISE_COLOR": ""})
    page = static_files(look=look(settings))["/chat"].content.decode()
    assert 'data-mode="page" data-name="Hollis &quot;&amp;&quot; Rowe"' in page
    assert "data-color" not in page
    assert "Hollis &quot;" not in SERVED["/chat"].content.decode()


def test_common_questions_are_served_with_their_figures() -> None:
    common = {"question": "What does it cost?", "common": True}
    responses = {
        "utter_faq/cost": [{"text": "A CAIO costs {caio_fractional_price}.", "metadata": common}],
        "utter_faq/rare": [{"text": "Rarely asked.", "metadata": {"question": "What else?"}}],
        "utter_greet": [{"text": "Hello."}],
    }
    file = questions(responses)
    assert json.loads(file.content) == [
        {"question": "What does it cost?", "answer": "A CAIO costs $2,500 to $15,000 a month."}
    ]
    assert file.headers["Cache-Control"] == "public, max-age=86400"


def test_missing_widget_build_is_a_one_line_error(tmp_path: Path) -> None:
    with pytest.raises(SeatwiseError, match="demo.html is missing") as rejected:
        static_files(tmp_path)
    assert "\n" not in str(rejected.value)
    assert BUILT.is_dir()
