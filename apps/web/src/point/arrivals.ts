import { type LiveWeighing } from '#api-client';

/** How many weighings the list keeps; older ones are in the history. */
export const ARRIVALS_MAX = 50;

/** The list of arrivals. While someone reads or reaches for it, new ones wait: nothing moves under a finger. */
export interface Arrivals {
  /** Newest first. */
  readonly shown: readonly LiveWeighing[];
  readonly waiting: readonly LiveWeighing[];
  readonly held: boolean;
  /** Which of the shown ones came while one was looking, to be marked for a moment. */
  readonly fresh: ReadonlySet<string>;
}

export type ArrivalsChange =
  | { readonly type: 'opened'; readonly recent: readonly LiveWeighing[] }
  | { readonly type: 'arrived'; readonly weighing: LiveWeighing }
  | { readonly type: 'held' }
  /** Those that waited are wanted now; the list stays in hand. */
  | { readonly type: 'caught-up' }
  | { readonly type: 'released' };

export const NO_ARRIVALS: Arrivals = { shown: [], waiting: [], held: false, fresh: new Set() };

/** What the list becomes. The same weighing twice, as after a reconnect, changes nothing. */
export function arrivalsAfter(arrivals: Arrivals, change: ArrivalsChange): Arrivals {
  switch (change.type) {
    case 'opened':
      return { ...arrivals, shown: merge(arrivals.shown, change.recent) };
    case 'arrived': {
      const { weighing } = change;
      const known = [...arrivals.waiting, ...arrivals.shown].some(
        ({ weighingId }) => weighingId === weighing.weighingId,
      );
      if (known) return arrivals;
      if (arrivals.held) return { ...arrivals, waiting: [weighing, ...arrivals.waiting].slice(0, ARRIVALS_MAX) };
      return show(arrivals, [weighing]);
    }
    case 'held':
      return { ...arrivals, held: true };
    case 'caught-up':
      return show({ ...arrivals, waiting: [] }, arrivals.waiting);
    case 'released':
      return show({ ...arrivals, waiting: [], held: false }, arrivals.waiting);
  }
}

function show(arrivals: Arrivals, arriving: readonly LiveWeighing[]): Arrivals {
  if (arriving.length === 0) return arrivals;
  return {
    ...arrivals,
    shown: merge(arriving, arrivals.shown),
    fresh: new Set(arriving.map(({ weighingId }) => weighingId)),
  };
}

function merge(newer: readonly LiveWeighing[], older: readonly LiveWeighing[]): readonly LiveWeighing[] {
  const seen = new Set(newer.map(({ weighingId }) => weighingId));
  return [...newer, ...older.filter(({ weighingId }) => !seen.has(weighingId))].slice(0, ARRIVALS_MAX);
}
