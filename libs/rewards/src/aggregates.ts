import { aggregateOf, type Aggregate } from '#event-store';
import { schemeDecider } from './scheme/scheme.decider.js';

/** The kinds of stream that this context writes. */
export const rewardsAggregates: readonly Aggregate[] = [aggregateOf('rewardScheme', schemeDecider)];
