import { type RebuildProgress } from '#subscriptions';
import { figure } from './text-table.js';

const REPORT_INTERVAL_MS = 2_000;

/** Tells how a rebuild is getting on, every two seconds. */
export function rebuildReporter(tell: (line: string) => void): (progress: RebuildProgress) => void {
  let toldMs = performance.now();
  return ({ name, position, target, eventsPerSecond, secondsRemaining }) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < REPORT_INTERVAL_MS) return;
    toldMs = nowMs;
    const left = secondsRemaining === null ? '' : `, about ${figure(secondsRemaining)} s left`;
    tell(`${name}: position ${figure(position)} of ${figure(target)}, ${figure(eventsPerSecond)} events/s${left}`);
  };
}
