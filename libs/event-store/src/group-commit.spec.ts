import { describe, expect, it } from '@jest/globals';
import { StoreOverloaded, StoreUnavailable } from './event-store.errors.js';
import { GroupCommit, type GroupCommitLimits, type Sized } from './group-commit.js';

interface Item extends Sized {
  readonly name: string;
}

/** Commits that end when the test says so. */
class Engine {
  readonly commits: { readonly names: string; readonly end: (error?: Error) => void }[] = [];
  private arrival: (() => void) | undefined;

  group(limits: Partial<GroupCommitLimits> = {}): GroupCommit<Item, string> {
    return new GroupCommit<Item, string>(
      (items) =>
        new Promise((resolve, reject) => {
          const end = (error?: Error) => {
            if (error) reject(error);
            else resolve(items.map(({ name }) => `${name} done`));
          };
          this.commits.push({ names: items.map(({ name }) => name).join(' '), end });
          this.arrival?.();
        }),
      {
        batchEventsMax: 4,
        batchBytesMax: 100,
        commitsMax: 1,
        callersPerCommitMin: 1,

        callersMax: 5,
        queuedBytesMax: 1_000,
        ...limits,
      },
    );
  }

  /** The commit with this number, once it has begun. */
  async commit(number: number): Promise<{ readonly names: string; readonly end: (error?: Error) => void }> {
    for (;;) {
      const commit = this.commits[number];
      if (commit) return commit;
      await new Promise<void>((resolve) => (this.arrival = resolve));
    }
  }
}

function item(name: string, events = 1, bytes = 1): Item {
  return { name, events, bytes };
}

describe('group commit', () => {
  it('takes together who comes in the same turn, and who comes while a commit is under way', async () => {
    const engine = new Engine();
    const group = engine.group();
    const first = Promise.all([group.add(item('a')), group.add(item('b'))]);
    expect((await engine.commit(0)).names).toBe('a b');
    const second = Promise.all([group.add(item('c')), group.add(item('d'))]);
    (await engine.commit(0)).end();
    expect(await first).toEqual(['a done', 'b done']);
    expect((await engine.commit(1)).names).toBe('c d');
    (await engine.commit(1)).end();
    expect(await second).toEqual(['c done', 'd done']);
  });

  it.each([
    ['events', [item('a', 2), item('b', 2), item('c')], ['a b', 'c']],
    ['bytes', [item('a', 1, 60), item('b', 1, 60), item('c', 1, 10)], ['a', 'b c']],
    ['one who is too large by itself', [item('a', 9, 900), item('b')], ['a', 'b']],
  ])('fills a commit up to its limits: %s', async (_limit, items, expected) => {
    const engine = new Engine();
    const group = engine.group();
    const answers = Promise.all(items.map((each) => group.add(each)));
    for (const [number, names] of expected.entries()) {
      const commit = await engine.commit(number);
      expect(commit.names).toBe(names);
      commit.end();
    }
    expect(await answers).toEqual(items.map(({ name }) => `${name} done`));
  });

  it('has no more commits under way than allowed', async () => {
    const engine = new Engine();
    const group = engine.group({ batchEventsMax: 1, commitsMax: 2 });
    const answers = Promise.all(['a', 'b', 'c'].map((name) => group.add(item(name))));
    (await engine.commit(1)).end();
    expect(engine.commits).toHaveLength(2);
    (await engine.commit(0)).end();
    (await engine.commit(2)).end();
    expect(await answers).toHaveLength(3);
  });

  it('divides who waits among the commits that may begin, but not into ever smaller ones', async () => {
    const engine = new Engine();
    const group = engine.group({ commitsMax: 2, callersPerCommitMin: 2 });
    const four = Promise.all(['a', 'b', 'c', 'd'].map((name) => group.add(item(name))));
    await engine.commit(1);
    expect(engine.commits.map(({ names }) => names)).toEqual(['a b', 'c d']);
    const two = Promise.all(['e', 'f'].map((name) => group.add(item(name))));
    for (const { end } of [...engine.commits]) end();
    (await engine.commit(2)).end();
    expect(engine.commits.map(({ names }) => names)).toEqual(['a b', 'c d', 'e f']);
    expect(await Promise.all([four, two])).toHaveLength(2);
  });

  it.each<[string, Partial<GroupCommitLimits>]>([
    ['many', { callersMax: 2 }],
    ['much', { queuedBytesMax: 20 }],
  ])('turns away who comes when too %s wait, and takes them again later', async (_what, limits) => {
    const engine = new Engine();
    const group = engine.group(limits);
    const under = group.add(item('a'));
    await engine.commit(0);
    const waiting = [group.add(item('b', 1, 10)), group.add(item('c', 1, 10))];
    await expect(group.add(item('d'))).rejects.toThrow(StoreOverloaded);
    (await engine.commit(0)).end();
    (await engine.commit(1)).end();
    await Promise.all([under, ...waiting]);
    const later = group.add(item('d'));
    (await engine.commit(2)).end();
    expect(await later).toBe('d done');
  });

  it('tells everybody when the engine is away, and does not try again by itself', async () => {
    const engine = new Engine();
    const group = engine.group();
    const answers = Promise.allSettled([group.add(item('a')), group.add(item('b'))]);
    const away = new StoreUnavailable('away');
    (await engine.commit(0)).end(away);
    expect(await answers).toEqual([
      { status: 'rejected', reason: away },
      { status: 'rejected', reason: away },
    ]);
    expect(engine.commits).toHaveLength(1);
  });

  it('gives each a commit to itself when a shared one fails otherwise', async () => {
    const engine = new Engine();
    const group = engine.group();
    const answers = Promise.allSettled([group.add(item('a')), group.add(item('b'))]);
    const mistake = new Error('mistake');
    (await engine.commit(0)).end(mistake);
    (await engine.commit(1)).end(mistake);
    (await engine.commit(2)).end();
    expect(engine.commits.map(({ names }) => names)).toEqual(['a b', 'a', 'b']);
    expect(await answers).toEqual([
      { status: 'rejected', reason: mistake },
      { status: 'fulfilled', value: 'b done' },
    ]);
  });

  it('closes when everybody has an answer, and takes nobody any more', async () => {
    const engine = new Engine();
    const group = engine.group({ batchEventsMax: 1 });
    const answers = Promise.all([group.add(item('a')), group.add(item('b'))]);
    let closed = false;
    const closing = group.close().then(() => (closed = true));
    await expect(group.add(item('c'))).rejects.toThrow(StoreUnavailable);
    (await engine.commit(0)).end();
    const last = await engine.commit(1);
    expect(closed).toBe(false);
    last.end();
    await closing;
    expect(await answers).toEqual(['a done', 'b done']);
    await expect(engine.group().close()).resolves.toBeUndefined();
  });
});
