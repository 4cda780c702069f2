import { aggregateOf, type Aggregate } from '#event-store';
import { scaleDecider } from './scale/scale.decider.js';

/** The kinds of stream that this context writes. */
export const scalesAggregates: readonly Aggregate[] = [aggregateOf('scale', scaleDecider)];
