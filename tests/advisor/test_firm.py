"""Office hours are those of the firm's own clock, also when it is changed, and mistakes in them are one line."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from advisor.content import parse
from advisor.errors import ContentError
from advisor.firm import Firm, firm

NEW_YORK = ZoneInfo("America/New_York")
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def content(zone: str = "America/New_York", opens: str = "9:00", closes: str = "17:00") -> dict[str, Any]:
    days = {day: {"from": opens, "to": closes} for day in WORKDAYS}
    return {
        "version": "3.1",
        "hours": {"time_zone": zone, "weekdays": days},
        "reply_within": "one business day",
    }


def firm_of(**changes: str) -> Firm:
    return parse(Firm, content(**changes), "firm.yml")


def in_new_york(*at: int) -> datetime:
    return datetime(*at, tzinfo=NEW_YORK)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (in_new_york(2026, 11, 30, 8, 59, 59), False),
        (in_new_york(2026, 11, 30, 9, 0), True),
        (in_new_york(2026, 11, 30, 16, 59, 59), True),
        (in_new_york(2026, 11, 30, 17, 0), False),
        (in_new_york(2026, 11, 29, 12, 0), False),  # a Sunday
        (datetime(2026, 11, 30, 14, 30, tzinfo=timezone.utc), True),
        (datetime(2026, 11, 30, 4, 0, tzinfo=ZoneInfo("Asia/Tokyo")), False),  # Sunday afternoon in New York
        (datetime(2026, 11, 30, 4, 0, tzinfo=ZoneInfo("Pacific/Auckland")), False),
    ],
)
def test_somebody_is_there_within_the_hours_of_the_firm(at: datetime, is_open: bool) -> None:
    assert firm_of().is_open(at) is is_open


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        (in_new_york(2026, 11, 30, 10, 0), in_new_york(2026, 11, 30, 10, 0)),
        (in_new_york(2026, 11, 30, 7, 0), in_new_york(2026, 11, 30, 9, 0)),
        (in_new_york(2026, 11, 30, 17, 0), in_new_york(2026, 12, 1, 9, 0)),
        (in_new_york(2026, 11, 27, 18, 0), in_new_york(2026, 11, 30, 9, 0)),  # over the week end
        (datetime(2026, 10, 30, 21, 0, tzinfo=timezone.utc), in_new_york(2026, 11, 2, 9, 0)),  # clocks go back
        (datetime(2027, 3, 12, 22, 0, tzinfo=timezone.utc), in_new_york(2027, 3, 15, 9, 0)),  # clocks go forward
    ],
)
def test_next_opening_is_at_the_same_time_on_the_clock(at: datetime, opening: datetime) -> None:
    found = firm_of().next_open(at)
    assert found.astimezone(timezone.utc) == opening.astimezone(timezone.utc)
    assert found.tzinfo == NEW_YORK
    assert firm_of().is_open(found)


def test_daylight_saving_changes_the_hours_in_utc() -> None:
    chosen = firm_of()
    half_past_one = [datetime(2026, month, 10, 13, 30, tzinfo=timezone.utc) for month in (7, 11)]
    assert [chosen.is_open(at) for at in half_past_one] == [True, False]


def test_an_opening_that_the_clocks_skip_is_when_they_have_been_put_forward() -> None:
    changed = content("America/New_York", "2:30", "12:00")
    changed["hours"]["weekdays"] = {"sunday": changed["hours"]["weekdays"]["monday"]}
    found = parse(Firm, changed, "firm.yml").next_open(in_new_york(2027, 3, 14, 0, 0))
    assert found.astimezone(timezone.utc) == datetime(2027, 3, 14, 7, 30, tzinfo=timezone.utc)
    assert (found.hour, found.minute) == (3, 30)


def test_a_firm_with_one_open_day_is_found_open_a_week_later() -> None:
    changed = content()
    changed["hours"]["weekdays"] = {"monday": {"from": "9:00", "to": "10:00"}}
    chosen = parse(Firm, changed, "firm.yml")
    assert chosen.next_open(in_new_york(2026, 11, 30, 10, 0)) == in_new_york(2026, 12, 7, 9, 0)


def test_own_file_is_valid() -> None:
    assert firm().reply_within
    assert firm().next_open(datetime.now(timezone.utc))


def mistake(key: str, value: object) -> dict[str, Any]:
    changed = content()
    hours = changed["hours"]
    part = {"reply_within": changed, "time_zone": hours, "weekdays": hours}.get(key, hours["weekdays"])
    part[key] = value
    return changed


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("time_zone", "America/Gotham", ["hours, time_zone", "America/Gotham", "America/New_York"]),
        ("time_zone", "../etc/passwd", ["hours, time_zone", "no time zone"]),
        ("weekdays", {}, ["hours, weekdays", "one day"]),
        ("monday", {"from": "9:00", "to": 61_200}, ["monday, to", '"17:00"']),  # 17:00 without quotes
        ("monday", {"from": "9 am", "to": "17:00"}, ["monday, from", '"17:00"']),
        ("monday", {"from": "17:00", "to": "9:00"}, ["monday", "before"]),
        ("monday", {"from": "9:00"}, ["monday, to", "required"]),
        ("monday", {"from": "9:00", "to": "17:00", "lunch": "12:00"}, ["monday, lunch", "not known"]),
        ("funday", {"from": "9:00", "to": "17:00"}, ["weekdays", "sunday"]),
        ("reply_within", None, ["reply_within"]),
    ],
)
def test_mistake_in_the_file_is_one_line_that_says_where(key: str, value: object, says: list[str]) -> None:
    with pytest.raises(ContentError) as error:
        parse(Firm, mistake(key, value), "firm.yml")
    line = str(error.value)
    assert line.startswith("firm.yml: ")
    assert "\n" not in line
    assert [one for one in says if one not in line] == []
