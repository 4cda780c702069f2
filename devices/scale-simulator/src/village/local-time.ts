const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The calendar day `YYYY-MM-DD` in which an instant falls there. Swedish writes dates as ISO 8601 does. */
export function localDayOf(instantMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instantMs);
}

/** The day so many days later. */
export function nextDay(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Sunday is 0. */
export function weekdayOf(day: string): number {
  return new Date(day).getUTCDay();
}

/**
 * Midnight by the offset that holds there at noon. Clocks are put forward and back at night, so that a time of day
 * counted from here is right for the hours in which people are about.
 */
export function startOfDayMs(day: string, timeZone: string): number {
  const noonUtcMs = Date.parse(day) + DAY_MS / 2;
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const offsetMs = Date.parse(`${local.format(noonUtcMs).replace(' ', 'T')}Z`) - noonUtcMs;
  return noonUtcMs - offsetMs - DAY_MS / 2;
}
