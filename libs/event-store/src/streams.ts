import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { stateOf, type Decider, type DomainEvent, type Fold } from '#kernel';
import { EventRegistry } from './event-registry.js';
import { RevisionConflict, StoreUnavailable } from './event-store.errors.js';
import {
  comparePositions,
  EventStore,
  READ_EVENTS_MAX,
  START,
  type Append,
  type AppendResult,
  type EventMetadata,
  type Position,
  type RecordedEvent,
} from './event-store.js';

const DECISIONS_MAX = 3;
const APPEND_ATTEMPTS_MAX = 3;
const APPEND_BACKOFF_MS = 50;
const STREAMS_AT_ONCE_MAX = 16;

/** What came of a command. */
export interface Decision<Event extends DomainEvent> {
  /** Empty when nothing had to change. */
  readonly events: readonly Event[];
  /** Where the stream ends now: a read model that has come this far knows of it. START for a stream without events. */
  readonly position: Position;
}

/** How much of the log counts. */
export interface AsOf {
  /** As it was known when the log ended here: what was recorded later does not count. All of it when absent. */
  readonly upTo?: Position;
}

/** The one loop around business rules: load, fold, decide, append. */
@Injectable()
export class Streams {
  constructor(
    private readonly store: EventStore,
    private readonly registry: EventRegistry,
  ) {}

  /**
   * Decides a command on the history of a stream and records what follows. Losing a race means deciding again on the
   * newer history, a few times at most.
   * @throws whatever the decider refuses with, RevisionConflict after the last race, StoreUnavailable
   */
  async decide<State, Command, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: string,
    command: Command,
    { metadata }: { readonly metadata: EventMetadata },
  ): Promise<Decision<Event>> {
    for (let attempt = 1; ; attempt += 1) {
      const history = await this.history(stream);
      // The category in a stream's name says whose events it holds.
      const events = decider.decide(command, stateOf(decider, history as readonly unknown[] as readonly Event[]));
      const last = history.at(-1);
      if (events.length === 0) return { events, position: last?.position ?? START };

      const result = await this.append({
        stream,
        expected: last?.revision ?? 'no-stream',
        events: events.map(({ type, data }) => ({
          id: uuidv7(),
          type,
          schemaVersion: this.registry.schemaVersionOf(type),
          data,
          metadata,
        })),
      });
      if (result.outcome !== 'conflict') return { events, position: result.position };
      if (!(result.error instanceof RevisionConflict) || attempt === DECISIONS_MAX) throw result.error;
    }
  }

  /** The events of a stream, in log order and each in the newest version of its type; none if it does not exist. */
  async history(stream: string, { upTo }: AsOf = {}): Promise<readonly RecordedEvent[]> {
    const history: RecordedEvent[] = [];
    for (;;) {
      const page = await this.store.readStream(stream, { from: history.length, max: READ_EVENTS_MAX });
      for (const event of page) {
        if (upTo !== undefined && comparePositions(event.position, upTo) > 0) return history;
        history.push(this.registry.upcast(event));
      }
      if (page.length < READ_EVENTS_MAX) return history;
    }
  }

  /**
   * What the history of a stream comes to, now or as it was: for a decision about another stream, or for a read model
   * that has not heard of it yet. A decision about the same stream belongs in `decide`, which notices when it was
   * overtaken.
   */
  async stateOf<State, Event extends DomainEvent>(
    fold: Fold<State, Event>,
    stream: string,
    asOf: AsOf = {},
  ): Promise<State> {
    return stateOf(fold, (await this.history(stream, asOf)) as readonly unknown[] as readonly Event[]);
  }

  /** The same for many streams, a few of them at a time; one state for each, in their order. */
  async statesOf<State, Event extends DomainEvent>(
    fold: Fold<State, Event>,
    streams: readonly string[],
  ): Promise<readonly State[]> {
    const states: State[] = [];
    while (states.length < streams.length) {
      const next = streams.slice(states.length, states.length + STREAMS_AT_ONCE_MAX);
      states.push(...(await Promise.all(next.map((stream) => this.stateOf(fold, stream)))));
    }
    return states;
  }

  /** An append that was not answered may have been written. Its ids make it safe to say the same again. */
  private async append(append: Append): Promise<AppendResult> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.store.append(append);
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || attempt === APPEND_ATTEMPTS_MAX) throw error;
        await pause(APPEND_BACKOFF_MS * 2 ** attempt);
      }
    }
  }
}
