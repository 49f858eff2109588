// Reads calendar objects with ical.js and says what it understood, one JSON document a line, as check.py does.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, ...paths] = process.argv.slice(2);
const { default: ICAL } = await import(pathToFileURL(library));

function instant(property, zones) {
  const time = property.getFirstValue();
  if (time.isDate) return time.toString();
  const zone = property.getParameter("tzid");
  if (zone) {
    if (!zones[zone]) throw new Error(`no VTIMEZONE for ${zone}`);
    time.zone = zones[zone];
  }
  return time.toUnixTime() * 1000;
}

for (const path of paths) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, "utf8")));
  const zones = Object.fromEntries(calendar.getAllSubcomponents("vtimezone").map((component) => {
    const zone = new ICAL.Timezone(component);
    return [zone.tzid, zone];
  }));
  const events = calendar.getAllSubcomponents("vevent").map((event) => {
    const text = (name) => event.getFirstPropertyValue(name) ?? "";
    const attendee = event.getFirstProperty("attendee");
    return {
      uid: text("uid"), sequence: text("sequence"), summary: text("summary"), location: text("location"),
      description: text("description"), status: text("status"),
      stamp: instant(event.getFirstProperty("dtstamp"), zones),
      dtstart: instant(event.getFirstProperty("dtstart"), zones),
      dtend: instant(event.getFirstProperty("dtend"), zones),
      organizer: text("organizer"), attendee: attendee?.getFirstValue() ?? "",
      partstat: attendee?.getParameter("partstat") ?? "", cn: attendee?.getParameter("cn") ?? "",
    };
  });
  console.log(JSON.stringify({ method: calendar.getFirstPropertyValue("method") ?? "", events }));
}
