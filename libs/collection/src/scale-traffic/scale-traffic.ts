import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { WeighingReportConsumer } from '../record-weighing/weighing-report.consumer.js';
import { ScaleBroker } from './scale-broker.js';
import { ScaleConfigs } from './scale-configs.js';
import { ScaleIntake } from './scale-intake.js';
import { ScaleStatusBoard } from './scale-status-board.js';

/** Opens and closes the road on which scales speak to us. */
@Injectable()
export class ScaleTraffic implements OnApplicationShutdown {
  private open = false;

  constructor(
    private readonly broker: ScaleBroker,
    private readonly intake: ScaleIntake,
    private readonly configs: ScaleConfigs,
    private readonly reports: WeighingReportConsumer,
    private readonly statuses: ScaleStatusBoard,
  ) {}

  /**
   * Listens from here on. Called by whoever composes the process once everything else stands: the first message may be
   * there at once.
   * @throws PortTaken, BrokerUnavailable
   */
  async start(): Promise<void> {
    await this.broker.open((message) => this.intake.take(message));
    this.open = true;
    this.configs.start();
  }

  /** Hears nothing more, and resolves when all that was heard is durable or given up. */
  async stop(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.configs.stop();
    await this.broker.close();
    await this.reports.idle();
    await this.statuses.close();
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }
}
