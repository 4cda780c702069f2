import {
  readWeighingReports,
  UnsuitableKey,
  verifyingKey,
  verifyMessageInBackground,
  type VerifyingKey,
} from '#protocol';
import { type HeardMessage, type ReadMessage, type RefusedMessage } from './heard-message.js';
import { type RegisteredScale } from './scale-register.js';

/** Keys kept in their parsed form; parsing one takes about as long as using it. */
const KEYS_MAX = 10_000;

/** Decides what of a message can be believed: is its scale registered, did it sign, is it a message of the contract. */
export class MessageReader {
  private readonly keys = new Map<string, VerifyingKey>();

  /** @param scale the one that the topic names, as its register has it now */
  async read(heard: HeardMessage, scale: RegisteredScale | undefined): Promise<ReadMessage> {
    if (heard.channel === 'events') return { kind: 'kept', heard, scale: scale ?? null };
    if (heard.scaleId === null) return refused(heard, null, 'bad-schema', ['topic: names no scale']);
    if (!scale) return refused(heard, null, 'unknown-scale', ['topic: names a scale that is not registered']);

    const opened = await this.open(heard.payload, scale);
    if ('problem' in opened) return refused(heard, scale, 'bad-signature', [opened.problem]);
    const reading = readWeighingReports(opened.payload);
    if (!reading.readable) return refused(heard, scale, 'bad-schema', reading.problems);
    if (reading.scaleId !== scale.scaleId) {
      return refused(heard, scale, 'bad-schema', ['message.scaleId: is not the scale of the topic']);
    }
    return { kind: 'believed', heard, scale, reports: reading.reports };
  }

  private async open(
    message: Buffer,
    scale: RegisteredScale,
  ): Promise<{ readonly payload: Buffer } | { readonly problem: string }> {
    if (scale.trust.kind === 'unsigned') return { payload: message };
    const key = this.keyOf(scale.trust);
    if (!key) return { problem: 'signature: the registered key cannot be used' };
    const verification = await verifyMessageInBackground(message, key);
    return verification.verified ? verification : { problem: `signature: ${verification.failure}` };
  }

  private keyOf({ kid, key }: Extract<RegisteredScale['trust'], { kind: 'signed' }>): VerifyingKey | undefined {
    const name = `${kid} ${key.crv} ${key.x} ${key.y ?? ''}`;
    const known = this.keys.get(name);
    if (known) return known;
    try {
      const made = verifyingKey(kid, key);
      if (this.keys.size >= KEYS_MAX) this.keys.clear();
      this.keys.set(name, made);
      return made;
    } catch (error) {
      if (error instanceof UnsuitableKey) return undefined;
      throw error;
    }
  }
}

function refused(
  heard: HeardMessage,
  scale: RegisteredScale | null,
  reason: string,
  details: readonly string[],
): RefusedMessage {
  return { kind: 'refused', heard, scale, reasons: [reason], details };
}
