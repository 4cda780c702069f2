import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type MessageEvent } from '@nestjs/common';
import { type Subscription } from 'rxjs';
import { type Position } from '#event-store';
import { ReadModelProgress } from '#subscriptions';
import { eventually } from '../../../../test/support/eventually.js';
import { weighingId } from '../events/testing.js';
import {
  WeighingHistoryReader,
  type LiveWeighing,
  type MunicipalWeighing,
} from '../weighing-history/weighing-history.reader.js';
import { LiveWeighings, RESUMED_MAX } from './live-weighings.js';

/** A history that grows when told to, and can be away. */
class GrowingHistory extends WeighingHistoryReader {
  private readonly weighings: MunicipalWeighing[] = [];
  isAway = false;
  queries = 0;
  /** While it stands, answers wait for it, and what is weighed meanwhile is not in them. */
  gate: Promise<void> = Promise.resolve();

  constructor() {
    super(undefined as never, undefined as never);
  }

  grow(count: number, municipalityId = 'beitillu'): void {
    for (let grown = 0; grown < count; grown += 1) {
      const position = String(this.weighings.length + 1);
      this.weighings.push({ municipalityId, weighing: weighingAt(position) });
    }
  }

  override newestPosition(): Promise<Position> {
    return this.answer(() => this.weighings.at(-1)?.weighing.position ?? '0');
  }

  override after(position: Position, max: number): Promise<readonly MunicipalWeighing[]> {
    return this.answer(() => this.weighings.slice(Number(position), Number(position) + max));
  }

  override ofMunicipalityAfter(municipalityId: string, position: Position, max: number) {
    return this.answer(() =>
      this.weighings
        .slice(Number(position))
        .filter((each) => each.municipalityId === municipalityId)
        .slice(0, max)
        .map(({ weighing }) => weighing),
    );
  }

  private async answer<T>(read: () => T): Promise<T> {
    this.queries += 1;
    if (this.isAway) throw new Error('the database is away');
    const answer = read();
    await this.gate;
    return answer;
  }
}

class Progress extends ReadModelProgress {
  readonly listeners = new Set<() => void>();

  constructor() {
    super(undefined as never, []);
  }

  override onAdvanced(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  advance(): void {
    for (const listener of this.listeners) listener();
  }
}

function weighingAt(position: Position): LiveWeighing {
  return {
    position,
    weighingId: weighingId(Number(position)),
    pointId: 'school',
    scaleId: 'beitillu-01',
    material: 'plastic',
    netGrams: 1_950,
    weighedAt: '2026-03-02T08:15:30.120Z',
    receivedAt: '2026-03-02T08:15:30.400Z',
    recordedAt: '2026-03-02T08:15:30.500Z',
    rewardable: true,
    reasons: [],
  };
}

let history: GrowingHistory;
let progress: Progress;
let live: LiveWeighings;
let subscriptions: Subscription[];

beforeEach(() => {
  history = new GrowingHistory();
  progress = new Progress();
  live = new LiveWeighings(history, progress);
  subscriptions = [];
});
afterEach(() => {
  for (const subscription of subscriptions) subscription.unsubscribe();
});

/** Everything that a watcher is sent, as `<type> <position>`. */
function watching(municipalityId = 'beitillu', after?: Position): readonly string[] {
  const seen: string[] = [];
  const subscription = live.watch(municipalityId, after).subscribe({
    next: ({ type, id }: MessageEvent) => seen.push(`${type} ${id}`),
    error: (error: Error) => seen.push(error.message),
  });
  subscriptions.push(subscription);
  return seen;
}

/** Makes answers wait until the function that it returns is called. */
function closeGate(): () => void {
  let open: () => void = () => undefined;
  history.gate = new Promise((resolve) => (open = resolve));
  return open;
}

async function listening(watchers = 1): Promise<void> {
  await eventually(() => expect([progress.listeners.size, watchers]).toEqual([1, watchers]));
}

function weighings(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `weighing ${from + index}`);
}

describe('watching weighings', () => {
  it('sends what is weighed from now on, in the order of the log', async () => {
    history.grow(3);
    const seen = watching();
    await listening();
    history.grow(2);
    progress.advance();
    await eventually(() => expect(seen).toEqual(weighings(4, 5)));
  });

  it('sends what was missed first, and nothing twice', async () => {
    history.grow(5);
    const seen = watching('beitillu', '2');
    history.grow(2);
    await listening();
    progress.advance();
    history.grow(1);
    progress.advance();
    await eventually(() => expect(seen).toEqual(weighings(3, 8)));
  });

  it('sends what is weighed while older weighings are still being read for a newcomer', async () => {
    history.grow(2);
    const other = watching();
    await listening();
    const seen = watching('beitillu', '1');
    const open = closeGate();
    await eventually(() => expect(history.queries).toBe(3));
    history.grow(1);
    // The next answers do not wait: the follower is told of the third weighing before the newcomer has its second.
    history.gate = Promise.resolve();
    progress.advance();
    await eventually(() => expect(other).toEqual(weighings(3, 3)));
    expect(seen).toEqual([]);
    open();
    await eventually(() => expect(seen).toEqual(weighings(2, 3)));
  });

  it('looks again when it is told of news while it looks', async () => {
    const seen = watching();
    await listening();
    const open = closeGate();
    const before = history.queries;
    progress.advance();
    await eventually(() => expect(history.queries).toBe(before + 1));
    history.grow(1);
    progress.advance();
    open();
    await eventually(() => expect(seen).toEqual(weighings(1, 1)));
  });

  it('sends nothing of another municipality', async () => {
    history.grow(1);
    history.grow(1, 'ramallah');
    const [beitillu, ramallah] = [watching('beitillu', '0'), watching('ramallah', '0')];
    await listening();
    history.grow(1, 'ramallah');
    progress.advance();
    await eventually(() => {
      expect(beitillu).toEqual(['weighing 1']);
      expect(ramallah).toEqual(['weighing 2', 'weighing 3']);
    });
  });

  it('tells a watcher that missed too many to load its page anew, and goes on from there', async () => {
    history.grow(RESUMED_MAX + 1);
    const [long, longer] = [watching('beitillu', '1'), watching('beitillu', '0')];
    await listening();
    await eventually(() => {
      expect(long).toEqual(weighings(2, RESUMED_MAX + 1));
      expect(longer).toEqual([`reset ${RESUMED_MAX + 1}`]);
    });
    history.grow(1);
    progress.advance();
    await eventually(() => expect(longer).toEqual([`reset ${RESUMED_MAX + 1}`, `weighing ${RESUMED_MAX + 2}`]));
  });

  it('skips what no eye can follow, such as a read model being filled again', async () => {
    const seen = watching();
    await listening();
    history.grow(20_000);
    progress.advance();
    await eventually(() => expect(seen.at(-1)).toBe('reset 20000'));
    expect(seen.filter((each) => each.startsWith('reset'))).toHaveLength(1);
    history.grow(1);
    progress.advance();
    await eventually(() => expect(seen.at(-1)).toBe('weighing 20001'));
  });

  it('reads once for all watchers, and nothing while nobody watches', async () => {
    for (let watchers = 0; watchers < 10; watchers += 1) watching();
    await listening();
    const before = history.queries;
    history.grow(1);
    progress.advance();
    await eventually(() => expect(history.queries).toBe(before + 1));

    for (const subscription of subscriptions) subscription.unsubscribe();
    await eventually(() => expect(progress.listeners.size).toBe(0));
    const [seen] = [watching()];
    history.grow(1);
    await listening();
    progress.advance();
    await eventually(() => expect(seen).toEqual(['weighing 2']));
  });

  it('keeps its watchers while the history cannot be read, and tries again by itself', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const seen = watching();
    await listening();
    history.isAway = true;
    history.grow(1);
    progress.advance();
    await eventually(() => expect(warn).toHaveBeenCalled());
    history.isAway = false;
    await eventually(() => expect(seen).toEqual(['weighing 1']));
    warn.mockRestore();
  });

  it('sends a newcomer away when the history cannot be read, and serves the next one', async () => {
    history.isAway = true;
    const seen = watching();
    await eventually(() => expect(seen).toEqual(['the database is away']));
    history.isAway = false;
    history.grow(1);
    const next = watching('beitillu', '0');
    await eventually(() => expect(next).toEqual(['weighing 1']));
  });
});
