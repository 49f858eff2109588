"""Reads calendar objects with the `icalendar` library and says what it understood, one JSON document a line."""
import json
import sys
from datetime import datetime, timezone

import icalendar


def instant(value):
    if isinstance(value, datetime):
        assert value.tzinfo is not None, "a time without a zone"
        return int(value.astimezone(timezone.utc).timestamp() * 1000)
    return value.isoformat()


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        calendar = icalendar.Calendar.from_ical(file.read())
    # Times are told by the VTIMEZONE that came along, not by what the library knows of zones.
    zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}
    events = []
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        times = {}
        for name in ("DTSTART", "DTEND"):
            value = event.decoded(name)
            zone = event[name].params.get("TZID")
            if zone:
                value = value.replace(tzinfo=zones[str(zone)])
            times[name.lower()] = instant(value)
        attendee = event.get("ATTENDEE")
        events.append({
            "uid": str(event["UID"]), "sequence": int(event["SEQUENCE"]), "summary": str(event["SUMMARY"]),
            "location": str(event.get("LOCATION", "")), "description": str(event.get("DESCRIPTION", "")),
            "status": str(event["STATUS"]), "stamp": instant(event.decoded("DTSTAMP")), **times,
            "organizer": str(event.get("ORGANIZER", "")), "attendee": str(attendee or ""),
            "partstat": str(attendee.params["PARTSTAT"]) if attendee else "",
            "cn": str(attendee.params["CN"]) if attendee else "",
        })
    print(json.dumps({"method": str(calendar.get("METHOD", "")), "events": events}, ensure_ascii=False))
