import { Command } from '@nestjs/cqrs';
import { type ReceiptResultV1 } from '#protocol';
import { type ReadMessage } from './heard-message.js';

/** What a scale is answered about one of its messages. True when it is known: everything it names is durable. */
export interface MessageAnswer {
  /** The scale may forget everything up to here; null where nothing is covered. */
  readonly ackedSeq: number | null;
  /** One for each report, in their order. */
  readonly results: readonly ReceiptResultV1[];
  /** Contract codes, for a message that could not be read at all. */
  readonly reasons: readonly string[];
}

/**
 * Records what the reports of a batch of messages say, keeps what cannot be recorded, and answers each message in its
 * place. It may be repeated: what is there already is answered as such. When it fails, nothing may be acknowledged.
 */
export class RecordWeighingsCommand extends Command<readonly MessageAnswer[]> {
  constructor(readonly messages: readonly ReadMessage[]) {
    super();
  }
}
