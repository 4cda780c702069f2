import { z } from 'zod';
import { InvalidFields, parseDecimal, type FieldFault } from '#kernel';
import { REASONS } from '#protocol';
import { RATE_DECIMALS, REDUCTION_DECIMALS, type Publication } from '../valuation/tariff.js';

const TITLE_LENGTH_MAX = 200;
const RATES_MAX = 200;
/** A hundred times what anybody could mean, and small enough that no year's total passes 64 bits. */
const CREDITS_PER_KILOGRAM_MAX = '1000';
const AMOUNT_MAX = '1000000';

const SCHEME_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** What a scheme document is read against. */
export interface SchemeContext {
  readonly currencyDecimals: number;
  /** The materials that the municipality collects. */
  readonly materials: ReadonlySet<string>;
}

/** A version of a scheme as somebody wants to publish it; the document may be anything. */
export interface SchemePublication {
  readonly schemeId: string;
  readonly version: number;
  /** ISO 8601 UTC. */
  readonly effectiveFrom: string;
  readonly scheme: unknown;
}

/**
 * Reads a publication: every field known, every amount exact in the units that Mizan counts in, every material and
 * reason one that exists (a misspelt one would quietly earn nothing). The instant comes out with milliseconds, as all
 * comparisons have them.
 * @throws InvalidFields naming every wrong field
 */
export function readPublication(publication: SchemePublication, context: SchemeContext): Publication {
  const read = publicationOf(context).safeParse(publication, { reportInput: true });
  if (!read.success) throw new InvalidFields(read.error.issues.flatMap(faultsOf));
  return read.data;
}

function publicationOf({ currencyDecimals, materials }: SchemeContext) {
  return z.strictObject({
    schemeId: z.string().refine((id) => SCHEME_ID.test(id), because('not-an-id')),
    version: z.number().refine((version) => Number.isSafeInteger(version) && version > 0, because('out-of-range')),
    effectiveFrom: z.iso.datetime().transform((instant) => new Date(instant).toISOString()),
    scheme: schemeOf(currencyDecimals, materials),
  });
}

function schemeOf(currencyDecimals: number, materials: ReadonlySet<string>) {
  const material = z.string().refine((name) => materials.has(name), because('unknown-material'));
  const reason = z.string().refine((code) => (REASONS as readonly string[]).includes(code), because('unknown-reason'));
  const rate = amount(RATE_DECIMALS, CREDITS_PER_KILOGRAM_MAX);
  const money = amount(currencyDecimals, AMOUNT_MAX);

  return z
    .strictObject({
      title: z.strictObject({ ar: title(), en: title() }),
      creditsPerKilogram: z
        .record(material, rate)
        .refine((rates) => Object.keys(rates).length <= RATES_MAX, because('too-many', { max: RATES_MAX })),
      earnsDespite: z
        .array(reason)
        .refine((reasons) => new Set(reasons).size === reasons.length, because('named-twice')),
      feeReductionPerCredit: amount(REDUCTION_DECIMALS, AMOUNT_MAX),
      yearlyFee: money,
      yearlyReductionMax: money,
    })
    .refine(({ yearlyFee, yearlyReductionMax }) => !exceeds(yearlyReductionMax, yearlyFee, currencyDecimals), {
      ...because('more-than-the-fee'),
      path: ['yearlyReductionMax'],
    });
}

function title() {
  const lengths = { min: 1, max: TITLE_LENGTH_MAX };
  return z
    .string()
    .trim()
    .refine(({ length }) => length >= lengths.min && length <= lengths.max, because('wrong-length', lengths));
}

/** A decimal in text, from 0 to `max`, that `places` decimal places say exactly. */
function amount(places: number, max: string) {
  return z.string().refine(
    (text) => {
      const value = decimalOrUndefined(text, places);
      return value !== undefined && value >= 0n && value <= parseDecimal(max, places);
    },
    because('not-an-amount', { places, max }),
  );
}

/** Whether one amount is more than another; not where either is no amount, which is a fault of its own. */
function exceeds(one: string, other: string, places: number): boolean {
  const [left, right] = [decimalOrUndefined(one, places), decimalOrUndefined(other, places)];
  return left !== undefined && right !== undefined && left > right;
}

function decimalOrUndefined(text: string, places: number): bigint | undefined {
  try {
    return parseDecimal(text, places);
  } catch {
    return undefined;
  }
}

function because(code: string, values?: FieldFault['values']) {
  return { params: { code, ...(values && { values }) } };
}

const NOT_OF_TYPE: Readonly<Record<string, string>> = {
  string: 'not-text',
  number: 'not-a-number',
  array: 'not-a-list',
  object: 'not-an-object',
  record: 'not-an-object',
};

type Issue = z.core.$ZodIssue;

function faultsOf(issue: Issue): readonly FieldFault[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), code: 'unknown-field' }));
  }
  // A key's own issues say what is wrong with it.
  if (issue.code === 'invalid_key') return issue.issues.flatMap((own) => faultsOf({ ...own, path: issue.path }));
  if (issue.code === 'invalid_type') {
    return [{ field, code: issue.input === undefined ? 'required' : (NOT_OF_TYPE[issue.expected] ?? 'invalid') }];
  }
  if (issue.code === 'custom') return [{ field, ...(issue.params as Omit<FieldFault, 'field'>) }];
  // What remains is the format of `effectiveFrom`.
  return [{ field, code: 'not-a-time' }];
}
