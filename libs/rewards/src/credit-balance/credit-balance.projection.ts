import { type MunicipalityEstablished, type WasteWeighed } from '#collection/events';
import { type Partition, type Partitioning, Projection, type Recorded, type Transaction } from '#subscriptions';
import { type SchemePublished } from '../events/index.js';
import { SchemeBook, type MunicipalRewards } from '../published-schemes/scheme-book.js';
import { MunicipalityNotEstablished } from '../scheme/scheme.errors.js';
import { valueOf } from '../valuation/valuation.js';
import { LocalDays } from './local-days.js';
import { addUpCredits, enterInJournal, revalueJournal, type CreditEntry } from './credit-journal.js';

export type CreditFact = MunicipalityEstablished | SchemePublished | WasteWeighed;

export const CREDIT_BALANCE = 'credit-balance';

type Rewards = ReadonlyMap<string, MunicipalRewards>;

/** One is enough for a region: it folds more in a second than its scales can send in an hour. */
const PARTITIONS = 1;

/**
 * Weighings and published schemes turned into credits: a journal row for each weighing, and the households' sums.
 *
 * What a weighing is worth depends on the weighing and on all schemes published so far, not on the order in which the
 * two became known. So a batch is folded in three steps, whatever its order was: learn its schemes; value again the
 * weighings of earlier batches that they cover; enter its own weighings, valued by all that is known by then.
 *
 * Households can be folded apart. Every partition needs every scheme and keeps its own book of them; journal rows say
 * whose they are, so that a partition values again only what it has entered itself.
 */
export class CreditBalanceProjection extends Projection<CreditFact> {
  readonly name = CREDIT_BALANCE;
  readonly version = 1;
  readonly tables = ['credit_municipality', 'credit_scheme', 'credit_entry', 'household_credit'];
  readonly handles = ['MunicipalityEstablished', 'SchemePublished', 'WasteWeighed'] as const;
  override readonly partitioning: Partitioning<CreditFact>;

  constructor(partitions = PARTITIONS) {
    super();
    this.partitioning = { partitions, keyOf: householdOf };
  }

  async project(batch: readonly Recorded<CreditFact>[], tx: Transaction, { number }: Partition): Promise<void> {
    const weighed = batch.filter((event) => event.type === 'WasteWeighed');
    const published = batch.filter((event) => event.type === 'SchemePublished');

    await CREDIT_BOOK.remember(
      batch.filter((event) => event.type !== 'WasteWeighed'),
      tx,
      number,
    );
    const municipalityIds = new Set(batch.map(({ metadata }) => metadata.municipalityId));
    const rewards = await CREDIT_BOOK.of([...municipalityIds], (sql, parameters) => tx.query(sql, parameters), number);

    if (published.length > 0) await revalue(published, rewards, tx, number);
    if (weighed.length > 0) await enterInJournal(entriesOf(weighed, rewards), tx, number);
  }
}

/** A weighing that is nobody's stands in the journal alone; what is not a weighing is for everyone. */
function householdOf({ type, data }: Recorded<CreditFact>): string | null {
  return type === 'WasteWeighed' ? (data.householdId ?? data.weighingId) : null;
}

/** The schemes that this projection values by. */
export const CREDIT_BOOK = new SchemeBook({ municipality: 'credit_municipality', scheme: 'credit_scheme' });

/** The newest version of a municipality comes last in the log, and covers what it covers whatever older ones said. */
async function revalue(
  published: readonly Recorded<SchemePublished>[],
  rewards: Rewards,
  tx: Transaction,
  partition: number,
): Promise<void> {
  for (const { data } of published) {
    const tariff = named(data.municipalityId, rewards).tariffs.prevailing.find(
      ({ version }) => version === data.version,
    );
    if (tariff) await revalueJournal(data.municipalityId, tariff, tx, partition);
  }
  for (const municipalityId of new Set(published.map(({ data }) => data.municipalityId))) {
    await addUpCredits(municipalityId, tx, partition);
  }
}

function entriesOf(weighed: readonly Recorded<WasteWeighed>[], rewards: Rewards): readonly CreditEntry[] {
  const calendars = new Map(
    [...rewards].map(([municipalityId, { timeZone }]) => [municipalityId, new LocalDays(timeZone)]),
  );
  return weighed.map(({ data, metadata: { municipalityId }, recordedAt, position }) => {
    const { tariffs } = named(municipalityId, rewards);
    const weighedAtMs = Date.parse(data.weighedAt);
    return {
      weighingId: data.weighingId,
      municipalityId,
      householdId: data.householdId,
      pointId: data.pointId,
      material: data.material,
      grossGrams: data.grossGrams,
      tareGrams: data.tareGrams,
      netGrams: data.netGrams,
      entry: data.entry,
      reasons: data.reasons,
      weighedAt: data.weighedAt,
      recordedAt,
      day: named(municipalityId, calendars).at(weighedAtMs),
      ...valueOf(data, tariffs.inForceAt(weighedAtMs)),
      position,
    };
  });
}

function named<T>(municipalityId: string, known: ReadonlyMap<string, T>): T {
  const own = known.get(municipalityId);
  // Without its time zone nobody knows on which day anything was weighed; no number is better than a wrong one.
  if (own === undefined) throw new MunicipalityNotEstablished(municipalityId);
  return own;
}
