"""The firm that runs the assistant, as far as the assistant must know it: when somebody is there, and when it replies.

It is data/firm.yml, which every firm writes for itself.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, root_validator, validator

from advisor.content import DATA, Model, load, parse

_FILE = "firm.yml"
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEK: tuple[Weekday, ...] = get_args(Weekday)  # in the order in which dates count them


class Day(Model):
    """When somebody is there on one weekday; nobody is at the time of ``closes``."""

    opens: time = Field(alias="from")
    closes: time = Field(alias="to")

    @validator("opens", "closes", pre=True)
    def _clock(cls, value: object) -> time:
        """YAML reads 17:00 without quotes as a number of seconds, and so would pydantic."""
        if not isinstance(value, str) or not (clock := _CLOCK.fullmatch(value)):
            raise ValueError('must be a time in quotes, such as "17:00"')
        return time(int(clock[1]), int(clock[2]))

    @root_validator(skip_on_failure=True)
    def _in_order(cls, day: dict[str, Any]) -> dict[str, Any]:
        if day["opens"] >= day["closes"]:
            raise ValueError("`from` must be before `to`")
        return day


class Hours(Model):
    """Office hours of a week."""

    time_zone: str
    weekdays: dict[Weekday, Day]

    @validator("time_zone")
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value!r} is no time zone; write one such as America/New_York") from None
        return value

    @validator("weekdays")
    def _some_day(cls, value: dict[Weekday, Day]) -> dict[Weekday, Day]:
        if not value:
            raise ValueError("needs one day at least")
        return value


class Firm(Model):
    """What data/firm.yml says."""

    version: str
    hours: Hours
    reply_within: str  # as it is said: "one business day"

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at a time, which is given with its time zone."""
        here = at.astimezone(self._zone)
        day = self._day(here)
        return day is not None and day.opens <= here.time() < day.closes

    def spoken(self, at: datetime) -> str:
        """A time as it is told to somebody: "Tuesday, December 1, 3:00 PM EST". It is given with its time zone."""
        here = at.astimezone(self._zone)
        return f"{here:%A, %B} {here.day}, {here.hour % 12 or 12}:{here:%M %p %Z}"

    def clock(self, text: str) -> datetime:
        """A time on the firm's clock, such as "2026-12-01T15:00", with its time zone.

        Raises:
            ValueError: it is none.
        """
        return datetime.fromisoformat(text).replace(tzinfo=self._zone)

    def next_open(self, at: datetime) -> datetime:
        """The first time from then on at which somebody is there, in the firm's time zone."""
        here = at.astimezone(self._zone)
        if self.is_open(here):
            return here
        for days in range(len(_WEEK) + 1):
            today = here.date() + timedelta(days=days)
            day = self._day(today)
            # By way of UTC, because clocks that are put forward skip times.
            opening = day and datetime.combine(today, day.opens, self._zone).astimezone(timezone.utc)
            if opening and opening > at:
                return opening.astimezone(self._zone)
        raise AssertionError("a week has an open day")

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.hours.time_zone)

    def _day(self, at: date) -> Day | None:
        return self.hours.weekdays.get(_WEEK[at.weekday()])


@cache
def firm() -> Firm:
    """The firm.

    Raises:
        ContentError: data/firm.yml is wrong; one line says where.
    """
    return parse(Firm, load(DATA / _FILE), _FILE)
