import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentOf } from '../testing.js';
import { reportOf, type Weighing } from '../weighing.js';
import { MessageQueue, QueueClosed, QueueFull, QueueRolledBack, type QueueOptions } from './message-queue.js';

const WEIGHING: Weighing = { card: 'A1', material: 'glass', grossGrams: 2_000, tareGrams: 400 };
const STAMP = {
  weighingId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
  weighedAt: '2026-11-23T08:15:30.120Z',
  monotonicMs: 0,
};
const report = reportOf(WEIGHING, STAMP);

let folder: string;
let path: string;
let room: number;
let problems: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'queue-'));
  path = join(folder, 'queue.log');
  room = 0;
  problems = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function open(options: Partial<QueueOptions> = {}): Promise<MessageQueue> {
  return MessageQueue.open({
    path,
    bootId: '0f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c10',
    writer: { scaleId: 'beitillu-01', key: null, reportsPerMessageMax: 4 },
    reportsHeldMax: 10_000,
    room: () => room,
    onSealed: () => undefined,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
}

async function addMany(queue: MessageQueue, count: number): Promise<number[]> {
  const added = await Promise.all(Array.from({ length: count }, () => queue.add(report)));
  return added.map(({ seq }) => seq);
}

const texts = (queue: MessageQueue) => queue.messages.map(({ text }) => text);

describe('numbers', () => {
  it('rise by one from 1 on, across boots', async () => {
    const first = await open();
    expect(await addMany(first, 3)).toEqual([1, 2, 3]);
    await first.close();

    const second = await open();
    expect(await addMany(second, 2)).toEqual([4, 5]);
    await second.abandon();

    const third = await open();
    expect(await addMany(third, 1)).toEqual([6]);
    await third.close();
  });

  it('are never given out twice, wherever a power cut tears the file', async () => {
    const queue = await open();
    room = 2;
    await addMany(queue, 9);
    const promised = queue.nextSeq;
    const durableBytes = (await stat(path)).size;
    const sent = texts(queue);
    await addMany(queue, 5);
    await queue.abandon();
    await copyFile(path, `${path}.whole`);
    const whole = await readFile(path);

    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: durableBytes, max: whole.length }),
        fc.uint8Array({ maxLength: 40 }),
        async (length, garbage) => {
          await writeFile(path, Buffer.concat([whole.subarray(0, length), garbage]));
          const reopened = await open();
          expect(reopened.nextSeq).toBeGreaterThanOrEqual(promised);
          expect(texts(reopened).slice(0, sent.length)).toEqual(sent);
          await reopened.abandon();
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are not used up by a weighing that could not be stored', async () => {
    const queue = await open({ writer: { scaleId: 'beitillu-01', key: null, reportsPerMessageMax: 4 } });
    await addMany(queue, 1);
    const unwritable = (seq: number) => ({ ...report(seq), frame: 'x'.repeat(70 * 1024 * 1024) });
    await expect(queue.add(unwritable)).rejects.toThrow(RangeError);
    expect(await addMany(queue, 1)).toEqual([2]);
    await queue.close();
  });
});

describe('messages', () => {
  it('are sealed only when there is room for them, and then hold what has piled up', async () => {
    const queue = await open({ room: () => room - queue.messages.length });
    await addMany(queue, 10);
    expect(queue.messages).toEqual([]);

    room = 2;
    queue.wake();
    await addMany(queue, 1);
    expect(queue.messages.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual([
      [1, 4],
      [5, 8],
    ]);
    expect(queue.reportsHeld).toBe(11);
    await queue.close();
  });

  it('are the same bytes after a restart, signed or not', async () => {
    room = 9;
    const queue = await open();
    await addMany(queue, 10);
    const before = texts(queue);
    await queue.abandon();

    const reopened = await open({ bootId: '1f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c11' });
    expect(texts(reopened)).toEqual(before);
    await reopened.close();
  });

  it('name the boot in which their reports were weighed', async () => {
    const [boot, nextBoot] = ['0f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c10', '1f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c11'];
    const queue = await open({ bootId: boot });
    await addMany(queue, 2);
    await queue.close();

    room = 9;
    const reopened = await open({ bootId: nextBoot });
    await addMany(reopened, 1);
    expect(texts(reopened).map((text) => contentOf(text).bootId)).toEqual([boot, nextBoot]);
    await reopened.close();
  });

  it('are announced only when they are on the medium', async () => {
    room = 9;
    const onMedium: string[] = [];
    const queue = await open({
      onSealed: () => {
        onMedium.push(...texts(queue));
      },
    });
    const [seq] = await addMany(queue, 1);
    expect(seq).toBe(1);
    const file = await readFile(path, 'utf8');
    expect(onMedium).toHaveLength(1);
    expect(file).toContain(JSON.stringify(onMedium[0]));
    await queue.close();
  });
});

describe('forgetting', () => {
  it('waits for a receipt', async () => {
    room = 9;
    const queue = await open();
    await addMany(queue, 8);
    queue.cover(3);
    expect(queue.messages).toHaveLength(2);
    queue.cover(4);
    expect(queue.messages.map(({ firstSeq }) => firstSeq)).toEqual([5]);
    expect(queue.ackedSeq).toBe(4);
    await queue.close();

    const reopened = await open();
    expect(reopened.ackedSeq).toBe(4);
    expect(reopened.messages.map(({ firstSeq }) => firstSeq)).toEqual([5]);
    await reopened.close();
  });

  it('may be lost in a power cut: then a message is only sent once more', async () => {
    room = 9;
    const queue = await open();
    await addMany(queue, 4);
    queue.cover(4);
    await queue.abandon();

    const reopened = await open();
    expect(reopened.messages).toHaveLength(1);
    await reopened.close();
  });

  it('keeps the file small, however much is weighed', async () => {
    room = 9;
    const queue = await open({ writer: { scaleId: 'beitillu-01', key: null, reportsPerMessageMax: 100 } });
    for (let round = 1; round <= 30; round += 1) {
      await addMany(queue, 100);
      queue.cover(round * 100);
    }
    const [last] = await addMany(queue, 1);
    expect(last).toBe(3_001);
    expect((await stat(path)).size).toBeLessThan(400 * 1024);
    const sent = texts(queue);
    await queue.close();

    const reopened = await open();
    expect(reopened.nextSeq).toBe(3_002);
    expect(texts(reopened)).toEqual(sent);
    await reopened.close();
  });

  it('happens no more once the backend knows numbers that this queue never gave out', async () => {
    room = 9;
    const queue = await open();
    await addMany(queue, 4);
    queue.cover(5);
    expect(queue.messages).toHaveLength(1);
    expect(problems).toEqual([new QueueRolledBack(5, 5)]);
    await expect(queue.add(report)).rejects.toThrow(QueueRolledBack);
    await queue.close();
  });
});

describe('a full queue', () => {
  it('refuses to weigh and keeps what it has, until a receipt makes room', async () => {
    room = 9;
    const queue = await open({ reportsHeldMax: 6 });
    await addMany(queue, 4);
    const [fifth, sixth, seventh] = await Promise.allSettled([1, 2, 3].map(() => queue.add(report)));
    expect([fifth?.status, sixth?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(seventh).toEqual({ status: 'rejected', reason: new QueueFull(6) });
    expect(queue.reportsHeld).toBe(6);

    queue.cover(4);
    expect(await addMany(queue, 1)).toEqual([7]);
    await queue.close();
  });
});

describe('a queue that was closed', () => {
  it('has stored what was under way and takes nothing more', async () => {
    const queue = await open();
    const underWay = addMany(queue, 5);
    const closed = queue.close();
    await expect(queue.add(report)).rejects.toThrow(QueueClosed);
    expect(await underWay).toEqual([1, 2, 3, 4, 5]);
    await closed;

    const reopened = await open();
    expect(reopened.reportsHeld).toBe(5);
    await reopened.close();
  });
});
