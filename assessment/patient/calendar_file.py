"""A calendar file (RFC 5545): "Check my back again", a whole day, two weeks after the result.

It names no result, no answer and no reference: other people see other people's calendars.
"""

import uuid
from datetime import date, datetime, timedelta

AFTER = timedelta(weeks=2)


def calendar(result_day: date, address: str, now: datetime) -> bytes:
    """The file. result_day: the patient's day of the result; address: of the check; now: in UTC."""
    day = result_day + AFTER
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Back spasm//Symptom check//EN",
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid4()}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        "SUMMARY:Check my back again",
        f"DESCRIPTION:{escape(address)}",
        f"URL:{address}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(fold(line) + b"\r\n" for line in lines)


def escape(text: str) -> str:
    """A value of the type TEXT (3.3.11)."""
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n")


def fold(line: str) -> bytes:
    """Lines of at most 75 octets, the later ones behind a space, and no letter cut in two (3.1)."""
    parts, part, room = [], b"", 75
    for letter in line:
        octets = letter.encode()
        if len(part) + len(octets) > room:
            parts.append(part)
            part, room = b"", 74
        part += octets
    return b"\r\n ".join([*parts, part])
