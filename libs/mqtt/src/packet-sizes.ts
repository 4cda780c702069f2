/** Bytes of the fixed header's remaining length (MQTT 3.1.1 § 2.2.3): seven bits each, the eighth says more follow. */
const LENGTH_BYTES_MAX = 4;

/**
 * Follows the packets of one connection by their fixed headers, so that one that is too large is known by its first
 * bytes, before anything waits in memory for the rest of it.
 */
export class PacketSizes {
  /** Bytes of the current packet's body that are still to come. */
  private bodyLeft = 0;
  private remainingLength = 0;
  /** 0: the next byte is a packet's type; otherwise the next byte is this one of its length, from 1. */
  private lengthByte = 0;

  constructor(private readonly bytesMax: number) {}

  /** False as soon as a packet declares to be longer than the limit, or declares a length that is none. */
  accept(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.bodyLeft > 0) {
        const skipped = Math.min(this.bodyLeft, chunk.length - at);
        this.bodyLeft -= skipped;
        at += skipped;
      } else if (!this.acceptHeaderByte(chunk[at] ?? 0)) {
        return false;
      } else {
        at += 1;
      }
    }
    return true;
  }

  private acceptHeaderByte(byte: number): boolean {
    if (this.lengthByte === 0) {
      this.lengthByte = 1;
      this.remainingLength = 0;
      return true;
    }
    this.remainingLength += (byte & 0x7f) * 128 ** (this.lengthByte - 1);
    if (this.remainingLength + this.lengthByte + 1 > this.bytesMax) return false;
    if ((byte & 0x80) !== 0) {
      this.lengthByte += 1;
      return this.lengthByte <= LENGTH_BYTES_MAX;
    }
    this.bodyLeft = this.remainingLength;
    this.lengthByte = 0;
    return true;
  }
}
