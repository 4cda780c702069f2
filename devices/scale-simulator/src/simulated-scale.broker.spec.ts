import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyMessage } from '#protocol';
import { eventually } from '../../../test/support/eventually.js';
import { QueueClosed, QueueFull } from './queue/message-queue.js';
import { createScaleFolder } from './scale-folder.js';
import { ReceiptRefused, SimulatedScale, type ScaleOptions } from './simulated-scale.js';
import { contentOf, ReceiptingBroker, TestReceiptKey } from './testing.js';
import { Ticker } from './ticker.js';
import { SeededRandom } from './village/seeded-random.js';
import { type Weighing } from './weighing.js';

const GLASS: Weighing = { card: 'A1', material: 'glass', grossGrams: 2_000, tareGrams: 400 };
const scaleId = 'beitillu-01';
/** Everything that is done "now and then" is done often here. */
const ticker = new Ticker(5);

let parent: string;
let broker: ReceiptingBroker;
let scales: SimulatedScale[];
let problems: unknown[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'scales-'));
  broker = await ReceiptingBroker.start();
  scales = [];
  problems = [];
});

afterEach(async () => {
  await Promise.all(scales.map((scale) => scale.cutPower().catch(() => undefined)));
  await broker.stop();
  await rm(parent, { recursive: true });
});

async function switchedOn(options: Partial<ScaleOptions> = {}): Promise<SimulatedScale> {
  const scale = await SimulatedScale.open({
    scaleId,
    folder: join(parent, options.scaleId ?? scaleId),
    brokerUrl: broker.url,
    receiptKeys: broker.key.keys,
    ticker,
    reconnect: { firstMs: 10, maxMs: 50 },
    receiptTimeout: { firstMs: 60_000, maxMs: 60_000 },
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  scales.push(scale);
  scale.connect();
  return scale;
}

async function switchedOff(scale: SimulatedScale, how: 'close' | 'cutPower'): Promise<void> {
  scales = scales.filter((other) => other !== scale);
  await scale[how]();
}

/** @returns the number of the last one */
async function weighMany(scale: SimulatedScale, count: number): Promise<number> {
  const accepted = await Promise.all(Array.from({ length: count }, () => scale.weigh(GLASS)));
  return accepted.at(-1)!.seq;
}

const textsOf = (id = scaleId) => broker.messages.filter((message) => message.scaleId === id).map(({ text }) => text);

describe('a weighing', () => {
  it('reaches the backend, signed, and is forgotten when its receipt comes', async () => {
    const scale = await switchedOn();
    const { seq, weighingId } = await scale.weigh(GLASS);
    await scale.whenReceipted(seq);

    const [text = ''] = textsOf();
    const publicKey = { kid: scale.key!.kid, publicKey: publicKeyOf(scale) };
    expect(verifyMessage(Buffer.from(text), publicKey).verified).toBe(true);
    expect(contentOf(text).reports).toMatchObject([{ seq: 1, weighingId, grossGrams: 2_000, material: 'glass' }]);
    expect(scale.reportsHeld).toBe(0);
  });

  it('goes out as plain JSON from a scale that is registered as unsigned', async () => {
    const scale = await switchedOn({ isSigned: false });
    await scale.whenReceipted(await weighMany(scale, 1));
    expect(textsOf()[0]).toMatch(/^\{"schema":"mizan\/weighing-reports\/1"/);
    expect(scale.key).toBeNull();
  });

  it('is accepted while there is no broker, and sent when there is one', async () => {
    await broker.stop();
    const scale = await switchedOn({ reportsPerMessageMax: 30 });
    const last = await weighMany(scale, 70);
    await eventually(() => {
      expect(problems.length).toBeGreaterThan(2);
    });

    broker = await ReceiptingBroker.start(broker.port);
    broker.isAnswering = false;
    await eventually(() => {
      expect(broker.seqsFrom(scaleId)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    });
    expect(textsOf().map((text) => contentOf(text).reports.length)).toEqual([30, 30, 10]);
  });

  it('is refused when the scale holds as many as it may', async () => {
    broker.isAnswering = false;
    const scale = await switchedOn({ reportsHeldMax: 3 });
    await weighMany(scale, 3);
    await expect(scale.weigh(GLASS)).rejects.toThrow(QueueFull);

    await eventually(() => {
      expect(broker.contiguousSeq(scaleId)).toBe(3);
    });
    await broker.answer(scaleId);
    await scale.whenReceipted(3);
    expect(await weighMany(scale, 1)).toBe(4);
  });
});

describe('what is not covered by a receipt', () => {
  it('is sent again, byte for byte, after a reconnection', async () => {
    broker.isAnswering = false;
    const scale = await switchedOn({ reportsPerMessageMax: 1 });
    await weighMany(scale, 5);
    await eventually(() => {
      expect(textsOf()).toHaveLength(5);
    });
    const before = textsOf();

    await broker.stop();
    broker = await ReceiptingBroker.start(broker.port);
    await eventually(() => {
      expect(textsOf()).toEqual(before);
    });
    expect(scale.reportsHeld).toBe(5);
  });

  it('is sent again, byte for byte, after a power cut, and nothing else is', async () => {
    broker.isAnswering = false;
    const scale = await switchedOn({ windowMessages: 2, reportsPerMessageMax: 10 });
    await weighMany(scale, 60);
    await eventually(() => {
      expect(textsOf()).toHaveLength(2);
    });
    const sent = textsOf();
    await switchedOff(scale, 'cutPower');

    broker.isAnswering = true;
    const again = await switchedOn({ windowMessages: 2, reportsPerMessageMax: 10 });
    await again.whenReceipted(60);
    expect(textsOf().slice(2, 4)).toEqual(sent);
    expect(broker.seqsFrom(scaleId)).toEqual([...range(1, 20), ...range(1, 60)]);
    expect((await again.weigh(GLASS)).seq).toBe(61);
  });

  it('is sent again when its receipt is overdue', async () => {
    broker.isAnswering = false;
    const scale = await switchedOn({ receiptTimeout: { firstMs: 40, maxMs: 80 } });
    await weighMany(scale, 1);
    await eventually(() => {
      expect(textsOf().length).toBeGreaterThan(2);
    });
    expect(new Set(textsOf()).size).toBe(1);
  });

  it('stays when a receipt covers only what was before it, or nothing', async () => {
    broker.isAnswering = false;
    const scale = await switchedOn({ reportsPerMessageMax: 2 });
    await weighMany(scale, 6);
    const receipts: (number | null)[] = [];
    scale.onReceipt(({ ackedSeq }) => receipts.push(ackedSeq));
    await eventually(() => {
      expect(textsOf()).toHaveLength(3);
    });

    for (const ackedSeq of [null, 3]) await broker.say(scaleId, broker.key.receipt(scaleId, ackedSeq));
    await eventually(() => {
      expect(receipts).toEqual([null, 3]);
    });
    expect(scale.reportsHeld).toBe(4);
    expect(scale.ackedSeq).toBe(3);
  });

  it('stays forgotten when receipts arrive in another order', async () => {
    broker.isAnswering = false;
    const scale = await switchedOn({ reportsPerMessageMax: 1 });
    await weighMany(scale, 5);
    let heard = 0;
    scale.onReceipt(() => (heard += 1));
    await eventually(() => {
      expect(textsOf()).toHaveLength(5);
    });

    for (const ackedSeq of [2, 5, 1, 4]) await broker.say(scaleId, broker.key.receipt(scaleId, ackedSeq));
    await eventually(() => {
      expect(heard).toBe(4);
    });
    expect(scale.ackedSeq).toBe(5);
    expect(scale.reportsHeld).toBe(0);
  });

  it('is not forgotten for a receipt that somebody else wrote', async () => {
    broker.isAnswering = false;
    const scale = await switchedOn();
    await weighMany(scale, 1);
    await eventually(() => {
      expect(textsOf()).toHaveLength(1);
    });

    await broker.say(scaleId, new TestReceiptKey().receipt(scaleId, 1));
    await broker.say(scaleId, broker.key.receipt('beitillu-02', 1));
    await broker.say(scaleId, 'not a receipt');
    await eventually(() => {
      expect(problems.filter((problem) => problem instanceof ReceiptRefused)).toHaveLength(3);
    });
    expect(scale.reportsHeld).toBe(1);

    await broker.answer(scaleId);
    await scale.whenReceipted(1);
  });
});

describe('a backlog', () => {
  it('is sent in a bounded window', async () => {
    broker.isAnswering = false;
    await createScaleFolder({
      folder: join(parent, scaleId),
      scaleId,
      weighings: range(1, 400).map((minute) => ({ ...GLASS, weighedAt: new Date(minute * 60_000).toISOString() })),
      reportsPerMessageMax: 10,
    });
    const scale = await switchedOn({ windowMessages: 4 });
    await eventually(() => {
      expect(textsOf()).toHaveLength(4);
    });
    await broker.answer(scaleId);
    await eventually(() => {
      expect(textsOf()).toHaveLength(8);
    });
    broker.isAnswering = true;
    await broker.answer(scaleId);
    await scale.whenReceipted(400);
    expect(broker.seqsFrom(scaleId)).toEqual(range(1, 400));
  });
});

describe('the status', () => {
  const statuses = () => broker.statuses.map(({ status }) => status);

  it('is online when the scale is there and offline when it says goodbye', async () => {
    const scale = await switchedOn();
    await eventually(() => {
      expect(statuses()).toEqual(['online']);
    });
    await switchedOff(scale, 'close');
    await eventually(() => {
      expect(statuses().slice(0, 2)).toEqual(['online', 'offline']);
    });
  });

  it('is offline, by the last will, when its power is cut', async () => {
    const scale = await switchedOn();
    await eventually(() => {
      expect(statuses()).toEqual(['online']);
    });
    await switchedOff(scale, 'cutPower');
    await eventually(() => {
      expect(statuses()).toEqual(['online', 'offline']);
    });
  });
});

describe('fifty scales that lose, repeat and shuffle messages, miss receipts, and lose their power', () => {
  it('hand over every weighing in the end, and give out no number twice', async () => {
    const ids = range(1, 50).map((number) => `scale-${number}`);
    const options = (id: string): Partial<ScaleOptions> => {
      const random = new SeededRandom(id);
      return {
        scaleId: id,
        reportsPerMessageMax: 3,
        receiptTimeout: { firstMs: 100, maxMs: 1_000 },
        faults: { sendTwice: 1 / 3, shuffle: true, loseMessages: 0.1, loseReceipts: 0.2 },
        random: () => random.next(),
      };
    };
    await Promise.all(
      ids.map(async (id) => {
        const scale = await switchedOn(options(id));
        await weighMany(scale, 10);
        await Promise.all([weighMany(scale, 10).catch(() => undefined), switchedOff(scale, 'cutPower')]);
        const again = await switchedOn(options(id));
        await again.whenReceipted(await weighMany(again, 10));
      }),
    );

    for (const id of ids) {
      const content = new Map<number, string>();
      for (const text of textsOf(id)) {
        for (const report of contentOf(text).reports) {
          expect(content.get(report.seq) ?? report.weighingId).toBe(report.weighingId);
          content.set(report.seq, report.weighingId);
        }
      }
      const count = content.size;
      expect(count).toBeGreaterThanOrEqual(20);
      expect(count).toBeLessThanOrEqual(30);
      expect([...content.keys()].sort((a, b) => a - b)).toEqual(range(1, count));
    }
  });
});

describe('waiting for a receipt', () => {
  it('ends when the scale is switched off', async () => {
    broker.isAnswering = false;
    const scale = await switchedOn();
    const receipt = scale.whenReceipted(await weighMany(scale, 1));
    const ended = expect(receipt).rejects.toThrow(QueueClosed);
    await switchedOff(scale, 'close');
    await ended;
  });
});

function publicKeyOf(scale: SimulatedScale) {
  return createPublicKey({ key: { ...scale.key!.publicJwk }, format: 'jwk' });
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
