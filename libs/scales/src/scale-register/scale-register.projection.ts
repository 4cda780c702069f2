import { Projection, type Recorded, type Transaction } from '#subscriptions';
import { type ScaleRegistered } from '../events/scale.events.js';

/** Which scales there are, by id. */
export class ScaleRegisterProjection extends Projection<ScaleRegistered> {
  readonly name = 'scale-register';
  readonly version = 1;
  readonly tables = ['scale_register'];
  readonly handles = ['ScaleRegistered'] as const;

  async project(batch: readonly Recorded<ScaleRegistered>[], tx: Transaction): Promise<void> {
    await tx.query(
      `INSERT INTO scale_register SELECT * FROM jsonb_populate_recordset(NULL::scale_register, $1)
       ON CONFLICT (scale_id) DO NOTHING`,
      [JSON.stringify(batch.map(({ data }) => rowOf(data)))],
    );
  }
}

function rowOf({ trust, ...data }: ScaleRegistered['data']): Readonly<Record<string, unknown>> {
  return {
    scale_id: data.scaleId,
    municipality_id: data.municipalityId,
    point_id: data.pointId,
    trust: trust.kind,
    kid: trust.kind === 'signed' ? trust.kid : null,
    public_key: trust.kind === 'signed' ? trust.key : null,
    capacity_grams: data.capacityGrams,
    minimum_grams: data.minimumGrams,
    interval_grams: data.intervalGrams,
    verified_until: data.verifiedUntil,
    first_seq: data.firstSeq,
  };
}
