import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel';
import { MqttPublisher } from '#mqtt';
import { InstallationKeys } from '#platform';
import { RECEIPT_SCHEMA, scaleTopic, signReceipt } from '#protocol';
import { type MessageAnswer } from './record-weighings.command.js';

/**
 * Signs and sends receipts. One that gets lost on the way is no loss: the scale repeats its message and is answered
 * again.
 */
@Injectable()
export class ReceiptSender {
  private readonly log = new Logger(ReceiptSender.name);
  private readonly sending = new Set<Promise<void>>();

  constructor(
    private readonly publisher: MqttPublisher,
    private readonly keys: InstallationKeys,
    private readonly clock: Clock,
  ) {}

  send(scaleId: string, { ackedSeq, results, reasons }: MessageAnswer): void {
    const receipt = signReceipt(
      {
        schema: RECEIPT_SCHEMA,
        scaleId,
        ackedSeq,
        results: [...results],
        ...(reasons.length > 0 && { reasons: [...reasons] }),
        serverTime: this.clock.nowIso(),
      },
      this.keys.receiptKey,
    );
    const sending = this.publisher
      .publish(scaleTopic(scaleId, 'receipts'), receipt, { qos: 1, retain: false })
      .catch((error: unknown) => this.log.warn(`A receipt for ${scaleId} was not sent: ${String(error)}`));
    this.sending.add(sending);
    void sending.finally(() => this.sending.delete(sending));
  }

  /** Resolves when those under way are sent or lost. */
  async idle(): Promise<void> {
    await Promise.all(this.sending);
  }
}
