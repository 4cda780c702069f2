import { CreatePublishedSchemes1764028800800 } from './1764028800800-create-published-schemes.js';
import { CreateCreditBalance1764028800801 } from './1764028800801-create-credit-balance.js';
import { SplitCreditBalance1764028800802 } from './1764028800802-split-credit-balance.js';

/** The read-model tables of this context. */
export const rewardsReadModelMigrations = [
  CreatePublishedSchemes1764028800800,
  CreateCreditBalance1764028800801,
  SplitCreditBalance1764028800802,
] as const;
