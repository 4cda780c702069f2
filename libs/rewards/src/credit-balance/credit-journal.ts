import { type Transaction } from '#subscriptions';
import { type Tariff } from '../valuation/tariff.js';

/** One weighing and its value, as the journal keeps it. */
export interface CreditEntry {
  readonly weighingId: string;
  readonly municipalityId: string;
  readonly householdId: string | null;
  readonly pointId: string;
  readonly material: string;
  readonly grossGrams: number;
  readonly tareGrams: number;
  readonly netGrams: number;
  readonly entry: string;
  readonly reasons: readonly string[];
  readonly weighedAt: string;
  readonly recordedAt: string;
  /** Of `weighedAt`, in the time zone of the municipality. */
  readonly day: string;
  readonly schemeVersion: number | null;
  readonly microCreditsPerGram: bigint;
  readonly microCredits: bigint;
  readonly position: string;
}

/**
 * Enters weighings in the journal and adds what is new to the households' sums, in one statement. The journal's key
 * makes a weighing count once even if it were handed over twice. Rows are written in the order of their keys, so that
 * two writers could wait for each other but never lock each other out.
 */
export async function enterInJournal(
  entries: readonly CreditEntry[],
  tx: Transaction,
  partition: number,
): Promise<void> {
  await tx.query(ENTER, [
    plainArray(entries.map(({ weighingId }) => weighingId)),
    entries.map(({ municipalityId }) => municipalityId),
    plainArray(entries.map(({ householdId }) => householdId)),
    entries.map(({ pointId }) => pointId),
    entries.map(({ material }) => material),
    plainArray(entries.map(({ grossGrams }) => grossGrams)),
    plainArray(entries.map(({ tareGrams }) => tareGrams)),
    plainArray(entries.map(({ netGrams }) => netGrams)),
    entries.map(({ entry }) => entry),
    // An array of arrays must be rectangular; codes are kebab-case and have no spaces.
    entries.map(({ reasons }) => reasons.join(' ')),
    plainArray(entries.map(({ weighedAt }) => weighedAt)),
    plainArray(entries.map(({ recordedAt }) => recordedAt)),
    plainArray(entries.map(({ day }) => day)),
    plainArray(entries.map(({ schemeVersion }) => schemeVersion)),
    plainArray(entries.map(({ microCreditsPerGram }) => microCreditsPerGram)),
    plainArray(entries.map(({ microCredits }) => microCredits)),
    plainArray(entries.map(({ position }) => position)),
    partition,
  ]);
}

/**
 * An array in PostgreSQL's text format, of values in which nothing needs a quotation mark: numbers, UUIDs, times. To
 * look for what does is what makes sending thousands of rows slow.
 */
function plainArray(values: readonly (string | number | bigint | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

const ENTER = `
  WITH entered AS (
    INSERT INTO credit_entry (
      weighing_id, municipality_id, household_id, point_id, material, gross_grams, tare_grams, net_grams, entry, reasons,
      weighed_at, recorded_at, day, scheme_version, micro_credits_per_gram, micro_credits, position, partition)
    SELECT
      weighing_id, municipality_id, household_id, point_id, material, gross_grams, tare_grams, net_grams, entry,
      string_to_array(reasons, ' '),
      weighed_at, recorded_at, day, scheme_version, micro_credits_per_gram, micro_credits, position, $18
    FROM unnest(
      $1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[],
      $10::text[], $11::timestamptz[], $12::timestamptz[], $13::date[], $14::int[], $15::bigint[], $16::bigint[],
      $17::bigint[]
    ) AS weighing (
      weighing_id, municipality_id, household_id, point_id, material, gross_grams, tare_grams, net_grams, entry, reasons,
      weighed_at, recorded_at, day, scheme_version, micro_credits_per_gram, micro_credits, position)
    ON CONFLICT (weighing_id) DO NOTHING
    RETURNING municipality_id, household_id, day, material, net_grams, micro_credits, weighed_at
  )
  INSERT INTO household_credit AS total
    (municipality_id, household_id, year, material, net_grams, micro_credits, weighings, last_weighed_at)
  SELECT
    municipality_id, household_id, extract(year FROM day)::int AS year, material,
    sum(net_grams), sum(micro_credits), count(*), max(weighed_at)
  FROM entered
  WHERE household_id IS NOT NULL
  GROUP BY municipality_id, household_id, year, material
  ORDER BY municipality_id, household_id, year, material
  ON CONFLICT (municipality_id, household_id, year, material) DO UPDATE SET
    net_grams = total.net_grams + excluded.net_grams,
    micro_credits = total.micro_credits + excluded.micro_credits,
    weighings = total.weighings + excluded.weighings,
    last_weighed_at = greatest(total.last_weighed_at, excluded.last_weighed_at)`;

/**
 * Values again what a newly published version covers of what a partition has entered. The same arithmetic as `valueOf`, over all rows at once; a test
 * holds the two together.
 */
export async function revalueJournal(
  municipalityId: string,
  tariff: Tariff,
  tx: Transaction,
  partition: number,
): Promise<void> {
  const { version, effectiveFrom, microCreditsPerGram, earnsDespite } = tariff;
  await tx.query(
    `UPDATE credit_entry AS entry SET
       scheme_version = $3,
       micro_credits_per_gram = rate.micro_credits_per_gram,
       micro_credits = CASE WHEN entry.reasons <@ $4::text[] THEN entry.net_grams * rate.micro_credits_per_gram ELSE 0 END
     FROM (
       SELECT material, coalesce(named.micro_credits_per_gram, 0) AS micro_credits_per_gram
       FROM (SELECT DISTINCT material FROM credit_entry WHERE municipality_id = $1 AND partition = $7) AS weighed
       LEFT JOIN unnest($5::text[], $6::bigint[]) AS named (material, micro_credits_per_gram) USING (material)
     ) AS rate
     WHERE entry.municipality_id = $1 AND entry.partition = $7 AND entry.weighed_at >= $2
       AND entry.material = rate.material`,
    [
      municipalityId,
      effectiveFrom,
      version,
      [...earnsDespite],
      [...microCreditsPerGram.keys()],
      [...microCreditsPerGram.values()].map(String),
      partition,
    ],
  );
}

/**
 * Adds the credits of a municipality's households up again from what a partition, which is theirs, has entered; what was
 * weighed stays as it is.
 */
export async function addUpCredits(municipalityId: string, tx: Transaction, partition: number): Promise<void> {
  await tx.query(
    `UPDATE household_credit AS total SET micro_credits = journal.micro_credits
     FROM (
       SELECT household_id, extract(year FROM day)::int AS year, material, sum(micro_credits) AS micro_credits
       FROM credit_entry
       WHERE municipality_id = $1 AND partition = $2 AND household_id IS NOT NULL
       GROUP BY household_id, year, material
     ) AS journal
     WHERE total.municipality_id = $1 AND total.household_id = journal.household_id AND total.year = journal.year
       AND total.material = journal.material AND total.micro_credits <> journal.micro_credits`,
    [municipalityId, partition],
  );
}
