import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ReceiptingBroker } from '../../../../devices/scale-simulator/src/testing.js';
import { eventually } from '../../../../test/support/eventually.js';
import { DemoScales, type Pace } from './demo-scales.js';

const NOW_MS = Date.parse('2026-11-25T09:00:00.000Z');
const LATER_MS = NOW_MS + 3 * 24 * 3_600_000;
const NOBODY_COMES: Pace = { firstVisitMs: 3_600_000, visitEveryMs: 3_600_000, haste: 1 };
const BUSY: Pace = { firstVisitMs: 1, visitEveryMs: 20, haste: 10_000 };

let dataDir: string;
let broker: ReceiptingBroker;
let started: DemoScales[];
let warnings: string[];

beforeEach(async () => {
  await begin();
  warnings = [];
  jest.spyOn(console, 'warn').mockImplementation((text: string) => void warnings.push(text));
});

afterEach(async () => {
  await end();
  jest.restoreAllMocks();
});

/** A new data folder, and a broker that has heard nothing yet. */
async function begin(): Promise<void> {
  dataDir = await mkdtemp(path.join(tmpdir(), 'demo scales '));
  broker = await ReceiptingBroker.start();
  started = [];
}

async function end(): Promise<void> {
  await Promise.all(started.map((scales) => scales.stop()));
  await broker.stop();
  await rm(dataDir, { recursive: true });
}

async function prepare(simulatedScales: number, nowMs = NOW_MS): Promise<DemoScales> {
  return DemoScales.prepare({ dataDir, simulatedScales }, nowMs);
}

/** Switches scales on and waits until receipts cover all that they hold. */
async function handIn(scales: DemoScales, pace = NOBODY_COMES): Promise<void> {
  await switchOn(scales, pace);
  await eventually(() => {
    expect(scales.reportsHeld).toBe(0);
  });
}

async function switchOn(scales: DemoScales, pace: Pace): Promise<void> {
  started.push(scales);
  await scales.start({ brokerUrl: broker.url, receiptKey: broker.key.jwk, pace });
}

async function switchOff(scales: DemoScales): Promise<void> {
  started = started.filter((one) => one !== scales);
  await scales.stop();
}

/** What the broker heard of each scale, without repetitions: number → time, material and weight. */
function heard(): Map<string, Map<number, string>> {
  const byScale = new Map<string, Map<number, string>>();
  for (const { scaleId, reports } of broker.messages) {
    const ofScale = byScale.get(scaleId) ?? new Map<number, string>();
    for (const { seq, weighedAt, material, grossGrams } of reports) {
      ofScale.set(seq, `${weighedAt} ${material} ${grossGrams}`);
    }
    byScale.set(scaleId, ofScale);
  }
  return byScale;
}

const countOf = (scaleId: string) => heard().get(scaleId)?.size ?? 0;

describe('the scales of the demo', () => {
  it('hand in what the village weighed in sixty days, in full messages', async () => {
    await handIn(await prepare(5));
    const total = [...heard().values()].reduce((sum, reports) => sum + reports.size, 0);
    expect(total).toBeGreaterThan(2_500);
    expect(broker.messages.length).toBeLessThan(total / 40);
    for (const reports of heard().values()) {
      const times = [...reports.values()].map((report) => report.slice(0, 24));
      expect(times).toEqual([...times].sort());
      expect(times.at(-1)! < new Date(NOW_MS).toISOString()).toBe(true);
      expect(times[0]! > new Date(NOW_MS - 62 * 24 * 3_600_000).toISOString()).toBe(true);
    }
  });

  it('hand it in once, however often they are started', async () => {
    const first = await prepare(3);
    const keys = first.registrations;
    await handIn(first);
    const before = heard();
    await switchOff(first);

    const again = await prepare(3, LATER_MS);
    expect(again.registrations).toEqual(keys);
    await handIn(again);
    expect(heard()).toEqual(before);
  });

  it('have the same past when the first start was killed half way', async () => {
    await handIn(await prepare(3));
    const uninterrupted = heard();
    await end();
    await begin();

    // The first scale is there, the second half, the third not at all.
    await prepare(3);
    await rm(path.join(dataDir, 'scales/beitillu-02'), { recursive: true });
    await rm(path.join(dataDir, 'scales/beitillu-03'), { recursive: true });
    await writeFile(path.join(dataDir, 'scales/beitillu-02.new'), 'unfinished');
    await handIn(await prepare(3, LATER_MS));
    expect(heard()).toEqual(uninterrupted);
  });

  it('weigh on, each visit at a scale that is switched on', async () => {
    const scales = await prepare(2);
    await handIn(scales, NOBODY_COMES);
    const before = { first: countOf('beitillu-01'), second: countOf('beitillu-02') };
    await switchOff(scales);

    await switchOn(await prepare(2), BUSY);
    await eventually(() => {
      expect(countOf('beitillu-01')).toBeGreaterThan(before.first + 3);
      expect(countOf('beitillu-02')).toBeGreaterThan(before.second + 3);
    });
    expect(warnings).toEqual([]);
  });

  it('may become more: new ones begin without a past, old ones go on', async () => {
    const few = await prepare(1);
    await handIn(few);
    const past = countOf('beitillu-01');
    await switchOff(few);

    const more = await prepare(3, LATER_MS);
    expect(more.registrations.map(({ scaleId }) => scaleId)).toEqual(['beitillu-01', 'beitillu-02', 'beitillu-03']);
    await switchOn(more, BUSY);
    await eventually(() => {
      expect(countOf('beitillu-01')).toBeGreaterThan(past);
      expect(countOf('beitillu-02')).toBeGreaterThan(2);
      expect(countOf('beitillu-03')).toBeGreaterThan(2);
    });
    expect(countOf('beitillu-02')).toBeLessThan(past);
  });

  it('may become fewer and more again: those that rested go on where they were', async () => {
    const three = await prepare(3);
    await handIn(three);
    const rested = countOf('beitillu-03');
    await switchOff(three);

    const one = await prepare(1, LATER_MS);
    await handIn(one);
    await switchOff(one);
    expect(countOf('beitillu-03')).toBe(rested);

    await switchOn(await prepare(3, LATER_MS), BUSY);
    await eventually(() => {
      expect(countOf('beitillu-03')).toBeGreaterThan(rested);
    });
  });

  it('have a past also when the first start was without any', async () => {
    const none = await prepare(0);
    expect(none.registrations).toEqual([]);
    await switchOn(none, BUSY);
    await switchOff(none);

    await handIn(await prepare(1, LATER_MS));
    expect(countOf('beitillu-01')).toBeGreaterThan(1_000);
  });

  it('do without one whose queue is damaged, and say so', async () => {
    await prepare(2);
    const queue = path.join(dataDir, 'scales/beitillu-01/queue.log');
    await truncate(queue, 0);
    await writeFile(queue, Buffer.concat([Buffer.from('damaged'), frameOf('{}')]));
    await handIn(await prepare(2));
    expect(countOf('beitillu-01')).toBe(0);
    expect(countOf('beitillu-02')).toBeGreaterThan(100);
    expect(warnings).toEqual([expect.stringMatching(/^Simulated scale beitillu-01: JournalDamaged/)]);
  });

  it('do without one that the register refuses, and say so', async () => {
    const scales = await prepare(2);
    started.push(scales);
    const refused = [{ scaleId: 'beitillu-02', reason: 'registered with another key' }];
    await scales.start({ brokerUrl: broker.url, receiptKey: broker.key.jwk, pace: NOBODY_COMES }, refused);
    await eventually(() => {
      expect(scales.reportsHeld).toBe(0);
    });
    expect(countOf('beitillu-01')).toBeGreaterThan(100);
    expect(countOf('beitillu-02')).toBe(0);
    expect(warnings).toEqual(['Simulated scale beitillu-02: registered with another key']);
  });
});

function frameOf(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(Buffer.from(text), crc32(length)));
  return Buffer.concat([length, checksum, Buffer.from(text)]);
}
