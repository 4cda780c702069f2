import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { eventStoreMigrations, PostgresEventStore, type NewEvent } from '#event-store';
import { householdsReadModelMigrations } from '#households';
import { startMosquitto, whyNoMosquitto, type Mosquitto } from '#mqtt/testing';
import { InstallationKeys, migrate, NoDatabase, Settings } from '#platform';
import { verifyingKey } from '#protocol';
import { rewardsReadModelMigrations } from '#rewards';
import { scalesReadModelMigrations } from '#scales';
import { TestScale } from '../../../libs/collection/src/ingest.testing.js';
import { eventually } from '../../../test/support/eventually.js';
import { startTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Ingest } from './ingest.js';

if (whyNoMosquitto !== undefined) process.stdout.write(`Skipped: ingest on Mosquitto, because ${whyNoMosquitto}\n`);
const onMosquitto = whyNoMosquitto === undefined ? it : it.skip;

describe('the ingest process', () => {
  let test: TestDatabase;
  let dataDir: string;
  let scale: TestScale;
  let mosquitto: Mosquitto | undefined;
  const running: Ingest[] = [];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    test = await startTestDatabase();
    dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-ingest-'));
    scale = new TestScale('beitillu-01');
    // The tables are the projector's; here they stay empty, as in the moment after something was registered.
    await migrate(test.url, {
      core: eventStoreMigrations,
      readModel: [...scalesReadModelMigrations, ...householdsReadModelMigrations, ...rewardsReadModelMigrations],
    });
    await registerInLog();
  });
  afterEach(async () => {
    await scale.disconnect();
    await Promise.all(running.splice(0).map((ingest) => ingest.stop()));
    await mosquitto?.stop();
    mosquitto = undefined;
    await rm(dataDir, { recursive: true, force: true });
    await test.stop();
  });

  async function registerInLog(): Promise<void> {
    const metadata = { municipalityId: 'beitillu', correlationId: 'test', causationId: 'test', actor: 'system' };
    const name = { ar: 'بيتللو', en: 'Beitillu' };
    const municipality = {
      municipalityId: 'beitillu',
      name,
      timeZone: 'Asia/Hebron',
      currency: { code: 'ILS', decimals: 2 },
    };
    const event = (type: string, data: object): NewEvent => ({ id: uuidv7(), type, schemaVersion: 1, data, metadata });
    const store = await PostgresEventStore.open(test.url);
    await store.appendBatch([
      {
        stream: 'municipality-beitillu',
        expected: 'no-stream',
        events: [event('MunicipalityEstablished', municipality)],
      },
      { stream: 'scale-beitillu-01', expected: 'no-stream', events: [event('ScaleRegistered', scale.registered())] },
    ]);
    await store.close();
  }

  async function start(mqttUrl?: string): Promise<Ingest> {
    const env = { DATABASE_URL: test.url, MIZAN_DATA: dataDir, MQTT_PORT: '0', MQTT_URL: mqttUrl };
    const ingest = await Ingest.start(Settings.fromEnvironment(env));
    running.push(ingest);
    return ingest;
  }

  async function connectScale(mqttUrl: string): Promise<void> {
    const { kid, publicJwk } = (await InstallationKeys.load(path.join(dataDir, 'keys'))).receiptKey;
    await scale.connect({ mqttUrl, receiptKey: verifyingKey(kid, publicJwk) });
  }

  const acknowledged = (seq: number) =>
    eventually(() => expect(Math.max(...scale.receipts.map(({ ackedSeq }) => ackedSeq ?? 0))).toBe(seq));

  it('answers scales on a broker of its own', async () => {
    const ingest = await start();
    await connectScale(`mqtt://127.0.0.1:${ingest.brokerPort ?? 0}`);
    await scale.send(scale.message([scale.report()]));
    await acknowledged(1);
  });

  onMosquitto('answers scales on a broker of others, and hears what was said while it was away', async () => {
    mosquitto = await startMosquitto();
    const url = `mqtt://127.0.0.1:${mosquitto.port}`;
    const first = await start(url);
    await connectScale(url);
    await scale.send(scale.message([scale.report()]));
    await acknowledged(1);

    await first.stop();
    running.splice(0);
    for (let n = 0; n < 20; n += 1) await scale.send(scale.message([scale.report()]));
    await start(url);
    await acknowledged(21);
  });

  it('needs to be told its database', async () => {
    await expect(Ingest.start(Settings.fromEnvironment({}))).rejects.toThrow(NoDatabase);
  });

  it('says what to do when it cannot have its port or its broker', async () => {
    const { brokerPort } = await start();
    const env = { DATABASE_URL: test.url, MIZAN_DATA: dataDir };
    const sameport = Settings.fromEnvironment({ ...env, MQTT_PORT: String(brokerPort) });
    await expect(Ingest.start(sameport)).rejects.toThrow(/MQTT_PORT/);
    const nobody = Settings.fromEnvironment({ ...env, MQTT_URL: 'mqtt://127.0.0.1:1' });
    await expect(Ingest.start(nobody)).rejects.toThrow(/MQTT_URL/);
  });
});
