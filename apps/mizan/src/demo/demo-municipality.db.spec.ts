import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import supertest from 'supertest';
import { Accounts } from '#identity';
import { type ScaleParticulars } from '#scales';
import { ReadModelProgress } from '#subscriptions';
import { RunningMizan } from '../../../../test/support/running-mizan.js';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { DemoMunicipality } from './demo-municipality.js';
import { DemoScales } from './demo-scales.js';
import { ACCOUNTS, DEMO_CARD, HOUSEHOLDS, MATERIALS, POINTS } from './demo-village.js';

let database: TestDatabase;
let folder: string;
let mizan: RunningMizan;
let demo: DemoMunicipality;
let scales: readonly ScaleParticulars[];

beforeAll(async () => {
  database = await startTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'mizan-demo-'));
  mizan = await RunningMizan.start({ databaseUrl: database.url, dataDir: folder, isDemo: true });
  const { app } = mizan;
  demo = new DemoMunicipality(app.get(CommandBus), app.get(Accounts), app.get(ReadModelProgress));
  scales = await registrations('first');
  await demo.load(scales);
});

afterAll(async () => {
  await mizan.stop();
  await database.stop();
  await rm(folder, { recursive: true });
});

/** Scales with keys of their own, in a data folder of that name. */
async function registrations(name: string): Promise<readonly ScaleParticulars[]> {
  const prepared = await DemoScales.prepare({ dataDir: path.join(folder, name), simulatedScales: 2 }, Date.now());
  return prepared.registrations;
}

async function signedIn(role: string) {
  const agent = supertest.agent(mizan.app.getHttpServer());
  const { login, password } = ACCOUNTS.find((account) => account.role === role)!;
  await agent.post('/api/v1/session').send({ login, password }).expect(200);
  return agent;
}

/** The items of a list, as a clerk sees them. */
async function items(route: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const clerk = await signedIn('clerk');
  const { body } = (await clerk.get(`/api/v1/${route}`).expect(200)) as {
    body: { items: readonly Readonly<Record<string, unknown>>[] };
  };
  return body.items;
}

describe('loading the demo', () => {
  it('makes everything that a stranger wants to look at', async () => {
    expect((await items('materials')).map(({ material }) => material)).toEqual(
      MATERIALS.map(({ material }) => material),
    );
    const points = await items('points');
    expect(points.map(({ pointId }) => pointId).sort()).toEqual(POINTS.map(({ pointId }) => pointId).sort());
    const households = await items('households?limit=200');
    expect(households.map(({ name }) => name).sort()).toEqual(HOUSEHOLDS.map(({ name }) => name).sort());
    expect((await items('scales')).map(({ scaleId, trust }) => [scaleId, trust])).toEqual([
      ['beitillu-01', 'signed'],
      ['beitillu-02', 'signed'],
      ['beitillu-diy', 'unsigned'],
    ]);
  });

  it('lets a stranger sign in with what GET /demo tells, in every role', async () => {
    const answer = await supertest(mizan.app.getHttpServer()).get('/api/v1/demo').expect(200);
    expect(answer.body).toEqual({ unsignedScale: 'beitillu-diy', card: DEMO_CARD, accounts: ACCOUNTS });
    for (const { role } of ACCOUNTS) await signedIn(role);
  });

  it('gives the household its own balance and the scheme', async () => {
    const household = await signedIn('household');
    const { householdId } = HOUSEHOLDS[0]!;
    const answer = await household.get(`/api/v1/households/${householdId}/balance`).expect(200);
    expect(answer.body).toMatchObject({ name: HOUSEHOLDS[0]?.name, feeMinor: '36000', reductionMaxMinor: '10800' });
    await household.get(`/api/v1/households/${HOUSEHOLDS[1]!.householdId}/balance`).expect(404);
  });

  it('changes nothing the second time', async () => {
    const before = await mizan.platform.eventStore.head();
    expect(await demo.load(scales)).toEqual([]);
    expect(await mizan.platform.eventStore.head()).toBe(before);
  });

  it('adds only what is new', async () => {
    const before = await mizan.platform.eventStore.head();
    const [first] = scales;
    await demo.load([...scales, { ...first!, scaleId: 'beitillu-03' }]);
    expect(BigInt(await mizan.platform.eventStore.head()) - BigInt(before)).toBe(1n);
  });

  it('names scales whose keys are not the registered ones, and loads the rest', async () => {
    const refused = await demo.load(await registrations('another data folder'));
    expect(refused.map(({ scaleId }) => scaleId).sort()).toEqual(['beitillu-01', 'beitillu-02']);
  });
});
