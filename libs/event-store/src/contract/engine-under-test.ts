import { type Append, type EventStore } from '../event-store.js';

/** An engine with a log of its own, as the contract suite needs it. */
export interface EngineUnderTest {
  readonly store: EventStore;
  /** Another client of the same log, such as another process would have. */
  readonly connect: () => Promise<EventStore>;
  /** Closes the clients that were connected so far, those of `faults` too; not `store`. */
  readonly closeClients: () => Promise<void>;
  readonly faults?: Faults;
  readonly close: () => Promise<void>;
}

/** What the engine can be made to suffer. */
export interface Faults {
  /** A client that loses its connection once its next append is durable, before it has the answer. */
  readonly connectLosingAnAnswer: () => Promise<EventStore>;
  /**
   * A writer that has written an append and stops before it commits. Resolves when it stands still. Only where writers
   * wait for one another.
   */
  readonly stallWriter?: (append: Append) => Promise<StalledWriter>;
  /** A client, and what cuts all the connections that it has at that moment; it may connect again at once. */
  readonly connectCuttable: () => Promise<CuttableClient>;
}

export interface CuttableClient {
  readonly store: EventStore;
  readonly cut: () => void | Promise<void>;
}

export interface StalledWriter {
  readonly commit: () => Promise<void>;
  readonly giveUp: () => Promise<void>;
}

export interface EngineTraits {
  /**
   * Whether it promises positions without gaps. Then writers wait for one another: who stalls holds up those after it,
   * and recorded time rises with position.
   */
  readonly gapless: boolean;
  /** Whether anything lies between the caller and the log that can fail; then `faults` says how. */
  readonly canFail: boolean;
}

/** How the tests get at the engine, which is opened only once they run. */
export type Engine = () => EngineUnderTest;

export function faultsOf(engine: Engine): Faults {
  const { faults } = engine();
  if (!faults) throw new Error('The engine can fail, and does not say how');
  return faults;
}
