import { atomicResult, type Verdict } from '../atomic-append.js';
import { ContentConflict, NOT_RECORDED, RevisionConflict } from '../event-store.errors.js';
import {
  EventStore,
  START,
  type Append,
  type AppendResult,
  type AtomicAppendResult,
  type EngineCapabilities,
  type EventMetadata,
  type ExpectedRevision,
  type Position,
  type ReadAll,
  type ReadStream,
  type RecordedEvent,
} from '../event-store.js';
import { prepareAppend, prepareAtomic, prepareBatch, type PreparedAppend } from '../prepared-append.js';
import { instantOf, logBounds, streamBounds } from '../read-bounds.js';

interface Entry {
  readonly event: RecordedEvent;
  readonly fingerprint: string;
}

/** The log without an engine, for tests of those who use it. It keeps the promises of the port, except durability. */
export class InMemoryEventStore extends EventStore {
  override readonly capabilities: EngineCapabilities = {
    engine: 'memory',
    atomicAppends: true,
    gaplessPositions: true,
  };
  private readonly log: RecordedEvent[] = [];
  private readonly byId = new Map<string, Entry>();
  private readonly byStream = new Map<string, RecordedEvent[]>();
  private readonly listeners = new Set<() => void>();
  private lastRecordedMs = 0;

  /** @param nowMs the clock that stamps events; the machine's by default */
  constructor(private readonly nowMs: () => number = () => Date.now()) {
    super();
  }

  /** The whole log, in order. */
  all(): readonly RecordedEvent[] {
    return [...this.log];
  }

  override append(append: Append): Promise<AppendResult> {
    return soon(() => this.settle(prepareAppend(append)));
  }

  override appendBatch(appends: readonly Append[]): Promise<readonly AppendResult[]> {
    return soon(() => prepareBatch(appends).map((append) => this.settle(append)));
  }

  override appendAtomically(appends: readonly Append[]): Promise<AtomicAppendResult> {
    return soon(() => {
      const prepared = prepareAtomic(appends);
      const verdicts = prepared.map((append) => this.verdictOn(append));
      const fit = verdicts.every(({ outcome }) => outcome === 'withheld');
      return atomicResult(prepared, fit ? prepared.map((append) => this.write(append)) : verdicts);
    });
  }

  override readStream(stream: string, options?: ReadStream): Promise<readonly RecordedEvent[]> {
    return soon(() => {
      const { from, direction, max } = streamBounds(options);
      const events = this.byStream.get(stream) ?? [];
      if (direction === 'forwards') return events.slice(from, from + max);
      return events
        .slice(0, from + 1)
        .toReversed()
        .slice(0, max);
    });
  }

  override readAll(options: ReadAll): Promise<readonly RecordedEvent[]> {
    return soon(() => {
      const { after, max, types } = logBounds(options);
      const rest = this.log.slice(Number(after));
      return (types ? rest.filter(({ type }) => types.includes(type)) : rest).slice(0, max);
    });
  }

  override head(): Promise<Position> {
    return soon(() => this.log.at(-1)?.position ?? START);
  }

  override positionAt(recordedAt: string): Promise<Position> {
    return soon(() => {
      const instant = instantOf(recordedAt);
      return this.log.findLast((event) => event.recordedAt <= instant)?.position ?? START;
    });
  }

  override onAppended(wake: () => void): () => void {
    const listener = () => wake();
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private settle(append: PreparedAppend): AppendResult {
    const verdict = this.verdictOn(append);
    return verdict.outcome === 'withheld' ? this.write(append) : verdict;
  }

  private verdictOn(append: PreparedAppend): Verdict {
    const tail = (this.byStream.get(append.stream)?.length ?? 0) - 1;
    return this.repeat(append) ?? conflictOf(append, tail) ?? { outcome: 'withheld' };
  }

  /** What an append is answered some of whose events are recorded already; undefined when none is. */
  private repeat({ stream, events }: PreparedAppend): AppendResult | undefined {
    const offered = events.map(({ id, fingerprint }) => ({ id, fingerprint, recorded: this.byId.get(id) }));
    if (offered.every(({ recorded }) => recorded === undefined)) return undefined;

    const contradicting = offered.filter(
      ({ fingerprint, recorded }) => recorded?.fingerprint !== fingerprint || recorded.event.stream !== stream,
    );
    const contradiction = contradicting.find(({ recorded }) => recorded !== undefined) ?? contradicting[0];
    if (contradiction) {
      const { id, fingerprint, recorded } = contradiction;
      const error = new ContentConflict(
        stream,
        id,
        recorded?.fingerprint ?? NOT_RECORDED,
        fingerprint,
        recorded?.event.stream,
      );
      return { outcome: 'conflict', error };
    }
    const revision = Math.max(...offered.map(({ recorded }) => recorded?.event.revision ?? -1));
    return { outcome: 'duplicate', position: this.byStream.get(stream)?.[revision]?.position ?? START, revision };
  }

  private write({ stream, events }: PreparedAppend): AppendResult {
    this.lastRecordedMs = Math.max(this.lastRecordedMs, this.nowMs());
    const history = this.byStream.get(stream) ?? [];
    this.byStream.set(stream, history);
    for (const { id, type, schemaVersion, data, metadata, fingerprint } of events) {
      const event: RecordedEvent = {
        id,
        stream,
        revision: history.length,
        position: String(this.log.length + 1),
        type,
        schemaVersion,
        data: JSON.parse(data) as object,
        metadata: JSON.parse(metadata) as EventMetadata,
        recordedAt: new Date(this.lastRecordedMs).toISOString(),
      };
      history.push(event);
      this.log.push(event);
      this.byId.set(id, { event, fingerprint });
    }
    for (const wake of this.listeners) queueMicrotask(wake);
    return { outcome: 'appended', position: String(this.log.length), revision: history.length - 1 };
  }
}

function conflictOf({ stream, expected }: PreparedAppend, tail: number): AppendResult | undefined {
  if (isAsExpected(expected, tail)) return undefined;
  return { outcome: 'conflict', error: new RevisionConflict(stream, expected, tail) };
}

function isAsExpected(expected: ExpectedRevision, tail: number): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'no-stream':
      return tail === -1;
    case 'stream-exists':
      return tail >= 0;
    default:
      return tail === expected;
  }
}

/** Answers as an engine does, later, and turns what is thrown into a rejection. */
function soon<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(work);
}
