import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ReportQuarantined, type WasteWeighed } from '#collection/events';
import { READ_EVENTS_MAX, START, type RecordedEvent } from '#event-store';
import { messageHash, scaleTopic, type WeighingReportV1 } from '#protocol';
import { SeededRandom } from '../../devices/scale-simulator/src/village/seeded-random.js';
import { startIngest, TestScale, type IngestUnderTest, type World } from '../../libs/collection/src/ingest.testing.js';
import { eventually } from '../support/eventually.js';
import { startTestDatabase, type TestDatabase } from '../support/test-database.js';

const MESSAGES = 100_000;
const SCALES = 10;
/** Sent before any of them is waited for. */
const AT_ONCE = 1_000;
/** After the first of this many the memory is measured, and after the last. */
const WARM_UP = 20_000;
const GROWTH_BYTES_MAX = 64 * 1024 * 1024;
const TEST_MS_MAX = 600_000;
const SEED = process.env['FAULTS_SEED'] ?? randomBytes(4).toString('hex');

const random = new SeededRandom(SEED);
const below = (limit: number) => Math.floor(random.between(0, limit));

/** What no programmer expects where something else belongs. */
const WILD: readonly unknown[] = [
  ...[null, true, 0, -1, 0.5, 1e308, -0, 2 ** 53, 2 ** 63, '', ' ', '0', 'NaN', '-1', '1e3'],
  ...[
    '\0',
    '\ud800',
    '٣٫٥',
    '👩‍👩‍👧',
    'a'.repeat(5_000),
    '../../etc/passwd',
    "'; DROP TABLE event_log.event; --",
    '__proto__',
  ],
  ...[
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '2026-02-30T00:00:00.000Z',
    '00000000-0000-0000-0000-000000000000',
  ],
  ...[[], {}, [[]], { a: { b: {} } }, Array.from({ length: 200 }, () => 0), nested(500)],
];

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** What has not even the form of a message. */
const NO_MESSAGES: readonly Buffer[] = [
  ...WILD.map((value) => Buffer.from(JSON.stringify(value))),
  Buffer.from('['.repeat(30_000) + ']'.repeat(30_000)),
  Buffer.alloc(0),
  Buffer.alloc(70_000, '{"a":'),
];

interface Sent {
  readonly topic: string;
  readonly payload: Buffer;
}

/** Messages that are right, all but a little: every one of them is decided by chance. */
class Mutator {
  private readonly reports: WeighingReportV1[] = [];

  constructor(private readonly scales: readonly TestScale[]) {}

  next(): Sent {
    const scale = random.pick(this.scales);
    const reports = Array.from({ length: 1 + below(3) }, () => this.report(scale));
    const told: unknown[] = random.chance(0.7) ? reports.map((report) => this.disturbed(report)) : reports;
    const envelope = random.chance(0.3) ? { [random.pick(ENVELOPE)]: random.pick(WILD) } : {};
    const message = random.chance(0.02) ? random.pick(NO_MESSAGES) : scale.message(told, envelope);
    return { topic: this.topic(scale), payload: random.chance(0.4) ? damaged(message) : message };
  }

  /** A new one, or one that was sent before: as it was, or with something else in it. */
  private report(scale: TestScale): WeighingReportV1 {
    if (this.reports.length > 0 && random.chance(0.2)) return random.pick(this.reports);
    const report = scale.report();
    if (this.reports.length < 1_000) this.reports.push(report);
    return report;
  }

  private disturbed(report: WeighingReportV1): unknown {
    const fields = Object.keys(report);
    const field = random.pick(fields);
    const kind = below(4);
    if (kind === 0) return { ...report, [field]: random.pick(WILD) };
    if (kind === 1) return { ...report, [String(random.pick(WILD))]: random.pick(WILD) };
    if (kind === 2) return Object.fromEntries(Object.entries(report).filter(([name]) => name !== field));
    return random.chance(0.1) ? random.pick(WILD) : report;
  }

  private topic(scale: TestScale): string {
    if (random.chance(0.95)) return scaleTopic(scale.scaleId, 'weighings');
    return random.pick([
      scaleTopic(random.pick(this.scales).scaleId, 'weighings'),
      scaleTopic('stranger', 'weighings'),
      scaleTopic(scale.scaleId, 'events'),
      scaleTopic(scale.scaleId, 'status'),
      'mizan/v1/scales/a b/weighings',
      'elsewhere',
    ]);
  }
}

const ENVELOPE = ['schema', 'scaleId', 'bootId', 'previous', 'reports', 'more'] as const;

function damaged(message: Buffer): Buffer {
  const at = below(message.length + 1);
  const noise = Buffer.from(Array.from({ length: below(8) }, () => below(256)));
  switch (below(4)) {
    case 0:
      return message.subarray(0, at);
    case 1:
      return Buffer.concat([message.subarray(0, at), noise, message.subarray(at)]);
    case 2:
      return Buffer.concat([message.subarray(0, at), noise, message.subarray(at + noise.length)]);
    default:
      return Buffer.concat([message, message]);
  }
}

/** Bytes in use once everything that can be let go of is, on the heap and beside it. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe(`${MESSAGES.toLocaleString('en')} messages that are almost right`, () => {
  let database: TestDatabase;
  let world: World;
  let ingest: IngestUnderTest;
  let growth: number;
  /** Each message that was sent, and the reports that can be read in it. Not its bytes, which would take up memory. */
  const sent = new Map<string, readonly string[]>();
  const failed: unknown[] = [];
  const scales = Array.from(
    { length: SCALES },
    (_, n) => new TestScale(`scale-${n}`, n % 2 === 0 ? 'signed' : 'unsigned'),
  );

  beforeAll(async () => {
    process.stderr.write(`FAULTS_SEED=${SEED}\n`);
    database = await startTestDatabase();
    world = { scales: scales.map((scale) => scale.registered()), cards: [], conditions: [] };
    ingest = await startIngest({ databaseUrl: database.url, world });
    const mutator = new Mutator(scales);
    let atFirst = 0;
    for (let count = 0; count < MESSAGES; count += AT_ONCE) {
      if (count === WARM_UP) atFirst = bytesInUse();
      const messages = Array.from({ length: AT_ONCE }, () => mutator.next());
      for (const { topic, payload } of messages) sent.set(keyOf(topic, messageHash(payload)), reportsIn(payload));
      const taken = await Promise.allSettled(messages.map((message) => ingest.take(message)));
      for (const one of taken) if (one.status === 'rejected') failed.push(one.reason);
    }
    growth = bytesInUse() - atFirst;
  }, TEST_MS_MAX);
  afterAll(async () => {
    await ingest.stop();
    await database.stop();
  });

  async function recorded<E extends WasteWeighed | ReportQuarantined>(type: E['type']) {
    const events: RecordedEvent<E>[] = [];
    for (let after = START; ;) {
      const page = await ingest.platform.eventStore.readAll({ after, max: READ_EVENTS_MAX, types: [type] });
      events.push(...(page as readonly RecordedEvent<E>[]));
      after = page.at(-1)?.position ?? after;
      if (page.length < READ_EVENTS_MAX) return events;
    }
  }

  it('are all taken in: none makes the intake fail', () => {
    expect(failed.slice(0, 3)).toEqual([]);
  });

  it('leave no memory in use', () => {
    expect(growth).toBeLessThan(GROWTH_BYTES_MAX);
  });

  it('are recorded or quarantined, each of them, and nothing is that nobody sent', async () => {
    const weighings = await recorded<WasteWeighed>('WasteWeighed');
    const cases = await recorded<ReportQuarantined>('ReportQuarantined');
    expect(weighings.length).toBeGreaterThan(MESSAGES / 10);
    expect(cases.length).toBeGreaterThan(MESSAGES / 10);
    const heard = new Set(weighings.map(({ data }) => keyOf(scaleTopic(data.scaleId, 'weighings'), data.messageHash)));
    for (const { data } of cases) heard.add(keyOf(data.topic, data.messageHash));
    const unsent = [...heard].filter((key) => !sent.has(key));
    expect(unsent.slice(0, 3)).toEqual([]);

    // Those that are neither say of weighings only what is recorded already, or speak of something else.
    const seqs = new Set(weighings.map(({ data }) => `${data.scaleId} ${data.seq}`));
    const unheard = [...sent].filter(([key]) => !heard.has(key) && !isNoReport(key));
    const lost = unheard.filter(([, reports]) => reports.length === 0 || !reports.every((report) => seqs.has(report)));
    expect(lost.slice(0, 3)).toEqual([]);
  });

  it('keep nothing from being recorded afterwards', async () => {
    const scale = new TestScale('afterwards');
    world.scales.push(scale.registered());
    await scale.connect(ingest);
    await scale.send(scale.message([scale.report()]));
    await eventually(() => expect(scale.receipts).toMatchObject([{ ackedSeq: 1 }]));
    await scale.disconnect();
  });
});

const keyOf = (topic: string, hash: string) => `${topic} ${hash}`;

const isNoReport = (key: string) => /\/(events|status) /.test(key);

/** Scale and number of each report of a message; none where it cannot be read. */
function reportsIn(message: Buffer): readonly string[] {
  const [, signed = ''] = message.toString('latin1').split('.');
  const text = message[0] === 0x7b ? message.toString() : Buffer.from(signed, 'base64url').toString();
  try {
    const { scaleId, reports } = JSON.parse(text) as { scaleId: string; reports: readonly { seq: number }[] };
    return reports.map(({ seq }) => `${scaleId} ${seq}`);
  } catch {
    return [];
  }
}
