import { type PreparedAppend } from './prepared-append.js';

/**
 * Cuts a batch where an append touches a stream or an event of an earlier one: what comes after the cut is settled on
 * what came before it. Within a round no append can change the answer to another.
 */
export function roundsOf(appends: readonly PreparedAppend[]): readonly (readonly PreparedAppend[])[] {
  const rounds: PreparedAppend[][] = [];
  const touched = new Set<string>();
  for (const append of appends) {
    // A stream's name could look like an event id; their sets must not meet.
    const touches = [`stream ${append.stream}`, ...append.events.map(({ id }) => id)];
    if (rounds.length === 0 || touches.some((touch) => touched.has(touch))) {
      rounds.push([]);
      touched.clear();
    }
    for (const touch of touches) touched.add(touch);
    rounds.at(-1)?.push(append);
  }
  return rounds;
}
