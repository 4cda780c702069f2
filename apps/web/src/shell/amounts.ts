/** Credits are counted in millionths, exact integers, so that nothing is lost in a float. */
const MICRO_PER_CREDIT = 1_000_000;
const GRAMS_PER_KILOGRAM = 1_000;

/** A decimal number in text, as Intl.NumberFormat takes it without passing through a float. */
export type DecimalText = `${number}`;

/**
 * The integer `amount` with its last `decimals` digits behind the point: (1950, 3) → "1.950".
 * @param amount an integer, as a number, a bigint or decimal text from the api
 */
export function decimalText(amount: string | number | bigint, decimals: number): DecimalText {
  const whole = BigInt(amount);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const text = `${whole < 0n ? '-' : ''}${digits.slice(0, cut)}${decimals === 0 ? '' : `.${digits.slice(cut)}`}`;
  return text as DecimalText;
}

/** `part` of `whole` between 0 and 1, for lengths on a screen; a whole of 0 has no parts. */
export function shareOf(part: bigint, whole: bigint): number {
  if (whole <= 0n || part <= 0n) return 0;
  if (part >= whole) return 1;
  return Number((part * 10_000n) / whole) / 10_000;
}

/** The exact sum of integers in decimal text. */
export function sumOf(amounts: Iterable<string>): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += BigInt(amount);
  return sum;
}

/** The sums up to and including each amount, starting from `before`. */
export function runningTotals(amounts: readonly string[], before = '0'): readonly bigint[] {
  let total = BigInt(before);
  return amounts.map((amount) => (total += BigInt(amount)));
}

/** Credits as a number: for the plural form that goes with them and for lengths on a screen, never to count with. */
export function roughCredits(micro: string | bigint): number {
  return Number(micro) / MICRO_PER_CREDIT;
}

/** Kilograms as a number, for lengths on a screen. */
export function roughKilograms(grams: string | bigint): number {
  return Number(grams) / GRAMS_PER_KILOGRAM;
}

/** Back from a place on a screen to an amount, to be shown beside it. */
export function microOf(roughly: number): bigint {
  return BigInt(Math.round(roughly * MICRO_PER_CREDIT));
}

/** Back from a place on a screen to a mass, to be shown beside it. */
export function gramsOf(roughly: number): bigint {
  return BigInt(Math.round(roughly * GRAMS_PER_KILOGRAM));
}

/** The rate for a kilogram, from the rate for a gram. */
export function perKilogram(microPerGram: string): bigint {
  return BigInt(microPerGram) * BigInt(GRAMS_PER_KILOGRAM);
}
