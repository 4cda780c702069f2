import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PacketSizes } from './packet-sizes.js';

const mqttPacket = createRequire(import.meta.url)('mqtt-packet') as { generate(packet: object): Buffer };

const packet = (payloadBytes: number) =>
  mqttPacket.generate({
    cmd: 'publish',
    topic: 't',
    payload: Buffer.alloc(payloadBytes),
    qos: 0,
    retain: false,
    dup: false,
  });

function* chunksOf(bytes: Buffer, sizes: readonly number[]) {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe('the sizes of packets', () => {
  it('are known wherever the stream is cut', () => {
    const lengths = fc.array(fc.oneof(fc.nat(300), fc.nat(20_000)), { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lengths, cuts, fc.integer({ min: 5, max: 20_000 }), (payloads, sizes, bytesMax) => {
        const packets = payloads.map(packet);
        const stream = new PacketSizes(bytesMax);
        const accepted = [...chunksOf(Buffer.concat(packets), sizes)].every((chunk) => stream.accept(chunk));
        expect(accepted).toBe(packets.every((one) => one.length <= bytesMax));
      }),
    );
  });

  it('are refused by their header, before the body comes', () => {
    const [large, small] = [packet(200_000), packet(100)];
    const stream = new PacketSizes(128 * 1024);
    expect(stream.accept(small)).toBe(true);
    expect(stream.accept(large.subarray(0, 4))).toBe(false);
  });

  it('are refused where the length does not end', () => {
    expect(new PacketSizes(1024).accept(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]))).toBe(false);
  });
});
