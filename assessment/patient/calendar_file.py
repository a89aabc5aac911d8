"""A calendar file (RFC 5545): "Check my back again", a whole day, two weeks after the result.

It names no result, no answer and no reference: other people see other people's calendars.
"""

import uuid
from datetime import date, datetime, timedelta

from django.utils.crypto import salted_hmac
from icalendar import CLASS, TRANSP, Calendar, Event

AFTER = timedelta(weeks=2)


def build_calendar(result_day: date, address: str, now: datetime, result: str) -> bytes:
    """The file. result_day: the patient's day of the result; address: of the check; now: in UTC.

    result: what tells this result apart. The same result has the same event, so that a file that is opened twice makes
    one entry; nobody can tell the result from it.
    """
    day = result_day + AFTER
    event = Event.new(
        uid=uuid.UUID(bytes=salted_hmac("assessment.calendar", result, algorithm="sha256").digest()[:16]),
        stamp=now,
        start=day,
        end=day + timedelta(days=1),
        summary="Check my back again",
        description=address,
        url=address,
        classification=CLASS.PRIVATE,
        transparency=TRANSP.TRANSPARENT,
    )
    file = Calendar()
    file.add("version", "2.0")
    file.add("prodid", "-//Back spasm//Symptom check//EN")
    file.add_component(event)
    return bytes(file.to_ical())
