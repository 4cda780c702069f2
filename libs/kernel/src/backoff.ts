const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 10_000;

/**
 * How long to wait before an attempt: twice as long each time up to ten seconds, and spread, so that processes which
 * failed together do not come back together.
 * @param failures how often it has failed in a row, from 1
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** Math.min(failures - 1, 20));
  return ceiling / 2 + (random() * ceiling) / 2;
}
