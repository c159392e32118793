"""A calendar file for a call, for firms without a booking service: iTIP (RFC 5546) as people import it by hand.

A call keeps its UID, and every later file of it has a higher SEQUENCE, so that calendars move or remove their entry
instead of adding another one. Times are UTC, which every calendar shows in the time zone of its owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from icalendar import Calendar, Event, vCalAddress

from assistant.booking.wording import wording
from assistant.pages.page import NAME
from assistant.settings import Settings

MINUTES = 30
"""How long a first call is."""
_PRODUCT = "-//Seatwise//Booking//EN"


@dataclass(frozen=True)
class Words:
    """What the entry says."""

    summary: str
    description: str


def words(firm: str, report: str | None = None) -> Words:
    """The words of the pack.

    Args:
        firm: whom the call is with.
        report: the address of the visitor's report, if there is one.
    """
    say = wording().text
    lines = [say("utter_calendar_description"), *([say("utter_calendar_report", report=report)] if report else [])]
    return Words(say("utter_calendar_summary", firm=firm), "\n".join(lines))


def call_file(
    call: str, start: datetime, sequence: int, settings: Settings, *, canceled: bool, attendee: str | None
) -> bytes:
    """The file of a first call with the firm of these settings.

    Args:
        call: what tells it from the firm's other calls; the same for all files of it.
        start: with its time zone.
        sequence: higher than that of every earlier file of the call.
        settings: with the addresses and the name of the firm.
        canceled: whether it does not take place.
        attendee: the e-mail address of the visitor, if it is known.
    """
    organizer = settings.mail_to or settings.mail_from
    return invitation(
        uid=f"{call}@{organizer.rpartition('@')[2] if organizer else 'seatwise'}",
        start=start,
        minutes=MINUTES,
        sequence=sequence,
        canceled=canceled,
        words=words(settings.name or NAME),
        organizer=organizer,
        attendee=attendee,
    )


def invitation(
    uid: str,
    start: datetime,
    minutes: int,
    sequence: int,
    canceled: bool,
    words: Words,
    organizer: str | None,
    attendee: str | None,
) -> bytes:
    """The file of a call.

    Args:
        uid: the same for all files of the call, and of no other.
        start: with its time zone.
        minutes: how long the call is.
        sequence: how often the call was moved or canceled before.
        canceled: whether it does not take place.
        words: its title and description.
        organizer: the e-mail address of the firm, if it has one.
        attendee: the e-mail address of the visitor, if it is known.
    """
    begin = start.astimezone(timezone.utc)
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", datetime.now(timezone.utc))
    event.add("dtstart", begin)
    event.add("dtend", begin + timedelta(minutes=minutes))
    event.add("summary", words.summary)
    event.add("description", words.description)
    event.add("status", "CANCELLED" if canceled else "CONFIRMED")
    for role, address in (("organizer", organizer), ("attendee", attendee)):
        if address:
            event.add(role, vCalAddress(f"mailto:{address}"))
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if canceled else "REQUEST")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file
