import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** More gaps than a person looks at are not listed: the lowest ones come first, and are mended first. */
const GAPS_MAX = 50;

/** What was heard of a scale: how far its reports are durably stored, and whether it is there. */
export interface HeardScale {
  readonly scaleId: string;
  /** Decimal; null before its first report. */
  readonly ackedSeq: string | null;
  /** Sequence numbers that never came though later ones did, both ends included, decimal. */
  readonly missing: readonly { readonly from: string; readonly to: string }[];
  /** What it said last; `unknown` before it says anything. */
  readonly status: 'online' | 'offline' | 'unknown';
  /** ISO 8601 UTC. */
  readonly lastSeenAt: string | null;
}

interface HeardRow {
  readonly scale_id: string;
  readonly acked_seq: string | null;
  readonly missing: readonly { readonly from: string; readonly to: string }[];
  readonly status: 'online' | 'offline' | null;
  readonly last_seen_at: Date | null;
}

/** Tells what ingest has heard of scales. Fits the port that scales ask when they are listed. */
@Injectable()
export class ScaleSequencesReader {
  constructor(private readonly database: DataSource) {}

  /** Those of the named scales from which anything was heard, in any order. */
  async find(municipalityId: string, scaleIds: readonly string[]): Promise<readonly HeardScale[]> {
    const rows = await this.database.query<HeardRow[]>(
      `SELECT scale_id, acked_seq, status, last_seen_at,
         coalesce((
           SELECT jsonb_agg(jsonb_build_object('from', lower(gap)::text, 'to', (upper(gap) - 1)::text) ORDER BY gap)
           FROM unnest(ingest.first_ranges(missing, $3)) AS gap
         ), '[]') AS missing
       FROM (SELECT * FROM ingest.scale_sequence WHERE municipality_id = $1 AND scale_id = ANY ($2)) AS sequence
       FULL JOIN (SELECT * FROM ingest.scale_status WHERE municipality_id = $1 AND scale_id = ANY ($2)) AS status
         USING (scale_id)`,
      [municipalityId, scaleIds, GAPS_MAX],
    );
    return rows.map(({ scale_id, acked_seq, missing, status, last_seen_at }) => ({
      scaleId: scale_id,
      ackedSeq: acked_seq,
      missing,
      status: status ?? 'unknown',
      lastSeenAt: last_seen_at?.toISOString() ?? null,
    }));
  }
}
