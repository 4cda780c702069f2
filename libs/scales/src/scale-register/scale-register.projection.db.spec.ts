import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  openReadModel,
  projectionContract,
  recorded,
  type SampleEvent,
  type TestReadModel,
} from '#subscriptions/testing';
import { type ScaleRegistered } from '../events/scale.events.js';
import { scalesReadModelMigrations } from '../migrations/index.js';
import { ScaleRegisterProjection } from './scale-register.projection.js';

const SIGNED: SampleEvent<ScaleRegistered> = {
  type: 'ScaleRegistered',
  data: {
    municipalityId: 'beitillu',
    scaleId: 'beitillu-01',
    pointId: 'school',
    trust: {
      kind: 'signed',
      kid: 'beitillu-01-a',
      key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    },
    capacityGrams: 60_000,
    minimumGrams: 400,
    intervalGrams: 20,
    verifiedUntil: '2027-12-31T23:59:59.999Z',
    firstSeq: 1,
  },
};
const UNSIGNED: SampleEvent<ScaleRegistered> = {
  type: 'ScaleRegistered',
  data: { ...SIGNED.data, scaleId: 'beitillu-diy', trust: { kind: 'unsigned' }, firstSeq: null },
};

projectionContract(new ScaleRegisterProjection(), {
  migrations: scalesReadModelMigrations,
  samples: [SIGNED, UNSIGNED],
});

describe('the register of scales', () => {
  let readModel: TestReadModel;
  beforeAll(async () => {
    readModel = await openReadModel(scalesReadModelMigrations);
  });
  afterAll(() => readModel.close());

  it('has a row for each registered scale, with its key where it signs', async () => {
    const events = recorded<ScaleRegistered>([SIGNED, UNSIGNED]);
    await readModel.project(new ScaleRegisterProjection(), events);
    // Hearing the same again changes nothing.
    await readModel.project(new ScaleRegisterProjection(), events);

    const particulars = {
      municipality_id: 'beitillu',
      point_id: 'school',
      capacity_grams: '60000',
      minimum_grams: '400',
      interval_grams: '20',
      verified_until: new Date('2027-12-31T23:59:59.999Z'),
    };
    expect(await readModel.rows('scale_register')).toEqual([
      {
        ...particulars,
        scale_id: 'beitillu-01',
        trust: 'signed',
        kid: 'beitillu-01-a',
        public_key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
        first_seq: '1',
      },
      {
        ...particulars,
        scale_id: 'beitillu-diy',
        trust: 'unsigned',
        kid: null,
        public_key: null,
        first_seq: null,
      },
    ]);
  });
});
