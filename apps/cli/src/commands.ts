import { checkLog } from './check-log.js';
import { type Command } from './cli.js';
import { listProjections } from './list-projections.js';
import { rebuildProjections } from './rebuild-projections.js';
import { resetProjections } from './reset-projections.js';
import { retryProjections } from './retry-projections.js';
import { verifyProjections } from './verify-projections.js';

/** In the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  listProjections,
  verifyProjections,
  rebuildProjections,
  retryProjections,
  resetProjections,
  checkLog,
];
