import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type CommandBus } from '@nestjs/cqrs';
import { InvalidAppend, StoreOverloaded, StoreUnavailable } from '#event-store';
import { type ScaleStatusBoard } from '../scale-traffic/scale-status-board.js';
import { type HeardMessage } from './heard-message.js';
import { type ReceiptSender } from './receipt-sender.js';
import { type RecordWeighingsCommand } from './record-weighings.command.js';
import { type ScaleRegister } from './scale-register.js';
import { WeighingReportConsumer } from './weighing-report.consumer.js';

// What goes wrong here goes wrong on purpose.
Logger.overrideLogger(false);

const heard = (text: string): HeardMessage => ({
  topic: 'mizan/v1/scales/stranger/weighings',
  scaleId: 'stranger',
  channel: 'weighings',
  payload: Buffer.from(text),
  hash: text,
  receivedAt: '2026-11-23T08:15:30.410Z',
});

describe('the consumer of reports', () => {
  let batches: string[][];
  let receipts: string[];
  /** What recording a batch waits for, or fails with. */
  let recording: (batch: readonly string[]) => Promise<void>;
  let consumer: WeighingReportConsumer;

  beforeEach(() => {
    batches = [];
    receipts = [];
    recording = () => Promise.resolve();
    const commands = {
      execute: async ({ messages }: RecordWeighingsCommand) => {
        const batch = messages.map((message) => message.heard.hash);
        batches.push(batch);
        await recording(batch);
        return messages.map((message) => ({ ackedSeq: null, results: [], reasons: [message.heard.hash] }));
      },
    };
    const scales = { find: () => Promise.resolve([]) };
    const sender = {
      send: (_scaleId: string, { reasons }: { reasons: readonly string[] }) => receipts.push(...reasons),
      idle: () => Promise.resolve(),
    };
    consumer = new WeighingReportConsumer(
      commands as unknown as CommandBus,
      scales as unknown as ScaleRegister,
      sender as unknown as ReceiptSender,
      { seen: () => undefined } as unknown as ScaleStatusBoard,
    );
  });

  const consumeAll = (...texts: string[]) => Promise.allSettled(texts.map((text) => consumer.consume(heard(text))));

  it('puts what arrives together into one batch, in order, and answers in order', async () => {
    await consumeAll('a', 'b', 'c');
    expect(batches).toEqual([['a', 'b', 'c']]);
    expect(receipts).toEqual(['a', 'b', 'c']);
  });

  it('puts what arrives during its work into the next batches, two at work at most', async () => {
    const finish: (() => void)[] = [];
    recording = () => new Promise((resolve) => finish.push(resolve));
    const settled: string[] = [];
    const consume = (text: string) => consumer.consume(heard(text)).then(() => settled.push(text));
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const all = [consume('a')];
    await turn();
    await turn();
    all.push(consume('b'));
    await turn();
    await turn();
    all.push(consume('c'), consume('d'));
    await turn();
    await turn();
    expect(batches).toEqual([['a'], ['b']]);
    expect(settled).toEqual([]);
    finish.shift()?.();
    await all[0];
    expect(settled).toEqual(['a']);
    while (settled.length < 4) {
      finish.shift()?.();
      await turn();
    }
    expect(batches).toEqual([['a'], ['b'], ['c', 'd']]);
  });

  it('cuts batches by number and by size', async () => {
    await consumeAll(...Array.from({ length: 1_200 }, (_, n) => `${n}`));
    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 200]);
    batches = [];
    await consumeAll(...Array.from({ length: 20 }, () => 'x'.repeat(100_000)));
    expect(batches.map((batch) => batch.length)).toEqual([10, 10]);
  });

  it('answers nothing and acknowledges nothing when recording fails', async () => {
    recording = () => Promise.reject(new StoreUnavailable('away'));
    const outcomes = await consumeAll('a', 'b');
    expect(outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(batches).toEqual([['a', 'b']]);
    expect(receipts).toEqual([]);
  });

  it.each([
    ['the log', new InvalidAppend('weighing-1', 'unfit')],
    ['the database', Object.assign(new Error('invalid byte sequence'), { driverError: { code: '22021' } })],
  ])('keeps one message that %s cannot hold from failing its neighbours', async (_, error) => {
    recording = (batch) => (batch.includes('bad') ? Promise.reject(error) : Promise.resolve());
    const outcomes = await consumeAll('a', 'bad', 'c');
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(receipts).toEqual(['a', 'c']);
  });

  it('turns messages away when too many wait, and takes more once there is room', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    recording = () => gate;
    const waiting = Array.from({ length: 20_000 }, (_, n) => consumer.consume(heard(`${n}`)));
    await expect(consumer.consume(heard('one too many'))).rejects.toThrow(StoreOverloaded);
    finish();
    await Promise.all(waiting);
    await consumer.consume(heard('again'));
  });

  it('turns messages away when too many bytes wait', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    recording = () => gate;
    const large = 'x'.repeat(64 * 1024);
    const waiting = Array.from({ length: 1_024 }, () => consumer.consume(heard(large)));
    await expect(consumer.consume(heard('one too many'))).rejects.toThrow(StoreOverloaded);
    finish();
    await Promise.all(waiting);
  });

  it('is idle once nothing waits', async () => {
    const all = consumeAll('a', 'b');
    await consumer.idle();
    expect(receipts).toEqual(['a', 'b']);
    await all;
  });
});
