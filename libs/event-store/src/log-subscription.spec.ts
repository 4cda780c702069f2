import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.js';
import { StoreUnavailable } from './event-store.errors.js';
import { START, type Position, type ReadAll, type RecordedEvent } from './event-store.js';
import { subscribeTo, type LogMessage } from './log-subscription.js';
import { anAppend, InMemoryEventStore } from './testing.js';

const LOOKS = 3;

/** A log whose hints get lost and whose answers can fail, and which knows who listens. */
class TroubledStore extends InMemoryEventStore {
  listening = 0;
  looks = 0;
  /** What the next answers are, instead of what is in the log. */
  readonly failures: Error[] = [];

  override onAppended(): () => void {
    this.listening += 1;
    return () => (this.listening -= 1);
  }

  override head(): Promise<Position> {
    this.looks += 1;
    return this.failed() ?? super.head();
  }

  override readAll(options: ReadAll): Promise<readonly RecordedEvent[]> {
    return this.failed() ?? super.readAll(options);
  }

  private failed(): Promise<never> | undefined {
    const failure = this.failures.shift();
    return failure && Promise.reject(failure);
  }
}

describe('a subscription', () => {
  const kindsOf = (messages: readonly LogMessage[]) => messages.map(({ kind }) => kind);
  const subscribed = (store: TroubledStore) => {
    const [messages, stop]: [LogMessage[], AbortController] = [[], new AbortController()];
    const ended = (async () => {
      for await (const message of subscribeTo(store, { after: START, signal: stop.signal })) messages.push(message);
    })();
    return { messages, ended, stop: () => stop.abort() };
  };

  it('finds what no hint told of, and is silent while it looks in vain', async () => {
    const store = new TroubledStore();
    const { messages, ended, stop } = subscribed(store);
    await eventually(() => {
      expect(store.looks).toBeGreaterThanOrEqual(LOOKS);
    });
    expect(kindsOf(messages)).toEqual(['caught-up']);
    await store.append(anAppend());
    await eventually(() => {
      expect(kindsOf(messages)).toEqual(['caught-up', 'events', 'caught-up']);
    });
    stop();
    await ended;
  });

  it('asks again for as long as the store is unavailable, wherever that happens', async () => {
    const store = new TroubledStore();
    await store.append(anAppend());
    const away = () => new StoreUnavailable('away');
    store.failures.push(away(), away());
    const first = subscribed(store);
    await eventually(() => {
      expect(kindsOf(first.messages)).toEqual(['events', 'caught-up']);
    });
    store.failures.push(away(), away(), away());
    await store.append(anAppend());
    await eventually(() => {
      expect(kindsOf(first.messages)).toEqual(['events', 'caught-up', 'events', 'caught-up']);
    });
    first.stop();
    await first.ended;
  });

  it('fails with what asking again would not mend', async () => {
    const store = new TroubledStore();
    store.failures.push(new StoreUnavailable('away'), new Error('a mistake'));
    const { ended } = subscribed(store);
    await expect(ended).rejects.toThrow('a mistake');
    expect(store.listening).toBe(0);
  });

  it('that is stopped while the store is unavailable ends at once', async () => {
    const store = new TroubledStore();
    store.failures.push(...Array.from({ length: 100 }, () => new StoreUnavailable('away')));
    const { messages, ended, stop } = subscribed(store);
    await eventually(() => {
      expect(store.looks).toBeGreaterThanOrEqual(LOOKS);
    });
    stop();
    await ended;
    expect(messages).toEqual([]);
  });

  it.each(['leaves', 'aborts', 'fails'])('keeps no listener of one who %s', async (how) => {
    const store = new TroubledStore();
    const abort = new AbortController();
    const reading = (async () => {
      for await (const message of subscribeTo(store, { after: START, signal: abort.signal })) {
        expect([message.kind, store.listening]).toEqual(['caught-up', 1]);
        if (how === 'leaves') break;
        if (how === 'fails') throw new Error('its own mistake');
        abort.abort();
      }
    })();
    await (how === 'fails' ? expect(reading).rejects.toThrow('its own mistake') : reading);
    expect(store.listening).toBe(0);
  });
});
