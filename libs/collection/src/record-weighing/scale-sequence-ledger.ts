import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type RegisteredScale } from './scale-register.js';

/**
 * Stretches of stored numbers that are remembered for a scale. Beyond it the highest are forgotten here (they stay in
 * the log), so that a scale that counts at random cannot let its row grow without end; what was forgotten is counted
 * when the scale repeats it, which it does because no receipt covered it.
 */
const STRETCHES_MAX = 1_000;

/** Numbers of one scale whose reports are durably stored now. */
export interface StoredSeqs {
  readonly scale: Pick<RegisteredScale, 'scaleId' | 'municipalityId' | 'firstSeq'>;
  /** At least one, in any order. */
  readonly seqs: readonly number[];
}

/** How far the reports of each scale are durably stored: what receipts are computed from, shared by all ingests. */
@Injectable()
export class ScaleSequenceLedger {
  constructor(private readonly database: DataSource) {}

  /**
   * Adds numbers and answers, for each scale, the end of the run without a gap that begins with its first number; null
   * where the first number itself is missing. One statement, and the order in which numbers are added does not matter.
   */
  async add(stored: readonly StoredSeqs[]): Promise<ReadonlyMap<string, number | null>> {
    if (stored.length === 0) return new Map();
    const rows = await this.database.query<{ scale_id: string; acked_seq: string | null }[]>(
      `INSERT INTO ingest.scale_sequence AS known (scale_id, municipality_id, first_seq, stored)
       SELECT scale_id, municipality_id, first_seq, ingest.first_ranges(stored, $5)
       FROM unnest($1::text[], $2::text[], $3::bigint[], $4::int8multirange[])
         AS heard (scale_id, municipality_id, first_seq, stored)
       ORDER BY scale_id
       ON CONFLICT (scale_id) DO UPDATE SET stored = ingest.first_ranges(known.stored + excluded.stored, $5)
       RETURNING scale_id, acked_seq`,
      [
        stored.map(({ scale }) => scale.scaleId),
        stored.map(({ scale }) => scale.municipalityId),
        stored.map(({ scale, seqs }) => scale.firstSeq ?? lowest(seqs)),
        stored.map(({ seqs }) => multirange(seqs)),
        STRETCHES_MAX,
      ],
    );
    return new Map(rows.map(({ scale_id, acked_seq }) => [scale_id, acked_seq === null ? null : Number(acked_seq)]));
  }
}

/** PostgreSQL's text of a set of integers: `{[1,4),[7,8)}`. */
function multirange(seqs: readonly number[]): string {
  return `{${seqs.map((seq) => `[${seq},${seq + 1})`).join(',')}}`;
}

function lowest(seqs: readonly number[]): number {
  return seqs.reduce((least, seq) => Math.min(least, seq));
}
