/** The only way to learn the time. Abstract, so that tests decide what time it is. */
export abstract class Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  abstract nowMs(): number;

  /** The same instant as ISO 8601 in UTC with milliseconds. */
  nowIso(): string {
    return new Date(this.nowMs()).toISOString();
  }
}

export class SystemClock extends Clock {
  nowMs(): number {
    return Date.now();
  }
}
