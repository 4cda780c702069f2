import { aggregateOf, type Aggregate } from '#event-store';
import { municipalityDecider } from './municipality/municipality.decider.js';
import { quarantinedReport } from './quarantine/quarantined-report.js';
import { weighingDecider } from './weighing/weighing.decider.js';

/** The kinds of stream that this context writes. */
export const collectionAggregates: readonly Aggregate[] = [
  aggregateOf('municipality', municipalityDecider),
  aggregateOf('weighing', weighingDecider),
  aggregateOf('quarantine', quarantinedReport),
];
