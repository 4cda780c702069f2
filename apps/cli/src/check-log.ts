import { type EventStore, START } from '#event-store';
import { type Command, type CommandContext, EXIT } from './cli.js';
import { figure } from './text-table.js';

const EVENTS_PER_READ = 5_000;
const FINDINGS_MAX = 20;
const REPORT_EVENTS = 500_000;

export const checkLog: Command = {
  name: 'log check',
  parameters: '',
  summary: 'read the whole event log and check that nothing is missing or out of order',
  details: `Positions rise. On PostgreSQL they rise by one from 1, so that the highest position is the number of events, and
recording times never fall. Exit code 1 when that is not so.`,
  options: {},
  async run(context) {
    const { store, print } = context;
    const head = await store.head();
    const { events, findings } = await readThrough(store, head, context);
    for (const finding of findings) print(finding);
    if (!store.capabilities.gaplessPositions) {
      const inOrder = findings.length === 0;
      print(`${figure(events)} events up to position ${figure(head)}: ${inOrder ? 'in order' : 'NOT IN ORDER'}`);
      return inOrder ? EXIT.done : EXIT.wrong;
    }
    const complete = String(events) === head;
    print(`max(position) = ${figure(head)}, count(*) = ${figure(events)}: ${complete ? 'complete' : 'INCOMPLETE'}`);
    return complete && findings.length === 0 ? EXIT.done : EXIT.wrong;
  },
};

interface Reading {
  readonly events: number;
  /** Bounded: what is wrong in one place is usually wrong in many. */
  readonly findings: readonly string[];
}

async function readThrough(store: EventStore, head: string, { signal, tell }: CommandContext): Promise<Reading> {
  const { gaplessPositions } = store.capabilities;
  const follows = (position: string, before: string) =>
    gaplessPositions ? BigInt(position) === BigInt(before) + 1n : BigInt(position) > BigInt(before);
  const findings: string[] = [];
  let [events, after, recordedAt] = [0, START, ''];
  while (BigInt(after) < BigInt(head)) {
    signal.throwIfAborted();
    const read = await store.readAll({ after, max: EVENTS_PER_READ });
    for (const event of read) {
      // What was appended since the check began is not part of it.
      if (BigInt(event.position) > BigInt(head)) return { events, findings };
      events += 1;
      const found: string[] = [];
      if (!follows(event.position, after)) found.push(`position ${event.position} follows ${after}`);
      // Where writers do not wait for one another, their clocks and the order of their events may differ.
      if (gaplessPositions && event.recordedAt < recordedAt)
        found.push(`position ${event.position}: recorded before the one before it`);
      if (findings.length < FINDINGS_MAX) findings.push(...found);
      [after, recordedAt] = [event.position, event.recordedAt];
      if (events % REPORT_EVENTS === 0) tell(`${figure(events)} of ${figure(head)} events …`);
    }
    if (read.length === 0) break;
  }
  return { events, findings };
}
