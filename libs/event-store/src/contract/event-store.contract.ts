import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { appendingContract } from './appending.contract.js';
import { atomicContract } from './atomic.contract.js';
import { batchContract } from './batches.contract.js';
import { concurrencyContract } from './concurrency.contract.js';
import { type Engine, type EngineTraits, type EngineUnderTest } from './engine-under-test.js';
import { faultContract } from './faults.contract.js';
import { modelContract } from './model.contract.js';
import { readingContract } from './reading.contract.js';
import { repeatingContract } from './repeating.contract.js';
import { subscribingContract } from './subscribing.contract.js';

/**
 * What every engine promises (the port, event-store.ts). Call it at the top level of a spec.
 * @param open makes an engine with an empty log of its own
 */
export function eventStoreContract(name: string, open: () => Promise<EngineUnderTest>, traits: EngineTraits): void {
  describe(`${name} keeps the promises of an event store`, () => {
    let opened: EngineUnderTest | undefined;
    const engine: Engine = () => {
      if (!opened) throw new Error('The engine is not open');
      return opened;
    };

    beforeAll(async () => {
      opened = await open();
    });
    // Connections to a server are not without number.
    afterEach(() => opened?.closeClients());
    afterAll(async () => {
      await opened?.close();
    });

    appendingContract(engine);
    repeatingContract(engine);
    batchContract(engine);
    atomicContract(engine);
    readingContract(engine, traits);
    concurrencyContract(engine, traits);
    subscribingContract(engine, traits);
    if (traits.canFail) faultContract(engine, traits);
    modelContract(engine);
  });
}
