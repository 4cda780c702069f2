import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createScaleFolder, queuePathIn } from './scale-folder.js';
import { MessageQueue } from './queue/message-queue.js';
import { contentOf } from './testing.js';

const scaleId = 'beitillu-01';
const weighings = Array.from({ length: 120 }, (_, index) => ({
  card: 'A1',
  material: 'paper',
  grossGrams: 1_000 + index,
  tareGrams: 0,
  weighedAt: new Date(Date.UTC(2026, 9, 1, 8, index)).toISOString(),
}));

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'scales '));
  folder = join(parent, scaleId);
});

afterEach(async () => {
  await rm(parent, { recursive: true });
});

const create = () => createScaleFolder({ folder, scaleId, weighings, reportsPerMessageMax: 50 });

async function messagesIn(path: string) {
  const queue = await MessageQueue.open({
    path: queuePathIn(path),
    bootId: '0f6c0c1e-5d4b-4c47-9a44-8a1d2f3b9c10',
    writer: { scaleId, key: null, reportsPerMessageMax: 50 },
    reportsHeldMax: 1_000,
    room: () => 0,
    onSealed: () => undefined,
    onProblem: () => undefined,
  });
  await queue.close();
  return queue.messages.map(({ text }) => contentOf(text));
}

describe('the folder of a new scale', () => {
  it('holds its past in full messages, in order and by its own clock', async () => {
    await create();
    const messages = await messagesIn(folder);
    expect(messages.map(({ reports }) => reports.length)).toEqual([50, 50, 20]);
    expect(new Set(messages.map(({ bootId }) => bootId)).size).toBe(1);
    const reports = messages.flatMap((message) => message.reports);
    expect(reports.map(({ seq }) => seq)).toEqual(weighings.map((_, index) => index + 1));
    expect(reports.map(({ weighedAt }) => weighedAt)).toEqual(weighings.map(({ weighedAt }) => weighedAt));
    expect(reports.at(-1)?.monotonicMs).toBe(119 * 60_000);
    expect(new Set(reports.map(({ weighingId }) => weighingId)).size).toBe(120);
  });

  it('is made once: its key and what it holds stay', async () => {
    const first = await create();
    const held = await messagesIn(folder);
    const again = await create();
    expect(again.kid).toBe(first.kid);
    expect(await messagesIn(folder)).toEqual(held);
  });

  it('appears whole or not at all: what a kill left behind is made anew', async () => {
    await mkdir(`${folder}.new`, { recursive: true });
    await writeFile(join(`${folder}.new`, 'queue.log'), 'half a frame');
    await create();
    expect(await readdir(parent)).toEqual([scaleId]);
    expect(await messagesIn(folder)).toHaveLength(3);
  });

  it('keeps the key from others', async () => {
    await create();
    expect((await stat(join(folder, 'key.pem'))).mode & 0o077).toBe(0);
  });

  it('may belong to a scale without a past', async () => {
    await createScaleFolder({ folder, scaleId, weighings: [], reportsPerMessageMax: 50 });
    expect(await messagesIn(folder)).toEqual([]);
  });
});
