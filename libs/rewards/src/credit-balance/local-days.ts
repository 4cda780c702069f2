import { localDay, type LocalDay } from '#kernel';

/** All time zones of today differ from UTC by whole quarters of an hour, so that no day begins within one. */
const QUARTER_HOUR_MS = 900_000;

/** Days of one time zone, for a batch in which most weighings share their quarter of an hour with others. */
export class LocalDays {
  private readonly byQuarterHour = new Map<number, LocalDay>();

  constructor(private readonly timeZone: string) {}

  /** @param instantMs milliseconds since 1970-01-01T00:00:00Z */
  at(instantMs: number): LocalDay {
    const quarterHour = Math.floor(instantMs / QUARTER_HOUR_MS);
    let day = this.byQuarterHour.get(quarterHour);
    if (day === undefined) {
      day = localDay(new Date(instantMs).toISOString(), this.timeZone);
      this.byQuarterHour.set(quarterHour, day);
    }
    return day;
  }
}
