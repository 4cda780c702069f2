import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PortTaken } from '#mqtt';
import { NoDatabase, Settings } from '#platform';
import { startTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Api } from './api.js';

let test: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  test = await startTestDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-api-'));
});
afterAll(async () => {
  await test.stop();
  await rm(dataDir, { recursive: true });
});

const running: Api[] = [];
afterEach(async () => {
  for (const api of running.splice(0)) await api.stop();
});

async function start(): Promise<Api> {
  const api = await Api.start(settings());
  running.push(api);
  return api;
}

const settings = (env: Record<string, string> = {}) =>
  Settings.fromEnvironment({ PORT: '0', MIZAN_DATA: dataDir, DATABASE_URL: test.url, ...env });

describe('the api process', () => {
  it('makes the database, serves, and stops with nobody left behind', async () => {
    const url = await (await start()).url();
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/points`)).status).toBe(401);
    // No projector has worked on this database yet, and the api says so.
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { database: { ready: true }, 'read-model': { ready: false } } });
    await running.pop()?.stop();
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  });

  it('says which setting to change when its port is taken, and lets go of the database', async () => {
    const { port } = new URL(await (await start()).url());
    const second = Api.start(settings({ PORT: port }));
    await expect(second).rejects.toThrow(PortTaken);
    await expect(second).rejects.toThrow('PORT');
  });

  it('needs to be told which database', async () => {
    await expect(Api.start(Settings.fromEnvironment({ MIZAN_DATA: dataDir }))).rejects.toThrow(NoDatabase);
  });
});
