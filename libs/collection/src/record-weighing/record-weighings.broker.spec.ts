import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { START, type EventStore, type RecordedEvent } from '#event-store';
import { messageHash, PAYLOAD_BYTES_MAX, REPORTS_PER_MESSAGE_MAX, scaleTopic, signMessage } from '#protocol';
import { eventually } from '../../../../test/support/eventually.js';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { type ReportQuarantined, type WasteWeighed } from '../events/weighing.events.js';
import { startIngest, TestScale, type IngestUnderTest, type World } from '../ingest.testing.js';
import { weighingStream } from '../weighing/weighing.stream.js';

const EXAMPLE = readFileSync('devices/protocol/fixtures/weighing-reports.v1.json', 'utf8');

let database: TestDatabase;
let ingest: IngestUnderTest;
let world: World;
let scale: TestScale;
let trial: TestScale;
let tests = 0;
/** What happens before the log is given anything; replaced by tests that want it to wait, or to fail. */
let beforeAppend: () => Promise<void>;

function interruptible(store: EventStore): EventStore {
  const appendBatch: EventStore['appendBatch'] = async (appends) => {
    await beforeAppend();
    return store.appendBatch(appends);
  };
  return new Proxy(store, {
    get: (target, name, receiver) =>
      name === 'appendBatch' ? appendBatch : (Reflect.get(target, name, receiver) as unknown),
  });
}

/** Two scales of this test's own, so that tests can share an ingest. */
async function newScales(): Promise<void> {
  tests += 1;
  beforeAppend = () => Promise.resolve();
  scale = new TestScale(`beitillu-${tests}`);
  trial = new TestScale(`trial-${tests}`, 'unsigned');
  world.scales.push(scale.registered(), trial.registered());
  await scale.connect(ingest);
  await trial.connect(ingest);
}

/** Of the two scales of this test, or of those that are named. */
async function events<E extends WasteWeighed | ReportQuarantined>(type: E['type'], of?: readonly string[]) {
  const recorded = await ingest.platform.eventStore.readAll({ after: START, max: 10_000, types: [type] });
  const own = of ?? [scale.scaleId, trial.scaleId];
  return (recorded as readonly RecordedEvent<E>[]).filter(({ data }) => own.includes(data.scaleId));
}
const weighings = (...of: string[]) => events<WasteWeighed>('WasteWeighed', of.length > 0 ? of : undefined);
const quarantined = (...of: string[]) => events<ReportQuarantined>('ReportQuarantined', of.length > 0 ? of : undefined);
const receipts = async (from: TestScale, count: number) =>
  eventually(() => {
    expect(from.receipts).toHaveLength(count);
    return from.receipts;
  });
const lastReceipt = async (from: TestScale, count: number) => (await receipts(from, count)).at(-1);

describe('a message on its way into the log', () => {
  beforeAll(async () => {
    database = await startTestDatabase();
    world = { scales: [], cards: [], conditions: [] };
    ingest = await startIngest({ databaseUrl: database.url, world, withStore: interruptible });
  });
  beforeEach(newScales);
  afterEach(async () => {
    world.conditions.splice(0);
    await scale.disconnect();
    await trial.disconnect();
  });
  afterAll(async () => {
    await ingest.stop();
    await database.stop();
  });

  describe('that is signed', () => {
    it('is recorded and answered, with everything that is known of it', async () => {
      const cardHash = ingest.platform.keys.cardHash('04A1B2C3D4E5F6');
      world.cards.push({ municipalityId: 'beitillu', cardHash, householdId: 'household-1' });
      const report = scale.report({ card: '04A1B2C3D4E5F6', alibiId: '00012-004711', frame: 'ST,GS,    2.35,kg' });
      const message = scale.message([report]);
      await scale.send(message);

      expect(await lastReceipt(scale, 1)).toEqual({
        schema: 'mizan/receipt/1',
        scaleId: scale.scaleId,
        ackedSeq: 1,
        results: [{ seq: 1, weighingId: report.weighingId, outcome: 'recorded', netGrams: 1950 }],
        serverTime: expect.stringMatching(/Z$/),
      });
      const [event, ...others] = await weighings();
      expect(others).toEqual([]);
      expect(event).toMatchObject({
        stream: weighingStream(report.weighingId),
        revision: 0,
        schemaVersion: 1,
        metadata: { municipalityId: 'beitillu', actor: scale.scaleId, causationId: messageHash(message) },
        data: { householdId: 'household-1', cardHash, pointId: 'school', seq: 1, reasons: [], netGrams: 1950 },
      });
      expect(JSON.stringify(event)).not.toContain('04A1B2C3D4E5F6');
    });

    it('leaves its bytes as evidence under the hash that the event names', async () => {
      const message = scale.message([scale.report()]);
      await scale.send(message);
      const [event] = await weighings();
      const rows = await ingest.platform.database.query<{ payload: Buffer; topic: string; municipality_id: string }[]>(
        'SELECT payload, topic, municipality_id FROM ingest.evidence WHERE message_hash = $1',
        [event?.data.messageHash],
      );
      expect(rows).toEqual([
        { payload: message, topic: scaleTopic(scale.scaleId, 'weighings'), municipality_id: 'beitillu' },
      ]);
    });

    it('is recorded once, however often it comes, and answered each time', async () => {
      const message = scale.message([scale.report(), scale.report()]);
      await Promise.all(Array.from({ length: 5 }, () => scale.send(message)));
      await scale.send(message);

      const answers = (await receipts(scale, 6)).map(({ ackedSeq, results }) => ({
        ackedSeq,
        outcomes: results.map(({ outcome, netGrams }) => ({ outcome, netGrams })),
      }));
      const both = (outcome: string) => ({
        ackedSeq: 2,
        outcomes: Array(2).fill({ outcome, netGrams: 1950 }) as unknown,
      });
      expect(answers).toEqual([both('recorded'), ...Array.from({ length: 5 }, () => both('duplicate'))]);
      expect(await weighings()).toHaveLength(2);
    });

    it('may hold new and repeated reports together', async () => {
      const first = scale.report();
      await scale.send(scale.message([first]));
      await scale.send(scale.message([first, scale.report()]));
      expect((await lastReceipt(scale, 2))?.results.map(({ outcome }) => outcome)).toEqual(['duplicate', 'recorded']);
    });

    it('is recorded with its unknown fields counted as content', async () => {
      const report = scale.report();
      await scale.send(scale.message([{ ...report, moisture: 12.5 }]));
      await scale.send(scale.message([{ ...report, moisture: 13.5 }]));
      expect((await lastReceipt(scale, 2))?.results).toMatchObject([
        { outcome: 'quarantined', reasons: ['content-differs'] },
      ]);
    });
  });

  describe('that is not signed, from a scale that need not', () => {
    it('is the example of the contract, its repeat, and its contradiction', async () => {
      world.conditions.push({
        municipalityId: 'beitillu',
        effectiveFrom: '2026-01-01T00:00:00.000Z',
        earnsDespite: ['unsigned', 'unknown-card'],
      });
      const example = JSON.parse(EXAMPLE) as { scaleId: string; reports: { weighedAt: string; grossGrams: number }[] };
      example.scaleId = trial.scaleId;
      example.reports.forEach((report) => (report.weighedAt = new Date().toISOString()));
      await trial.send(JSON.stringify(example));
      const weighing = { seq: 4711, weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f' };
      expect(await lastReceipt(trial, 1)).toMatchObject({
        scaleId: trial.scaleId,
        ackedSeq: 4711,
        results: [{ ...weighing, outcome: 'recorded', netGrams: 1950 }],
      });
      await trial.send(JSON.stringify(example, null, 2));
      expect(await lastReceipt(trial, 2)).toMatchObject({
        ackedSeq: 4711,
        results: [{ ...weighing, outcome: 'duplicate' }],
      });
      example.reports.forEach((report) => (report.grossGrams += 1));
      await trial.send(JSON.stringify(example));
      expect(await lastReceipt(trial, 3)).toMatchObject({
        ackedSeq: 4711,
        results: [{ ...weighing, outcome: 'quarantined', reasons: ['content-differs'] }],
      });
      expect(await weighings()).toHaveLength(1);
      expect(await quarantined()).toMatchObject([
        { data: { scaleId: trial.scaleId, ...weighing, reasons: ['content-differs'] } },
      ]);
    });

    it('earns nothing unless the scheme in force at that time says so', async () => {
      const noon = new Date(Date.now() - 3_600_000);
      const condition = (effectiveFrom: Date, earnsDespite: string[]) => ({
        municipalityId: 'beitillu',
        effectiveFrom: effectiveFrom.toISOString(),
        earnsDespite,
      });
      world.conditions.push(condition(noon, ['unsigned']), condition(new Date(0), []));
      const before = trial.report({ weighedAt: new Date(noon.getTime() - 1).toISOString() });
      await trial.send(
        trial.message([before, trial.report({ weighedAt: noon.toISOString() }), trial.report({ stable: false })]),
      );
      expect((await lastReceipt(trial, 1))?.results).toMatchObject([
        { outcome: 'not-rewardable', netGrams: 1950, reasons: ['unsigned'] },
        { outcome: 'recorded', netGrams: 1950 },
        { outcome: 'not-rewardable', netGrams: 1950, reasons: ['unsigned', 'unstable'] },
      ]);
    });

    it('counts from the first number that was heard', async () => {
      await trial.send(trial.message([trial.report({ seq: 7 }), trial.report({ seq: 8 })]));
      expect(await lastReceipt(trial, 1)).toMatchObject({ ackedSeq: 8 });
    });
  });

  describe('that contradicts what is recorded', () => {
    it.each([
      [
        'other content under the same number',
        (known: { seq: number; weighingId: string }) => ({ ...known, grossGrams: 9_000 }),
      ],
      ['another weighing under the same number', ({ seq }: { seq: number }) => ({ seq })],
      ['the same weighing under another number', ({ weighingId }: { weighingId: string }) => ({ weighingId })],
    ])('with %s is quarantined, and the recorded one stays', async (_, change) => {
      const first = scale.report();
      await scale.send(scale.message([first]));
      const { seq, weighingId } = scale.report();
      await scale.send(scale.message([{ ...first, seq, weighingId, ...change(first) }]));
      expect((await lastReceipt(scale, 2))?.results).toMatchObject([
        { outcome: 'quarantined', reasons: ['content-differs'] },
      ]);
      expect((await weighings()).map(({ data }) => data.weighingId)).toEqual([first.weighingId]);
      expect(await quarantined()).toHaveLength(1);
    });

    it('within one batch is found too', async () => {
      const first = scale.report();
      await scale.send(scale.message([first, { ...first, grossGrams: 9_000 }, first]));
      expect((await lastReceipt(scale, 1))?.results.map(({ outcome }) => outcome)).toEqual([
        'recorded',
        'quarantined',
        'duplicate',
      ]);
    });

    it('is quarantined once, however often it comes', async () => {
      const first = scale.report();
      await scale.send(scale.message([first]));
      const contradiction = scale.message([{ ...first, grossGrams: 9_000 }]);
      for (let time = 0; time < 3; time += 1) await scale.send(contradiction);
      expect((await lastReceipt(scale, 4))?.results).toMatchObject([
        { outcome: 'quarantined', reasons: ['content-differs'] },
      ]);
      expect(await quarantined()).toHaveLength(1);
    });
  });

  describe('that cannot be what happened', () => {
    it('is kept for a person and covered by the receipt, because it is durable', async () => {
      await scale.send(
        scale.message([
          scale.report({ grossGrams: 100, tareGrams: 400 }),
          scale.report({ weighedAt: '2020-01-01T00:00:00.000Z' }),
          scale.report(),
        ]),
      );
      expect(await lastReceipt(scale, 1)).toMatchObject({
        ackedSeq: 3,
        results: [
          { seq: 1, outcome: 'quarantined', reasons: ['tare-exceeds-gross'] },
          { seq: 2, outcome: 'quarantined', reasons: ['clock-implausible'] },
          { seq: 3, outcome: 'recorded' },
        ],
      });
      expect((await quarantined()).map(({ data }) => [data.seq, data.details])).toEqual([
        [1, ['reports[0]: tareGrams is more than grossGrams']],
        [2, ['reports[1]: weighedAt is too far from the time of receipt']],
      ]);
    });
  });

  describe('that is wrong in part', () => {
    it('is recorded in the other part, and the answer and the quarantine name what is wrong', async () => {
      const wrong = { ...scale.report(), grossGrams: 'SECRET', card: 5 };
      await scale.send(scale.message([wrong, scale.report(), { noSeq: true }, 17]));
      expect(await lastReceipt(scale, 1)).toMatchObject({
        ackedSeq: 2,
        results: [
          { seq: 1, weighingId: wrong.weighingId, outcome: 'quarantined', reasons: ['bad-schema'] },
          { seq: 2, outcome: 'recorded' },
          { seq: null, weighingId: null, outcome: 'quarantined', reasons: ['bad-schema'] },
          { seq: null, weighingId: null, outcome: 'quarantined', reasons: ['bad-schema'] },
        ],
      });
      const [numbered, unnumbered, ...others] = (await quarantined()).map(({ data }) => data);
      expect(others).toEqual([]);
      expect(numbered).toMatchObject({ seq: 1, weighingId: wrong.weighingId });
      expect(numbered?.details.map((detail) => detail.split(':')[0])).toEqual([
        'reports[0].card',
        'reports[0].grossGrams',
      ]);
      expect(unnumbered).toMatchObject({ seq: null, weighingId: null });
      expect(unnumbered?.details).toEqual(
        expect.arrayContaining([expect.stringMatching(/^reports\[2\]\.seq/), expect.stringMatching(/^reports\[3\]/)]),
      );
      expect(JSON.stringify([numbered, unnumbered])).not.toContain('SECRET');
    });
  });

  describe('that cannot be believed', () => {
    const refusals: [string, string, (own: TestScale) => Buffer][] = [
      ['noise', 'bad-signature', () => randomBytes(300)],
      ['nothing', 'bad-signature', () => Buffer.alloc(0)],
      [
        'plain JSON from a scale that signs',
        'bad-signature',
        (own) => {
          const unsigned = new TestScale(own.scaleId, 'unsigned');
          return unsigned.message([unsigned.report()]);
        },
      ],
      [
        'a signature by another key under the same name',
        'bad-signature',
        (own) => {
          const impostor = new TestScale(own.scaleId);
          return impostor.message([impostor.report()]);
        },
      ],
      [
        'a signature by the key of another name',
        'bad-signature',
        (own) => Buffer.from(signMessage(own.message([own.report()]), { kid: 'other', privateKey: own.privateKey })),
      ],
      [
        'a changed payload',
        'bad-signature',
        (own) => {
          const [header, , signature] = own.message([own.report()]).toString().split('.');
          return Buffer.from([header, Buffer.from('{}').toString('base64url'), signature].join('.'));
        },
      ],
      ['a signature over something else', 'bad-schema', (own) => Buffer.from(signMessage(Buffer.from('"hello"'), own))],
      [
        'a message of a later version',
        'bad-schema',
        (own) => own.message([own.report()], { schema: 'mizan/weighing-reports/2' }),
      ],
      [
        'a message in the name of another scale',
        'bad-schema',
        (own) => own.message([own.report()], { scaleId: `${own.scaleId}-neighbour` }),
      ],
      [
        'a hundred and one reports',
        'bad-schema',
        (own) => own.message(Array.from({ length: 101 }, () => own.report())),
      ],
      [
        'a payload above the limit',
        'bad-schema',
        (own) => own.message([own.report()], { padding: 'x'.repeat(PAYLOAD_BYTES_MAX) }),
      ],
    ];

    it.each(refusals)('because it is %s is quarantined as %s and moves no sequence', async (_, reason, messageOf) => {
      const message = messageOf(scale);
      await scale.send(message);
      await scale.send(message);
      expect(await receipts(scale, 2)).toEqual(
        Array(2).fill({
          schema: 'mizan/receipt/1',
          scaleId: scale.scaleId,
          ackedSeq: null,
          results: [],
          reasons: [reason],
          serverTime: expect.any(String),
        }),
      );
      const [event, ...others] = await quarantined();
      expect(others).toEqual([]);
      expect(event).toMatchObject({
        metadata: { municipalityId: 'beitillu' },
        data: {
          scaleId: scale.scaleId,
          seq: null,
          weighingId: null,
          reasons: [reason],
          details: [expect.any(String)],
          messageHash: messageHash(message),
        },
      });
      expect(await weighings()).toEqual([]);
      const { database: tables } = ingest.platform;
      const [moved] = await tables.query<object[]>('SELECT * FROM ingest.scale_sequence WHERE scale_id = $1', [
        scale.scaleId,
      ]);
      expect(moved).toBeUndefined();
      const topic = scaleTopic(scale.scaleId, 'weighings');
      expect(await tables.query('SELECT payload FROM ingest.evidence WHERE topic = $1', [topic])).toEqual([
        { payload: message },
      ]);
    });

    it('because nobody registered its scale is shown to the municipality that looks after such things, and taken once it is registered', async () => {
      const stranger = new TestScale('stranger-9');
      await stranger.connect(ingest);
      const message = stranger.message([stranger.report()]);
      await stranger.send(message);
      expect(await lastReceipt(stranger, 1)).toMatchObject({ ackedSeq: null, results: [], reasons: ['unknown-scale'] });
      expect(await quarantined('stranger-9')).toMatchObject([
        { metadata: { municipalityId: 'beitillu' }, data: { scaleId: 'stranger-9', reasons: ['unknown-scale'] } },
      ]);

      world.scales.push(stranger.registered());
      await stranger.send(message);
      expect(await lastReceipt(stranger, 2)).toMatchObject({ ackedSeq: 1, results: [{ outcome: 'recorded' }] });
      await stranger.disconnect();
    });

    it('because it was copied from another scale is refused on the topic it was copied to', async () => {
      const other = new TestScale('neighbour');
      world.scales.push(other.registered());
      await scale.send(scale.message([scale.report()]), scaleTopic('neighbour', 'weighings'));
      const [event] = await eventually(async () => {
        const found = await quarantined('neighbour');
        expect(found).toHaveLength(1);
        return found;
      });
      expect(event?.data).toMatchObject({ scaleId: 'neighbour', reasons: ['bad-signature'] });
      expect(scale.receipts).toEqual([]);
    });
  });

  describe('among others', () => {
    it('is covered only when all before it are there, in whatever order they come', async () => {
      const [one, two, three, four] = [scale.report(), scale.report(), scale.report(), scale.report()];
      const acked: (number | null | undefined)[] = [];
      for (const [at, report] of [three, one, four, two].entries()) {
        await scale.send(scale.message([report]));
        acked.push((await lastReceipt(scale, at + 1))?.ackedSeq);
      }
      expect(acked).toEqual([null, 1, 1, 4]);
    });

    it('leaves a gap that can be seen, and blocks nobody', async () => {
      await scale.send(scale.message([scale.report(), scale.report()]));
      await scale.send(scale.message([scale.report({ seq: 6 }), scale.report({ seq: 7 }), scale.report({ seq: 9 })]));
      await receipts(scale, 2);
      const [row] = await ingest.platform.database.query<Record<string, string>[]>(
        'SELECT * FROM ingest.scale_sequence WHERE scale_id = $1',
        [scale.scaleId],
      );
      expect(row).toEqual({
        scale_id: scale.scaleId,
        municipality_id: 'beitillu',
        first_seq: '1',
        stored: '{[1,3),[6,8),[9,10)}',
        acked_seq: '2',
        missing: '{[3,6),[8,9)}',
      });
      expect(await weighings()).toHaveLength(5);
    });

    it('is recorded with a hundred reports, up to the limit of its size', async () => {
      const reports = Array.from({ length: REPORTS_PER_MESSAGE_MAX }, () => scale.report());
      const room = PAYLOAD_BYTES_MAX - Buffer.byteLength(JSON.stringify(reports)) - 1_000;
      await scale.send(scale.message(reports, { padding: 'x'.repeat(room) }));
      const receipt = await lastReceipt(scale, 1);
      expect(receipt?.ackedSeq).toBe(100);
      expect(receipt?.results.map(({ seq, outcome }) => ({ seq, outcome }))).toEqual(
        reports.map(({ seq }) => ({ seq, outcome: 'recorded' })),
      );
      expect(await weighings()).toHaveLength(100);
    });

    it('is recorded while other scales send at the same time', async () => {
      const scales = Array.from({ length: 10 }, (_, n) => new TestScale(`village-${n}`));
      world.scales.push(...scales.map((one) => one.registered()));
      await Promise.all(
        scales.map(async (one) => {
          await one.connect(ingest);
          const messages = Array.from({ length: 30 }, () => one.message([one.report(), one.report()]));
          await Promise.all([...messages, ...messages.toReversed()].map((message) => one.send(message)));
          await receipts(one, 60);
          expect(Math.max(...one.receipts.map(({ ackedSeq }) => ackedSeq ?? 0))).toBe(60);
          await one.disconnect();
        }),
      );
      const recorded = await weighings(...scales.map(({ scaleId }) => scaleId));
      expect(recorded).toHaveLength(600);
      expect(new Set(recorded.map(({ data }) => `${data.scaleId} ${data.seq}`)).size).toBe(600);
    });

    it('outlives noise on the port and packets that are too large', async () => {
      const url = new URL(ingest.mqttUrl);
      for (const noise of [randomBytes(5_000), Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])]) {
        const socket = connectTcp(Number(url.port), url.hostname);
        socket.on('error', () => undefined).end(noise);
        await new Promise((resolve) => socket.once('close', resolve));
      }
      await scale.send(scale.message([scale.report()]));
      expect(await lastReceipt(scale, 1)).toMatchObject({ ackedSeq: 1 });
    });
  });

  describe('and the promise of its receipt', () => {
    it('is made only when the log has it, and so is the acknowledgement', async () => {
      const waiting: (() => void)[] = [];
      beforeAppend = () => new Promise((resolve) => waiting.push(resolve));
      let acknowledged = false;
      const sending = scale.send(scale.message([scale.report()])).then(() => (acknowledged = true));
      await eventually(() => expect(waiting).toHaveLength(1));
      // What else is said to this scale arrives; neither a receipt nor an acknowledgement of the message has.
      await scale.send('online', scaleTopic(scale.scaleId, 'status'));
      expect(scale.receipts).toEqual([]);
      expect(acknowledged).toBe(false);
      waiting[0]?.();
      await sending;
      expect(await lastReceipt(scale, 1)).toMatchObject({ ackedSeq: 1 });
    });

    it('is not made when the log cannot be reached: the scale repeats until it is', async () => {
      let attempts = 0;
      beforeAppend = () => (++attempts <= 3 ? Promise.reject(new Error('the database is away')) : Promise.resolve());
      const message = scale.message([scale.report()]);
      await scale.send(message);
      expect(attempts).toBe(4);
      expect(await weighings()).toHaveLength(1);
      // The receipt may have come before this scale had subscribed again on its new connection; so it asks again.
      await scale.send(message);
      await eventually(() => expect(scale.receipts.at(-1)).toMatchObject({ ackedSeq: 1 }));
      expect(await weighings()).toHaveLength(1);
    });

    it('is kept when the database loses its connections in the middle of the work', async () => {
      const messages = Array.from({ length: 200 }, () => scale.message([scale.report()]));
      const sending = Promise.all(messages.map((message) => scale.send(message)));
      const killer = new Client({ connectionString: database.url });
      await killer.connect();
      for (let time = 0; time < 5; time += 1) {
        await killer.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
      }
      await killer.end();
      await sending;
      // Receipts may have come before this scale had subscribed again on a new connection; so it asks again.
      await scale.send(messages.at(-1) ?? '');
      await eventually(() => expect(scale.receipts.some(({ ackedSeq }) => ackedSeq === 200)).toBe(true));
      const recorded = await weighings();
      expect(recorded.map(({ data }) => data.seq).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 200 }, (_, n) => n + 1),
      );
    });
  });
});
