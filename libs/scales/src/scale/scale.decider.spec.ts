import { describe, expect, it } from '@jest/globals';
import { InvalidFields } from '#kernel';
import { specificationOf } from '#kernel/testing';
import { SCALE_ID_PATTERN } from '#protocol';
import { type PublicJwk, type ScaleRegistered } from '../events/scale.events.js';
import { scaleDecider, type RegisterScale, type ScaleTrust } from './scale.decider.js';
import { ScaleAlreadyRegistered } from './scale.errors.js';

const ED25519: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const P256: PublicJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const SIGNED: ScaleTrust = { kind: 'signed', kid: 'beitillu-01-a', key: ED25519 };

const scale = specificationOf(scaleDecider);

function registering(changes: Partial<RegisterScale> = {}): RegisterScale {
  return {
    type: 'RegisterScale',
    municipalityId: 'beitillu',
    scaleId: 'beitillu-01',
    pointId: 'school',
    trust: SIGNED,
    capacityGrams: 60_000,
    minimumGrams: 400,
    intervalGrams: 20,
    verifiedUntil: '2027-12-31T23:59:59Z',
    firstSeq: null,
    ...changes,
  };
}

function registered(changes: Partial<ScaleRegistered['data']> = {}): ScaleRegistered {
  return {
    type: 'ScaleRegistered',
    data: {
      municipalityId: 'beitillu',
      scaleId: 'beitillu-01',
      pointId: 'school',
      trust: SIGNED,
      capacityGrams: 60_000,
      minimumGrams: 400,
      intervalGrams: 20,
      verifiedUntil: '2027-12-31T23:59:59.000Z',
      firstSeq: 1,
      ...changes,
    },
  };
}

function refusedFields(command: RegisterScale): readonly string[] {
  try {
    scaleDecider.decide(command, scaleDecider.initialState);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFields)) throw error;
    return error.faults.map(({ field, code }) => `${field} ${code}`);
  }
}

describe('registering a scale', () => {
  it('remembers a signed scale, which counts from 1', () => {
    scale.given().when(registering()).then(registered());
  });

  it('remembers where a scale that was used before begins to count', () => {
    scale
      .given()
      .when(registering({ firstSeq: 4_711 }))
      .then(registered({ firstSeq: 4_711 }));
  });

  it('takes the count of an unsigned scale from its first report', () => {
    scale
      .given()
      .when(registering({ trust: { kind: 'unsigned' } }))
      .then(registered({ trust: { kind: 'unsigned' }, firstSeq: null }));
  });

  it('accepts an ECDSA key', () => {
    const trust: ScaleTrust = { kind: 'signed', kid: 'k', key: P256 };
    scale.given().when(registering({ trust })).then(registered({ trust }));
  });

  it('accepts a scale whose verification is over: its waste is recorded and does not earn', () => {
    scale
      .given()
      .when(registering({ verifiedUntil: '2019-01-01T00:00:00Z' }))
      .then(registered({ verifiedUntil: '2019-01-01T00:00:00.000Z' }));
  });

  it('keeps of a key only what identifies it', () => {
    const key = { ...ED25519, use: 'sig', alg: 'EdDSA' };
    scale
      .given()
      .when(registering({ trust: { kind: 'signed', kid: 'beitillu-01-a', key } }))
      .then(registered());
  });
});

describe('registering a scale again', () => {
  it('changes nothing with the same particulars', () => {
    scale.given(registered()).when(registering()).thenNothing();
  });

  it('knows them again however the database ordered them and the time was written', () => {
    const key = { x: ED25519.x, crv: ED25519.crv, kty: ED25519.kty };
    scale
      .given(registered({ trust: { key, kid: 'beitillu-01-a', kind: 'signed' } }))
      .when(registering({ verifiedUntil: '2028-01-01T01:59:59.000+02:00' }))
      .thenNothing();
  });

  it.each<[string, Partial<RegisterScale>]>([
    ['municipality', { municipalityId: 'elsewhere' }],
    ['point', { pointId: 'market' }],
    ['key', { trust: { kind: 'signed', kid: 'beitillu-01-a', key: P256 } }],
    ['trust', { trust: { kind: 'unsigned' } }],
    ['capacity', { capacityGrams: 30_000 }],
    ['verification', { verifiedUntil: '2030-12-31T23:59:59Z' }],
    ['first sequence number', { firstSeq: 2 }],
  ])('is refused with another %s', (_, changes) => {
    scale.given(registered()).when(registering(changes)).thenRefused(ScaleAlreadyRegistered);
  });
});

describe('a scale that cannot be', () => {
  it.each<[string, Partial<RegisterScale>]>([
    ['scaleId not-a-scale-id', { scaleId: 'beitillu/01' }],
    ['scaleId not-a-scale-id', { scaleId: '' }],
    ['capacityGrams not-between', { capacityGrams: 100_000_001 }],
    ['minimumGrams not-below-capacity', { minimumGrams: -1 }],
    ['minimumGrams not-below-capacity', { minimumGrams: 60_000 }],
    ['intervalGrams not-within-capacity', { intervalGrams: 0 }],
    ['intervalGrams not-within-capacity', { intervalGrams: 0.5 }],
    ['intervalGrams not-within-capacity', { intervalGrams: 60_001 }],
    ['verifiedUntil not-a-time', { verifiedUntil: 'next year' }],
    ['verifiedUntil not-a-time', { verifiedUntil: '2027-12-31T23:59:59' }],
    ['verifiedUntil not-a-time', { verifiedUntil: '2027-13-31T23:59:59Z' }],
    ['firstSeq not-a-sequence-number', { firstSeq: -1 }],
    ['kid not-a-key-id', { trust: { kind: 'signed', kid: '', key: ED25519 } }],
    ['publicKey not-a-public-key', { trust: { kind: 'signed', kid: 'k', key: { ...ED25519, x: 'short' } } }],
    ['publicKey not-a-public-key', { trust: { kind: 'signed', kid: 'k', key: { ...ED25519, crv: 'P-256' } } }],
    [
      'publicKey not-a-public-key',
      { trust: { kind: 'signed', kid: 'k', key: { kty: 'EC', crv: 'P-256', x: P256.x } } },
    ],
    ['publicKey not-a-public-key', { trust: { kind: 'signed', kid: 'k', key: { ...ED25519, y: P256.x } } }],
    ['publicKey private-key', { trust: { kind: 'signed', kid: 'k', key: Object.assign({ d: 'secret' }, ED25519) } }],
  ])('is refused because of %s', (problem, changes) => {
    expect(refusedFields(registering(changes))).toEqual([problem]);
  });

  it('is refused with every field that is wrong, not with the first', () => {
    expect(refusedFields(registering({ scaleId: ' ', capacityGrams: 0, verifiedUntil: '' }))).toEqual([
      'scaleId not-a-scale-id',
      'capacityGrams not-between',
      'minimumGrams not-below-capacity',
      'intervalGrams not-within-capacity',
      'verifiedUntil not-a-time',
    ]);
  });

  it('is judged by the id that the protocol allows in a topic', () => {
    for (const scaleId of [
      'beitillu-01',
      'A',
      'a.b_c-1',
      `a${'b'.repeat(63)}`,
      `a${'b'.repeat(64)}`,
      '-a',
      'a b',
      'ا',
      '+',
    ]) {
      expect([scaleId, refusedFields(registering({ scaleId })).length === 0]).toEqual([
        scaleId,
        SCALE_ID_PATTERN.test(scaleId),
      ]);
    }
  });
});
