import { type ReportReading } from '#protocol';
import { type RegisteredScale } from './scale-register.js';

/** A message as it arrived, before anything in it is believed. */
export interface HeardMessage {
  readonly topic: string;
  /** The scale that the topic names; null for a topic that names none. */
  readonly scaleId: string | null;
  readonly channel: 'weighings' | 'events';
  readonly payload: Buffer;
  /** base64url SHA-256 of the payload. */
  readonly hash: string;
  /** ISO 8601 UTC. */
  readonly receivedAt: string;
}

/** A message whose scale is known and, where it signs, has signed it. */
export interface BelievedMessage {
  readonly kind: 'believed';
  readonly heard: HeardMessage;
  readonly scale: RegisteredScale;
  /** In the message's order; one that cannot be read leaves its neighbours as they are. */
  readonly reports: readonly ReportReading[];
}

/** A message of which nothing can be recorded. It says nothing about the sequence of any scale. */
export interface RefusedMessage {
  readonly kind: 'refused';
  readonly heard: HeardMessage;
  readonly scale: RegisteredScale | null;
  /** Contract codes. */
  readonly reasons: readonly string[];
  /** What exactly is wrong, for a person; never what was said. */
  readonly details: readonly string[];
}

/** A message that is kept as it came and asks for no answer: what scales say of themselves on `events`. */
export interface KeptMessage {
  readonly kind: 'kept';
  readonly heard: HeardMessage;
  readonly scale: RegisteredScale | null;
}

export type ReadMessage = BelievedMessage | RefusedMessage | KeptMessage;
