import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { MqttPublisher } from '#mqtt';
import { BatchFacts } from './record-weighing/batch-facts.js';
import { EvidenceStore } from './record-weighing/evidence-store.js';
import { MaterialCatalogue } from './record-weighing/material-catalogue.js';
import { ReceiptSender } from './record-weighing/receipt-sender.js';
import { RecordWeighingsHandler } from './record-weighing/record-weighings.handler.js';
import { ScaleSequenceLedger } from './record-weighing/scale-sequence-ledger.js';
import { Steward } from './record-weighing/steward.js';
import { WeighingReportConsumer } from './record-weighing/weighing-report.consumer.js';
import { BrokerReadiness } from './scale-traffic/broker.readiness.js';
import { ScaleBroker } from './scale-traffic/scale-broker.js';
import { ScaleConfigs } from './scale-traffic/scale-configs.js';
import { ScaleIntake } from './scale-traffic/scale-intake.js';
import { ScaleStatusBoard } from './scale-traffic/scale-status-board.js';
import { ScaleTraffic } from './scale-traffic/scale-traffic.js';

export interface CollectionIngestParts {
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** Bind the ports ScaleRegister, CardRegister and RewardConditions, unless a global module does. */
  readonly providers?: readonly Provider[];
}

/**
 * Hears scales and records what they weigh. The process that composes it gives it the command bus, what the platform
 * provides, and the three ports; and starts `ScaleTraffic` once everything stands.
 */
@Module({})
export class CollectionIngestModule {
  static register({ imports = [], providers = [] }: CollectionIngestParts = {}): DynamicModule {
    return {
      module: CollectionIngestModule,
      imports: [...imports],
      providers: [
        ...providers,
        BatchFacts,
        EvidenceStore,
        MaterialCatalogue,
        ReceiptSender,
        RecordWeighingsHandler,
        ScaleSequenceLedger,
        Steward,
        WeighingReportConsumer,
        ScaleBroker,
        BrokerReadiness,
        { provide: MqttPublisher, useExisting: ScaleBroker },
        ScaleConfigs,
        ScaleIntake,
        ScaleStatusBoard,
        ScaleTraffic,
      ],
      exports: [ScaleTraffic, ScaleBroker],
    };
  }
}
