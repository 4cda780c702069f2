import { mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Journal, JournalDamaged } from './journal.js';

const PAYLOADS = ['{"seq":1}', '', '{"seq":2,"card":"بطاقة"}', '{"seq":3}'];

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, 'queue.log');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Writes the payloads and answers where each one ended. */
async function written(payloads: readonly string[]): Promise<number[]> {
  const { journal } = await Journal.open(path);
  const ends: number[] = [];
  for (const payload of payloads) {
    await journal.append(payload);
    ends.push(journal.size);
  }
  await journal.close();
  return ends;
}

async function read(): Promise<readonly string[]> {
  const { journal, payloads } = await Journal.open(path);
  await journal.close();
  return payloads;
}

/** The next sync of any file fails, as on a full medium. */
async function refuseOneSync() {
  const handle = await open(folder, 'r');
  const handles = Object.getPrototypeOf(handle) as { datasync: () => Promise<void> };
  await handle.close();
  return jest.spyOn(handles, 'datasync').mockRejectedValueOnce(new Error('ENOSPC: no space left on device'));
}

describe('a journal', () => {
  it('is empty when it is new', async () => {
    expect(await read()).toEqual([]);
  });

  it('gives back what was appended, in its order, and takes more', async () => {
    await written(PAYLOADS.slice(0, 2));
    await written(PAYLOADS.slice(2));
    expect(await read()).toEqual(PAYLOADS);
  });

  it('cuts off a frame torn at any byte, and loses nothing before it', async () => {
    const ends = await written(PAYLOADS);
    const whole = await readFile(path);
    for (let length = 0; length < whole.length; length += 1) {
      await writeFile(path, whole.subarray(0, length));
      const complete = ends.filter((end) => end <= length).length;
      expect(await read()).toEqual(PAYLOADS.slice(0, complete));
      await written(['{"after":true}']);
      expect(await read()).toEqual([...PAYLOADS.slice(0, complete), '{"after":true}']);
    }
  });

  it('cuts off a last frame of which any bytes did not reach the medium', async () => {
    const ends = await written(PAYLOADS);
    const whole = await readFile(path);
    const [from = 0, to = 0] = ends.slice(-2);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: from, max: to - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const garbled = Buffer.from(whole);
        garbled.writeUInt8(garbled.readUInt8(at) ^ flip, at);
        await writeFile(path, garbled);
        expect(await read()).toEqual(PAYLOADS.slice(0, -1));
      }),
      { numRuns: 60 },
    );
  });

  it('takes a tail of zeros, which some file systems leave, for nothing', async () => {
    const ends = await written(PAYLOADS);
    const length = ends.at(-1) ?? 0;
    await truncate(path, length + 4096);
    expect(await read()).toEqual(PAYLOADS);
    expect((await readFile(path)).length).toBe(length);
  });

  it('cuts nothing off when what was stored long ago is damaged', async () => {
    await written(PAYLOADS);
    const damaged = await readFile(path);
    damaged.writeUInt8(damaged.readUInt8(10) ^ 1, 10);
    await writeFile(path, damaged);

    await expect(Journal.open(path)).rejects.toThrow(new JournalDamaged(path, 0));
    expect(await readFile(path)).toEqual(damaged);
  });

  it('is as it was when the medium refuses, and works again afterwards', async () => {
    const { journal } = await Journal.open(path);
    await journal.append('{"seq":1}');
    const refusal = await refuseOneSync();
    await expect(journal.append('{"seq":2}')).rejects.toThrow('ENOSPC');
    refusal.mockRestore();
    await journal.append('{"seq":3}');
    await journal.close();
    expect(await read()).toEqual(['{"seq":1}', '{"seq":3}']);
  });

  it('forgets everything but what it is replaced by', async () => {
    const { journal } = await Journal.open(path);
    for (const payload of PAYLOADS) await journal.append(payload);
    await journal.replace('{"kept":true}');
    await journal.append('{"seq":4}');
    await journal.close();
    expect(await read()).toEqual(['{"kept":true}', '{"seq":4}']);
  });

  it('keeps what it held when a replacement was not finished', async () => {
    await written(PAYLOADS);
    await writeFile(`${path}.new`, 'half a frame');
    expect(await read()).toEqual(PAYLOADS);
  });
});
