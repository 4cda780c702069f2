/** A calendar day `YYYY-MM-DD` in a municipality's own time zone. */
export type LocalDay = string;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The day on which an instant falls in a time zone. Days, months and periods belong to the municipality, not to UTC.
 * @param instant ISO 8601 in UTC
 * @param timeZone an IANA name such as Asia/Hebron
 */
export function localDay(instant: string, timeZone: string): LocalDay {
  let format = formats.get(timeZone);
  if (!format) {
    // Swedish writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(new Date(instant));
}
