import { type ScaleState } from '#api-client';

const DAY_MS = 86_400_000;
/** A verification takes an appointment: this long before it ends, someone has to make one. */
const NOTICE_DAYS = 30;

/** How a scale's metrological verification stands. */
export type Verification = 'valid' | 'ends-soon' | 'expired';

export function verificationOf(scale: Pick<ScaleState, 'verifiedUntil'>, now: number): Verification {
  const left = Date.parse(scale.verifiedUntil) - now;
  if (left <= 0) return 'expired';
  return left <= NOTICE_DAYS * DAY_MS ? 'ends-soon' : 'valid';
}

/** How many reports a scale has sent later ones of, but not these. */
export function missingReports(scale: Pick<ScaleState, 'missing'>): bigint {
  return scale.missing.reduce((sum, { from, to }) => sum + BigInt(to) - BigInt(from) + 1n, 0n);
}

/** The scales that need a person, the earliest deadline first. */
export function scalesInNeed(scales: readonly ScaleState[], now: number): readonly ScaleState[] {
  return scales
    .filter((scale) => verificationOf(scale, now) !== 'valid' || scale.missing.length > 0 || scale.status === 'offline')
    .sort((one, other) => Date.parse(one.verifiedUntil) - Date.parse(other.verifiedUntil));
}
