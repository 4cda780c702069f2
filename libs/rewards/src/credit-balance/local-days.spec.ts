import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDay } from '#kernel';
import { LocalDays } from './local-days.js';

describe('the days of a time zone', () => {
  // Half an hour, three quarters, summer time by half an hour, and both ends of the world.
  it.each([
    'Asia/Hebron',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Niue',
    'UTC',
  ])('are those of the calendar of %s', (timeZone) => {
    const days = new LocalDays(timeZone);
    const instant = fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2040-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, (at) => {
        expect(days.at(at.getTime())).toBe(localDay(at.toISOString(), timeZone));
        const midnight = Math.floor(at.getTime() / 86_400_000) * 86_400_000;
        for (const ms of [midnight - 1, midnight, midnight + 1]) {
          expect(days.at(ms)).toBe(localDay(new Date(ms).toISOString(), timeZone));
        }
      }),
    );
  });
});
