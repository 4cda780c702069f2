import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EstablishMunicipalityCommand,
  ListMaterialCommand,
  OpenCollectionPointCommand,
  ScaleSequencesReader,
  type HeardScale,
} from '#collection';
import { type EventMetadata } from '#event-store';
import { type ScaleSequence } from '#scales';
import { bodyOf, RunningApi, type Agent } from '../support/running-api.js';

const NAME = { ar: 'بيتللو', en: 'Beitillu' };

/** A municipality that collects plastic and glass, with a point at the school. */
const MUNICIPALITY = [
  (metadata: EventMetadata) =>
    new EstablishMunicipalityCommand(
      { name: NAME, timeZone: 'Asia/Hebron', currency: { code: 'ILS', decimals: 2 } },
      metadata,
    ),
  ...(['plastic', 'glass'] as const).map(
    (material) => (metadata: EventMetadata) =>
      new ListMaterialCommand(
        { material, name: NAME, colour: '#2f9e44', pictogram: 'bottle', wasteCode: '20 01 39' },
        metadata,
      ),
  ),
  (metadata: EventMetadata) =>
    new OpenCollectionPointCommand({ pointId: 'school', name: NAME, materials: ['glass'] }, metadata),
];

let api: RunningApi;
let clerk: Agent;
let operator: Agent;
let recycler: Agent;
let household: Agent;
let stranger: Agent;

beforeAll(async () => {
  api = await RunningApi.start();
  await api.setUp('beitillu', MUNICIPALITY);
  await api.setUp('elsewhere', MUNICIPALITY);
  clerk = await api.signIn({ role: 'clerk' });
  operator = await api.signIn({ role: 'operator' });
  recycler = await api.signIn({ role: 'recycler' });
  household = await api.signIn({ role: 'household', householdId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f' });
  stranger = await api.signIn({ role: 'clerk', municipalityId: 'elsewhere' });
});
afterAll(() => api.close());

describe('materials', () => {
  it('are shown to every role, in the order in which they were listed', async () => {
    const material = { name: NAME, colour: '#2f9e44', pictogram: 'bottle', wasteCode: '20 01 39' };
    for (const anyone of [clerk, operator, recycler, household, stranger]) {
      const body = bodyOf(await anyone.get('/api/v1/materials').expect(200));
      expect(body).toEqual({
        items: [
          { material: 'plastic', ...material },
          { material: 'glass', ...material },
        ],
      });
    }
    await api.anybody().get('/api/v1/materials').expect(401);
  });
});

describe('scales', () => {
  const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const signed = {
    scaleId: 'beitillu-01',
    pointId: 'school',
    trust: 'signed',
    kid: 'beitillu-01-a',
    publicKey,
    capacityGrams: 60_000,
    minimumGrams: 400,
    intervalGrams: 20,
    verifiedUntil: '2027-12-31T23:59:59Z',
  };
  const unsigned = { ...signed, scaleId: 'beitillu-diy', trust: 'unsigned', kid: undefined, publicKey: undefined };

  it('are registered by a clerk and seen at once by those who ask after the position', async () => {
    const body = bodyOf(await clerk.post('/api/v1/scales').send(signed).expect(201));
    expect(body).toEqual({ scaleId: 'beitillu-01', position: expect.stringMatching(/^\d+$/) });
    const { position } = body as { position: string };
    const list = bodyOf(await operator.get('/api/v1/scales').query({ after: position }).expect(200));
    expect(list).toEqual({
      items: [
        {
          scaleId: 'beitillu-01',
          pointId: 'school',
          trust: 'signed',
          verifiedUntil: '2027-12-31T23:59:59.000Z',
          ackedSeq: null,
          missing: [],
          lastSeenAt: null,
          status: 'unknown',
        },
      ],
      nextCursor: null,
    });
  });

  it('are listed page by page with what was heard of them', async () => {
    const registered = bodyOf(await clerk.post('/api/v1/scales').send(unsigned).expect(201));
    await api.platform.database.query(
      `INSERT INTO ingest.scale_status (scale_id, municipality_id, status, status_at, last_seen_at)
       VALUES ('beitillu-diy', 'beitillu', 'online', '2026-11-23T08:00:00Z', '2026-11-23T08:15:30Z')`,
    );
    const first = await clerk
      .get('/api/v1/scales')
      .query({ limit: 1, after: (registered as { position: string }).position })
      .expect(200);
    expect(first.body).toMatchObject({ items: [{ scaleId: 'beitillu-01' }], nextCursor: expect.any(String) });
    const { nextCursor: cursor } = first.body as { nextCursor: string };
    const second = await clerk.get('/api/v1/scales').query({ limit: 1, cursor }).expect(200);
    expect(second.body).toMatchObject({
      items: [{ scaleId: 'beitillu-diy', trust: 'unsigned', status: 'online', lastSeenAt: '2026-11-23T08:15:30.000Z' }],
      nextCursor: null,
    });
  });

  it('keep their particulars: the same again is welcome, others are refused', async () => {
    await clerk.post('/api/v1/scales').send(signed).expect(201);
    const body = bodyOf(
      await clerk
        .post('/api/v1/scales')
        .send({ ...signed, capacityGrams: 30_000 })
        .expect(409),
    );
    expect(body).toMatchObject({ code: 'scale-already-registered', status: 409 });
  });

  it('stand at a point of the municipality', async () => {
    const body = bodyOf(
      await clerk
        .post('/api/v1/scales')
        .send({ ...signed, pointId: 'market' })
        .expect(409),
    );
    expect(body).toMatchObject({ code: 'point-not-open' });
  });

  it.each([
    [{ ...signed, scaleId: 'a/b', capacityGrams: 0.5 }, ['scaleId', 'capacityGrams']],
    [{ ...signed, minimumGrams: 60_000, verifiedUntil: '2027-12-31T23:59:59' }, ['minimumGrams', 'verifiedUntil']],
    [{ ...signed, kid: undefined, publicKey: undefined }, ['kid', 'publicKey']],
    [{ ...unsigned, kid: 'a' }, ['kid']],
    [{ ...signed, publicKey: { ...publicKey, d: 'secret' } }, ['publicKey.d']],
    [{ ...signed, publicKey: { ...publicKey, x: 'short' } }, ['publicKey']],
  ])('are refused with every wrong field named: %#', async (body, fields) => {
    const problem = bodyOf(await clerk.post('/api/v1/scales').send(body).expect(400));
    const { errors } = problem as { errors: { field: string; message: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual([...fields].sort());
  });

  it('are for clerks to register and for staff to see, each in its own municipality', async () => {
    for (const other of [operator, recycler, household]) await other.post('/api/v1/scales').send(signed).expect(403);
    for (const other of [recycler, household]) await other.get('/api/v1/scales').expect(403);
    await api.anybody().get('/api/v1/scales').expect(401);
    const body = bodyOf(await stranger.get('/api/v1/scales').expect(200));
    expect(body).toEqual({ items: [], nextCursor: null });
  });
});

describe('households', () => {
  async function register(particulars: object, as = clerk): Promise<{ householdId: string; position: string }> {
    const body = bodyOf(await as.post('/api/v1/households').send(particulars).expect(201));
    return body as { householdId: string; position: string };
  }

  it('are registered by a clerk, found by name in any spelling, and have earned nothing yet', async () => {
    const { householdId, position } = await register({ kind: 'home', persons: 5, name: ' أحمد البرغوثي ' });
    const body = bodyOf(await clerk.get('/api/v1/households').query({ search: 'احمد', after: position }).expect(200));
    expect(body).toEqual({
      items: [
        {
          householdId,
          name: 'أحمد البرغوثي',
          kind: 'home',
          persons: 5,
          microCredits: '0',
          reductionMinor: '0',
          weighings: 0,
          lastWeighedAt: null,
        },
      ],
      nextCursor: null,
    });
  });

  it('are listed page by page, the newest first where that is asked for', async () => {
    await register({ kind: 'home', persons: 2, name: 'سلمى' });
    const { householdId, position } = await register({ kind: 'shop', persons: 0 });
    const query = { order: 'newest', limit: 1 };
    const first = await clerk
      .get('/api/v1/households')
      .query({ ...query, after: position })
      .expect(200);
    expect(first.body).toMatchObject({ items: [{ householdId, name: null, kind: 'shop' }] });
    const { nextCursor: cursor } = first.body as { nextCursor: string };
    const second = await clerk
      .get('/api/v1/households')
      .query({ ...query, cursor })
      .expect(200);
    expect(second.body).toMatchObject({ items: [{ name: 'سلمى' }], nextCursor: expect.any(String) });
  });

  it('are registered once for one Idempotency-Key', async () => {
    const send = () =>
      clerk
        .post('/api/v1/households')
        .set('Idempotency-Key', 'the-same')
        .send({ kind: 'home', persons: 1 })
        .expect(201);
    const [first, again] = [await send(), await send()];
    expect(again.body).toEqual(first.body);
  });

  it.each([
    [{ kind: 'home', persons: 0 }, ['persons']],
    [{ kind: 'shop', persons: 3 }, ['persons']],
    [{ kind: 'farm', persons: -1, name: '' }, ['kind', 'persons', 'name']],
  ])('are refused with every wrong field named: %j', async (body, fields) => {
    const problem = bodyOf(await clerk.post('/api/v1/households').send(body).expect(400));
    const { errors } = problem as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual([...fields].sort());
  });

  it('have cards, each for one household', async () => {
    const home = await register({ kind: 'home', persons: 5 });
    const neighbour = await register({ kind: 'home', persons: 4 });
    const issue = (householdId: string, card: string, as = clerk) =>
      as.post(`/api/v1/households/${householdId}/cards`).send({ card });

    const body = bodyOf(await issue(home.householdId, '04AABBCCDD').expect(201));
    expect(body).toEqual({ position: expect.stringMatching(/^\d+$/) });
    expect((await issue(home.householdId, ' 04AABBCCDD ').expect(201)).body).toEqual(body);
    expect((await issue(neighbour.householdId, '04AABBCCDD').expect(409)).body).toMatchObject({
      code: 'card-already-issued',
    });
    expect((await issue(home.householdId, '  ').expect(400)).body).toMatchObject({ code: 'invalid-input' });
    expect((await issue('01931d5e-7c1a-7cc3-9d6e-000000000000', '04FF').expect(404)).body).toMatchObject({
      code: 'household-not-found',
    });
    expect((await issue(home.householdId, '04FF', stranger).expect(404)).body).toMatchObject({
      code: 'household-not-found',
    });
    await issue('17', '04FF').expect(400);
  });

  it('are for clerks, each in its own municipality', async () => {
    for (const other of [operator, recycler, household]) {
      await other.get('/api/v1/households').expect(403);
      await other.post('/api/v1/households').send({ kind: 'home', persons: 1 }).expect(403);
    }
    await api.anybody().get('/api/v1/households').expect(401);
    const { position } = await register({ kind: 'home', persons: 1, name: 'ليلى' }, stranger);
    const body = bodyOf(await stranger.get('/api/v1/households').query({ after: position }).expect(200));
    expect(body).toMatchObject({ items: [{ name: 'ليلى' }], nextCursor: null });
  });
});

describe('the ports between contexts', () => {
  it('are answered in the shape in which they are asked', () => {
    // What collection has heard is what scales show: the compiler compares the two.
    const reader: { find(...asked: Parameters<ScaleSequencesReader['find']>): Promise<readonly ScaleSequence[]> } =
      new ScaleSequencesReader(api.platform.database);
    const heard: Promise<readonly HeardScale[]> = reader.find('beitillu', []);
    return expect(heard).resolves.toEqual([]);
  });
});
