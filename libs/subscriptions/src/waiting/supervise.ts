import { backoffMs } from './backoff.js';
import { pause } from './bell.js';

/**
 * Runs something that looks after itself until the signal aborts; should it end or fail all the same, runs it again after
 * a growing pause. Never rejects: a defect must not end the process, nor stop in silence what everybody relies on.
 * @param failed told why; what it throws itself is nobody's concern any more
 */
export async function supervise(
  work: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<void> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      await work(signal);
    } catch (error) {
      try {
        failed(error);
      } catch {
        // The log itself is broken.
      }
    }
    await pause(backoffMs(failures), signal);
  }
}
