import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { CONTEXTS } from '#composition';
import { PostgresEventStore, type Append } from '#event-store';
import { InstallationKeys, Settings } from '#platform';
import {
  signMessage,
  verifyingKey,
  verifyMessage,
  WEIGHING_REPORTS_SCHEMA,
  type PublicJwk,
  type WeighingReportV1,
} from '#protocol';
import { Ingest } from '../../apps/ingest/src/ingest.js';
import { Projector } from '../../apps/projector/src/projector.js';
import { beside, type Figure } from './figure.js';
import { type ScaleLoad } from './scale-load.worker.js';

const SCALES = 20;
const CARDS = 200;
/** Each figure is the median of this many turns, after one that warms up. */
const TURNS = 3;
const BARE_BATCH = 500;
const BARE_ROWS = 20_000;
const VERIFICATIONS = 5_000;
const UNIT = 'weighings/s';

/** What is sent in one turn by all scales together. */
const LOADS = [
  { name: 'unsigned messages of 1 report, publish to receipt', signed: false, messages: 12_000, reports: 1 },
  { name: 'signed messages of 1 report, publish to receipt', signed: true, messages: 8_000, reports: 1 },
  { name: 'signed messages of 50 reports, publish to receipt', signed: true, messages: 400, reports: 50 },
] as const;

interface BenchScale {
  readonly scaleId: string;
  readonly key: { readonly kid: string; readonly privateKey: KeyObject } | null;
  seq: number;
}

/**
 * Weighings a second from the first publish to the last receipt, through the embedded broker into PostgreSQL, with the
 * load from a thread of its own on the same machine; beside what bounds it: rows a second that the same PostgreSQL takes
 * in bare batches, and signatures a second that one thread verifies.
 * @param url of an empty database
 */
export async function benchIngest(url: string): Promise<readonly Figure[]> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-bench-ingest-'));
  const settings = Settings.fromEnvironment({ DATABASE_URL: url, MIZAN_DATA: dataDir, MQTT_PORT: '0' });
  const scales = benchScales();
  await prepare(url, settings, scales);
  const ingest = await Ingest.start(settings);
  const rates = new Map<string, number[]>();
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const load of LOADS) {
      const elapsedMs = await sendAll(ingest.brokerPort ?? 0, scales, load);
      const rate = (load.messages * load.reports * 1_000) / elapsedMs;
      if (turn > 0) rates.set(load.name, [...(rates.get(load.name) ?? []), rate]);
    }
  }
  await ingest.stop();
  const bare: Figure = {
    name: `INSERT of ${BARE_BATCH} of the same events, bare table`,
    value: await bareInsertRate(url),
    unit: 'rows/s',
  };
  const verifying: Figure = {
    name: 'Ed25519 signatures verified, one thread',
    value: verificationRate(scales),
    unit: 'signatures/s',
  };
  await rm(dataDir, { recursive: true, force: true });
  return [
    ...LOADS.map(({ name }) => beside({ name, value: median(rates.get(name)), unit: UNIT }, bare)),
    bare,
    verifying,
  ];
}

function benchScales(): readonly BenchScale[] {
  return Array.from({ length: SCALES }, (_, n) => ({
    scaleId: `scale-${n}`,
    key: n % 2 === 0 ? null : { kid: `key-${n}`, privateKey: generateKeyPairSync('ed25519').privateKey },
    seq: 0,
  }));
}

/** A municipality with its scales and cards, folded into the read model as the projector does. */
async function prepare(url: string, settings: Settings, scales: readonly BenchScale[]): Promise<void> {
  const projector = await Projector.start(settings, CONTEXTS);
  const keys = await InstallationKeys.load(path.join(settings.dataDir, 'keys'));
  const store = await PostgresEventStore.open(url);
  const cards = Array.from({ length: CARDS }, (_, n) => keys.cardHash(cardOf(n)));
  await store.appendBatch([
    anAppend('municipality-beitillu', 'MunicipalityEstablished', {
      name: { ar: 'بيتللو', en: 'Beitillu' },
      timeZone: 'Asia/Hebron',
      currency: { code: 'ILS', decimals: 2 },
    }),
    ...scales.map((scale) => anAppend(`scale-${scale.scaleId}`, 'ScaleRegistered', registration(scale))),
    ...cards.map((cardHash) => anAppend(`card-${cardHash}`, 'CardIssued', { householdId: uuidv7(), cardHash })),
  ]);
  const listed = anAppend('municipality-beitillu', 'MaterialListed', {
    material: 'plastic',
    name: { ar: 'بلاستيك', en: 'Plastic' },
    colour: '#f2b705',
    pictogram: 'plastic',
    wasteCode: '20 01 39',
  });
  await store.append({ ...listed, expected: 0 });
  const head = await store.head();
  while (projector.state().some(({ position }) => position !== head))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await store.close();
  await projector.stop();
}

function anAppend(stream: string, type: string, data: object): Append {
  const metadata = { municipalityId: 'beitillu', correlationId: 'bench', causationId: 'bench', actor: 'system' };
  const event = { id: uuidv7(), type, schemaVersion: 1, data: { municipalityId: 'beitillu', ...data }, metadata };
  return { stream, expected: 'no-stream', events: [event] };
}

function registration({ scaleId, key }: BenchScale): object {
  const trust = key
    ? { kind: 'signed', kid: key.kid, key: createPublicKey(key.privateKey).export({ format: 'jwk' }) }
    : { kind: 'unsigned' };
  const limits = { capacityGrams: 60_000, minimumGrams: 400, intervalGrams: 20 };
  return { scaleId, pointId: 'school', trust, ...limits, verifiedUntil: '2099-12-31T23:59:59.000Z', firstSeq: 1 };
}

async function sendAll(port: number, scales: readonly BenchScale[], load: (typeof LOADS)[number]): Promise<number> {
  const senders = scales.filter(({ key }) => (key !== null) === load.signed);
  const workerData: ScaleLoad = {
    port,
    scales: senders.map((scale) => ({
      scaleId: scale.scaleId,
      messages: Array.from({ length: load.messages / senders.length }, () => messageOf(scale, load.reports)),
    })),
  };
  const worker = new Worker(new URL('./scale-load.worker.js', import.meta.url), { workerData });
  return new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function messageOf(scale: BenchScale, reports: number): Uint8Array {
  const payload = Buffer.from(
    JSON.stringify({
      schema: WEIGHING_REPORTS_SCHEMA,
      scaleId: scale.scaleId,
      bootId: '0f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c10',
      previous: null,
      reports: Array.from({ length: reports }, () => reportOf((scale.seq += 1))),
    }),
  );
  return scale.key ? Buffer.from(signMessage(payload, scale.key)) : payload;
}

function reportOf(seq: number): WeighingReportV1 {
  return {
    seq,
    weighingId: uuidv7(),
    weighedAt: new Date().toISOString(),
    clock: 'ntp',
    monotonicMs: 82_311,
    card: cardOf(seq % CARDS),
    material: 'plastic',
    grossGrams: 2_350,
    tareGrams: 400,
    stable: true,
    entry: 'measured',
    alibiId: '00012-004711',
    frame: 'ST,GS,    2.35,kg',
  };
}

function cardOf(n: number): string {
  return `04A1B2C3D4${n.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The same rows, in a table with the same columns and indexes, in INSERTs of many rows, two at a time. */
async function bareInsertRate(url: string): Promise<number> {
  const pool = new Pool({ connectionString: url, max: 2 });
  const columns = 'stream, revision, id, type, schema_version, data, metadata, fingerprint';
  const { rows } = await pool.query<unknown[]>({
    rowMode: 'array',
    text: `SELECT stream, revision, id, type, schema_version, data::text, metadata::text, fingerprint
           FROM event_log.event WHERE type = 'WasteWeighed' LIMIT ${BARE_ROWS}`,
  });
  await pool.query('CREATE TABLE public.bare_event (LIKE event_log.event INCLUDING ALL)');
  await pool.query('ALTER TABLE public.bare_event ALTER position ADD GENERATED ALWAYS AS IDENTITY');
  await pool.query('ALTER TABLE public.bare_event ALTER recorded_at SET DEFAULT clock_timestamp()');
  const insert = async (batch: readonly unknown[][]) => {
    await pool.query({
      name: 'insert-batch',
      text: `INSERT INTO public.bare_event (${columns})
        SELECT * FROM unnest($1::text[], $2::int[], $3::uuid[], $4::text[], $5::int[], $6::json[], $7::json[], $8::text[])`,
      values: batch[0]?.map((_, column) => batch.map((row) => row[column])) ?? [],
    });
  };
  const rates: number[] = [];
  for (let turn = 0; turn <= TURNS; turn += 1) {
    const batches = Array.from({ length: BARE_ROWS / BARE_BATCH }, (_, n) =>
      rows.slice(n * BARE_BATCH, (n + 1) * BARE_BATCH),
    );
    const startMs = performance.now();
    const writer = async () => {
      for (let batch = batches.pop(); batch; batch = batches.pop()) await insert(batch);
    };
    await Promise.all([writer(), writer()]);
    if (turn > 0) rates.push((rows.length * 1_000) / (performance.now() - startMs));
    await pool.query('TRUNCATE public.bare_event');
  }
  await pool.end();
  return median(rates);
}

function verificationRate(scales: readonly BenchScale[]): number {
  const signer = scales.find(({ key }) => key !== null)?.key;
  if (!signer) return Number.NaN;
  const jwk = createPublicKey(signer.privateKey).export({ format: 'jwk' }) as unknown as PublicJwk;
  const key = verifyingKey(signer.kid, jwk);
  const message = Buffer.from(signMessage(Buffer.from(JSON.stringify(reportOf(1))), signer));
  const startMs = performance.now();
  for (let n = 0; n < VERIFICATIONS; n += 1) verifyMessage(message, key);
  return (VERIFICATIONS * 1_000) / (performance.now() - startMs);
}

function median(values: readonly number[] = []): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
