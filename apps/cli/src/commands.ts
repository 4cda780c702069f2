import { checkLog } from './check-log.js';
import { type Command } from './cli.js';
import { followLog } from './follow-log.js';
import { listProjections } from './list-projections.js';
import { parkProjectionEvent, unparkProjectionEvent } from './park-projections.js';
import { rebuildProjections } from './rebuild-projections.js';
import { resetProjections } from './reset-projections.js';
import { retryProjections } from './retry-projections.js';
import { showLog } from './show-log.js';
import { showProjection } from './show-projection.js';
import { showStream } from './show-stream.js';
import { verifyProjections } from './verify-projections.js';

/** In the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  listProjections,
  showProjection,
  verifyProjections,
  rebuildProjections,
  retryProjections,
  parkProjectionEvent,
  unparkProjectionEvent,
  resetProjections,
  showStream,
  showLog,
  followLog,
  checkLog,
];
