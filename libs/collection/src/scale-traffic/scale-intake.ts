import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { type ReceivedMessage } from '#mqtt';
import { messageHash, parseScaleStatus, parseScaleTopic, UPLINK_CHANNELS } from '#protocol';
import { WeighingReportConsumer } from '../record-weighing/weighing-report.consumer.js';
import { ScaleStatusBoard } from './scale-status-board.js';

/** Everything that scales say comes in here, and goes to whoever understands its channel. */
@Injectable()
export class ScaleIntake {
  constructor(
    private readonly reports: WeighingReportConsumer,
    private readonly statuses: ScaleStatusBoard,
    private readonly clock: Clock,
  ) {}

  /** Resolves when what must survive of the message is durable; rejects when it is not, and then it will come again. */
  async take({ topic, payload }: ReceivedMessage): Promise<void> {
    const receivedAt = this.clock.nowIso();
    const scaleId = parseScaleTopic(topic)?.scaleId ?? null;
    const channel = UPLINK_CHANNELS.find((one) => topic.endsWith(`/${one}`)) ?? 'weighings';
    if (channel === 'status' && scaleId !== null) {
      const status = parseScaleStatus(payload);
      if (status !== undefined) {
        this.statuses.said(scaleId, status, receivedAt);
        return;
      }
      // What is retained is removed with an empty message, which says nothing about the scale.
      if (payload.length === 0) return;
    }
    await this.reports.consume({
      topic,
      scaleId,
      channel: channel === 'weighings' ? 'weighings' : 'events',
      payload,
      hash: messageHash(payload),
      receivedAt,
    });
  }
}
