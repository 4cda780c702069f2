import { type MunicipalityEstablished, type WasteWeighed } from '#collection/events';
import { localDay } from '#kernel';
import { Projection, type Recorded, type Transaction } from '#subscriptions';
import { type SchemePublished } from '../events/index.js';
import { SchemeBook, type MunicipalRewards } from '../published-schemes/scheme-book.js';
import { MunicipalityNotEstablished } from '../scheme/scheme.errors.js';
import { valueOf } from '../valuation/valuation.js';
import { addUpCredits, enterInJournal, revalueJournal, type CreditEntry } from './credit-journal.js';

export type CreditFact = MunicipalityEstablished | SchemePublished | WasteWeighed;

export const CREDIT_BALANCE = 'credit-balance';

type Rewards = ReadonlyMap<string, MunicipalRewards>;

/**
 * Weighings and published schemes turned into credits: a journal row for each weighing, and the households' sums.
 *
 * What a weighing is worth depends on the weighing and on all schemes published so far, not on the order in which the
 * two became known. So a batch is folded in three steps, whatever its order was: learn its schemes; value again the
 * weighings of earlier batches that they cover; enter its own weighings, valued by all that is known by then.
 */
export class CreditBalanceProjection extends Projection<CreditFact> {
  readonly name = CREDIT_BALANCE;
  readonly version = 1;
  readonly tables = ['credit_municipality', 'credit_scheme', 'credit_entry', 'household_credit'];
  readonly handles = ['MunicipalityEstablished', 'SchemePublished', 'WasteWeighed'] as const;

  async project(batch: readonly Recorded<CreditFact>[], tx: Transaction): Promise<void> {
    const weighed = batch.filter((event) => event.type === 'WasteWeighed');
    const published = batch.filter((event) => event.type === 'SchemePublished');

    await CREDIT_BOOK.remember(
      batch.filter((event) => event.type !== 'WasteWeighed'),
      tx,
    );
    const municipalityIds = new Set(batch.map(({ metadata }) => metadata.municipalityId));
    const rewards = await CREDIT_BOOK.of([...municipalityIds], (sql, parameters) => tx.query(sql, parameters));

    if (published.length > 0) await revalue(published, rewards, tx);
    if (weighed.length > 0) {
      await enterInJournal(
        weighed.map((event) => entryOf(event, rewards)),
        tx,
      );
    }
  }
}

/** The schemes that this projection values by. */
export const CREDIT_BOOK = new SchemeBook({ municipality: 'credit_municipality', scheme: 'credit_scheme' });

/** The newest version of a municipality comes last in the log, and covers what it covers whatever older ones said. */
async function revalue(
  published: readonly Recorded<SchemePublished>[],
  rewards: Rewards,
  tx: Transaction,
): Promise<void> {
  for (const { data } of published) {
    const tariff = rewardsOf(data.municipalityId, rewards).tariffs.prevailing.find(
      ({ version }) => version === data.version,
    );
    if (tariff) await revalueJournal(data.municipalityId, tariff, tx);
  }
  for (const municipalityId of new Set(published.map(({ data }) => data.municipalityId))) {
    await addUpCredits(municipalityId, tx);
  }
}

function entryOf({ data, metadata, recordedAt, position }: Recorded<WasteWeighed>, rewards: Rewards): CreditEntry {
  const { timeZone, tariffs } = rewardsOf(metadata.municipalityId, rewards);
  const weighedAtMs = Date.parse(data.weighedAt);
  // To the millisecond, as schemes take effect and cursors point: a claim of a device needs no more.
  const weighedAt = new Date(weighedAtMs).toISOString();
  return {
    weighingId: data.weighingId,
    municipalityId: metadata.municipalityId,
    householdId: data.householdId,
    pointId: data.pointId,
    material: data.material,
    grossGrams: data.grossGrams,
    tareGrams: data.tareGrams,
    netGrams: data.netGrams,
    entry: data.entry,
    reasons: data.reasons,
    weighedAt,
    recordedAt,
    day: localDay(weighedAt, timeZone),
    ...valueOf(data, tariffs.inForceAt(weighedAtMs)),
    position,
  };
}

function rewardsOf(municipalityId: string, rewards: Rewards): MunicipalRewards {
  const own = rewards.get(municipalityId);
  // Without its time zone nobody knows on which day anything was weighed; no number is better than a wrong one.
  if (!own) throw new MunicipalityNotEstablished(municipalityId);
  return own;
}
