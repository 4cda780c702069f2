import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { MessageQueue } from './queue/message-queue.js';
import { renameDurably } from './queue/durable-file.js';
import { scaleKeyIn, type ScaleKey } from './scale-key.js';
import { reportOf, type Weighing } from './weighing.js';

const QUEUE_FILE = 'queue.log';

/** A weighing that was taken while nobody was listening. */
export interface PastWeighing extends Weighing {
  /** ISO 8601 UTC. */
  readonly weighedAt: string;
}

export function queuePathIn(folder: string): string {
  return join(folder, QUEUE_FILE);
}

/**
 * Makes the folder of a new scale, with its key and with weighings that it took before it ever reached a broker: when
 * it starts, it sends them like any scale that was cut off for weeks. The folder appears whole or not at all, so
 * they are in its queue exactly once. A folder that is there already is left as it is.
 *
 * @param weighings in the order in which they were taken
 * @returns the scale's key, to be registered
 */
export async function createScaleFolder(options: {
  readonly folder: string;
  readonly scaleId: string;
  readonly weighings: readonly PastWeighing[];
  readonly reportsPerMessageMax: number;
}): Promise<ScaleKey> {
  const { folder, scaleId, weighings, reportsPerMessageMax } = options;
  if (await isFolder(folder)) return scaleKeyIn(folder);

  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const key = await scaleKeyIn(unfinished);
  const boot = { bootId: uuidv7(), writer: { scaleId, key, reportsPerMessageMax } };
  await MessageQueue.writeNew(queuePathIn(unfinished), boot, pastReports(weighings));
  await renameDurably(unfinished, folder);
  return key;
}

function pastReports(weighings: readonly PastWeighing[]) {
  const bootMs = Date.parse(weighings[0]?.weighedAt ?? '');
  return weighings.map(({ weighedAt, ...weighing }) => {
    const weighedAtMs = Date.parse(weighedAt);
    const weighingId = uuidv7({ msecs: weighedAtMs });
    return reportOf(weighing, { weighingId, weighedAt, monotonicMs: weighedAtMs - bootMs });
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
