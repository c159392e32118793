"""Calendar files are read by programs of others to the times that were meant."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from assistant.booking.calendar import Words, invitation, words

FOREIGN = Path(__file__).parents[2] / "foreign"
NEW_YORK = ZoneInfo("America/New_York")
WORDS = Words(
    "Call with Acme; Sons, Inc.", "Your report: https://chat.firm.example/report/abc\nÜber all: 2,5 € & “more”"
)
STARTS = (
    datetime(2026, 12, 1, 15, 0, tzinfo=timezone.utc),
    datetime(2026, 10, 31, 20, 30, tzinfo=NEW_YORK),  # ends on the next day in UTC
    datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1),  # the second of the two, when clocks are put back
    datetime(2027, 3, 14, 3, 0, tzinfo=NEW_YORK),  # the first after clocks are put forward
)


def file_of(start: datetime, sequence: int = 0, canceled: bool = False) -> bytes:
    return invitation(
        "call-7@firm.example", start, 30, sequence, canceled, WORDS, "firm@firm.example", "jane@acme.example"
    )


def read_by_icalendar(file: bytes) -> tuple[datetime, datetime]:
    [event] = Calendar.from_ical(file).walk("VEVENT")
    return event.decoded("dtstart"), event.decoded("dtend")


def printed_by_ical_js(file: bytes) -> dict[str, Any]:
    command = ["node", str(FOREIGN / "ical.mjs")]
    return json.loads(subprocess.run(command, input=file, capture_output=True, check=True).stdout)  # type: ignore[no-any-return]


def read_by_ical_js(file: bytes) -> tuple[datetime, datetime]:
    read = printed_by_ical_js(file)
    start, end = (datetime.fromisoformat(read[name].replace("Z", "+00:00")) for name in ("start", "end"))
    return start, end


def read_by_khal(file: bytes, folder: Path) -> tuple[datetime, datetime]:
    """What khal shows after importing the file into a new calendar."""
    (folder / "call.ics").write_bytes(file)
    (folder / "config").write_text(
        f"[calendars]\n[[own]]\npath = {folder / 'own'}\n"
        f"[sqlite]\npath = {folder / 'khal.db'}\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    (folder / "own").mkdir()
    khal = ["khal", "--config", str(folder / "config")]
    subprocess.run([*khal, "import", "--batch", str(folder / "call.ics")], check=True, capture_output=True)
    listing = ["list", "--day-format", "", "--format", "{start-long-full}|{end-long-full}", "2026-10-01", "300d"]
    listed = subprocess.run([*khal, *listing], check=True, capture_output=True, text=True).stdout
    [shown] = {line for line in listed.splitlines() if line}
    start, end = (datetime.strptime(one, "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc) for one in shown.split("|"))
    return start, end


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_three_foreign_programs_read_the_same_times(start: datetime, tmp_path: Path) -> None:
    begin = start.astimezone(timezone.utc)
    expected = (begin, begin + timedelta(minutes=30))
    file = file_of(start)
    assert read_by_icalendar(file) == expected
    assert read_by_ical_js(file) == expected
    assert shutil.which("khal"), "deploy/setup.sh test installs it"
    assert read_by_khal(file, tmp_path) == expected


def test_words_come_through_whatever_they_contain() -> None:
    read = printed_by_ical_js(file_of(STARTS[0]))
    assert (read["summary"], read["description"]) == (WORDS.summary, WORDS.description)
    [event] = Calendar.from_ical(file_of(STARTS[0])).walk("VEVENT")
    assert (event["summary"], event["description"]) == (WORDS.summary, WORDS.description)


def test_words_of_the_pack_name_the_firm_and_the_report() -> None:
    assert words("Firm & Sons").summary == "Call with Firm & Sons"
    with_report = words("Firm & Sons", "https://chat.firm.example/report/abc").description
    assert with_report.endswith("https://chat.firm.example/report/abc")
    assert words("Firm & Sons").description == with_report.splitlines()[0]


def test_a_moved_and_a_canceled_call_keep_their_identity() -> None:
    booked, moved = printed_by_ical_js(file_of(STARTS[0])), printed_by_ical_js(file_of(STARTS[1], 1))
    canceled = printed_by_ical_js(file_of(STARTS[1], 2, canceled=True))
    assert booked["uid"] == moved["uid"] == canceled["uid"]
    assert [one["sequence"] for one in (booked, moved, canceled)] == [0, 1, 2]
    assert [one["method"] for one in (booked, moved, canceled)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [one["status"] for one in (booked, moved, canceled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    lines = file_of(STARTS[0]).split(b"\r\n")
    assert lines.pop() == b""
    assert [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line] == []
