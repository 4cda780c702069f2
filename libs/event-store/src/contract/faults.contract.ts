import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../event-store.errors.js';
import { type Append } from '../event-store.js';
import { faultsOf, type Engine, type EngineTraits, type StalledWriter } from './engine-under-test.js';
import { anAppend, anEvent } from './sample-events.js';

/** Enough for a rival append to have reached the log and to be waiting there. */
const READS_MEANWHILE = 50;

export function faultContract(engine: Engine, { gapless }: EngineTraits): void {
  describe('what fails', () => {
    losesAnswers(engine);
    if (gapless) stalls(engine);
  });
}

function losesAnswers(engine: Engine): void {
  it('an append whose answer was lost is recorded once, however often it is repeated', async () => {
    const { store } = engine();
    const client = await faultsOf(engine).connectLosingAnAnswer();
    const append = anAppend({ events: [anEvent(), anEvent()] });

    await expect(client.append(append)).rejects.toThrow(StoreUnavailable);

    const last = (await store.readStream(append.stream)).at(-1);
    const repeat = { outcome: 'duplicate', position: last?.position, revision: 1 };
    expect(await client.append(append)).toEqual(repeat);
    expect(await store.append(append)).toEqual(repeat);
    expect(await store.readStream(append.stream)).toHaveLength(2);
  });

  it('appends that go together and whose answer was lost are recorded once, all of them', async () => {
    const client = await faultsOf(engine).connectLosingAnAnswer();
    if (!client.capabilities.atomicAppends) return;
    const appends = [anAppend(), anAppend({ events: [anEvent(), anEvent()] })];

    await expect(client.appendAtomically(appends)).rejects.toThrow(StoreUnavailable);

    expect(await client.appendAtomically(appends)).toMatchObject({ outcome: 'duplicate' });
    const recorded = await Promise.all(appends.map(({ stream }) => client.readStream(stream)));
    expect(recorded.map(({ length }) => length)).toEqual([1, 2]);
  });

  it('everybody whose append shared the lost answer learns that its outcome is unknown', async () => {
    const client = await faultsOf(engine).connectLosingAnAnswer();
    const appends = Array.from({ length: 5 }, () => anAppend());
    const answers = await Promise.allSettled(appends.map((append) => client.append(append)));
    expect(answers).toEqual(appends.map(() => ({ status: 'rejected', reason: expect.any(StoreUnavailable) })));
    const repeats = await client.appendBatch(appends);
    expect(repeats.map(({ outcome }) => outcome)).toEqual(appends.map(() => 'duplicate'));
  });
}

function stalls(engine: Engine): void {
  it.each(['commit', 'giveUp'] as const)(
    'a reader sees nothing past a writer that stalls in its transaction, until it does %s',
    async (end) => {
      const { store } = engine();
      const before = await store.head();
      const [stalled, later] = [anAppend(), anAppend()];
      const writer = await stall(engine, stalled);

      const rival = (await engine().connect()).append(later);
      for (let read = 0; read < READS_MEANWHILE; read += 1) {
        expect(await store.readAll({ after: before, max: 10 })).toEqual([]);
        expect(await store.head()).toBe(before);
      }
      await writer[end]();

      expect(await rival).toMatchObject({ outcome: 'appended' });
      const recorded = await store.readAll({ after: before, max: 10 });
      const expected = end === 'commit' ? [stalled, later] : [later];
      expect(recorded.map(({ stream }) => stream)).toEqual(expected.map(({ stream }) => stream));
    },
  );
}

function stall(engine: Engine, append: Append): Promise<StalledWriter> {
  const { stallWriter } = faultsOf(engine);
  if (!stallWriter) throw new Error('The engine has no gaps, and does not say how its writers stall');
  return stallWriter(append);
}
