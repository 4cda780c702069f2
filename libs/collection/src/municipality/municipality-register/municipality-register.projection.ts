import { Projection, type Recorded, type Transaction } from '#subscriptions';
import {
  type CollectionPointOpened,
  type MaterialListed,
  type MunicipalityEstablished,
  type MunicipalityEvent,
} from '../../events/municipality.events.js';

/** Which municipalities there are, what each collects, and where. */
export class MunicipalityRegisterProjection extends Projection<MunicipalityEvent> {
  readonly name = 'municipality-register';
  readonly version = 1;
  readonly tables = ['municipality', 'material', 'collection_point'];
  readonly handles = ['MunicipalityEstablished', 'MaterialListed', 'CollectionPointOpened'] as const;

  async project(batch: readonly Recorded<MunicipalityEvent>[], tx: Transaction): Promise<void> {
    await insertMunicipalities(
      batch.filter((event) => event.type === 'MunicipalityEstablished'),
      tx,
    );
    await insertMaterials(
      batch.filter((event) => event.type === 'MaterialListed'),
      tx,
    );
    await insertPoints(
      batch.filter((event) => event.type === 'CollectionPointOpened'),
      tx,
    );
  }
}

async function insertMunicipalities(
  events: readonly Recorded<MunicipalityEstablished>[],
  tx: Transaction,
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO municipality (municipality_id, name_ar, name_en, time_zone, currency_code, currency_decimals)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[])
     ON CONFLICT (municipality_id) DO NOTHING`,
    [
      events.map(({ data }) => data.municipalityId),
      events.map(({ data }) => data.name.ar),
      events.map(({ data }) => data.name.en),
      events.map(({ data }) => data.timeZone),
      events.map(({ data }) => data.currency.code),
      events.map(({ data }) => data.currency.decimals),
    ],
  );
}

async function insertMaterials(events: readonly Recorded<MaterialListed>[], tx: Transaction): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO material (municipality_id, material, name_ar, name_en, colour, pictogram, waste_code, place)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[])
     ON CONFLICT (municipality_id, material) DO NOTHING`,
    [
      events.map(({ data }) => data.municipalityId),
      events.map(({ data }) => data.material),
      events.map(({ data }) => data.name.ar),
      events.map(({ data }) => data.name.en),
      events.map(({ data }) => data.colour),
      events.map(({ data }) => data.pictogram),
      events.map(({ data }) => data.wasteCode),
      events.map(({ revision }) => revision),
    ],
  );
}

async function insertPoints(events: readonly Recorded<CollectionPointOpened>[], tx: Transaction): Promise<void> {
  if (events.length === 0) return;
  // unnest would flatten lists of lists, so a point's materials travel as JSON.
  await tx.query(
    `INSERT INTO collection_point (municipality_id, point_id, name_ar, name_en, materials, place)
     SELECT municipality_id, point_id, name_ar, name_en, ARRAY(SELECT jsonb_array_elements_text(materials)), place
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::integer[])
       AS opened (municipality_id, point_id, name_ar, name_en, materials, place)
     ON CONFLICT (municipality_id, point_id) DO NOTHING`,
    [
      events.map(({ data }) => data.municipalityId),
      events.map(({ data }) => data.pointId),
      events.map(({ data }) => data.name.ar),
      events.map(({ data }) => data.name.en),
      events.map(({ data }) => JSON.stringify(data.materials)),
      events.map(({ revision }) => revision),
    ],
  );
}
