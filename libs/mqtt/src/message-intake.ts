/** A message as a broker received it. */
export interface ReceivedMessage {
  readonly topic: string;
  /** Exactly the bytes that were sent. */
  readonly payload: Buffer;
}

/**
 * Takes a message in. Resolves once everything that must survive is durable, and only then is the sender's broker told
 * so; rejects when it could not be, and then the message will come again.
 */
export type MessageIntake = (message: ReceivedMessage) => Promise<void>;
