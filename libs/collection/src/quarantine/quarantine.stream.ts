import { createHash } from 'node:crypto';
import { uuidV8 } from '../weighing/weighing.stream.js';

/** What makes two quarantined reports the same one: the message as it came, the report's place in it, and why. */
export interface QuarantineKey {
  readonly topic: string;
  readonly messageHash: string;
  /** Null where it is the message as a whole. */
  readonly index: number | null;
  readonly reasons: readonly string[];
}

/** The id of a case, and of the event that opens it: a message that is repeated opens no second one. */
export function quarantineIdOf({ topic, messageHash, index, reasons }: QuarantineKey): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([topic, messageHash, index, reasons]))
    .digest('hex');
  return uuidV8(digest.slice(0, 15), BigInt(`0x${digest.slice(15, 31)}`) >> 2n);
}

export function quarantineStream(quarantineId: string): string {
  return `quarantine-${quarantineId}`;
}
