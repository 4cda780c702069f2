import { createHash } from 'node:crypto';

/** One stream for each weighing, so that a repeated report meets its own history. */
export function weighingStream(weighingId: string): string {
  return `weighing-${weighingId}`;
}

/**
 * The event that a scale's sequence number stands for, whatever the report says: a UUID of version 8 (RFC 9562 § 5.8)
 * out of 60 bits of SHA-256 over the scale's id and 62 bits of the number. With the stream named after the weighing it
 * makes both unique in the log: a second report under the same number meets this id, one under the same weighing meets
 * the stream.
 */
export function weighingEventId(scaleId: string, seq: number): string {
  const scale = createHash('sha256').update(scaleId).digest('hex');
  return uuidV8(scale.slice(0, 15), BigInt(seq));
}

/** @param high 15 hexadecimal digits; @param low at most 62 bits */
export function uuidV8(high: string, low: bigint): string {
  const tail = ((0b10n << 62n) | low).toString(16);
  return `${high.slice(0, 8)}-${high.slice(8, 12)}-8${high.slice(12)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
