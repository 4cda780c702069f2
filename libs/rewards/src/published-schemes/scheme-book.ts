import { type MunicipalityEstablished } from '#collection/events';
import { type Recorded, type Transaction } from '#subscriptions';
import { type RewardScheme, type SchemePublished } from '../events/index.js';
import { TariffHistory } from '../valuation/tariff-history.js';
import { tariffOf, type Publication, type Tariff } from '../valuation/tariff.js';

/** What turns the weighings of one municipality into credits. */
export interface MunicipalRewards {
  /** IANA name: days and years are the municipality's own. */
  readonly timeZone: string;
  readonly tariffs: TariffHistory;
}

/** Runs one statement and answers its rows: a projection's transaction or a reader's database. */
export type Query = <Row>(sql: string, parameters: readonly unknown[]) => Promise<readonly Row[]>;

/** Of a projection that is not split; and the one to ask where it does not matter which. */
const THE_ONLY_PARTITION = 0;

interface SchemeRow {
  readonly municipality_id: string;
  readonly time_zone: string;
  readonly currency_decimals: number;
  /** Null in the only row of a municipality without a scheme. */
  readonly scheme_id: string | null;
  readonly version: number;
  readonly effective_from: Date;
  readonly document: RewardScheme;
}

/**
 * Municipalities and the versions of their schemes, in two tables. Two projections keep such a book, and each of their
 * partitions its own: what they may know is what their own place in the log has told them, however far another one has
 * come.
 */
export class SchemeBook {
  constructor(private readonly tables: { readonly municipality: string; readonly scheme: string }) {}

  async remember(
    events: readonly Recorded<MunicipalityEstablished | SchemePublished>[],
    tx: Transaction,
    partition = THE_ONLY_PARTITION,
  ): Promise<void> {
    const established = events.flatMap((event) => (event.type === 'MunicipalityEstablished' ? [event.data] : []));
    const published = events.flatMap((event) => (event.type === 'SchemePublished' ? [event.data] : []));
    if (established.length > 0) {
      await tx.query(
        `INSERT INTO ${this.tables.municipality} (partition, municipality_id, time_zone, currency_decimals)
         SELECT $4, * FROM unnest($1::text[], $2::text[], $3::int[])
         ON CONFLICT (municipality_id, partition) DO NOTHING`,
        [
          established.map(({ municipalityId }) => municipalityId),
          established.map(({ timeZone }) => timeZone),
          established.map(({ currency }) => currency.decimals),
          partition,
        ],
      );
    }
    if (published.length > 0) {
      await tx.query(
        `INSERT INTO ${this.tables.scheme} (partition, municipality_id, version, scheme_id, effective_from, document)
         SELECT $6, * FROM unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::jsonb[])
         ON CONFLICT (municipality_id, version, partition) DO NOTHING`,
        [
          published.map(({ municipalityId }) => municipalityId),
          published.map(({ version }) => version),
          published.map(({ schemeId }) => schemeId),
          published.map(({ effectiveFrom }) => effectiveFrom),
          published.map(({ scheme }) => JSON.stringify(scheme)),
          partition,
        ],
      );
    }
  }

  /** The named municipalities, as far as they are established; one query. */
  async of(
    municipalityIds: readonly string[],
    query: Query,
    partition = THE_ONLY_PARTITION,
  ): Promise<ReadonlyMap<string, MunicipalRewards>> {
    const rows = await query<SchemeRow>(
      `SELECT municipality.municipality_id, time_zone, currency_decimals, scheme_id, version, effective_from, document
       FROM ${this.tables.municipality} AS municipality
       LEFT JOIN ${this.tables.scheme} USING (municipality_id, partition)
       WHERE municipality.municipality_id = ANY ($1) AND partition = $2`,
      [municipalityIds, partition],
    );
    const tariffs = new Map<string, { readonly timeZone: string; readonly tariffs: Tariff[] }>();
    for (const row of rows) {
      const own = tariffs.get(row.municipality_id) ?? { timeZone: row.time_zone, tariffs: [] };
      tariffs.set(row.municipality_id, own);
      if (row.scheme_id !== null) own.tariffs.push(tariffOf(publicationOf(row, row.scheme_id), row.currency_decimals));
    }
    return new Map(
      [...tariffs].map(([municipalityId, { timeZone, tariffs }]) => [
        municipalityId,
        { timeZone, tariffs: new TariffHistory(tariffs) },
      ]),
    );
  }
}

function publicationOf({ version, effective_from, document }: SchemeRow, schemeId: string): Publication {
  return { schemeId, version, effectiveFrom: effective_from.toISOString(), scheme: document };
}
