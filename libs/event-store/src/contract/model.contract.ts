import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { type Append, type AppendResult, type EventStore, type ExpectedRevision } from '../event-store.js';
import { type Engine } from './engine-under-test.js';
import { anEvent } from './sample-events.js';

const RUNS = 60;
/** An engine over the network takes some milliseconds for each of thousands of steps. */
const TEST_MS_MAX = 240_000;
const STREAMS = 3;
const EVENT_IDS = 9;

/** An append in which streams, ids and contents are small numbers, so that they meet often. */
interface ToyAppend {
  readonly stream: number;
  readonly expected: ExpectedRevision;
  readonly events: readonly { readonly id: number; readonly content: number }[];
}

const toyAppend: fc.Arbitrary<ToyAppend> = fc.record({
  stream: fc.nat(STREAMS - 1),
  expected: fc.oneof(
    fc.constantFrom<ExpectedRevision>('no-stream', 'no-stream', 'any', 'any', 'stream-exists'),
    fc.nat(4),
  ),
  events: fc.uniqueArray(fc.record({ id: fc.nat(EVENT_IDS - 1), content: fc.nat(1) }), {
    minLength: 1,
    maxLength: 3,
    selector: ({ id }) => id,
  }),
});

export function modelContract(engine: Engine): void {
  describe('any history of appends', () => {
    it(
      'is answered and recorded as a list of events would',
      async () => {
        const history = fc.array(fc.array(toyAppend, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 });
        await fc.assert(
          fc.asyncProperty(history, (batches) => comparesWithModel(engine().store, batches)),
          { numRuns: RUNS },
        );
      },
      TEST_MS_MAX,
    );

    it(
      'that go together in groups is answered and recorded as a list of events would',
      async () => {
        if (!engine().store.capabilities.atomicAppends) return;
        const history = fc.array(fc.array(toyAppend, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });
        await fc.assert(
          fc.asyncProperty(history, (groups) => comparesTogether(engine().store, groups.map(apart))),
          { numRuns: RUNS },
        );
      },
      TEST_MS_MAX,
    );
  });
}

/** Those of the appends that name no stream and no event of an earlier one. */
function apart(appends: readonly ToyAppend[]): readonly ToyAppend[] {
  return appends.filter(({ stream, events }, place) =>
    appends
      .slice(0, place)
      .every(
        (earlier) => earlier.stream !== stream && !earlier.events.some(({ id }) => events.some((e) => e.id === id)),
      ),
  );
}

async function comparesWithModel(store: EventStore, batches: readonly (readonly ToyAppend[])[]): Promise<void> {
  const model = new Model();
  const names = new Names();
  for (const batch of batches) {
    const results = await store.appendBatch(batch.map((append) => names.real(append)));
    expect(results.map(summary)).toEqual(batch.map((append) => model.append(append)));
  }
  await expectStreams(store, model, names);
}

async function comparesTogether(store: EventStore, groups: readonly (readonly ToyAppend[])[]): Promise<void> {
  const model = new Model();
  const names = new Names();
  for (const group of groups) {
    const result = await store.appendAtomically(group.map((append) => names.real(append)));
    const revisions = result.outcome === 'conflict' ? [] : result.appends.map(({ revision }) => revision);
    const summary = [result.outcome === 'conflict' ? result.error.code : result.outcome, ...revisions].join(' ');
    expect(summary).toBe(model.appendTogether(group));
  }
  await expectStreams(store, model, names);
}

async function expectStreams(store: EventStore, model: Model, names: Names): Promise<void> {
  for (const [stream, ids] of model.streams.entries()) {
    const recorded = await store.readStream(names.stream(stream));
    expect(recorded.map(({ id }) => id)).toEqual(ids.map((id) => names.id(id)));
  }
}

/** The promises of the port in their simplest form. */
class Model {
  readonly streams: number[][] = Array.from({ length: STREAMS }, () => []);
  private readonly recorded = new Map<number, { stream: number; content: number; revision: number }>();

  append(append: ToyAppend): string {
    return this.refusal(append) ?? `appended ${this.write(append)}`;
  }

  appendTogether(appends: readonly ToyAppend[]): string {
    const refusals = appends.map((append) => this.refusal(append));
    const revisions = refusals.map((refusal) => refusal?.match(/^duplicate (\d+)$/)?.[1]);
    if (revisions.every((revision) => revision !== undefined)) return ['duplicate', ...revisions].join(' ');
    if (appends.some(({ events }) => events.some(({ id }) => this.recorded.has(id)))) return 'content-differs';
    if (refusals.some((refusal) => refusal !== undefined)) return 'revision-conflict';
    return ['appended', ...appends.map((append) => this.write(append))].join(' ');
  }

  /** What an append is answered that is not written. */
  private refusal({ stream, expected, events }: ToyAppend): string | undefined {
    const known = events.filter(({ id }) => this.recorded.has(id));
    const same = events.filter(({ id, content }) => {
      const event = this.recorded.get(id);
      return event?.stream === stream && event.content === content;
    });
    if (same.length === events.length) {
      return `duplicate ${Math.max(...same.map(({ id }) => this.recorded.get(id)?.revision ?? -1))}`;
    }
    if (known.length > 0) return 'content-differs';

    const tail = (this.streams[stream] ?? []).length - 1;
    const ok = { 'no-stream': tail === -1, 'stream-exists': tail >= 0, any: true };
    return (typeof expected === 'number' ? expected === tail : ok[expected]) ? undefined : `revision-conflict ${tail}`;
  }

  private write({ stream, events }: ToyAppend): number {
    const history = this.streams[stream] ?? [];
    for (const { id, content } of events) {
      this.recorded.set(id, { stream, content, revision: history.length });
      history.push(id);
    }
    return history.length - 1;
  }
}

/** Real names for a model's numbers, unlike those of any other run on the same log. */
class Names {
  private readonly run = uuidv7();
  private readonly ids = Array.from({ length: EVENT_IDS }, () => uuidv7());

  stream(stream: number): string {
    return `model-${this.run}-${stream}`;
  }

  id(id: number): string {
    return this.ids[id] ?? '';
  }

  real({ stream, expected, events }: ToyAppend): Append {
    return {
      stream: this.stream(stream),
      expected,
      events: events.map(({ id, content }) => anEvent({ id: this.id(id), data: { content } })),
    };
  }
}

function summary(result: AppendResult): string {
  if (result.outcome !== 'conflict') return `${result.outcome} ${result.revision}`;
  const { error } = result;
  return 'actual' in error ? `${error.code} ${error.actual}` : error.code;
}
