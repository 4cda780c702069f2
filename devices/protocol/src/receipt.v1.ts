import { z } from 'zod';
import { signMessage, signMessageInBackground, verifyMessage, type SigningKey, type VerifyingKey } from './jws.js';
import { PACKET_BYTES_MAX } from './limits.js';
import { readStrictJson } from './strict-json.js';
import { SCALE_ID_PATTERN } from './topics.js';

export const RECEIPT_SCHEMA = 'mizan/receipt/1';

/**
 * - `recorded`: counted
 * - `duplicate`: was recorded before, with the same content
 * - `not-rewardable`: recorded, and `reasons` say why it does not earn
 * - `quarantined`: kept, and `reasons` say what a person has to settle
 */
export const OUTCOMES = ['recorded', 'duplicate', 'not-rewardable', 'quarantined'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const receiptResultV1 = z.looseObject({
  seq: z.int().nullable(),
  weighingId: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
  netGrams: z.int().optional(),
  /** Stable codes (`REASONS`); a scale must not mind one that it does not know. */
  reasons: z.array(z.string()).optional(),
});

/** What the backend answers to every message, once what it covers is durable. The payload of a JWS. */
export const receiptV1 = z.looseObject({
  schema: z.literal(RECEIPT_SCHEMA),
  scaleId: z.string().regex(SCALE_ID_PATTERN),
  /** The scale may forget everything up to here; null where nothing is covered. */
  ackedSeq: z.int().nullable(),
  results: z.array(receiptResultV1),
  /** For a message that could not be read at all. */
  reasons: z.array(z.string()).optional(),
  serverTime: z.iso.datetime(),
});

export type ReceiptResultV1 = z.infer<typeof receiptResultV1>;
export type ReceiptV1 = z.infer<typeof receiptV1>;

/** A receipt as it goes over the wire, signed by the installation's key. */
export function signReceipt(receipt: ReceiptV1, key: SigningKey): string {
  return signMessage(Buffer.from(JSON.stringify(receipt)), key);
}

/** The same, signed on another thread. */
export function signReceiptInBackground(receipt: ReceiptV1, key: SigningKey): Promise<string> {
  return signMessageInBackground(Buffer.from(JSON.stringify(receipt)), key);
}

/** The receipt inside a message, or undefined for anything that this installation did not sign as one. */
export function verifyReceipt(message: Uint8Array, key: VerifyingKey): ReceiptV1 | undefined {
  const opened = verifyMessage(message, key);
  const json = opened.verified ? readStrictJson(opened.payload, PACKET_BYTES_MAX) : undefined;
  return json?.readable ? receiptV1.safeParse(json.value).data : undefined;
}
