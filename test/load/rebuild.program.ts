import { CONTEXTS } from '#composition';
import { PostgresEventStore, EventRegistry } from '#event-store';
import { openDatabase } from '#platform';
import { rebuildProjection } from '#subscriptions';

/** What a rebuild took, told to the parent process. */
export interface RebuildReport {
  readonly events: number;
  readonly milliseconds: number;
  /** The most memory that the process ever had in use (its resident set). */
  readonly bytesMax: number;
}

const BYTES_PER_KIBIBYTE = 1_024;

/** Rebuilds one projection in a process that does nothing else: its memory is the memory of a rebuild. */
const [url = '', name = ''] = process.argv.slice(2);
const store = await PostgresEventStore.open(url);
const dataSource = await openDatabase(url);
const registry = new EventRegistry(CONTEXTS.eventTypes);
const projection = CONTEXTS.projections.find((known) => known.name === name);
if (projection === undefined) throw new Error(`There is no projection ${name}`);
const startMs = performance.now();
const { eventsApplied } = await rebuildProjection({ store, registry, dataSource }, projection);
const report: RebuildReport = {
  events: eventsApplied,
  milliseconds: performance.now() - startMs,
  bytesMax: process.resourceUsage().maxRSS * BYTES_PER_KIBIBYTE,
};
process.send?.(report);
await dataSource.destroy();
await store.close();
process.disconnect();
