import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Streams } from '#event-store';
import { type PublicJwk, type ScaleRegistered } from '../events/scale.events.js';
import { scaleDecider } from '../scale/scale.decider.js';
import { scaleStream } from '../scale/scale.stream.js';

export type RegisteredScale = ScaleRegistered['data'];

interface ScaleRow {
  readonly scale_id: string;
  readonly municipality_id: string;
  readonly point_id: string;
  readonly trust: 'signed' | 'unsigned';
  readonly kid: string | null;
  readonly public_key: PublicJwk | null;
  readonly capacity_grams: string;
  readonly minimum_grams: string;
  readonly interval_grams: string;
  readonly verified_until: Date;
  readonly first_seq: string | null;
}

/** Looks scales up in the register. Fits the port that collection asks when a scale speaks. */
@Injectable()
export class ScaleRegisterReader {
  constructor(
    private readonly database: DataSource,
    private readonly streams: Streams,
  ) {}

  /**
   * Those of the named scales that are registered, in any order. One query; a scale that the table does not know is
   * looked up in the log, so that one which was registered a moment ago, or whose read model is being rebuilt, is not
   * taken for a stranger.
   */
  async find(scaleIds: readonly string[]): Promise<readonly RegisteredScale[]> {
    const rows = await this.database.query<ScaleRow[]>('SELECT * FROM scale_register WHERE scale_id = ANY($1)', [
      scaleIds,
    ]);
    const known = new Set(rows.map(({ scale_id }) => scale_id));
    const unknown = [...new Set(scaleIds)].filter((scaleId) => !known.has(scaleId));
    return [...rows.map(scaleOf), ...(await this.inLog(unknown))];
  }

  /** A page of all scales of the installation by rising id, beginning after `afterScaleId`. */
  async list(afterScaleId: string, max: number): Promise<readonly RegisteredScale[]> {
    const rows = await this.database.query<ScaleRow[]>(
      'SELECT * FROM scale_register WHERE scale_id > $1 ORDER BY scale_id LIMIT $2',
      [afterScaleId, max],
    );
    return rows.map(scaleOf);
  }

  /** A page of a municipality's scales by rising id, beginning after `afterScaleId`. */
  async ofMunicipality(municipalityId: string, afterScaleId: string, max: number): Promise<readonly RegisteredScale[]> {
    const rows = await this.database.query<ScaleRow[]>(
      'SELECT * FROM scale_register WHERE municipality_id = $1 AND scale_id > $2 ORDER BY scale_id LIMIT $3',
      [municipalityId, afterScaleId, max],
    );
    return rows.map(scaleOf);
  }

  private async inLog(scaleIds: readonly string[]): Promise<readonly RegisteredScale[]> {
    const scales = await this.streams.statesOf(scaleDecider, scaleIds.map(scaleStream));
    return scales.flatMap((scale) => (scale.status === 'registered' ? [scale.particulars] : []));
  }
}

function scaleOf(row: ScaleRow): RegisteredScale {
  const { kid, public_key: key, first_seq: firstSeq } = row;
  return {
    municipalityId: row.municipality_id,
    scaleId: row.scale_id,
    pointId: row.point_id,
    trust: kid !== null && key !== null ? { kind: 'signed', kid, key } : { kind: 'unsigned' },
    capacityGrams: Number(row.capacity_grams),
    minimumGrams: Number(row.minimum_grams),
    intervalGrams: Number(row.interval_grams),
    verifiedUntil: row.verified_until.toISOString(),
    firstSeq: firstSeq === null ? null : Number(firstSeq),
  };
}
