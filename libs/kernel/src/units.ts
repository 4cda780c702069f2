/**
 * Everything Mizan counts is an exact integer with its unit in its name: grams, micro-credits, minor units of a
 * currency. Totals can pass 2^53, so they are `bigint` in code and decimal strings in JSON and on the wire.
 */

/** One credit is a million micro-credits, so that rates such as 0.07 credits per kilogram stay exact. */
export const MICRO_CREDITS_PER_CREDIT = 1_000_000n;

export const GRAMS_PER_KILOGRAM = 1_000n;

/** A currency with its own number of decimals: ILS has 2 (agorot), JOD has 3 (fils). ISO 4217. */
export interface Currency {
  readonly code: string;
  readonly decimals: number;
}

/**
 * Reads a decimal such as "0.07" exactly as `digits` decimal places of an integer; "0.07" with 6 is 70000n.
 * @throws RangeError if the text is not a plain decimal or has more places than `digits`.
 */
export function parseDecimal(text: string, digits: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  if (!match || fraction.length > digits) {
    throw new RangeError(`"${text}" is not a decimal with at most ${digits} places`);
  }
  const magnitude = BigInt(whole + fraction.padEnd(digits, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/** Division rounded towards minus infinity: the same direction for corrections as for what they correct. */
export function floorDiv(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const exact = quotient * divisor === dividend;
  return !exact && dividend < 0n !== divisor < 0n ? quotient - 1n : quotient;
}
