export { anAppend, anEvent } from './contract/sample-events.js';
export { type EngineUnderTest } from './contract/engine-under-test.js';
export { eventStoreContract } from './contract/event-store.contract.js';
export { InMemoryEventStore } from './in-memory/in-memory-event-store.js';
