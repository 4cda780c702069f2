import { beforeEach, describe, expect, it } from '@jest/globals';
import { Delivery, type DeliveryOptions } from './delivery.js';
import { type SealedMessage } from './message.js';
import { SeededRandom } from './village/seeded-random.js';

let messages: SealedMessage[];
let sent: string[];
let link: { isUp: boolean; send: (text: string) => void };

beforeEach(() => {
  messages = [1, 2, 3, 4, 5].map((seq) => ({ firstSeq: seq, lastSeq: seq, text: `m${seq}` }));
  sent = [];
  link = { isUp: true, send: (text) => sent.push(text) };
});

function delivery(options: Partial<DeliveryOptions> = {}): Delivery {
  const settings = {
    windowMessages: 3,
    receiptTimeout: { firstMs: 1_000, maxMs: 4_000 },
    faults: {},
    random: () => 0.5,
  };
  return new Delivery({ ...settings, ...options }, () => messages, link);
}

describe('delivering messages', () => {
  it('sends a window of the oldest, each once', () => {
    const scale = delivery();
    scale.sendDue(0);
    scale.sendDue(10);
    expect(sent).toEqual(['m1', 'm2', 'm3']);
  });

  it('moves the window when a receipt covers something', () => {
    const scale = delivery();
    scale.sendDue(0);
    messages = messages.slice(2);
    scale.covered(10);
    expect(sent).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
    expect(scale.room).toBe(0);
    messages = messages.slice(2);
    expect(scale.room).toBe(2);
  });

  it('sends nothing while there is no connection, and everything in the window again on the next one', () => {
    const scale = delivery();
    scale.sendDue(0);
    link.isUp = false;
    scale.disconnected();
    scale.sendDue(10);
    expect(scale.room).toBe(0);
    expect(sent).toHaveLength(3);

    link.isUp = true;
    scale.sendDue(20);
    expect(sent).toEqual(['m1', 'm2', 'm3', 'm1', 'm2', 'm3']);
  });

  it('repeats what waits too long for its receipt, each time later', () => {
    messages = messages.slice(0, 1);
    const scale = delivery({ random: () => 0 });
    scale.sendDue(0);
    for (let nowMs = 0; nowMs <= 10_000; nowMs += 100) {
      const before = sent.length;
      scale.repeatOverdue(nowMs);
      if (sent.length > before) sent.push(`at ${nowMs}`);
    }
    // Half of 1, 2, 4, 4, 4 … seconds: the least that chance allows.
    expect(sent.filter((text) => text.startsWith('at'))).toEqual([
      'at 500',
      'at 1500',
      'at 3500',
      'at 5500',
      'at 7500',
      'at 9500',
    ]);
  });

  it('can send a part of the messages twice, in any order, for a test', () => {
    const random = new SeededRandom('delivery');
    messages = Array.from({ length: 300 }, (_, index) => ({ firstSeq: index, lastSeq: index, text: String(index) }));
    const faults = { sendTwice: 1 / 3, shuffle: true };
    delivery({ windowMessages: 300, faults, random: () => random.next() }).sendDue(0);

    expect(new Set(sent).size).toBe(300);
    expect(sent.length).toBeGreaterThan(370);
    expect(sent.length).toBeLessThan(430);
    expect(sent).not.toEqual([...sent].sort((a, b) => Number(a) - Number(b)));
  });

  it('can lose a part of the messages on the way, for a test, and repeats them like any other', () => {
    const random = new SeededRandom('lossy');
    messages = Array.from({ length: 300 }, (_, index) => ({ firstSeq: index, lastSeq: index, text: String(index) }));
    const lossy = delivery({ windowMessages: 300, faults: { loseMessages: 0.3 }, random: () => random.next() });
    lossy.sendDue(0);
    expect(sent.length).toBeGreaterThan(170);
    expect(sent.length).toBeLessThan(250);
    for (let nowMs = 0; new Set(sent).size < 300 && nowMs < 100_000; nowMs += 1_000) lossy.repeatOverdue(nowMs);
    expect(new Set(sent).size).toBe(300);
  });
});
